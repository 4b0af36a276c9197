//! The elements that the platform defines in every binder.

use crate::DataType;

/// An element that the platform defines; the set is stable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum BuiltIn {
    /// The binder.
    BinderId,
    /// The tab or folder that the document is directly in.
    TabId,
    /// The type of the tab at the top of that folder.
    TabType,
    /// The client that created the document.
    CreatedBy,
    /// The version label people see.
    Version,
    /// The category, as Legal or Finance.
    Category,
    /// The status, as Active or Archived.
    Status,
    /// The document date chosen by the user.
    Date,
    /// The revision date chosen by the user.
    RevisionDate,
    /// The file name: an extension, for sorting and filtering only.
    FileName,
}

impl BuiltIn {
    /// All of them, in the order of answers.
    pub const ALL: [Self; 10] = [
        Self::BinderId,
        Self::TabId,
        Self::TabType,
        Self::CreatedBy,
        Self::Version,
        Self::Category,
        Self::Status,
        Self::Date,
        Self::RevisionDate,
        Self::FileName,
    ];

    /// What every id of such an element begins with. No element of a binder's own may.
    pub const PREFIX: &'static str = "GLOBAL_";

    /// The public id.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::BinderId => "GLOBAL_BinderId",
            Self::TabId => "GLOBAL_TabId",
            Self::TabType => "GLOBAL_TabType",
            Self::CreatedBy => "GLOBAL_CreatedBy",
            Self::Version => "GLOBAL_Version",
            Self::Category => "GLOBAL_Category",
            Self::Status => "GLOBAL_Status",
            Self::Date => "GLOBAL_Date",
            Self::RevisionDate => "GLOBAL_RevisionDate",
            Self::FileName => "GLOBAL_FileName",
        }
    }

    /// The element of an id; case counts.
    #[must_use]
    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|built_in| built_in.id() == id)
    }

    /// What people see until a binder is configured otherwise.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::BinderId => "Binder",
            Self::TabId => "Tab",
            Self::TabType => "Tab type",
            Self::CreatedBy => "Created by",
            Self::Version => "Version",
            Self::Category => "Category",
            Self::Status => "Status",
            Self::Date => "Date",
            Self::RevisionDate => "Revision date",
            Self::FileName => "File name",
        }
    }

    /// What kind of values it has.
    #[must_use]
    pub fn data_type(self) -> DataType {
        match self {
            Self::BinderId
            | Self::TabId
            | Self::TabType
            | Self::CreatedBy
            | Self::Version
            | Self::FileName => DataType::String,
            Self::Category | Self::Status => DataType::Enum,
            Self::Date | Self::RevisionDate => DataType::Date,
        }
    }

    /// Ids and labels of the allowed values until a binder is configured otherwise.
    #[must_use]
    pub fn default_values(self) -> &'static [(&'static str, &'static str)] {
        match self {
            Self::Status => &[("active", "Active"), ("archived", "Archived")],
            _ => &[],
        }
    }

    /// Whether answers compute it and put it in front of a document's metadata, where it always is.
    #[must_use]
    pub fn is_computed(self) -> bool {
        matches!(
            self,
            Self::BinderId | Self::TabId | Self::TabType | Self::CreatedBy | Self::Version
        )
    }

    /// Whether a commit's metadata may name it. `GLOBAL_Version` is, though it becomes the version's label.
    #[must_use]
    pub fn is_settable(self) -> bool {
        self == Self::Version || self.is_stored()
    }

    /// Whether its values stand in a version's [`crate::Metadata`].
    #[must_use]
    pub fn is_stored(self) -> bool {
        matches!(self, Self::Category | Self::Status | Self::Date | Self::RevisionDate)
    }
}
