//! What a worker is asked for.

use serde::{Deserialize, Serialize};

/// One file and what is wanted of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RenderRequest {
    /// The name that the file was stored under. Its ending counts only where the content does not tell the kind.
    pub file_name: String,
    /// What is wanted.
    pub task: Task,
}

/// What is wanted of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Task {
    /// Kind, number and sizes of the pages, a thumbnail of the first, the text of all (within the limits).
    Overview,
    /// One page as a picture: 150 dots per inch, no edge longer than 4,096 pixels.
    Page {
        /// Which page, from 1.
        number: u32,
    },
    /// One page as a pyramid of tiles: 300 dots per inch and two levels below it.
    Tiles {
        /// Which page, from 1.
        page: u32,
    },
}
