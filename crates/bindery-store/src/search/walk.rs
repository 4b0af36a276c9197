//! An order by one element, read from its facets; the documents without a value come after them.

use std::collections::HashSet;
use std::ops::Range;
use std::sync::Arc;

use bindery_domain::{DataType, TypedValue};

use super::driver::Driver;
use super::finder::{Finder, Stop};
use super::limits::{CHUNK, MARK_EVERY, MERGED, OPENED, SHALLOW};
use super::memory::{FacetPlace, Found, ValueGroup, mark_before, place};
use super::spec::digest;
use super::statement::Statement;
use crate::{Row, StoreError};

/// The facets that an order is read from.
#[derive(Debug)]
pub(super) struct Walk<'a> {
    pub(super) element: i64,
    /// Public id of the element.
    pub(super) id: &'a str,
    pub(super) data_type: DataType,
    /// The binders that the facets are under.
    pub(super) binders: &'a [i64],
    pub(super) is_always_set: bool,
    pub(super) is_descending: bool,
}

impl Walk<'_> {
    /// Begins a statement on the facets: `select <columns> from facet f where …`.
    pub(super) fn select(&self, org: i64, binder: i64, columns: &str) -> Statement {
        let mut statement = Statement::new("select ");
        statement
            .push(columns)
            .push_bound(" from facet f where f.org = ", org)
            .push_bound(" and f.binder = ", binder)
            .push_bound(" and f.element = ", self.element);
        statement
    }
}

impl Walk<'_> {
    /// Adds where to go on, and which way.
    fn push_after(&self, statement: &mut Statement, mark: Option<FacetPlace>) {
        let (after, order) = if self.is_descending {
            (" and (f.value, f.newest) < (", " order by f.value desc, f.newest desc")
        } else {
            (" and (f.value, f.newest) > (", " order by f.value, f.newest")
        };
        if let Some((value, newest)) = mark {
            statement.push_bound(after, value).push_bound(", ", newest).push(")");
        }
        statement.push(order);
    }
}

/// A facet of an order.
#[derive(Debug, Clone)]
struct ValueRow {
    value: Vec<u8>,
    newest: i64,
    document: i64,
}

impl ValueRow {
    fn read(row: &mut Row) -> Result<Self, StoreError> {
        Ok(Self { value: row.take(0)?, newest: row.take(1)?, document: row.take(2)? })
    }

    fn is_cut(&self) -> bool {
        TypedValue::is_cut(&self.value)
    }
}

impl Finder<'_> {
    /// A page in the order of the values. `None` when some of them are too long for the facets to tell them apart.
    pub(super) async fn walk_values(
        &self,
        walk: &Walk<'_>,
        binder: i64,
        page: Range<i64>,
    ) -> Result<Option<Vec<i64>>, Stop> {
        let facets = self.values(walk, binder, page.clone()).await?;
        if facets.iter().any(ValueRow::is_cut) {
            return Ok(None);
        }
        let mut keys: Vec<i64> = facets.into_iter().map(|facet| facet.document).collect();
        let wanted = page.end.min(self.size) - page.start;
        if (keys.len() as i64) < wanted {
            let with = self.count_with(walk, binder).await?;
            keys.extend(self.without(walk, binder, with, page).await?);
        }
        Ok(Some(keys))
    }

    /// A page in the order of an element that many binders have: the first of each binder, merged. `None` when that is
    /// too much to read, or not enough, or values are too long.
    pub(super) async fn merge_values(
        &self,
        walk: &Walk<'_>,
        page: Range<i64>,
    ) -> Result<Option<Vec<i64>>, StoreError> {
        let (start, end) = (place(page.start), place(page.end));
        let key = match self.recall(self.spec.digest("merged")) {
            (_, Some(Found::Keys(keys))) if keys.len() >= end => {
                return Ok(Some(keys[start..end].to_vec()));
            }
            (key, _) => key,
        };
        if (walk.binders.len() as i64).saturating_mul(page.end) > MERGED {
            return Ok(None);
        }
        let mut first = Vec::new();
        for binder in walk.binders {
            first.extend(self.values(walk, *binder, 0..page.end).await?);
        }
        if first.len() < end {
            return Ok(None);
        }
        first.sort_unstable_by(|a, b| {
            let by_value =
                if walk.is_descending { b.value.cmp(&a.value) } else { a.value.cmp(&b.value) };
            by_value.then(a.newest.cmp(&b.newest))
        });
        first.truncate(end);
        if first.iter().any(ValueRow::is_cut) {
            return Ok(None);
        }
        let keys: Arc<[i64]> = first.into_iter().map(|facet| facet.document).collect();
        let found = keys[start..].to_vec();
        self.keep(key, &Found::Keys(keys));
        Ok(Some(found))
    }

    /// A page of allowed values (or of false and true), one group after the other.
    pub(super) async fn walk_groups(
        &self,
        walk: &Walk<'_>,
        binder: i64,
        groups: &[ValueGroup],
        page: Range<i64>,
    ) -> Result<Vec<i64>, Stop> {
        let ordered: Vec<&ValueGroup> = if walk.is_descending {
            groups.iter().rev().collect()
        } else {
            groups.iter().collect()
        };
        let mut keys = Vec::new();
        let mut before = 0;
        for group in ordered {
            let (start, end) = (before, before + group.documents);
            before = end;
            if end <= page.start || start >= page.end {
                continue;
            }
            let mut statement = walk.select(self.org, binder, "f.document");
            for (n, value) in group.values.iter().enumerate() {
                statement
                    .push_bound(if n == 0 { " and f.value in (" } else { ", " }, value.as_slice());
            }
            let skipped = (page.start - start).max(0);
            statement
                .push(") order by f.newest")
                .push_bound(" limit ", page.end.min(end) - start - skipped)
                .push_bound(" offset ", skipped);
            keys.extend(self.numbers(statement).await?);
        }
        if before < page.end {
            keys.extend(self.without(walk, binder, before, page).await?);
        }
        Ok(keys)
    }

    /// The facets of a page in order.
    async fn values(
        &self,
        walk: &Walk<'_>,
        binder: i64,
        page: Range<i64>,
    ) -> Result<Vec<ValueRow>, StoreError> {
        let mut facets = self.next_values(walk, binder, page.clone()).await?;
        if walk.is_descending {
            self.turn_round(walk, binder, &page, &mut facets).await?;
        }
        Ok(facets)
    }

    /// The facets of a page as the index has them, forwards or backwards.
    async fn next_values(
        &self,
        walk: &Walk<'_>,
        binder: i64,
        page: Range<i64>,
    ) -> Result<Vec<ValueRow>, StoreError> {
        let (mark, before) = self.value_mark(walk, binder, page.start).await?;
        let mut statement = walk.select(self.org, binder, "f.value, f.newest, f.document");
        walk.push_after(&mut statement, mark);
        statement
            .push_bound(" limit ", page.end - page.start)
            .push_bound(" offset ", page.start - before);
        let mut rows = self.rows(statement).await?;
        rows.iter_mut().map(ValueRow::read).collect()
    }

    /// A mark not far before an offset, and how many facets come before it.
    async fn value_mark(
        &self,
        walk: &Walk<'_>,
        binder: i64,
        offset: i64,
    ) -> Result<(Option<FacetPlace>, i64), StoreError> {
        if offset <= SHALLOW {
            return Ok((None, 0));
        }
        let question =
            digest(&format!("value marks {binder} {} {}", walk.element, walk.is_descending));
        let (key, mut marks) = match self.recall(question) {
            (key, Some(Found::Values(marks))) => (key, marks.to_vec()),
            (key, _) => (key, Vec::new()),
        };
        let known = marks.len();
        while ((marks.len() + 1) * MARK_EVERY) as i64 <= offset {
            let mut statement = walk.select(self.org, binder, "f.value, f.newest");
            walk.push_after(&mut statement, marks.last().cloned());
            statement.push_bound(" limit 1 offset ", MARK_EVERY as i64 - 1);
            match self.rows(statement).await?.first_mut() {
                Some(row) => marks.push((row.take(0)?, row.take(1)?)),
                None => break,
            }
        }
        if marks.len() > known {
            self.keep(key, &Found::Values(marks.as_slice().into()));
        }
        Ok(mark_before(&marks, offset))
    }

    /// Equal values follow each other newest first in either direction, the index read backwards has them oldest first:
    /// so each run of equal values is turned round. Only the runs at the two ends of the page can be cut; those are read
    /// once more, forwards.
    async fn turn_round(
        &self,
        walk: &Walk<'_>,
        binder: i64,
        page: &Range<i64>,
        facets: &mut Vec<ValueRow>,
    ) -> Result<(), StoreError> {
        let is_full = facets.len() as i64 == page.end - page.start;
        let mut turned = Vec::with_capacity(facets.len());
        let mut runs = facets.chunk_by(|a, b| a.value == b.value).peekable();
        let mut is_first = true;
        while let Some(run) = runs.next() {
            let is_cut_before = is_first && page.start > 0;
            let is_cut_after = runs.peek().is_none() && is_full;
            is_first = false;
            if !is_cut_before && !is_cut_after {
                turned.extend(run.iter().rev().cloned());
                continue;
            }
            let skipped = if is_cut_before {
                let mut passed = walk.select(self.org, binder, "count(*)");
                passed
                    .push_bound(" and f.value = ", run[0].value.as_slice())
                    .push_bound(" and f.newest > ", run[0].newest);
                self.number(passed).await?
            } else {
                0
            };
            let mut forwards = walk.select(self.org, binder, "f.value, f.newest, f.document");
            forwards
                .push_bound(" and f.value = ", run[0].value.as_slice())
                .push(" order by f.newest")
                .push_bound(" limit ", run.len() as i64)
                .push_bound(" offset ", skipped);
            for row in &mut self.rows(forwards).await? {
                turned.push(ValueRow::read(row)?);
            }
        }
        *facets = turned;
        Ok(())
    }

    /// How many documents have a value.
    async fn count_with(&self, walk: &Walk<'_>, binder: i64) -> Result<i64, StoreError> {
        if walk.is_always_set {
            return Ok(self.size);
        }
        let statement = walk.select(self.org, binder, "count(*)");
        self.remembered_number(&format!("with {}", walk.element), statement).await
    }

    /// The part of a page that holds documents without a value; `with` documents with one come before them all.
    async fn without(
        &self,
        walk: &Walk<'_>,
        binder: i64,
        with: i64,
        page: Range<i64>,
    ) -> Result<Vec<i64>, Stop> {
        let missing = self.size - with;
        let part = (page.start - with).max(0)..(page.end - with).min(missing);
        if part.start >= part.end {
            return Ok(Vec::new());
        }
        // One in `size / missing` documents is without a value.
        if part.end.saturating_mul(self.size) / missing <= OPENED {
            let mut statement = Driver::Documents.select(self.org, &self.token, self.spec);
            statement
                .push(" and not ")
                .push_holds("d.metadata", &mention_of(walk.id))
                .push(" order by d.newest")
                .push_bound(" limit ", part.end - part.start)
                .push_bound(" offset ", part.start);
            let mut rows = self.rows(statement).await?;
            return Ok(rows.iter_mut().map(|row| row.take(1)).collect::<Result<_, _>>()?);
        }
        let found = match self.recall(self.spec.digest("without")) {
            (_, Some(found)) => found,
            (key, None) => {
                self.allow_work(key)?;
                let found = Found::Keys(self.all_without(walk, binder).await?.into());
                self.keep(key, &found);
                found
            }
        };
        Ok(found.page::<Stop>(part)?.keys)
    }

    /// All documents in reach that have no value, newest first.
    async fn all_without(&self, walk: &Walk<'_>, binder: i64) -> Result<Vec<i64>, StoreError> {
        let mut with = HashSet::new();
        let mut after: Option<(Vec<u8>, i64)> = None;
        loop {
            let mut statement = walk.select(self.org, binder, "f.value, f.newest, f.document");
            if let Some((value, newest)) = after.take() {
                statement
                    .push_bound(" and (f.value, f.newest) > (", value)
                    .push_bound(", ", newest)
                    .push(")");
            }
            statement.push(" order by f.value, f.newest").push_bound(" limit ", CHUNK as i64);
            let mut rows = self.rows(statement).await?;
            for row in &mut rows {
                with.insert(row.take::<i64>(2)?);
            }
            if rows.len() < CHUNK {
                break;
            }
            after = rows
                .last_mut()
                .map(|last| Ok::<_, StoreError>((last.take(0)?, last.take(1)?)))
                .transpose()?;
        }
        let mut documents = self.collect_all().await?.documents;
        documents.retain(|(_, document)| !with.contains(document));
        Ok(documents.into_iter().map(|(_, document)| document).collect())
    }
}

/// How stored metadata mentions an element. A value cannot look so: its quotes are escaped.
fn mention_of(id: &str) -> String {
    format!("\"metadataElementId\":\"{id}\"")
}
