//! Replies about movements that were confirmed and are not final yet.

use jiff::Timestamp;
use vostro_bank::{PendingTransfer, Receipt};
use vostro_ledger::TransferKind;

use super::{Draft, Setting, movement, shown_number};
use crate::reply::{Card, PendingView};
use crate::words;

pub(super) fn placed(setting: Setting<'_>, pending: &PendingTransfer) -> Draft {
    let what = subject(setting, pending);
    let at = moment(setting, pending.settles_at);
    let text = format!(
        "Confirmed. {what} is on its way. The amount is set aside, and it becomes final on {at}. Until then you can recall it: say “cancel that transfer”."
    );
    with_card(setting, text, pending)
}

pub(super) fn waits(setting: Setting<'_>, pending: &PendingTransfer) -> Draft {
    let what = subject(setting, pending);
    let at = moment(setting, pending.settles_at);
    let text = format!(
        "Nothing waits for your answer. {what} is on its way and becomes final on {at}. Until then you can recall it: say “cancel that transfer”."
    );
    with_card(setting, text, pending)
}

pub(super) fn recalled(setting: Setting<'_>, pending: &PendingTransfer) -> Draft {
    let what = subject(setting, pending);
    let text = format!(
        "{what} was recalled. It had not become final, so nothing was moved, and the amount is available again."
    );
    with_card(setting, text, pending)
}

/// With a receipt beside it: it is final, and only a person can look at what can still be done.
pub(super) fn too_late(setting: Setting<'_>, receipt: Option<&Receipt>) -> Draft {
    let Some(receipt) = receipt else {
        return Draft::say(
            "You have no transfer or payment that could still be recalled. If you want a person to look at one, say “talk to a person”.",
        );
    };
    let mut draft = movement::replayed(setting, receipt);
    draft.text = format!(
        "It is too late to recall that. {} If it was a mistake, say “talk to a person”, and somebody will look at what can be done.",
        draft
            .text
            .trim_start_matches("Nothing is waiting for your answer. ")
    );
    draft
}

pub(super) fn several(setting: Setting<'_>, waiting: &[PendingTransfer]) -> Draft {
    let mut draft = Draft::say(
        "More than one of yours is not final yet, so I have recalled none of them:".to_owned(),
    );
    for pending in waiting {
        let movement = words::movement(setting.portfolio, &pending.intent);
        let at = moment(setting, pending.settles_at);
        let line = format!(
            "\n- {} to {}, final on {at}",
            movement.amount.display, movement.target
        );
        draft.text.push_str(&line);
        draft.shown.extend(shown_number(&pending.intent.target));
    }
    draft.text.push_str(
        "\nSay “cancel that transfer” in the conversation in which you confirmed it, or “talk to a person”.",
    );
    draft
}

/// What was confirmed, as the beginning of a sentence.
fn subject(setting: Setting<'_>, pending: &PendingTransfer) -> String {
    let movement = words::movement(setting.portfolio, &pending.intent);
    let (amount, source, target) = (&movement.amount.display, &movement.source, &movement.target);
    match movement.kind {
        TransferKind::BillPayment => format!("The payment of {amount} to {target} from {source}"),
        TransferKind::OwnTransfer | TransferKind::PayeeTransfer => {
            format!("The transfer of {amount} from {source} to {target}")
        }
    }
}

/// An instant in the bank's time zone: "Nov 20, 2026 at 15:30 UTC".
fn moment(setting: Setting<'_>, at: Timestamp) -> String {
    at.to_zoned(setting.zone.clone())
        .strftime("%b %-d, %Y at %H:%M %Z")
        .to_string()
}

fn with_card(setting: Setting<'_>, text: String, pending: &PendingTransfer) -> Draft {
    let mut draft = Draft::say(text).with_card(Card::Pending {
        pending: PendingView {
            transfer_id: pending.transfer.clone(),
            confirmation_id: pending.confirmation.clone(),
            movement: words::movement(setting.portfolio, &pending.intent),
            status: pending.status,
            final_at: pending.settles_at,
        },
    });
    draft.shown = shown_number(&pending.intent.target);
    draft
}
