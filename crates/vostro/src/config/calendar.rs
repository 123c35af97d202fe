//! `[calendar]`: business days and cut-off times. The rules themselves are `vostro_ledger::Calendar`'s.

use std::collections::BTreeSet;

use jiff::civil::{Date, Time, Weekday};
use jiff::tz::TimeZone;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use vostro_ledger::{CutOffs, HolidayRule};

use super::Problem;

/// Business days and cut-off times, in `bank.time_zone`. By default every day is a business day and no hour is
/// too late.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Calendar {
    /// The weekdays on which the bank does not settle: `["saturday", "sunday"]`.
    pub weekend: Vec<String>,
    /// Whose holidays the bank keeps.
    pub holidays: Holidays,
    /// More days on which the bank does not settle: `["2026-12-24"]`.
    pub closed_on: Vec<String>,
    /// From this time of day on (`17:00`) a transfer to others counts as made on the next business day.
    pub transfer_cut_off: Option<String>,
    /// From this time of day on (`17:00`) a bill payment counts as made on the next business day.
    pub bill_cut_off: Option<String>,
}

/// Whose holidays the bank keeps.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Holidays {
    /// None but `calendar.closed_on`.
    #[default]
    None,
    /// Those of the Federal Reserve Banks.
    FederalReserve,
}

impl Calendar {
    /// The calendar, or everything that is wrong with it.
    pub(crate) fn rules(
        &self,
        time_zone: TimeZone,
    ) -> Result<vostro_ledger::Calendar, Vec<Problem>> {
        let mut problems = Vec::new();
        let mut weekend = Vec::new();
        for name in &self.weekend {
            match weekday(name) {
                Some(day) if weekend.contains(&day) => {}
                Some(day) => weekend.push(day),
                None => problems.push(Problem::new(
                    "calendar.weekend",
                    format!("`{name}` is no weekday; allowed: `monday` to `sunday`"),
                )),
            }
        }
        if weekend.len() == 7 {
            problems.push(Problem::new(
                "calendar.weekend",
                "leaves no business day; at most six weekdays".to_owned(),
            ));
        }
        let mut closed_on = BTreeSet::new();
        for text in &self.closed_on {
            match text.parse::<Date>() {
                Ok(date) => drop(closed_on.insert(date)),
                Err(_) => problems.push(Problem::new(
                    "calendar.closed_on",
                    format!("`{text}` is no date; allowed: dates such as `2026-12-24`"),
                )),
            }
        }
        let mut cut_off = |key, text: &Option<String>| {
            let text = text.as_deref()?;
            let time = text.parse::<Time>().ok();
            if time.is_none() {
                let reason = format!("`{text}` is no time of day; allowed: times such as `17:00`");
                problems.push(Problem::new(key, reason));
            }
            time
        };
        let cut_offs = CutOffs {
            transfers: cut_off("calendar.transfer_cut_off", &self.transfer_cut_off),
            bills: cut_off("calendar.bill_cut_off", &self.bill_cut_off),
        };
        if !problems.is_empty() {
            return Err(problems);
        }
        let holidays = match self.holidays {
            Holidays::None => HolidayRule::None,
            Holidays::FederalReserve => HolidayRule::FederalReserve,
        };
        Ok(vostro_ledger::Calendar::new(
            time_zone, weekend, holidays, closed_on, cut_offs,
        ))
    }

    /// Days and times must be real, and some day a business day.
    pub(super) fn validate(&self, problems: &mut Vec<Problem>) {
        if let Err(found) = self.rules(TimeZone::UTC) {
            problems.extend(found);
        }
    }
}

fn weekday(name: &str) -> Option<Weekday> {
    let days = [
        ("monday", Weekday::Monday),
        ("tuesday", Weekday::Tuesday),
        ("wednesday", Weekday::Wednesday),
        ("thursday", Weekday::Thursday),
        ("friday", Weekday::Friday),
        ("saturday", Weekday::Saturday),
        ("sunday", Weekday::Sunday),
    ];
    days.into_iter()
        .find(|(known, _)| *known == name)
        .map(|(_, day)| day)
}
