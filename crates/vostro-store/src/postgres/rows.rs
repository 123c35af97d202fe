//! How the port's values are written into columns and read back.
//!
//! What cannot be read back is [`PgError::Corrupt`], never a panic and never a guess. A text column
//! cannot hold U+0000; where a free text has one, it is kept as U+FFFD.

use std::borrow::Cow;

use jiff::Timestamp;
use serde::de::DeserializeOwned;
use vostro_types::Currency;

use super::error::PgError;
use crate::sqlite::whole_microseconds;

/// An instant as its column.
pub(super) fn micros(at: Timestamp) -> i64 {
    whole_microseconds(at).as_microsecond()
}

/// A column as its instant.
pub(super) fn instant(micros: i64) -> Result<Timestamp, PgError> {
    Timestamp::from_microsecond(micros).map_err(|_| PgError::Corrupt("instant"))
}

/// A column as its currency.
pub(super) fn currency_of(code: &str) -> Result<Currency, PgError> {
    Currency::from_code(code).ok_or(PgError::Corrupt("currency"))
}

/// A column of JSON as its value.
pub(super) fn json<T: DeserializeOwned>(text: &str, what: &'static str) -> Result<T, PgError> {
    serde_json::from_str(text).map_err(|_| PgError::Corrupt(what))
}

/// An unsigned number as its column: the largest is held at the column's largest.
pub(super) fn signed(number: impl TryInto<i64>) -> i64 {
    number.try_into().unwrap_or(i64::MAX)
}

/// A column as an unsigned number.
pub(super) fn unsigned(number: i64, what: &'static str) -> Result<u64, PgError> {
    u64::try_from(number).map_err(|_| PgError::Corrupt(what))
}

/// A free text as its column.
pub(super) fn storable(text: &str) -> Cow<'_, str> {
    if text.contains('\0') {
        Cow::Owned(text.replace('\0', "\u{FFFD}"))
    } else {
        Cow::Borrowed(text)
    }
}

/// Reads an identifier of any kind.
pub(super) fn id<T: TryFrom<String>>(text: String, what: &'static str) -> Result<T, PgError> {
    T::try_from(text).map_err(|_| PgError::Corrupt(what))
}
