//! Standing orders and statements: from the slots to a step. Which order is meant needs the customer's
//! orders, which are read when the step is carried out; how a mention fits one stands here.

use jiff::ToSpan;
use jiff::civil::Date;
use serde::Serialize;
use vostro_bank::{Portfolio, StatementQuery};
use vostro_ledger::{AccountKind, Target};

use crate::command::{AccountMention, BillerMention, Flow, Period, Slot, SlotValue, TargetMention};
use crate::decide::Situation;
use crate::decide::plan::Step;
use crate::state::Slots;

/// The most entries that are read for a statement in a conversation; its sums are of all of them.
const ENTRIES: u32 = 10;

/// Whom a standing order that is spoken of pays.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub(crate) struct Whom {
    target: Option<TargetMention>,
    biller: Option<BillerMention>,
}

impl Whom {
    /// Whether an order to this target is meant. Who names nobody means any.
    pub(crate) fn fits(&self, target: &Target) -> bool {
        let by_target = self
            .target
            .as_ref()
            .is_none_or(|mention| match (mention, target) {
                (TargetMention::Own(id), Target::Own { account }) => id == account,
                (TargetMention::Payee(id), Target::Payee { payee, .. }) => id == payee,
                (TargetMention::Payees(ids), Target::Payee { payee, .. }) => ids.contains(payee),
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

/// The step of a flow about standing orders, or of a statement.
pub(super) fn step(situation: &Situation<'_>, flow: Flow, slots: &Slots) -> Step {
    let whom = Whom {
        target: match slots.get(Slot::Target) {
            Some(SlotValue::Target(target)) => Some(target.clone()),
            _ => None,
        },
        biller: match slots.get(Slot::Biller) {
            Some(SlotValue::Biller(biller)) => Some(biller.clone()),
            _ => None,
        },
    };
    match flow {
        Flow::CancelSchedule => Step::CancelSchedule(whom),
        Flow::SkipSchedule => Step::SkipSchedule(whom),
        Flow::Statement => statement(situation, slots),
        _ => Step::ListSchedules,
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
