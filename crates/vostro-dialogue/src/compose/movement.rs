//! Replies about money on the move: questions, proposals, receipts, declines.

use vostro_bank::Receipt;
use vostro_ledger::{AccountStatus, Decline, MoneyIntent, Proposal, TransferKind};

use super::{Draft, Setting, shown_number};
use crate::command::{Flow, Slot};
use crate::decide::{Question, Trouble};
use crate::reply::{Card, Movement, ReceiptView};
use crate::words::movement;

pub(super) fn proposal(setting: Setting<'_>, proposal: &Proposal) -> Draft {
    let movement = movement(setting.portfolio, &proposal.intent);
    let text = format!(
        "Please confirm: {} Shall I go ahead? Reply yes to confirm or no to cancel.",
        sentence(&movement)
    );
    confirmation(text, movement, proposal)
}

pub(super) fn waiting(setting: Setting<'_>, proposal: &Proposal) -> Draft {
    let movement = movement(setting.portfolio, &proposal.intent);
    let text = format!(
        "This still waits for your yes or no: {}",
        sentence(&movement)
    );
    confirmation(text, movement, proposal)
}

fn confirmation(text: String, movement: Movement, proposal: &Proposal) -> Draft {
    let mut draft = Draft::say(text).with_card(Card::Confirmation {
        confirmation_id: proposal.id.clone(),
        movement,
        schedule: None,
        expires_at: proposal.expires_at,
    });
    draft.shown = shown_number(&proposal.intent.target);
    draft
}

/// What would be done, as a sentence.
pub(super) fn sentence(movement: &Movement) -> String {
    let Movement {
        kind,
        amount,
        source,
        target,
    } = movement;
    let amount = &amount.display;
    match kind {
        TransferKind::BillPayment => format!("pay your {target} bill, {amount}, from {source}."),
        TransferKind::OwnTransfer | TransferKind::PayeeTransfer => {
            format!("transfer {amount} from {source} to {target}.")
        }
    }
}

pub(super) fn posted(setting: Setting<'_>, receipt: &Receipt) -> Draft {
    let movement = movement(setting.portfolio, &receipt.intent);
    let done = match movement.kind {
        TransferKind::BillPayment => format!(
            "Done. The payment of {} to {} from {} is complete.",
            movement.amount.display, movement.target, movement.source
        ),
        TransferKind::OwnTransfer | TransferKind::PayeeTransfer => format!(
            "Done. The transfer of {} from {} to {} is complete.",
            movement.amount.display, movement.source, movement.target
        ),
    };
    let text = format!(
        "{done} That account's balance is now {}.",
        receipt.source_balance
    );
    with_receipt(text, movement, receipt)
}

pub(super) fn replayed(setting: Setting<'_>, receipt: &Receipt) -> Draft {
    let movement = movement(setting.portfolio, &receipt.intent);
    let what = match movement.kind {
        TransferKind::BillPayment => "payment",
        TransferKind::OwnTransfer | TransferKind::PayeeTransfer => "transfer",
    };
    let text = format!(
        "Nothing is waiting for your answer. Your {what} of {} from {} to {} was already completed, and it was done once.",
        movement.amount.display, movement.source, movement.target
    );
    with_receipt(text, movement, receipt)
}

fn with_receipt(text: String, movement: Movement, receipt: &Receipt) -> Draft {
    let view = ReceiptView {
        transfer_id: receipt.transfer.clone(),
        confirmation_id: receipt.confirmation.clone(),
        movement,
        posted_at: receipt.posted_at,
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
    let movement = movement(setting.portfolio, intent);
    let what = match movement.kind {
        TransferKind::BillPayment => "That payment",
        TransferKind::OwnTransfer | TransferKind::PayeeTransfer => "That transfer",
    };
    let amount = &movement.amount.display;
    let source = &movement.source;
    let why = match decline {
        Decline::CurrencyMismatch => format!(
            "{amount} is not in the currency of {source}. Which amount in that account's currency should it be?"
        ),
        Decline::InsufficientFunds { available } => format!(
            "{source} has {available} available, which is less than {amount}. Which amount should it be instead?"
        ),
        other => reason(other),
    };
    Draft::say(format!(
        "{what} can't be made, and nothing was moved: {why}"
    ))
}

pub(super) fn post_declined(decline: &Decline) -> Draft {
    let why = reason(decline);
    Draft::say(format!(
        "That could not be completed, and nothing was moved: {why}"
    ))
}

/// The ledger's reason, for the customer.
fn reason(decline: &Decline) -> String {
    match decline {
        Decline::MoneyStopped => {
            "the bank has paused all transfers and payments for the time being. Please try again later. Balances, transactions and questions work as usual."
                .to_owned()
        }
        Decline::AmountNotPositive => {
            "the amount has to be more than zero. Which amount should it be?".to_owned()
        }
        Decline::SourceUnknown => "I can't find the account to pay from.".to_owned(),
        Decline::SourceNotOpen {
            status: AccountStatus::Frozen,
        } => {
            "the account to pay from is frozen. A person can tell you why: say “talk to a person”."
                .to_owned()
        }
        Decline::SourceNotOpen { .. } => "the account to pay from is closed.".to_owned(),
        Decline::TargetUnknown => "I can't find where it should go.".to_owned(),
        Decline::TargetNotOpen => "the account it should go to does not take payments.".to_owned(),
        Decline::SameAccount => "it would go from an account to the same account.".to_owned(),
        Decline::CurrencyMismatch => "the currencies of amount and accounts differ.".to_owned(),
        Decline::OverTransferLimit { limit } => {
            format!(
                "it is over the limit of {limit} for one transfer or payment. Which amount should it be instead?"
            )
        }
        Decline::OverDailyLimit { limit, left } if left.is_positive() => {
            format!(
                "it is over your limit of {limit} a day, of which {left} is left today. Which amount should it be instead?"
            )
        }
        Decline::OverDailyLimit { limit, .. } => {
            format!("your limit of {limit} a day is used up for today.")
        }
        Decline::OverHeldAmount { held } => format!("only {held} is set aside for it."),
        Decline::InsufficientFunds { available } => {
            format!("the account has {available} available, which is not enough.")
        }
        Decline::AmountTooLarge => "the amount is too large. Which amount should it be?".to_owned(),
    }
}

pub(super) fn question(question: &Question) -> Draft {
    let trouble = question.trouble.as_ref().map(trouble).unwrap_or_default();
    let ask = match (question.flow, question.slot) {
        (_, Slot::Amount) => "How much should it be?",
        (_, Slot::Source) => "Which account should it come from?",
        (_, Slot::Biller) => "Which bill would you like to pay?",
        (Flow::Transfer, Slot::Target) => {
            "Who should the transfer go to? A saved payee, one of your accounts, or an account number."
        }
        _ => "Could you tell me more?",
    };
    let list = match question.options.as_slice() {
        [] => String::new(),
        options => format!(
            "\n{}",
            options
                .iter()
                .map(|o| format!("- {o}"))
                .collect::<Vec<_>>()
                .join("\n")
        ),
    };
    let draft = Draft::say(format!("{trouble}{ask}{list}"));
    if question.options.is_empty() {
        draft
    } else {
        draft.with_card(Card::Choices {
            options: question.options.clone(),
        })
    }
}

/// What was wrong with the answer before, with a space after it.
fn trouble(trouble: &Trouble) -> String {
    match trouble {
        Trouble::UnreadableAmount(words) => {
            format!("I can't read “{words}” as one exact amount. ")
        }
        Trouble::UnknownAccount(words) if words.is_empty() => {
            "I don't see that account. ".to_owned()
        }
        Trouble::UnknownAccount(words) => format!("I don't see an account “{words}” of yours. "),
        Trouble::UnknownPayee(words) => format!(
            "You have no saved payee called “{words}”. You can give me an account number instead. "
        ),
        Trouble::UnknownBiller(words) => format!("You have no biller for “{words}”. "),
        Trouble::Ambiguous => "More than one fits. ".to_owned(),
        Trouble::NothingDue => "There is no open amount I could take. ".to_owned(),
        Trouble::CardAsSource => "Money can't be sent from a credit card here. ".to_owned(),
        Trouble::SameAccount => "That is the account it would go to. ".to_owned(),
        Trouble::NotUnderstood => "Sorry, I didn't get that. ".to_owned(),
    }
}
