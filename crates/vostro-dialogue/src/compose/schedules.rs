//! Replies about standing orders, and statements.

use jiff::civil::Date;
use vostro_bank::{ScheduleView, StatementPage};
use vostro_ledger::{Frequency, Proposal, StandingOrder, TransferKind};
use vostro_types::AccountId;

use super::movement::sentence;
use super::wording::say;
use super::{Draft, Setting, shown_number};
use crate::command::Period;
use crate::reply::{Card, Movement, ScheduleCard};
use crate::words::{account, account_name, day, movement, schedule_text};

/// The most payments that are left out and named one by one.
const MOST_DAYS: usize = 12;

/// How it is asked whether a standing order is to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Asked {
    First,
    /// There is one like it.
    Another,
    /// It still waits.
    Again,
}

/// A standing order that waits for yes or no.
pub(super) fn proposal(
    setting: Setting<'_>,
    proposal: &Proposal<StandingOrder>,
    asked: Asked,
) -> Draft {
    let (wording, order) = (setting.wording, &proposal.intent);
    let movement = movement(wording, setting.portfolio, &order.intent);
    let what = sentence(wording, &movement);
    let what = what.trim_end_matches('.');
    let schedule = schedule_text(wording, &order.schedule);
    let key = match (asked, &order.replaces) {
        (Asked::Again, _) => "order-waits",
        (Asked::Another, None) => "confirm-order-another",
        (Asked::First, None) => "confirm-order",
        (_, Some(_)) => "confirm-order-change",
    };
    let text = say!(wording, key, what = what, schedule = &schedule);
    waiting(text, proposal, movement, schedule)
}

/// A text with the card of the standing order that waits for a yes.
fn waiting(
    text: String,
    proposal: &Proposal<StandingOrder>,
    movement: Movement,
    schedule: String,
) -> Draft {
    let mut draft = Draft::say(text).with_card(Card::Confirmation {
        confirmation_id: proposal.id.clone(),
        movement,
        schedule: Some(schedule),
        value_date: None,
        expires_at: proposal.expires_at,
    });
    draft.shown = shown_number(&proposal.intent.intent.target);
    draft
}

/// A standing order that is to leave out these payments, and to go on then.
pub(super) fn pause(
    setting: Setting<'_>,
    proposal: &Proposal<StandingOrder>,
    left_out: &[Date],
) -> Draft {
    let (wording, order) = (setting.wording, &proposal.intent);
    let movement = movement(wording, setting.portfolio, &order.intent);
    let (what, schedule) = named(setting, order);
    let mut days: Vec<String> = left_out
        .iter()
        .take(MOST_DAYS)
        .map(|due| day(wording, *due))
        .collect();
    if left_out.len() > MOST_DAYS {
        days.push("…".to_owned());
    }
    let text = say!(
        wording,
        "confirm-pause",
        what = &what,
        days = &days.join("; "),
        next = &day(wording, order.schedule.first()),
    );
    waiting(text, proposal, movement, schedule)
}

/// Nothing of an order is due before it would pay again.
pub(super) fn nothing_before(setting: Setting<'_>, view: &ScheduleView, until: Date) -> Draft {
    let wording = setting.wording;
    let (what, _) = named(setting, &view.order);
    let next = view.next_due.unwrap_or(until);
    Draft::say(say!(
        wording,
        "pause-nothing",
        what = &what,
        until = &day(wording, until),
        next = &day(wording, next),
    ))
}

/// A standing order that is in force.
pub(super) fn scheduled(setting: Setting<'_>, view: &ScheduleView) -> Draft {
    let card = card(setting, view);
    let key = match &view.order.replaces {
        None => "scheduled",
        Some(_) => "schedule-changed",
    };
    let text = say!(
        setting.wording,
        key,
        what = &line(setting, &card.movement),
        schedule = &card.schedule,
    );
    Draft::say(text).with_card(Card::Schedules { items: vec![card] })
}

/// The standing orders in force; shown because which one was meant is `unclear`, or because they were asked for.
pub(super) fn list(setting: Setting<'_>, views: &[ScheduleView], unclear: bool) -> Draft {
    let wording = setting.wording;
    if views.is_empty() {
        return Draft::say(wording.text("schedules-none"));
    }
    let items: Vec<_> = views.iter().map(|view| card(setting, view)).collect();
    let both = views.iter().zip(&items);
    let lines: Vec<String> = both
        .map(|(view, item)| listed(setting, view, item))
        .collect();
    let list = lines.join("\n");
    let text = if unclear {
        say!(wording, "schedules-which", list = &list)
    } else {
        say!(wording, "schedules-list", list = &list)
    };
    Draft::say(text).with_card(Card::Schedules { items })
}

/// Of an order that is to be changed nothing was said but that.
pub(super) fn which_change(setting: Setting<'_>, view: &ScheduleView) -> Draft {
    let card = card(setting, view);
    let (what, schedule) = (line(setting, &card.movement), &card.schedule);
    Draft::say(say!(
        setting.wording,
        "schedule-which-change",
        what = &what,
        schedule = schedule
    ))
}

/// An order in words: what it moves, and when.
pub(super) fn named(setting: Setting<'_>, order: &StandingOrder) -> (String, String) {
    let movement = movement(setting.wording, setting.portfolio, &order.intent);
    let schedule = schedule_text(setting.wording, &order.schedule);
    (line(setting, &movement), schedule)
}

/// A statement: its balances and sums.
pub(super) fn statement(
    setting: Setting<'_>,
    id: &AccountId,
    page: &StatementPage,
    period: &Period,
) -> Draft {
    let wording = setting.wording;
    let name = account(setting.portfolio, id);
    let name = name.map_or_else(|| wording.text("some-account"), account_name);
    let last = period.until.yesterday().unwrap_or(period.until);
    let text = say!(
        wording,
        "statement",
        name = &name,
        from = &day(wording, period.from),
        to = &day(wording, last),
        opening = &page.opening.to_string(),
        received = &page.received.to_string(),
        spent = &page.spent.to_string(),
        closing = &page.closing.to_string(),
        count = &page.count.to_string(),
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
        movement: movement(setting.wording, setting.portfolio, &view.order.intent),
        schedule: schedule_text(setting.wording, &view.order.schedule),
        next_due: view.next_due,
    }
}

fn line(setting: Setting<'_>, movement: &Movement) -> String {
    let (amount, source, target) = (&movement.amount.display, &movement.source, &movement.target);
    match movement.kind {
        TransferKind::BillPayment => say!(
            setting.wording,
            "order-bill",
            amount = amount,
            source = source,
            target = target,
        ),
        TransferKind::OwnTransfer | TransferKind::PayeeTransfer => say!(
            setting.wording,
            "order-transfer",
            amount = amount,
            source = source,
            target = target,
        ),
    }
}

fn listed(setting: Setting<'_>, view: &ScheduleView, card: &ScheduleCard) -> String {
    let wording = setting.wording;
    let what = line(setting, &card.movement);
    let once = view.order.schedule.frequency() == Frequency::Once;
    match card.next_due {
        Some(due) if !once => say!(
            wording,
            "schedule-line-next",
            what = &what,
            schedule = &card.schedule,
            day = &day(wording, due),
        ),
        _ => say!(
            wording,
            "schedule-line",
            what = &what,
            schedule = &card.schedule,
        ),
    }
}
