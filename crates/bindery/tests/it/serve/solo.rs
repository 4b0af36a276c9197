//! One server on an embedded database.

use std::process::Command;

use super::{metrics::metrics, server};
use crate::support::PROGRAM;

#[test]
fn a_second_server_on_the_same_data_is_refused() {
    let server = server(&[]);
    let mut command = Command::new(PROGRAM);
    command.arg("--data-dir").arg(server.data_dir()).args(["serve", "--listen", "127.0.0.1:0"]);
    let refused = command.output().unwrap();
    let said = String::from_utf8(refused.stderr).unwrap();
    assert_eq!(refused.status.code(), Some(1));
    assert_eq!(said.lines().count(), 1, "{said}");
    assert!(
        said.contains("in use by another server") && said.contains(&server.pid().to_string()),
        "{said}"
    );
}

#[tokio::test]
async fn the_free_space_for_files_is_measured() {
    let server = server(&[]);
    assert!(metrics(server.url()).await.contains("bindery_free_bytes "));
}
