//! May a posted transfer be taken back? A correction is a new transfer with the opposite entries, once.
//!
//! What a reversal gives back does not count against the day's limit again: the limit is on what a
//! customer sends out in a day, and a payment that was sent and came back was sent.

use serde::{Deserialize, Serialize};
use vostro_types::Money;

use crate::account::{Account, AccountStatus};
use crate::posting::Posting;

/// How a transfer stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TransferStatus {
    /// Its funds are held; nothing has moved.
    Pending,
    /// The money moved.
    Posted,
    /// Given up before anything moved: recalled, or refused when it was to be posted.
    Voided,
    /// Not posted in time; nothing moved.
    Expired,
}

impl TransferStatus {
    /// The stable text used in databases and on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Posted => "posted",
            Self::Voided => "voided",
            Self::Expired => "expired",
        }
    }

    /// Reads what [`TransferStatus::as_str`] wrote.
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Pending, Self::Posted, Self::Voided, Self::Expired]
            .into_iter()
            .find(|status| status.as_str() == text)
    }
}

/// What a reversal is decided upon, read under the locks.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "independent facts, each read from a place of its own"
)]
pub struct ReversalFacts {
    /// How the transfer stands.
    pub status: TransferStatus,
    /// Whether it moved money between two parties (an opening balance did not).
    pub is_movement: bool,
    /// Whether it is itself a reversal.
    pub is_reversal: bool,
    /// Whether it was reversed before.
    pub is_reversed: bool,
    /// The account that was debited and gets the money back.
    pub source: Account,
    /// The account that was credited and gives it back.
    pub destination: Account,
    /// What was posted.
    pub amount: Money,
    /// Whether the bank has stopped all money commands.
    pub money_stopped: bool,
}

/// Why a transfer is not reversed. The variants stand in order of precedence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "reason")]
pub enum ReversalRefusal {
    /// The bank has stopped all money commands for the time being.
    MoneyStopped,
    /// There is no such transfer.
    NotFound,
    /// Nothing was posted that could be taken back.
    NotPosted {
        /// How it stands.
        status: TransferStatus,
    },
    /// It is an opening balance.
    NotAMovement,
    /// It is a reversal; post a new transfer instead.
    IsReversal,
    /// It was reversed before.
    AlreadyReversed,
    /// An account is closed, or the one that would give the money back is frozen.
    AccountNotOpen,
    /// A customer's account would give back more than it has available.
    WouldOverdraw {
        /// What it has available, zero or more.
        available: Money,
    },
    /// The balance of the account that gets it back would not fit.
    AmountTooLarge,
}

impl ReversalRefusal {
    /// A stable name for audit rows and operators.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::MoneyStopped => "money_stopped",
            Self::NotFound => "not_found",
            Self::NotPosted { .. } => "not_posted",
            Self::NotAMovement => "not_a_movement",
            Self::IsReversal => "is_reversal",
            Self::AlreadyReversed => "already_reversed",
            Self::AccountNotOpen => "account_not_open",
            Self::WouldOverdraw { .. } => "would_overdraw",
            Self::AmountTooLarge => "amount_too_large",
        }
    }
}

/// Decides on a reversal, and gives the posting that carries it out.
pub fn authorise_reversal(facts: Option<&ReversalFacts>) -> Result<Posting, ReversalRefusal> {
    if facts.is_some_and(|facts| facts.money_stopped) {
        return Err(ReversalRefusal::MoneyStopped);
    }
    let facts = facts.ok_or(ReversalRefusal::NotFound)?;
    if facts.status != TransferStatus::Posted {
        return Err(ReversalRefusal::NotPosted {
            status: facts.status,
        });
    }
    if !facts.is_movement {
        return Err(ReversalRefusal::NotAMovement);
    }
    if facts.is_reversal {
        return Err(ReversalRefusal::IsReversal);
    }
    if facts.is_reversed {
        return Err(ReversalRefusal::AlreadyReversed);
    }
    let (gets, gives) = (&facts.source, &facts.destination);
    if gets.status == AccountStatus::Closed || gives.status != AccountStatus::Open {
        return Err(ReversalRefusal::AccountNotOpen);
    }
    let available = gives.available();
    if gives.kind.is_customers() && facts.amount.minor > available.minor {
        let available = Money::new(available.minor.max(0), gives.currency);
        return Err(ReversalRefusal::WouldOverdraw { available });
    }
    if gets.balance_minor.checked_add(facts.amount.minor).is_none() {
        return Err(ReversalRefusal::AmountTooLarge);
    }
    Posting::between(gives.id.clone(), gets.id.clone(), facts.amount)
        .map_err(|_| ReversalRefusal::AmountTooLarge)
}
