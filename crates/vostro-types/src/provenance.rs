//! Where a value came from, as a type: what came from one customer's data cannot be passed where
//! only public knowledge is accepted (a shared cache, another customer's answer).
//!
//! There is deliberately no way to turn [`CustomerData`] into [`PublicKnowledge`].

use std::marker::PhantomData;

mod sealed {
    pub trait Sealed {}
}

/// A kind of origin. Sealed: the kinds are the ones in this module.
pub trait Provenance: sealed::Sealed {}

/// The bank's published knowledge: the same for everybody.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PublicKnowledge {}

/// Something read from, or said by, one customer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CustomerData {}

impl sealed::Sealed for PublicKnowledge {}
impl sealed::Sealed for CustomerData {}
impl Provenance for PublicKnowledge {}
impl Provenance for CustomerData {}

/// A value and, in its type, where it came from.
///
/// ```compile_fail
/// use vostro_types::{CustomerData, PublicKnowledge, Sourced};
/// fn into_shared_cache(_: Sourced<String, PublicKnowledge>) {}
/// let balance: Sourced<String, CustomerData> = Sourced::new("$12.00".into());
/// into_shared_cache(balance);
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sourced<T, P: Provenance> {
    value: T,
    origin: PhantomData<P>,
}

impl<T, P: Provenance> Sourced<T, P> {
    /// States where a value came from. Call it where the value is read, not later.
    pub const fn new(value: T) -> Self {
        Self {
            value,
            origin: PhantomData,
        }
    }

    /// The value.
    pub const fn get(&self) -> &T {
        &self.value
    }

    /// Changes the value and keeps its origin.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Sourced<U, P> {
        Sourced::new(change(self.value))
    }
}
