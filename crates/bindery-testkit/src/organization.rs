//! An organization of a test's own: three clients, a binder with a schema, tabs and folders.

use serde_json::{Value, json};
use uuid::Uuid;

use crate::{Answer, Client, Server};

/// An organization made for one test.
pub struct Organization {
    /// Its id.
    pub id: String,
    /// The tree that `provision --json` printed.
    pub tree: Value,
    base: String,
    anonymous: Client,
}

/// What the presigned-upload call answered.
#[derive(Debug, Clone)]
pub struct Upload {
    /// The upload's id.
    pub id: String,
    /// Where to PUT.
    pub url: String,
}

/// The binder that every test organization has, unless the test brings its own.
pub(crate) const BINDERS: &str = r#"[{
    "name": "Kvarnen 1", "type": "project",
    "metadata": [
        { "id": "GLOBAL_Category", "allowedValues": [{ "id": "legal", "label": "Legal" }, { "id": "finance", "label": "Finance" }] },
        { "id": "discipline", "label": "Discipline", "dataType": "enum",
          "allowedValues": [{ "id": "a", "label": "Arkitekt" }, { "id": "k", "label": "Konstruktion" }, { "id": "v", "label": "VVS" }] },
        { "id": "number", "label": "Number", "dataType": "string" },
        { "id": "note", "label": "Note", "dataType": "text" },
        { "id": "area", "label": "Area", "dataType": "number" },
        { "id": "approved", "label": "Approved", "dataType": "date" },
        { "id": "locked", "label": "Locked", "dataType": "boolean" },
        { "id": "description", "label": "Beskrivning", "dataType": "string" }
    ],
    "tabs": [
        { "name": "Ritningar", "type": "drawings", "folders": [{ "name": "Arkitekt", "folders": [{ "name": "Planer" }] }] },
        { "name": "Protokoll", "type": "documents" }
    ]
}]"#;

impl Organization {
    /// Makes an organization with the binders of [`BINDERS`].
    pub fn new(server: &Server) -> Self {
        Self::with_binders(server, &serde_json::from_str(BINDERS).unwrap())
    }

    /// Makes an organization with these binders, as a provisioning file lists them.
    pub fn with_binders(server: &Server, binders: &Value) -> Self {
        let id = Uuid::new_v4().to_string();
        let client = |role: &str| json!({ "id": format!("{role}-{id}"), "name": role, "role": role, "secret": format!("secret-{role}") });
        let file = json!({ "organizations": [{
            "id": id, "name": format!("Fastighets AB {id}"),
            "clients": [client("reader"), client("creator"), client("admin")],
            "binders": binders,
        }] });
        let tree = server.provision(&file.to_string());
        let tree = tree["organizations"][0].clone();
        Self { id, tree, base: server.url().to_owned(), anonymous: Client::anonymous(server.url()) }
    }

    /// The same organization on another server that has its data: after a restart, or from a backup.
    #[must_use]
    pub fn at(&self, server: &Server) -> Self {
        self.at_url(server.url())
    }

    /// The same organization at another address of its server: a balancer's.
    #[must_use]
    pub fn at_url(&self, url: &str) -> Self {
        let (id, tree) = (self.id.clone(), self.tree.clone());
        Self { id, tree, base: url.to_owned(), anonymous: Client::anonymous(url) }
    }

    /// The address that it is called at.
    pub fn url(&self) -> &str {
        &self.base
    }

    /// A caller without a token.
    pub fn anonymous(&self) -> Client {
        self.anonymous.clone()
    }

    /// The client with a role.
    pub fn client(&self, role: &str) -> Client {
        Client::new(&self.base, &self.id, &format!("{role}-{}", self.id), &format!("secret-{role}"))
    }

    /// The client that reads.
    pub fn reader(&self) -> Client {
        self.client("reader")
    }

    /// The client with full management.
    pub fn admin(&self) -> Client {
        self.client("admin")
    }

    /// The client that reads and creates.
    pub fn creator(&self) -> Client {
        self.client("creator")
    }

    /// The id of the n-th binder.
    pub fn binder(&self, n: usize) -> String {
        text(&self.tree["binders"][n]["id"])
    }

    /// The id of a tab of the first binder.
    pub fn tab(&self, n: usize) -> String {
        text(&self.tree["binders"][0]["tabs"][n]["id"])
    }

    /// The path of a folder's drive in the first binder, as `/api/documents/drives/binders/…/…`.
    pub fn drive(&self, folder: &str) -> String {
        format!("/api/documents/drives/binders/{}/{folder}", self.binder(0))
    }

    /// Gets a presigned URL.
    pub async fn presign(&self, client: &Client) -> Upload {
        let answer = client
            .get("/api/documents/uploads/personalstorage/presignedupload")
            .await
            .expect(200)
            .json();
        Upload { id: text(&answer["uploadId"]), url: text(&answer["presignedUrl"]) }
    }

    /// Gets a presigned URL and PUTs bytes there.
    pub async fn upload(&self, client: &Client, bytes: &[u8]) -> Upload {
        let upload = self.presign(client).await;
        self.anonymous.put(&upload.url, bytes).await.expect(201);
        upload
    }

    /// Commits an upload into a folder of the first binder, with this metadata.
    pub async fn commit(
        &self,
        client: &Client,
        folder: &str,
        upload: &Upload,
        name: &str,
        metadata: &[(&str, &str)],
    ) -> Answer {
        let metadata: Vec<_> = metadata
            .iter()
            .map(|(id, value)| json!({ "metadataElementId": id, "value": value }))
            .collect();
        let body =
            json!({ "fileName": name, "uploadId": upload.id, "additionalMetadata": metadata });
        client.post(&format!("{}/upload", self.drive(folder)), &body).await
    }

    /// Uploads and commits a document into the first tab; returns the version.
    pub async fn document(&self, name: &str, metadata: &[(&str, &str)]) -> Value {
        let client = self.creator();
        let upload = self.upload(&client, name.as_bytes()).await;
        self.commit(&client, &self.tab(0), &upload, name, metadata).await.expect(200).json()
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("no text: {value}")).to_owned()
}
