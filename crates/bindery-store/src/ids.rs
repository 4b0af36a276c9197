//! The domain's types as values of parameters and columns.

use bindery_domain::{
    BinderId, BlobId, ClientId, DataType, DocumentId, ElementId, FolderId, OrgKey, OrganizationId,
    Role, Timestamp, UploadId, ValueId, VersionId,
};

use crate::{FromValue, Value};

macro_rules! guids {
    ($($id:ty),*) => { $(
        impl From<$id> for Value {
            fn from(id: $id) -> Self {
                Self::Bytes(id.bytes().to_vec())
            }
        }

        impl FromValue for $id {
            fn from_value(value: Value) -> Option<Self> {
                <[u8; 16]>::from_value(value).map(<$id>::from_bytes)
            }
        }
    )* };
}
guids!(OrganizationId, FolderId, DocumentId, VersionId, UploadId, BlobId);

macro_rules! texts {
    ($($type:ty),*) => { $(
        impl From<&$type> for Value {
            fn from(text: &$type) -> Self {
                Self::Text(text.as_str().to_owned())
            }
        }

        impl FromValue for $type {
            fn from_value(value: Value) -> Option<Self> {
                String::from_value(value)?.parse().ok()
            }
        }
    )* };
}
texts!(BinderId, ElementId, ValueId, ClientId, Role, DataType);

macro_rules! numbers {
    ($($type:ident),*) => { $(
        impl From<$type> for Value {
            fn from(number: $type) -> Self {
                Self::Int(number.0)
            }
        }

        impl FromValue for $type {
            fn from_value(value: Value) -> Option<Self> {
                i64::from_value(value).map(Self)
            }
        }
    )* };
}
numbers!(OrgKey, Timestamp);

impl<const N: usize> FromValue for [u8; N] {
    fn from_value(value: Value) -> Option<Self> {
        Vec::from_value(value)?.try_into().ok()
    }
}
