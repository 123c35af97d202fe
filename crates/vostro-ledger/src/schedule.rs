//! Payments on days to come: when a standing order is due, and what becomes of an occurrence that could not
//! be paid.
//!
//! Every due day is counted from the first one, never from the one before, so that the 31st stays the 31st
//! after a shorter month. An occurrence has one key, derived from its order and its due day. Deliberately
//! not here: moving due days off weekends. Money leaves on the day; what day it counts as is the calendar's.

use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Span, Timestamp};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use vostro_types::{ConfirmationId, CustomerId};

use crate::authorise::Decline;
use crate::confirmation::{Confirmable, IdempotencyKey};
use crate::intent::{IntentHash, MoneyIntent};

/// How often.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Frequency {
    /// On the first day only.
    Once,
    /// Every seven days.
    Weekly,
    /// Every fourteen days.
    Biweekly,
    /// Every month on the same day, or on its last day where it is shorter.
    Monthly,
    /// Every three months.
    Quarterly,
    /// Every year.
    Yearly,
}

impl Frequency {
    /// Every frequency.
    pub const ALL: [Self; 6] = [
        Self::Once,
        Self::Weekly,
        Self::Biweekly,
        Self::Monthly,
        Self::Quarterly,
        Self::Yearly,
    ];

    /// The stable text used in databases and on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Once => "once",
            Self::Weekly => "weekly",
            Self::Biweekly => "biweekly",
            Self::Monthly => "monthly",
            Self::Quarterly => "quarterly",
            Self::Yearly => "yearly",
        }
    }
}

/// When a standing order ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "end")]
pub enum End {
    /// When the customer cancels it.
    Never,
    /// After the last due day up to this one, which is included.
    On {
        /// The day.
        date: Date,
    },
    /// After so many occurrences.
    After {
        /// How many.
        count: u32,
    },
}

/// Why there is no such schedule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ScheduleError {
    /// The end is before the first day, or after no occurrences.
    #[error("the schedule ends before its first day")]
    Empty,
    /// The first day is not the day of the month that was named, nor the last of a shorter one.
    #[error("the first day is not on the named day of the month")]
    DayOfMonth,
}

/// When a standing order is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "Fields", into = "Fields")]
pub struct Schedule {
    first: Date,
    frequency: Frequency,
    day_of_month: i8,
    end: End,
}

/// A schedule as it is written down, before it was checked.
#[derive(Serialize, Deserialize)]
struct Fields {
    first: Date,
    frequency: Frequency,
    day_of_month: i8,
    #[serde(flatten)]
    end: End,
}

impl TryFrom<Fields> for Schedule {
    type Error = ScheduleError;
    fn try_from(fields: Fields) -> Result<Self, ScheduleError> {
        Self::on_day(
            fields.first,
            fields.day_of_month,
            fields.frequency,
            fields.end,
        )
    }
}

impl From<Schedule> for Fields {
    fn from(schedule: Schedule) -> Self {
        Self {
            first: schedule.first,
            frequency: schedule.frequency,
            day_of_month: schedule.day_of_month,
            end: schedule.end,
        }
    }
}

impl Schedule {
    /// Due on `first` and from there on as often as `frequency` says, until `end`.
    pub fn new(first: Date, frequency: Frequency, end: End) -> Result<Self, ScheduleError> {
        Self::on_day(first, first.day(), frequency, end)
    }

    /// [`Schedule::new`] with the day of the month that counts, 1 to 31: "on the 31st" may begin on the 28th
    /// of February.
    pub fn on_day(
        first: Date,
        day_of_month: i8,
        frequency: Frequency,
        end: End,
    ) -> Result<Self, ScheduleError> {
        if !(1..=31).contains(&day_of_month)
            || first.day() != day_of_month.min(first.days_in_month())
        {
            return Err(ScheduleError::DayOfMonth);
        }
        let is_empty = match end {
            End::Never => false,
            End::On { date } => date < first,
            End::After { count } => count == 0,
        };
        if is_empty {
            return Err(ScheduleError::Empty);
        }
        Ok(Self {
            first,
            frequency,
            day_of_month,
            end,
        })
    }

    /// The first due day.
    pub const fn first(&self) -> Date {
        self.first
    }

    /// How often.
    pub const fn frequency(&self) -> Frequency {
        self.frequency
    }

    /// The day of the month that counts, 1 to 31, where months are counted.
    pub const fn day_of_month(&self) -> i8 {
        self.day_of_month
    }

    /// When it ends.
    pub const fn end(&self) -> End {
        self.end
    }

    /// The due day of occurrence `number`, counted from 0; `None` after the last.
    pub fn due(&self, number: u32) -> Option<Date> {
        if self.frequency == Frequency::Once && number > 0 {
            return None;
        }
        if matches!(self.end, End::After { count } if number >= count) {
            return None;
        }
        let steps = i64::from(number);
        let date = match self.frequency {
            Frequency::Once => self.first,
            Frequency::Weekly => self.days_later(steps.checked_mul(7)?)?,
            Frequency::Biweekly => self.days_later(steps.checked_mul(14)?)?,
            Frequency::Monthly => self.months_later(steps)?,
            Frequency::Quarterly => self.months_later(steps.checked_mul(3)?)?,
            Frequency::Yearly => self.months_later(steps.checked_mul(12)?)?,
        };
        let is_over = matches!(self.end, End::On { date: last } if date > last);
        (!is_over).then_some(date)
    }

    /// The first due day after this one; `None` after the last.
    pub fn after(&self, day: Date) -> Option<Date> {
        let mut all = (0..).map_while(|number| self.due(number));
        all.find(|due| *due > day)
    }

    fn days_later(&self, days: i64) -> Option<Date> {
        self.first
            .checked_add(Span::new().try_days(days).ok()?)
            .ok()
    }

    /// On the day of the month that counts, or the last day of a shorter month.
    fn months_later(&self, months: i64) -> Option<Date> {
        let span = Span::new().try_months(months).ok()?;
        let month = self.first.first_of_month().checked_add(span).ok()?;
        let day = self.day_of_month.min(month.days_in_month());
        Date::new(month.year(), month.month(), day).ok()
    }
}

/// A movement that is to be made on days to come, confirmed once for all of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StandingOrder {
    /// What is moved each time.
    pub intent: MoneyIntent,
    /// When.
    pub schedule: Schedule,
    /// The order in force that ends as this one begins, in one command.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replaces: Option<ConfirmationId>,
}

impl Confirmable for StandingOrder {
    fn customer(&self) -> &CustomerId {
        &self.intent.customer
    }

    /// Over the movement's own hash and every field of the schedule, under a tag of its own: the yes to a
    /// single movement is never the yes to a standing one.
    fn hash(&self) -> IntentHash {
        let Schedule {
            first,
            frequency,
            day_of_month,
            end,
        } = self.schedule;
        let (end, last, count) = match end {
            End::Never => ("never", String::new(), 0),
            End::On { date } => ("on", date.to_string(), 0),
            End::After { count } => ("after", String::new(), count),
        };
        let mut hasher = Sha256::new();
        let mut field = |bytes: &[u8]| {
            hasher.update((bytes.len() as u64).to_be_bytes());
            hasher.update(bytes);
        };
        field(b"vostro.standing_order.v1");
        field(&self.intent.hash().0);
        field(first.to_string().as_bytes());
        field(frequency.as_str().as_bytes());
        field(&day_of_month.to_be_bytes());
        field(end.as_bytes());
        field(last.as_bytes());
        field(&count.to_be_bytes());
        if let Some(replaced) = &self.replaces {
            field(b"replaces");
            field(replaced.as_str().as_bytes());
        }
        IntentHash(hasher.finalize().into())
    }
}

/// The key under which an occurrence is posted at most once, whoever tries and how often.
pub fn occurrence_key(order: &ConfirmationId, due_on: Date) -> IdempotencyKey {
    let mut hasher = Sha256::new();
    hasher.update(b"vostro.occurrence.v1");
    hasher.update((order.as_str().len() as u64).to_be_bytes());
    hasher.update(order.as_str().as_bytes());
    hasher.update(due_on.to_string().as_bytes());
    IdempotencyKey::from_digest(hasher.finalize().into())
}

/// When occurrences are tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RunRules {
    /// The time of day, in the bank's time zone, until which an occurrence that lacks funds is tried again on
    /// its due day.
    pub retry_until: Time,
    /// Minutes between two tries.
    pub retry_minutes: u32,
    /// How many days late an occurrence may still be paid, after an outage. Later ones are missed.
    pub catch_up_days: u32,
}

impl Default for RunRules {
    fn default() -> Self {
        Self {
            retry_until: Time::constant(21, 0, 0, 0),
            retry_minutes: 30,
            catch_up_days: 7,
        }
    }
}

/// What is done about an occurrence that was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AfterDecline {
    /// It is tried again at this instant.
    Retry(Timestamp),
    /// It is given up; the order goes on with the next one.
    Fail,
}

impl RunRules {
    /// The instant from which an occurrence is due: the beginning of its day in the bank's time zone. `None`
    /// at the end of time.
    pub fn due_from(due_on: Date, time_zone: &TimeZone) -> Option<Timestamp> {
        let begins = due_on.to_zoned(time_zone.clone()).ok()?;
        Some(begins.timestamp())
    }

    /// Whether an occurrence is too late to be paid.
    pub fn is_missed(self, due_on: Date, now: Timestamp, time_zone: &TimeZone) -> bool {
        Span::new()
            .try_days(self.catch_up_days)
            .and_then(|days| due_on.checked_add(days))
            .is_ok_and(|last| now.to_zoned(time_zone.clone()).date() > last)
    }

    /// What becomes of a refused occurrence. Only what the same day can put right is tried again: missing
    /// funds, and a daily limit that something else used. While the bank has stopped all money, an
    /// occurrence waits as it does in an outage.
    pub fn after_decline(
        self,
        decline: &Decline,
        due_on: Date,
        now: Timestamp,
        time_zone: &TimeZone,
    ) -> AfterDecline {
        let may_pass = matches!(
            decline,
            Decline::InsufficientFunds { .. } | Decline::OverDailyLimit { .. }
        );
        let closes = due_on
            .to_datetime(self.retry_until)
            .to_zoned(time_zone.clone());
        let next = now.checked_add(SignedDuration::from_mins(i64::from(
            self.retry_minutes.max(1),
        )));
        if let (Decline::MoneyStopped, Ok(next)) = (decline, &next) {
            return AfterDecline::Retry(*next);
        }
        match (closes, next) {
            (Ok(closes), Ok(next)) if may_pass && next < closes.timestamp() => {
                AfterDecline::Retry(next)
            }
            _ => AfterDecline::Fail,
        }
    }
}

/// Whether a standing order may be made, given what its movement would be told today. What only another day
/// can say (funds, the rest of a day's limit, a full target) is left to that day.
pub const fn may_be_ordered(decided: Option<&Decline>) -> bool {
    matches!(
        decided,
        None | Some(
            Decline::InsufficientFunds { .. }
                | Decline::OverDailyLimit { .. }
                | Decline::AmountTooLarge
        )
    )
}
