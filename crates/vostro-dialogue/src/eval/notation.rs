//! The notation of slot values and of conversation states in the evaluation's files.
//!
//! `amount=50.00 target=anna`: a slot's name, `=`, its value with spaces as `_`. Accounts, payees and
//! billers stand by their id, an account as a target as `own:ID`, a number as `#NUMBER`, words that fit
//! nothing as `?WORDS`, several that fit as `A+B`. States are named in [`state`].

use jiff::Timestamp;
use jiff::civil::date;
use vostro_bank::Category;
use vostro_ledger::End;
use vostro_types::{AccountId, BillerId, ConfirmationId, Currency, Money, PayeeId};

use crate::command::{
    AccountMention, AmountMention, BillerMention, Command, Flow, ScheduleMention, Slot, SlotValue,
    TargetMention,
};
use crate::entities::period;
use crate::state::{ActiveFlow, DialogueState, Pending};

/// The slots that commands set, sorted.
pub fn slots(commands: &[Command]) -> Vec<String> {
    let mut slots: Vec<String> = commands
        .iter()
        .filter_map(|command| match command {
            Command::SetSlot(value) => Some(slot(value)),
            _ => None,
        })
        .collect();
    slots.sort_unstable();
    slots
}

/// A slot with its value.
pub fn slot(value: &SlotValue) -> String {
    format!("{}={}", value.slot().as_str(), shown(value)).replace(' ', "_")
}

/// Slots of flows that move no money stand as in JSON.
fn shown(value: &SlotValue) -> String {
    match value {
        SlotValue::Amount(AmountMention::Exact(sum))
        | SlotValue::AtLeast(sum)
        | SlotValue::AtMost(sum) => money(*sum),
        SlotValue::Amount(AmountMention::Everything) => "all".to_owned(),
        SlotValue::Amount(AmountMention::AmountDue) => "due".to_owned(),
        SlotValue::Amount(AmountMention::Unreadable(_)) => "?".to_owned(),
        SlotValue::Source(account) | SlotValue::Account(account) => match account {
            AccountMention::One(id) => id.to_string(),
            AccountMention::Kind(kind) => format!("kind:{}", kind.as_str()),
            AccountMention::All => "all".to_owned(),
            AccountMention::Unknown(words) => format!("?{words}"),
        },
        SlotValue::Target(target) => match target {
            TargetMention::Own(id) => format!("own:{id}"),
            TargetMention::Payee(id) => id.to_string(),
            TargetMention::Payees(ids) => joined(ids),
            TargetMention::Each(ids) => format!("each:{}", joined(ids)),
            TargetMention::Nearly { words, .. } => format!("?{words}"),
            TargetMention::Number(number) => format!("#{}", number.as_str()),
            TargetMention::UnknownName(name) => format!("?{name}"),
        },
        SlotValue::Biller(biller) => match biller {
            BillerMention::One(id) => id.to_string(),
            BillerMention::Several(ids) => joined(ids),
            BillerMention::Unknown(words) | BillerMention::Nearly { words, .. } => {
                format!("?{words}")
            }
        },
        SlotValue::Period(period) => format!("{}..{}", period.from, period.until),
        SlotValue::Count(count) => count.to_string(),
        SlotValue::Merchant(words) => words.clone(),
        SlotValue::Category(category) => category.as_str().to_owned(),
        SlotValue::Direction(direction) => format!("{direction:?}").to_lowercase(),
        SlotValue::Schedule(
            ScheduleMention::Unclear(words) | ScheduleMention::NotHeld { words, .. },
        ) => format!("?{words}"),
        SlotValue::Schedule(ScheduleMention::Now) => "now".to_owned(),
        SlotValue::Schedule(ScheduleMention::On(schedule)) => {
            let end = match schedule.end() {
                End::Never => String::new(),
                End::On { date } => format!("..{date}"),
                End::After { count } => format!("*{count}"),
            };
            format!(
                "{}:{}{end}",
                schedule.frequency().as_str(),
                schedule.first()
            )
        }
        SlotValue::Compared | SlotValue::Largest => "yes".to_owned(),
        other => serde_json::to_value(other)
            .ok()
            .and_then(|value| value.get("value").map(ToString::to_string))
            .unwrap_or_default()
            .replace('"', ""),
    }
}

fn money(money: Money) -> String {
    let currency = if money.currency == Currency::USD {
        ""
    } else {
        money.currency.code()
    };
    format!("{}{currency}", money.to_decimal())
}

fn joined<T: ToString>(ids: &[T]) -> String {
    ids.iter().map(T::to_string).collect::<Vec<_>>().join("+")
}

/// A state by its name: `empty`, a flow that awaits a slot (`transfer?amount`), a proposal that waits
/// (`transfer?yes`; with one or two more behind it `two?yes`, `three?yes`), or a flow that was finished last (`after:balance`). `None` for other names.
pub fn state(name: &str) -> Option<DialogueState> {
    let mut state = DialogueState::default();
    if let Some(last) = name.strip_prefix("after:") {
        state.last = Some(finished(last)?);
    } else if let Some((flow, asked)) = name.split_once('?') {
        state.active = Some(awaiting(flow, asked)?);
        if asked == "yes" {
            state.pending = Some(Pending {
                confirmation: ConfirmationId::new("cnf_1").ok()?,
                expires_at: Timestamp::UNIX_EPOCH,
                change: None,
                factor: None,
            });
        }
        // Of several orders the others wait behind it: John's, and a third person's.
        let behind = [("john", 2_000), ("mark", 3_000)];
        let behind = behind.into_iter().take(match flow {
            "two" => 1,
            "three" => 2,
            _ => 0,
        });
        for (payee, minor) in behind {
            let slots = [usd(minor), target(payee)?].into_iter().collect();
            state.waiting.push((Flow::Transfer, slots));
        }
    } else if name != "empty" {
        return None;
    }
    Some(state)
}

fn awaiting(name: &str, asked: &str) -> Option<ActiveFlow> {
    let (to, which) = (
        target("anna")?,
        TargetMention::Payees(ids(&["john", "johnny"])?),
    );
    let (flow, asked, slots) = match (name, asked) {
        ("transfer", "amount") => (Flow::Transfer, Some(Slot::Amount), vec![to]),
        ("transfer", "source") => (Flow::Transfer, Some(Slot::Source), vec![usd(5_000), to]),
        ("transfer", "target") => (Flow::Transfer, Some(Slot::Target), vec![usd(5_000)]),
        ("transfer", "which") => {
            let slots = vec![usd(5_000), SlotValue::Target(which)];
            (Flow::Transfer, Some(Slot::Target), slots)
        }
        ("transfer" | "two" | "three", "yes") => {
            (Flow::Transfer, None, vec![usd(5_000), source()?, to])
        }
        ("bill", "biller") => (Flow::PayBill, Some(Slot::Biller), vec![]),
        ("bill", "amount") => (Flow::PayBill, Some(Slot::Amount), vec![power()?]),
        ("bill", "yes") => (Flow::PayBill, None, vec![usd(12_000), source()?, power()?]),
        ("balance", "account") => (Flow::CheckBalance, Some(Slot::Account), vec![]),
        _ => return None,
    };
    Some(active(flow, asked, slots))
}

fn finished(name: &str) -> Option<ActiveFlow> {
    let (flow, slots) = match name {
        "balance" => {
            let checking = AccountMention::One(AccountId::new("checking").ok()?);
            (Flow::CheckBalance, vec![SlotValue::Account(checking)])
        }
        "transactions" => (Flow::ShowTransactions, vec![]),
        "john" => {
            let searched = SlotValue::Merchant("john".to_owned());
            (Flow::ShowTransactions, vec![searched])
        }
        "groceries" => {
            let (from, until) = (date(2026, 2, 1), date(2026, 3, 1));
            let period = SlotValue::Period(period::named(from, until));
            let category = SlotValue::Category(Category::Groceries);
            (Flow::SumSpending, vec![category, period])
        }
        "bills" => (Flow::ListBills, vec![]),
        "power" => (Flow::ListBills, vec![power()?]),
        "spending" => (Flow::SumSpending, vec![]),
        "transfer" => (Flow::Transfer, vec![usd(5_000), source()?, target("anna")?]),
        "bill" => (Flow::PayBill, vec![usd(12_000), source()?, power()?]),
        _ => return None,
    };
    Some(active(flow, None, slots))
}

fn active(flow: Flow, asked: Option<Slot>, slots: Vec<SlotValue>) -> ActiveFlow {
    ActiveFlow {
        flow,
        slots: slots.into_iter().collect(),
        asked,
        asked_times: u8::from(asked.is_some()),
    }
}

fn usd(minor: i64) -> SlotValue {
    SlotValue::Amount(AmountMention::Exact(Money::new(minor, Currency::USD)))
}

fn source() -> Option<SlotValue> {
    let checking = AccountMention::One(AccountId::new("checking").ok()?);
    Some(SlotValue::Source(checking))
}

fn target(payee: &str) -> Option<SlotValue> {
    let payee = PayeeId::new(payee).ok()?;
    Some(SlotValue::Target(TargetMention::Payee(payee)))
}

fn ids(names: &[&str]) -> Option<Vec<PayeeId>> {
    names.iter().map(|name| PayeeId::new(*name).ok()).collect()
}

fn power() -> Option<SlotValue> {
    let power = BillerMention::One(BillerId::new("power").ok()?);
    Some(SlotValue::Biller(power))
}
