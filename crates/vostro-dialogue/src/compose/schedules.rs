//! Replies about standing orders, and statements.

use vostro_bank::{ScheduleView, StatementPage};
use vostro_ledger::{Proposal, StandingOrder, TransferKind};
use vostro_types::AccountId;

use super::movement::sentence;
use super::{Draft, Setting, shown_number};
use crate::command::Period;
use crate::reply::{Card, ScheduleCard};
use crate::words::{account, account_name, day, movement, schedule_text};

/// A standing order that waits for yes or no.
pub(super) fn proposal(
    setting: Setting<'_>,
    proposal: &Proposal<StandingOrder>,
    again: bool,
) -> Draft {
    let order = &proposal.intent;
    let movement = movement(setting.portfolio, &order.intent);
    let what = sentence(&movement);
    let what = format!(
        "{} {}.",
        what.trim_end_matches('.'),
        schedule_text(&order.schedule)
    );
    let text = if again {
        format!("This still waits for your yes or no: {what}")
    } else {
        format!(
            "Please confirm: {what} Your one yes covers all of it. Shall I go ahead? Reply yes to confirm or no to cancel."
        )
    };
    let mut draft = Draft::say(text).with_card(Card::Confirmation {
        confirmation_id: proposal.id.clone(),
        movement,
        schedule: Some(schedule_text(&order.schedule)),
        expires_at: proposal.expires_at,
    });
    draft.shown = shown_number(&order.intent.target);
    draft
}

/// A standing order that is in force.
pub(super) fn scheduled(setting: Setting<'_>, view: &ScheduleView) -> Draft {
    let card = card(setting, view);
    let text = format!(
        "It's set up: {} {}. Nothing has moved yet; each payment is made on its day if the account has the money then.",
        line(&card),
        card.schedule
    );
    Draft::say(text).with_card(Card::Schedules { items: vec![card] })
}

/// The standing orders in force; `lead` says why they are shown.
pub(super) fn list(setting: Setting<'_>, views: &[ScheduleView], lead: &str) -> Draft {
    if views.is_empty() {
        return Draft::say("You have no scheduled payments or standing orders.");
    }
    let items: Vec<_> = views.iter().map(|view| card(setting, view)).collect();
    let lines: Vec<String> = items
        .iter()
        .map(|item| format!("- {} {}", line(item), next(item)))
        .collect();
    Draft::say(format!("{lead}\n{}", lines.join("\n"))).with_card(Card::Schedules { items })
}

/// An order that was ended.
pub(super) fn cancelled(setting: Setting<'_>, view: &ScheduleView) -> Draft {
    let card = card(setting, view);
    Draft::say(format!(
        "Cancelled: {}. No more payments will be made for it; what was paid before stays paid.",
        line(&card)
    ))
}

/// An order whose next payment was left out.
pub(super) fn skipped(setting: Setting<'_>, view: &ScheduleView) -> Draft {
    let card = card(setting, view);
    let next = match view.next_due {
        Some(due) => format!("The next one is on {}.", day(due)),
        None => "That was the last one.".to_owned(),
    };
    Draft::say(format!(
        "The next payment is left out: {}. {next}",
        line(&card)
    ))
}

/// A statement: its balances and sums.
pub(super) fn statement(
    setting: Setting<'_>,
    id: &AccountId,
    page: &StatementPage,
    period: &Period,
) -> Draft {
    let name = account(setting.portfolio, id).map_or_else(|| "account".to_owned(), account_name);
    let last = period.until.yesterday().unwrap_or(period.until);
    let text = format!(
        "Statement of {name} from {} to {}:\n- Opening balance: {}\n- Money in: {}\n- Money out: {}\n- Closing balance: {}\n- Transactions: {}",
        day(period.from),
        day(last),
        page.opening,
        page.received,
        page.spent,
        page.closing,
        page.count
    );
    Draft::say(text).with_card(Card::Statement {
        account: name,
        from: period.from,
        to: last,
        opening: page.opening.into(),
        received: page.received.into(),
        spent: page.spent.into(),
        closing: page.closing.into(),
        count: page.count,
    })
}

fn card(setting: Setting<'_>, view: &ScheduleView) -> ScheduleCard {
    ScheduleCard {
        schedule_id: view.id.clone(),
        movement: movement(setting.portfolio, &view.order.intent),
        schedule: schedule_text(&view.order.schedule),
        next_due: view.next_due,
    }
}

fn line(card: &ScheduleCard) -> String {
    let movement = &card.movement;
    match movement.kind {
        TransferKind::BillPayment => format!(
            "{} for your {} bill from {}",
            movement.amount.display, movement.target, movement.source
        ),
        TransferKind::OwnTransfer | TransferKind::PayeeTransfer => format!(
            "{} from {} to {}",
            movement.amount.display, movement.source, movement.target
        ),
    }
}

fn next(card: &ScheduleCard) -> String {
    match card.next_due {
        Some(due) if !card.schedule.starts_with("on ") => {
            format!("{}; next on {}", card.schedule, day(due))
        }
        _ => card.schedule.clone(),
    }
}
