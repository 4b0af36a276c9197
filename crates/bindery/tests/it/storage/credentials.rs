//! Where the credentials of a storage come from: what every AWS client knows.

use std::fs;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant, SystemTime};

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::{get, put};
use bindery_testkit::{Organization, S3Place, S3Server, Server, ServerOptions};
use serde_json::json;

use crate::support::PROGRAM;

const ROLE: &str = "/latest/meta-data/iam/security-credentials/";
/// What the environment of the tests may say, and these servers are to find elsewhere.
const UNSAID: [&str; 3] =
    ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_EC2_METADATA_DISABLED"];

/// A server whose environment names a storage and has this instead of credentials.
fn server(own: &[(&str, &str)]) -> Server {
    let mut env = S3Server::shared().place().environment(&S3Place::prefix());
    env.retain(|(name, _)| !UNSAID.contains(&name.as_str()));
    env.extend(own.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
    let args = ["--download-access", "proxied"].map(str::to_owned).to_vec();
    // The folder of a home in which nothing is.
    let wrapper = ["env", "-u", UNSAID[0], "-u", UNSAID[1], "HOME=/nonexistent"];
    let wrapper = wrapper.map(str::to_owned).to_vec();
    Server::start(PROGRAM, ServerOptions { env, args, wrapper, ..Default::default() })
}

async fn stores(server: &Server) {
    let organization = Organization::new(server);
    let version = organization.document("a.pdf", &[]).await;
    let link = version["downloadUrl"].as_str().unwrap();
    assert_eq!(organization.anonymous().get(link).await.expect(200).body, b"a.pdf");
    let log = server.log().join("\n");
    assert!(!log.contains(&S3Server::shared().place().key), "{log}");
}

#[tokio::test]
async fn a_profile_of_the_credentials_file_is_used() {
    let S3Place { key, secret, .. } = S3Server::shared().place();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("credentials");
    let text = format!(
        "[default]\naws_access_key_id = WRONG\naws_secret_access_key = wrong\n\
         [documents]\naws_access_key_id = {key}\naws_secret_access_key = {secret}\n"
    );
    fs::write(&file, text).unwrap();
    let file = file.display().to_string();
    let server = server(&[
        ("AWS_SHARED_CREDENTIALS_FILE", &file),
        ("AWS_PROFILE", "documents"),
        ("AWS_EC2_METADATA_DISABLED", "true"),
    ]);
    stores(&server).await;
}

/// What a machine in a cloud tells of itself, at an address of its own.
struct Metadata {
    url: String,
    asked: Arc<AtomicUsize>,
}

impl Metadata {
    /// Answers with credentials that end so soon.
    async fn start(ends_after: Duration) -> Self {
        let asked = Arc::<AtomicUsize>::default();
        let role = move |State(asked): State<Arc<AtomicUsize>>, headers: HeaderMap| async move {
            // Only who has fetched a token first is told anything.
            if headers.get("x-aws-ec2-metadata-token").is_none_or(|token| token != "a-token") {
                return Err(StatusCode::UNAUTHORIZED);
            }
            asked.fetch_add(1, Ordering::Relaxed);
            let S3Place { key, secret, .. } = S3Server::shared().place();
            let ends = SystemTime::now() + ends_after;
            let ends = jiff::Timestamp::try_from(ends).unwrap();
            let body = json!({
                "Code": "Success", "Type": "AWS-HMAC", "LastUpdated": "2026-01-01T00:00:00Z",
                "AccessKeyId": key, "SecretAccessKey": secret, "Token": "of-the-session",
                "Expiration": ends.strftime("%Y-%m-%dT%H:%M:%SZ").to_string(),
            });
            Ok(body.to_string())
        };
        let token =
            put(|| async { ([("x-aws-ec2-metadata-token-ttl-seconds", "21600")], "a-token") });
        let router = Router::new()
            .route("/latest/api/token", token)
            .route(ROLE, get(|| async { "documents" }))
            .route(&format!("{ROLE}documents"), get(role))
            .with_state(Arc::clone(&asked));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { url, asked }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_metadata_of_the_machine_is_used_and_asked_again_when_its_credentials_end() {
    let metadata = Metadata::start(Duration::from_secs(6)).await;
    let url = metadata.url.clone();
    let start = move || server(&[("AWS_EC2_METADATA_SERVICE_ENDPOINT", &url)]);
    let server = tokio::task::spawn_blocking(start).await.unwrap();
    stores(&server).await;
    let before = metadata.asked.load(Ordering::Relaxed);
    assert!(before > 0, "nobody asked");
    let end = Instant::now() + Duration::from_secs(60);
    while metadata.asked.load(Ordering::Relaxed) == before {
        assert!(Instant::now() < end, "old credentials are kept");
        stores(&server).await;
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    stores(&server).await;
}
