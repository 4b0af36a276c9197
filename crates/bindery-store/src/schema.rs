//! A binder's metadata schema, put together from its rows and the built-in elements.

use std::collections::HashMap;
use std::sync::Arc;

use bindery_domain::{AllowedValue, BuiltIn, Element, Schema, Scope};

use crate::{Query, StoreError, params};

// The built-in ids are those between GLOBAL_ and the next letter after its last one.
const ELEMENTS: &str = "select e.element, e.id, e.data_type, b.label, b.required \
    from binder_element b join element e on e.org = b.org and e.element = b.element \
    where b.org = $1 and b.binder = $2 order by b.position, e.id";
pub(crate) const BUILT_IN: &str = "select element, id from element \
    where org = $1 and id >= 'GLOBAL_' and id < 'GLOBAL`'";
const ALLOWED: &str = "select a.element, a.value, v.id, a.label, a.retired_at is not null \
    from allowed_value a join value v on v.org = a.org and v.value = a.value \
    where a.org = $1 and a.binder = $2 order by a.element, a.position, v.id";
const VALUES: &str = "select id, value from value where org = $1 and element = $2";

/// The schema of a binder: the built-in elements as they are configured, then the binder's own in their order.
pub async fn load(db: &impl Query, scope: &Scope, binder: i64) -> Result<Schema, StoreError> {
    let mut allowed = load_allowed(db, scope, binder).await?;
    let (mut configured, own) = load_configured(db, scope, binder, &mut allowed).await?;
    let mut elements = Vec::with_capacity(BuiltIn::ALL.len() + own.len());
    let keys = load_built_in_keys(db, scope).await?;
    for built_in in BuiltIn::ALL {
        let mut element = match configured.remove(&built_in) {
            Some(element) => element,
            None => untouched(built_in, &keys)?,
        };
        if let Some(values) = allowed.remove(&element.key) {
            element.allowed = values;
        }
        if element.allowed.is_empty() {
            element.allowed = load_defaults(db, scope, built_in, element.key).await?;
        }
        elements.push(element);
    }
    elements.extend(own);
    Ok(Schema { elements })
}

/// Remembers schemas by binder. Give it the `schema_change` that stands on the row just read: a schema is loaded
/// again when that number has moved, so a change by any process is in the next answer.
#[derive(Clone)]
pub struct SchemaCache {
    schemas: moka::sync::Cache<(i64, i64), (i64, Arc<Schema>)>,
}

impl SchemaCache {
    /// A cache for at most so many binders.
    #[must_use]
    pub fn new(binders: u64) -> Self {
        Self { schemas: moka::sync::Cache::new(binders) }
    }

    /// The schema of a binder whose row says this `schema_change`.
    pub async fn load(
        &self,
        db: &impl Query,
        scope: &Scope,
        binder: i64,
        schema_change: i64,
    ) -> Result<Arc<Schema>, StoreError> {
        let key = (scope.owner().0, binder);
        if let Some((change, schema)) = self.schemas.get(&key)
            && change == schema_change
        {
            return Ok(schema);
        }
        let schema = Arc::new(load(db, scope, binder).await?);
        self.schemas.insert(key, (schema_change, schema.clone()));
        Ok(schema)
    }
}

impl Default for SchemaCache {
    fn default() -> Self {
        Self::new(1_000)
    }
}

type ByElement = HashMap<i64, Vec<AllowedValue>>;

async fn load_allowed(
    db: &impl Query,
    scope: &Scope,
    binder: i64,
) -> Result<ByElement, StoreError> {
    let mut allowed = ByElement::new();
    for mut row in db.query(ALLOWED, params![scope.owner(), binder]).await? {
        let value = AllowedValue {
            key: row.take(1)?,
            id: row.take(2)?,
            label: row.take(3)?,
            retired: row.take(4)?,
        };
        allowed.entry(row.take(0)?).or_default().push(value);
    }
    Ok(allowed)
}

/// The built-in elements that the binder configures, and its own elements.
async fn load_configured(
    db: &impl Query,
    scope: &Scope,
    binder: i64,
    allowed: &mut ByElement,
) -> Result<(HashMap<BuiltIn, Element>, Vec<Element>), StoreError> {
    let (mut built_in, mut own) = (HashMap::new(), Vec::new());
    for mut row in db.query(ELEMENTS, params![scope.owner(), binder]).await? {
        let key = row.take(0)?;
        let element = Element {
            key,
            id: row.take(1)?,
            data_type: row.take(2)?,
            label: row.take(3)?,
            required: row.take(4)?,
            allowed: allowed.remove(&key).unwrap_or_default(),
        };
        match element.built_in() {
            Some(which) => drop(built_in.insert(which, element)),
            None => own.push(element),
        }
    }
    Ok((built_in, own))
}

async fn load_built_in_keys(
    db: &impl Query,
    scope: &Scope,
) -> Result<HashMap<String, i64>, StoreError> {
    let rows = db.query(BUILT_IN, params![scope.owner()]).await?;
    rows.into_iter().map(|mut row| Ok((row.take(1)?, row.take(0)?))).collect()
}

/// A built-in element that the binder does not configure.
fn untouched(built_in: BuiltIn, keys: &HashMap<String, i64>) -> Result<Element, StoreError> {
    let id = built_in.id();
    let corrupt = || StoreError::Corrupt(format!("the organization has no element {id}"));
    Ok(Element {
        key: *keys.get(id).ok_or_else(corrupt)?,
        id: id.parse().map_err(|_| corrupt())?,
        label: built_in.label().to_owned(),
        data_type: built_in.data_type(),
        required: false,
        allowed: Vec::new(),
    })
}

/// The allowed values of a built-in element until a binder has some of its own.
async fn load_defaults(
    db: &impl Query,
    scope: &Scope,
    built_in: BuiltIn,
    element: i64,
) -> Result<Vec<AllowedValue>, StoreError> {
    let defaults = built_in.default_values();
    if defaults.is_empty() {
        return Ok(Vec::new());
    }
    let rows = db.query(VALUES, params![scope.owner(), element]).await?;
    let keys = rows
        .into_iter()
        .map(|mut row| Ok((row.take(0)?, row.take(1)?)))
        .collect::<Result<HashMap<String, i64>, StoreError>>()?;
    defaults
        .iter()
        .map(|(id, label)| {
            let corrupt = || StoreError::Corrupt(format!("no value {id} of {}", built_in.id()));
            Ok(AllowedValue {
                key: *keys.get(*id).ok_or_else(corrupt)?,
                id: id.parse().map_err(|_| corrupt())?,
                label: (*label).to_owned(),
                retired: false,
            })
        })
        .collect()
}
