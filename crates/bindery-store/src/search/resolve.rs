//! From the public ids of a request to internal keys, and what is refused on the way.

use std::collections::{BTreeMap, BTreeSet};

use bindery_domain::{
    BuiltIn, CheckedFilter, CheckedSearch, DataType, Direction, FieldErrors, FolderId, TypedValue,
    UNKNOWN_ELEMENT,
};

use super::SearchError;
use super::index::ANY_BINDER;
use super::spec::{FacetPlace, FacetTest, Order, OrderBy, Reach, Spec, Test};
use super::statement::Statement;
use crate::{Query, Snapshot, StoreError, params};

const ELEMENTS: &str = "select e.id, e.element, e.data_type from element e where e.org = ";
const BINDERS_OF_ELEMENT: &str = "select e.binder from binder_element e \
    join binder b on b.binder = e.binder and b.org = e.org \
    where e.org = $1 and e.element = $2 and b.trashed_at is null order by e.binder";
const BINDER: &str = "select binder from binder where org = $1 and id = $2 and trashed_at is null";
const FOLDER: &str = "select folder, binder from folder where org = $1 and id = $2 and trashed_at is null and trashed_by is null";
const VALUE: &str = "select value from value where org = $1 and element = $2 and id = $3";

/// Resolves a request. `None`: nothing can match.
///
/// # Errors
/// A refusal that names each field with an unknown element, a value not of its type, or an order that cannot be.
pub(super) async fn resolve(
    db: &Snapshot,
    org: i64,
    request: &CheckedSearch,
) -> Result<Option<Spec>, SearchError> {
    let mut errors = FieldErrors::default();
    let named = named_binders(db, org, request).await?;
    let known = elements(db, org, request).await?;

    // What the filters say about the place comes first: it decides where the facets of the others are.
    let mut place = Narrowing::default();
    for binder in &named {
        place.narrow_to_binder(*binder);
    }
    let is_in_named = |element: &Known| {
        element.built_in.is_some()
            || named.iter().flatten().all(|binder| element.binders.contains(binder))
    };
    let known_at = |id: &str| known.get(id).filter(|element| is_in_named(element));
    for filter in &request.filters {
        let Some(element) = known_at(filter.element.as_str()) else { continue };
        if element.built_in == Some(BuiltIn::TabId) {
            place.narrow_to_folder(folder(db, org, &filter.wanted).await?);
        } else if element.built_in.is_none() {
            place.narrow_to_any(&element.binders);
        }
    }
    let reach = place.reach();

    let mut tests = BTreeSet::new();
    for filter in &request.filters {
        let Some(element) = known_at(filter.element.as_str()) else {
            errors.add(filter.element_field(), UNKNOWN_ELEMENT);
            continue;
        };
        match element.test(db, org, filter, reach).await? {
            Checked::Test(test) => {
                tests.insert(test);
            }
            Checked::Nothing => place.is_nowhere = true,
            Checked::Placed => {}
            Checked::Refused(why) => errors.add(filter.value_field(), why),
        }
    }
    let mut order = Vec::new();
    for sort in &request.sort {
        match known_at(sort.element.as_str()) {
            None => errors.add(sort.element_field(), UNKNOWN_ELEMENT),
            Some(element) if !element.data_type.is_sortable() => {
                errors.add(sort.element_field(), "is of type text, which cannot be sorted on");
            }
            Some(element) => order.push(Order {
                by: element.order(sort.element.as_str(), reach),
                is_descending: sort.direction == Direction::Descending,
            }),
        }
    }
    errors.into_result()?;
    if place.is_nowhere {
        return Ok(None);
    }
    tests.extend(request.words.iter().map(|word| Test::Word(word.clone())));
    Ok(Some(Spec { reach, tests: tests.into_iter().collect(), order }))
}

/// Where the documents must be, narrowed filter by filter.
#[derive(Default)]
struct Narrowing {
    /// `None`: nothing has been said yet.
    binders: Option<Vec<i64>>,
    folder: Option<(i64, i64)>,
    is_nowhere: bool,
}

impl Narrowing {
    fn narrow_to_binder(&mut self, binder: Option<i64>) {
        self.narrow_to_any(binder.as_slice());
    }

    fn narrow_to_any(&mut self, binders: &[i64]) {
        let left: Vec<i64> = match &self.binders {
            None => binders.to_vec(),
            Some(before) => {
                before.iter().copied().filter(|binder| binders.contains(binder)).collect()
            }
        };
        self.is_nowhere |= left.is_empty();
        self.binders = Some(left);
    }

    fn narrow_to_folder(&mut self, folder: Option<(i64, i64)>) {
        match (folder, self.folder) {
            (None, _) => self.is_nowhere = true,
            (Some(folder), Some(before)) if folder != before => self.is_nowhere = true,
            (Some((folder, binder)), _) => {
                self.folder = Some((folder, binder));
                self.narrow_to_any(&[binder]);
            }
        }
    }

    fn reach(&self) -> Reach {
        match (self.folder, self.binders.as_deref()) {
            (Some((folder, binder)), _) => Reach::Folder { folder, binder },
            (None, Some(&[binder])) => Reach::Binder(binder),
            _ => Reach::Organization,
        }
    }
}

/// An element of the organization.
struct Known {
    built_in: Option<BuiltIn>,
    key: i64,
    data_type: DataType,
    /// The binders that have it; empty for built-in ones, which all have.
    binders: Vec<i64>,
}

/// What became of a filter.
enum Checked {
    Test(Test),
    /// It is said by the place already.
    Placed,
    /// Nothing can match.
    Nothing,
    Refused(String),
}

impl Known {
    async fn test(
        &self,
        db: &Snapshot,
        org: i64,
        filter: &CheckedFilter,
        reach: Reach,
    ) -> Result<Checked, StoreError> {
        let (value, exact) = if self.data_type == DataType::Enum {
            if !filter.has_value_id {
                return Ok(Checked::Refused(
                    "is for free-form elements: an enumerated one takes valueId".to_owned(),
                ));
            }
            let row = db.query_opt(VALUE, params![org, self.key, filter.wanted.as_str()]).await?;
            let Some(mut row) = row else { return Ok(Checked::Nothing) };
            (TypedValue::enum_sort(row.take(0)?), Vec::new())
        } else {
            match self.data_type.parse_value(&filter.wanted) {
                Err(why) => return Ok(Checked::Refused(why)),
                Ok(typed) => match self.built_in {
                    Some(BuiltIn::BinderId | BuiltIn::TabId) => return Ok(Checked::Placed),
                    Some(BuiltIn::TabType) => return Ok(Checked::Test(Test::TabType(typed.text))),
                    _ => (typed.sort, typed.exact),
                },
            }
        };
        let is_counted = matches!(self.data_type, DataType::Enum | DataType::Boolean);
        let place = self.place(reach);
        Ok(Checked::Test(Test::Facet(FacetTest {
            element: self.key,
            value,
            exact,
            place,
            is_counted,
        })))
    }

    fn place(&self, reach: Reach) -> FacetPlace {
        match (reach, self.built_in, self.binders.as_slice()) {
            (Reach::Binder(binder) | Reach::Folder { binder, .. }, _, _) => FacetPlace::One(binder),
            (Reach::Organization, Some(_), _) => FacetPlace::One(ANY_BINDER),
            (Reach::Organization, None, &[binder]) => FacetPlace::One(binder),
            (Reach::Organization, None, binders) => FacetPlace::Each(binders.to_vec()),
        }
    }

    fn order(&self, id: &str, reach: Reach) -> OrderBy {
        match self.built_in {
            Some(BuiltIn::BinderId) => OrderBy::BinderId,
            Some(BuiltIn::TabId) => OrderBy::FolderId,
            Some(BuiltIn::TabType) => OrderBy::TabType,
            built_in => OrderBy::Element {
                element: self.key,
                id: id.to_owned(),
                data_type: self.data_type,
                place: self.place(reach),
                is_always_set: matches!(
                    built_in,
                    Some(BuiltIn::CreatedBy | BuiltIn::Version | BuiltIn::FileName)
                ),
            },
        }
    }
}

/// The binders that filters name; `None` for each that does not exist.
async fn named_binders(
    db: &Snapshot,
    org: i64,
    request: &CheckedSearch,
) -> Result<Vec<Option<i64>>, StoreError> {
    let mut binders = Vec::new();
    for filter in
        request.filters.iter().filter(|filter| filter.element.as_str() == BuiltIn::BinderId.id())
    {
        let row = db.query_opt(BINDER, params![org, filter.wanted.as_str()]).await?;
        binders.push(row.map(|mut row| row.take(0)).transpose()?);
    }
    Ok(binders)
}

async fn folder(db: &Snapshot, org: i64, id: &str) -> Result<Option<(i64, i64)>, StoreError> {
    let Ok(id) = id.parse::<FolderId>() else { return Ok(None) };
    let row = db.query_opt(FOLDER, params![org, id.bytes()]).await?;
    row.map(|mut row| Ok((row.take(0)?, row.take(1)?))).transpose()
}

/// All elements that the request names and the organization has.
async fn elements(
    db: &Snapshot,
    org: i64,
    request: &CheckedSearch,
) -> Result<BTreeMap<String, Known>, StoreError> {
    let ids: BTreeSet<&str> = request
        .filters
        .iter()
        .map(|filter| filter.element.as_str())
        .chain(request.sort.iter().map(|sort| sort.element.as_str()))
        .collect();
    let mut known = BTreeMap::new();
    if ids.is_empty() {
        return Ok(known);
    }
    let mut statement = Statement::default();
    statement.push_bound(ELEMENTS, org).push(" and e.id in (");
    for (n, id) in ids.into_iter().enumerate() {
        statement.push_bound(if n == 0 { "" } else { ", " }, id);
    }
    statement.push(")");
    let (sql, values) = statement.into_parts();
    for mut row in db.query(sql, values).await? {
        let id: String = row.take(0)?;
        let key: i64 = row.take(1)?;
        let data_type: String = row.take(2)?;
        let data_type =
            data_type.parse().map_err(|_| StoreError::Corrupt(format!("data type {data_type}")))?;
        let built_in = BuiltIn::from_id(&id);
        let binders = if built_in.is_some() {
            Vec::new()
        } else {
            let mut rows = db.query(BINDERS_OF_ELEMENT, params![org, key]).await?;
            rows.iter_mut().map(|row| row.take(0)).collect::<Result<_, _>>()?
        };
        // An element that no binder has any more exists nowhere.
        if built_in.is_some() || !binders.is_empty() {
            known.insert(id, Known { built_in, key, data_type, binders });
        }
    }
    Ok(known)
}
