//! Presigned URLs.

use bindery_domain::Timestamp;
use bindery_testkit::fuzz;

use crate::links::{DownloadLink, Links, Picture, PreviewLink, UploadLink};

const NOW: Timestamp = Timestamp(1_700_000_000_000_000);
const LATER: Timestamp = Timestamp(1_700_000_300_000_000);

/// Whoever alters a URL gets nothing else by it: a signature is good for exactly one claim.
#[test]
fn any_altered_link_is_refused_or_means_the_same() {
    let links = Links::new(&[7; 32], "https://files.example");
    let organization = "00000000-0000-4000-8000-000000000001".parse().unwrap();
    let upload = UploadLink {
        organization,
        upload: "00000000-0000-4000-8000-000000000002".parse().unwrap(),
        client: "erp-sync".parse().unwrap(),
        limit_bytes: 5 << 30,
        expires: LATER,
    };
    let download = DownloadLink {
        organization,
        version: "00000000-0000-4000-8000-000000000003".parse().unwrap(),
        client: "erp-sync".parse().unwrap(),
        file_name: "A-40.1 plan å.pdf".to_owned(),
        expires: LATER,
    };
    let preview = PreviewLink {
        organization,
        version: download.version,
        client: download.client.clone(),
        renderer: 1,
        picture: Picture::Tiles(3),
        expires: LATER,
    };
    let urls =
        [links.upload_url(&upload), links.download_url(&download), links.preview_url(&preview)];
    let seeds = urls.map(|url| url.trim_start_matches("https://files.example").as_bytes().to_vec());
    fuzz::run_with("link", seeds.to_vec(), |input| {
        let text = String::from_utf8_lossy(input);
        let (path, query) = text.split_once('?').unwrap_or((&text, ""));
        let taken_up = links.check_upload(path, query, NOW);
        let taken_down = links.check_download(path, query, NOW);
        if let Ok(link) = &taken_up {
            assert_eq!(link, &upload);
        }
        if let Ok(link) = &taken_down {
            assert_eq!(link, &download);
        }
        let shown = links.check_preview(path, query, NOW);
        if let Ok(link) = &shown {
            assert_eq!(link, &preview);
        }
        format!("{} {} {}", taken_up.is_ok(), taken_down.is_ok(), shown.is_ok())
    });
}
