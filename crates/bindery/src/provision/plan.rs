//! What a provisioning file declares, checked and typed. Every part remembers its line.

use bindery_domain::{
    BinderId, ClientId, DataType, ElementId, FolderId, ObjectName, OrganizationId, Role, ValueId,
};

/// The whole file.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Plan {
    /// Its organizations.
    pub(crate) organizations: Vec<OrganizationPlan>,
}

/// An organization. `None` anywhere in a plan: the file leaves it out.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct OrganizationPlan {
    /// Line in the file.
    pub(crate) line: usize,
    pub(crate) id: Option<OrganizationId>,
    pub(crate) name: Option<ObjectName>,
    pub(crate) clients: Option<Vec<ClientPlan>>,
    pub(crate) binders: Option<Vec<BinderPlan>>,
}

/// An API client.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct ClientPlan {
    pub(crate) line: usize,
    pub(crate) id: Option<ClientId>,
    pub(crate) name: Option<ObjectName>,
    pub(crate) role: Option<Role>,
    pub(crate) secret: Option<String>,
}

/// A binder.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct BinderPlan {
    pub(crate) line: usize,
    pub(crate) id: Option<BinderId>,
    pub(crate) name: Option<ObjectName>,
    pub(crate) kind: Option<ObjectName>,
    pub(crate) metadata: Option<Vec<ElementPlan>>,
    pub(crate) tabs: Option<Vec<FolderPlan>>,
}

/// A metadata element: a built-in one to configure, or one of the binder's own.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct ElementPlan {
    pub(crate) line: usize,
    pub(crate) id: Option<ElementId>,
    pub(crate) label: Option<ObjectName>,
    pub(crate) data_type: Option<DataType>,
    pub(crate) required: Option<bool>,
    pub(crate) allowed_values: Option<Vec<ValuePlan>>,
}

/// An allowed value of an enumerated element.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct ValuePlan {
    pub(crate) line: usize,
    pub(crate) id: Option<ValueId>,
    pub(crate) label: Option<ObjectName>,
    pub(crate) retired: Option<bool>,
}

/// A tab (at the top of a binder) or a folder within one.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct FolderPlan {
    pub(crate) line: usize,
    pub(crate) id: Option<FolderId>,
    pub(crate) name: Option<ObjectName>,
    /// The tab's type; never set for a nested folder.
    pub(crate) kind: Option<TabType>,
    pub(crate) folders: Option<Vec<FolderPlan>>,
}

/// The type of a tab.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TabType {
    Documents,
    Drawings,
    Subtabs,
    Checklist,
    Content,
}

impl TabType {
    /// All of them, as the file, the database and answers spell them.
    pub(crate) const WORDS: [(&'static str, Self); 5] = [
        ("documents", Self::Documents),
        ("drawings", Self::Drawings),
        ("subtabs", Self::Subtabs),
        ("checklist", Self::Checklist),
        ("content", Self::Content),
    ];

    /// Its spelling.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Documents => "documents",
            Self::Drawings => "drawings",
            Self::Subtabs => "subtabs",
            Self::Checklist => "checklist",
            Self::Content => "content",
        }
    }
}
