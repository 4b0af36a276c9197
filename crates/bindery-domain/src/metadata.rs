//! The metadata of a version: what was set, in the order of the schema.

use serde::{Deserialize, Serialize};

use crate::ElementId;

/// Elements and their values, `valueId` as in answers: the allowed value's id where enumerated, else the value as text.
/// The computed elements are not among them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Metadata(pub Vec<(ElementId, String)>);

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Entry<'a> {
    metadata_element_id: std::borrow::Cow<'a, str>,
    value_id: std::borrow::Cow<'a, str>,
}

impl Metadata {
    /// The value of an element; case counts.
    #[must_use]
    pub fn get(&self, element: &str) -> Option<&str> {
        self.0.iter().find(|(id, _)| id.as_str() == element).map(|(_, value)| value.as_str())
    }

    /// The JSON array as it stands in answers: `[{"metadataElementId":"…","valueId":"…"}]`.
    #[must_use]
    pub fn to_json(&self) -> String {
        let entries: Vec<_> = self
            .0
            .iter()
            .map(|(id, value)| Entry {
                metadata_element_id: id.as_str().into(),
                value_id: value.into(),
            })
            .collect();
        serde_json::to_string(&entries).expect("strings are JSON")
    }

    /// Reads what [`Metadata::to_json`] wrote.
    ///
    /// # Errors
    /// When it is not such an array.
    pub fn from_json(json: &str) -> Result<Self, serde_json::Error> {
        let entries: Vec<Entry<'_>> = serde_json::from_str(json)?;
        entries
            .into_iter()
            .map(|entry| {
                let id = entry.metadata_element_id.parse().map_err(serde::de::Error::custom)?;
                Ok((id, entry.value_id.into_owned()))
            })
            .collect::<Result<_, _>>()
            .map(Self)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn json_is_as_in_answers() {
        let metadata = Metadata(vec![
            ("GLOBAL_Status".parse().unwrap(), "active".to_owned()),
            ("Place".parse().unwrap(), "Umeå \"Väst\"\n".to_owned()),
        ]);
        let json = r#"[{"metadataElementId":"GLOBAL_Status","valueId":"active"},{"metadataElementId":"Place","valueId":"Umeå \"Väst\"\n"}]"#;
        assert_eq!(metadata.to_json(), json);
        assert_eq!(metadata.get("Place"), Some("Umeå \"Väst\"\n"));
        assert_eq!(metadata.get("place"), None);
        assert_eq!(Metadata::default().to_json(), "[]");
    }

    #[test]
    fn other_json_is_refused() {
        for json in ["{}", "[1]", r#"[{"metadataElementId":"å","valueId":"a"}]"#, ""] {
            assert!(Metadata::from_json(json).is_err(), "{json}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn json_is_read_back(values in prop::collection::vec(("[A-Za-z0-9_-]{1,64}", any::<String>()), 0..5)) {
            let metadata = Metadata(values.into_iter().map(|(id, value)| (id.parse().unwrap(), value)).collect());
            prop_assert_eq!(Metadata::from_json(&metadata.to_json()).unwrap(), metadata);
        }
    }
}
