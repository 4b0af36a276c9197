//! HTTP as an integration speaks it.

use std::sync::{Arc, Mutex};

use reqwest::Method;
use serde_json::Value;

use crate::server_log::said_of;

/// An answer, read to its end.
#[derive(Debug, Clone)]
pub struct Answer {
    /// The status code.
    pub status: u16,
    /// The headers.
    pub headers: reqwest::header::HeaderMap,
    /// The body.
    pub body: Vec<u8>,
}

impl Answer {
    /// The body as JSON.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| {
            panic!("{error}: {} {}", self.status, String::from_utf8_lossy(&self.body))
        })
    }

    /// A header as text; empty when absent.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap_or("<not ascii>"))
    }

    /// The body, after checking the status.
    #[track_caller]
    pub fn expect(self, status: u16) -> Self {
        if self.status != status {
            let (body, logged) = (String::from_utf8_lossy(&self.body), said_of(&self.body));
            panic!("the status is {} instead of {status}: {body}{logged}", self.status);
        }
        self
    }

    /// The problem body, after checking the status, the content type and the members that every problem has.
    #[track_caller]
    pub fn problem(self, status: u16) -> Value {
        let answer = self.expect(status);
        assert_eq!(answer.header("content-type"), "application/problem+json");
        let problem = answer.json();
        assert_eq!(problem["status"], status);
        assert!(problem["type"].is_string() && problem["title"].is_string(), "{problem}");
        let trace = problem["traceId"].as_str().unwrap();
        assert!(trace.len() == 32 && trace.bytes().all(|b| b.is_ascii_hexdigit()), "{problem}");
        problem
    }

    /// The keys of `errors` in a 400.
    #[track_caller]
    pub fn error_fields(self) -> Vec<String> {
        let problem = self.problem(400);
        problem["errors"]
            .as_object()
            .map(|errors| errors.keys().cloned().collect())
            .unwrap_or_default()
    }
}

/// A caller: a base URL and the headers that go with each call.
#[derive(Clone)]
pub struct Client {
    http: reqwest::Client,
    base: String,
    headers: Vec<(String, String)>,
    credentials: Option<(String, String)>,
    token: Arc<Mutex<Option<String>>>,
}

impl Client {
    /// A caller without a token.
    pub fn anonymous(base: &str) -> Self {
        let http =
            reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
        Self {
            http,
            base: base.to_owned(),
            headers: Vec::new(),
            credentials: None,
            token: Arc::default(),
        }
    }

    /// An API client of an organization. Its token is fetched at the first call.
    pub fn new(base: &str, organization: &str, id: &str, secret: &str) -> Self {
        let mut client = Self::anonymous(base);
        client.credentials = Some((id.to_owned(), secret.to_owned()));
        client.with_header("x-ibinder-tenantid", organization)
    }

    /// The same caller with one more header (or another value of it).
    #[must_use]
    pub fn with_header(&self, name: &str, value: &str) -> Self {
        let mut client = self.clone();
        client.headers.retain(|(known, _)| !known.eq_ignore_ascii_case(name));
        client.headers.push((name.to_owned(), value.to_owned()));
        client
    }

    /// The same caller without a header.
    #[must_use]
    pub fn without_header(&self, name: &str) -> Self {
        let mut client = self.clone();
        client.headers.retain(|(known, _)| !known.eq_ignore_ascii_case(name));
        client
    }

    /// The base URL.
    pub fn base(&self) -> &str {
        &self.base
    }

    /// A token, fetched once.
    pub async fn token(&self) -> String {
        if let Some(token) = self.token.lock().unwrap().clone() {
            return token;
        }
        let (id, secret) = self.credentials.as_ref().unwrap();
        let body = format!(
            "grant_type=client_credentials&client_id={id}&client_secret={secret}&scope=ibinder_public"
        );
        let request = self.http.post(format!("{}/connect/token", self.base)).body(body);
        let request = request.header("content-type", "application/x-www-form-urlencoded");
        let answer: Value = request.send().await.unwrap().json().await.unwrap();
        let token = answer["access_token"]
            .as_str()
            .unwrap_or_else(|| panic!("no token: {answer}"))
            .to_owned();
        *self.token.lock().unwrap() = Some(token.clone());
        token
    }

    /// Any call; `path` is a path below the base or a whole URL.
    pub async fn send(&self, method: &str, path: &str, body: Option<(&str, Vec<u8>)>) -> Answer {
        let answer = self.try_send(method, path, body).await;
        answer.unwrap_or_else(|error| panic!("{method} {path}: {error:?}"))
    }

    /// Any call to a server that may die meanwhile: an answer counts once it was read to its end.
    ///
    /// # Errors
    /// When the connection fails or breaks.
    pub async fn try_send(
        &self,
        method: &str,
        path: &str,
        body: Option<(&str, Vec<u8>)>,
    ) -> Result<Answer, reqwest::Error> {
        let url =
            if path.starts_with("http") { path.to_owned() } else { format!("{}{path}", self.base) };
        let mut request = self.http.request(Method::from_bytes(method.as_bytes()).unwrap(), url);
        if self.credentials.is_some()
            && !self.headers.iter().any(|(name, _)| name == "authorization")
        {
            request = request.bearer_auth(self.token().await);
        }
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        if let Some((content_type, body)) = body {
            request = request.header("content-type", content_type).body(body);
        }
        let answer = request.send().await?;
        let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
        Ok(Answer { status, headers, body: answer.bytes().await?.to_vec() })
    }

    /// GET.
    pub async fn get(&self, path: &str) -> Answer {
        self.send("GET", path, None).await
    }

    /// POST with a JSON body.
    pub async fn post(&self, path: &str, body: &Value) -> Answer {
        self.send("POST", path, Some(("application/json", body.to_string().into_bytes()))).await
    }

    /// POST with a form body.
    pub async fn form(&self, path: &str, body: &str) -> Answer {
        self.send(
            "POST",
            path,
            Some(("application/x-www-form-urlencoded", body.as_bytes().to_vec())),
        )
        .await
    }

    /// PUT of bytes.
    pub async fn put(&self, url: &str, bytes: impl Into<Vec<u8>>) -> Answer {
        self.send("PUT", url, Some(("application/octet-stream", bytes.into()))).await
    }
}
