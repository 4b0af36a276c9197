//! The developer portal as the server serves it. Needs the built site: `make portal`.

mod contract;
// A release program holds the site, so there is no way to take it away.
#[cfg(debug_assertions)]
mod not_built;
mod problem_pages;
mod serving;

use bindery_testkit::{Client, Server};

use crate::support::PROGRAM;

/// A caller of the server that tests share, after making sure that it has the site.
async fn browser() -> Client {
    let anonymous = Client::anonymous(Server::shared(PROGRAM).url());
    let index = anonymous.get("/docs/").await.expect(200);
    let text = String::from_utf8(index.body).unwrap();
    assert!(!text.contains("make portal"), "the site is not built: run `make portal` first");
    anonymous
}
