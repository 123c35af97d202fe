//! Replies about movements that were confirmed and are not final yet.

use vostro_bank::{PendingTransfer, Receipt};
use vostro_ledger::TransferKind;

use super::wording::say;
use super::{Draft, Setting, movement, shown_number};
use crate::reply::{Card, PendingView};
use crate::words::{self, moment};

pub(super) fn placed(setting: Setting<'_>, pending: &PendingTransfer) -> Draft {
    let (what, at) = (subject(setting, pending), at(setting, pending));
    let text = say!(setting.wording, "pending-placed", what = &what, at = &at);
    with_card(setting, text, pending)
}

pub(super) fn waits(setting: Setting<'_>, pending: &PendingTransfer) -> Draft {
    let (what, at) = (subject(setting, pending), at(setting, pending));
    let text = say!(setting.wording, "pending-waits", what = &what, at = &at);
    with_card(setting, text, pending)
}

pub(super) fn recalled(setting: Setting<'_>, pending: &PendingTransfer) -> Draft {
    let what = subject(setting, pending);
    let text = say!(setting.wording, "pending-recalled", what = &what);
    with_card(setting, text, pending)
}

/// With a receipt beside it: it is final, and only a person can look at what can still be done.
pub(super) fn too_late(setting: Setting<'_>, receipt: Option<&Receipt>) -> Draft {
    let Some(receipt) = receipt else {
        return Draft::say(setting.wording.text("recall-nothing"));
    };
    let already = movement::already(setting, receipt);
    let text = say!(setting.wording, "recall-too-late", already = &already);
    movement::with_receipt(setting, text, receipt)
}

pub(super) fn several(setting: Setting<'_>, waiting: &[PendingTransfer]) -> Draft {
    let mut list = Vec::new();
    let mut shown = Vec::new();
    for pending in waiting {
        let movement = words::movement(setting.wording, setting.portfolio, &pending.intent);
        list.push(say!(
            setting.wording,
            "recall-one",
            amount = &movement.amount.display,
            target = &movement.target,
            at = &at(setting, pending),
        ));
        shown.extend(shown_number(&pending.intent.target));
    }
    let text = say!(setting.wording, "recall-several", list = &list.join("\n"));
    let mut draft = Draft::say(text);
    draft.shown = shown;
    draft
}

/// What was confirmed, as the beginning of a sentence.
fn subject(setting: Setting<'_>, pending: &PendingTransfer) -> String {
    let wording = setting.wording;
    let movement = words::movement(wording, setting.portfolio, &pending.intent);
    let (amount, source, target) = (&movement.amount.display, &movement.source, &movement.target);
    match movement.kind {
        TransferKind::BillPayment => say!(
            wording,
            "subject-bill",
            amount = amount,
            source = source,
            target = target,
        ),
        TransferKind::OwnTransfer | TransferKind::PayeeTransfer => say!(
            wording,
            "subject-transfer",
            amount = amount,
            source = source,
            target = target,
        ),
    }
}

fn at(setting: Setting<'_>, pending: &PendingTransfer) -> String {
    moment(setting.wording, pending.settles_at, setting.zone)
}

fn with_card(setting: Setting<'_>, text: String, pending: &PendingTransfer) -> Draft {
    let mut draft = Draft::say(text).with_card(Card::Pending {
        pending: PendingView {
            transfer_id: pending.transfer.clone(),
            confirmation_id: pending.confirmation.clone(),
            movement: words::movement(setting.wording, setting.portfolio, &pending.intent),
            status: pending.status,
            final_at: pending.settles_at,
        },
    });
    draft.shown = shown_number(&pending.intent.target);
    draft
}
