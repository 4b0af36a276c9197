//! The allowed values of an element in the order of their labels.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use bindery_domain::{BuiltIn, DataType, TypedValue, fold};

use super::finder::Finder;
use super::memory::{Found, ValueGroup};
use super::spec::{Reach, digest};
use super::statement::Statement;
use super::walk::Walk;
use crate::{Query, StoreError, params};

const LABELS: &str = "select a.value, a.binder, a.label from allowed_value a where a.org = $1 and a.binder = $2 and a.element = $3";
const ALL_LABELS: &str =
    "select a.value, a.binder, a.label from allowed_value a where a.org = $1 and a.element = $2";
const BINDERS: &str = "select binder from binder where org = $1 and trashed_at is null";
const VALUE_IDS: &str = "select value, id from value where org = $1 and element = $2";

/// The labels of an element's values.
pub(super) struct Labels {
    /// Order key of the label of a value in a binder.
    by_binder: HashMap<(i64, i64), Vec<u8>>,
    /// Order key of a value's label where the binder does not configure the element.
    default: HashMap<i64, Vec<u8>>,
    /// Whether some binder in reach does not.
    is_default_used: bool,
}

impl Labels {
    /// The order key of a value's label in a binder.
    pub(super) fn order(&self, binder: i64, value: i64) -> Option<&[u8]> {
        self.by_binder.get(&(binder, value)).or_else(|| self.default.get(&value)).map(Vec::as_slice)
    }
}

impl Finder<'_> {
    /// The labels of an element's values in the binders in reach.
    pub(super) async fn labels(&self, element: i64, id: &str) -> Result<Labels, StoreError> {
        let mut rows = match self.spec.reach {
            Reach::Organization => self.db.query(ALL_LABELS, params![self.org, element]).await?,
            reach => self.db.query(LABELS, params![self.org, reach.binder(), element]).await?,
        };
        let mut by_binder = HashMap::new();
        for row in &mut rows {
            let label: String = row.take(2)?;
            by_binder.insert((row.take(1)?, row.take(0)?), fold::order(&label));
        }
        let configured: HashSet<i64> = by_binder.keys().map(|(binder, _)| *binder).collect();
        let is_default_used = match self.spec.reach {
            Reach::Organization => {
                let mut rows = self.db.query(BINDERS, params![self.org]).await?;
                rows.iter_mut().map(|row| row.take(0)).collect::<Result<HashSet<i64>, _>>()?
                    != configured
            }
            _ => configured.is_empty(),
        };
        let mut default = HashMap::new();
        let values = BuiltIn::from_id(id).map_or(&[][..], BuiltIn::default_values);
        if !values.is_empty() {
            for mut row in self.db.query(VALUE_IDS, params![self.org, element]).await? {
                let (key, id): (i64, String) = (row.take(0)?, row.take(1)?);
                if let Some((_, label)) = values.iter().find(|(value, _)| *value == id) {
                    default.insert(key, fold::order(label));
                }
            }
        }
        Ok(Labels { by_binder, default, is_default_used })
    }

    /// The internal keys of an element's value ids.
    pub(super) async fn value_keys(
        &self,
        element: i64,
    ) -> Result<HashMap<String, i64>, StoreError> {
        let mut rows = self.db.query(VALUE_IDS, params![self.org, element]).await?;
        rows.iter_mut().map(|row| Ok((row.take(1)?, row.take(0)?))).collect()
    }

    /// The values of an enumerated or boolean element in ascending order, with their documents. `None` when binders
    /// label a value differently, so that no order of values serves them all.
    pub(super) async fn groups(
        &self,
        walk: &Walk<'_>,
    ) -> Result<Option<Arc<[ValueGroup]>>, StoreError> {
        match self.recall(digest(&format!("groups {}", walk.element))) {
            (_, Some(Found::Groups(groups))) => Ok(groups),
            (_, Some(_)) => Ok(None),
            (key, None) => {
                let groups: Option<Arc<[ValueGroup]>> =
                    self.count_groups(walk).await?.map(Into::into);
                self.keep(key, &Found::Groups(groups.clone()));
                Ok(groups)
            }
        }
    }

    async fn count_groups(&self, walk: &Walk<'_>) -> Result<Option<Vec<ValueGroup>>, StoreError> {
        let values: Vec<(Vec<u8>, Vec<u8>)> = if walk.data_type == DataType::Boolean {
            vec![(vec![0], vec![0]), (vec![1], vec![1])]
        } else {
            match self.labels(walk.element, walk.id).await?.of_all_binders() {
                Some(labels) => labels
                    .into_iter()
                    .map(|(value, order)| (order, TypedValue::enum_sort(value)))
                    .collect(),
                None => return Ok(None),
            }
        };
        let mut groups: BTreeMap<Vec<u8>, ValueGroup> = BTreeMap::new();
        for (order, value) in values {
            let mut statement = Statement::default();
            self.push_count(&mut statement, walk.element, &value);
            let documents = self.number(statement).await?;
            if documents > 0 {
                let group =
                    groups.entry(order).or_insert(ValueGroup { values: Vec::new(), documents: 0 });
                group.values.push(value);
                group.documents += documents;
            }
        }
        Ok(Some(groups.into_values().collect()))
    }
}

impl Labels {
    /// The order key of each value's label, if it is the same in all binders.
    fn of_all_binders(&self) -> Option<HashMap<i64, Vec<u8>>> {
        let mut all = if self.is_default_used { self.default.clone() } else { HashMap::new() };
        for ((_, value), order) in &self.by_binder {
            if all.insert(*value, order.clone()).is_some_and(|before| before != *order) {
                return None;
            }
        }
        Some(all)
    }
}
