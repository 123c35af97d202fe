//! What a change would do and did, as sentences.
//!
//! Both tenses say the same particulars: `what-` and `done-` are the two messages of one kind of change.

use vostro_bank::{
    Alert, CardLoss, Change, ChangeReceipt, ContactKind, DisputeReason, TransactionView,
};
use vostro_types::{AccountId, CardId, PayeeId};

use super::Setting;
use super::schedules::named;
use super::wording::{Wording, say};
use crate::words::{account, account_name, card_names, day, day_of, moment, payee_name};

/// A sentence, and the customer's own details in it.
type Told = (String, Vec<String>);

pub(super) fn own(setting: Setting<'_>, id: &AccountId) -> String {
    account(setting.portfolio, id)
        .map_or_else(|| setting.wording.text("some-account"), account_name)
}

fn payee(setting: Setting<'_>, id: &PayeeId) -> String {
    let payees = setting.portfolio.payees.iter();
    payees
        .filter(|payee| payee.id == *id)
        .map(payee_name)
        .collect()
}

/// What would be done; `item` is the transaction that it is about.
pub(super) fn what(setting: Setting<'_>, change: &Change, item: Option<&TransactionView>) -> Told {
    let wording = setting.wording;
    match change {
        Change::BlockCards { cards, loss } => {
            let cards = card_names(setting.portfolio, cards).join(", ");
            let text = match loss {
                CardLoss::Lost => say!(wording, "what-block-lost", cards = &cards),
                CardLoss::Stolen => say!(wording, "what-block-stolen", cards = &cards),
            };
            (text, Vec::new())
        }
        Change::AddPayee { name, number } => {
            let number = number.as_str();
            let text = say!(wording, "what-add-payee", name = name, number = number);
            (text, vec![name.clone(), number.to_owned()])
        }
        Change::RemovePayee { payee: id } => {
            let name = payee(setting, id);
            let text = say!(wording, "what-remove-payee", name = &name);
            (text, Vec::new())
        }
        Change::RemovePayees { payees } => {
            let names: Vec<String> = payees.iter().map(|id| payee(setting, id)).collect();
            let text = say!(wording, "what-remove-payees", names = &names.join("; "));
            (text, Vec::new())
        }
        Change::OpenDispute { reason, .. } => {
            let reason = reason_text(wording, *reason);
            match item.map(|item| transaction(setting, item)) {
                Some(item) => (
                    say!(
                        wording,
                        "what-dispute",
                        transaction = &item,
                        reason = &reason
                    ),
                    vec![item],
                ),
                None => (
                    say!(wording, "what-dispute-one", reason = &reason),
                    Vec::new(),
                ),
            }
        }
        other => either(setting, other, Tense::ToCome, ""),
    }
}

/// What was done.
pub(super) fn done(setting: Setting<'_>, receipt: &ChangeReceipt) -> Told {
    let wording = setting.wording;
    let reference = receipt.reference.as_deref().unwrap_or_default();
    match &receipt.change {
        Change::BlockCards { cards, .. } => {
            let names = card_names(setting.portfolio, cards).join(", ");
            let count = u64::try_from(cards.len()).unwrap_or(u64::MAX);
            let ends = reference.replace(',', ", …");
            let text = say!(
                wording,
                "done-block",
                cards = &names,
                count = count,
                ends = &ends
            );
            (text, Vec::new())
        }
        Change::AddPayee { name, number } => {
            let number = number.masked();
            let text = say!(wording, "done-add-payee", name = name, number = &number);
            (text, vec![name.clone()])
        }
        Change::RemovePayee { .. } => (wording.text("done-remove-payee"), Vec::new()),
        Change::RemovePayees { .. } => (wording.text("done-remove-payees"), Vec::new()),
        Change::OpenDispute { reason, .. } => {
            let text = say!(
                wording,
                "done-dispute",
                case = reference,
                at = &moment(wording, receipt.at, setting.zone),
                reason = &reason_text(wording, *reason),
            );
            (text, Vec::new())
        }
        other => either(setting, other, Tense::Past, reference),
    }
}

/// Whether a change is to come or was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Tense {
    ToCome,
    Past,
}

impl Tense {
    const fn key(self, to_come: &'static str, past: &'static str) -> &'static str {
        match self {
            Self::ToCome => to_come,
            Self::Past => past,
        }
    }
}

/// Changes of which both tenses say the same particulars; `end` is of a new card's number.
fn either(setting: Setting<'_>, change: &Change, tense: Tense, end: &str) -> Told {
    let wording = setting.wording;
    let key = |to_come, past| tense.key(to_come, past);
    let card = |id: &CardId| card_names(setting.portfolio, std::slice::from_ref(id)).concat();
    let mut shown = Vec::new();
    let text = match change {
        Change::FreezeCard { card: id } => {
            say!(wording, key("what-freeze", "done-freeze"), card = &card(id))
        }
        Change::UnfreezeCard { card: id } => {
            say!(
                wording,
                key("what-unfreeze", "done-unfreeze"),
                card = &card(id)
            )
        }
        Change::ReplaceCard { card: id } => say!(
            wording,
            key("what-replace", "done-replace"),
            card = &card(id),
            end = end
        ),
        Change::SetCardLimit { card: id, limit } => say!(
            wording,
            key("what-limit", "done-limit"),
            card = &card(id),
            limit = &limit.to_string(),
        ),
        Change::AddTravel { place, from, until } => {
            shown.push(place.clone());
            say!(
                wording,
                key("what-travel", "done-travel"),
                place = place,
                from = &day(wording, *from),
                until = &day(wording, *until),
            )
        }
        Change::SetContact { contact, value } => {
            shown.push(value.clone());
            let key = match contact {
                ContactKind::Email => key("what-email", "done-email"),
                ContactKind::Phone => key("what-phone", "done-phone"),
                ContactKind::Address => key("what-address", "done-address"),
            };
            say!(wording, key, value = value)
        }
        Change::SetAlert { account, below } => say!(
            wording,
            key("what-alert", "done-alert"),
            account = &own(setting, account),
            below = &below.to_string(),
        ),
        Change::EndOrder { .. } | Change::SkipPayment { .. } => of_an_order(setting, change, tense),
        Change::ChangeAlert { alert, below } => say!(
            wording,
            key("what-change-alert", "done-change-alert"),
            account = &own(setting, &alert.account),
            below = &below.to_string(),
            before = &alert.below.to_string(),
        ),
        Change::RemoveAlerts { alerts } => {
            let one = |alert: &Alert| {
                let (account, below) = (own(setting, &alert.account), alert.below.to_string());
                say!(wording, "alert-named", account = &account, below = &below)
            };
            let list: Vec<String> = alerts.iter().map(one).collect();
            say!(
                wording,
                key("what-remove-alerts", "done-remove-alerts"),
                list = &list.join("; "),
                count = u64::try_from(alerts.len()).unwrap_or(u64::MAX),
            )
        }
        Change::RemoveAlert { .. } => wording.text(key("what-remove-alert", "done-remove-alert")),
        // Told apart by their callers: the two tenses say different things.
        Change::BlockCards { .. }
        | Change::AddPayee { .. }
        | Change::RemovePayee { .. }
        | Change::RemovePayees { .. }
        | Change::OpenDispute { .. } => String::new(),
    };
    (text, shown)
}

/// The end of a standing order, or a payment of it that is left out.
fn of_an_order(setting: Setting<'_>, change: &Change, tense: Tense) -> String {
    let wording = setting.wording;
    let key = |to_come, past| tense.key(to_come, past);
    match change {
        Change::EndOrder { terms, .. } => {
            let (what, schedule) = named(setting, terms);
            say!(
                wording,
                key("what-end-order", "done-end-order"),
                what = &what,
                schedule = &schedule,
            )
        }
        Change::SkipPayment {
            terms, due, next, ..
        } => {
            let (what, schedule) = named(setting, terms);
            let due = day(wording, *due);
            match next {
                Some(next) => say!(
                    wording,
                    key("what-skip", "done-skip"),
                    what = &what,
                    schedule = &schedule,
                    due = &due,
                    next = &day(wording, *next),
                ),
                None => say!(
                    wording,
                    key("what-skip-last", "done-skip-last"),
                    what = &what,
                    schedule = &schedule,
                    due = &due,
                ),
            }
        }
        _ => String::new(),
    }
}

/// A transaction as it stands in a list.
fn transaction(setting: Setting<'_>, item: &TransactionView) -> String {
    let date = day(setting.wording, day_of(item.posted_at, setting.zone));
    format!("{date}: {} {}", item.description, item.amount)
}

fn reason_text(wording: Wording, reason: DisputeReason) -> String {
    match reason {
        DisputeReason::NotMine => wording.text("reason-not-mine"),
        DisputeReason::Duplicate => wording.text("reason-duplicate"),
        DisputeReason::WrongAmount => wording.text("reason-wrong-amount"),
        DisputeReason::NotReceived => wording.text("reason-not-received"),
        DisputeReason::Other => wording.text("reason-other"),
    }
}
