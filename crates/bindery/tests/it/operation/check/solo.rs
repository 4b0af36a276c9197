//! What lies in the folders of an embedded server and belongs to nothing. `storage/upkeep.rs` has the same of S3.

use std::fs::{self, File};
use std::path::Path;
use std::time::{Duration, SystemTime};

use serde_json::Value;

use super::{Place, text};
use crate::support::operator::{Ended, check_is_clean, files};

/// Makes a file that was last written to so long ago.
fn old_file(path: &Path, age: Duration) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, "left over").unwrap();
    let file = File::options().write(true).open(path).unwrap();
    file.set_modified(SystemTime::now() - age).unwrap();
}

#[tokio::test]
async fn orphans_older_than_an_hour_are_listed_and_moved_aside_only_on_request() {
    let place = Place::new().await;
    let id = &place.organization.id;
    let blob = format!("blobs/{id}/ab/ab345678-1234-4abc-8abc-123456789abc");
    let old = [blob.as_str(), "incoming/left-by-a-crash"];
    for file in old {
        old_file(&place.data_dir.join(file), Duration::from_secs(2 * 3600));
    }
    old_file(&place.data_dir.join("incoming/young"), Duration::from_secs(1800));
    let kept = place.file_of("a.pdf");
    File::options()
        .write(true)
        .open(place.data_dir.join(&kept))
        .unwrap()
        .set_modified(SystemTime::UNIX_EPOCH)
        .unwrap();

    let orphans = |check: &Ended| {
        let mut named: Vec<_> = check
            .lines("orphan")
            .iter()
            .map(|line| line.split('\t').nth(1).unwrap().to_owned())
            .collect();
        named.sort();
        named
    };
    let check = place.check(&[]).expect(0);
    assert_eq!(orphans(&check), old);
    let before = files(&place.data_dir.join("blobs"));
    let mut listed: Vec<_> =
        place.findings(&[]).iter().map(|finding| text(&finding["file"]).to_owned()).collect();
    listed.sort();
    assert_eq!(listed, old);
    assert_eq!(files(&place.data_dir.join("blobs")), before);

    let repaired = place.check(&["--repair"]).expect(0);
    assert_eq!(orphans(&repaired), old);
    for file in old {
        assert!(!place.data_dir.join(file).exists(), "{file} is still there");
        assert!(place.data_dir.join("aside").join(file).exists(), "{file} is not aside");
    }
    assert!(place.data_dir.join("incoming/young").exists());
    let after: Vec<_> = before
        .into_iter()
        .filter(|file| !file.ends_with(blob.rsplit('/').next().unwrap()))
        .collect();
    assert_eq!(files(&place.data_dir.join("blobs")), after);
    assert_eq!(place.findings(&[]), [Value::Null; 0]);
    check_is_clean(&place.data_dir);
}
