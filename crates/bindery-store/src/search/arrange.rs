//! Putting what was found in the order asked for.
//!
//! Each sort key gives each document a rank, equal for equal values; then the ranks are compared, and where they are
//! equal the most recently created document comes first.

use std::collections::{BTreeSet, HashMap};

use bindery_domain::{BuiltIn, DataType, FolderId, Metadata, TypedValue, fold};

use super::collect::Matches;
use super::finder::Finder;
use super::groups::Labels;
use super::index::ANY_BINDER;
use super::limits::{CHUNK, FEW_MATCHES, MOST_CUT};
use super::spec::{FacetPlace, Order, OrderBy};
use super::statement::Statement;
use crate::documents::{self, DocumentRow};
use crate::{Query, StoreError, params};

/// The rank of documents without a value.
const LAST: u32 = u32::MAX;

const BINDERS: &str = "select binder, id from binder where org = $1";
const FOLDERS: &str = "select folder, id from folder where org = $1";
const TABS: &str = "select folder, type from folder where org = $1 and parent is null";

/// The rank of each match, by its place among the matches.
type Ranks = Vec<u32>;

impl Finder<'_> {
    /// The keys of the matches in order.
    pub(super) async fn arrange(&self, matches: Matches) -> Result<Vec<i64>, StoreError> {
        let mut keys = Vec::new();
        let few = if matches.documents.len() <= FEW_MATCHES {
            Some(self.open(&matches).await?)
        } else {
            None
        };
        for order in &self.spec.order {
            let mut ranks = match &few {
                Some(rows) => self.ranks_of_rows(&matches, rows, order).await?,
                None => self.ranks(&matches, order).await?,
            };
            if order.is_descending {
                for rank in ranks.iter_mut().filter(|rank| **rank != LAST) {
                    *rank = LAST - 1 - *rank;
                }
            }
            keys.push(ranks);
        }
        let mut places: Vec<usize> = (0..matches.documents.len()).collect();
        places.sort_unstable_by(|a, b| {
            let by_keys =
                keys.iter().map(|ranks| ranks[*a].cmp(&ranks[*b])).find(|order| order.is_ne());
            by_keys.unwrap_or_else(|| a.cmp(b))
        });
        Ok(places.into_iter().map(|place| matches.documents[place].1).collect())
    }

    /// The rows of a few matches.
    async fn open(&self, matches: &Matches) -> Result<Vec<DocumentRow>, StoreError> {
        let keys: Vec<i64> = matches.documents.iter().map(|(_, key)| *key).collect();
        documents::by_keys(self.db, self.scope, &keys).await
    }

    /// The ranks of a few matches, from what stands on their rows.
    async fn ranks_of_rows(
        &self,
        matches: &Matches,
        rows: &[DocumentRow],
        order: &Order,
    ) -> Result<Ranks, StoreError> {
        let labels = match &order.by {
            OrderBy::Element { element, id, data_type: DataType::Enum, .. } => {
                Some((self.labels(*element, id).await?, self.value_keys(*element).await?))
            }
            _ => None,
        };
        let mut ranker = Ranker::default();
        for row in rows {
            let value = match &order.by {
                OrderBy::BinderId => Some(fold::order(row.binder_id.as_str())),
                OrderBy::FolderId => Some(fold::order(&row.folder_id.to_string())),
                OrderBy::TabType => Some(fold::order(&row.tab_type)),
                OrderBy::Element { id, data_type, .. } => match (value_on_row(row, id)?, &labels) {
                    (None, _) => None,
                    (Some(text), Some((labels, keys))) => {
                        let key = keys.get(&text);
                        key.and_then(|key| labels.order(row.binder_key, *key)).map(<[u8]>::to_vec)
                    }
                    (Some(text), None) => Some(whole_order(*data_type, &text)?),
                },
            };
            if let Some(value) = value {
                ranker.note(value, row.newest);
            }
        }
        Ok(ranker.ranks(matches))
    }

    async fn ranks(&self, matches: &Matches, order: &Order) -> Result<Ranks, StoreError> {
        match &order.by {
            OrderBy::Element { element, id, data_type: DataType::Enum, place, .. } => {
                let labels = self.labels(*element, id).await?;
                self.ranks_of_labels(matches, *element, place, &labels).await
            }
            OrderBy::Element { element, id, place: FacetPlace::One(binder), .. } => {
                match self.ranks_of_values(matches, *element, *binder).await? {
                    Some(ranks) => Ok(ranks),
                    None => self.ranks_in_binders(matches, (*element, id), &[*binder]).await,
                }
            }
            OrderBy::Element { element, id, place: FacetPlace::Each(binders), .. } => {
                self.ranks_in_binders(matches, (*element, id), binders).await
            }
            OrderBy::BinderId => {
                let ids = self.names(BINDERS).await?;
                self.ranks_of_column(matches, "d.binder", ids).await
            }
            OrderBy::TabType => {
                let types = self.names(TABS).await?;
                self.ranks_of_column(matches, "d.tab", types).await
            }
            OrderBy::FolderId => {
                let ids = self.folder_ids().await?;
                self.ranks_of_column(matches, "d.folder", ids).await
            }
        }
    }

    /// The facets under one binder come in order: a rank for each new value. `None` when some are too long to tell.
    async fn ranks_of_values(
        &self,
        matches: &Matches,
        element: i64,
        binder: i64,
    ) -> Result<Option<Ranks>, StoreError> {
        let mut ranks = matches.unranked();
        let mut rank = 0;
        let mut last: Option<(Vec<u8>, i64)> = None;
        loop {
            let facets = self.facets(element, binder, last.clone()).await?;
            let is_end = facets.len() < CHUNK;
            for (value, newest) in facets {
                if TypedValue::is_cut(&value) {
                    return Ok(None);
                }
                if last.as_ref().is_some_and(|(before, _)| *before != value) {
                    rank += 1;
                }
                matches.give(&mut ranks, newest, rank);
                last = Some((value, newest));
            }
            if is_end {
                return Ok(Some(ranks));
            }
        }
    }

    /// The facets of several binders: their values are put in order first, long ones as they stand on the rows.
    async fn ranks_in_binders(
        &self,
        matches: &Matches,
        (element, id): (i64, &str),
        binders: &[i64],
    ) -> Result<Ranks, StoreError> {
        let mut ranker = Ranker::default();
        let mut cut = Vec::new();
        for binder in binders {
            let mut last = None;
            loop {
                let facets = self.facets(element, *binder, last).await?;
                last = facets.last().cloned();
                let is_end = facets.len() < CHUNK;
                for (value, newest) in facets {
                    match matches.key_of(newest) {
                        Some(key) if TypedValue::is_cut(&value) && cut.len() < MOST_CUT => {
                            cut.push(key);
                        }
                        _ => ranker.note(value, newest),
                    }
                }
                if is_end {
                    break;
                }
            }
        }
        for keys in cut.chunks(CHUNK) {
            for row in documents::by_keys(self.db, self.scope, keys).await? {
                if let Some(text) = value_on_row(&row, id)? {
                    ranker.note(whole_order(DataType::String, &text)?, row.newest);
                }
            }
        }
        Ok(ranker.ranks(matches))
    }

    /// Enumerated values are ordered by the labels that their document's binder gives them.
    async fn ranks_of_labels(
        &self,
        matches: &Matches,
        element: i64,
        place: &FacetPlace,
        labels: &Labels,
    ) -> Result<Ranks, StoreError> {
        let mut ranker = Ranker::default();
        for binder in place.binders() {
            let mut last: Option<(Vec<u8>, i64)> = None;
            loop {
                let mut statement = if *binder == ANY_BINDER {
                    Statement::new(
                        "select f.value, f.newest, d.binder from facet f \
                        cross join document d where d.document = f.document and ",
                    )
                } else {
                    Statement::new("select f.value, f.newest, f.binder from facet f where ")
                };
                push_facets(&mut statement, self.org, element, *binder, last.take());
                let mut rows = self.rows(statement).await?;
                for row in &mut rows {
                    let (value, newest): (Vec<u8>, i64) = (row.take(0)?, row.take(1)?);
                    let key = i64::from_be_bytes(
                        value.as_slice().try_into().map_err(|_| StoreError::Column(0))?,
                    );
                    if let Some(order) = labels.order(row.take(2)?, key) {
                        ranker.note(order.to_vec(), newest);
                    }
                    last = Some((value, newest));
                }
                if rows.len() < CHUNK {
                    break;
                }
            }
        }
        Ok(ranker.ranks(matches))
    }

    /// What a column of the document names is put in order.
    async fn ranks_of_column(
        &self,
        matches: &Matches,
        column: &str,
        names: HashMap<i64, Vec<u8>>,
    ) -> Result<Ranks, StoreError> {
        let in_order: BTreeSet<&Vec<u8>> = names.values().collect();
        let by_name: HashMap<&Vec<u8>, u32> = in_order.into_iter().zip(0..).collect();
        let mut ranks = matches.unranked();
        let mut after = None;
        loop {
            let mut statement = Statement::new("select d.newest, ");
            statement
                .push(column)
                .push(" from document d where ")
                .push_reach(self.org, self.spec.reach);
            if let Some(after) = after {
                statement.push_bound(" and d.newest > ", after);
            }
            statement.push(" order by d.newest").push_bound(" limit ", CHUNK as i64);
            let mut rows = self.rows(statement).await?;
            for row in &mut rows {
                let newest = row.take(0)?;
                if let Some(rank) = names.get(&row.take(1)?).and_then(|name| by_name.get(name)) {
                    matches.give(&mut ranks, newest, *rank);
                }
                after = Some(newest);
            }
            if rows.len() < CHUNK {
                return Ok(ranks);
            }
        }
    }

    async fn facets(
        &self,
        element: i64,
        binder: i64,
        after: Option<(Vec<u8>, i64)>,
    ) -> Result<Vec<(Vec<u8>, i64)>, StoreError> {
        let mut statement = Statement::new("select f.value, f.newest from facet f where ");
        push_facets(&mut statement, self.org, element, binder, after);
        let mut rows = self.rows(statement).await?;
        rows.iter_mut().map(|row| Ok((row.take(0)?, row.take(1)?))).collect()
    }

    /// Order keys of names, by the key of what they name.
    async fn names(&self, sql: &'static str) -> Result<HashMap<i64, Vec<u8>>, StoreError> {
        let mut rows = self.db.query(sql, params![self.org]).await?;
        rows.iter_mut()
            .map(|row| Ok((row.take(0)?, fold::order(&row.take::<String>(1)?))))
            .collect()
    }

    async fn folder_ids(&self) -> Result<HashMap<i64, Vec<u8>>, StoreError> {
        let mut rows = self.db.query(FOLDERS, params![self.org]).await?;
        let id = |bytes: Vec<u8>| {
            bytes.try_into().map(FolderId::from_bytes).map_err(|_| StoreError::Column(1))
        };
        rows.iter_mut()
            .map(|row| Ok((row.take(0)?, fold::order(&id(row.take(1)?)?.to_string()))))
            .collect()
    }
}

/// The bytes that order a value, all of them: those of a facet are cut.
fn whole_order(data_type: DataType, text: &str) -> Result<Vec<u8>, StoreError> {
    match data_type {
        DataType::String => Ok(fold::order(text)),
        _ => Ok(data_type.parse_value(text).map_err(StoreError::Corrupt)?.sort),
    }
}

/// The value of an element as it stands on a document's row.
fn value_on_row(row: &DocumentRow, id: &str) -> Result<Option<String>, StoreError> {
    Ok(match BuiltIn::from_id(id) {
        Some(BuiltIn::CreatedBy) => Some(row.created_by.clone()),
        Some(BuiltIn::Version) => Some(row.latest_label.clone()),
        Some(BuiltIn::FileName) => Some(row.name.clone()),
        _ => {
            let metadata = Metadata::from_json(&row.metadata);
            let metadata =
                metadata.map_err(|error| StoreError::Corrupt(format!("metadata: {error}")))?;
            metadata.get(id).map(str::to_owned)
        }
    })
}

/// Adds what reads the next facets of an element, in order.
fn push_facets(
    statement: &mut Statement,
    org: i64,
    element: i64,
    binder: i64,
    after: Option<(Vec<u8>, i64)>,
) {
    statement
        .push_bound("f.org = ", org)
        .push_bound(" and f.binder = ", binder)
        .push_bound(" and f.element = ", element);
    if let Some((value, newest)) = after {
        statement
            .push_bound(" and (f.value, f.newest) > (", value)
            .push_bound(", ", newest)
            .push(")");
    }
    statement.push(" order by f.value, f.newest").push_bound(" limit ", CHUNK as i64);
}

impl Matches {
    fn unranked(&self) -> Ranks {
        vec![LAST; self.documents.len()]
    }

    /// Gives the document made at that time a rank, if it is among the matches.
    fn give(&self, ranks: &mut Ranks, newest: i64, rank: u32) {
        if let Some(place) = self.place_of(newest) {
            ranks[place] = rank;
        }
    }

    /// The key of the document made at that time, if it is among the matches.
    fn key_of(&self, newest: i64) -> Option<i64> {
        self.place_of(newest).map(|place| self.documents[place].1)
    }

    fn place_of(&self, newest: i64) -> Option<usize> {
        self.documents.binary_search_by_key(&newest, |(newest, _)| *newest).ok()
    }
}

/// Values that come in any order.
#[derive(Default)]
struct Ranker {
    /// Each value with its number.
    values: HashMap<Vec<u8>, usize>,
    /// The value's number, and whose it is.
    noted: Vec<(usize, i64)>,
}

impl Ranker {
    fn note(&mut self, value: Vec<u8>, newest: i64) {
        let next = self.values.len();
        let number = *self.values.entry(value).or_insert(next);
        self.noted.push((number, newest));
    }

    fn ranks(self, matches: &Matches) -> Ranks {
        let mut in_order: Vec<(Vec<u8>, usize)> = self.values.into_iter().collect();
        in_order.sort_unstable();
        let mut rank_of = vec![0; in_order.len()];
        for (rank, (_, number)) in (0..).zip(&in_order) {
            rank_of[*number] = rank;
        }
        let mut ranks = matches.unranked();
        for (number, newest) in self.noted {
            matches.give(&mut ranks, newest, rank_of[number]);
        }
        ranks
    }
}
