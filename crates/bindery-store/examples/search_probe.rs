//! Measures searches: fills a database with documents and times every kind of request.
//!
//! `cargo run --release -p bindery-store --example search_probe -- FOLDER DOCUMENTS`; a folder that is filled already
//! is measured again.
#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a measurement that cannot go on has failed"
)]

use std::path::Path;
use std::time::{Duration, Instant};

use bindery_domain::{
    BuiltIn, CheckedSearch, Filter, OrgKey, Scope, SearchRequest, SortKey, Visible, fold,
};
use bindery_store::search::{self, bulk};
use bindery_store::{Query, Store, StoreError, StoreLimits, StoreSettings, Value, migrate, params};

const LARGEST: i64 = 132_149;
const WORDS: [&str; 12] = [
    "Planritning",
    "Sektion",
    "Fasad",
    "Detalj",
    "Kallelse",
    "Protokoll",
    "Besiktning",
    "Ventilation",
    "Brandskydd",
    "Möte",
    "Armering",
    "Åskskydd",
];

#[tokio::main]
async fn main() {
    let mut arguments = std::env::args().skip(1);
    let folder = arguments.next().expect("a folder");
    let documents: i64 = arguments.next().expect("a number of documents").parse().unwrap();
    std::fs::create_dir_all(&folder).unwrap();
    let settings = StoreSettings::Embedded { file: Path::new(&folder).join("bindery.db") };
    let hour = Duration::from_secs(3_600);
    let limits =
        StoreLimits { statement: hour, search: hour, busy: hour, ..StoreLimits::default() };
    let store = Store::open_with(&settings, limits).await.unwrap();
    migrate::migrate(&store).await.unwrap();
    let scope = Scope::own(OrgKey(26));
    if store.query("select 1 from organization", params![]).await.unwrap().is_empty() {
        let started = Instant::now();
        load(&store, documents).await;
        println!("documents        {:>8.1} s", started.elapsed().as_secs_f64());
        let at = Instant::now();
        store.write(|tx| async move { bulk::create_indexes(&tx).await }).await.unwrap();
        println!("indexes          {:>8.1} s", at.elapsed().as_secs_f64());
        let at = Instant::now();
        bulk::fill(&store, &scope, |_| ()).await.unwrap();
        println!("search tables    {:>8.1} s", at.elapsed().as_secs_f64());
        let rate = f64::from(i32::try_from(documents).unwrap()) / started.elapsed().as_secs_f64();
        println!(
            "together         {:>8.1} s, {rate:.0} documents/s",
            started.elapsed().as_secs_f64()
        );
    }
    measure(&store, scope).await;
    store.close().await.unwrap();
}

async fn run(store: &Store, rows: Vec<(String, Vec<Value>)>) {
    let written = store.write(move |tx| {
        let rows = rows.clone();
        async move {
            for (sql, values) in rows {
                tx.query(sql, values).await?;
            }
            Ok::<_, StoreError>(())
        }
    });
    written.await.unwrap();
}

/// Binders from the largest down; each has two tabs.
fn sizes(documents: i64) -> Vec<i64> {
    let mut sizes = vec![LARGEST * documents / 1_000_000];
    let mut left = documents - sizes[0];
    let mut next = documents / 20;
    while left > 0 {
        sizes.push(next.min(left));
        left -= next.min(left);
        next = (next * 9 / 10).max(documents / 1_000).max(10);
    }
    sizes
}

async fn load(store: &Store, documents: i64) {
    let org = 26;
    let mut rows = vec![(
        "insert into organization (org, id, name, name_identity, created) values ($1, $2, 'x', 'x', 0)".to_owned(),
        params![org, [1; 16]],
    )];
    let own = [
        ("Number", "string"),
        ("Discipline", "enum"),
        ("Scale", "number"),
        ("Checked", "date"),
        ("Final", "boolean"),
    ];
    let built_in =
        BuiltIn::ALL.into_iter().map(|element| (element.id(), element.data_type().as_str()));
    let mut values = Vec::new();
    for (key, (id, data_type)) in (1..).zip(built_in.chain(own)) {
        rows.push((
            "insert into element (element, org, id, data_type) values ($1, $2, $3, $4)".to_owned(),
            params![key, org, id, data_type],
        ));
        let ids: &[&str] = match id {
            "GLOBAL_Category" => &["c0", "c1", "c2", "c3", "c4", "c5", "c6", "c7"],
            "GLOBAL_Status" => &["active", "archived"],
            "Discipline" => &["d0", "d1", "d2", "d3", "d4", "d5"],
            _ => &[],
        };
        for id in ids {
            let value = i64::try_from(values.len()).unwrap() + 1;
            values.push((key, value, *id));
            rows.push((
                "insert into value (value, org, element, id) values ($1, $2, $3, $4)".to_owned(),
                params![value, org, key, *id],
            ));
        }
    }
    let sizes = sizes(documents);
    for binder in (1..).zip(&sizes).map(|(binder, _)| binder) {
        let id = format!("Binder{binder:03}");
        rows.push((
            "insert into binder (binder, org, id, name, name_identity, name_order, type, created) \
             values ($1, $2, $3, $3, $3, x'', 'project', 0)"
                .to_owned(),
            params![binder, org, id.as_str()],
        ));
        for (key, (id, _)) in (11..).zip(own) {
            rows.push((
                "insert into binder_element (org, binder, element, label, required, position) values ($1, $2, $3, $4, 0, $3)".to_owned(),
                params![org, binder, key, id],
            ));
        }
        for (element, value, id) in &values {
            rows.push((
                "insert into allowed_value (org, binder, element, value, label, position) values ($1, $2, $3, $4, $5, 0)".to_owned(),
                params![org, binder, *element, *value, format!("Label {id}")],
            ));
        }
        for tab in 0..2 {
            let mut id = [2; 16];
            id[..8].copy_from_slice(&(binder * 2 + tab).to_be_bytes());
            rows.push((
                "insert into folder (folder, org, id, binder, name, name_identity, type, position, created) \
                 values ($1, $2, $3, $4, 'x', 'x', 'drawings', 0, 0)".to_owned(),
                params![binder * 2 + tab, org, id, binder],
            ));
        }
    }
    run(store, rows).await;
    store.write(|tx| async move { bulk::drop_indexes(&tx).await }).await.unwrap();
    let ends: Vec<i64> = sizes
        .iter()
        .scan(0, |sum, size| {
            *sum += size;
            Some(*sum)
        })
        .collect();
    let mut document = 0;
    while document < documents {
        let mut rows = Vec::new();
        let end = (document + 20_000).min(documents);
        while document < end {
            document += 1;
            // Spread over the binders by a permutation, as if they had been made side by side.
            let place = (document - 1) * 611_953 % documents;
            let binder = i64::try_from(ends.partition_point(|end| *end <= place)).unwrap() + 1;
            rows.push((INSERT.to_owned(), document_row(document, binder)));
        }
        run(store, rows).await;
    }
}

const INSERT: &str = "insert into document (document, org, id, binder, tab, folder, newest, name, name_identity, \
    name_search, name_order, created_by, latest, latest_id, latest_label, versions, greatest_label, metadata, modified) \
    values ($1, 26, $2, $3, $4, $4, $5, $6, $7, $8, $9, 'erp-sync', $1, $2, $10, 1, 0, $11, 0)";

fn document_row(document: i64, binder: i64) -> Vec<Value> {
    let random = |n: u64, salt: u64| -> i64 {
        let mixed = (document.cast_unsigned() + 1)
            .wrapping_mul(0x9e37_79b9_7f4a_7c15)
            .wrapping_add(salt)
            .wrapping_mul(0xbf58_476d_1ce4_e5b9);
        i64::try_from((mixed >> 33) % n).unwrap()
    };
    let word = |salt| WORDS[usize::try_from(random(12, salt)).unwrap()];
    let name = format!("A-40-{}-{document:07} {} {}.pdf", random(9, 1), word(2), word(3));
    let mut metadata = vec![
        ("GLOBAL_Category", format!("c{}", random(8, 4))),
        ("GLOBAL_Status", if random(10, 5) == 0 { "archived" } else { "active" }.to_owned()),
        (
            "GLOBAL_Date",
            format!("20{:02}-{:02}-{:02}", random(25, 6), 1 + random(12, 7), 1 + random(28, 8)),
        ),
        ("Number", format!("A-{}-{:05}", random(90, 9), random(50_000, 10))),
        ("Discipline", format!("d{}", random(6, 11))),
        ("Scale", format!("{}", random(400, 12))),
    ];
    if random(10, 13) == 0 {
        metadata
            .push(("Checked", format!("2024-{:02}-{:02}", 1 + random(12, 14), 1 + random(28, 15))));
    }
    metadata.push(("Final", if random(3, 16) == 0 { "true" } else { "false" }.to_owned()));
    let metadata: Vec<String> = metadata
        .into_iter()
        .map(|(id, value)| format!(r#"{{"metadataElementId":"{id}","valueId":"{value}"}}"#))
        .collect();
    let mut id = [0; 16];
    id[..8].copy_from_slice(&random(u64::MAX, 17).to_be_bytes());
    id[8..].copy_from_slice(&document.to_be_bytes());
    params![
        document,
        id,
        binder,
        binder * 2 + random(2, 18),
        -1_700_000_000_000_000 - document * 1_000,
        name.as_str(),
        fold::identity(&name),
        fold::search(&name),
        fold::order(&name),
        format!("{}", 1 + random(6, 19)),
        format!("[{}]", metadata.join(","))
    ]
}

fn request(
    filters: &[(&str, &str)],
    term: &str,
    sort: &[(&str, &str)],
    page: i64,
    size: i64,
) -> CheckedSearch {
    SearchRequest {
        filters: filters
            .iter()
            .map(|(element, value)| Filter {
                element: (*element).into(),
                value_id: Some((*value).into()),
                value: None,
            })
            .collect(),
        sort: sort
            .iter()
            .map(|(element, direction)| SortKey {
                element: (*element).into(),
                direction: Some((*direction).into()),
            })
            .collect(),
        term: Some(term.into()),
        page_number: Some(page),
        page_size: Some(size),
    }
    .check()
    .unwrap()
}

async fn measure(store: &Store, scope: Scope) {
    let large = ("GLOBAL_BinderId", "Binder001");
    let small = ("GLOBAL_BinderId", "Binder060");
    let cases = [
        ("default order", request(&[], "", &[], 1, 50)),
        ("default order, page 1000", request(&[], "", &[], 1000, 50)),
        ("default order, page of 1000", request(&[], "", &[], 1, 1000)),
        ("default order, largest binder", request(&[large], "", &[], 1, 50)),
        ("largest binder, page 1000", request(&[large], "", &[], 1000, 50)),
        ("small binder", request(&[small], "", &[], 1, 50)),
        ("filter, largest binder", request(&[large, ("Discipline", "d2")], "", &[], 1, 50)),
        ("filter by number, largest binder", request(&[large, ("Scale", "17")], "", &[], 1, 50)),
        (
            "two filters, largest binder",
            request(&[large, ("Discipline", "d2"), ("GLOBAL_Status", "archived")], "", &[], 1, 50),
        ),
        (
            "two filters, organization",
            request(&[("GLOBAL_Category", "c3"), ("GLOBAL_Status", "archived")], "", &[], 1, 50),
        ),
        (
            "two common filters, page 1000",
            request(&[("GLOBAL_Category", "c3"), ("GLOBAL_Status", "active")], "", &[], 1000, 50),
        ),
        ("own filter, organization", request(&[("Scale", "17")], "", &[], 1, 50)),
        ("own common filter, organization", request(&[("Discipline", "d1")], "", &[], 1, 50)),
        ("rare term", request(&[], "0012345", &[], 1, 50)),
        ("rare term, largest binder", request(&[large], "0012345", &[], 1, 50)),
        ("common term", request(&[], "brandskydd", &[], 1, 50)),
        ("common term, page 1000", request(&[], "brandskydd", &[], 1000, 50)),
        ("common term, largest binder", request(&[large], "brandskydd", &[], 1, 50)),
        ("two words", request(&[], "brandskydd åskskydd", &[], 1, 50)),
        ("two letters", request(&[], "mö", &[], 1, 50)),
        ("two letters, rare", request(&[], "zq", &[], 1, 50)),
        (
            "term and filter, largest binder",
            request(&[large, ("Discipline", "d2")], "brandskydd", &[], 1, 50),
        ),
        ("sort by text up, largest binder", request(&[large], "", &[("Number", "asc")], 1, 50)),
        ("sort by text down, largest binder", request(&[large], "", &[("Number", "desc")], 1, 50)),
        ("sort by number down, page 1000", request(&[large], "", &[("Scale", "desc")], 1000, 50)),
        ("sort by enum, largest binder", request(&[large], "", &[("Discipline", "desc")], 1, 50)),
        ("sort by enum, page 1000", request(&[large], "", &[("Discipline", "desc")], 1000, 50)),
        ("sort, 90 % empty, up", request(&[large], "", &[("Checked", "asc")], 1, 50)),
        ("sort, 90 % empty, down", request(&[large], "", &[("Checked", "desc")], 1, 50)),
        ("sort, 90 % empty, page 1000", request(&[large], "", &[("Checked", "asc")], 1000, 50)),
        ("sort by file name, organization", request(&[], "", &[("GLOBAL_FileName", "asc")], 1, 50)),
        ("by category, organization", request(&[("GLOBAL_Category", "c3")], "", &[], 1, 50)),
        ("by category, page 1000", request(&[("GLOBAL_Category", "c3")], "", &[], 1000, 50)),
        ("sort by category, organization", request(&[], "", &[("GLOBAL_Category", "asc")], 1, 50)),
        ("sort by category, page 1000", request(&[], "", &[("GLOBAL_Category", "desc")], 1000, 50)),
        (
            "filter and sort, largest binder",
            request(&[large, ("Discipline", "d2")], "", &[("Number", "asc")], 1, 50),
        ),
        ("rare term and sort", request(&[], "0012345", &[("GLOBAL_Date", "asc")], 1, 50)),
        (
            "two sort keys, largest binder",
            request(&[large], "", &[("Discipline", "asc"), ("Scale", "desc")], 1, 50),
        ),
        ("own sort, organization", request(&[], "", &[("Scale", "asc")], 1, 50)),
    ];
    println!(
        "{:<36} {:>9} {:>9} {:>9} {:>9} {:>9} {:>9}",
        "milliseconds", "total", "cold", "least", "p50", "p99", "8 p99"
    );
    for (name, request) in &cases {
        let mut cold = Vec::new();
        for _ in 0..3 {
            let bump = "insert into change_number (org, binder, n) select 26, binder, 1 from (select 0 as binder union all \
                select binder from binder) b where true on conflict (org, binder) do update set n = change_number.n + 1";
            run(store, vec![(bump.to_owned(), params![])]).await;
            cold.push(once(store, scope, request).await.0);
        }
        let mut warm = Vec::new();
        let mut total = 0;
        for _ in 0..200 {
            let (took, found) = once(store, scope, request).await;
            warm.push(took);
            total = found;
        }
        let clients = (0..8).map(|_| {
            let (store, request) = (store.clone(), request.clone());
            tokio::spawn(async move {
                let mut took = Vec::new();
                for _ in 0..60 {
                    took.push(once(&store, scope, &request).await.0);
                }
                took
            })
        });
        let mut crowd = Vec::new();
        for client in clients.collect::<Vec<_>>() {
            crowd.extend(client.await.unwrap());
        }
        println!(
            "{name:<36} {total:>9} {:>9.2} {:>9.2} {:>9.2} {:>9.2} {:>9.2}",
            percentile(&mut cold, 50),
            percentile(&mut warm, 0),
            percentile(&mut warm, 50),
            percentile(&mut warm, 99),
            percentile(&mut crowd, 99)
        );
    }
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    for line in
        status.lines().filter(|line| line.starts_with("RssAnon") || line.starts_with("VmHWM"))
    {
        println!("{line}");
    }
}

async fn once(store: &Store, scope: Scope, request: &CheckedSearch) -> (f64, i64) {
    let at = Instant::now();
    let page = search::run(store, &scope, &Visible::All, request).await.unwrap();
    (at.elapsed().as_secs_f64() * 1_000.0, page.total)
}

fn percentile(of: &mut [f64], percent: usize) -> f64 {
    of.sort_by(f64::total_cmp);
    of[(of.len() * percent / 100).min(of.len() - 1)]
}
