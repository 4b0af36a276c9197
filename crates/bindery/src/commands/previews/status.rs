//! `bindery previews status`

use bindery_store::organizations::OrganizationRow;
use bindery_store::{Snapshot, StoreError, derived, jobs, previews};
use serde::Serialize;
use serde_json::{Map, Value};

use crate::clock::Clock;
use crate::commands::target::{self, Where};
use crate::commands::{open_patiently, print, print_json};
use crate::config::Config;
use crate::previews::KIND;

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct StatusView {
    organization: String,
    name: String,
    /// Files by state; equal ones count once.
    states: Map<String, Value>,
    /// Jobs that wait or run: one a file, and one for each part of it that somebody asked for.
    jobs: i64,
    /// How long the oldest of them has waited; none when there is none.
    oldest_seconds: Option<i64>,
    pictures: i64,
    picture_bytes: i64,
}

/// Prints where the previews of each organization stand.
pub(super) async fn show(config: &Config, place: &Where) -> anyhow::Result<()> {
    let store = open_patiently(config).await?.store;
    let mut views = Vec::new();
    for organization in target::organizations_of(&store, place).await? {
        let read = |db: Snapshot| async move { view(&db, organization).await };
        views.push(store.snapshot::<_, _, _, StoreError>(read).await?);
    }
    if place.json {
        return print_json(&views);
    }
    Ok(views.iter().try_for_each(|view| print(&line(view)))?)
}

async fn view(db: &Snapshot, organization: OrganizationRow) -> Result<StatusView, StoreError> {
    let scope = organization.scope();
    let states = previews::counts(db, &scope).await?;
    let states =
        states.into_iter().map(|(state, count)| (state.as_str().to_owned(), Value::from(count)));
    let backlog = jobs::backlog_of(db, &scope, KIND).await?;
    let total = derived::total(db, &scope).await?;
    let now = Clock::system().now().secs();
    Ok(StatusView {
        organization: organization.id.to_string(),
        name: organization.name,
        states: states.collect(),
        jobs: backlog.jobs,
        oldest_seconds: backlog.oldest.map(|oldest| (now - oldest.secs()).max(0)),
        pictures: total.count,
        picture_bytes: total.bytes,
    })
}

fn line(view: &StatusView) -> String {
    let states: Vec<_> =
        view.states.iter().map(|(state, count)| format!("{count} {state}")).collect();
    let states = if states.is_empty() { "no files".to_owned() } else { states.join(", ") };
    let age = view.oldest_seconds.map(|secs| format!(", the oldest for {secs} s"));
    format!(
        "{} ({}): {states}; {} jobs waiting{}; {} pictures, {} bytes",
        view.organization,
        view.name,
        view.jobs,
        age.unwrap_or_default(),
        view.pictures,
        view.picture_bytes
    )
}
