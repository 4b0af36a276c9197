//! The free space of the disk that the files are on.

use bindery_testkit::Organization;

use super::server;

#[tokio::test]
async fn without_enough_free_space_uploads_are_507_and_all_else_works() {
    let server = server("--min-free", "8000000GiB");
    let organization = Organization::new(&server);
    let creator = organization.creator();
    let upload = organization.presign(&creator).await;
    organization.anonymous().put(&upload.url, b"x".to_vec()).await.problem(507);
    creator.get("/api/binders").await.expect(200);
}
