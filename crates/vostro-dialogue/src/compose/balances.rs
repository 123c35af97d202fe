//! Balances in words: one account's, several with their total, what is owed on a card.

use vostro_bank::{AccountView, Portfolio};
use vostro_ledger::AccountKind;
use vostro_types::{AccountId, Money};

use super::wording::{Wording, say};
use super::{Draft, Setting};
use crate::reply::{AccountCard, Card};
use crate::words::{account, account_name};

pub(super) fn balances(setting: Setting<'_>, ids: &[AccountId], unknown: Option<&str>) -> Draft {
    let wording = setting.wording;
    let accounts: Vec<&AccountView> = ids
        .iter()
        .filter_map(|id| account(setting.portfolio, id))
        .collect();
    let lead = unknown.map(|words| say!(wording, "unknown-account", words = words) + " ");
    let text = match accounts.as_slice() {
        [] => wording.text("balances-none"),
        [only] => say!(
            wording,
            "balance-one",
            name = &account_name(only),
            standing = &standing(wording, only),
        ),
        several => {
            let line = |account: &&AccountView| {
                let (name, standing) = (account_name(account), standing(wording, account));
                say!(wording, "balance-line", name = &name, standing = &standing)
            };
            let mut lines: Vec<String> = several.iter().map(line).collect();
            if let Some(sum) = together(setting.portfolio, ids) {
                lines.push(say!(wording, "balances-sum", sum = &sum.to_string()));
            }
            say!(wording, "balances-list", list = &lines.join("\n"))
        }
    };
    let cards = accounts
        .iter()
        .map(|account| account_card(account))
        .collect();
    Draft::say(lead.unwrap_or_default() + &text).with_card(Card::Balances { accounts: cards })
}

/// What is in these accounts together, credit cards left out, where there are several and of one currency.
pub(crate) fn together(portfolio: &Portfolio, ids: &[AccountId]) -> Option<Money> {
    let mut balances = ids
        .iter()
        .filter_map(|id| account(portfolio, id))
        .filter(|account| account.kind != AccountKind::CreditCard)
        .map(|account| account.balance);
    let (first, second) = (balances.next()?, balances.next()?);
    balances.try_fold(first.checked_add(second).ok()?, |sum, balance| {
        sum.checked_add(balance).ok()
    })
}

/// A balance in words; on a card what is owed, elsewhere what is available when that differs.
fn standing(wording: Wording, account: &AccountView) -> String {
    let balance = account.balance.to_string();
    let available = account.available.to_string();
    if account.kind == AccountKind::CreditCard {
        return if account.balance.minor < 0 {
            say!(
                wording,
                "standing-owed",
                balance = &balance,
                owed = &account.balance.abs().to_string(),
                available = &available,
            )
        } else {
            say!(
                wording,
                "standing-credit",
                balance = &balance,
                available = &available,
            )
        };
    }
    if account.available == account.balance {
        balance
    } else {
        say!(
            wording,
            "standing-available",
            balance = &balance,
            available = &available,
        )
    }
}

fn account_card(account: &AccountView) -> AccountCard {
    AccountCard {
        account_id: account.id.clone(),
        name: account.name.clone(),
        kind: account.kind,
        number: account.number.masked(),
        balance: account.balance.into(),
        available: account.available.into(),
    }
}
