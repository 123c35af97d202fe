//! Flows that move money: from the slots to a proposal, or to the one question that is open.
//!
//! Only what the ledger cannot know is decided here: which account, payee or biller is meant. Whether
//! the movement is allowed (funds, limits, status) is the ledger's, asked when the proposal is recorded.

use vostro_bank::{AccountView, Biller, FactorMethod, Payee, Portfolio};
use vostro_ledger::{AccountKind, MoneyIntent, Proposal, StandingOrder, Target};
use vostro_types::{AccountId, Money};

use crate::command::{
    AccountMention, AmountMention, BillerMention, Flow, HandOffReason, ScheduleMention, Slot,
    SlotValue, TargetMention,
};
use crate::decide::Situation;
use crate::decide::plan::{Question, Refusal, Step, Trouble};
use crate::state::{ActiveFlow, Slots};
use crate::words::kind_name;

/// Where a money flow goes from here.
pub(super) enum Next {
    /// Everything is known: this puts it before the customer, with the second factor that it needs.
    Propose(Box<Step>, Option<FactorMethod>),
    /// This is missing.
    Ask(Question),
    /// It cannot be done.
    Refuse(Refusal),
    /// It is a person's to do.
    Person(HandOffReason),
}

/// What stops a slot from being used: nothing given, or something that does not fit.
type Open = Option<Trouble>;

/// Takes a flow one step on. A value that does not fit is taken out, so that the next answer stands alone.
pub(super) fn next(situation: &Situation<'_>, active: &mut ActiveFlow) -> Next {
    let portfolio = situation.portfolio;
    let flow = active.flow;
    let slots = active.slots.clone();
    let mut ask = |slot: Slot, trouble: Open, options: Vec<String>| {
        match slot {
            // Whatever is said next, nothing moves at once in the place of days that are still to be named.
            Slot::Schedule => {
                let open = ScheduleMention::Unclear(String::new());
                active.slots.set(SlotValue::Schedule(open));
            }
            // What may be meant waits for its yes.
            _ if matches!(trouble, Some(Trouble::Nearly { .. })) => active.slots.forget_words(slot),
            // Nor is all that is due in the place of a part that was not read.
            Slot::Amount if flow == Flow::PayBill && trouble.is_some() => {
                let open = AmountMention::Unreadable(String::new());
                active.slots.set(SlotValue::Amount(open));
            }
            _ => active.slots.clear(slot),
        }
        Next::Ask(Question {
            flow,
            slot,
            trouble,
            options,
            choose: false,
        })
    };
    let target = match flow {
        Flow::PayBill => match biller(portfolio, &slots) {
            Ok(biller) => bill(biller),
            Err(trouble) => return ask(Slot::Biller, trouble, biller_options(portfolio, &slots)),
        },
        _ => match target(portfolio, &slots) {
            Ok(target) => target,
            Err(trouble) => return ask(Slot::Target, trouble, target_options(portfolio, &slots)),
        },
    };
    let source = match source(portfolio, &slots, &target) {
        Ok(Some(source)) => source,
        Ok(None) => return Next::Refuse(Refusal::NoSource),
        Err(trouble) => {
            return ask(
                Slot::Source,
                Some(trouble),
                source_options(portfolio, &target),
            );
        }
    };
    let amount = match amount(portfolio, &slots, source, &target) {
        Ok(amount) => amount,
        Err(trouble) => return ask(Slot::Amount, trouble, Vec::new()),
    };
    if let Some(SlotValue::Schedule(ScheduleMention::Unclear(words))) = slots.get(Slot::Schedule) {
        let trouble = (!words.is_empty()).then(|| Trouble::UnclearDays(words.clone()));
        return ask(Slot::Schedule, trouble, Vec::new());
    }
    if let Some(SlotValue::Schedule(ScheduleMention::NotHeld { words, near })) =
        slots.get(Slot::Schedule)
    {
        let trouble = Trouble::NotHeld(words.clone(), near.clone());
        return ask(Slot::Schedule, Some(trouble), Vec::new());
    }
    let customer = portfolio.customer.id.clone();
    let intent = MoneyIntent {
        customer,
        source: source.id.clone(),
        target,
        amount,
    };
    if situation.step_up.leaves_to_person(&intent) {
        return Next::Person(HandOffReason::HighValue);
    }
    let demanded = situation.step_up.demands(&intent, situation.sent_today);
    let factor = situation.factor.filter(|_| demanded);
    if demanded && factor.is_none() {
        return Next::Refuse(Refusal::StepUpUnavailable);
    }
    let Ok(expires_at) = situation.now.checked_add(situation.confirmation_ttl) else {
        return Next::Refuse(Refusal::StepUpUnavailable);
    };
    if let Some(SlotValue::Schedule(ScheduleMention::On(schedule))) = slots.get(Slot::Schedule) {
        let order = StandingOrder {
            intent,
            schedule: *schedule,
            replaces: None,
        };
        let id = situation.confirmation.clone();
        let proposal = Proposal::new(id, order, expires_at);
        return Next::Propose(Box::new(Step::ProposeOrder(proposal)), factor);
    }
    let proposal = Proposal::new(situation.confirmation.clone(), intent, expires_at);
    Next::Propose(Box::new(Step::Propose(proposal)), factor)
}

fn target(portfolio: &Portfolio, slots: &Slots) -> Result<Target, Open> {
    let payee = |id| portfolio.payees.iter().find(|payee| payee.id == id);
    match slots.get(Slot::Target) {
        Some(SlotValue::Target(mention)) => match mention {
            TargetMention::Own(account) => Ok(Target::Own {
                account: account.clone(),
            }),
            TargetMention::Payee(id) => payee(id.clone())
                .map(|payee| Target::Payee {
                    payee: payee.id.clone(),
                    number: payee.number.clone(),
                })
                .ok_or(None),
            TargetMention::Number(number) => Ok(Target::NewPayee {
                number: number.clone(),
            }),
            TargetMention::Payees(_) | TargetMention::Each(_) => Err(Some(Trouble::Ambiguous)),
            TargetMention::Nearly { words, payee: id } => {
                Err(payee(id.clone()).map(|payee| Trouble::Nearly {
                    words: words.clone(),
                    name: payee.name.clone(),
                }))
            }
            TargetMention::UnknownName(words) => Err(Some(Trouble::UnknownPayee(words.clone()))),
        },
        _ => Err(None),
    }
}

fn target_options(portfolio: &Portfolio, slots: &Slots) -> Vec<String> {
    let several = match slots.get(Slot::Target) {
        Some(SlotValue::Target(TargetMention::Payees(ids) | TargetMention::Each(ids))) => {
            ids.as_slice()
        }
        Some(SlotValue::Target(TargetMention::Nearly { .. })) => return Vec::new(),
        _ => &[],
    };
    let fits = |payee: &&Payee| several.is_empty() || several.contains(&payee.id);
    portfolio
        .payees
        .iter()
        .filter(fits)
        .map(|payee| payee.name.clone())
        .collect()
}

fn biller<'a>(portfolio: &'a Portfolio, slots: &Slots) -> Result<&'a Biller, Open> {
    match slots.get(Slot::Biller) {
        Some(SlotValue::Biller(mention)) => match mention {
            BillerMention::One(id) => portfolio
                .billers
                .iter()
                .find(|biller| biller.id == *id)
                .ok_or(None),
            BillerMention::Several(_) => Err(Some(Trouble::Ambiguous)),
            BillerMention::Nearly { words, biller: id } => {
                let mut billers = portfolio.billers.iter();
                let meant = billers.find(|biller| biller.id == *id);
                Err(meant.map(|biller| Trouble::Nearly {
                    words: words.clone(),
                    name: biller.name.clone(),
                }))
            }
            BillerMention::Unknown(words) => Err(Some(Trouble::UnknownBiller(words.clone()))),
        },
        _ => Err(None),
    }
}

fn bill(biller: &Biller) -> Target {
    Target::Biller {
        biller: biller.id.clone(),
        reference: biller.reference.clone(),
    }
}

fn biller_options(portfolio: &Portfolio, slots: &Slots) -> Vec<String> {
    let several = match slots.get(Slot::Biller) {
        Some(SlotValue::Biller(BillerMention::Several(ids))) => ids.as_slice(),
        Some(SlotValue::Biller(BillerMention::Nearly { .. })) => return Vec::new(),
        _ => &[],
    };
    let fits = |biller: &&Biller| several.is_empty() || several.contains(&biller.id);
    portfolio
        .billers
        .iter()
        .filter(fits)
        .map(|biller| biller.name.clone())
        .collect()
}

/// The accounts that money can be sent from to a target.
fn sources<'a>(portfolio: &'a Portfolio, target: &Target) -> impl Iterator<Item = &'a AccountView> {
    portfolio.sources(match target {
        Target::Own { account } => Some(account),
        _ => None,
    })
}

/// The source that the customer named, or the first that money can be sent from.
fn source<'a>(
    portfolio: &'a Portfolio,
    slots: &Slots,
    target: &Target,
) -> Result<Option<&'a AccountView>, Trouble> {
    let Some(SlotValue::Source(mention)) = slots.get(Slot::Source) else {
        return Ok(sources(portfolio, target).next());
    };
    match mention {
        AccountMention::One(id) => named_source(portfolio, id, target).map(Some),
        AccountMention::Kind(AccountKind::CreditCard) => Err(Trouble::CardAsSource),
        AccountMention::Kind(kind) => {
            Err(match portfolio.accounts.iter().find(|a| a.kind == *kind) {
                Some(_) => Trouble::Ambiguous,
                None => Trouble::UnknownAccount(kind_name(*kind).to_owned()),
            })
        }
        AccountMention::All => Err(Trouble::Ambiguous),
        AccountMention::Unknown(words) => Err(Trouble::UnknownAccount(words.clone())),
    }
}

fn named_source<'a>(
    portfolio: &'a Portfolio,
    id: &AccountId,
    target: &Target,
) -> Result<&'a AccountView, Trouble> {
    let account = portfolio.accounts.iter().find(|account| account.id == *id);
    match account {
        None => Err(Trouble::UnknownAccount(String::new())),
        Some(account) if account.kind == AccountKind::CreditCard => Err(Trouble::CardAsSource),
        Some(account) if matches!(target, Target::Own { account: to } if *to == account.id) => {
            Err(Trouble::SameAccount)
        }
        Some(account) => Ok(account),
    }
}

fn source_options(portfolio: &Portfolio, target: &Target) -> Vec<String> {
    sources(portfolio, target)
        .map(|account| account.name.clone())
        .collect()
}

/// The amount. A bill's is its open amount when the customer names none.
fn amount(
    portfolio: &Portfolio,
    slots: &Slots,
    source: &AccountView,
    target: &Target,
) -> Result<Money, Open> {
    let due = due(portfolio, target);
    match slots.get(Slot::Amount) {
        Some(SlotValue::Amount(mention)) => match mention {
            AmountMention::Exact(money) => Ok(*money),
            // All of a card's debt, not all that is in the account.
            AmountMention::Everything => Ok(due.unwrap_or(source.available)),
            AmountMention::AmountDue => due.ok_or(Some(Trouble::NothingDue)),
            AmountMention::Unreadable(words) if words.is_empty() => Err(None),
            AmountMention::Unreadable(words) => Err(Some(Trouble::UnreadableAmount(words.clone()))),
        },
        _ => match target {
            Target::Biller { .. } => due.ok_or(Some(Trouble::NothingDue)),
            _ => Err(None),
        },
    }
}

/// The open amount of the bill that is being paid, where no other amount was named.
pub(super) fn bill_due(portfolio: &Portfolio, active: &ActiveFlow) -> Option<SlotValue> {
    let named = matches!(
        active.slots.get(Slot::Amount),
        Some(SlotValue::Amount(AmountMention::Exact(_)))
    );
    if active.flow != Flow::PayBill || named {
        return None;
    }
    let due = due(portfolio, &bill(biller(portfolio, &active.slots).ok()?))?;
    Some(SlotValue::Amount(AmountMention::Exact(due)))
}

/// What is owed to this target: an open bill, or the debt on a credit card.
fn due(portfolio: &Portfolio, target: &Target) -> Option<Money> {
    match target {
        Target::Biller { biller, .. } => {
            portfolio
                .billers
                .iter()
                .find(|known| known.id == *biller)?
                .amount_due
        }
        Target::Own { account } => {
            let account = portfolio
                .accounts
                .iter()
                .find(|known| known.id == *account)?;
            let owed = account.balance.checked_neg().ok()?;
            (account.kind == AccountKind::CreditCard && owed.is_positive()).then_some(owed)
        }
        Target::Payee { .. } | Target::NewPayee { .. } => None,
    }
}
