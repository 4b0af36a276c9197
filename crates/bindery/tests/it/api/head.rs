//! HEAD works wherever GET does, and says the same without a body.

use crate::support::organization;

#[tokio::test]
async fn head_answers_as_get_without_the_body() {
    let organization = organization();
    let version = organization.document("a.pdf", &[]).await;
    let creator = organization.creator();
    let binder = organization.binder(0);
    let document = format!("/api/documents/{}", version["documentId"].as_str().unwrap());
    let of_version = format!("{document}/versions/{}", version["id"].as_str().unwrap());
    let drive = organization.drive(&organization.tab(0));
    for path in [
        "/api/binders".to_owned(),
        format!("/api/binders/{binder}/metadataelements"),
        format!("/api/documents/drives/binders/{binder}"),
        drive.clone(),
        format!("{drive}/documents"),
        "/api/documents/uploads/personalstorage/presignedupload".to_owned(),
        document.clone(),
        format!("{document}/versions"),
        of_version.clone(),
        format!("{of_version}/raw"),
        format!("{of_version}/downloadlink"),
        "/api/documents/none".to_owned(),
        "/.well-known/openid-configuration".to_owned(),
        "/.well-known/openid-configuration/jwks".to_owned(),
        "/docs/".to_owned(),
        "/".to_owned(),
    ] {
        let get = creator.get(&path).await;
        let head = creator.send("HEAD", &path, None).await;
        assert_eq!((head.status, head.body.len()), (get.status, 0), "{path}");
        for name in ["content-type", "etag", "cache-control"] {
            assert_eq!(head.header(name), get.header(name), "{path} {name}");
        }
    }
    assert_eq!(organization.anonymous().send("HEAD", "/api/binders", None).await.status, 401);
}
