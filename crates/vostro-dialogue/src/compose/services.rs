//! Replies about cards, payees, contact details, alerts, trips and cases.

use vostro_bank::{
    Alert, CardStatus, Case, Change, ChangeReceipt, ContactKind, Contacts, TransactionView,
    TravelNotice,
};
use vostro_types::AccountId;

use super::changes::{done, own, what};
use super::lookups::transaction_card;
use super::wording::{Wording, say};
use super::{Draft, Setting};
use crate::act::ProposedChange;
use crate::command::{Flow, Slot};
use crate::reply::{AlertCard, Card, CardCard, CaseCard};
use crate::words::{account, card_name, day, day_of, moment};

pub(super) fn cards(setting: Setting<'_>) -> Draft {
    let wording = setting.wording;
    let cards = &setting.portfolio.cards;
    if cards.is_empty() {
        return Draft::say(wording.text("cards-none"));
    }
    let mut lines = Vec::new();
    let mut items = Vec::new();
    for card in cards {
        let name = card_name(card);
        let limit = card.daily_limit.to_string();
        lines.push(match (card.status, card.arrives_on) {
            (CardStatus::Active, _) => {
                say!(wording, "card-active", name = &name, limit = &limit)
            }
            (CardStatus::Frozen, _) => {
                say!(wording, "card-frozen", name = &name, limit = &limit)
            }
            (CardStatus::Blocked, _) => say!(wording, "card-blocked", name = &name),
            (CardStatus::Ordered, Some(on)) => {
                say!(
                    wording,
                    "card-ordered",
                    name = &name,
                    day = &day(wording, on)
                )
            }
            (CardStatus::Ordered, None) => say!(wording, "card-ordered-open", name = &name),
        });
        items.push(CardCard {
            card_id: card.id.clone(),
            name: card.name.clone(),
            kind: card.kind,
            number: format!("…{}", card.last_four),
            status: card.status,
            daily_limit: card.daily_limit.into(),
            arrives_on: card.arrives_on,
        });
    }
    let text = say!(wording, "cards-list", list = &lines.join("\n"));
    Draft::say(text).with_card(Card::Cards { items })
}

pub(super) fn cases(setting: Setting<'_>, cases: &[Case]) -> Draft {
    let wording = setting.wording;
    if cases.is_empty() {
        return Draft::say(wording.text("cases-none"));
    }
    let line = |case: &Case| {
        let opened = moment(wording, case.opened_at, setting.zone);
        say!(
            wording,
            "case-line",
            case = case.id.as_str(),
            description = &case.description,
            amount = &case.amount.to_string(),
            opened = &opened,
        )
    };
    let lines: Vec<String> = cases.iter().map(line).collect();
    let items = cases
        .iter()
        .map(|case| CaseCard {
            case_id: case.id.clone(),
            transfer_id: case.transfer.clone(),
            description: case.description.clone(),
            amount: case.amount.into(),
            reason: case.reason,
            status: case.status.clone(),
            opened_at: case.opened_at,
        })
        .collect();
    let mut draft = Draft::say(say!(wording, "cases-list", list = &lines.join("\n")))
        .with_card(Card::Cases { items });
    draft.shown = cases.iter().map(|case| case.description.clone()).collect();
    draft
}

pub(super) fn alerts(setting: Setting<'_>, alerts: &[Alert], unclear: bool) -> Draft {
    let wording = setting.wording;
    if alerts.is_empty() {
        return Draft::say(wording.text("alerts-none"));
    }
    let line = |alert: &Alert| {
        say!(
            wording,
            "alert-line",
            account = &own(setting, &alert.account),
            below = &alert.below.to_string(),
        )
    };
    let list = alerts.iter().map(line).collect::<Vec<_>>().join("\n");
    let text = if unclear {
        say!(wording, "alerts-which", list = &list)
    } else {
        say!(wording, "alerts-list", list = &list)
    };
    let items = alerts
        .iter()
        .map(|alert| AlertCard {
            alert_id: alert.id.clone(),
            account: own(setting, &alert.account),
            below: alert.below.into(),
        })
        .collect();
    Draft::say(text).with_card(Card::Alerts { items })
}

pub(super) fn profile(setting: Setting<'_>, contacts: &Contacts, trips: &[TravelNotice]) -> Draft {
    let wording = setting.wording;
    let none = wording.text("contact-none");
    let known = |value: &Option<String>| value.clone().unwrap_or_else(|| none.clone());
    let mut text = say!(
        wording,
        "profile",
        email = &known(&contacts.email),
        phone = &known(&contacts.phone),
        address = &known(&contacts.address),
    );
    for trip in trips {
        text.push('\n');
        text.push_str(&say!(
            wording,
            "profile-trip",
            place = &trip.place,
            from = &day(wording, trip.from),
            until = &day(wording, trip.until),
        ));
    }
    let mut draft = Draft::say(text).with_card(Card::Profile {
        email: contacts.email.clone(),
        phone: contacts.phone.clone(),
        address: contacts.address.clone(),
    });
    let shown = [&contacts.email, &contacts.phone, &contacts.address];
    draft.shown = shown.into_iter().flatten().cloned().collect();
    draft
        .shown
        .extend(trips.iter().map(|trip| trip.place.clone()));
    draft
}

/// The whole number, because it was asked for: it is what somebody else needs to pay in.
pub(super) fn account_details(setting: Setting<'_>, id: &AccountId) -> Draft {
    let wording = setting.wording;
    let Some(account) = account(setting.portfolio, id) else {
        return Draft::say(wording.text("balances-none"));
    };
    let number = account.number.as_str();
    let text = match setting.routing_number {
        Some(routing) => say!(
            wording,
            "account-details",
            name = &account.name,
            number = number,
            routing = routing,
        ),
        None => say!(
            wording,
            "account-details-number",
            name = &account.name,
            number = number,
        ),
    };
    let mut draft = Draft::say(text).with_card(Card::AccountDetails {
        account: account.name.clone(),
        number: number.to_owned(),
        routing_number: setting.routing_number.map(str::to_owned),
    });
    draft.shown.push(number.to_owned());
    draft
        .shown
        .extend(setting.routing_number.map(str::to_owned));
    draft
}

/// A change that waits for yes or no.
pub(super) fn proposal(setting: Setting<'_>, proposed: &ProposedChange, again: bool) -> Draft {
    let wording = setting.wording;
    let proposal = &proposed.proposal;
    let (what, shown) = what(setting, &proposal.intent.change, proposed.item.as_deref());
    let text = match (again, proposal.intent.change.ends_an_order()) {
        (true, _) => say!(wording, "still-waits", what = &what),
        // "No to cancel" would say the opposite here.
        (false, true) => say!(wording, "confirm-end", what = &what),
        (false, false) => say!(wording, "confirm-movement", what = &what),
    };
    let mut draft = Draft::say(text).with_card(Card::ChangeConfirmation {
        confirmation_id: proposal.id.clone(),
        change: name(&proposal.intent.change),
        what,
        expires_at: proposal.expires_at,
    });
    draft.shown = shown;
    draft
}

/// The change's name on the wire.
fn name(change: &Change) -> String {
    let particulars = change.particulars();
    particulars["change"]
        .as_str()
        .unwrap_or_default()
        .to_owned()
}

/// The transactions to choose one from, numbered.
pub(super) fn which_transaction(
    setting: Setting<'_>,
    items: &[TransactionView],
    fit: bool,
) -> Draft {
    let wording = setting.wording;
    if items.is_empty() {
        return Draft::say(wording.text("dispute-none"));
    }
    let line = |(at, item): (usize, &TransactionView)| {
        let date = day(wording, day_of(item.posted_at, setting.zone));
        let amount = item.amount.to_string();
        format!("{}. {date}: {} {amount}", at + 1, item.description)
    };
    let lines: Vec<String> = items.iter().enumerate().map(line).collect();
    let cards = items
        .iter()
        .map(|item| transaction_card(setting, item))
        .collect();
    let list = &lines.join("\n");
    let text = if fit {
        say!(wording, "dispute-which", list = list)
    } else {
        say!(wording, "dispute-none-fits", list = list)
    };
    let mut draft = Draft::say(text).with_card(Card::Transactions {
        items: cards,
        more: false,
    });
    draft.shown = items.iter().map(|item| item.description.clone()).collect();
    draft
}

/// What was done, with its receipt.
pub(super) fn changed(setting: Setting<'_>, receipt: &ChangeReceipt, before: bool) -> Draft {
    let wording = setting.wording;
    let (what, mut shown) = done(setting, receipt);
    let text = if before {
        say!(wording, "change-before", what = &what)
    } else {
        say!(wording, "change-done", what = &what)
    };
    shown.extend(receipt.reference.clone());
    let mut draft = Draft::say(text).with_card(Card::Changed {
        confirmation_id: receipt.confirmation.clone(),
        change: name(&receipt.change),
        what,
        reference: receipt.reference.clone(),
        at: receipt.at,
    });
    draft.shown = shown;
    draft
}

/// Why there is no card for it.
pub(super) fn no_card(wording: Wording, flow: Flow) -> String {
    match flow {
        Flow::UnfreezeCard => wording.text("no-card-unfreeze"),
        Flow::FreezeCard => wording.text("no-card-freeze"),
        _ => wording.text("no-card"),
    }
}

/// The question for a slot of a change.
pub(super) fn question(wording: Wording, flow: Flow, slot: Slot) -> String {
    match (flow, slot) {
        (Flow::ReportCard, Slot::Card) => wording.text("ask-card-report"),
        (_, Slot::Card) => wording.text("ask-card"),
        (Flow::CardLimit, Slot::Amount) => wording.text("ask-limit"),
        (Flow::SetAlert | Flow::ChangeAlert, Slot::Amount) => wording.text("ask-below"),
        (Flow::AddPayee, Slot::Target) => wording.text("ask-payee-number"),
        (Flow::RemovePayee, Slot::Target) => wording.text("ask-payee-remove"),
        (_, Slot::Name) => wording.text("ask-payee-name"),
        (_, Slot::Account) => wording.text("ask-account"),
        (_, Slot::Place) => wording.text("ask-place"),
        (Flow::PauseSchedule, Slot::Period) => wording.text("ask-pause"),
        (_, Slot::Period) => wording.text("ask-days"),
        (_, Slot::Contact) => wording.text("ask-contact"),
        (_, Slot::Value) => wording.text("ask-value"),
        _ => wording.text("ask-more"),
    }
}

/// What was wrong with a contact detail.
pub(super) fn not_a_contact(wording: Wording, contact: ContactKind) -> String {
    match contact {
        ContactKind::Email => wording.text("trouble-email"),
        ContactKind::Phone => wording.text("trouble-phone"),
        ContactKind::Address => wording.text("trouble-address"),
    }
}
