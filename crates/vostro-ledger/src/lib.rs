//! The rules of the books, without the books: double entry, authorisation of a money movement, the
//! customer's confirmation of it, business days, and when standing orders are due.
//!
//! Everything here is a pure function of its arguments. Reading the facts, writing the postings and
//! holding the locks is the store's work; the store calls [`authorise`] inside the transaction that
//! posts, so that what was checked is what is written.
//!
//! Invariants, each with a test that can fail:
//! - a transfer has at least two entries, which sum to zero per currency ([`Posting::new`]);
//! - a customer's account never goes below its floor ([`authorise`], and a CHECK in the database);
//! - money moves only through a [`Confirmed`] intent, which only [`Proposal::confirm`] makes.

mod account;
mod authorise;
mod calendar;
mod confirmation;
mod hold;
mod holidays;
mod intent;
mod posting;
mod reversal;
mod schedule;
mod settlement;

pub use account::{Account, AccountKind, AccountStatus};
pub use authorise::{Decline, Limits, PostingFacts, authorise};
pub use calendar::{Adjustment, Calendar, CutOffs, HolidayRule};
pub use confirmation::{
    ConfirmError, Confirmable, Confirmed, FactorPass, IdempotencyKey, Proposal,
};
pub use hold::{CaptureFacts, authorise_capture, authorise_hold};
pub use holidays::federal_reserve;
pub use intent::{
    AccountNumber, AccountNumberError, IntentHash, MoneyIntent, Target, TransferKind,
};
pub use posting::{Entry, Posting, PostingError};
pub use reversal::{ReversalFacts, ReversalRefusal, TransferStatus, authorise_reversal};
pub use schedule::{
    AfterDecline, End, Frequency, RunRules, Schedule, ScheduleError, StandingOrder, may_be_ordered,
    occurrence_key,
};
pub use settlement::{Settlement, SettlementPolicy};
