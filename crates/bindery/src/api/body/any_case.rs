//! A deserializer over JSON text that finds the fields of structs in any case, drops those that are `null`,
//! and knows the path to what is wrong.

use std::borrow::Cow;
use std::fmt;

use serde::Deserialize;
use serde::de::value::{BorrowedStrDeserializer, StrDeserializer};
use serde::de::{
    DeserializeSeed, Deserializer, Error, IntoDeserializer, MapAccess, SeqAccess, Unexpected,
    Visitor,
};
use serde::forward_to_deserialize_any;
use serde_json::value::RawValue;

use super::fault::Fault;

/// A JSON value as text, known to be well formed.
pub(super) struct Input<'de>(&'de str);

impl<'de> Input<'de> {
    pub(super) fn new(json: &'de str) -> Self {
        Self(json)
    }
}

impl<'de> Deserializer<'de> for Input<'de> {
    type Error = Fault;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        match self.0.as_bytes().first() {
            Some(b'{') => visitor.visit_map(Fields::new(self.0, &[])?),
            Some(b'[') => visitor.visit_seq(Elements::new(self.0)?),
            Some(b'"') => match serde_json::from_str::<Text<'de>>(self.0)?.0 {
                text if text.contains('\0') => Err(Fault::here("must not contain NUL")),
                Cow::Borrowed(text) => visitor.visit_borrowed_str(text),
                Cow::Owned(text) => visitor.visit_string(text),
            },
            Some(b't') => visitor.visit_bool(true),
            Some(b'f') => visitor.visit_bool(false),
            Some(b'n') => visitor.visit_unit(),
            _ => self.number(visitor),
        }
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Fault> {
        if self.0.starts_with('{') {
            visitor.visit_map(Fields::new(self.0, fields)?)
        } else {
            Err(Fault::here("must be an object"))
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        if self.0 == "null" { visitor.visit_none() } else { visitor.visit_some(self) }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Fault> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Fault> {
        match serde_json::from_str::<Text<'de>>(self.0) {
            Ok(Text(name)) => visitor.visit_enum(StrDeserializer::<Fault>::new(&name)),
            Err(_) => Err(Fault::invalid_type(Unexpected::Other("value"), &"a string")),
        }
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        visitor.visit_unit()
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf
        unit unit_struct seq tuple tuple_struct map identifier
    }
}

impl<'de> Input<'de> {
    fn number<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        if let Ok(number) = self.0.parse::<u64>() {
            visitor.visit_u64(number)
        } else if let Ok(number) = self.0.parse::<i64>() {
            visitor.visit_i64(number)
        } else {
            visitor.visit_f64(self.0.parse().map_err(|_| Fault::here("must be a number"))?)
        }
    }
}

/// A JSON string, borrowed when it holds no escapes.
struct Text<'de>(Cow<'de, str>);

impl<'de> Deserialize<'de> for Text<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct TextVisitor;
        impl<'de> Visitor<'de> for TextVisitor {
            type Value = Text<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a string")
            }

            fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Text<'de>, E> {
                Ok(Text(Cow::Borrowed(text)))
            }

            fn visit_str<E>(self, text: &str) -> Result<Text<'de>, E> {
                Ok(Text(Cow::Owned(text.to_owned())))
            }
        }
        deserializer.deserialize_str(TextVisitor)
    }
}

/// The members of an object that are not `null`, in their order.
struct Members<'de>(Vec<(Text<'de>, &'de RawValue)>);

impl<'de> Deserialize<'de> for Members<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct MembersVisitor;
        impl<'de> Visitor<'de> for MembersVisitor {
            type Value = Members<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members<'de>, A::Error> {
                let mut members = Vec::new();
                while let Some((name, value)) = map.next_entry::<Text<'de>, &'de RawValue>()? {
                    if value.get() != "null" {
                        members.push((name, value));
                    }
                }
                Ok(Members(members))
            }
        }
        deserializer.deserialize_map(MembersVisitor)
    }
}

struct Fields<'de> {
    members: std::vec::IntoIter<(Text<'de>, &'de RawValue)>,
    known: &'static [&'static str],
    value: Option<(Cow<'de, str>, &'de RawValue)>,
}

impl<'de> Fields<'de> {
    fn new(json: &'de str, known: &'static [&'static str]) -> Result<Self, Fault> {
        let Members(members) = serde_json::from_str(json)?;
        Ok(Self { members: members.into_iter(), known, value: None })
    }
}

impl<'de> MapAccess<'de> for Fields<'de> {
    type Error = Fault;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, Fault> {
        let Some((Text(name), value)) = self.members.next() else { return Ok(None) };
        let known = self.known.iter().find(|known| known.eq_ignore_ascii_case(&name));
        let name = known.map_or(name, |known| Cow::Borrowed(*known));
        let key = match &name {
            Cow::Borrowed(name) => seed.deserialize(BorrowedStrDeserializer::<Fault>::new(name)),
            Cow::Owned(name) => seed.deserialize(name.as_str().into_deserializer()),
        }?;
        self.value = Some((name, value));
        Ok(Some(key))
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Fault> {
        let Some((name, value)) = self.value.take() else {
            return Err(Fault::here("must be an object"));
        };
        seed.deserialize(Input(value.get())).map_err(|fault| fault.in_field(&name))
    }
}

struct Elements<'de> {
    elements: std::iter::Enumerate<std::vec::IntoIter<&'de RawValue>>,
}

impl<'de> Elements<'de> {
    fn new(json: &'de str) -> Result<Self, Fault> {
        let elements: Vec<&'de RawValue> = serde_json::from_str(json)?;
        Ok(Self { elements: elements.into_iter().enumerate() })
    }
}

impl<'de> SeqAccess<'de> for Elements<'de> {
    type Error = Fault;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, Fault> {
        let Some((index, element)) = self.elements.next() else { return Ok(None) };
        seed.deserialize(Input(element.get())).map(Some).map_err(|fault| fault.in_element(index))
    }
}
