//! `bindery serve --sandbox`: visitors with organizations of their own.

mod ending;
mod limits;
mod opening;
mod resetting;

use bindery_testkit::{Answer, Client, Server, ServerOptions};
use serde_json::{Value, json};

use crate::support::PROGRAM;

/// A server that offers sandboxes.
fn server(args: &[&str]) -> Server {
    let given = ["--sandbox", "--min-free", "1MiB"].iter().chain(args);
    let args = given.map(ToString::to_string).collect();
    Server::start(PROGRAM, ServerOptions { args, ..ServerOptions::default() })
}

/// A visitor's sandbox.
struct Visitor {
    organization: String,
    client_id: String,
    client: Client,
    expires_at: String,
}

async fn open(server: &Server) -> Answer {
    Client::anonymous(server.url()).send("POST", "/sandbox", None).await
}

async fn visitor(server: &Server) -> Visitor {
    let opened = open(server).await.expect(201).json();
    let text = |member: &str| opened[member].as_str().unwrap().to_owned();
    let (organization, client_id) = (text("organizationId"), text("clientId"));
    let client = Client::new(server.url(), &organization, &client_id, &text("clientSecret"));
    Visitor { organization, client_id, client, expires_at: text("expiresAt") }
}

impl Visitor {
    /// How many documents have these words in their name.
    async fn count_of(&self, term: &str) -> Value {
        let path = format!("/api/documents?searchTerm={term}");
        let found = self.client.post(&path, &json!({})).await.expect(200).json();
        found["totalCount"].clone()
    }

    /// The ids of everything that a search gives.
    async fn documents(&self) -> Vec<String> {
        let found = self.client.post("/api/documents?pageSize=1000", &json!({})).await;
        crate::support::pluck(&found.expect(200).json()["items"], "id")
    }

    async fn presign(&self) -> Answer {
        self.client.get("/api/documents/uploads/personalstorage/presignedupload").await
    }

    /// Uploads and commits a document into the first tab of the first binder.
    async fn commit(&self, name: &str, bytes: &[u8]) -> Value {
        self.try_commit(name, bytes).await.expect(200).json()
    }

    /// As [`Self::commit`], whatever comes of it.
    async fn try_commit(&self, name: &str, bytes: &[u8]) -> Answer {
        let upload = self.presign().await.expect(200).json();
        let anonymous = Client::anonymous(self.client.base());
        anonymous.put(upload["presignedUrl"].as_str().unwrap(), bytes).await;
        let binders = self.client.get("/api/binders").await.expect(200).json();
        let drive = format!("/api/documents/drives/binders/{}", binders[0]["id"].as_str().unwrap());
        let tabs = self.client.get(&drive).await.expect(200).json();
        let path = format!("{drive}/{}/upload", tabs[0]["id"].as_str().unwrap());
        let body = json!({
            "fileName": name, "uploadId": upload["uploadId"],
            "additionalMetadata": [{ "metadataElementId": "GLOBAL_Category", "value": "ritning" }],
        });
        self.client.post(&path, &body).await
    }
}
