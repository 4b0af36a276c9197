use std::path::Path;

use super::*;

const EXAMPLE: &str = include_str!("../../../../bindery.example.toml");

fn from_file(text: &str) -> Result<Config, String> {
    let file = SettingsFile::parse(text, Path::new("b.toml"), &Config::keys())
        .map_err(|error| error.to_string())?;
    Config::resolve(CommonOptions::default(), ServeOptions::default(), &file)
        .map_err(|error| error.to_string())
}

/// The keys of the example, uncommented: `#key = value` is a setting, `# text` is not.
fn example_settings() -> Vec<(&'static str, &'static str)> {
    let settings = EXAMPLE.lines().filter_map(|line| line.strip_prefix('#')?.split_once(" = "));
    settings.filter(|(key, _)| !key.starts_with(' ')).collect()
}

#[test]
fn the_example_file_documents_every_key_and_no_other() {
    let mut documented: Vec<_> = example_settings().into_iter().map(|(key, _)| key).collect();
    let mut known = Config::keys();
    documented.sort_unstable();
    known.sort_unstable();
    assert_eq!(documented, known);
}

#[test]
fn the_example_file_shows_the_defaults() {
    assert_eq!(from_file(EXAMPLE).unwrap(), Config::default());
    // Some keys have no default that could be written down; the example shows how a value looks.
    let shown_only = [
        "database_url",
        "database_url_file",
        "storage",
        "metrics_listen",
        "public_url",
        "tls_cert",
        "tls_key",
        "storage_public_url",
        "preview_workers",
        "preview_office",
    ];
    let defaults = example_settings().into_iter().filter(|(key, _)| !shown_only.contains(key));
    let text: String = defaults.map(|(key, value)| format!("{key} = {value}\n")).collect();
    assert_eq!(from_file(&text).unwrap(), Config::default());
}

#[test]
fn a_flag_is_stronger_than_the_file() {
    let path = Path::new("b.toml");
    let file = SettingsFile::parse(
        "listen = \"127.0.0.1:1\"\ntoken_expiry = \"5m\"",
        path,
        &Config::keys(),
    )
    .unwrap();
    let server =
        ServerOptions { listen: Some(([127, 0, 0, 1], 2).into()), ..ServerOptions::default() };
    let serve = ServeOptions { server, ..ServeOptions::default() };
    let config = Config::resolve(CommonOptions::default(), serve, &file).unwrap();
    assert_eq!(config.server.listen.port(), 2);
    assert_eq!(config.server.public_url, "http://127.0.0.1:2");
    assert_eq!(config.identity.token_expiry.as_secs(), 300);
}

#[test]
fn a_wrong_value_is_refused_with_its_key() {
    for (text, key) in [
        ("listen = \"nowhere\"", "listen"),
        ("token_expiry = 90", "token_expiry"),
        ("token_expiry = \"0s\"", "token_expiry"),
        ("max_upload_size = \"5 apples\"", "max_upload_size"),
        ("max_upload_size = \"0B\"", "max_upload_size"),
        ("rate_limit = \"0/1m\"", "rate_limit"),
        ("rate_limit = \"5/0s\"", "rate_limit"),
        ("tls_cert = \"a.pem\"", "tls_key"),
        ("tls_key = \"a.pem\"", "tls_cert"),
        ("public_url = \"example.com\"", "public_url"),
        ("cors_origin = [\"https://a.example/path\"]", "cors_origin"),
        ("trusted_proxies = [\"10.0.0.0/99\"]", "trusted_proxies"),
        ("database_url = \"mysql://x\"", "database_url"),
        ("storage = \"https://bucket\"", "storage"),
        ("upload_access = \"direct\"", "upload_access"),
        ("storage = \"s3://bucket\"\nmax_upload_size = \"313GiB\"", "max_upload_size"),
        ("storage = \"s3://bucket\"\ndownload_expiry = \"8d\"", "download_expiry"),
        ("log_format = \"xml\"", "log_format"),
        ("log_filter = \"bindery=loud\"", "log_filter"),
        ("allow_demo = \"perhaps\"", "allow_demo"),
        ("metrics_listen = \"127.0.0.1:8080\"", "metrics_listen"),
        ("max_connections = 0", "max_connections"),
        ("send_timeout = \"0s\"", "send_timeout"),
        ("preview_workers = 1000", "preview_workers"),
        ("preview_office = \"/no/such/file\"", "preview_office"),
        ("database_url_file = \"/no/such/file\"", "database_url_file"),
    ] {
        let error = from_file(text).unwrap_err();
        assert!(error.contains(&format!("{key}: ")), "{text}: {error}");
    }
}

#[test]
fn lists_are_taken_with_commas_and_as_lists() {
    let commas = from_file("cors_origin = \"https://a.example, https://B.example/\"").unwrap();
    let list = from_file("cors_origin = [\"https://a.example\", \"https://b.example\"]").unwrap();
    assert_eq!(commas, list);
    assert_eq!(list.server.cors_origins, ["https://a.example", "https://b.example"]);
}
