//! Replies that show what was read: transactions, sums, bills, payees.

use vostro_bank::{Biller, HistoryPage, SpendingSummary, TransactionView};
use vostro_types::{BillerId, Money, mask_number};

use super::wording::{Wording, say};
use super::{Draft, Setting};
use crate::decide::About;
use crate::reply::{Amount, Card, CategorySum, PartyCard, TransactionCard};
use crate::words::{account, category, day, day_of, payee_name, period};

pub(super) fn transactions(setting: Setting<'_>, page: &HistoryPage, about: &About) -> Draft {
    let wording = setting.wording;
    let conditions = &conditions(wording, about, Sense::Listed);
    let count = u64::try_from(page.items.len()).unwrap_or(u64::MAX);
    let lead = match (page.items.is_empty(), about.incoming, page.next.is_some()) {
        (false, false, _) if about.largest => say!(
            wording,
            "transactions-largest",
            count = count,
            conditions = conditions,
        ),
        (false, true, _) if about.largest => say!(
            wording,
            "transactions-largest-in",
            count = count,
            conditions = conditions,
        ),
        (true, false, _) => say!(wording, "transactions-none", conditions = conditions),
        (true, true, _) => say!(wording, "transactions-none-in", conditions = conditions),
        (_, false, false) => say!(
            wording,
            "transactions-list",
            count = count,
            conditions = conditions,
        ),
        (_, true, false) => say!(
            wording,
            "transactions-list-in",
            count = count,
            conditions = conditions,
        ),
        (_, false, true) => say!(
            wording,
            "transactions-latest",
            count = count,
            conditions = conditions,
        ),
        (_, true, true) => say!(
            wording,
            "transactions-latest-in",
            count = count,
            conditions = conditions,
        ),
    };
    if page.items.is_empty() {
        return Draft::say(lead);
    }
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
    let wording = setting.wording;
    let date = day(wording, day_of(item.posted_at, setting.zone));
    let (description, amount) = (&item.description, signed(item.amount));
    match about.account {
        Some(_) => say!(
            wording,
            "transaction-line",
            date = &date,
            description = description,
            amount = &amount,
        ),
        None => say!(
            wording,
            "transaction-line-of",
            date = &date,
            description = description,
            amount = &amount,
            account = &owner_account(setting, item),
        ),
    }
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

pub(super) fn transaction_card(setting: Setting<'_>, item: &TransactionView) -> TransactionCard {
    TransactionCard {
        date: day_of(item.posted_at, setting.zone),
        description: item.description.clone(),
        category: item.category,
        amount: item.amount.into(),
        account: owner_account(setting, item),
        transfer_id: item.transfer.clone(),
    }
}

/// What a category is to the sentence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sense {
    Listed,
    Received,
    Spent,
}

/// The conditions in words, each with a space before it.
fn conditions(wording: Wording, about: &About, sense: Sense) -> String {
    let mut words = Vec::new();
    if let Some(known) = about.category {
        let category = category(wording, known);
        words.push(match sense {
            Sense::Listed => say!(wording, "condition-category-list", category = &category),
            Sense::Received => say!(wording, "condition-category-in", category = &category),
            Sense::Spent => say!(wording, "condition-category-out", category = &category),
        });
    }
    if let Some(name) = &about.account {
        words.push(say!(wording, "condition-account", name = name));
    }
    if let Some(merchant) = &about.merchant {
        words.push(say!(wording, "condition-merchant", words = merchant));
    }
    if let Some(amount) = about.at_least {
        let amount = amount.abs().to_string();
        words.push(say!(wording, "condition-at-least", amount = &amount));
    }
    if let Some(amount) = about.at_most {
        let amount = amount.abs().to_string();
        words.push(say!(wording, "condition-at-most", amount = &amount));
    }
    words.extend(about.period.as_ref().map(|it| period(wording, it)));
    words.iter().flat_map(|it| [" ", it]).collect()
}

pub(super) fn spending(
    setting: Setting<'_>,
    summary: &SpendingSummary,
    about: &About,
    before: Option<&SpendingSummary>,
) -> Draft {
    let wording = setting.wording;
    let sense = if about.incoming {
        Sense::Received
    } else {
        Sense::Spent
    };
    let conditions = &conditions(wording, about, sense);
    let sum = sum_of(summary, about);
    let amount = &sum.to_string();
    let count = summary.count;
    let mut text = match (about.incoming, count) {
        (false, 0) => say!(
            wording,
            "spent-none",
            conditions = conditions,
            amount = amount,
        ),
        (true, 0) => say!(
            wording,
            "received-none",
            conditions = conditions,
            amount = amount,
        ),
        (false, _) => say!(
            wording,
            "spent",
            amount = amount,
            conditions = conditions,
            count = count,
        ),
        (true, _) => say!(
            wording,
            "received",
            amount = amount,
            conditions = conditions,
            count = count,
        ),
    };
    if let (Some(before), Some((from, until))) = (before, about.before) {
        let to = until.yesterday().unwrap_or(until);
        let (from, to) = (&day(wording, from), &day(wording, to));
        let earlier = sum_of(before, about);
        let difference = &sum.checked_sub(earlier).unwrap_or(sum).abs().to_string();
        let before = &earlier.to_string();
        let compared = match sum.minor.cmp(&earlier.minor) {
            std::cmp::Ordering::Greater => say!(
                wording,
                "compared-more",
                difference = difference,
                from = from,
                to = to,
                before = before,
            ),
            std::cmp::Ordering::Less => say!(
                wording,
                "compared-less",
                difference = difference,
                from = from,
                to = to,
                before = before,
            ),
            std::cmp::Ordering::Equal => {
                say!(wording, "compared-same", from = from, to = to)
            }
        };
        text = format!("{text} {compared}");
    }
    if !about.incoming && summary.by_category.len() > 1 {
        let top = summary.by_category.iter().take(5);
        let line = |(known, sum): &(vostro_bank::Category, Money)| {
            let (category, amount) = (category(wording, *known), sum.to_string());
            say!(
                wording,
                "spent-category",
                category = &category,
                amount = &amount,
            )
        };
        let lines: Vec<String> = top.map(line).collect();
        let most = say!(wording, "spent-most", list = &lines.join("\n"));
        text = format!("{text} {most}");
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

/// The sum that was asked for.
pub(crate) const fn sum_of(summary: &SpendingSummary, about: &About) -> Money {
    if about.incoming {
        summary.received
    } else {
        summary.spent
    }
}

pub(super) fn bills(setting: Setting<'_>, only: Option<&BillerId>) -> Draft {
    let wording = setting.wording;
    let asked = |biller: &&Biller| only.is_none_or(|only| *only == biller.id);
    let billers: Vec<&Biller> = setting.portfolio.billers.iter().filter(asked).collect();
    if billers.is_empty() {
        return Draft::say(wording.text("bills-none"));
    }
    let lines: Vec<String> = billers
        .iter()
        .map(|biller| {
            let (name, due) = (&biller.name, biller.amount_due.map(|due| due.to_string()));
            match (due, biller.due_on) {
                (Some(due), Some(on)) => say!(
                    wording,
                    "bill-due-on",
                    name = name,
                    amount = &due,
                    day = &day(wording, on),
                ),
                (Some(due), None) => say!(wording, "bill-due", name = name, amount = &due),
                (None, _) => say!(wording, "bill-nothing", name = name),
            }
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
    let text = match (only, lines.as_slice()) {
        (Some(_), [line]) => line.trim_start_matches("- ").to_owned() + ".",
        _ => say!(wording, "bills-list", list = &lines.join("\n")),
    };
    Draft::say(text).with_card(Card::Bills { items })
}

pub(super) fn payees(setting: Setting<'_>) -> Draft {
    let wording = setting.wording;
    let payees = &setting.portfolio.payees;
    if payees.is_empty() {
        return Draft::say(wording.text("payees-none"));
    }
    let lines: Vec<String> = payees
        .iter()
        .map(|payee| say!(wording, "payee-line", name = &payee_name(payee)))
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
    Draft::say(say!(wording, "payees-list", list = &lines.join("\n")))
        .with_card(Card::Payees { items })
}
