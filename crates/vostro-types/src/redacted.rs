//! Values that must not reach a log by accident, and the bank's way of showing part of a number.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A value whose `Debug` output is only a marker. Read it with [`Redacted::expose`], a name that
/// stands out in review.
///
/// ```
/// use vostro_types::Redacted;
/// let key = Redacted::new("sk-very-secret".to_owned());
/// assert_eq!(format!("{key:?}"), "[redacted]");
/// assert_eq!(key.expose(), "sk-very-secret");
/// ```
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Redacted<T>(T);

impl<T> Redacted<T> {
    /// Wraps a value.
    pub const fn new(value: T) -> Self {
        Self(value)
    }

    /// The value itself.
    pub const fn expose(&self) -> &T {
        &self.0
    }
}

impl<T> fmt::Debug for Redacted<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

/// The last four characters of a number behind an ellipsis: how accounts are named to customers.
/// A number of four characters or fewer is shown whole, since there is nothing left to hide it behind.
///
/// ```
/// assert_eq!(vostro_types::mask_number("4000123498761234"), "…1234");
/// assert_eq!(vostro_types::mask_number("67890"), "…7890");
/// ```
pub fn mask_number(number: &str) -> String {
    let count = number.chars().count();
    let tail: String = number.chars().skip(count.saturating_sub(4)).collect();
    if count > 4 {
        format!("…{tail}")
    } else {
        tail
    }
}
