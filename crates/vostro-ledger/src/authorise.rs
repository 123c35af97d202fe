//! May this money movement be posted? One pure function, one typed reason when not.

use serde::{Deserialize, Serialize};
use vostro_types::Money;

use crate::account::{Account, AccountStatus};
use crate::intent::{MoneyIntent, TransferKind};
use crate::posting::Posting;

/// The bank's limits on one customer's outgoing money. Movements between own accounts are bound
/// only by the account's funds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    /// The most that one transfer or bill payment may move.
    pub per_transfer: Money,
    /// The most that transfers and bill payments may move together in one calendar day of the bank.
    pub per_day: Money,
}

/// What the posting transaction read, under its locks, to decide upon.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PostingFacts {
    /// The account the money comes from, if there is such an account.
    pub source: Option<Account>,
    /// The account that is credited: the target's own, or the bank's clearing or biller account.
    pub destination: Option<Account>,
    /// Outgoing transfers and bill payments that the customer already posted today.
    pub spent_today: Money,
    /// The limits in force.
    pub limits: Limits,
    /// Whether the bank has stopped all money commands.
    pub money_stopped: bool,
}

/// Why a money movement is refused. A value, not an error: the customer is told the reason.
/// The variants stand in order of precedence: where several hold, the first is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "reason")]
pub enum Decline {
    /// The bank has stopped all money commands for the time being.
    MoneyStopped,
    /// The amount is zero or negative.
    AmountNotPositive,
    /// There is no such source account, or it is not this customer's: the two are not told apart.
    SourceUnknown,
    /// The source account is frozen or closed.
    SourceNotOpen {
        /// Frozen or closed.
        status: AccountStatus,
    },
    /// There is no such account, payee or biller.
    TargetUnknown,
    /// The target account is frozen or closed.
    TargetNotOpen,
    /// Source and target are the same account.
    SameAccount,
    /// The amount's currency is not the source account's, or the target's is another.
    CurrencyMismatch,
    /// Over the limit for one transfer.
    OverTransferLimit {
        /// The limit.
        limit: Money,
    },
    /// Over what is left of today's limit.
    OverDailyLimit {
        /// The limit of a day.
        limit: Money,
        /// What is left of it today, zero or more.
        left: Money,
    },
    /// More than was put aside for it.
    OverHeldAmount {
        /// What is held.
        held: Money,
    },
    /// More than the account has available.
    InsufficientFunds {
        /// What is available.
        available: Money,
    },
    /// The target's balance would not fit.
    AmountTooLarge,
}

impl Decline {
    /// The amounts that the reason names: the limit, what is left of it, what is available.
    pub fn amounts(&self) -> Vec<Money> {
        match self {
            Self::OverTransferLimit { limit } => vec![*limit],
            Self::OverDailyLimit { limit, left } => vec![*limit, *left],
            Self::OverHeldAmount { held } => vec![*held],
            Self::InsufficientFunds { available } => vec![*available],
            _ => Vec::new(),
        }
    }

    /// A stable name for metrics, audit rows and clients.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::MoneyStopped => "money_stopped",
            Self::AmountNotPositive => "amount_not_positive",
            Self::SourceUnknown => "source_unknown",
            Self::SourceNotOpen { .. } => "source_not_open",
            Self::TargetUnknown => "target_unknown",
            Self::TargetNotOpen => "target_not_open",
            Self::SameAccount => "same_account",
            Self::CurrencyMismatch => "currency_mismatch",
            Self::OverTransferLimit { .. } => "over_transfer_limit",
            Self::OverDailyLimit { .. } => "over_daily_limit",
            Self::OverHeldAmount { .. } => "over_held_amount",
            Self::InsufficientFunds { .. } => "insufficient_funds",
            Self::AmountTooLarge => "amount_too_large",
        }
    }
}

/// Decides on an intent by the facts, and gives the posting that carries it out.
pub fn authorise(intent: &MoneyIntent, facts: &PostingFacts) -> Result<Posting, Decline> {
    if facts.money_stopped {
        return Err(Decline::MoneyStopped);
    }
    if !intent.amount.is_positive() {
        return Err(Decline::AmountNotPositive);
    }
    let source = facts
        .source
        .as_ref()
        .filter(|account| account.owner.as_ref() == Some(&intent.customer))
        .ok_or(Decline::SourceUnknown)?;
    if source.status != AccountStatus::Open {
        return Err(Decline::SourceNotOpen {
            status: source.status,
        });
    }
    let destination = destination(intent, facts)?;
    if source.id == destination.id {
        return Err(Decline::SameAccount);
    }
    let currency = intent.amount.currency;
    if source.currency != currency || destination.currency != currency {
        return Err(Decline::CurrencyMismatch);
    }
    within_limits(intent, facts)?;
    let available = source.available();
    if intent.amount.minor > available.minor {
        let available = Money::new(available.minor.max(0), currency);
        return Err(Decline::InsufficientFunds { available });
    }
    if destination
        .balance_minor
        .checked_add(intent.amount.minor)
        .is_none()
    {
        return Err(Decline::AmountTooLarge);
    }
    Posting::between(source.id.clone(), destination.id.clone(), intent.amount)
        .map_err(|_| Decline::AmountTooLarge)
}

/// The credited account. Of an own transfer, it must be the same customer's.
fn destination<'a>(intent: &MoneyIntent, facts: &'a PostingFacts) -> Result<&'a Account, Decline> {
    let is_own = intent.kind() == TransferKind::OwnTransfer;
    let destination = facts
        .destination
        .as_ref()
        .filter(|account| !is_own || account.owner.as_ref() == Some(&intent.customer))
        .ok_or(Decline::TargetUnknown)?;
    if destination.status != AccountStatus::Open {
        return Err(Decline::TargetNotOpen);
    }
    Ok(destination)
}

fn within_limits(intent: &MoneyIntent, facts: &PostingFacts) -> Result<(), Decline> {
    if intent.kind() == TransferKind::OwnTransfer {
        return Ok(());
    }
    let Limits {
        per_transfer,
        per_day,
    } = facts.limits;
    let currencies = [per_transfer, per_day, facts.spent_today].map(|money| money.currency);
    if currencies
        .iter()
        .any(|&currency| currency != intent.amount.currency)
    {
        return Err(Decline::CurrencyMismatch);
    }
    if intent.amount.minor > per_transfer.minor {
        return Err(Decline::OverTransferLimit {
            limit: per_transfer,
        });
    }
    let left = per_day.minor.saturating_sub(facts.spent_today.minor).max(0);
    if intent.amount.minor > left {
        let left = Money::new(left, per_day.currency);
        return Err(Decline::OverDailyLimit {
            limit: per_day,
            left,
        });
    }
    Ok(())
}
