//! Values that must not reach a log by accident, and the bank's way of showing part of a number.

use std::fmt;

use serde::{Deserialize, Serialize};
use zeroize::Zeroize;

/// A value whose `Debug` output is only a marker, and whose memory is overwritten when it is dropped. Read it with
/// [`Redacted::expose`], a name that stands out in review.
///
/// What is copied out of it, or stood elsewhere before (a parser's buffer, the process's environment), is not overwritten by it.
///
/// ```
/// use vostro_types::Redacted;
/// let key = Redacted::new("sk-very-secret".to_owned());
/// assert_eq!(format!("{key:?}"), "[redacted]");
/// assert_eq!(key.expose(), "sk-very-secret");
/// ```
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Redacted<T: Zeroize>(T);

impl<T: Zeroize> Redacted<T> {
    /// Wraps a value.
    pub const fn new(value: T) -> Self {
        Self(value)
    }

    /// The value itself.
    pub const fn expose(&self) -> &T {
        &self.0
    }
}

impl<T: Zeroize> Drop for Redacted<T> {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl<T: Zeroize> fmt::Debug for Redacted<T> {
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

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;

    #[test]
    fn a_secret_is_overwritten_when_it_is_dropped() {
        #[derive(Clone)]
        struct Secret<'a>(&'a Cell<u32>);

        impl Zeroize for Secret<'_> {
            fn zeroize(&mut self) {
                self.0.set(self.0.get() + 1);
            }
        }

        let overwritten = Cell::new(0);
        let first = Redacted::new(Secret(&overwritten));
        let second = first.clone();
        drop(first);
        assert_eq!(overwritten.get(), 1);
        let moved = Some(second);
        assert_eq!(overwritten.get(), 1);
        drop(moved);
        assert_eq!(overwritten.get(), 2);
    }
}
