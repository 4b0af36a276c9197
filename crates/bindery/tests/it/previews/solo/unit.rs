//! Previews under the systemd unit: it refuses system calls, and a worker needs some that few programs do.

use std::path::Path;

use bindery_testkit::{Organization, Server, ServerOptions, UnitFilters};

use crate::previews::{commit, settled, size, with_thumbnail};
use crate::support::PROGRAM;

fn unit() -> UnitFilters {
    UnitFilters::of(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../packaging/bindery.service"))
}

#[tokio::test]
async fn the_unit_leaves_workers_what_they_need_to_lock_themselves_down() {
    let args = ["--preview-workers", "1", "--min-free", "1MiB"].map(str::to_owned).to_vec();
    let options = ServerOptions { args, ..Default::default() };
    let server = unit().under(move || Server::start(PROGRAM, options));
    let status = std::fs::read_to_string(format!("/proc/{}/status", server.pid())).unwrap();
    let filters = |line: &str| line.strip_prefix("Seccomp_filters:\t").map(str::to_owned);
    let filters: u32 = status.lines().find_map(filters).unwrap().parse().unwrap();
    assert!(filters >= 3, "the server runs without the unit's filters");

    let organization = Organization::new(&server);
    let reader = organization.reader();
    let version = commit(&organization, "A-40.1-1100.pdf").await;
    let preview = settled(&reader, &version).await;
    assert_eq!(preview["state"], "ready", "{preview}");
    let thumbnail = with_thumbnail(&reader, &version).await["thumbnailUrl"].clone();
    for url in [&thumbnail, &preview["pages"][0]["url"]] {
        let picture = organization.anonymous().get(url.as_str().unwrap()).await.expect(200).body;
        assert!(size(&picture).0 >= 512);
    }
    let tiles = preview["pages"][0]["tiles"]["url"].as_str().unwrap();
    organization.anonymous().get(tiles).await.expect(200);
    // With all their locks: what the kernel has, the unit does not take.
    let log = server.log();
    let lacks = log.iter().find(|line| line.contains("less protection"));
    assert_eq!(lacks, None);
}
