//! Replies about money on the move: questions, proposals, receipts, declines.

use jiff::Timestamp;
use vostro_bank::Receipt;
use vostro_ledger::{AccountStatus, Decline, MoneyIntent, Proposal, TransferKind};

use super::wording::{Wording, say};
use super::{Draft, Setting, services, shown_number};
use crate::command::{Flow, Often, Slot};
use crate::decide::{Question, Trouble};
use crate::reply::{Card, Movement, ReceiptView};
use crate::state::Slots;
use crate::words::{day, movement, slot_text};

pub(super) fn proposal(setting: Setting<'_>, proposal: &Proposal) -> Draft {
    let movement = movement(setting.wording, setting.portfolio, &proposal.intent);
    let mut what = sentence(setting.wording, &movement);
    if let Some(note) = counts_later(setting, movement.kind, setting.now) {
        what = format!("{what} {note}");
    }
    let text = say!(setting.wording, "confirm-movement", what = &what);
    confirmation(setting, text, movement, proposal)
}

pub(super) fn waiting(setting: Setting<'_>, proposal: &Proposal) -> Draft {
    let movement = movement(setting.wording, setting.portfolio, &proposal.intent);
    let what = sentence(setting.wording, &movement);
    let text = say!(setting.wording, "still-waits", what = &what);
    confirmation(setting, text, movement, proposal)
}

/// That a payment made at this instant counts as made on a later day; `None` where it counts at once.
fn counts_later(setting: Setting<'_>, kind: TransferKind, at: Timestamp) -> Option<String> {
    let date = setting.calendar.value_date(kind, at);
    (date != setting.calendar.day(at)).then(|| {
        say!(
            setting.wording,
            "counts-later",
            day = &day(setting.wording, date)
        )
    })
}

fn confirmation(
    setting: Setting<'_>,
    text: String,
    movement: Movement,
    proposal: &Proposal,
) -> Draft {
    let value_date = setting.calendar.value_date(movement.kind, setting.now);
    let mut draft = Draft::say(text).with_card(Card::Confirmation {
        confirmation_id: proposal.id.clone(),
        movement,
        schedule: None,
        value_date: Some(value_date),
        expires_at: proposal.expires_at,
    });
    draft.shown = shown_number(&proposal.intent.target);
    draft
}

/// What would be done, as a sentence.
pub(super) fn sentence(wording: Wording, movement: &Movement) -> String {
    let Movement {
        kind,
        amount,
        source,
        target,
    } = movement;
    let amount = &amount.display;
    match kind {
        TransferKind::BillPayment => say!(
            wording,
            "what-bill",
            target = target,
            amount = amount,
            source = source,
        ),
        TransferKind::OwnTransfer | TransferKind::PayeeTransfer => say!(
            wording,
            "what-transfer",
            amount = amount,
            source = source,
            target = target,
        ),
    }
}

pub(super) fn posted(setting: Setting<'_>, receipt: &Receipt) -> Draft {
    let wording = setting.wording;
    let movement = movement(wording, setting.portfolio, &receipt.intent);
    let (amount, source, target) = (&movement.amount.display, &movement.source, &movement.target);
    let balance = receipt.source_balance.to_string();
    let text = match movement.kind {
        TransferKind::BillPayment => say!(
            wording,
            "done-bill",
            amount = amount,
            source = source,
            target = target,
            balance = &balance,
        ),
        TransferKind::OwnTransfer | TransferKind::PayeeTransfer => say!(
            wording,
            "done-transfer",
            amount = amount,
            source = source,
            target = target,
            balance = &balance,
        ),
    };
    let text = match counts_later(setting, movement.kind, receipt.posted_at) {
        Some(note) => format!("{text} {note}"),
        None => text,
    };
    with_receipt(setting, text, receipt)
}

pub(super) fn replayed(setting: Setting<'_>, receipt: &Receipt) -> Draft {
    let already = already(setting, receipt);
    let text = say!(setting.wording, "nothing-waits", already = &already);
    with_receipt(setting, text, receipt)
}

/// That it was done before, and once.
pub(super) fn already(setting: Setting<'_>, receipt: &Receipt) -> String {
    let wording = setting.wording;
    let movement = movement(wording, setting.portfolio, &receipt.intent);
    let (amount, source, target) = (&movement.amount.display, &movement.source, &movement.target);
    match movement.kind {
        TransferKind::BillPayment => say!(
            wording,
            "already-bill",
            amount = amount,
            source = source,
            target = target,
        ),
        TransferKind::OwnTransfer | TransferKind::PayeeTransfer => say!(
            wording,
            "already-transfer",
            amount = amount,
            source = source,
            target = target,
        ),
    }
}

pub(super) fn with_receipt(setting: Setting<'_>, text: String, receipt: &Receipt) -> Draft {
    let kind = receipt.intent.kind();
    let view = ReceiptView {
        transfer_id: receipt.transfer.clone(),
        confirmation_id: receipt.confirmation.clone(),
        movement: movement(setting.wording, setting.portfolio, &receipt.intent),
        posted_at: receipt.posted_at,
        value_date: receipt
            .value_date
            .unwrap_or_else(|| setting.calendar.value_date(kind, receipt.posted_at)),
        source_balance: receipt.source_balance.into(),
    };
    let mut draft = Draft::say(text).with_card(Card::Receipt {
        receipt: view.clone(),
    });
    draft.receipts.push(view);
    draft.shown = shown_number(&receipt.intent.target);
    draft
}

pub(super) fn declined(setting: Setting<'_>, intent: &MoneyIntent, decline: &Decline) -> Draft {
    let wording = setting.wording;
    let movement = movement(wording, setting.portfolio, intent);
    let amount = &movement.amount.display;
    let source = &movement.source;
    let why = match decline {
        Decline::CurrencyMismatch => {
            say!(
                wording,
                "decline-currency",
                amount = amount,
                source = source
            )
        }
        Decline::InsufficientFunds { available } => say!(
            wording,
            "decline-funds",
            source = source,
            available = &available.to_string(),
            amount = amount,
        ),
        other => reason(wording, other),
    };
    let draft = Draft::say(match movement.kind {
        TransferKind::BillPayment => say!(wording, "declined-bill", why = &why),
        TransferKind::OwnTransfer | TransferKind::PayeeTransfer => {
            say!(wording, "declined-transfer", why = &why)
        }
    });
    // What is more than the bank lets go by itself, a person may still arrange.
    match decline {
        Decline::OverTransferLimit { .. } | Decline::OverDailyLimit { .. } => {
            draft.with_card(Card::Choices {
                options: vec![wording.text("choice-person"), wording.text("choice-cancel")],
            })
        }
        _ => draft,
    }
}

pub(super) fn post_declined(setting: Setting<'_>, decline: &Decline) -> Draft {
    let why = reason(setting.wording, decline);
    Draft::say(say!(setting.wording, "declined-at-posting", why = &why))
}

/// The ledger's reason, for the customer.
fn reason(wording: Wording, decline: &Decline) -> String {
    match decline {
        Decline::MoneyStopped => wording.text("decline-stopped"),
        Decline::AmountNotPositive => wording.text("decline-not-positive"),
        Decline::SourceUnknown => wording.text("decline-source-unknown"),
        Decline::SourceNotOpen {
            status: AccountStatus::Frozen,
        } => wording.text("decline-source-frozen"),
        Decline::SourceNotOpen { .. } => wording.text("decline-source-closed"),
        Decline::TargetUnknown => wording.text("decline-target-unknown"),
        Decline::TargetNotOpen => wording.text("decline-target-closed"),
        Decline::SameAccount => wording.text("decline-same"),
        Decline::CurrencyMismatch => wording.text("decline-currencies"),
        Decline::OverTransferLimit { limit } => {
            say!(
                wording,
                "decline-transfer-limit",
                limit = &limit.to_string()
            )
        }
        Decline::OverDailyLimit { limit, left } if left.is_positive() => say!(
            wording,
            "decline-daily-limit",
            limit = &limit.to_string(),
            left = &left.to_string(),
        ),
        Decline::OverDailyLimit { limit, .. } => {
            say!(wording, "decline-daily-used", limit = &limit.to_string())
        }
        Decline::OverHeldAmount { held } => {
            say!(wording, "decline-held", held = &held.to_string())
        }
        Decline::InsufficientFunds { available } => {
            say!(wording, "decline-short", available = &available.to_string())
        }
        Decline::AmountTooLarge => wording.text("decline-too-large"),
    }
}

pub(super) fn question(setting: Setting<'_>, question: &Question) -> Draft {
    let wording = setting.wording;
    let trouble = question.trouble.as_ref();
    let trouble = trouble.map(|it| format!("{} ", trouble_text(wording, it)));
    let mut ask = match (question.flow, question.slot) {
        (Flow::Transfer | Flow::PayBill, Slot::Amount) => wording.text("ask-amount"),
        (_, Slot::Schedule) => wording.text("ask-when"),
        (_, Slot::Source) => wording.text("ask-source"),
        (Flow::PayBill, Slot::Biller) => wording.text("ask-biller"),
        (Flow::Transfer, Slot::Target) => wording.text("ask-target"),
        (flow, slot) => services::question(wording, flow, slot),
    };
    if let Some(Trouble::Nearly { .. }) = &question.trouble {
        ask = wording.text("ask-nearly");
    } else if question.choose && question.options.is_empty() {
        ask = format!("{ask} {}", wording.text("ask-or"));
    } else if question.choose {
        ask = wording.text("ask-choose");
    }
    let mut options = question.options.clone();
    if let Some(Trouble::NotHeld(_, near)) = &question.trouble {
        options.extend(near.iter().map(|it| often(wording, *it)));
    }
    if question.choose {
        options.extend([wording.text("choice-cancel"), wording.text("choice-person")]);
    }
    let list: String = options.iter().flat_map(|it| ["\n- ", it]).collect();
    let mut draft = Draft::say(format!("{}{ask}{list}", trouble.unwrap_or_default()));
    draft.shown.clone_from(&question.options);
    // A name that the customer gave is said back as it was given; digits may be anybody's number.
    if let Some(Trouble::UnknownPayee(name)) = &question.trouble
        && !name.contains(|c: char| c.is_ascii_digit())
    {
        draft.shown.push(name.clone());
    }
    if options.is_empty() {
        draft
    } else {
        draft.with_card(Card::Choices { options })
    }
}

/// Orders that had waited for their turn, and are refused.
pub(super) fn left_out(setting: Setting<'_>, orders: &[(Flow, Slots)]) -> Draft {
    let wording = setting.wording;
    let named = |(flow, slots): &(Flow, Slots)| {
        let of = |slot| slots.get(slot).map(|it| slot_text(setting.portfolio, it));
        let whom = of(Slot::Target)
            .or_else(|| of(Slot::Biller))
            .or_else(|| of(Slot::Card));
        match (of(Slot::Amount), whom) {
            (Some(amount), Some(whom)) => {
                say!(wording, "left-out-one", amount = &amount, whom = &whom)
            }
            (None, Some(whom)) => whom,
            _ => wording.text(match flow {
                Flow::Transfer => "left-out-transfer",
                Flow::PayBill => "left-out-bill",
                _ => "left-out-change",
            }),
        }
    };
    let list: Vec<String> = orders.iter().map(named).collect();
    Draft::say(say!(wording, "left-out", list = &list.join("; ")))
}

/// What was wrong with the answer before.
fn trouble_text(wording: Wording, trouble: &Trouble) -> String {
    match trouble {
        Trouble::UnreadableAmount(words) => say!(wording, "trouble-amount", words = words),
        Trouble::UnknownAccount(words) if words.is_empty() => wording.text("trouble-account-none"),
        Trouble::UnknownAccount(words) => say!(wording, "trouble-account", words = words),
        Trouble::UnknownPayee(words) => say!(wording, "trouble-payee", words = words),
        Trouble::UnknownBiller(words) => say!(wording, "trouble-biller", words = words),
        Trouble::Nearly { words, name } if words.is_empty() => {
            say!(wording, "trouble-nearly-again", name = name)
        }
        Trouble::Nearly { words, name } => {
            say!(wording, "trouble-nearly", words = words, name = name)
        }
        Trouble::Ambiguous => wording.text("trouble-several"),
        Trouble::NothingDue => wording.text("trouble-nothing-due"),
        Trouble::CardAsSource => wording.text("trouble-card"),
        Trouble::SameAccount => wording.text("trouble-same"),
        Trouble::UnknownCard(words) => say!(wording, "trouble-unknown-card", words = words),
        Trouble::NotAContact(contact) => services::not_a_contact(wording, *contact),
        Trouble::PastDays => wording.text("trouble-past-days"),
        Trouble::UnclearDays(words) => say!(wording, "trouble-days", words = words),
        Trouble::NotHeld(words, near) => {
            let near: Vec<String> = near.iter().map(|it| often(wording, *it)).collect();
            say!(
                wording,
                "trouble-not-held",
                words = words,
                near = &near.join("; ")
            )
        }
        Trouble::NotUnderstood => wording.text("trouble-not-understood"),
    }
}

/// How often a payment can repeat, as the customer may say it.
fn often(wording: Wording, often: Often) -> String {
    wording.text(match often {
        Often::Week => "often-week",
        Often::TwoWeeks => "often-two-weeks",
        Often::Month => "often-month",
        Often::MonthEnd => "often-month-end",
        Often::Quarter => "often-quarter",
        Often::Year => "often-year",
    })
}
