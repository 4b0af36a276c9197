//! The dashboard for Grafana.

use std::collections::BTreeSet;

use bindery_testkit::{Organization, Proxy, S3Place, S3Server, Server, ServerOptions, Trouble};
use serde_json::Value;

use super::read;
use crate::support::PROGRAM;

/// Every expression of every panel.
fn expressions(dashboard: &Value) -> Vec<String> {
    let panels = dashboard["panels"].as_array().unwrap();
    let targets = panels.iter().flat_map(|panel| panel["targets"].as_array().unwrap());
    targets.map(|target| target["expr"].as_str().unwrap().to_owned()).collect()
}

/// The metrics that expressions name.
fn named(expressions: &[String]) -> BTreeSet<String> {
    let is_part = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let words = expressions.iter().flat_map(|text| text.split(move |c| !is_part(c)));
    words.filter(|word| word.starts_with("bindery_")).map(str::to_owned).collect()
}

/// What a server measures that has done a bit of everything, as names, and names with the labels they have.
async fn measured() -> (BTreeSet<String>, String) {
    let storage = S3Server::shared().place();
    let proxy = Proxy::start(&storage.endpoint);
    let env = storage.by(&proxy.endpoint()).environment(&S3Place::prefix());
    let args = vec!["--download-access".to_owned(), "proxied".to_owned()];
    let server = Server::start(PROGRAM, ServerOptions { args, env, ..Default::default() });
    let organization = Organization::new(&server);
    let version = organization.document("a.pdf", &[]).await;
    let url = version["downloadUrl"].as_str().unwrap();
    organization.anonymous().get(url).await.expect(200);
    proxy.make(Trouble::Refuses);
    organization.anonymous().get(url).await.problem(503);
    // Another server, since only files have an end.
    let files = Server::start(PROGRAM, ServerOptions::default());
    let of_files = Organization::new(&files).anonymous().get("/metrics").await.expect(200).body;
    let of_s3 = organization.anonymous().get("/metrics").await.expect(200).body;
    let text = [of_files, of_s3].map(|text| String::from_utf8(text).unwrap()).concat();
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    let names = lines.filter_map(|line| line.split(['{', ' ']).next()).map(str::to_owned);
    (names.collect(), text.clone())
}

#[tokio::test]
async fn every_metric_and_label_that_it_shows_is_measured() {
    let dashboard: Value = serde_json::from_str(&read("grafana/bindery.json")).unwrap();
    let expressions = expressions(&dashboard);
    assert!(expressions.len() >= 12);
    let (measured, text) = measured().await;
    let named = named(&expressions);
    assert!(named.len() >= 10, "{named:?}");
    for metric in &named {
        assert!(measured.contains(metric), "{metric} is not measured: {measured:?}");
    }
    for expression in &expressions {
        let Some(labels) = expression.split(" by (").nth(1) else { continue };
        for label in labels.split(')').next().unwrap().split(", ").filter(|label| *label != "job") {
            let metric = named.iter().find(|metric| expression.contains(*metric)).unwrap();
            let has =
                |line: &str| line.starts_with(metric) && line.contains(&format!("{label}=\""));
            assert!(text.lines().any(has), "{metric} has no {label}: {expression}");
        }
    }
}

#[test]
fn panels_have_titles_places_and_numbers_of_their_own() {
    let dashboard: Value = serde_json::from_str(&read("grafana/bindery.json")).unwrap();
    let mut seen = BTreeSet::new();
    for panel in dashboard["panels"].as_array().unwrap() {
        assert!(!panel["title"].as_str().unwrap().is_empty());
        let place = &panel["gridPos"];
        let corner = (place["x"].as_u64().unwrap(), place["y"].as_u64().unwrap());
        assert!(seen.insert((panel["id"].as_u64().unwrap(), 0)), "{panel}");
        assert!(seen.insert((corner.0 + 1_000, corner.1)), "{panel}");
        assert!(corner.0 + place["w"].as_u64().unwrap() <= 24);
    }
}
