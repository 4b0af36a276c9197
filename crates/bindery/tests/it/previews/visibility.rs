//! Whoever may not see a version sees nothing of its preview.

use super::{commit, organization, path, picture, server, settled, with_thumbnail};
use bindery_testkit::Organization;

#[tokio::test]
async fn a_preview_is_as_absent_as_its_version() {
    let organization = organization();
    let version = commit(&organization, "arabic.pdf").await;
    let other = commit(&organization, "image-300dpi.png").await;
    let reader = organization.reader();
    let preview = |version| format!("{}/preview", path(version));
    reader.get(&preview(&version)).await.expect(200);
    let absent = version["id"].as_str().unwrap();
    let wrong = [
        preview(&version).replace(absent, other["id"].as_str().unwrap()),
        preview(&version).replace(absent, "no-guid"),
        preview(&version).replace(absent, "6f1f64a5-6f0e-4c1c-9d4e-0e9b6a1c2d3e"),
    ];
    for path in wrong {
        reader.get(&path).await.problem(404);
    }
    let upper = preview(&version).to_uppercase().replace("/API/", "/api/");
    reader.get(&upper).await.expect(200);
    reader.send("POST", &preview(&version), None).await.problem(405);
}

#[tokio::test]
async fn urls_of_pictures_end_with_what_they_show() {
    let folder = tempfile::tempdir().unwrap();
    let server = server(folder.path(), 1);
    let organization = Organization::new(&server);
    let version = commit(&organization, "arabic.pdf").await;
    let reader = organization.reader();
    let thumbnail = with_thumbnail(&reader, &version).await["thumbnailUrl"].clone();
    let page = settled(&reader, &version).await["pages"][0]["url"].clone();
    let anonymous = organization.anonymous();
    let urls = [thumbnail.as_str().unwrap(), page.as_str().unwrap()];
    for url in urls {
        picture(&anonymous, url).await;
    }
    server.command_ok(&["binder", "remove", &organization.binder(0)]);
    for url in urls {
        anonymous.get(url).await.problem(404);
    }
    server.command_ok(&["binder", "restore", &organization.binder(0)]);
    server.command_ok(&["organization", "disable", &organization.id]);
    for url in urls {
        anonymous.get(url).await.problem(404);
    }
}
