//! A search after its ids were resolved: internal keys only.

use aws_lc_rs::digest::{Context, SHA256};
use bindery_domain::DataType;

use super::statement::Statement;

/// Which documents a search looks at before any filter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Reach {
    /// All of the organization.
    Organization,
    /// Those of a binder.
    Binder(i64),
    /// Those directly in a folder of a binder.
    Folder {
        /// The folder.
        folder: i64,
        /// The binder that the folder is in.
        binder: i64,
    },
}

impl Reach {
    /// The binder that all the documents are in, 0 when there are several.
    pub(crate) fn binder(self) -> i64 {
        match self {
            Self::Organization => super::index::ANY_BINDER,
            Self::Binder(binder) | Self::Folder { binder, .. } => binder,
        }
    }
}

/// What a document must have.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Test {
    /// A value of an element.
    Facet(FacetTest),
    /// A word in its name, folded.
    Word(String),
    /// A tab of a type at its top.
    TabType(String),
}

/// A value that a document must have.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct FacetTest {
    pub(crate) element: i64,
    /// Order-preserving bytes of the value.
    pub(crate) value: Vec<u8>,
    /// Empty where `value` says all.
    pub(crate) exact: Vec<u8>,
    /// Where the facets are.
    pub(crate) place: FacetPlace,
    /// Whether `facet_count` knows how many there are.
    pub(crate) is_counted: bool,
}

/// Where the facets of an element are, for the documents that a search looks at.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum FacetPlace {
    /// Under one binder, or under 0.
    One(i64),
    /// Under each of several binders.
    Each(Vec<i64>),
}

impl FacetPlace {
    /// The binders under which they are.
    pub(crate) fn binders(&self) -> &[i64] {
        match self {
            Self::One(binder) => std::slice::from_ref(binder),
            Self::Each(binders) => binders,
        }
    }
}

/// What documents are ordered by.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Order {
    pub(crate) by: OrderBy,
    pub(crate) is_descending: bool,
}

/// What orders documents.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum OrderBy {
    /// The value of an element.
    Element {
        /// Internal key.
        element: i64,
        /// Public id, as it stands in stored metadata.
        id: String,
        /// What kind of values it has.
        data_type: DataType,
        /// Where its facets are.
        place: FacetPlace,
        /// Whether every document has a value.
        is_always_set: bool,
    },
    /// The binder's id.
    BinderId,
    /// The folder's id.
    FolderId,
    /// The type of the tab.
    TabType,
}

/// A resolved search.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Spec {
    pub(crate) reach: Reach,
    /// Sorted, without repetition.
    pub(crate) tests: Vec<Test>,
    pub(crate) order: Vec<Order>,
}

impl Spec {
    /// A digest of the question. Its debug form names every field, and binder, values and words are quoted there.
    pub(crate) fn digest(&self, about: &str) -> [u8; 16] {
        digest(&format!("{about} {self:?}"))
    }
}

/// The first 16 bytes of the SHA-256 of a question.
pub(crate) fn digest(question: &str) -> [u8; 16] {
    let mut context = Context::new(&SHA256);
    context.update(question.as_bytes());
    let mut first = [0; 16];
    first.copy_from_slice(&context.finish().as_ref()[..16]);
    first
}

impl Statement {
    /// Adds what holds for the documents in reach: rows of `document` under the name `d`.
    pub(crate) fn push_reach(&mut self, org: i64, reach: Reach) -> &mut Self {
        self.push_bound("d.org = ", org);
        match reach {
            Reach::Organization => {}
            Reach::Binder(binder) => {
                self.push_bound(" and d.binder = ", binder);
            }
            Reach::Folder { folder, .. } => {
                self.push_bound(" and d.folder = ", folder);
            }
        }
        self.push(" and d.trashed_at is null and d.trashed_by is null")
    }
}
