//! Every operation of the served OpenAPI document, called by those who may not.
//!
//! An operation that [`call`] does not know fails the test, so that none comes without these cases.

use bindery_testkit::{Answer, Client, Organization};
use serde_json::{Value, json};

use crate::support::organization;

/// How an operation is called.
#[derive(Default)]
struct Call {
    method: &'static str,
    path: String,
    body: Option<Value>,
    /// Whether a reader's role is too small.
    needs_creator: bool,
    /// Whether the organization comes from the token alone.
    has_no_tenant: bool,
    /// Whether the path names an object of the organization.
    names_object: bool,
}

/// Operations that everyone may call: they say nothing about an organization.
const OPEN: [&str; 6] = [
    "Operation_getHealth",
    "Operation_getReadiness",
    "Operation_getOpenApi",
    "Operation_getOpenApiYaml",
    "Sandbox_getSandboxOffer",
    "Sandbox_openSandbox",
];

/// Operations of servers with `--sandbox`, which this one is not; `sandboxes` has their cases.
const NOT_OFFERED: &str = "Sandbox_";

/// The call of an operation on the objects of an organization that has the given version.
fn call(operation: &str, organization: &Organization, version: &Value) -> Option<Call> {
    let text = |member: &str| version[member].as_str().unwrap().to_owned();
    let (binder, folder) = (organization.binder(0), organization.tab(0));
    let drive = format!("/api/documents/drives/binders/{binder}");
    let document = format!("/api/documents/{}", text("documentId"));
    let get = |path: String| Call { method: "GET", path, names_object: true, ..Call::default() };
    Some(match operation {
        "Binders_listBinders" => Call { names_object: false, ..get("/api/binders".to_owned()) },
        "Binders_listMetadataElements" => get(format!("/api/binders/{binder}/metadataelements")),
        "Documents_searchDocuments" => Call {
            method: "POST",
            path: "/api/documents".to_owned(),
            body: Some(json!({})),
            ..Call::default()
        },
        "Documents_listDriveFolders" => get(drive),
        "Documents_listFolderFolders" => get(format!("{drive}/{folder}")),
        "Documents_listFolderDocuments" => get(format!("{drive}/{folder}/documents")),
        "Documents_commitUpload" => Call {
            method: "POST",
            path: format!("{drive}/{folder}/upload"),
            body: Some(json!({ "fileName": "a.pdf", "uploadId": text("id") })),
            needs_creator: true,
            names_object: true,
            ..Call::default()
        },
        "Documents_getPresignedUpload" => Call {
            needs_creator: true,
            has_no_tenant: true,
            names_object: false,
            ..get("/api/documents/uploads/personalstorage/presignedupload".to_owned())
        },
        "Documents_getDocument" => get(document),
        "Documents_listVersions" => get(format!("{document}/versions")),
        "Documents_getVersion" => get(format!("{document}/versions/{}", text("id"))),
        "Documents_getVersionDownloadLink" => {
            get(format!("{document}/versions/{}/raw", text("id")))
        }
        "Documents_getVersionPreview" => get(format!("{document}/versions/{}/preview", text("id"))),
        _ => return None,
    })
}

impl Call {
    async fn by(&self, client: &Client) -> Answer {
        let body = self.body.as_ref();
        let body = body.map(|body| ("application/json", body.to_string().into_bytes()));
        client.send(self.method, &self.path, body).await
    }
}

/// The operation ids of the served document, with their method and path.
async fn operations(organization: &Organization) -> Vec<(String, String, String)> {
    let document = organization.anonymous().get("/openapi.json").await.expect(200).json();
    let mut found = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            if let Some(id) = operation["operationId"].as_str() {
                let is_open = operation["security"] == json!([{}]);
                assert_eq!(is_open, OPEN.contains(&id), "{id} says wrongly whether it is open");
                found.push((id.to_owned(), method.to_uppercase(), path.clone()));
            }
        }
    }
    found
}

#[tokio::test]
async fn no_operation_serves_those_who_may_not_call_it() {
    let (organization, other) = (organization(), organization());
    let version = organization.document("a.pdf", &[]).await;
    let operations = operations(&organization).await;
    assert!(operations.len() >= 13, "{operations:?}");
    for (id, method, path) in operations {
        if id.starts_with(NOT_OFFERED) {
            organization.admin().send(&method, &path, None).await.problem(404);
            continue;
        }
        if OPEN.contains(&id.as_str()) {
            organization.anonymous().send(&method, &path, None).await.expect(200);
            continue;
        }
        let call = call(&id, &organization, &version)
            .unwrap_or_else(|| panic!("{id} has no case here: say how it is called"));
        assert_eq!((call.method, literals(&call.path, &path)), (method.as_str(), true), "{id}");
        refused(&id, &call, &organization, &other).await;
    }
}

/// Whether a path has the literal segments of a pattern.
fn literals(path: &str, pattern: &str) -> bool {
    let (path, pattern): (Vec<_>, Vec<_>) =
        (path.strip_prefix("/api").unwrap().split('/').collect(), pattern.split('/').collect());
    path.len() == pattern.len()
        && path.iter().zip(&pattern).all(|(one, of)| of.starts_with('{') || one == of)
}

async fn refused(id: &str, call: &Call, organization: &Organization, other: &Organization) {
    let anonymous = organization.anonymous().with_header("x-ibinder-tenantid", &organization.id);
    let (admin, creator) = (organization.admin(), organization.creator());
    let mut cases = vec![
        ("anonymous", anonymous.clone(), 401),
        ("forged", anonymous.with_header("authorization", "Bearer e30.e30.e30"), 401),
    ];
    if call.needs_creator {
        cases.push(("too small a role", organization.reader(), 403));
    }
    if !call.has_no_tenant {
        cases.push(("no tenant", creator.without_header("x-ibinder-tenantid"), 400));
        // Neither another's header with the own token, nor the other way round.
        cases.push(("abroad", admin.with_header("x-ibinder-tenantid", &other.id), 403));
        let intruder = other.admin().with_header("x-ibinder-tenantid", &organization.id);
        cases.push(("intruder", intruder, 403));
    }
    if call.names_object {
        cases.push(("another's object", other.admin(), 404));
    }
    for (case, client, status) in cases {
        let answer = call.by(&client).await;
        assert_eq!(answer.status, status, "{id}: {case}");
        assert_eq!(answer.header("www-authenticate").starts_with("Bearer"), status == 401, "{id}");
        answer.problem(status);
    }
    let small_enough = if call.needs_creator { creator } else { organization.reader() };
    let allowed = call.by(&small_enough).await.status;
    // The version's id is no upload's; whoever gets so far was let in.
    assert_eq!(allowed, if id == "Documents_commitUpload" { 404 } else { 200 }, "{id}");
}
