//! The vocabulary every other crate speaks: money, identifiers, time, randomness, redaction and provenance.
//!
//! Nothing here does I/O except the two `System…` types, which are the only places that ask the
//! operating system for the time or for random bytes; everything else takes them as arguments
//! (`clippy.toml` bans the rest). No account, no transfer, no text of a conversation lives here.

mod entropy;
mod ids;
mod money;
mod provenance;
mod redacted;
mod time;

pub use entropy::{Entropy, SystemEntropy};
pub use ids::{
    AccountId, AlertId, ApprovalId, BillerId, CardId, CaseId, ChallengeId, ConfirmationId,
    CustomerId, HandOffId, HoldId, IdError, PayeeId, RequestId, SessionId, TransferId, TurnId,
};
pub use money::{Currency, Money, MoneyError};
pub use provenance::{CustomerData, Provenance, PublicKnowledge, Sourced};
pub use redacted::{Redacted, mask_number};
pub use time::{Clock, SystemClock};
