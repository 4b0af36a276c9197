//! A program that was built without the site says how to build it. Programs of debug builds read the site's folder when they
//! are asked, so an empty disk over that folder, which only the server's own namespace has, is a build without it.

use bindery_testkit::{Answer, Client, Server, ServerOptions};

use crate::support::PROGRAM;

const DIST: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/portal/dist");
const MOUNT: &str = r#"mount -t tmpfs bindery "$0" && exec "$@""#;

fn server_without_the_site() -> Server {
    let words = "unshare --user --map-root-user --mount sh -c".split(' ').chain([MOUNT, DIST]);
    let wrapper = words.map(str::to_owned).collect();
    Server::start(PROGRAM, ServerOptions { wrapper, ..Default::default() })
}

fn says_how_to_build(answer: &Answer) {
    assert_eq!(answer.header("content-type"), "text/html; charset=utf-8");
    assert!(answer.header("content-security-policy").starts_with("default-src 'none'"));
    assert_eq!(answer.header("cache-control"), "no-cache");
    let text = String::from_utf8_lossy(&answer.body);
    for part in ["<code>make portal</code>", "<code>make build</code>", "href=\"/openapi.json\""] {
        assert!(text.contains(part), "{part} is not in {text}");
    }
}

#[tokio::test]
async fn without_the_site_the_documentation_says_how_to_build_it() {
    let server = server_without_the_site();
    let browser = Client::anonymous(server.url());
    says_how_to_build(&browser.get("/docs/").await.expect(200));
    for path in ["/docs/guide/upload", "/docs/errors/invalid", "/docs/assets/none.js"] {
        says_how_to_build(&browser.get(path).await.expect(404));
    }
    // What the page offers meanwhile.
    for path in ["/openapi.json", "/"] {
        browser.get(path).await.expect(200);
    }
}
