//! An order by one element, read from its facets; the documents without a value come after them.

use std::collections::HashSet;
use std::ops::Range;

use bindery_domain::DataType;

use super::driver::Driver;
use super::finder::{Finder, Stop};
use super::limits::{CHUNK, OPENED};
use super::memory::{Found, ValueGroup};
use super::statement::Statement;
use crate::StoreError;

/// The facets that an order is read from.
#[derive(Debug)]
pub(super) struct Walk<'a> {
    pub(super) element: i64,
    /// Public id of the element.
    pub(super) id: &'a str,
    pub(super) data_type: DataType,
    /// The binder that the facets are under.
    pub(super) binder: i64,
    pub(super) is_always_set: bool,
    pub(super) is_descending: bool,
}

impl Walk<'_> {
    /// Begins a statement on the facets: `select <columns> from facet f where …`.
    pub(super) fn select(&self, org: i64, columns: &str) -> Statement {
        let mut statement = Statement::new("select ");
        statement
            .push(columns)
            .push_bound(" from facet f where f.org = ", org)
            .push_bound(" and f.binder = ", self.binder)
            .push_bound(" and f.element = ", self.element);
        statement
    }
}

impl Finder<'_> {
    /// A page in the order of the values.
    pub(super) async fn walk_values(&self, walk: &Walk<'_>, page: Range<i64>) -> Result<Vec<i64>, Stop> {
        let mut keys = if walk.is_descending {
            self.descending(walk, page.clone()).await?
        } else {
            let mut statement = walk.select(self.org, "f.document");
            statement
                .push(" order by f.value, f.newest")
                .push_bound(" limit ", page.end - page.start)
                .push_bound(" offset ", page.start);
            self.numbers(statement).await?
        };
        let wanted = page.end.min(self.size) - page.start;
        if (keys.len() as i64) < wanted {
            let with = self.count_with(walk).await?;
            keys.extend(self.without(walk, with, page).await?);
        }
        Ok(keys)
    }

    /// A page of allowed values (or of false and true), one group after the other.
    pub(super) async fn walk_groups(
        &self,
        walk: &Walk<'_>,
        groups: &[ValueGroup],
        page: Range<i64>,
    ) -> Result<Vec<i64>, Stop> {
        let ordered: Vec<&ValueGroup> =
            if walk.is_descending { groups.iter().rev().collect() } else { groups.iter().collect() };
        let mut keys = Vec::new();
        let mut before = 0;
        for group in ordered {
            let (start, end) = (before, before + group.documents);
            before = end;
            if end <= page.start || start >= page.end {
                continue;
            }
            let mut statement = walk.select(self.org, "f.document");
            for (n, value) in group.values.iter().enumerate() {
                statement.push_bound(if n == 0 { " and f.value in (" } else { ", " }, value.as_slice());
            }
            let skipped = (page.start - start).max(0);
            statement
                .push(") order by f.newest")
                .push_bound(" limit ", page.end.min(end) - start - skipped)
                .push_bound(" offset ", skipped);
            keys.extend(self.numbers(statement).await?);
        }
        if before < page.end {
            keys.extend(self.without(walk, before, page).await?);
        }
        Ok(keys)
    }

    /// A page from the greatest value down. The index goes up, and equal values follow each other newest first in either
    /// direction: so it is read backwards, and each run of equal values turned round. Only the runs at the two ends of
    /// the page can be cut; those are read once more, forwards.
    async fn descending(&self, walk: &Walk<'_>, page: Range<i64>) -> Result<Vec<i64>, StoreError> {
        let backwards = " order by f.value desc, f.newest desc";
        let mut statement = walk.select(self.org, "f.value, f.document");
        let size = page.end - page.start;
        statement.push(backwards).push_bound(" limit ", size).push_bound(" offset ", page.start);
        let mut runs: Vec<(Vec<u8>, Vec<i64>)> = Vec::new();
        for mut row in self.rows(statement).await? {
            let (value, document) = (row.take::<Vec<u8>>(0)?, row.take(1)?);
            match runs.last_mut() {
                Some((last, documents)) if *last == value => documents.push(document),
                _ => runs.push((value, vec![document])),
            }
        }
        let is_full = runs.iter().map(|(_, documents)| documents.len() as i64).sum::<i64>() == size;
        let last = runs.len().saturating_sub(1);
        let mut keys = Vec::new();
        for (n, (value, mut documents)) in runs.into_iter().enumerate() {
            let is_cut_before = n == 0 && page.start > 0;
            let is_cut_after = n == last && is_full;
            if is_cut_before || is_cut_after {
                let skipped = if is_cut_before {
                    let mut greater = walk.select(self.org, "count(*)");
                    greater.push_bound(" and f.value > ", value.as_slice());
                    page.start - self.number(greater).await?
                } else {
                    0
                };
                let mut run = walk.select(self.org, "f.document");
                run.push_bound(" and f.value = ", value)
                    .push(" order by f.newest")
                    .push_bound(" limit ", documents.len() as i64)
                    .push_bound(" offset ", skipped);
                documents = self.numbers(run).await?;
            } else {
                documents.reverse();
            }
            keys.extend(documents);
        }
        Ok(keys)
    }

    /// How many documents have a value.
    async fn count_with(&self, walk: &Walk<'_>) -> Result<i64, StoreError> {
        if walk.is_always_set {
            return Ok(self.size);
        }
        let statement = walk.select(self.org, "count(*)");
        self.remembered_number(&format!("with {}", walk.element), statement).await
    }

    /// The part of a page that holds documents without a value; `with` documents with one come before them all.
    async fn without(&self, walk: &Walk<'_>, with: i64, page: Range<i64>) -> Result<Vec<i64>, Stop> {
        let missing = self.size - with;
        let part = (page.start - with).max(0)..(page.end - with).min(missing);
        if part.start >= part.end {
            return Ok(Vec::new());
        }
        // One in `size / missing` documents is without a value.
        if part.end.saturating_mul(self.size) / missing <= OPENED {
            let mut statement = Driver::Documents.select(self.org, &self.token, self.spec);
            statement
                .push_bound(" and instr(d.metadata, ", mention_of(walk.id))
                .push(") = 0 order by d.newest")
                .push_bound(" limit ", part.end - part.start)
                .push_bound(" offset ", part.start);
            let mut rows = self.rows(statement).await?;
            return Ok(rows.iter_mut().map(|row| row.take(1)).collect::<Result<_, _>>()?);
        }
        let found = match self.recall(self.spec.digest("without")) {
            Ok(found) => found,
            Err(key) => {
                self.allow_work(key)?;
                let found = Found::Keys(self.all_without(walk).await?.into());
                self.keep(key, &found);
                found
            }
        };
        Ok(found.page::<Stop>(part)?.keys)
    }

    /// All documents in reach that have no value, newest first.
    async fn all_without(&self, walk: &Walk<'_>) -> Result<Vec<i64>, StoreError> {
        let mut with = HashSet::new();
        let mut after: Option<(Vec<u8>, i64)> = None;
        loop {
            let mut statement = walk.select(self.org, "f.value, f.newest, f.document");
            if let Some((value, newest)) = after.take() {
                statement.push_bound(" and (f.value, f.newest) > (", value).push_bound(", ", newest).push(")");
            }
            statement.push(" order by f.value, f.newest").push_bound(" limit ", CHUNK as i64);
            let mut rows = self.rows(statement).await?;
            for row in &mut rows {
                with.insert(row.take::<i64>(2)?);
            }
            if rows.len() < CHUNK {
                break;
            }
            after = rows.last_mut().map(|last| Ok::<_, StoreError>((last.take(0)?, last.take(1)?))).transpose()?;
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
