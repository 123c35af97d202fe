//! What a change would do and did, as sentences.

use vostro_bank::{CardLoss, Change, ChangeReceipt, ContactKind, DisputeReason};
use vostro_types::{AccountId, CardId, PayeeId};

use super::Setting;
use super::wording::{Wording, say};
use crate::words::{account, account_name, card_names, day, moment, payee_name};

pub(super) fn own(setting: Setting<'_>, id: &AccountId) -> String {
    account(setting.portfolio, id)
        .map_or_else(|| setting.wording.text("some-account"), account_name)
}

fn one_card(setting: Setting<'_>, id: &CardId) -> String {
    card_names(setting.portfolio, std::slice::from_ref(id)).concat()
}

fn payee(setting: Setting<'_>, id: &PayeeId) -> String {
    let payees = setting.portfolio.payees.iter();
    payees
        .filter(|payee| payee.id == *id)
        .map(payee_name)
        .collect()
}

/// What would be done, as a sentence, and the customer's own details in it.
pub(super) fn what(setting: Setting<'_>, change: &Change) -> (String, Vec<String>) {
    let wording = setting.wording;
    let mut shown = Vec::new();
    let text = match change {
        Change::FreezeCard { card } => {
            say!(wording, "what-freeze", card = &one_card(setting, card))
        }
        Change::UnfreezeCard { card } => {
            say!(wording, "what-unfreeze", card = &one_card(setting, card))
        }
        Change::BlockCards { cards, loss } => {
            let cards = card_names(setting.portfolio, cards).join(", ");
            match loss {
                CardLoss::Lost => say!(wording, "what-block-lost", cards = &cards),
                CardLoss::Stolen => say!(wording, "what-block-stolen", cards = &cards),
            }
        }
        Change::ReplaceCard { card } => {
            say!(wording, "what-replace", card = &one_card(setting, card))
        }
        Change::SetCardLimit { card, limit } => say!(
            wording,
            "what-limit",
            card = &one_card(setting, card),
            limit = &limit.to_string(),
        ),
        Change::AddTravel { place, from, until } => {
            shown.push(place.clone());
            say!(
                wording,
                "what-travel",
                place = place,
                from = &day(wording, *from),
                until = &day(wording, *until),
            )
        }
        Change::AddPayee { name, number } => {
            shown.extend([name.clone(), number.as_str().to_owned()]);
            say!(
                wording,
                "what-add-payee",
                name = name,
                number = number.as_str()
            )
        }
        Change::RemovePayee { payee: id } => {
            say!(wording, "what-remove-payee", name = &payee(setting, id))
        }
        Change::SetContact { contact, value } => {
            shown.push(value.clone());
            match contact {
                ContactKind::Email => say!(wording, "what-email", value = value),
                ContactKind::Phone => say!(wording, "what-phone", value = value),
                ContactKind::Address => say!(wording, "what-address", value = value),
            }
        }
        Change::SetAlert { account, below } => say!(
            wording,
            "what-alert",
            account = &own(setting, account),
            below = &below.to_string(),
        ),
        Change::RemoveAlert { .. } => wording.text("what-remove-alert"),
        Change::OpenDispute { reason, .. } => {
            let reason = reason_text(wording, *reason);
            say!(wording, "what-dispute", reason = &reason)
        }
    };
    (text, shown)
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

pub(super) fn done(setting: Setting<'_>, receipt: &ChangeReceipt) -> (String, Vec<String>) {
    let wording = setting.wording;
    let mut shown = Vec::new();
    let reference = receipt.reference.as_deref().unwrap_or_default();
    let text = match &receipt.change {
        Change::FreezeCard { card } => {
            say!(wording, "done-freeze", card = &one_card(setting, card))
        }
        Change::UnfreezeCard { card } => {
            say!(wording, "done-unfreeze", card = &one_card(setting, card))
        }
        Change::BlockCards { cards, .. } => {
            let names = card_names(setting.portfolio, cards).join(", ");
            let count = u64::try_from(cards.len()).unwrap_or(u64::MAX);
            let ends = reference.replace(',', ", …");
            say!(
                wording,
                "done-block",
                cards = &names,
                count = count,
                ends = &ends
            )
        }
        Change::ReplaceCard { card } => say!(
            wording,
            "done-replace",
            card = &one_card(setting, card),
            end = reference,
        ),
        Change::SetCardLimit { card, limit } => say!(
            wording,
            "done-limit",
            card = &one_card(setting, card),
            limit = &limit.to_string(),
        ),
        Change::AddTravel { place, from, until } => {
            shown.push(place.clone());
            say!(
                wording,
                "done-travel",
                place = place,
                from = &day(wording, *from),
                until = &day(wording, *until),
            )
        }
        Change::AddPayee { name, number } => {
            shown.push(name.clone());
            say!(
                wording,
                "done-add-payee",
                name = name,
                number = &number.masked()
            )
        }
        Change::RemovePayee { .. } => wording.text("done-remove-payee"),
        Change::SetContact { contact, value } => {
            shown.push(value.clone());
            match contact {
                ContactKind::Email => say!(wording, "done-email", value = value),
                ContactKind::Phone => say!(wording, "done-phone", value = value),
                ContactKind::Address => say!(wording, "done-address", value = value),
            }
        }
        Change::SetAlert { account, below } => say!(
            wording,
            "done-alert",
            account = &own(setting, account),
            below = &below.to_string(),
        ),
        Change::RemoveAlert { .. } => wording.text("done-remove-alert"),
        Change::OpenDispute { reason, .. } => say!(
            wording,
            "done-dispute",
            case = reference,
            at = &moment(wording, receipt.at, setting.zone),
            reason = &reason_text(wording, *reason),
        ),
    };
    (text, shown)
}
