//! What is looked at before the server answers.

use anyhow::{Context, bail};
use bindery_store::{Store, organizations, server_values};
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

use crate::app::App;
use crate::commands::demo;
use crate::config::Config;

/// Refuses to serve a demonstration beyond this machine: its secret is public.
pub(super) async fn check_demo(config: &Config, store: &Store) -> anyhow::Result<()> {
    if config.server.listen.ip().is_loopback() || config.server.allow_demo {
        return Ok(());
    }
    if server_values::find(store, demo::MARK).await?.is_some() {
        bail!(
            "there is a demonstration organization, whose secret is public, so the server does not listen on {}; \
             listen on 127.0.0.1, take another --data-dir, or say --allow-demo",
            config.server.listen
        );
    }
    Ok(())
}

/// Links and tokens name an address; one that stands for every address of the machine leads nobody here from elsewhere.
pub(super) fn warn_of_unreachable_links(config: &Config) {
    let server = &config.server;
    if server.listen.ip().is_unspecified() && !server.is_public_url_given {
        tracing::warn!(
            "presigned URLs and tokens name {}, which other machines cannot reach; say with --public-url under which address they reach this server",
            server.public_url
        );
    }
}

/// An empty place serves nobody: says which commands change that.
pub(super) async fn tell_what_to_do_when_empty(app: &App) -> anyhow::Result<()> {
    if organizations::list(&app.store).await.context("looking for organizations")?.is_empty() {
        let dir = app.config.place.data_dir.display();
        tracing::warn!(
            "no organization exists yet; make your own with `bindery --data-dir {dir} provision FILE`, or a demonstration with `bindery --data-dir {dir} demo`"
        );
    }
    Ok(())
}

/// Lets the process have a file descriptor for each connection, as far as the system allows.
pub(super) fn raise_open_files(connections: usize) {
    let limit = getrlimit(Resource::Nofile);
    if limit.current == limit.maximum {
        return;
    }
    if setrlimit(Resource::Nofile, Rlimit { current: limit.maximum, ..limit }).is_err() {
        tracing::warn!(connections, "cannot raise the limit of open files");
    }
}
