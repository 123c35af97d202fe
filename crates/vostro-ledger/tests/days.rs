//! The cases of `cases/calendar.txt` and `cases/schedules.txt`: business days, value dates, due days.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

use std::collections::BTreeSet;

use jiff::Timestamp;
use jiff::civil::{Date, Time, Weekday};
use jiff::tz::TimeZone;
use vostro_ledger::{
    AccountNumber, AccountStatus, Adjustment, AfterDecline, Calendar, Confirmable, CutOffs,
    Decline, End, Frequency, HolidayRule, MoneyIntent, RunRules, Schedule, StandingOrder, Target,
    TransferKind, occurrence_key,
};
use vostro_types::{AccountId, ConfirmationId, Currency, CustomerId, Money};

const CALENDAR: &str = include_str!("cases/calendar.txt");
const SCHEDULES: &str = include_str!("cases/schedules.txt");

/// The lines of one table, each as its cells; remarks and the heading are left out.
fn rows<'a>(text: &'a str, title: &str) -> Vec<Vec<&'a str>> {
    let rows: Vec<Vec<&str>> = text
        .lines()
        .skip_while(|line| !line.starts_with(title))
        .skip(2)
        .take_while(|line| !line.is_empty())
        .filter(|line| !line.starts_with('#'))
        .map(|line| line.split('|').map(str::trim).collect())
        .collect();
    assert!(!rows.is_empty(), "{title} was read");
    rows
}

fn new_york() -> TimeZone {
    TimeZone::get("America/New_York").unwrap()
}

fn calendar() -> Calendar {
    let at = |hour| Some(Time::constant(hour, 0, 0, 0));
    Calendar::new(
        new_york(),
        vec![Weekday::Saturday, Weekday::Sunday],
        HolidayRule::FederalReserve,
        BTreeSet::from([Date::constant(2026, 12, 24)]),
        CutOffs {
            transfers: at(17),
            bills: at(14),
        },
    )
}

#[test]
fn dates_move_to_business_days() {
    let calendar = calendar();
    for row in rows(CALENDAR, "MOVES") {
        let date: Date = row[0].parse().expect(row[0]);
        let moved = [
            Adjustment::Following,
            Adjustment::ModifiedFollowing,
            Adjustment::Preceding,
        ]
        .map(|adjustment| calendar.adjust(date, adjustment).to_string());
        assert_eq!(moved, row[1..], "{date}");
        assert_eq!(calendar.is_business_day(date), row[1] == row[0], "{date}");
    }
}

#[test]
fn payments_have_the_value_date_that_the_table_says() {
    let every_day = Calendar::every_day(new_york());
    for row in rows(CALENDAR, "VALUES") {
        let kind = match row[0] {
            "own" => TransferKind::OwnTransfer,
            "transfer" => TransferKind::PayeeTransfer,
            "bill" => TransferKind::BillPayment,
            other => panic!("{other}"),
        };
        let at: Timestamp = row[1].parse().expect(row[1]);
        assert_eq!(
            calendar().value_date(kind, at).to_string(),
            row[2],
            "{row:?}"
        );
        assert_eq!(every_day.value_date(kind, at), every_day.day(at), "{row:?}");
    }
}

/// A calendar without any business day, and both ends of time, give an answer.
#[test]
fn a_search_for_a_business_day_ends() {
    let closed = Calendar::new(
        TimeZone::UTC,
        (0..7)
            .map(|day| Weekday::from_monday_zero_offset(day).unwrap())
            .collect(),
        HolidayRule::None,
        BTreeSet::new(),
        CutOffs::default(),
    );
    for date in [Date::MIN, Date::MAX, Date::constant(2026, 11, 22)] {
        for adjustment in [
            Adjustment::Following,
            Adjustment::ModifiedFollowing,
            Adjustment::Preceding,
        ] {
            assert_eq!(closed.adjust(date, adjustment), date);
            calendar().adjust(date, adjustment);
        }
        assert_eq!(closed.next_business_day(date), date);
    }
}

fn schedule(row: &[&str]) -> Option<Schedule> {
    let frequency = Frequency::ALL
        .into_iter()
        .find(|frequency| frequency.as_str() == row[2])
        .expect(row[2]);
    let end = match row[3].split_once(' ') {
        None => End::Never,
        Some(("on", date)) => End::On {
            date: date.parse().unwrap(),
        },
        Some((_, count)) => End::After {
            count: count.parse().unwrap(),
        },
    };
    Schedule::on_day(
        row[0].parse().unwrap(),
        row[1].parse().unwrap(),
        frequency,
        end,
    )
    .ok()
}

#[test]
fn orders_are_due_when_the_table_says() {
    for row in rows(SCHEDULES, "DUE") {
        let Some(schedule) = schedule(&row) else {
            assert_eq!(row[4], "none", "{row:?}");
            continue;
        };
        let expected: Vec<&str> = row[4].split(' ').filter(|cell| *cell != "…").collect();
        let listed = u32::try_from(expected.len()).unwrap();
        let due: Vec<String> = (0..listed)
            .map_while(|number| schedule.due(number))
            .map(|date| date.to_string())
            .collect();
        assert_eq!(due, expected, "{row:?}");
        assert_eq!(
            schedule.due(listed).is_some(),
            row[4].ends_with('…'),
            "{row:?}"
        );
        assert!(schedule.due(u32::MAX).is_none(), "{row:?}");
        let text = serde_json::to_string(&schedule).unwrap();
        assert_eq!(serde_json::from_str::<Schedule>(&text).unwrap(), schedule);
    }
    let forged = r#"{"first":"2026-12-01","frequency":"monthly","day_of_month":31,"end":"never"}"#;
    assert!(serde_json::from_str::<Schedule>(forged).is_err());
}

#[test]
fn refused_and_late_occurrences_end_as_the_table_says() {
    let (rules, time_zone) = (RunRules::default(), new_york());
    let usd = |minor| Money::new(minor, Currency::USD);
    let declines = [
        Decline::InsufficientFunds { available: usd(0) },
        Decline::OverDailyLimit {
            limit: usd(1),
            left: usd(0),
        },
        Decline::OverTransferLimit { limit: usd(1) },
        Decline::SourceNotOpen {
            status: AccountStatus::Frozen,
        },
        Decline::TargetUnknown,
        Decline::MoneyStopped,
    ];
    for row in rows(SCHEDULES, "REFUSED") {
        let decline = declines
            .iter()
            .find(|decline| decline.code() == row[1])
            .unwrap();
        let (due, at) = (row[0].parse().unwrap(), row[2].parse().unwrap());
        let then = match rules.after_decline(decline, due, at, &time_zone) {
            AfterDecline::Retry(next) => format!("retry {next}"),
            AfterDecline::Fail => "fail".to_owned(),
        };
        assert_eq!(then, row[3], "{row:?}");
    }
    for row in rows(SCHEDULES, "LATE") {
        let (due, at) = (row[0].parse().unwrap(), row[1].parse().unwrap());
        assert_eq!(
            rules.is_missed(due, at, &time_zone),
            row[2] == "no",
            "{row:?}"
        );
    }
}

type Change = fn(&mut StandingOrder);

#[test]
fn every_part_of_an_order_changes_its_hash_and_no_order_is_a_movement() {
    let first = Date::constant(2026, 2, 28);
    let order = StandingOrder {
        intent: MoneyIntent {
            customer: CustomerId::new("ada").unwrap(),
            source: AccountId::new("acc_1").unwrap(),
            target: Target::NewPayee {
                number: AccountNumber::new("67890").unwrap(),
            },
            amount: Money::new(5_000, Currency::USD),
        },
        schedule: Schedule::new(first, Frequency::Monthly, End::Never).unwrap(),
        replaces: None,
    };
    let changes: [(&str, Change); 7] = [
        ("order that it replaces", |order| {
            order.replaces = Some(ConfirmationId::new("con_1").unwrap());
        }),
        ("amount", |order| order.intent.amount.minor += 1),
        ("first day", |order| {
            let next = Date::constant(2026, 3, 28);
            order.schedule = Schedule::new(next, Frequency::Monthly, End::Never).unwrap();
        }),
        ("day of the month", |order| {
            let first = order.schedule.first();
            order.schedule = Schedule::on_day(first, 31, Frequency::Monthly, End::Never).unwrap();
        }),
        ("frequency", |order| {
            order.schedule =
                Schedule::new(order.schedule.first(), Frequency::Weekly, End::Never).unwrap();
        }),
        ("last day", |order| {
            let first = order.schedule.first();
            let end = End::On { date: first };
            order.schedule = Schedule::new(first, Frequency::Monthly, end).unwrap();
        }),
        ("count", |order| {
            let end = End::After { count: 1 };
            order.schedule =
                Schedule::new(order.schedule.first(), Frequency::Monthly, end).unwrap();
        }),
    ];
    let mut seen = vec![order.hash(), order.intent.hash()];
    for (what, change) in changes {
        let mut other = order.clone();
        change(&mut other);
        assert!(!seen.contains(&other.hash()), "{what}");
        seen.push(other.hash());
    }
    let key = |id: &str, day| occurrence_key(&ConfirmationId::new(id).unwrap(), day);
    assert_eq!(key("c", first), key("c", first));
    assert_ne!(key("c", first), key("d", first));
    assert_ne!(key("c", first), key("c", first.tomorrow().unwrap()));
}
