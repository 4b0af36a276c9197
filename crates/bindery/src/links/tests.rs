use proptest::prelude::*;

use super::*;

const NOW: Timestamp = Timestamp(1_769_847_330_250_000);

fn links() -> Links {
    Links::new(&[7; KEY_BYTES], "https://files.example.org/")
}

fn upload() -> UploadLink {
    UploadLink {
        organization: "6f1f64a5-6f0e-4c1c-9d4e-0e9b6a1c2d3e".parse().unwrap(),
        upload: "0b4c64a5-6f0e-4c1c-9d4e-0e9b6a1c2d3e".parse().unwrap(),
        client: "erp-sync".parse().unwrap(),
        limit_bytes: 5 << 30,
        expires: Timestamp(1_769_847_331_000_000),
    }
}

fn download(file_name: &str) -> DownloadLink {
    let UploadLink { organization, client, expires, .. } = upload();
    let version = "1b4c64a5-6f0e-4c1c-9d4e-0e9b6a1c2d3e".parse().unwrap();
    DownloadLink { organization, version, client, file_name: file_name.to_owned(), expires }
}

/// What a request to the URL shows of it.
fn split(url: &str) -> (&str, &str) {
    url.strip_prefix("https://files.example.org").unwrap().split_once('?').unwrap()
}

#[test]
fn an_upload_url_shows_what_it_allows() {
    let url = links().upload_url(&upload());
    let (shown, signature) = url.rsplit_once('=').unwrap();
    insta::assert_snapshot!(shown, @"https://files.example.org/storage/6f1f64a5-6f0e-4c1c-9d4e-0e9b6a1c2d3e/uploads/5368709120/0b4c64a5-6f0e-4c1c-9d4e-0e9b6a1c2d3e?sv=1&sr=b&sp=cw&si=erp-sync&se=2026-01-31T08:15:31Z&sig");
    assert_eq!(signature.len(), 43);
}

#[test]
fn a_download_url_ends_with_the_file_name() {
    let url = links().download_url(&download("Plan 1/2 å?.pdf"));
    assert!(split(&url).0.ends_with("/Plan%201%2F2%20%C3%A5%3F.pdf"), "{url}");
}

#[test]
fn a_url_works_until_its_time_and_not_after() {
    let (links, link) = (links(), upload());
    let url = links.upload_url(&link);
    let (path, query) = split(&url);
    assert_eq!(links.check_upload(path, query, NOW), Ok(link));
    assert_eq!(links.check_upload(path, query, NOW.plus_secs(1)), Err(Refusal::BadLink(EXPIRED)));
}

#[test]
fn parameters_that_a_library_adds_or_encodes_otherwise_do_no_harm() {
    let (links, link) = (links(), upload());
    let url = links.upload_url(&link);
    let (path, query) = split(&url);
    let query = format!(
        "comp=block&blockid=MDAw&{}&timeout=30",
        query.replace(':', "%3A").replace('-', "%2D")
    );
    assert_eq!(links.check_upload(path, &query, NOW), Ok(link));
}

#[test]
fn a_url_of_one_kind_is_none_of_the_other() {
    let links = links();
    let (upload, download) = (links.upload_url(&upload()), links.download_url(&download("a.pdf")));
    let ((path, query), (get_path, get_query)) = (split(&upload), split(&download));
    assert!(links.check_download(path, query, NOW).is_err());
    assert!(links.check_upload(get_path, get_query, NOW).is_err());
    assert!(links.check_upload(path, get_query, NOW).is_err());
}

#[test]
fn a_url_of_another_key_does_not_work() {
    let url = Links::new(&[8; KEY_BYTES], "https://files.example.org").upload_url(&upload());
    let (path, query) = split(&url);
    assert_eq!(links().check_upload(path, query, NOW), Err(Refusal::BadLink(ALTERED)));
}

#[test]
fn a_parameter_given_twice_is_altered() {
    let url = links().upload_url(&upload());
    let (path, query) = split(&url);
    let later = format!("{query}&se=2030-01-31T08:15:31Z");
    assert_eq!(links().check_upload(path, &later, NOW), Err(Refusal::BadLink(ALTERED)));
}

proptest! {
    #[test]
    fn any_file_name_comes_back_from_its_url(file_name in "\\PC{0,60}|.{0,20}") {
        let link = download(&file_name);
        let url = links().download_url(&link);
        prop_assert!(url.is_ascii() && !url.contains(char::is_whitespace));
        let (path, query) = split(&url);
        prop_assert_eq!(links().check_download(path, query, NOW), Ok(link));
    }

    /// Changing any byte of a URL breaks it, or it still says the same.
    #[test]
    fn an_altered_url_is_refused(at in any::<prop::sample::Index>(), byte in 0x20_u8..0x7f) {
        let (links, link) = (links(), upload());
        let mut url = links.upload_url(&link).into_bytes();
        let start = "https://files.example.org".len();
        let at = start + at.index(url.len() - start);
        url[at] = byte;
        let url = String::from_utf8(url).unwrap();
        let Some((path, query)) = url[start..].split_once('?') else { return Ok(()) };
        if let Ok(claim) = links.check_upload(path, query, NOW) {
            prop_assert_eq!(claim, link);
        }
    }

    #[test]
    fn no_input_makes_the_parsers_panic(path in "(/storage/)?.{0,80}", query in ".{0,120}|(s[vrpei]=[^&]{0,9}&){0,6}sig=.{0,50}") {
        _ = parse_upload(&path, &query);
        _ = parse_download(&path, &query);
    }
}

#[test]
fn a_preview_url_shows_its_picture_and_allows_no_other() {
    let DownloadLink { organization, version, client, expires, .. } = download("a.pdf");
    let link = PreviewLink {
        organization,
        version,
        client,
        renderer: 7,
        picture: Picture::Tiles(3),
        expires,
    };
    let url = links().preview_url(&link);
    let (shown, _) = url.rsplit_once('=').unwrap();
    insta::assert_snapshot!(shown, @"https://files.example.org/storage/6f1f64a5-6f0e-4c1c-9d4e-0e9b6a1c2d3e/previews/1b4c64a5-6f0e-4c1c-9d4e-0e9b6a1c2d3e/7-tiles-3?sv=1&sr=b&sp=r&si=erp-sync&se=2026-01-31T08:15:31Z&sig");
    let (path, query) = split(&url);
    let tile = format!("{query}&level=0&column=2&row=1");
    assert_eq!(links().check_preview(path, &tile, NOW), Ok(link));
    for altered in ["7-tiles-4", "7-page-3", "8-tiles-3", "7-thumbnail", "7-tiles-03"] {
        let path = path.replace("7-tiles-3", altered);
        assert_eq!(
            links().check_preview(&path, query, NOW),
            Err(Refusal::BadLink(ALTERED)),
            "{altered}"
        );
    }
    assert_eq!(links().check_download(path, query, NOW), Err(Refusal::BadLink(ALTERED)));
}
