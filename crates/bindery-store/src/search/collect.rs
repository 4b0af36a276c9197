//! Finding all that matches: which index to begin with, and reading it to the end.

use super::driver::{Driver, indexed_words, needs_documents, push_names};
use super::finder::Finder;
use super::limits::{CHUNK, FEW_NAMES, FIRST_KEYS, MARK_EVERY, MOST_KEYS, OPEN_COST, WALKED};
use super::memory::Found;
use super::spec::{FacetTest, Reach, Test};
use super::statement::Statement;
use crate::StoreError;

/// What matches, newest first.
pub(super) struct Matches {
    /// `newest` and key of each document.
    pub(super) documents: Vec<(i64, i64)>,
}

/// What matches, newest first; only marks of a long result.
pub(super) enum Collected {
    All(Matches),
    Marked { total: i64, first: Vec<i64>, driver: Driver, marks: Vec<i64> },
}

impl Collected {
    pub(super) fn into_found(self) -> Found {
        match self {
            Self::All(matches) => {
                Found::Keys(matches.documents.into_iter().map(|(_, key)| key).collect())
            }
            Self::Marked { total, first, driver, marks } => {
                Found::Marks { total, first: first.into(), driver, marks: marks.into() }
            }
        }
    }
}

/// The cheapest driver and what it costs, in rows of an index.
struct Choice {
    driver: Driver,
    cost: i64,
}

impl Finder<'_> {
    /// Finds what matches, as much of it as is worth remembering.
    pub(super) async fn collect(&self) -> Result<Collected, StoreError> {
        let driver = self.choose().await?;
        if !driver.is_in_order(self.spec) {
            return Ok(Collected::All(self.gather(driver).await?));
        }
        let mut documents = Vec::new();
        while documents.len() < MOST_KEYS {
            let after = documents.last().map(|(newest, _)| *newest);
            let read = self.read(driver, after, CHUNK).await?;
            let is_last = read.len() < CHUNK;
            documents.extend(read);
            if is_last {
                return Ok(Collected::All(Matches { documents }));
            }
        }
        let mut marks: Vec<i64> = documents
            .chunks_exact(MARK_EVERY)
            .filter_map(|chunk| chunk.last())
            .map(|(newest, _)| *newest)
            .collect();
        let first = documents.iter().take(FIRST_KEYS).map(|(_, key)| *key).collect();
        drop(documents);
        // The documents after the last mark are counted with the next step.
        let mut total = (marks.len() * MARK_EVERY) as i64;
        while let Some(after) = marks.last().copied() {
            let (n, last) = self.step(driver, after).await?;
            total += n;
            if n < MARK_EVERY as i64 {
                break;
            }
            marks.push(last);
        }
        Ok(Collected::Marked { total, first, driver, marks })
    }

    /// Finds all that matches.
    pub(super) async fn collect_all(&self) -> Result<Matches, StoreError> {
        let driver = self.choose().await?;
        if !driver.is_in_order(self.spec) {
            return self.gather(driver).await;
        }
        let mut documents: Vec<(i64, i64)> = Vec::new();
        loop {
            let after = documents.last().map(|(newest, _)| *newest);
            let read = self.read(driver, after, CHUNK).await?;
            let is_last = read.len() < CHUNK;
            documents.extend(read);
            if is_last {
                return Ok(Matches { documents });
            }
        }
    }

    /// Reads the next documents in the order of their making.
    async fn read(
        &self,
        driver: Driver,
        after: Option<i64>,
        most: usize,
    ) -> Result<Vec<(i64, i64)>, StoreError> {
        let mut statement = driver.select(self.org, &self.token, self.spec);
        if let Some(after) = after {
            statement.push(" and ").push(driver.newest()).push_bound(" > ", after);
        }
        statement.push(" order by ").push(driver.newest()).push_bound(" limit ", most as i64);
        self.pairs(statement).await
    }

    /// How many documents come after, up to the next mark, and `newest` of the last of them.
    async fn step(&self, driver: Driver, after: i64) -> Result<(i64, i64), StoreError> {
        let mut statement = driver.select(self.org, &self.token, self.spec);
        statement.prefix("select count(*), coalesce(max(newest), 0) from (");
        statement.push(" and ").push(driver.newest()).push_bound(" > ", after);
        statement.push(" order by ").push(driver.newest());
        statement.push_bound(" limit ", MARK_EVERY as i64).push(") steps");
        let pairs = self.pairs(statement).await?;
        pairs.first().copied().ok_or(StoreError::Column(0))
    }

    /// Reads a driver that has no order, and sorts.
    async fn gather(&self, driver: Driver) -> Result<Matches, StoreError> {
        let mut documents = Vec::new();
        match (driver, driver_place(driver, &self.spec.tests)) {
            (Driver::Facets { test, .. }, Some(facet)) => {
                for binder in facet.place.binders() {
                    let driver = Driver::Facets { test, binder: *binder };
                    documents
                        .extend(self.pairs(driver.select(self.org, &self.token, self.spec)).await?);
                }
            }
            _ => documents = self.pairs(driver.select(self.org, &self.token, self.spec)).await?,
        }
        documents.sort_unstable();
        Ok(Matches { documents })
    }

    async fn pairs(&self, statement: Statement) -> Result<Vec<(i64, i64)>, StoreError> {
        let mut rows = self.rows(statement).await?;
        rows.iter_mut().map(|row| Ok((row.take(0)?, row.take(1)?))).collect()
    }

    /// Chooses what to read: the rarest value, a few names, or all documents in reach.
    async fn choose(&self) -> Result<Driver, StoreError> {
        let mut best = Choice { driver: Driver::Documents, cost: self.size };
        if matches!(self.spec.reach, Reach::Folder { .. }) && self.size <= WALKED {
            return Ok(best.driver);
        }
        for (test, facet) in self.spec.tests.iter().enumerate() {
            let Test::Facet(facet) = facet else { continue };
            let binder = facet.place.binders().first().copied().unwrap_or_default();
            let price = if needs_documents(self.spec, test, binder) { OPEN_COST } else { 1 };
            let n = self.count_facets(facet, best.cost / price).await?;
            if n * price < best.cost {
                best = Choice { driver: Driver::Facets { test, binder }, cost: n * price };
            }
        }
        if best.cost > WALKED && indexed_words(self.spec).next().is_some() {
            let most = (best.cost / 32).max(FEW_NAMES);
            if self.count_names(most + 1).await? <= most {
                best.driver = Driver::Names;
            }
        }
        Ok(best.driver)
    }

    /// How many documents have a value, `most` at most.
    async fn count_facets(&self, facet: &FacetTest, most: i64) -> Result<i64, StoreError> {
        let is_folder = matches!(self.spec.reach, Reach::Folder { .. });
        if facet.is_counted && !is_folder {
            let mut statement = Statement::default();
            self.push_count(&mut statement, facet.element, &facet.value);
            return self.number(statement).await;
        }
        let mut total = 0;
        for binder in facet.place.binders() {
            if total >= most {
                break;
            }
            let mut statement =
                Statement::new("select count(*) from (select 1 from facet f where ");
            statement
                .push_facet("f", self.org, *binder, facet)
                .push_bound(" limit ", most - total)
                .push(") as found");
            total += self.number(statement).await?;
        }
        Ok(total)
    }

    /// How many names of the organization the trigram index finds, `most` at most.
    async fn count_names(&self, most: i64) -> Result<i64, StoreError> {
        let mut statement = Statement::new("select count(*) from (select 1 from ");
        push_names(&mut statement, self.org, &self.token, self.spec);
        statement.push_bound(" limit ", most).push(") as found");
        self.number(statement).await
    }
}

fn driver_place(driver: Driver, tests: &[Test]) -> Option<&FacetTest> {
    match driver {
        Driver::Facets { test, .. } => match tests.get(test) {
            Some(Test::Facet(facet)) => Some(facet),
            _ => None,
        },
        Driver::Documents | Driver::Names => None,
    }
}
