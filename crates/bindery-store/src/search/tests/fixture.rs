//! A database and the model of what is in it, made from random choices.

use std::collections::BTreeMap;

use bindery_domain::{
    AllowedValue, BuiltIn, DataType, Element, FileName, FolderId, Metadata, OrgKey, Schema, Scope,
    fold,
};

use super::dice::Dice;
use super::model::{Binder, Document, Folder, Model};
use super::place::{Engine, Place};
use crate::search::index::{self, Indexed, Subject};
use crate::{Query, Store, StoreError, Tx, params};

/// A database, and what is in it.
pub(super) struct Fixture {
    pub(super) store: Store,
    pub(super) scope: Scope,
    pub(super) model: Model,
    _place: Place,
}

const OWN: [(&str, DataType); 6] = [
    ("title", DataType::String),
    ("notes", DataType::Text),
    ("size", DataType::Number),
    ("when", DataType::Date),
    ("flag", DataType::Boolean),
    ("kind", DataType::Enum),
];
const CLIENTS: [&str; 3] = ["erp-sync", "Erp-Sync", "scanner"];
pub(super) const TAB_TYPES: [&str; 3] = ["documents", "drawings", "content"];
const WORDS: [&str; 16] = [
    "Ritning",
    "ritning",
    "Åäö",
    "café",
    "100%",
    "a_b",
    "say \"no\"",
    "it's",
    "plan*",
    "x",
    "Å1",
    "resumé",
    "(A)",
    "NEAR",
    "æøå",
    "org:",
];

/// Values to give and to look for.
pub(super) fn values(data_type: DataType) -> &'static [&'static str] {
    match data_type {
        DataType::String => {
            &["Åre", "åre", "Are", "are", "zebra", "Ärla", "é", "e", "A-4", "A 4", "10", "9", ""]
        }
        DataType::Text => &["long", "Long", "a\"metadataElementId\":\"size\"", "é"],
        DataType::Number => {
            &["-1", "0", "10", "9.5", "-0.25", "100000000000000000000", "9.50", "+10", "3"]
        }
        DataType::Date => {
            &["2024-01-01", "2024-01-01T23:30:00+01:00", "2023-12-31", "1969-12-31", "2024-06-30"]
        }
        DataType::Boolean => &["true", "false", "TRUE"],
        DataType::Enum => &["a", "b", "c", "active", "archived", "legal", "finance", "nowhere"],
    }
}

impl Fixture {
    /// Makes one with so many documents, some of them changed or removed after they were entered.
    pub(super) async fn new(engine: Engine, dice: &mut Dice, documents: usize) -> Self {
        let (store, place) = engine.open().await;
        let mut fixture =
            Self { store, scope: Scope::own(OrgKey(7)), model: Model::default(), _place: place };
        fixture.make_binders(dice).await;
        fixture.enter_documents(dice, documents).await;
        fixture.change_documents(dice).await;
        fixture
    }

    async fn run(&self, statements: Vec<(&'static str, Vec<crate::Value>)>) {
        let changed = self.store.write(move |tx| {
            let statements = statements.clone();
            async move {
                for (sql, values) in statements {
                    tx.query(sql, values).await?;
                }
                Ok::<_, StoreError>(())
            }
        });
        changed.await.unwrap();
    }

    async fn make_binders(&mut self, dice: &mut Dice) {
        let org = self.scope.owner().0;
        let mut rows = vec![(
            "insert into organization (org, id, name, name_identity, created) values ($1, $2, 'x', 'x', 0)",
            params![org, [7; 16]],
        )];
        let mut value_keys: BTreeMap<(String, &str), i64> = BTreeMap::new();
        let mut elements = Vec::new();
        let built_in = BuiltIn::ALL.into_iter().map(|element| (element.id(), element.data_type()));
        for (key, (id, data_type)) in (101..).zip(built_in.chain(OWN)) {
            rows.push((
                "insert into element (element, org, id, data_type) values ($1, $2, $3, $4)",
                params![key, org, id, data_type.as_str()],
            ));
            let ids: &[&str] = match id {
                "GLOBAL_Status" => &["active", "archived"],
                "GLOBAL_Category" => &["legal", "finance", "a"],
                "kind" => &["a", "b", "c"],
                _ => &[],
            };
            for value in ids {
                // Keys in an order of their own.
                let value_key = 1000 - i64::try_from(value_keys.len()).unwrap();
                value_keys.insert((id.to_owned(), value), value_key);
                rows.push((
                    "insert into value (value, org, element, id) values ($1, $2, $3, $4)",
                    params![value_key, org, key, *value],
                ));
            }
            elements.push((key, id, data_type, ids));
        }
        let has_equal_labels = dice.has(50);
        for n in 0..4 {
            let key = 31 + i64::try_from(n).unwrap();
            let id = format!("Binder_{n:02}");
            rows.push((
                "insert into binder (binder, org, id, name, name_identity, name_order, type, created) \
                 values ($1, $2, $3, $3, $3, $4, 'project', 0)",
                params![key, org, id.as_str(), []],
            ));
            let mut schema = Schema::default();
            for (element, id, data_type, ids) in &elements {
                let is_own = !id.starts_with("GLOBAL_");
                // The last binder has none of its own; `flag` is in the first one alone.
                if is_own && (n == 3 || !dice.has(60) || (*id == "flag" && n != 0)) {
                    continue;
                }
                if is_own {
                    rows.push((
                        "insert into binder_element (org, binder, element, label, required, position) \
                         values ($1, $2, $3, $4, 0, 0)",
                        params![org, key, *element, *id],
                    ));
                }
                let is_configured = *id != "GLOBAL_Status" || dice.has(50);
                let allowed = ids.iter().map(|value| {
                    let labels = ["Ä", "b", "B", "Öst", "aa"];
                    let default = if *value == "active" { "Active" } else { "Archived" };
                    let label = match (is_configured, has_equal_labels) {
                        (false, _) => default.to_owned(),
                        (true, true) => format!("{}{value}", labels[value.len() % 5]),
                        // Labels are unique in an element, yet may be equal in order.
                        (true, false) => (*dice.one(&labels)).to_owned(),
                    };
                    (value_keys[&((*id).to_owned(), *value)], *value, label)
                });
                let allowed: Vec<_> = allowed.collect();
                if is_configured {
                    for (value, _, label) in &allowed {
                        rows.push((
                            "insert into allowed_value (org, binder, element, value, label, position) \
                             values ($1, $2, $3, $4, $5, 0)",
                            params![org, key, *element, *value, label.as_str()],
                        ));
                    }
                }
                schema.elements.push(Element {
                    key: *element,
                    id: id.parse().unwrap(),
                    label: (*id).to_owned(),
                    data_type: *data_type,
                    required: false,
                    allowed: allowed
                        .into_iter()
                        .map(|(key, id, label)| AllowedValue {
                            key,
                            id: id.parse().unwrap(),
                            label,
                            retired: false,
                        })
                        .collect(),
                });
            }
            self.model.binders.push(Binder { key, id, schema });
            for tab in 0..2 {
                let tab_key = key * 10 + tab * 2;
                let tab_type = *dice.one(&TAB_TYPES);
                for (folder, parent) in [(tab_key, None), (tab_key + 1, Some(tab_key))] {
                    let id = FolderId::random();
                    rows.push((
                        "insert into folder (folder, org, id, binder, parent, tab, name, name_identity, type, position, \
                         created) values ($1, $2, $3, $4, $5, $5, 'x', 'x', $6, 0, 0)",
                        params![folder, org, id.bytes(), key, parent, if parent.is_some() { "folder" } else { tab_type }],
                    ));
                    self.model.folders.push(Folder {
                        key: folder,
                        id,
                        binder: n,
                        tab: tab_key,
                        tab_type,
                    });
                }
            }
        }
        self.run(rows).await;
    }

    fn random_document(&self, dice: &mut Dice, key: i64, newest: i64, folder: usize) -> Document {
        let schema = &self.model.binders[self.model.folders[folder].binder].schema;
        let mut metadata = BTreeMap::new();
        for element in &schema.elements {
            if !element.is_stored()
                || !dice.has([10, 60, 90][usize::try_from(element.key).unwrap() % 3])
            {
                continue;
            }
            let text = if element.data_type == DataType::Enum {
                dice.one(&element.allowed).id.to_string()
            } else {
                let text = *dice.one::<&str>(values(element.data_type));
                element.data_type.parse_value(text).unwrap().text
            };
            if !text.is_empty() {
                metadata.insert(element.id.to_string(), text);
            }
        }
        let name = format!("{} {}-{key}.pdf", dice.one(&WORDS), dice.one(&WORDS));
        Document {
            key,
            newest,
            folder,
            name: FileName::parse(&name).unwrap().to_string(),
            label: ["1", "2", "10", "A", "a"][dice.below(5)].to_owned(),
            created_by: CLIENTS[dice.below(3)],
            metadata,
        }
    }

    async fn enter_documents(&mut self, dice: &mut Dice, documents: usize) {
        let mut times: Vec<i64> =
            (0..i64::try_from(documents).unwrap()).map(|n| -1_000 - n * 10).collect();
        dice.shuffle(&mut times);
        for (key, newest) in (1..).zip(times) {
            // Half of them in the first binder.
            let folder =
                if dice.has(50) { dice.below(4) } else { dice.below(self.model.folders.len()) };
            let document = self.random_document(dice, key, newest, folder);
            self.model.documents.push(document);
        }
        let (model, scope) = (self.model.clone(), self.scope);
        let entered = self.store.write(move |tx| {
            let model = model.clone();
            async move {
                for document in &model.documents {
                    insert_row(&tx, &scope, &model, document).await?;
                    index::insert(&tx, &scope, &indexed(&model, document)).await?;
                }
                Ok::<_, StoreError>(())
            }
        });
        entered.await.unwrap();
    }

    /// Gives every fifth document new metadata and another name, and removes every seventh.
    async fn change_documents(&mut self, dice: &mut Dice) {
        let before = self.model.clone();
        let mut after = Model { documents: Vec::new(), ..before.clone() };
        for (n, document) in before.documents.iter().enumerate() {
            if n % 7 == 3 {
                continue;
            }
            after.documents.push(if n % 5 == 2 {
                let mut new =
                    self.random_document(dice, document.key, document.newest, document.folder);
                new.created_by = document.created_by;
                new
            } else {
                document.clone()
            });
        }
        self.model = after.clone();
        let scope = self.scope;
        let changed = self.store.write(move |tx| {
            let (before, after) = (before.clone(), after.clone());
            async move {
                for old in &before.documents {
                    let row = params![scope.owner().0, old.key];
                    match after.documents.iter().find(|document| document.key == old.key) {
                        None => {
                            tx.query("delete from document where org = $1 and document = $2", row)
                                .await?;
                            index::remove(&tx, &scope, &indexed(&before, old)).await?;
                        }
                        Some(new) => {
                            tx.query("delete from document where org = $1 and document = $2", row)
                                .await?;
                            insert_row(&tx, &scope, &after, new).await?;
                            index::replace(
                                &tx,
                                &scope,
                                &indexed(&before, old),
                                &indexed(&after, new),
                            )
                            .await?;
                        }
                    }
                }
                Ok::<_, StoreError>(())
            }
        });
        changed.await.unwrap();
    }
}

/// What a document of the model has in the search tables.
pub(super) fn indexed(model: &Model, document: &Document) -> Indexed {
    let folder = &model.folders[document.folder];
    let binder = model.binder_of(document);
    Indexed::of(
        &binder.schema,
        &Subject {
            document: document.key,
            binder: binder.key,
            tab: folder.tab,
            newest: document.newest,
            name: &FileName::parse(&document.name).unwrap(),
            label: &document.label,
            created_by: document.created_by,
            metadata: &metadata(document),
        },
    )
    .unwrap()
}

fn metadata(document: &Document) -> Metadata {
    Metadata(
        document.metadata.iter().map(|(id, value)| (id.parse().unwrap(), value.clone())).collect(),
    )
}

async fn insert_row(
    tx: &Tx,
    scope: &Scope,
    model: &Model,
    document: &Document,
) -> Result<(), StoreError> {
    let folder = &model.folders[document.folder];
    let insert = "insert into document (document, org, id, binder, tab, folder, newest, name, name_identity, \
        name_search, name_order, created_by, latest, latest_id, latest_label, versions, greatest_label, metadata, modified) \
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $1, $3, $13, 1, 0, $14, 0)";
    let id: [u8; 16] = i128::from(document.key).to_be_bytes();
    let values = params![
        document.key,
        scope.owner().0,
        id,
        model.binders[folder.binder].key,
        folder.tab,
        folder.key,
        document.newest,
        document.name.as_str(),
        fold::identity(&document.name),
        fold::search(&document.name),
        fold::order(&document.name),
        document.created_by,
        document.label.as_str(),
        metadata(document).to_json(),
    ];
    tx.query(insert, values).await?;
    Ok(())
}
