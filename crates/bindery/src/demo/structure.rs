//! The demonstration's organization, clients, binders, elements, tabs and folders, as a provisioning plan with every
//! id and secret given.

use std::collections::HashMap;

use bindery_domain::{
    BinderId, ClientId, DataType, ElementId, FolderId, ObjectName, OrganizationId, Role, ValueId,
};

use super::ids;
use super::words::{
    AREAS, BINDERS, BinderKind, BinderWords, CATEGORIES, DISCIPLINES, FLOORS, OWNER, STATUSES,
    TabWords, VIEW_FOLDERS,
};
use crate::provision::plan::{
    BinderPlan, ClientPlan, ElementPlan, FolderPlan, OrganizationPlan, Plan, TabType, ValuePlan,
};
use crate::provision::tree::{
    BinderTree, ClientTree, ElementTree, FolderTree, OrganizationTree, Tree, ValueTree,
};

/// Most buildings of a binder: large demonstrations number theirs up to this.
pub(crate) const BUILDINGS: usize = 9;

/// The clients, and what they may do.
pub(crate) const CLIENTS: [(&str, &str, Role); 3] = [
    ("demo-reader", "Demo, läsare", Role::Reader),
    ("demo-creator", "Demo, skapare", Role::Creator),
    ("demo-admin", "Demo, administratör", Role::Admin),
];

/// The folders of the demonstration by binder and path.
pub(crate) type Folders = HashMap<(usize, String), FolderId>;

/// Id of the demonstration's organization.
pub(crate) fn organization_id() -> OrganizationId {
    OrganizationId::from_bytes(ids::guid("organization", 0))
}

/// Id of a binder.
pub(crate) fn binder_id(index: usize) -> BinderId {
    parsed(&ids::nano_id("binder", index as u64))
}

/// What is provisioned, and where its folders are.
pub(crate) fn plan() -> (Plan, Folders) {
    let mut folders = Folders::new();
    let binders =
        BINDERS.iter().enumerate().map(|(index, words)| binder(index, words, &mut folders));
    let organization = OrganizationPlan {
        line: 0,
        id: Some(organization_id()),
        name: Some(name(OWNER)),
        clients: Some(CLIENTS.iter().map(client).collect()),
        binders: Some(binders.collect()),
    };
    (Plan { organizations: vec![organization] }, folders)
}

fn client((id, title, role): &(&str, &str, Role)) -> ClientPlan {
    ClientPlan {
        line: 0,
        id: Some(parsed::<ClientId>(id)),
        name: Some(name(title)),
        role: Some(*role),
        secret: Some(ids::secret(id)),
    }
}

fn binder(index: usize, words: &BinderWords, folders: &mut Folders) -> BinderPlan {
    let tabs = words.kind.tabs().iter().map(|tab| self::tab(index, tab, folders)).collect();
    BinderPlan {
        line: 0,
        id: Some(binder_id(index)),
        name: Some(name(words.name)),
        kind: Some(name(words.kind.as_str())),
        metadata: Some(elements(words)),
        tabs: Some(tabs),
    }
}

fn tab(binder: usize, words: &TabWords, folders: &mut Folders) -> FolderPlan {
    let mut tab = folder(binder, words.name.to_owned(), words.name, folders);
    tab.kind = TabType::WORDS.iter().find(|(word, _)| *word == words.kind).map(|(_, kind)| *kind);
    let mut inside = Vec::new();
    if words.kind == "drawings" {
        for area in AREAS {
            let title = area_folder(area);
            let path = format!("{}/{title}", words.name);
            let mut area = folder(binder, path.clone(), &title, folders);
            let views = VIEW_FOLDERS
                .iter()
                .map(|(_, view)| folder(binder, format!("{path}/{view}"), view, folders));
            area.folders = Some(views.collect());
            inside.push(area);
        }
    }
    for title in words.folders {
        inside.push(folder(binder, format!("{}/{title}", words.name), title, folders));
    }
    tab.folders = (!inside.is_empty()).then_some(inside);
    tab
}

/// `A Arkitekt`: what the folder of a technical area is called.
pub(crate) fn area_folder(area: &str) -> String {
    let words = DISCIPLINES.iter().find(|(code, ..)| *code == area);
    format!("{area} {}", words.map_or("", |(_, name, _)| name))
}

fn folder(binder: usize, path: String, title: &str, folders: &mut Folders) -> FolderPlan {
    let id = FolderId::from_bytes(ids::guid(&format!("folder/{binder}/{path}"), 0));
    folders.insert((binder, path), id);
    FolderPlan { line: 0, id: Some(id), name: Some(name(title)), kind: None, folders: None }
}

/// The elements of a binder. `next-review` is there for documents that have none: nine of ten are without it.
fn elements(words: &BinderWords) -> Vec<ElementPlan> {
    let buildings: Vec<(String, String)> =
        (0..BUILDINGS).map(|index| building(words, index)).collect();
    let mut elements = vec![
        enumerated("GLOBAL_Category", None, &CATEGORIES),
        enumerated("GLOBAL_Status", None, &STATUSES),
        enumerated(
            "discipline",
            Some("Ansvarig part"),
            &DISCIPLINES.map(|(code, name, _)| (code, name)),
        ),
        own("drawing-number", "Ritningsnummer", DataType::String),
        enumerated("building", Some("Byggnad"), &buildings),
        enumerated("floor", Some("Plan"), &FLOORS),
        own("scale", "Skala", DataType::String),
        own("responsible", "Ansvarig", DataType::String),
        own("description", "Beskrivning", DataType::String),
        own("area", "Yta (m²)", DataType::Number),
        own("reviewed", "Granskad", DataType::Boolean),
        own("remark", "Anmärkning", DataType::Text),
        own("next-review", "Nästa översyn", DataType::Date),
    ];
    elements[0].required = Some(true);
    match words.kind {
        BinderKind::Project => elements.push(own("sheets", "Antal blad", DataType::Number)),
        BinderKind::Property => elements.push(own("system", "System", DataType::String)),
        BinderKind::Enquiry => elements.push(own("tender-due", "Sista anbudsdag", DataType::Date)),
    }
    elements
}

/// Id and name of a building of a binder.
pub(crate) fn building(words: &BinderWords, index: usize) -> (String, String) {
    let title = words
        .buildings
        .get(index)
        .map_or_else(|| format!("Hus {}", index + 1), ToString::to_string);
    (format!("b{}", index + 1), title)
}

fn own(id: &str, label: &str, data_type: DataType) -> ElementPlan {
    ElementPlan {
        line: 0,
        id: Some(parsed::<ElementId>(id)),
        label: Some(name(label)),
        data_type: Some(data_type),
        required: None,
        allowed_values: None,
    }
}

fn enumerated<T: AsRef<str>>(id: &str, label: Option<&str>, values: &[(T, T)]) -> ElementPlan {
    let value = |(id, label): &(T, T)| ValuePlan {
        line: 0,
        id: Some(parsed::<ValueId>(id.as_ref())),
        label: Some(name(label.as_ref())),
        retired: None,
    };
    ElementPlan {
        line: 0,
        id: Some(parsed::<ElementId>(id)),
        label: label.map(name),
        data_type: Some(DataType::Enum),
        required: None,
        allowed_values: Some(values.iter().map(value).collect()),
    }
}

fn name(text: &str) -> ObjectName {
    ObjectName::parse(text).expect("the demonstration's names are names")
}

fn parsed<T: std::str::FromStr<Err: std::fmt::Debug>>(id: &str) -> T {
    id.parse().expect("the demonstration's ids are ids")
}

/// The plan as `provision --json` prints it after the run that made it, secrets included.
pub(crate) fn tree() -> Tree {
    let (plan, _) = plan();
    let organizations = plan.organizations.into_iter().map(|organization| OrganizationTree {
        id: text(organization.id),
        name: text(organization.name),
        clients: organization.clients.map(|clients| clients.into_iter().map(client_tree).collect()),
        binders: organization.binders.map(|binders| binders.into_iter().map(binder_tree).collect()),
    });
    Tree { organizations: organizations.collect() }
}

fn client_tree(client: ClientPlan) -> ClientTree {
    let role = client.role.map_or("", Role::as_str);
    ClientTree { id: text(client.id), name: text(client.name), role, secret: client.secret }
}

fn binder_tree(binder: BinderPlan) -> BinderTree {
    BinderTree {
        id: text(binder.id),
        name: text(binder.name),
        kind: text(binder.kind),
        metadata: binder.metadata.map(|elements| elements.into_iter().map(element_tree).collect()),
        tabs: binder.tabs.map(|tabs| tabs.into_iter().map(folder_tree).collect()),
    }
}

fn element_tree(element: ElementPlan) -> ElementTree {
    let label = match element.built_in() {
        Some(built_in) => built_in.label().to_owned(),
        None => text(element.label),
    };
    let value = |value: ValuePlan| ValueTree {
        id: text(value.id),
        label: text(value.label),
        retired: false,
    };
    ElementTree {
        id: text(element.id),
        label,
        data_type: element.data_type.map_or("", DataType::as_str),
        required: element.required.unwrap_or_default(),
        allowed_values: element
            .allowed_values
            .map(|values| values.into_iter().map(value).collect()),
    }
}

fn folder_tree(folder: FolderPlan) -> FolderTree {
    FolderTree {
        id: text(folder.id),
        name: text(folder.name),
        kind: folder.kind.map(|kind| kind.as_str().to_owned()),
        folders: folder.folders.map(|folders| folders.into_iter().map(folder_tree).collect()),
    }
}

fn text<T: ToString>(value: Option<T>) -> String {
    value.map_or_else(String::new, |value| value.to_string())
}
