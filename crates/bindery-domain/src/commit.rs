//! What a commit's metadata may say, and what a new version inherits.

use std::collections::BTreeMap;

use crate::label;
use crate::{BuiltIn, DataType, Element, FieldErrors, Metadata, Schema, fold};

/// An entry of a commit's `additionalMetadata`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GivenValue {
    /// Id of the element, as sent.
    pub element: String,
    /// The value; an empty one clears the element.
    pub value: String,
}

/// What a commit's metadata comes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Applied {
    /// The new version's metadata.
    pub metadata: Metadata,
    /// What `GLOBAL_Version` was set to; it is no metadata but the label ([`crate::VersionLabel::choose`]).
    pub global_version: Option<String>,
}

/// What the commit says about an element.
enum Change {
    Set(String),
    Clear,
}

impl Schema {
    /// Checks a commit's metadata and completes it from the version before.
    ///
    /// What the commit does not name is inherited, a retired allowed value included; what the schema no longer has is
    /// dropped.
    ///
    /// # Errors
    /// Every offending entry, keyed as `additionalMetadata[2].value`; a required element that is not named and has no
    /// value to inherit is reported under `additionalMetadata`.
    pub fn apply(
        &self,
        previous: Option<&Metadata>,
        given: &[GivenValue],
    ) -> Result<Applied, FieldErrors> {
        let mut errors = FieldErrors::default();
        let mut changes = BTreeMap::new();
        for (index, entry) in given.iter().enumerate() {
            let field = |name: &str| format!("additionalMetadata[{index}].{name}");
            let element = match self.settable(&entry.element) {
                Ok(element) => element,
                Err(message) => {
                    errors.add(field("metadataElementId"), message);
                    continue;
                }
            };
            let change = match change_of(element, &entry.value) {
                Ok(change) => change,
                Err(message) => {
                    errors.add(field("value"), message);
                    // It is named all the same: neither missing nor free to be named again.
                    Change::Clear
                }
            };
            if changes.insert(element.id.as_str(), change).is_some() {
                errors.add(field("metadataElementId"), format!("{} is named twice", element.id));
            }
        }
        let global_version = match changes.remove(BuiltIn::Version.id()) {
            Some(Change::Set(label)) => Some(label),
            _ => None,
        };
        let metadata = self.merge(previous, &changes, &mut errors);
        if errors.is_empty() { Ok(Applied { metadata, global_version }) } else { Err(errors) }
    }

    /// The element that an entry names, if it can be set.
    fn settable(&self, id: &str) -> Result<&Element, String> {
        let element = self.find(id).ok_or("is not a metadata element of this binder")?;
        match element.built_in() {
            Some(built_in) if !built_in.is_settable() => Err(format!("{id} cannot be set")),
            _ => Ok(element),
        }
    }

    fn merge(
        &self,
        previous: Option<&Metadata>,
        changes: &BTreeMap<&str, Change>,
        errors: &mut FieldErrors,
    ) -> Metadata {
        let mut values = Vec::new();
        for element in self.elements.iter().filter(|element| element.is_stored()) {
            let id = element.id.as_str();
            let value = match changes.get(id) {
                Some(Change::Set(value)) => Some(value.as_str()),
                Some(Change::Clear) => None,
                None => previous.and_then(|previous| previous.get(id)),
            };
            match value {
                Some(value) => values.push((element.id.clone(), value.to_owned())),
                // A cleared one was reported where it was named.
                None if element.required && !changes.contains_key(id) => {
                    errors
                        .add("additionalMetadata", format!("{} ({id}) is required", element.label));
                }
                None => {}
            }
        }
        Metadata(values)
    }
}

fn change_of(element: &Element, value: &str) -> Result<Change, String> {
    if element.built_in() == Some(BuiltIn::Version) {
        // An empty one means what an absent one means: the next number. There always is a label.
        return label::check(value).map(|()| {
            if value.is_empty() { Change::Clear } else { Change::Set(value.to_owned()) }
        });
    }
    if value.is_empty() {
        return if element.required {
            Err("is required and cannot be cleared".to_owned())
        } else {
            Ok(Change::Clear)
        };
    }
    let text = match element.data_type {
        DataType::Enum => allowed_id(element, value)?,
        data_type => data_type.parse_value(value)?.text,
    };
    Ok(Change::Set(text))
}

/// The allowed value that is meant: by its id first, then by its label in any case.
fn allowed_id(element: &Element, value: &str) -> Result<String, String> {
    let by_label = || {
        let wanted = fold::identity(value);
        element.allowed.iter().find(|allowed| fold::identity(&allowed.label) == wanted)
    };
    let allowed = element
        .allowed_value(value)
        .or_else(by_label)
        .ok_or_else(|| format!("is not an allowed value of {}", element.label))?;
    if allowed.retired {
        return Err(format!("{} is retired and can no longer be set", allowed.label));
    }
    Ok(allowed.id.as_str().to_owned())
}

#[cfg(test)]
mod tests;
