//! How folders look in answers.

use bindery_store::Chunk;
use bindery_store::folders::{Cursor, FolderRow};
use utoipa::ToSchema;

use crate::api::json::JsonText;
use crate::api::stream::Piece;

/// A tab (*flik*) or a folder in one.
#[derive(ToSchema)]
#[schema(as = Folder)]
#[expect(dead_code, reason = "describes what write_folder writes")]
#[serde(rename_all = "camelCase")]
pub(crate) struct FolderBody {
    /// GUID.
    id: String,
    /// What people call it.
    #[schema(example = "Ritningar")]
    name: String,
    /// A tab's type, or `folder`.
    #[schema(example = "drawings")]
    r#type: String,
    /// The folder that it is in; null for a tab.
    #[schema(required)]
    parent_id: Option<String>,
}

/// A piece of a list of folders.
pub(super) fn piece(chunk: Chunk<FolderRow, Cursor>) -> Piece<Cursor> {
    let mut items = JsonText::default();
    items.items(&chunk.rows, write_folder);
    Piece { items, next: chunk.next }
}

fn write_folder(text: &mut JsonText, folder: &FolderRow) {
    text.raw("{\"id\":").plain(folder.id).raw(",\"name\":").string(&folder.name);
    text.raw(",\"type\":").string(&folder.folder_type).raw(",\"parentId\":");
    match folder.parent_id {
        Some(parent) => text.plain(parent),
        None => text.raw("null"),
    };
    text.raw("}");
}
