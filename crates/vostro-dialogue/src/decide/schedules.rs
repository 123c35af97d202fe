//! Standing orders and statements: from the slots to a step. Which order is meant needs the customer's
//! orders, which are read when the step is carried out; how a mention fits one, and what a change makes of it, stand
//! here.

use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};
use serde::Serialize;
use vostro_bank::{Portfolio, ScheduleView, StatementQuery};
use vostro_ledger::{AccountKind, End, Frequency, MoneyIntent, Schedule, StandingOrder, Target};
use vostro_types::{ConfirmationId, Money};

use super::movement::Next;
use super::pauses::Pause;
use crate::command::{
    AccountMention, AmountMention, BillerMention, Flow, Period, ScheduleMention, Slot, SlotValue,
    TargetMention, nth_shown,
};
use crate::decide::Situation;
use crate::decide::plan::{Question, Refusal, Step, Trouble};
use crate::state::{ActiveFlow, Slots};

/// The most entries that are read for a statement in a conversation; its sums are of all of them.
const ENTRIES: u32 = 10;

/// Whom a standing order that is spoken of pays.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub(crate) struct Whom {
    target: Option<TargetMention>,
    biller: Option<BillerMention>,
    /// How much it pays.
    #[serde(skip_serializing_if = "Option::is_none")]
    amount: Option<Money>,
    /// Its place among the orders as they are shown, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    place: Option<u32>,
}

/// A standing order that is to end, or to leave out its next payment.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct Ending {
    /// Which order.
    pub(crate) whom: Whom,
    /// Whether only the next payment is left out.
    pub(crate) skips: bool,
    /// The proposal's id.
    pub(crate) confirmation: ConfirmationId,
    /// When it expires.
    pub(crate) expires_at: Timestamp,
}

/// What is to be another of a standing order.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct ScheduleChanges {
    /// Which order.
    pub(crate) whom: Whom,
    /// How much it is to pay.
    pub(crate) amount: Option<Money>,
    /// When.
    pub(crate) schedule: Option<Schedule>,
    /// Days that lie before this one are none to come.
    pub(crate) today: Date,
    /// The proposal's id.
    pub(crate) confirmation: ConfirmationId,
    /// When it expires.
    pub(crate) expires_at: Timestamp,
}

impl Whom {
    /// The one order that is meant; `None` where several fit, or none.
    pub(crate) fn among<'a>(&self, orders: &'a [ScheduleView]) -> Option<&'a ScheduleView> {
        if let Some(place) = self.place {
            return nth_shown(orders, place);
        }
        let mut meant = orders.iter().filter(|view| {
            let intent = &view.order.intent;
            self.fits(&intent.target) && self.amount.is_none_or(|amount| amount == intent.amount)
        });
        let one = meant.next()?;
        meant.next().is_none().then_some(one)
    }

    /// Whether an order to this target is meant. Who names nobody means any.
    fn fits(&self, target: &Target) -> bool {
        let by_target = self
            .target
            .as_ref()
            .is_none_or(|mention| match (mention, target) {
                (TargetMention::Own(id), Target::Own { account }) => id == account,
                (TargetMention::Payee(id), Target::Payee { payee, .. }) => id == payee,
                (
                    TargetMention::Payees(ids) | TargetMention::Each(ids),
                    Target::Payee { payee, .. },
                ) => ids.contains(payee),
                (TargetMention::Number(number), Target::NewPayee { number: to }) => number == to,
                _ => false,
            });
        let by_biller = self
            .biller
            .as_ref()
            .is_none_or(|mention| match (mention, target) {
                (BillerMention::One(id), Target::Biller { biller, .. }) => id == biller,
                (BillerMention::Several(ids), Target::Biller { biller, .. }) => {
                    ids.contains(biller)
                }
                _ => false,
            });
        by_target && by_biller
    }
}

/// The step that shows the standing orders, or a statement.
pub(super) fn step(situation: &Situation<'_>, flow: Flow, slots: &Slots) -> Step {
    match flow {
        Flow::Statement => statement(situation, slots),
        _ => Step::ListSchedules,
    }
}

fn whom(flow: Flow, slots: &Slots) -> Whom {
    Whom {
        target: match slots.get(Slot::Target) {
            Some(SlotValue::Target(target)) => Some(target.clone()),
            _ => None,
        },
        biller: match slots.get(Slot::Biller) {
            Some(SlotValue::Biller(biller)) => Some(biller.clone()),
            _ => None,
        },
        // Of a change the amount is what it is to be.
        amount: match slots.get(Slot::Amount) {
            Some(SlotValue::Amount(AmountMention::Exact(money)))
                if flow != Flow::ChangeSchedule =>
            {
                Some(*money)
            }
            _ => None,
        },
        place: match slots.get(Slot::Pick) {
            Some(SlotValue::Pick(place)) => Some(*place),
            _ => None,
        },
    }
}

/// Takes a flow about a standing order one step on.
pub(super) fn next(situation: &Situation<'_>, active: &mut ActiveFlow) -> Next {
    let (flow, slots) = (active.flow, active.slots.clone());
    let Ok(expires_at) = situation.now.checked_add(situation.confirmation_ttl) else {
        return Next::Refuse(Refusal::StepUpUnavailable);
    };
    if flow == Flow::PauseSchedule {
        let Some(SlotValue::Period(period)) = slots.get(Slot::Period) else {
            return Next::Ask(Question {
                flow,
                slot: Slot::Period,
                trouble: None,
                options: Vec::new(),
                choose: false,
            });
        };
        let pause = Pause {
            whom: whom(flow, &slots),
            until: period.until,
            confirmation: situation.confirmation.clone(),
            expires_at,
        };
        return Next::Propose(Box::new(Step::PauseSchedule(pause)), None);
    }
    if flow != Flow::ChangeSchedule {
        let ending = Ending {
            whom: whom(flow, &slots),
            skips: flow == Flow::SkipSchedule,
            confirmation: situation.confirmation.clone(),
            expires_at,
        };
        return Next::Propose(Box::new(Step::EndSchedule(ending)), None);
    }
    let mut ask = |slot, trouble| {
        active.slots.clear(slot);
        Next::Ask(Question {
            flow,
            slot,
            trouble,
            options: Vec::new(),
            choose: false,
        })
    };
    let amount = match slots.get(Slot::Amount) {
        Some(SlotValue::Amount(AmountMention::Exact(money))) => Some(*money),
        Some(SlotValue::Amount(AmountMention::Unreadable(words))) => {
            return ask(Slot::Amount, Some(Trouble::UnreadableAmount(words.clone())));
        }
        Some(_) => return ask(Slot::Amount, None),
        None => None,
    };
    let schedule = match slots.get(Slot::Schedule) {
        Some(SlotValue::Schedule(ScheduleMention::On(schedule))) => Some(*schedule),
        Some(SlotValue::Schedule(ScheduleMention::Unclear(words))) => {
            let trouble = (!words.is_empty()).then(|| Trouble::UnclearDays(words.clone()));
            return ask(Slot::Schedule, trouble);
        }
        Some(SlotValue::Schedule(ScheduleMention::NotHeld { words, near })) => {
            let trouble = Trouble::NotHeld(words.clone(), near.clone());
            return ask(Slot::Schedule, Some(trouble));
        }
        _ => None,
    };
    let changes = ScheduleChanges {
        whom: whom(flow, &slots),
        amount,
        schedule,
        today: situation.today,
        confirmation: situation.confirmation.clone(),
        expires_at,
    };
    Next::Propose(Box::new(Step::ChangeSchedule(changes)), None)
}

impl ScheduleChanges {
    /// The order that takes the place of this one; `None` when nothing is another, or there is no such order.
    pub(crate) fn of(&self, view: &ScheduleView) -> Option<StandingOrder> {
        let old = &view.order;
        if self.amount.is_none() && self.schedule.is_none() {
            return None;
        }
        Some(StandingOrder {
            intent: MoneyIntent {
                amount: self.amount.unwrap_or(old.intent.amount),
                ..old.intent.clone()
            },
            schedule: self.days(view)?,
            replaces: Some(view.id.clone()),
        })
    }

    /// The days of the new order: from the old one's next due day on, but for what was said.
    fn days(&self, view: &ScheduleView) -> Option<Schedule> {
        let old = view.order.schedule;
        let due = view.next_due.unwrap_or_else(|| old.first());
        let end = left(&old, due);
        let Some(said) = self.schedule else {
            return Schedule::on_day(due, old.day_of_month(), old.frequency(), end).ok();
        };
        // "Every month", without a day, begins tomorrow for want of one.
        let no_day =
            said.frequency() != Frequency::Once && self.today.tomorrow().ok() == Some(said.first());
        let frequency = match said.frequency() {
            Frequency::Once => old.frequency(),
            other => other,
        };
        let (first, day) = if no_day {
            (due, old.day_of_month())
        } else {
            (said.first(), said.day_of_month())
        };
        let monthly = matches!(
            frequency,
            Frequency::Monthly | Frequency::Quarterly | Frequency::Yearly
        );
        let day = if monthly { day } else { first.day() };
        let end = if said.end() == End::Never {
            end
        } else {
            said.end()
        };
        Schedule::on_day(first, day, frequency, end).ok()
    }
}

/// When an order ends that goes on from this due day.
pub(super) fn left(schedule: &Schedule, due: Date) -> End {
    match schedule.end() {
        End::After { count } => {
            let paid = (0..count).take_while(|number| {
                let earlier = schedule.due(*number);
                earlier.is_some_and(|earlier| earlier < due)
            });
            let paid = u32::try_from(paid.count()).unwrap_or(count);
            End::After {
                count: count.saturating_sub(paid).max(1),
            }
        }
        end => end,
    }
}

/// A statement of the account that was named, or else of the first; of the month before when no period
/// was named.
fn statement(situation: &Situation<'_>, slots: &Slots) -> Step {
    let period = match slots.get(Slot::Period) {
        Some(SlotValue::Period(period)) => period.clone(),
        _ => month_before(situation.today),
    };
    let midnight = |date: Date| {
        let begins = date.to_zoned(situation.time_zone.clone());
        begins.map_or(situation.now, |zoned| zoned.timestamp())
    };
    match account(situation.portfolio, slots) {
        Ok(account) => Step::ShowStatement {
            query: StatementQuery {
                account,
                from: midnight(period.from),
                until: midnight(period.until),
                limit: ENTRIES,
                after: None,
            },
            period,
        },
        Err(unknown) => Step::ShowBalances {
            accounts: situation
                .portfolio
                .accounts
                .iter()
                .map(|account| account.id.clone())
                .collect(),
            unknown: Some(unknown),
        },
    }
}

fn account(portfolio: &Portfolio, slots: &Slots) -> Result<vostro_types::AccountId, String> {
    let first_of = |kind: Option<AccountKind>| {
        let mut accounts = portfolio.accounts.iter();
        let found = accounts.find(|account| kind.is_none_or(|kind| account.kind == kind));
        found
            .map(|account| account.id.clone())
            .ok_or_else(String::new)
    };
    match slots.get(Slot::Account) {
        Some(SlotValue::Account(AccountMention::One(id))) => Ok(id.clone()),
        Some(SlotValue::Account(AccountMention::Kind(kind))) => first_of(Some(*kind)),
        Some(SlotValue::Account(AccountMention::Unknown(words))) => Err(words.clone()),
        _ => first_of(None),
    }
}

fn month_before(today: Date) -> Period {
    let until = today.first_of_month();
    let from = until.checked_sub(1.month()).unwrap_or(until);
    Period {
        from,
        until,
        label: from.strftime("%B %Y").to_string(),
    }
}
