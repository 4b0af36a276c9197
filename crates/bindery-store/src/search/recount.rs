//! Whether the counters of the search say what a count of the rows says.

use bindery_domain::Scope;

use crate::{Query, StoreError, params};

/// What `facet_count` holds, and what it should hold, as rows of the same shape.
macro_rules! difference {
    ($first:literal, $second:literal) => {
        concat!(
            "with kept as (select element, value, binder, tab, cast(sum(n) as bigint) as n from facet_count ",
            "where org = $1 group by element, value, binder, tab having sum(n) <> 0), ",
            "counted as (select 0 as element, $2 as value, binder, tab, count(*) as n from document ",
            "where org = $1 and trashed_at is null and trashed_by is null group by binder, tab ",
            "union all select f.element, f.value, f.binder, f.tab, count(*) from facet f ",
            "join element e on e.org = f.org and e.element = f.element ",
            "where f.org = $1 and f.binder <> 0 and e.data_type in ('enum', 'boolean') ",
            "group by f.element, f.value, f.binder, f.tab) ",
            "select count(*) from (select element, value, binder, tab, n from ",
            $first,
            " except select element, value, binder, tab, n from ",
            $second,
            ") as difference"
        )
    };
}
const NOT_COUNTED: &str = difference!("kept", "counted");
const NOT_KEPT: &str = difference!("counted", "kept");

/// How many counters differ from a count of the rows. Give it a snapshot: both must speak of one moment.
///
/// # Errors
/// As the engine.
pub async fn wrong_counters(db: &impl Query, scope: &Scope) -> Result<i64, StoreError> {
    let mut wrong = 0;
    for sql in [NOT_COUNTED, NOT_KEPT] {
        let row = db.query_opt(sql, params![scope.owner(), Vec::new()]).await?;
        wrong += row.map_or(Ok(0), |mut row| row.take::<i64>(0))?;
    }
    Ok(wrong)
}
