//! Pictures of files that lie in the bucket, made by whichever node comes first.

use bindery_testkit::{Organization, S3Server};

use super::{Cluster, PREFIX, Plan, postgres};
use crate::previews::{commit, picture, settled, size, until, with_thumbnail};

/// Two nodes of which only the second one makes previews.
async fn cluster(database_url: &str) -> Cluster {
    let mut plan = Plan::of(2, database_url);
    let workers = |count: &str| vec![("BINDERY_PREVIEW_WORKERS".to_owned(), count.to_owned())];
    plan.nodes = vec![workers("0"), workers("1")];
    plan.start().await
}

/// The objects of an organization, with their sizes.
fn objects(cluster: &Cluster, organization: &Organization) -> Vec<(std::path::PathBuf, u64)> {
    let bucket = S3Server::shared().folder_of(&cluster.storage);
    let folder = bucket.join(PREFIX).join(&organization.id);
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    entries.map(|entry| (entry.path(), entry.metadata().unwrap().len())).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_in_the_bucket_gets_its_pictures_from_another_node_and_again_when_they_are_lost() {
    let database = postgres().database();
    let cluster = cluster(&database.url()).await;
    let organization = cluster.organization();
    let at = organization.at(&cluster.nodes[0]);
    let version = commit(&at, "arabic.pdf").await;
    let file = objects(&cluster, &organization);
    assert_eq!(file.len(), 1, "{file:?}");
    let reader = at.reader();
    let shown = with_thumbnail(&reader, &version).await;
    let url = shown["thumbnailUrl"].as_str().unwrap();
    let thumbnail = picture(&at.anonymous(), url).await.body;
    assert_eq!(size(&thumbnail).1, 512);
    // A page and its tiles are made when they are asked for.
    let preview = settled(&reader, &version).await;
    assert_eq!(preview["state"], "ready", "{preview}");
    let page = preview["pages"][0]["url"].as_str().unwrap();
    picture(&at.anonymous(), page).await;

    let pictures: Vec<_> =
        objects(&cluster, &organization).into_iter().filter(|object| *object != file[0]).collect();
    assert!(pictures.len() >= 2, "{pictures:?}");
    for (path, _) in &pictures {
        std::fs::remove_file(path).unwrap();
    }
    let found = cluster.run(&["check"]).expect(0);
    assert_eq!(found.lines("picture").len(), pictures.len(), "{}", found.out);
    assert_eq!(picture(&at.anonymous(), url).await.body, thumbnail);
    picture(&at.anonymous(), page).await;
    until(async || {
        let found = cluster.run(&["check"]).expect(0);
        found.lines("picture").is_empty().then_some(())
    })
    .await;
    cluster.check_is_clean();
}
