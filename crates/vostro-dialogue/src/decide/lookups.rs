//! Flows that only read: balances, transactions, sums.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use vostro_bank::{AccountView, Direction, HistoryOrder, HistoryQuery, Portfolio};
use vostro_types::AccountId;

use crate::command::{AccountMention, Flow, Period, Slot, SlotValue};
use crate::decide::Situation;
use crate::decide::plan::{About, Step};
use crate::state::Slots;
use crate::words::kind_name;

/// How many transactions are shown when the customer names no number.
const DEFAULT_COUNT: u32 = 5;
/// The most that are shown in one reply.
const MOST: u32 = 50;
/// The days that a sum covers when the customer names no period.
const DEFAULT_DAYS: i64 = 30;

/// The accounts that a mention stands for, or the customer's words where it stands for none.
enum Accounts {
    These(Vec<AccountId>),
    Unknown(String),
}

/// The step that a lookup comes down to.
pub(super) fn step(situation: &Situation<'_>, flow: Flow, slots: &Slots) -> Step {
    let portfolio = situation.portfolio;
    let accounts = match accounts(portfolio, slots) {
        Accounts::These(accounts) => accounts,
        Accounts::Unknown(words) => {
            let accounts = portfolio
                .accounts
                .iter()
                .map(|account| account.id.clone())
                .collect();
            return Step::ShowBalances {
                accounts,
                unknown: Some(words),
            };
        }
    };
    match flow {
        Flow::ShowTransactions => {
            let (query, about) = query(situation, &accounts, slots);
            Step::ShowTransactions { query, about }
        }
        Flow::SumSpending => {
            let mut slots = slots.clone();
            if slots.get(Slot::Period).is_none() {
                slots.set(SlotValue::Period(last_days(situation.today)));
            }
            let (query, mut about) = query(situation, &accounts, &slots);
            let before = slots
                .get(Slot::Compared)
                .and_then(|_| about.period.as_ref()?.before());
            about.before = before;
            let before = before.map(|(from, until)| HistoryQuery {
                from: start_of(from, situation.time_zone),
                until: start_of(until, situation.time_zone),
                ..query.clone()
            });
            Step::SumSpending {
                query,
                about,
                before,
            }
        }
        _ => Step::ShowBalances {
            accounts,
            unknown: None,
        },
    }
}

fn accounts(portfolio: &Portfolio, slots: &Slots) -> Accounts {
    let all = || {
        portfolio
            .accounts
            .iter()
            .map(|account| account.id.clone())
            .collect()
    };
    let named = slots.get(Slot::Account).or_else(|| slots.get(Slot::Source));
    let Some(SlotValue::Account(mention) | SlotValue::Source(mention)) = named else {
        return Accounts::These(all());
    };
    match mention {
        AccountMention::One(id) => Accounts::These(vec![id.clone()]),
        AccountMention::All => Accounts::These(all()),
        AccountMention::Unknown(words) => Accounts::Unknown(words.clone()),
        AccountMention::Kind(kind) => {
            let of_kind = |account: &&AccountView| account.kind == *kind;
            let ids: Vec<_> = portfolio
                .accounts
                .iter()
                .filter(of_kind)
                .map(|account| account.id.clone())
                .collect();
            if ids.is_empty() {
                Accounts::Unknown(kind_name(*kind).to_owned())
            } else {
                Accounts::These(ids)
            }
        }
    }
}

fn query(
    situation: &Situation<'_>,
    accounts: &[AccountId],
    slots: &Slots,
) -> (HistoryQuery, About) {
    let mut query = HistoryQuery {
        limit: DEFAULT_COUNT,
        ..HistoryQuery::default()
    };
    let mut about = About::default();
    if let [only] = accounts {
        query.account = Some(only.clone());
        let named = situation
            .portfolio
            .accounts
            .iter()
            .find(|account| account.id == *only);
        about.account = named.map(|account| account.name.clone());
    }
    for value in slots.iter() {
        narrow(&mut query, &mut about, value, situation.time_zone);
    }
    (query, about)
}

/// Adds what one slot demands.
fn narrow(query: &mut HistoryQuery, about: &mut About, value: &SlotValue, zone: &TimeZone) {
    match value {
        SlotValue::Period(period) => {
            query.from = start_of(period.from, zone);
            query.until = start_of(period.until, zone);
            about.period = Some(period.clone());
        }
        SlotValue::Count(count) => query.limit = (*count).clamp(1, MOST),
        SlotValue::Merchant(words) => {
            query.text = Some(words.clone());
            about.merchant = Some(words.clone());
        }
        SlotValue::Category(category) => {
            query.category = Some(*category);
            about.category = Some(*category);
        }
        SlotValue::Direction(direction) => {
            query.direction = Some(*direction);
            about.incoming = *direction == Direction::In;
        }
        SlotValue::Largest => {
            query.order = HistoryOrder::Largest;
            about.largest = true;
        }
        SlotValue::AtLeast(amount) => {
            query.min_minor = Some(amount.minor.saturating_abs());
            about.at_least = Some(*amount);
        }
        SlotValue::AtMost(amount) => {
            query.max_minor = Some(amount.minor.saturating_abs());
            about.at_most = Some(*amount);
        }
        SlotValue::Amount(_)
        | SlotValue::Source(_)
        | SlotValue::Target(_)
        | SlotValue::Biller(_)
        | SlotValue::Account(_)
        | SlotValue::Schedule(_)
        | SlotValue::Compared
        | SlotValue::Card(_)
        | SlotValue::Loss(_)
        | SlotValue::Reason(_)
        | SlotValue::Name(_)
        | SlotValue::Contact(_)
        | SlotValue::Value(_)
        | SlotValue::Place(_)
        | SlotValue::Pick(_) => {}
    }
}

/// The first instant of a day. A date so far out that it has none is no bound.
fn start_of(date: Date, zone: &TimeZone) -> Option<Timestamp> {
    date.to_zoned(zone.clone())
        .ok()
        .map(|zoned| zoned.timestamp())
}

/// Among which transactions the one that is disputed is: money that went out, as far as the customer told.
pub(super) fn disputed(situation: &Situation<'_>, slots: &Slots, limit: u32) -> HistoryQuery {
    let accounts = match accounts(situation.portfolio, slots) {
        Accounts::These(accounts) => accounts,
        Accounts::Unknown(_) => Vec::new(),
    };
    let (mut query, _) = query(situation, &accounts, slots);
    if let Some(SlotValue::Amount(crate::command::AmountMention::Exact(money))) =
        slots.get(Slot::Amount)
    {
        let minor = money.minor.saturating_abs();
        (query.min_minor, query.max_minor) = (Some(minor), Some(minor));
    }
    query.direction = Some(Direction::Out);
    query.limit = limit;
    query
}

fn last_days(today: Date) -> Period {
    let from = today.saturating_sub(jiff::Span::new().days(DEFAULT_DAYS));
    let until = today.saturating_add(jiff::Span::new().days(1));
    Period {
        from,
        until,
        label: format!("in the last {DEFAULT_DAYS} days"),
    }
}
