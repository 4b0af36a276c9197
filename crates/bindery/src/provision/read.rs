//! From the file's tree to a plan: every rule that needs no database.

use std::collections::HashMap;

use bindery_domain::{ClientId, DataType, ElementId, ObjectName};

use super::Mistake;
use super::fields::Fields;
use super::metadata;
use super::node::Node;
use super::plan::{BinderPlan, ClientPlan, FolderPlan, OrganizationPlan, Plan, TabType};
use super::seen::Seen;

/// Longest secret in characters.
const MAX_SECRET: usize = 1000;

/// What must differ, or agree, across the parts of one organization.
#[derive(Default)]
pub(crate) struct Organization {
    folders: Seen,
    pub(crate) elements: HashMap<ElementId, (DataType, usize)>,
}

/// Reads the whole file.
pub(crate) fn plan(root: &Node, mistakes: &mut Vec<Mistake>) -> Plan {
    let Some(fields) = Fields::open(root, "the file", &["organizations"], mistakes) else {
        return Plan::default();
    };
    if fields.get("organizations").is_none() {
        mistakes.push(Mistake::new(root.line, "the file needs the key organizations"));
    }
    let mut seen = Seen::default();
    let mut clients = Seen::default();
    let nodes = fields.list("organizations", mistakes).unwrap_or_default();
    let organizations =
        nodes.iter().filter_map(|node| organization(node, &mut seen, &mut clients, mistakes));
    Plan { organizations: organizations.collect() }
}

fn organization(
    node: &Node,
    seen: &mut Seen,
    client_ids: &mut Seen,
    mistakes: &mut Vec<Mistake>,
) -> Option<OrganizationPlan> {
    let what = "an organization";
    let fields = Fields::open(node, what, &["id", "name", "clients", "binders"], mistakes)?;
    fields.need_either(what, ["id", "name"], mistakes);
    let mut plan = OrganizationPlan {
        line: node.line,
        id: fields.parsed("id", mistakes),
        name: fields.name("name", mistakes),
        clients: None,
        binders: None,
    };
    let id = plan.id.map(|id| id.to_string());
    note(seen, "organization", &fields, id.as_deref(), plan.name.as_ref(), mistakes);
    let mut names = Seen::default();
    plan.clients = fields.list("clients", mistakes).map(|nodes| {
        nodes.iter().filter_map(|node| client(node, client_ids, &mut names, mistakes)).collect()
    });
    let mut within = Organization::default();
    let mut binders = Seen::default();
    plan.binders = fields.list("binders", mistakes).map(|nodes| {
        let plans =
            nodes.iter().filter_map(|node| binder(node, &mut binders, &mut within, mistakes));
        plans.collect()
    });
    Some(plan)
}

fn client(
    node: &Node,
    ids: &mut Seen,
    names: &mut Seen,
    mistakes: &mut Vec<Mistake>,
) -> Option<ClientPlan> {
    let what = "a client";
    let fields = Fields::open(node, what, &["id", "name", "role", "secret"], mistakes)?;
    fields.need_either(what, ["id", "name"], mistakes);
    let id: Option<ClientId> = fields.parsed("id", mistakes);
    let plan = ClientPlan {
        line: node.line,
        name: fields.name("name", mistakes),
        role: fields.parsed("role", mistakes),
        secret: secret(&fields, mistakes),
        id,
    };
    if let Some(id) = &plan.id {
        ids.id("client", id.as_str(), fields.line_of("id"), mistakes);
    }
    if let Some(name) = &plan.name {
        names.name("client", name, plan.id.is_some(), fields.line_of("name"), mistakes);
    }
    Some(plan)
}

fn secret(fields: &Fields<'_>, mistakes: &mut Vec<Mistake>) -> Option<String> {
    let leaf = fields.text("secret", mistakes)?;
    let complaint = if leaf.text.is_empty() {
        "secret is empty: leave the key out to have one made".to_owned()
    } else if leaf.text.chars().count() > MAX_SECRET {
        format!("secret is longer than {MAX_SECRET} characters")
    } else if leaf.text.chars().any(char::is_control) {
        "secret holds a control character".to_owned()
    } else {
        return Some(leaf.text.to_owned());
    };
    mistakes.push(Mistake::new(leaf.line, complaint));
    None
}

fn binder(
    node: &Node,
    seen: &mut Seen,
    within: &mut Organization,
    mistakes: &mut Vec<Mistake>,
) -> Option<BinderPlan> {
    let what = "a binder";
    let fields = Fields::open(node, what, &["id", "name", "type", "metadata", "tabs"], mistakes)?;
    fields.need_either(what, ["id", "name"], mistakes);
    let mut plan = BinderPlan {
        line: node.line,
        id: fields.parsed("id", mistakes),
        name: fields.name("name", mistakes),
        kind: fields.name("type", mistakes),
        metadata: None,
        tabs: None,
    };
    let id = plan.id.as_ref().map(|id| id.as_str());
    note(seen, "binder", &fields, id, plan.name.as_ref(), mistakes);
    plan.metadata =
        fields.list("metadata", mistakes).map(|nodes| metadata::elements(nodes, within, mistakes));
    plan.tabs = folders(&fields, "tabs", within, mistakes);
    Some(plan)
}

/// The tabs of a binder, or the folders of a tab or folder. The reader of the file bounds the depth.
fn folders(
    fields: &Fields<'_>,
    key: &str,
    within: &mut Organization,
    mistakes: &mut Vec<Mistake>,
) -> Option<Vec<FolderPlan>> {
    let (what, noun, known): (_, _, &[&str]) = if key == "tabs" {
        ("a tab", "tab", &["id", "name", "type", "folders"])
    } else {
        ("a folder", "folder", &["id", "name", "folders"])
    };
    let mut names = Seen::default();
    let mut plans = Vec::new();
    for node in fields.list(key, mistakes)? {
        let Some(fields) = Fields::open(node, what, known, mistakes) else { continue };
        fields.need_either(what, ["id", "name"], mistakes);
        let plan = FolderPlan {
            line: node.line,
            id: fields.parsed("id", mistakes),
            name: fields.name("name", mistakes),
            kind: fields.word("type", &TabType::WORDS, mistakes),
            folders: folders(&fields, "folders", within, mistakes),
        };
        if let Some(id) = plan.id {
            within.folders.id("folder", &id.to_string(), fields.line_of("id"), mistakes);
        }
        if let Some(name) = &plan.name {
            names.name(noun, name, plan.id.is_some(), fields.line_of("name"), mistakes);
        }
        plans.push(plan);
    }
    Some(plans)
}

/// Notes the id and the name of something, for the duplicates that follow.
pub(crate) fn note(
    seen: &mut Seen,
    what: &str,
    fields: &Fields<'_>,
    id: Option<&str>,
    name: Option<&ObjectName>,
    mistakes: &mut Vec<Mistake>,
) {
    if let Some(id) = id {
        seen.id(what, id, fields.line_of("id"), mistakes);
    }
    if let Some(name) = name {
        let key = if fields.get("label").is_some() { "label" } else { "name" };
        seen.name(what, name, id.is_some(), fields.line_of(key), mistakes);
    }
}
