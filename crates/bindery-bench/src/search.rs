//! Searches: each kind at one connection (p50) and all kinds together at eight (p99).

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use serde_json::{Value, json};

use crate::http::Connection;
use crate::load::{self, Measured};
use crate::report::Report;
use crate::server::Server;

/// Calls of each kind.
const CALLS: usize = 200;
const LENGTH: Duration = Duration::from_secs(8);

/// How long answers may take, in milliseconds and in words.
pub(crate) struct Limits {
    /// The median of most kinds.
    pub(crate) usual: (f64, &'static str),
    /// The median of a page of 1,000 and of page number 1,000.
    pub(crate) large: (f64, &'static str),
    /// The 99th percentile of all kinds at eight connections; not judged without one.
    pub(crate) together: Option<(f64, &'static str)>,
}

/// Those of the embedded database.
pub(crate) const EMBEDDED: Limits =
    Limits { usual: (3.0, "3 ms"), large: (10.0, "10 ms"), together: Some((40.0, "40 ms")) };

/// What is asked.
struct Kind {
    name: &'static str,
    is_large: bool,
    requests: Vec<Vec<u8>>,
}

/// Measures every kind; `name` is what the rows begin with.
pub(crate) async fn measure(
    server: &Server,
    name: &str,
    limits: &Limits,
    report: &mut Report,
) -> anyhow::Result<()> {
    let kinds = kinds(server).await?;
    let mut connection = Connection::open(&server.address).await?;
    for kind in &kinds {
        let mut times = Vec::new();
        let begun = Instant::now();
        let mut first = Duration::ZERO;
        for n in 0..CALLS {
            let took = timed(&mut connection, kind, n).await?;
            first = if n == 0 { took } else { first };
            times.push(took);
        }
        let measured = Measured::new(times, begun.elapsed());
        let (p50, p99) = (measured.percentile(50), measured.percentile(99));
        let figure = format!("{p50:.2} ms (p99 {p99:.1}, first {:.1})", first.as_secs_f64() * 1e3);
        let (most, target) = if kind.is_large { limits.large } else { limits.usual };
        report.judged(format!("{name}: {}, p50", kind.name), figure, target, p50 <= most);
    }
    let all = kinds.into_iter().flat_map(|kind| kind.requests).collect();
    let together = load::run(&server.address, 8, LENGTH, Arc::new(all)).await?;
    let (p99, rate) = (together.percentile(99), together.per_second());
    let what = format!("{name}: all kinds, 8 connections, p99");
    let figure = format!("{p99:.1} ms ({rate:.0}/s)");
    match limits.together {
        Some((most, target)) => report.judged(what, figure, target, p99 < most),
        None => report.told(what, figure),
    }
    Ok(())
}

/// How much slower the larger demonstration is: both servers are asked in turn, so that a machine that changes its pace
/// does so for both.
pub(crate) async fn growth(
    small: &Server,
    large: &Server,
    report: &mut Report,
) -> anyhow::Result<()> {
    let mut connections =
        (Connection::open(&small.address).await?, Connection::open(&large.address).await?);
    for (of_small, of_large) in kinds(small).await?.iter().zip(&kinds(large).await?) {
        let (mut smalls, mut larges) = (Vec::new(), Vec::new());
        let begun = Instant::now();
        for n in 0..CALLS {
            smalls.push(timed(&mut connections.0, of_small, n).await?);
            larges.push(timed(&mut connections.1, of_large, n).await?);
        }
        let wall = begun.elapsed();
        let [small, large] =
            [smalls, larges].map(|times| Measured::new(times, wall).percentile(50));
        let ratio = large / small;
        report.judged(
            format!("search growth: {}", of_large.name),
            format!("{ratio:.2} x ({small:.2} to {large:.2} ms)"),
            "under 1.5 x",
            ratio < 1.5,
        );
    }
    Ok(())
}

/// The time of the call number `n` of a kind.
async fn timed(connection: &mut Connection, kind: &Kind, n: usize) -> anyhow::Result<Duration> {
    let sent = Instant::now();
    let answer = connection.call(&kind.requests[n % kind.requests.len()]).await?;
    if answer.status != 200 {
        bail!("{}: {} {}", kind.name, answer.status, String::from_utf8_lossy(&answer.body));
    }
    Ok(sent.elapsed())
}

async fn kinds(server: &Server) -> anyhow::Result<Vec<Kind>> {
    let largest = largest_binder(server).await?;
    let id = largest["id"].as_str().context("a binder without an id")?;
    let in_largest = json!({ "metadataElementId": "GLOBAL_BinderId", "valueId": id });
    let enums = enumerated(&largest);
    let [first, second, ..] = &enums[..] else {
        bail!("the largest binder needs two enumerated elements")
    };
    let in_binder =
        |filters: Vec<Value>| Value::Array([vec![in_largest.clone()], filters].concat());
    let filter = |(element, value): &(String, String)| json!({ "metadataElementId": element, "valueId": value });
    let search = |query: &str, filters: Value, sort: Value| server.search(query, &filters, &sort);
    let term = |text: &str| format!("?searchTerm={text}");
    let sort = |element: &str, direction: &str| json!([{ "metadataElementId": element, "direction": direction }]);
    let none = Value::Null;

    let one: Vec<_> = first
        .iter()
        .map(|value| search("", in_binder(vec![filter(value)]), none.clone()))
        .collect();
    let two = first.iter().flat_map(|a| second.iter().map(move |b| (a, b)));
    let two: Vec<_> =
        two.map(|(a, b)| search("", in_binder(vec![filter(a), filter(b)]), none.clone())).collect();
    let categories = categories(server);
    let category =
        |value: &String| json!([{ "metadataElementId": "GLOBAL_Category", "valueId": value }]);
    let mut kinds = vec![
        kind("default order", vec![search("", none.clone(), none.clone())]),
        kind("filter in the largest binder", one),
        kind("two filters in the largest binder", two),
        kind(
            "rare term",
            ["A-40.1-1107", "K-20.6-0007", "V-57.1-1107"]
                .map(|text| search(&term(text), none.clone(), none.clone()))
                .to_vec(),
        ),
        kind(
            "common term",
            ["plan", "hus", "pdf"]
                .map(|text| search(&term(text), none.clone(), none.clone()))
                .to_vec(),
        ),
        kind(
            "two-letter term",
            ["pl", "hu", "A-"].map(|text| search(&term(text), none.clone(), none.clone())).to_vec(),
        ),
        kind(
            "organization-wide by category (filter)",
            categories.iter().map(|value| search("", category(value), none.clone())).collect(),
        ),
        kind(
            "organization-wide by category (sort)",
            ["asc", "desc"]
                .map(|way| search("", none.clone(), sort("GLOBAL_Category", way)))
                .to_vec(),
        ),
    ];
    for (element, data_type) in own(&largest) {
        let name: &'static str =
            format!("sort by {element} ({data_type}) in the largest binder").leak();
        kinds.push(kind(
            name,
            ["asc", "desc"].map(|way| search("", in_binder(vec![]), sort(&element, way))).to_vec(),
        ));
    }
    let large_page = search("?pageSize=1000", none.clone(), none.clone());
    kinds.push(Kind { is_large: true, ..kind("a page of 1000", vec![large_page]) });
    let deep = vec![search("?pageNumber=1000", none.clone(), none.clone())];
    kinds.push(Kind { is_large: true, ..kind("page number 1000", deep) });
    Ok(kinds)
}

fn kind(name: &'static str, requests: Vec<Vec<u8>>) -> Kind {
    Kind { name, is_large: false, requests }
}

async fn largest_binder(server: &Server) -> anyhow::Result<Value> {
    let mut largest = (0, Value::Null);
    for binder in server.organization()["binders"].as_array().into_iter().flatten() {
        let filter = json!([{ "metadataElementId": "GLOBAL_BinderId", "valueId": binder["id"] }]);
        let found =
            server.once(&server.search("?pageSize=1", &filter, &Value::Null)).await?.json()?;
        let count = found["totalCount"].as_u64().unwrap_or(0);
        if count > largest.0 {
            largest = (count, binder.clone());
        }
    }
    Ok(largest.1)
}

/// The binder's own enumerated elements, each with its values, those with the fewest values first.
fn enumerated(binder: &Value) -> Vec<Vec<(String, String)>> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let elements = binder["metadata"].as_array().into_iter().flatten();
    let own = elements.filter(|element| !text(&element["id"]).starts_with("GLOBAL_"));
    let mut lists: Vec<Vec<_>> = own
        .map(|element| {
            let values = element["allowedValues"].as_array().into_iter().flatten();
            values.map(|value| (text(&element["id"]), text(&value["id"]))).collect()
        })
        .filter(|values: &Vec<_>| !values.is_empty())
        .collect();
    lists.sort_by_key(Vec::len);
    lists
}

/// The binder's own elements that can be sorted on.
fn own(binder: &Value) -> Vec<(String, String)> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let elements = binder["metadata"].as_array().into_iter().flatten();
    let elements = elements.map(|element| (text(&element["id"]), text(&element["dataType"])));
    elements.filter(|(id, kind)| !id.starts_with("GLOBAL_") && kind != "text").collect()
}

fn categories(server: &Server) -> Vec<String> {
    let binders = server.organization()["binders"].as_array().into_iter().flatten();
    let elements = binders.flat_map(|binder| binder["metadata"].as_array().into_iter().flatten());
    let category = elements.filter(|element| element["id"] == "GLOBAL_Category");
    let values =
        category.flat_map(|element| element["allowedValues"].as_array().into_iter().flatten());
    let mut ids: Vec<_> =
        values.filter_map(|value| value["id"].as_str().map(str::to_owned)).collect();
    ids.sort();
    ids.dedup();
    ids
}
