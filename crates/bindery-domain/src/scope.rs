//! Whose call it is, whose data it touches, and what of it the caller may see.

/// Internal key of an organization; the first part of every key. Never leaves the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OrgKey(pub i64);

/// Proof that a caller may reach an organization's data. Every function that touches an organization's rows
/// takes one and uses [`Scope::owner`], never the caller, so that sharing between organizations can come later.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Scope {
    caller: OrgKey,
    owner: OrgKey,
}

impl Scope {
    /// The scope of a caller within its own organization. Only what has authenticated the caller makes one:
    /// the access extractors, the operator's commands, and jobs from their rows.
    #[must_use]
    pub fn own(org: OrgKey) -> Self {
        Self { caller: org, owner: org }
    }

    /// Whose call it is.
    #[must_use]
    pub fn caller(&self) -> OrgKey {
        self.caller
    }

    /// Whose rows are touched.
    #[must_use]
    pub fn owner(&self) -> OrgKey {
        self.owner
    }
}

/// What of the owner's binders and tabs a caller may see. The search planner takes it as a filter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Visible {
    /// Everything: API clients have no per-binder scope.
    All,
}
