//! A standing order that pauses: its payments until a day are left out, and it goes on from then. The order that goes on
//! takes the place of the one that pauses, as a changed one does.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::Serialize;
use vostro_bank::ScheduleView;
use vostro_ledger::{Schedule, StandingOrder};
use vostro_types::ConfirmationId;

use super::schedules::{Whom, left};

/// The most payments that are named one by one.
const MOST_NAMED: usize = 60;

/// A standing order whose payments until a day are left out.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct Pause {
    /// Which order.
    pub(crate) whom: Whom,
    /// The day from which on it pays again.
    pub(crate) until: Date,
    /// The proposal's id.
    pub(crate) confirmation: ConfirmationId,
    /// When it expires.
    pub(crate) expires_at: Timestamp,
}

/// What pausing an order comes to.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Paused {
    /// This order takes its place; these payments are left out.
    GoesOn(Box<StandingOrder>, Vec<Date>),
    /// No payment is due before that day.
    NothingDue,
    /// None would be left: it ends.
    Over,
}

impl Pause {
    /// What it comes to for this order.
    pub(crate) fn of(&self, view: &ScheduleView) -> Paused {
        let old = &view.order;
        let Some(due) = view.next_due else {
            return Paused::Over;
        };
        if due >= self.until {
            return Paused::NothingDue;
        }
        let days = std::iter::successors(Some(due), |day| old.schedule.after(*day));
        let out: Vec<Date> = days
            .take_while(|day| *day < self.until)
            .take(MOST_NAMED)
            .collect();
        let next = out.last().and_then(|last| old.schedule.after(*last));
        let Some(next) = next.filter(|next| *next >= self.until) else {
            return Paused::Over;
        };
        let (day, often) = (old.schedule.day_of_month(), old.schedule.frequency());
        match Schedule::on_day(next, day, often, left(&old.schedule, next)) {
            Ok(schedule) => {
                let order = StandingOrder {
                    intent: old.intent.clone(),
                    schedule,
                    replaces: Some(view.id.clone()),
                };
                Paused::GoesOn(Box::new(order), out)
            }
            Err(_) => Paused::Over,
        }
    }
}
