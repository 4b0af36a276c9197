//! One search under way: the choice of the way to answer it.

use std::ops::Range;

use bindery_domain::{DataType, Scope};

use super::collect::Matches;
use super::driver::Driver;
use super::limits::{MARK_EVERY, SHALLOW};
use super::memory::{Found, KeyPage, MemoryKey, SearchMemory, mark_before, place};
use super::spec::{FacetPlace, FacetTest, Order, OrderBy, Reach, Spec, Test, digest};
use super::statement::Statement;
use super::walk::Walk;
use super::{SearchError, index};
use crate::{Query, Row, Snapshot, StoreError, changes, params};

/// Why a search stops before it has an answer.
pub(super) enum Stop {
    /// It needs work that is done once and remembered under this key; come again allowed to do it.
    Work(MemoryKey),
    /// It failed.
    Failed(SearchError),
}

impl Stop {
    pub(super) fn into_error(self) -> SearchError {
        match self {
            Self::Failed(error) => error,
            // Only a search that may not work stops for work.
            Self::Work(_) => {
                StoreError::Corrupt("a search stopped for work that it may do".to_owned()).into()
            }
        }
    }
}

impl From<StoreError> for Stop {
    fn from(error: StoreError) -> Self {
        Self::Failed(error.into())
    }
}

impl From<SearchError> for Stop {
    fn from(error: SearchError) -> Self {
        Self::Failed(error)
    }
}

/// A search under way on one state of the database.
pub(super) struct Finder<'a> {
    pub(super) db: &'a Snapshot,
    pub(super) scope: &'a Scope,
    pub(super) org: i64,
    /// The organization in the trigram index.
    pub(super) token: String,
    pub(super) spec: &'a Spec,
    /// How many documents are in reach.
    pub(super) size: i64,
    memory: &'a SearchMemory,
    change: i64,
    may_work: bool,
}

impl<'a> Finder<'a> {
    pub(super) async fn new(
        db: &'a Snapshot,
        memory: &'a SearchMemory,
        scope: &'a Scope,
        spec: &'a Spec,
        may_work: bool,
    ) -> Result<Self, Stop> {
        let org = scope.owner().0;
        let row = db.query_opt(changes::NUMBER, params![org, spec.reach.binder()]).await?;
        let change = row.map_or(Ok(0), |mut row| row.take(0))?;
        let token = index::org_token(scope);
        let mut finder = Self { db, scope, org, token, spec, size: 0, memory, change, may_work };
        finder.size = finder.count_reach().await?;
        Ok(finder)
    }

    /// The page that begins after `offset` documents.
    pub(super) async fn page(&self, offset: i64, size: i64) -> Result<KeyPage, Stop> {
        let page = offset..offset.saturating_add(size);
        match self.spec.order.as_slice() {
            [] => self.newest_first(page).await,
            [order] if self.spec.tests.is_empty() => match Walk::of(self.spec.reach, order) {
                Some(walk) => self.walked(&walk, page).await,
                None => self.arranged(page).await,
            },
            _ => self.arranged(page).await,
        }
    }

    /// The key under which an answer is remembered, and the answer if it is.
    pub(super) fn recall(&self, question: [u8; 16]) -> (MemoryKey, Option<Found>) {
        let key = MemoryKey {
            org: self.org,
            binder: self.spec.reach.binder(),
            change: self.change,
            digest: question,
        };
        (key, self.memory.get(&key))
    }

    /// Goes on only when long work is allowed.
    pub(super) fn allow_work(&self, key: MemoryKey) -> Result<(), Stop> {
        if self.may_work { Ok(()) } else { Err(Stop::Work(key)) }
    }

    pub(super) fn keep(&self, key: MemoryKey, found: &Found) {
        self.memory.keep(key, found.clone());
    }

    pub(super) async fn rows(&self, statement: Statement) -> Result<Vec<Row>, StoreError> {
        let (sql, values) = statement.into_parts();
        self.db.query(sql, values).await
    }

    /// The first column of each row.
    pub(super) async fn numbers(&self, statement: Statement) -> Result<Vec<i64>, StoreError> {
        self.rows(statement).await?.iter_mut().map(|row| row.take(0)).collect()
    }

    /// The one number that a statement yields.
    pub(super) async fn number(&self, statement: Statement) -> Result<i64, StoreError> {
        self.numbers(statement).await?.first().copied().ok_or(StoreError::Column(0))
    }

    /// A number that is quickly counted and remembered all the same.
    pub(super) async fn remembered_number(
        &self,
        question: &str,
        statement: Statement,
    ) -> Result<i64, StoreError> {
        match self.recall(digest(question)) {
            (_, Some(Found::Total(total))) => Ok(total),
            (_, Some(_)) => self.number(statement).await,
            (key, None) => {
                let total = self.number(statement).await?;
                self.keep(key, &Found::Total(total));
                Ok(total)
            }
        }
    }

    async fn count_reach(&self) -> Result<i64, StoreError> {
        let mut statement = Statement::default();
        match self.spec.reach {
            Reach::Folder { .. } => {
                statement
                    .push("select count(*) from document d where ")
                    .push_reach(self.org, self.spec.reach);
            }
            Reach::Organization | Reach::Binder(_) => {
                self.push_count(&mut statement, index::ALL_DOCUMENTS, &[])
            }
        }
        self.remembered_number(&format!("reach {:?}", self.spec.reach), statement).await
    }

    /// The statement that reads from `facet_count` how many documents in reach (no folder) have a value.
    pub(super) fn push_count(&self, statement: &mut Statement, element: i64, value: &[u8]) {
        statement
            .push_bound(
                "select cast(coalesce(sum(n), 0) as bigint) from facet_count where org = ",
                self.org,
            )
            .push_bound(" and element = ", element)
            .push_bound(" and value = ", value);
        if let Reach::Binder(binder) = self.spec.reach {
            statement.push_bound(" and binder = ", binder);
        }
    }

    async fn newest_first(&self, page: Range<i64>) -> Result<KeyPage, Stop> {
        let (driver, total) = match self.spec.tests.as_slice() {
            [] => (Driver::Documents, self.size),
            [Test::Facet(facet)] => match (facet, self.spec.reach) {
                (
                    FacetTest { is_counted: true, place: FacetPlace::One(binder), .. },
                    Reach::Organization | Reach::Binder(_),
                ) => {
                    let mut statement = Statement::default();
                    self.push_count(&mut statement, facet.element, &facet.value);
                    let total =
                        self.remembered_number(&format!("count {facet:?}"), statement).await?;
                    (Driver::Facets { test: 0, binder: *binder }, total)
                }
                _ => return self.collected(page).await,
            },
            _ => return self.collected(page).await,
        };
        let (mark, before) = self.newest_mark(driver, page.start.min(total)).await?;
        let rest = page.start - before..page.end - before;
        let keys = self.newest_page(driver, mark, rest, total - before).await?;
        Ok(KeyPage { keys, total })
    }

    /// A mark not far before an offset, and how many documents come before it. Marks are set as pages are turned: so a
    /// page far down is passed over once.
    async fn newest_mark(
        &self,
        driver: Driver,
        offset: i64,
    ) -> Result<(Option<i64>, i64), StoreError> {
        if offset <= SHALLOW {
            return Ok((None, 0));
        }
        let question = self.spec.digest("newest marks");
        let (key, mut marks) = match self.recall(question) {
            (key, Some(Found::Newest(marks))) => (key, marks.to_vec()),
            (key, _) => (key, Vec::new()),
        };
        let known = marks.len();
        while ((marks.len() + 1) * MARK_EVERY) as i64 <= offset {
            let mut statement = driver.select(self.org, &self.token, self.spec);
            if let Some(mark) = marks.last().copied() {
                statement.push(" and ").push(driver.newest()).push_bound(" > ", mark);
            }
            statement.push(" order by ").push(driver.newest());
            statement.push_bound(" limit 1 offset ", MARK_EVERY as i64 - 1);
            match self.numbers(statement).await?.first() {
                Some(mark) => marks.push(*mark),
                None => break,
            }
        }
        if marks.len() > known {
            self.keep(key, &Found::Newest(marks.as_slice().into()));
        }
        Ok(mark_before(&marks, offset))
    }

    /// A page of a driver's documents in the order of their making, begun after a mark where there is one.
    pub(super) async fn newest_page(
        &self,
        driver: Driver,
        mark: Option<i64>,
        page: Range<i64>,
        total: i64,
    ) -> Result<Vec<i64>, StoreError> {
        if page.start >= total {
            return Ok(Vec::new());
        }
        let mut statement = driver.select(self.org, &self.token, self.spec);
        if let Some(mark) = mark {
            statement.push(" and ").push(driver.newest()).push_bound(" > ", mark);
        }
        statement.push(" order by ").push(driver.newest());
        statement.push_bound(" limit ", page.end - page.start).push_bound(" offset ", page.start);
        let mut rows = self.rows(statement).await?;
        rows.iter_mut().map(|row| row.take(1)).collect()
    }

    /// What matches, newest first: found once, remembered.
    async fn collected(&self, page: Range<i64>) -> Result<KeyPage, Stop> {
        let found = match self.recall(self.spec.digest("newest")) {
            (_, Some(found)) => found,
            (key, None) => {
                self.allow_work(key)?;
                let found = self.collect().await?.into_found();
                self.keep(key, &found);
                found
            }
        };
        match found {
            Found::Marks { total, first, .. } if page.end <= first.len() as i64 => {
                Ok(KeyPage { keys: first[place(page.start)..place(page.end)].to_vec(), total })
            }
            Found::Marks { total, driver, marks, .. } => {
                let (mark, before) = mark_before(&marks, page.start);
                let rest = page.start - before..page.end - before;
                let keys = self.newest_page(driver, mark, rest, total - before).await?;
                Ok(KeyPage { keys, total })
            }
            found => found.page(page),
        }
    }

    /// What matches, in the order asked for: found and put in order once, remembered.
    async fn arranged(&self, page: Range<i64>) -> Result<KeyPage, Stop> {
        let found = match self.recall(self.spec.digest("arranged")) {
            (_, Some(found)) => found,
            (key, None) => {
                self.allow_work(key)?;
                let matches: Matches = self.collect_all().await?;
                let found = Found::Keys(self.arrange(matches).await?.into());
                self.keep(key, &found);
                found
            }
        };
        found.page(page)
    }

    /// Walks the facets of one element.
    async fn walked(&self, walk: &Walk<'_>, page: Range<i64>) -> Result<KeyPage, Stop> {
        if page.start >= self.size {
            return Ok(KeyPage { keys: Vec::new(), total: self.size });
        }
        let keys = match (walk.binders, walk.data_type) {
            ([binder], DataType::Enum | DataType::Boolean) => match self.groups(walk).await? {
                Some(groups) => Some(self.walk_groups(walk, *binder, &groups, page.clone()).await?),
                None => None,
            },
            ([binder], _) => self.walk_values(walk, *binder, page.clone()).await?,
            (_, DataType::Enum) => None,
            _ => match self.recall(self.spec.digest("arranged")) {
                (_, Some(_)) => None,
                _ => self.merge_values(walk, page.clone()).await?,
            },
        };
        match keys {
            Some(keys) => Ok(KeyPage { keys, total: self.size }),
            None => self.arranged(page).await,
        }
    }
}

impl<'a> Walk<'a> {
    /// The walk that answers an order, where facets do.
    fn of(reach: Reach, order: &'a Order) -> Option<Self> {
        let OrderBy::Element { element, id, data_type, place, is_always_set } = &order.by else {
            return None;
        };
        // Facets do not say in which folder a document is.
        let is_walkable = !matches!(reach, Reach::Folder { .. });
        is_walkable.then_some(Self {
            element: *element,
            id,
            data_type: *data_type,
            binders: place.binders(),
            is_always_set: *is_always_set,
            is_descending: order.is_descending,
        })
    }
}
