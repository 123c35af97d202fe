//! Funds put aside: may they be held, and may what is held be paid out?
//!
//! A hold lowers what is available and leaves the balance. A pending transfer is a hold with terms; a
//! card authorisation or a legal hold is one without. Paying out ([`authorise_capture`]) never asks
//! for funds or limits again: they were asked for when the funds were put aside.

use vostro_types::Money;

use crate::account::{Account, AccountStatus};
use crate::authorise::Decline;
use crate::posting::Posting;

/// May this amount be put aside on this account? Frozen accounts may be held: a legal hold often comes
/// with a freeze. Stopping money does not stop holds, since they move none.
pub fn authorise_hold(amount: Money, account: Option<&Account>) -> Result<(), Decline> {
    if !amount.is_positive() {
        return Err(Decline::AmountNotPositive);
    }
    let account = account
        .filter(|account| account.kind.is_customers())
        .ok_or(Decline::SourceUnknown)?;
    if account.status == AccountStatus::Closed {
        return Err(Decline::SourceNotOpen {
            status: account.status,
        });
    }
    if account.currency != amount.currency {
        return Err(Decline::CurrencyMismatch);
    }
    let available = account.available();
    if amount.minor > available.minor {
        let available = Money::new(available.minor.max(0), account.currency);
        return Err(Decline::InsufficientFunds { available });
    }
    Ok(())
}

/// What paying out held funds is decided upon, read under the locks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaptureFacts {
    /// The account whose funds are held.
    pub source: Account,
    /// The account that is credited.
    pub destination: Account,
    /// How much is held for this.
    pub held: Money,
    /// Whether the bank has stopped all money commands.
    pub money_stopped: bool,
}

/// May so much of what is held be paid out now? The rest is released with it.
pub fn authorise_capture(amount: Money, facts: &CaptureFacts) -> Result<Posting, Decline> {
    let CaptureFacts {
        source,
        destination,
        held,
        money_stopped,
    } = facts;
    if *money_stopped {
        return Err(Decline::MoneyStopped);
    }
    if !amount.is_positive() {
        return Err(Decline::AmountNotPositive);
    }
    if source.status != AccountStatus::Open {
        return Err(Decline::SourceNotOpen {
            status: source.status,
        });
    }
    if destination.status != AccountStatus::Open {
        return Err(Decline::TargetNotOpen);
    }
    if source.id == destination.id {
        return Err(Decline::SameAccount);
    }
    if [source.currency, destination.currency, held.currency]
        .iter()
        .any(|&currency| currency != amount.currency)
    {
        return Err(Decline::CurrencyMismatch);
    }
    if amount.minor > held.minor {
        return Err(Decline::OverHeldAmount { held: *held });
    }
    if destination
        .balance_minor
        .checked_add(amount.minor)
        .is_none()
    {
        return Err(Decline::AmountTooLarge);
    }
    Posting::between(source.id.clone(), destination.id.clone(), amount)
        .map_err(|_| Decline::AmountTooLarge)
}
