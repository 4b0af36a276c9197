//! What each metric means, in one place: the `# HELP` lines of `/metrics`. The table in `docs/operations.md` says the same
//! to operators; a tidy test holds both against the names that the code measures under.

use metrics::{describe_counter, describe_gauge, describe_histogram};

const COUNTERS: [(&str, &str); 9] = [
    ("bindery_requests_total", "Requests answered, by route, method and status."),
    ("bindery_uploads_total", "Files that came whole to a presigned URL."),
    ("bindery_upload_bytes_total", "Their bytes."),
    ("bindery_downloads_total", "Downloads that were begun through this server."),
    ("bindery_download_bytes_total", "Bytes that they were sent."),
    ("bindery_preview_downloads_total", "Pictures of previews that were sent."),
    ("bindery_previews_total", "Previews made, by kind of file and outcome."),
    ("bindery_preview_retries_total", "Tries at previews that must be made again."),
    ("bindery_storage_errors_total", "Calls to an S3 storage that failed, by operation."),
];

const GAUGES: [(&str, &str); 6] = [
    ("bindery_build_info", "1, with the version of the program."),
    ("bindery_connections", "Open connections."),
    ("bindery_free_bytes", "Free space in the data dir."),
    ("bindery_database_queue", "Work that waits for the embedded database, by kind."),
    ("bindery_preview_queue_jobs", "Previews that wait or are being made."),
    ("bindery_preview_queue_oldest_seconds", "How long the oldest of them has waited."),
];

const HISTOGRAMS: [(&str, &str); 4] = [
    ("bindery_request_seconds", "Time until the answer's head, by route and method."),
    ("bindery_database_seconds", "Time in the database, waiting for it included, by kind."),
    ("bindery_storage_seconds", "Time that the storage took, by operation."),
    ("bindery_preview_seconds", "Time that rendering took, by kind of file."),
];

/// Tells them to the recorder.
pub(super) fn describe() {
    for (name, meaning) in COUNTERS {
        describe_counter!(name, meaning);
    }
    for (name, meaning) in GAUGES {
        describe_gauge!(name, meaning);
    }
    for (name, meaning) in HISTOGRAMS {
        describe_histogram!(name, meaning);
    }
}
