//! A binder's metadata schema: which elements there are and what values they take.

mod built_in;

use crate::{DataType, ElementId, Metadata, ValueId, fold};

pub use built_in::BuiltIn;

/// A value that an enumerated element allows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AllowedValue {
    /// Internal key, the same in every binder of the organization; never leaves the server.
    pub key: i64,
    /// Public id, unique in the element; a new label keeps it.
    pub id: ValueId,
    /// What people see; unique in the element, in any case.
    pub label: String,
    /// Whether it can only be shown and found any more, not set.
    pub retired: bool,
}

/// A metadata element of a binder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Element {
    /// Internal key, the same in every binder of the organization; never leaves the server.
    pub key: i64,
    /// Public id, unique in the binder.
    pub id: ElementId,
    /// What people see.
    pub label: String,
    /// What kind of values it has.
    pub data_type: DataType,
    /// Whether a new version must have a value of it.
    pub required: bool,
    /// The allowed values of an enumerated element in their set order; empty for other types.
    pub allowed: Vec<AllowedValue>,
}

impl Element {
    /// Which of the platform's own elements it is, if any.
    #[must_use]
    pub fn built_in(&self) -> Option<BuiltIn> {
        BuiltIn::from_id(self.id.as_str())
    }

    /// Whether its values stand in a version's [`Metadata`]: all of the binder's own, and those of the platform's that
    /// are neither computed nor kept in a column.
    #[must_use]
    pub fn is_stored(&self) -> bool {
        self.built_in().is_none_or(BuiltIn::is_stored)
    }

    /// The allowed value of an id; case counts.
    #[must_use]
    pub fn allowed_value(&self, id: &str) -> Option<&AllowedValue> {
        self.allowed.iter().find(|value| value.id.as_str() == id)
    }
}

/// The metadata elements of a binder in the order of answers: the platform's own in the order of
/// [`BuiltIn::ALL`], then the binder's own in their set order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Schema {
    /// The elements.
    pub elements: Vec<Element>,
}

impl Schema {
    /// The element of an id; case counts.
    #[must_use]
    pub fn find(&self, id: &str) -> Option<&Element> {
        self.elements.iter().find(|element| element.id.as_str() == id)
    }

    /// The element that describes a document: the one with the id `description`, else the one labelled so in any case.
    #[must_use]
    pub fn description_element(&self) -> Option<&Element> {
        let is_labelled_so = |element: &&Element| fold::identity(&element.label) == "description";
        self.find("description").or_else(|| self.elements.iter().find(is_labelled_so))
    }

    /// A version's description: the value of [`Schema::description_element`], the label where it is enumerated.
    #[must_use]
    pub fn description(&self, metadata: &Metadata) -> Option<String> {
        let element = self.description_element()?;
        let value = metadata.get(element.id.as_str())?;
        let label = element.allowed_value(value).map(|allowed| allowed.label.clone());
        Some(label.unwrap_or_else(|| value.to_owned()))
    }

    /// A version's status: the label of its `GLOBAL_Status`, else `Active`.
    #[must_use]
    pub fn status(&self, metadata: &Metadata) -> String {
        let id = BuiltIn::Status.id();
        metadata
            .get(id)
            .and_then(|value| self.find(id)?.allowed_value(value))
            .map_or_else(|| "Active".to_owned(), |allowed| allowed.label.clone())
    }
}

#[cfg(test)]
mod tests;
