//! Values as PostgreSQL's binary protocol has them.

use std::error::Error;

use bytes::BytesMut;
use tokio_postgres::types::{FromSql, IsNull, ToSql, Type, to_sql_checked};

use crate::Value;

impl Value {
    /// The type that a parameter of this value is declared with.
    pub(super) fn postgres_type(&self) -> Type {
        match self {
            Self::Null => Type::UNKNOWN,
            Self::Int(_) => Type::INT8,
            Self::Real(_) => Type::FLOAT8,
            Self::Text(_) => Type::TEXT,
            Self::Bytes(_) => Type::BYTEA,
        }
    }
}

impl ToSql for Value {
    fn to_sql(&self, _: &Type, out: &mut BytesMut) -> Result<IsNull, Box<dyn Error + Sync + Send>> {
        match self {
            Self::Null => Ok(IsNull::Yes),
            Self::Int(value) => value.to_sql(&Type::INT8, out),
            Self::Real(value) => value.to_sql(&Type::FLOAT8, out),
            Self::Text(value) => value.to_sql(&Type::TEXT, out),
            Self::Bytes(value) => value.to_sql(&Type::BYTEA, out),
        }
    }

    /// All: the statement was prepared with the types of its values.
    fn accepts(_: &Type) -> bool {
        true
    }

    to_sql_checked!();
}

impl<'a> FromSql<'a> for Value {
    fn from_sql(kind: &Type, raw: &'a [u8]) -> Result<Self, Box<dyn Error + Sync + Send>> {
        Ok(match *kind {
            Type::INT8 => Self::Int(i64::from_sql(kind, raw)?),
            Type::INT4 => Self::Int(i32::from_sql(kind, raw)?.into()),
            Type::INT2 => Self::Int(i16::from_sql(kind, raw)?.into()),
            Type::BOOL => Self::Int(bool::from_sql(kind, raw)?.into()),
            Type::NUMERIC => {
                Self::Int(whole(raw).ok_or("a number that is not whole, or has over 64 bits")?)
            }
            Type::FLOAT8 => Self::Real(f64::from_sql(kind, raw)?),
            Type::FLOAT4 => Self::Real(f32::from_sql(kind, raw)?.into()),
            Type::BYTEA => Self::Bytes(raw.to_vec()),
            Type::VOID => Self::Null,
            _ => Self::Text(String::from_sql(kind, raw)?),
        })
    }

    fn from_sql_null(_: &Type) -> Result<Self, Box<dyn Error + Sync + Send>> {
        Ok(Self::Null)
    }

    fn accepts(kind: &Type) -> bool {
        [
            Type::INT8,
            Type::INT4,
            Type::INT2,
            Type::BOOL,
            Type::NUMERIC,
            Type::FLOAT8,
            Type::FLOAT4,
            Type::BYTEA,
            Type::VOID,
            Type::UNKNOWN,
        ]
        .contains(kind)
            || <String as FromSql<'_>>::accepts(kind)
    }
}

/// A `numeric` as a whole number: that is what PostgreSQL makes of `sum(bigint)`.
///
/// On the wire: number of digits, weight of the first, sign, decimals shown; then digits to the base of 10,000.
fn whole(raw: &[u8]) -> Option<i64> {
    let mut words = raw.chunks_exact(2).map(|word| i16::from_be_bytes([word[0], word[1]]));
    let (count, weight, sign, _) = (words.next()?, words.next()?, words.next()?, words.next()?);
    let sign = match sign {
        0 => 1,
        0x4000 => -1,
        _ => return None,
    };
    let mut number = 0_i128;
    for place in 0..count {
        let digit = words.next()?;
        if place <= weight {
            number = number.checked_mul(10_000)?.checked_add(digit.into())?;
        } else if digit != 0 {
            return None;
        }
    }
    // Trailing zeros are left out.
    for _ in count..=weight {
        number = number.checked_mul(10_000)?;
    }
    i64::try_from(number * sign).ok()
}
