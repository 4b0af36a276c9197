//! The file's tree with every id filled in: what `--json` prints. It is a provisioning file itself.

use serde::Serialize;

/// The whole file.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Tree {
    /// Its organizations.
    pub organizations: Vec<OrganizationTree>,
}

/// An organization and what the file says beneath it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct OrganizationTree {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// The clients that the file names.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub clients: Option<Vec<ClientTree>>,
    /// The binders that the file names.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub binders: Option<Vec<BinderTree>>,
}

/// A client.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ClientTree {
    /// Its `client_id`.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its role.
    pub role: &'static str,
    /// Its secret, only when this run made the client.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub secret: Option<String>,
}

/// A binder and what the file says beneath it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct BinderTree {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its type.
    #[serde(rename = "type")]
    pub kind: String,
    /// The elements that the file names.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub metadata: Option<Vec<ElementTree>>,
    /// The tabs that the file names.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tabs: Option<Vec<FolderTree>>,
}

/// A metadata element.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ElementTree {
    /// Its id.
    pub id: String,
    /// Its label.
    pub label: String,
    /// Its type.
    pub data_type: &'static str,
    /// Whether a new version must have a value of it.
    pub required: bool,
    /// The allowed values that the file names.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub allowed_values: Option<Vec<ValueTree>>,
}

/// An allowed value.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ValueTree {
    /// Its id.
    pub id: String,
    /// Its label.
    pub label: String,
    /// Whether it can no longer be set.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub retired: bool,
}

/// A tab or folder.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FolderTree {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// The tab's type; absent for a nested folder.
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// The folders in it that the file names.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub folders: Option<Vec<FolderTree>>,
}
