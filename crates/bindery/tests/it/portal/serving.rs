//! How the site's files are served: types, caching, codings, policy, paths.

use bindery_testkit::{Answer, Client};

use super::browser;

fn text(answer: &Answer) -> String {
    String::from_utf8(answer.body.clone()).unwrap()
}

/// The path of an asset that the index loads.
fn asset(index: &str, extension: &str) -> String {
    let is_it = |part: &&str| part.starts_with("/docs/assets/") && part.ends_with(extension);
    index.split('"').find(is_it).expect("the index loads an asset").to_owned()
}

#[tokio::test]
async fn pages_are_asked_for_again_and_cost_nothing_when_unchanged() {
    let browser = browser().await;
    let index = browser.get("/docs/").await.expect(200);
    assert_eq!(index.header("content-type"), "text/html; charset=utf-8");
    assert_eq!(index.header("cache-control"), "no-cache");
    let tag = index.header("etag").to_owned();
    assert!(tag.starts_with('"') && tag.len() > 20, "{tag}");
    let again = browser.with_header("if-none-match", &tag).get("/docs/").await.expect(304);
    assert_eq!((again.header("etag"), again.body.len()), (tag.as_str(), 0));
    browser.with_header("if-none-match", "\"other\"").get("/docs/").await.expect(200);
}

#[tokio::test]
async fn assets_are_kept_for_good() {
    let browser = browser().await;
    let index = text(&browser.get("/docs/").await);
    for (extension, kind) in [(".js", "text/javascript"), (".css", "text/css")] {
        let asset = browser.get(&asset(&index, extension)).await.expect(200);
        assert_eq!(asset.header("cache-control"), "public, max-age=31536000, immutable");
        assert_eq!(asset.header("content-type"), format!("{kind}; charset=utf-8"));
        assert_eq!(asset.header("x-content-type-options"), "nosniff");
    }
}

#[tokio::test]
async fn files_come_in_the_best_coding_that_the_caller_takes() {
    let browser = browser().await;
    let plain = browser.get("/docs/").await.expect(200);
    let encoded = async |accept: &str| {
        browser.with_header("accept-encoding", accept).get("/docs/").await.expect(200)
    };
    for (accept, coding) in [("gzip, deflate, br", "br"), ("gzip", "gzip"), ("br;q=0, *", "gzip")] {
        let answer = encoded(accept).await;
        assert_eq!(answer.header("content-encoding"), coding, "{accept}");
        assert!(answer.header("vary").contains("accept-encoding"));
        assert!(answer.body.len() * 2 < plain.body.len(), "{coding}: {}", answer.body.len());
        let tag = answer.header("etag");
        assert!(tag.ends_with(&format!("-{coding}\"")), "{tag}");
        let again =
            browser.with_header("accept-encoding", accept).with_header("if-none-match", tag);
        assert_eq!(again.get("/docs/").await.expect(304).header("etag"), tag);
    }
    for accept in ["identity", "br;q=0, gzip;q=0"] {
        let answer = encoded(accept).await;
        assert_eq!((answer.header("content-encoding"), answer.body == plain.body), ("", true));
    }
}

#[tokio::test]
async fn pages_may_load_nothing_from_elsewhere_nor_be_framed() {
    let browser = browser().await;
    for path in ["/docs/", "/docs/errors/invalid", "/docs/no-such-page"] {
        let answer = browser.get(path).await;
        let policy = answer.header("content-security-policy").to_owned();
        for part in [
            "default-src 'none'",
            "script-src 'self'",
            "connect-src 'self'",
            "frame-ancestors 'none'",
        ] {
            assert!(policy.contains(part), "{path}: {policy}");
        }
        let scripts = policy.split(';').find(|part| part.contains("script-src")).unwrap();
        assert!(!scripts.contains("unsafe") && !policy.contains("http"), "{path}: {policy}");
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
    }
}

#[tokio::test]
async fn paths_are_those_of_the_sites_own_links() {
    let browser = browser().await;
    let moved = async |path: &str| {
        let answer = browser.get(path).await.expect(308);
        answer.header("location").to_owned()
    };
    assert_eq!(moved("/docs").await, "docs/");
    assert_eq!(moved("/docs/errors/invalid/").await, "../invalid");
    let page = browser.get("/docs/errors/invalid").await.expect(200);
    assert_eq!(browser.get("/docs/errors/invalid.html").await.expect(200).body, page.body);
    let twin = browser.get("/docs/errors/invalid.md").await.expect(200);
    assert_eq!(twin.header("content-type"), "text/markdown; charset=utf-8");
    assert!(text(&browser.get("/").await.expect(200)).contains("href=\"/docs/\""));
}

#[tokio::test]
async fn what_is_not_there_is_404_as_a_page_for_people_and_a_problem_for_programs() {
    let browser = browser().await;
    for path in ["/docs/no-such-page", "/docs/errors/INVALID", "/docs/errors/nothing/"] {
        let answer = browser.get(path).await.expect(404);
        assert_eq!(answer.header("content-type"), "text/html; charset=utf-8", "{path}");
        assert_eq!(answer.header("etag"), "", "{path}");
    }
    for path in [
        "/docs/assets/none.js",
        "/docs/none.json",
        "/docs/index.html.br",
        "/DOCS/",
        "/Docs/errors/invalid",
    ] {
        browser.get(path).await.problem(404);
    }
}

#[tokio::test]
async fn no_path_leads_out_of_the_site() {
    let browser = browser().await;
    for path in [
        "/docs/.gitkeep",
        "/docs/..%2f..%2f..%2fCargo.toml",
        "/docs/%2e%2e/%2e%2e/Cargo.toml",
        "/docs/a%5c..%5cb",
        "/docs//index.html",
    ] {
        missing(&browser, path).await;
    }
}

async fn missing(browser: &Client, path: &str) {
    let answer = browser.get(path).await;
    assert_eq!(answer.status, 404, "{path}");
    assert!(!text(&answer).contains("[workspace]"), "{path}");
}

#[tokio::test]
async fn head_says_the_same_as_get() {
    let browser = browser().await;
    for path in ["/docs/", "/docs/errors/invalid", "/docs/no-such-page", "/docs"] {
        let (get, head) = (browser.get(path).await, browser.send("HEAD", path, None).await);
        assert_eq!((head.status, head.body.len()), (get.status, 0), "{path}");
        for name in ["content-type", "etag", "cache-control", "content-security-policy", "location"]
        {
            assert_eq!(head.header(name), get.header(name), "{path} {name}");
        }
    }
}
