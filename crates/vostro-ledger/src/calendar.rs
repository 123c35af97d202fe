//! Business days, cut-off times, and the value date of a payment made now.
//!
//! A business day is a day on which the bank settles with others: not a weekend, not a holiday. The terms of
//! [`Adjustment`] are those of the ISDA Definitions (2006, section 4.12). Pure: the instant is an argument,
//! the days are data. What is deliberately not here: half days, and calendars of more than one place at once.

use std::collections::BTreeSet;

use jiff::civil::{Date, Time, Weekday};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};

use crate::holidays;
use crate::intent::TransferKind;

/// No calendar is closed for longer than this; a search for a business day ends there.
const LONGEST_CLOSED_DAYS: usize = 400;

/// Where a date that is no business day moves to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Adjustment {
    /// To the next business day.
    Following,
    /// To the next business day, unless that is in the next month: then to the one before.
    ModifiedFollowing,
    /// To the business day before.
    Preceding,
}

/// Which rule gives the holidays of a year.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum HolidayRule {
    /// None: only the dates that are listed.
    #[default]
    None,
    /// The days on which the Federal Reserve Banks are closed ([`holidays::federal_reserve`]).
    FederalReserve,
}

/// The times of day, in the bank's time zone, from which on a payment counts as made on the next business
/// day. `None`: there is no such time.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct CutOffs {
    /// Of transfers to others.
    pub transfers: Option<Time>,
    /// Of bill payments.
    pub bills: Option<Time>,
}

/// A bank's calendar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Calendar {
    time_zone: TimeZone,
    weekend: Vec<Weekday>,
    rule: HolidayRule,
    closed_on: BTreeSet<Date>,
    cut_offs: CutOffs,
}

impl Calendar {
    /// A calendar on which every day is a business day, without cut-off times: every payment has the
    /// value date of the day it is made on.
    pub const fn every_day(time_zone: TimeZone) -> Self {
        Self {
            time_zone,
            weekend: Vec::new(),
            rule: HolidayRule::None,
            closed_on: BTreeSet::new(),
            cut_offs: CutOffs {
                transfers: None,
                bills: None,
            },
        }
    }

    /// A calendar with these weekends, holidays and cut-off times.
    pub const fn new(
        time_zone: TimeZone,
        weekend: Vec<Weekday>,
        rule: HolidayRule,
        closed_on: BTreeSet<Date>,
        cut_offs: CutOffs,
    ) -> Self {
        Self {
            time_zone,
            weekend,
            rule,
            closed_on,
            cut_offs,
        }
    }

    /// The bank's time zone.
    pub const fn time_zone(&self) -> &TimeZone {
        &self.time_zone
    }

    /// The bank's calendar day at an instant.
    pub fn day(&self, at: Timestamp) -> Date {
        at.to_zoned(self.time_zone.clone()).date()
    }

    /// Whether the bank settles with others on this day.
    pub fn is_business_day(&self, date: Date) -> bool {
        let is_holiday = match self.rule {
            HolidayRule::None => false,
            HolidayRule::FederalReserve => holidays::federal_reserve(date),
        };
        !is_holiday && !self.weekend.contains(&date.weekday()) && !self.closed_on.contains(&date)
    }

    /// The date itself if it is a business day, else the one it moves to. Where there is none within 400
    /// days (a calendar that is always closed, the end of time) the date stays.
    pub fn adjust(&self, date: Date, adjustment: Adjustment) -> Date {
        let following = || self.search(date, 1);
        let preceding = || self.search(date, -1);
        let found = match adjustment {
            Adjustment::Following => following(),
            Adjustment::Preceding => preceding(),
            Adjustment::ModifiedFollowing => following()
                .filter(|found| found.month() == date.month())
                .or_else(preceding),
        };
        found.unwrap_or(date)
    }

    /// The first business day after a date; the date itself where there is none within 400 days.
    pub fn next_business_day(&self, date: Date) -> Date {
        let next = date.tomorrow().unwrap_or(date);
        self.search(next, 1).unwrap_or(date)
    }

    fn search(&self, from: Date, step: i32) -> Option<Date> {
        let mut date = from;
        for _ in 0..LONGEST_CLOSED_DAYS {
            if self.is_business_day(date) {
                return Some(date);
            }
            date = date.checked_add(step.days()).ok()?;
        }
        None
    }

    /// The day on which a payment made at `at` counts as made: the same day for movements between own
    /// accounts, whatever day it is; for others the same day if it is a business day and before the
    /// kind's cut-off time, else the next business day.
    pub fn value_date(&self, kind: TransferKind, at: Timestamp) -> Date {
        let local = at.to_zoned(self.time_zone.clone());
        let cut_off = match kind {
            TransferKind::OwnTransfer => return local.date(),
            TransferKind::PayeeTransfer => self.cut_offs.transfers,
            TransferKind::BillPayment => self.cut_offs.bills,
        };
        let is_late = cut_off.is_some_and(|cut_off| local.time() >= cut_off);
        if is_late && self.is_business_day(local.date()) {
            self.next_business_day(local.date())
        } else {
            self.adjust(local.date(), Adjustment::Following)
        }
    }
}
