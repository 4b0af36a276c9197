//! What a commit writes so that searches find the document: facets, the trigrams of its name, counts.

use std::collections::{BTreeMap, BTreeSet};

use bindery_domain::{BuiltIn, DataType, Element, FileName, Metadata, Schema, Scope, TypedValue};

use super::statement::Statement;
use crate::{Query, Sql, StoreError, Tx, Value, params};

/// The binder of facets that serve searches over the whole organization.
pub(crate) const ANY_BINDER: i64 = 0;
/// The element of `facet_count` under which all documents are counted.
pub(crate) const ALL_DOCUMENTS: i64 = 0;

const INSERT_NAME: &str = "insert into document_name (rowid, org, name) values ($1, $2, $3)";
const REMOVE_NAME: &str = "delete from document_name where rowid = $1";
const REMOVE_FACET: &str = "delete from facet where org = $1 and binder = $2 and element = $3 and value = $4 \
    and newest = $5 and document = $6";
const COUNT: &str = "insert into facet_count (org, element, value, binder, tab, n) values ";
// On PostgreSQL a change of a counter is a row of its own: see `crate::changes`.
const ADD_COUNT: &str =
    " on conflict (org, element, value, binder, tab) do update set n = facet_count.n + excluded.n";

/// A document as the search sees it.
#[derive(Debug, Clone, Copy)]
pub struct Subject<'a> {
    /// Internal key of the document.
    pub document: i64,
    /// Internal key of its binder.
    pub binder: i64,
    /// Internal key of the tab at the top of its folder.
    pub tab: i64,
    /// Minus the time of its creation.
    pub newest: i64,
    /// Its name.
    pub name: &'a FileName,
    /// The label of its latest version.
    pub label: &'a str,
    /// The client that created it.
    pub created_by: &'a str,
    /// The metadata of its latest version.
    pub metadata: &'a Metadata,
}

/// One value of a document.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Facet {
    /// Internal key of the element.
    pub element: i64,
    /// Order-preserving bytes of the value.
    pub value: Vec<u8>,
    /// Tells apart what is equal in order only.
    pub exact: Vec<u8>,
    /// Whether searches over the whole organization use it without naming binders.
    pub is_global: bool,
    /// Whether the documents that have the value are counted.
    pub is_counted: bool,
}

/// All that a document has in the search tables.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Indexed {
    /// Internal key of the document.
    pub document: i64,
    /// Internal key of its binder.
    pub binder: i64,
    /// Internal key of the tab at the top of its folder.
    pub tab: i64,
    /// Minus the time of its creation.
    pub newest: i64,
    /// The name as terms are compared with it.
    pub name_search: String,
    /// Its values.
    pub facets: Vec<Facet>,
}

impl Indexed {
    /// Works out what a document has in the search tables. Elements that the schema does not know are left out.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`] when a value is not of its element's type.
    pub fn of(schema: &Schema, subject: &Subject<'_>) -> Result<Self, StoreError> {
        let facets = Self::facets_of(schema, subject)?;
        let Subject { document, binder, tab, newest, name, .. } = *subject;
        Ok(Self { document, binder, tab, newest, name_search: name.search(), facets })
    }

    pub(super) fn facets_of(
        schema: &Schema,
        subject: &Subject<'_>,
    ) -> Result<Vec<Facet>, StoreError> {
        let mut facets = Vec::with_capacity(subject.metadata.0.len() + 3);
        for element in &schema.elements {
            let text = match element.built_in() {
                Some(BuiltIn::BinderId | BuiltIn::TabId | BuiltIn::TabType) => None,
                Some(BuiltIn::CreatedBy) => Some(subject.created_by),
                Some(BuiltIn::Version) => Some(subject.label),
                Some(BuiltIn::FileName) => Some(subject.name.as_str()),
                _ => subject.metadata.get(element.id.as_str()),
            };
            if let Some(text) = text {
                facets.push(Facet::of(element, text)?);
            }
        }
        Ok(facets)
    }

    /// The rows of `facet`, as they are told apart: binder and facet.
    fn rows(&self) -> BTreeSet<(i64, &Facet)> {
        let global =
            self.facets.iter().filter(|facet| facet.is_global).map(|facet| (ANY_BINDER, facet));
        global.chain(self.facets.iter().map(|facet| (self.binder, facet))).collect()
    }

    /// Adds this document's part of `facet_count`, `sign` times.
    fn count<'a>(&'a self, counts: &mut Counts<'a>, sign: i64) {
        let all: (i64, &[u8]) = (ALL_DOCUMENTS, &[]);
        let values = self
            .facets
            .iter()
            .filter(|facet| facet.is_counted)
            .map(|facet| (facet.element, &*facet.value));
        for (element, value) in values.chain([all]) {
            *counts.entry((element, value, self.binder, self.tab)).or_default() += sign;
        }
    }

    /// Whether its rows carry the same keys as the other's.
    fn is_in_place_of(&self, other: &Self) -> bool {
        (self.document, self.binder, self.tab, self.newest)
            == (other.document, other.binder, other.tab, other.newest)
    }
}

impl Facet {
    /// The facet of a value of an element, given as the text that stands in answers.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`] when it is not of the element's type.
    pub fn of(element: &Element, text: &str) -> Result<Self, StoreError> {
        let corrupt = |why: &str| StoreError::Corrupt(format!("a value of {} {why}", element.id));
        let (value, exact) = if element.data_type == DataType::Enum {
            let allowed = element
                .allowed_value(text)
                .ok_or_else(|| corrupt("is not among the allowed ones"))?;
            (TypedValue::enum_sort(allowed.key), Vec::new())
        } else {
            let typed = element.data_type.parse_value(text).map_err(|why| corrupt(&why))?;
            (typed.sort, typed.exact)
        };
        Ok(Self {
            element: element.key,
            value,
            exact,
            is_global: element.built_in().is_some(),
            is_counted: matches!(element.data_type, DataType::Enum | DataType::Boolean),
        })
    }
}

/// Enters a document. Call it after the rows of the transaction that others wait for: the counters come last.
///
/// # Errors
/// As the engine.
pub async fn insert(tx: &Tx, scope: &Scope, indexed: &Indexed) -> Result<(), StoreError> {
    insert_rows(tx, scope, indexed, indexed.rows()).await?;
    insert_name(tx, scope, indexed).await?;
    let mut counts = Counts::new();
    indexed.count(&mut counts, 1);
    apply(tx, scope, counts).await
}

/// Replaces what a document had by what it has now; touches only what differs.
///
/// # Errors
/// As the engine.
pub async fn replace(
    tx: &Tx,
    scope: &Scope,
    old: &Indexed,
    new: &Indexed,
) -> Result<(), StoreError> {
    let (had, has) = (old.rows(), new.rows());
    if new.is_in_place_of(old) {
        remove_rows(tx, scope, old, had.difference(&has).copied()).await?;
        insert_rows(tx, scope, new, has.difference(&had).copied().collect()).await?;
    } else {
        remove_rows(tx, scope, old, had.into_iter()).await?;
        insert_rows(tx, scope, new, has).await?;
    }
    if old.name_search != new.name_search || old.document != new.document {
        remove_name(tx, old).await?;
        insert_name(tx, scope, new).await?;
    }
    let mut counts = Counts::new();
    old.count(&mut counts, -1);
    new.count(&mut counts, 1);
    apply(tx, scope, counts).await
}

/// Removes a document: it goes for good or into the trash.
///
/// # Errors
/// As the engine.
pub async fn remove(tx: &Tx, scope: &Scope, indexed: &Indexed) -> Result<(), StoreError> {
    remove_rows(tx, scope, indexed, indexed.rows().into_iter()).await?;
    remove_name(tx, indexed).await?;
    let mut counts = Counts::new();
    indexed.count(&mut counts, -1);
    apply(tx, scope, counts).await
}

/// The organization as three letters, which are one trigram: so the term of a search and its organization meet in the
/// index. They are taken from the 4,096 letters from U+4E00 on, twelve bits each; the column keeps them apart from names.
pub(crate) fn org_token(scope: &Scope) -> String {
    let key = scope.owner().0;
    [24, 12, 0]
        .into_iter()
        .filter_map(|shift| u32::try_from((key >> shift) & 0xfff).ok())
        .filter_map(|twelve_bits| char::from_u32(0x4e00 + twelve_bits))
        .collect()
}

/// Changes of `facet_count`, in the order in which every transaction takes its locks.
type Counts<'a> = BTreeMap<(i64, &'a [u8], i64, i64), i64>;

async fn apply(tx: &Tx, scope: &Scope, counts: Counts<'_>) -> Result<(), StoreError> {
    let mut statement = Statement::new(COUNT);
    let org = statement.bind(scope.owner().0);
    for (at, ((element, value, binder, tab), n)) in
        counts.into_iter().filter(|(_, n)| *n != 0).enumerate()
    {
        statement.push(if at == 0 { "(" } else { ", (" }).push(&org);
        let values: [Value; 5] =
            [element.into(), value.into(), binder.into(), tab.into(), n.into()];
        statement.push_values(values).push(")");
    }
    statement.push_each(ADD_COUNT, "");
    let (sql, values) = statement.into_parts();
    // The organization alone: nothing is to be counted.
    if values.len() == 1 { Ok(()) } else { tx.query(sql, values).await.map(drop) }
}

async fn insert_rows(
    tx: &Tx,
    scope: &Scope,
    indexed: &Indexed,
    rows: BTreeSet<(i64, &Facet)>,
) -> Result<(), StoreError> {
    if rows.is_empty() {
        return Ok(());
    }
    let mut insert = InsertFacets::new(scope);
    for (binder, facet) in rows {
        let keys = [indexed.newest, indexed.document, indexed.tab];
        insert.row(binder, facet.element, &facet.value, &facet.exact, keys);
    }
    insert.run(tx).await
}

async fn remove_rows(
    tx: &Tx,
    scope: &Scope,
    indexed: &Indexed,
    rows: impl Iterator<Item = (i64, &Facet)>,
) -> Result<(), StoreError> {
    for (binder, facet) in rows {
        let key = params![
            scope.owner().0,
            binder,
            facet.element,
            facet.value.as_slice(),
            indexed.newest,
            indexed.document
        ];
        tx.query(REMOVE_FACET, key).await?;
    }
    Ok(())
}

/// PostgreSQL finds names by an index on the column itself. Here the trigrams of many names are written together, at the
/// end of the transaction.
async fn insert_name(tx: &Tx, scope: &Scope, indexed: &Indexed) -> Result<(), StoreError> {
    let sql = Sql::Each { sqlite: INSERT_NAME.into(), postgres: "".into() };
    let values = params![indexed.document, org_token(scope), indexed.name_search.as_str()];
    tx.defer(sql, values).await
}

async fn remove_name(tx: &Tx, indexed: &Indexed) -> Result<(), StoreError> {
    let sql = Sql::Each { sqlite: REMOVE_NAME.into(), postgres: "".into() };
    tx.defer(sql, params![indexed.document]).await
}

/// One statement that inserts many facets.
pub(crate) struct InsertFacets {
    statement: Statement,
    org: String,
    is_empty: bool,
}

impl InsertFacets {
    pub(crate) fn new(scope: &Scope) -> Self {
        let mut statement = Statement::new(
            "insert into facet (org, binder, element, value, newest, document, tab, exact) values ",
        );
        let org = statement.bind(scope.owner().0);
        Self { statement, org, is_empty: true }
    }

    /// Adds a row; `keys` are `newest`, document and tab.
    pub(crate) fn row(
        &mut self,
        binder: i64,
        element: i64,
        value: &[u8],
        exact: &[u8],
        [newest, document, tab]: [i64; 3],
    ) {
        let text = if self.is_empty { "(" } else { ", (" };
        self.is_empty = false;
        self.statement.push(text).push(&self.org);
        let values: [Value; 7] = [
            binder.into(),
            element.into(),
            value.into(),
            newest.into(),
            document.into(),
            tab.into(),
            exact.into(),
        ];
        self.statement.push_values(values).push(")");
    }

    pub(crate) async fn run(self, tx: &Tx) -> Result<(), StoreError> {
        let (sql, values) = self.statement.into_parts();
        tx.query(sql, values).await?;
        Ok(())
    }
}
