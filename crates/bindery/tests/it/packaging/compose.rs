//! The compose file: the scale-out shape on one machine.

use std::collections::BTreeMap;

use serde_json::Value;

use super::{check_environment, check_settings, documents, read, strings};

/// The variables of the example's `.env`.
fn example() -> BTreeMap<String, String> {
    let text = read("compose/env.example");
    let lines = text.lines().filter(|line| !line.starts_with('#') && !line.trim().is_empty());
    lines.map(|line| line.split_once('=').unwrap()).map(|(a, b)| (a.into(), b.into())).collect()
}

/// The environment of a service, with the example's variables in it.
fn environment(service: &Value) -> Vec<(String, String)> {
    let example = example();
    let pairs = service["environment"].as_object().unwrap().iter();
    let filled = pairs.map(|(name, value)| {
        let value = value.as_str().unwrap_or_else(|| panic!("{name} is no text: {value}"));
        let filled = match value.strip_prefix("${").and_then(|rest| rest.strip_suffix(":?}")) {
            Some(variable) => example.get(variable).unwrap_or_else(|| panic!("no {variable}")),
            None => value,
        };
        (name.clone(), filled.to_owned())
    });
    filled.collect()
}

#[test]
fn two_servers_a_database_and_a_storage_stand_behind_a_proxy() {
    let file = documents("compose/compose.yaml").remove(0);
    let services = &file["services"];
    for (name, command) in [("bindery-1", "serve"), ("bindery-2", "serve"), ("migrate", "migrate")]
    {
        let service = &services[name];
        assert_eq!(strings(&service["command"]), [command], "{name}");
        assert_eq!(strings(&service["secrets"]), ["database_url"]);
        let environment = environment(service);
        check_environment("serve", &environment);
        check_settings(&environment);
    }
    assert!(services["migrate"]["depends_on"]["database"].is_object());
    // Every variable that is asked for is in the example, and the storage's key is the same on both sides.
    let storage: BTreeMap<_, _> = environment(&services["storage"]).into_iter().collect();
    let server: BTreeMap<_, _> = environment(&services["bindery-1"]).into_iter().collect();
    assert_eq!(storage["GARAGE_DEFAULT_ACCESS_KEY"], server["AWS_ACCESS_KEY_ID"]);
    assert_eq!(storage["GARAGE_DEFAULT_SECRET_KEY"], server["AWS_SECRET_ACCESS_KEY"]);
    let place = &server["BINDERY_STORAGE"];
    assert!(place.starts_with(&format!("s3://{}/", storage["GARAGE_DEFAULT_BUCKET"])), "{place}");
    let garage: toml::Table = toml::from_str(&read("compose/garage.toml")).unwrap();
    let address = garage["s3_api"]["api_bind_addr"].as_str().unwrap();
    let port = address.rsplit(':').next().unwrap();
    assert!(place.contains(&format!("endpoint=http://storage:{port}&")), "{place}");
    let region = garage["s3_api"]["s3_region"].as_str().unwrap();
    assert!(place.contains(&format!("region={region}&")), "{place}");
}

#[test]
fn the_proxy_knows_the_servers_and_keeps_nothing() {
    let file = documents("compose/compose.yaml").remove(0);
    let listen = environment(&file["services"]["bindery-1"]);
    let listen = &listen.iter().find(|(name, _)| name == "BINDERY_LISTEN").unwrap().1;
    let port = listen.rsplit(':').next().unwrap();
    let proxy = read("compose/nginx.conf");
    for line in [
        format!("server bindery-1:{port} "),
        format!("server bindery-2:{port} "),
        "proxy_request_buffering off;".into(),
        "client_max_body_size 0;".into(),
    ] {
        assert!(proxy.contains(&line), "{line}");
    }
}
