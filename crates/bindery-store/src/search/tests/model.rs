//! The rules of searching, by looking at every document.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use bindery_domain::{BuiltIn, CheckedSearch, DataType, Direction, FolderId, Schema, fold};

/// A binder of the model.
#[derive(Debug, Clone)]
pub(super) struct Binder {
    pub(super) key: i64,
    pub(super) id: String,
    pub(super) schema: Schema,
}

/// A folder of the model.
#[derive(Debug, Clone)]
pub(super) struct Folder {
    pub(super) key: i64,
    pub(super) id: FolderId,
    pub(super) binder: usize,
    pub(super) tab: i64,
    pub(super) tab_type: &'static str,
}

/// A document of the model.
#[derive(Debug, Clone)]
pub(super) struct Document {
    pub(super) key: i64,
    pub(super) newest: i64,
    pub(super) folder: usize,
    pub(super) name: String,
    pub(super) label: String,
    pub(super) created_by: &'static str,
    /// In the order of the schema.
    pub(super) metadata: BTreeMap<String, String>,
}

/// Everything there is.
#[derive(Debug, Clone, Default)]
pub(super) struct Model {
    pub(super) binders: Vec<Binder>,
    pub(super) folders: Vec<Folder>,
    pub(super) documents: Vec<Document>,
}

impl Model {
    /// The keys of what matches, in order; `None` when the request is refused.
    pub(super) fn search(&self, request: &CheckedSearch) -> Option<Vec<i64>> {
        let named: Vec<Option<&Binder>> = request
            .filters
            .iter()
            .filter(|filter| filter.element.as_str() == "GLOBAL_BinderId")
            .map(|filter| self.binders.iter().find(|binder| binder.id == filter.wanted))
            .collect();
        let elements = request.filters.iter().map(|filter| &filter.element);
        for id in elements.chain(request.sort.iter().map(|sort| &sort.element)) {
            let has = |binder: &Binder| binder.schema.find(id.as_str()).is_some();
            if !self.binders.iter().any(has) || !named.iter().flatten().all(|binder| has(binder)) {
                return None;
            }
        }
        let mut found: Vec<&Document> =
            self.documents.iter().filter(|document| self.matches(document, request)).collect();
        found.sort_by(|a, b| self.compare(a, b, request));
        Some(found.into_iter().map(|document| document.key).collect())
    }

    pub(super) fn binder_of(&self, document: &Document) -> &Binder {
        &self.binders[self.folders[document.folder].binder]
    }

    fn matches(&self, document: &Document, request: &CheckedSearch) -> bool {
        let folded = fold::search(&document.name);
        request.words.iter().all(|word| folded.contains(word.as_str()))
            && request.filters.iter().all(|filter| {
                let id = filter.element.as_str();
                let mut wanted = fold::nfc(&filter.wanted);
                if id == "GLOBAL_TabId" {
                    // GUIDs are taken in any case.
                    wanted.make_ascii_lowercase();
                }
                self.value(document, id).is_some_and(|value| match self.data_type(id) {
                    DataType::String | DataType::Text | DataType::Enum => value == wanted,
                    DataType::Number => number(&value) == number(&wanted),
                    DataType::Date => value[..10] == wanted[..10],
                    DataType::Boolean => value == wanted.to_lowercase(),
                })
            })
    }

    fn data_type(&self, id: &str) -> DataType {
        self.binders.iter().find_map(|binder| binder.schema.find(id)).unwrap().data_type
    }

    fn value(&self, document: &Document, id: &str) -> Option<String> {
        let folder = &self.folders[document.folder];
        match BuiltIn::from_id(id) {
            Some(BuiltIn::BinderId) => Some(self.binder_of(document).id.clone()),
            Some(BuiltIn::TabId) => Some(folder.id.to_string()),
            Some(BuiltIn::TabType) => Some(folder.tab_type.to_owned()),
            Some(BuiltIn::CreatedBy) => Some(document.created_by.to_owned()),
            Some(BuiltIn::Version) => Some(document.label.clone()),
            Some(BuiltIn::FileName) => Some(document.name.clone()),
            _ => document.metadata.get(id).cloned(),
        }
    }

    fn compare(&self, a: &Document, b: &Document, request: &CheckedSearch) -> Ordering {
        for sort in &request.sort {
            let id = sort.element.as_str();
            let ordered = match (self.value(a, id), self.value(b, id)) {
                (None, None) => Ordering::Equal,
                (None, Some(_)) => Ordering::Greater,
                (Some(_), None) => Ordering::Less,
                (Some(x), Some(y)) => {
                    let ordered = match self.data_type(id) {
                        DataType::Number => number(&x).cmp(&number(&y)),
                        DataType::Date => x[..10].cmp(&y[..10]),
                        DataType::Boolean => x.cmp(&y),
                        DataType::Enum => self.label(a, id, &x).cmp(&self.label(b, id, &y)),
                        DataType::String | DataType::Text => fold::order(&x).cmp(&fold::order(&y)),
                    };
                    if sort.direction == Direction::Descending {
                        ordered.reverse()
                    } else {
                        ordered
                    }
                }
            };
            if ordered.is_ne() {
                return ordered;
            }
        }
        a.newest.cmp(&b.newest)
    }

    fn label(&self, document: &Document, id: &str, value: &str) -> Vec<u8> {
        let element = self.binder_of(document).schema.find(id).unwrap();
        fold::order(&element.allowed_value(value).unwrap().label)
    }
}

/// A number of at most ten decimals, as a whole.
fn number(text: &str) -> i128 {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    format!("{whole}{fraction:0<10}").parse().unwrap()
}
