//! What a core would refuse anyway, seen from the portfolio that it told: said before the customer is asked.

use vostro_bank::Portfolio;
use vostro_ledger::{AccountStatus, Decline, MoneyIntent, Target};
use vostro_types::{AccountId, Money};

/// Why the movement would be refused; the core decides when it counts.
pub(crate) fn refused_by(portfolio: &Portfolio, intent: &MoneyIntent) -> Option<Decline> {
    let account = |id: &AccountId| portfolio.accounts.iter().find(|account| account.id == *id);
    let Some(source) = account(&intent.source) else {
        return Some(Decline::SourceUnknown);
    };
    if source.status != AccountStatus::Open {
        return Some(Decline::SourceNotOpen {
            status: source.status,
        });
    }
    let target = match &intent.target {
        Target::Own { account: id } => match account(id) {
            None => Some(Decline::TargetUnknown),
            Some(target) if target.id == source.id => Some(Decline::SameAccount),
            Some(target) if target.status != AccountStatus::Open => Some(Decline::TargetNotOpen),
            Some(target) if target.balance.currency != intent.amount.currency => {
                Some(Decline::CurrencyMismatch)
            }
            Some(_) => None,
        },
        Target::Payee { payee, number } => {
            let saved = |it: &vostro_bank::Payee| it.id == *payee && it.number == *number;
            (!portfolio.payees.iter().any(saved)).then_some(Decline::TargetUnknown)
        }
        Target::Biller { biller, .. } => {
            let known = |it: &vostro_bank::Biller| it.id == *biller;
            (!portfolio.billers.iter().any(known)).then_some(Decline::TargetUnknown)
        }
        Target::NewPayee { .. } => None,
    };
    if target.is_some() {
        return target;
    }
    if source.balance.currency != intent.amount.currency {
        return Some(Decline::CurrencyMismatch);
    }
    let available = source.available;
    (intent.amount.minor > available.minor).then_some(Decline::InsufficientFunds {
        available: Money::new(available.minor.max(0), available.currency),
    })
}
