//! Replies that show what was read: balances, transactions, sums, bills, payees.

use vostro_bank::{AccountView, HistoryPage, SpendingSummary, TransactionView};
use vostro_ledger::AccountKind;
use vostro_types::{AccountId, Money, mask_number};

use super::{Draft, Setting};
use crate::decide::About;
use crate::reply::{AccountCard, Amount, Card, CategorySum, PartyCard, TransactionCard};
use crate::words::{account, account_name, day, day_of};

pub(super) fn balances(setting: Setting<'_>, ids: &[AccountId], unknown: Option<&str>) -> Draft {
    let accounts: Vec<&AccountView> = ids
        .iter()
        .filter_map(|id| account(setting.portfolio, id))
        .collect();
    let lead = unknown.map(|words| format!("I don't see an account “{words}” of yours. "));
    let text = match accounts.as_slice() {
        [] => "You have no accounts that I can show.".to_owned(),
        [only] => format!("Your {} balance is {}.", account_name(only), standing(only)),
        several => {
            let lines: Vec<String> = several
                .iter()
                .map(|account| format!("- {}: {}", account_name(account), standing(account)))
                .collect();
            format!("Here are your balances:\n{}", lines.join("\n"))
        }
    };
    let cards = accounts
        .iter()
        .map(|account| account_card(account))
        .collect();
    Draft::say(lead.unwrap_or_default() + &text).with_card(Card::Balances { accounts: cards })
}

/// A balance in words; on a card what is owed, elsewhere what is available when that differs.
fn standing(account: &AccountView) -> String {
    let balance = account.balance;
    if account.kind == AccountKind::CreditCard {
        let available = account.available;
        return if balance.minor < 0 {
            format!(
                "{balance} (you owe {}; {available} of credit left)",
                balance.abs()
            )
        } else {
            format!("{balance} ({available} of credit left)")
        };
    }
    if account.available == balance {
        balance.to_string()
    } else {
        format!("{balance} ({} available)", account.available)
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

pub(super) fn transactions(setting: Setting<'_>, page: &HistoryPage, about: &About) -> Draft {
    let what = if about.incoming {
        "incoming transactions"
    } else {
        "transactions"
    };
    if page.items.is_empty() {
        return Draft::say(format!("I found no {what}{}.", conditions(about, "in")));
    }
    let lead = match page.items.len() {
        1 => format!(
            "I found one {}{}:",
            what.trim_end_matches('s'),
            conditions(about, "in")
        ),
        count if page.next.is_some() => {
            format!(
                "Here are the {count} latest {what}{}:",
                conditions(about, "in")
            )
        }
        count => format!("Here are {count} {what}{}:", conditions(about, "in")),
    };
    let lines: Vec<String> = page
        .items
        .iter()
        .map(|item| line(setting, item, about))
        .collect();
    let items = page
        .items
        .iter()
        .map(|item| transaction_card(setting, item))
        .collect();
    Draft::say(format!("{lead}\n{}", lines.join("\n"))).with_card(Card::Transactions {
        items,
        more: page.next.is_some(),
    })
}

fn line(setting: Setting<'_>, item: &TransactionView, about: &About) -> String {
    let date = day(day_of(item.posted_at, setting.zone));
    let account = match about.account {
        Some(_) => String::new(),
        None => format!(" ({})", owner_account(setting, item)),
    };
    format!(
        "- {date}: {} {}{account}",
        item.description,
        signed(item.amount)
    )
}

fn owner_account(setting: Setting<'_>, item: &TransactionView) -> String {
    account(setting.portfolio, &item.account)
        .map_or_else(String::new, |account| account.name.clone())
}

/// An amount with its sign in front, also when money came in.
fn signed(amount: Money) -> String {
    if amount.is_positive() {
        format!("+{amount}")
    } else {
        amount.to_string()
    }
}

fn transaction_card(setting: Setting<'_>, item: &TransactionView) -> TransactionCard {
    TransactionCard {
        date: day_of(item.posted_at, setting.zone),
        description: item.description.clone(),
        category: item.category,
        amount: item.amount.into(),
        account: owner_account(setting, item),
        transfer_id: item.transfer.clone(),
    }
}

/// The conditions in words, each with a space before it; `of` is the word before a category.
fn conditions(about: &About, of: &str) -> String {
    let account = about.account.iter().map(|name| format!(" on {name}"));
    let category = about
        .category
        .iter()
        .map(|category| format!(" {of} {}", category.as_str()));
    let others = about
        .conditions
        .iter()
        .map(|condition| format!(" {condition}"));
    let period = about.period.iter().map(|label| format!(" {label}"));
    category
        .chain(account)
        .chain(others)
        .chain(period)
        .collect()
}

pub(super) fn spending(summary: &SpendingSummary, about: &About) -> Draft {
    let of = if about.incoming { "as" } else { "on" };
    let conditions = conditions(about, of);
    let count = match summary.count {
        0 => "no transactions".to_owned(),
        1 => "1 transaction".to_owned(),
        count => format!("{count} transactions"),
    };
    let (verb, amount) = if about.incoming {
        ("received", summary.received)
    } else {
        ("spent", summary.spent)
    };
    let mut text = if summary.count == 0 {
        format!("I found no transactions{conditions}: you {verb} {amount}.")
    } else {
        format!("You {verb} {amount}{conditions}, in {count}.")
    };
    if !about.incoming && summary.by_category.len() > 1 {
        let top = summary.by_category.iter().take(5);
        let lines: Vec<String> = top
            .map(|(category, sum)| format!("- {}: {sum}", category.as_str()))
            .collect();
        text = format!("{text} The most went to:\n{}", lines.join("\n"));
    }
    let by_category = summary
        .by_category
        .iter()
        .map(|(category, sum)| CategorySum {
            category: *category,
            spent: (*sum).into(),
        })
        .collect();
    Draft::say(text).with_card(Card::Spending {
        spent: summary.spent.into(),
        received: summary.received.into(),
        count: summary.count,
        by_category,
    })
}

pub(super) fn bills(setting: Setting<'_>) -> Draft {
    let billers = &setting.portfolio.billers;
    if billers.is_empty() {
        return Draft::say("You have no billers set up, so there are no bills to show.");
    }
    let lines: Vec<String> = billers
        .iter()
        .map(|biller| match (biller.amount_due, biller.due_on) {
            (Some(due), Some(on)) => format!("- {}: {due} due {}", biller.name, day(on)),
            (Some(due), None) => format!("- {}: {due} due", biller.name),
            (None, _) => format!("- {}: nothing due", biller.name),
        })
        .collect();
    let items = billers
        .iter()
        .map(|biller| PartyCard {
            name: biller.name.clone(),
            number: mask_number(&biller.reference),
            amount_due: biller.amount_due.map(Amount::from),
            due_on: biller.due_on,
        })
        .collect();
    Draft::say(format!("Here are your bills:\n{}", lines.join("\n")))
        .with_card(Card::Bills { items })
}

pub(super) fn payees(setting: Setting<'_>) -> Draft {
    let payees = &setting.portfolio.payees;
    if payees.is_empty() {
        return Draft::say(
            "You have no saved payees. You can still transfer money to an account number.",
        );
    }
    let lines: Vec<String> = payees
        .iter()
        .map(|payee| format!("- {} ({})", payee.name, payee.number.masked()))
        .collect();
    let items = payees
        .iter()
        .map(|payee| PartyCard {
            name: payee.name.clone(),
            number: payee.number.masked(),
            amount_due: None,
            due_on: None,
        })
        .collect();
    Draft::say(format!("Your saved payees:\n{}", lines.join("\n")))
        .with_card(Card::Payees { items })
}
