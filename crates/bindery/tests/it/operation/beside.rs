//! Another process provisions while the server runs: seen within a second.

use std::time::{Duration, Instant};

use bindery_testkit::{Client, Organization, Server};
use serde_json::json;

use crate::support::{PROGRAM, organization, pluck};

/// A second is what the server has; the rest is for a machine that is busy with other things.
const PATIENCE: Duration = Duration::from_secs(5);

#[tokio::test]
async fn a_new_client_gets_a_token_and_a_new_binder_is_listed() {
    let organization = organization();
    organization.reader().get("/api/binders").await.expect(200);
    let (id, name) = (format!("late-{}", organization.id), "Ny pärm");
    let file = json!({ "organizations": [{
        "id": organization.id, "name": organization.tree["name"],
        "clients": [{ "id": id, "name": "Late", "role": "reader", "secret": "secret-late" }],
        "binders": [{ "name": name, "type": "property", "tabs": [{ "name": "Avtal", "type": "documents" }] }],
    }] });
    Server::shared(PROGRAM).provision(&file.to_string());

    let end = Instant::now() + PATIENCE;
    let form = format!("grant_type=client_credentials&client_id={id}&client_secret=secret-late");
    while organization.anonymous().form("/connect/token", &form).await.status != 200 {
        assert!(Instant::now() < end, "the new client gets no token");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let late = Client::new(organization.anonymous().base(), &organization.id, &id, "secret-late");
    let binders = late.get("/api/binders").await.expect(200).json();
    assert!(pluck(&binders, "name").iter().any(|listed| listed == name), "{binders}");
}

#[tokio::test]
async fn a_changed_schema_holds_for_the_next_commits() {
    let organization: Organization = organization();
    let creator = organization.creator();
    organization.document("a.pdf", &[]).await;
    let file = json!({ "organizations": [{
        "id": organization.id, "name": organization.tree["name"],
        "binders": [{ "id": organization.binder(0), "name": "Kvarnen 1", "type": "project",
            "metadata": [{ "id": "stage", "label": "Stage", "dataType": "string", "required": true }] }],
    }] });
    Server::shared(PROGRAM).provision(&file.to_string());
    let end = Instant::now() + PATIENCE;
    loop {
        let upload = organization.upload(&creator, b"x").await;
        let answer =
            organization.commit(&creator, &organization.tab(0), &upload, "b.pdf", &[]).await;
        if answer.status == 400 {
            break;
        }
        assert!(Instant::now() < end, "the new required element binds nobody");
    }
    organization.document("c.pdf", &[("stage", "bygghandling")]).await;
}
