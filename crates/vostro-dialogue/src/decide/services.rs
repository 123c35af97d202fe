//! Flows about cards, payees, contact details, alerts, trips and cases: from the slots to a change that is
//! put before the customer, or to the one question that is open.
//!
//! Whether a change still fits is the store's to say when it is made; what is asked for here only needs
//! the portfolio. A disputed transaction and an alert to end are found when the step is carried out, since
//! neither is part of it.

use vostro_bank::{CardLoss, CardStatus, Change, ContactKind, DisputeReason, ServiceOrder};
use vostro_ledger::{AccountKind, Proposal};
use vostro_types::{AccountId, Money};

use super::alerts;
use super::cards::{card, card_limit, cards, pays};
use super::lookups;
use super::movement::Next;
use crate::command::{
    AccountMention, AmountMention, Flow, Period, Slot, SlotValue, TargetMention, nth_shown,
};
use crate::decide::Situation;
use crate::decide::plan::{Question, Refusal, Step, Trouble};
use crate::state::{ActiveFlow, DialogueState, Slots};

/// The longest name of a payee, and of a place, in characters.
const MOST_NAME: usize = 60;
/// The most transactions that are shown to choose one from.
const OFFERED: u32 = 5;

/// What stops a change from being proposed.
pub(super) enum Stop {
    Ask(Slot, Option<Trouble>, Vec<String>),
    Refuse(Refusal),
}

/// The step of a flow that only shows something.
pub(super) fn lookup(situation: &Situation<'_>, flow: Flow, slots: &Slots) -> Step {
    match flow {
        Flow::ListCases => Step::ListCases,
        Flow::ListAlerts => Step::ListAlerts,
        Flow::ShowProfile => Step::ShowProfile,
        Flow::AccountDetails if situation.step_up.sensitive => {
            Step::Refuse(Refusal::StepUpUnavailable)
        }
        Flow::AccountDetails => match account(situation, slots) {
            Ok(account) => Step::ShowAccountDetails(account),
            Err(_) => Step::ShowBalances {
                accounts: all_accounts(situation),
                unknown: Some(String::new()),
            },
        },
        _ => Step::ListCards,
    }
}

/// Takes a flow one step on. A value that does not fit is taken out.
pub(super) fn next(
    situation: &Situation<'_>,
    state: &DialogueState,
    active: &mut ActiveFlow,
) -> Next {
    let slots = active.slots.clone();
    let Ok(expires_at) = situation.now.checked_add(situation.confirmation_ttl) else {
        return Next::Refuse(Refusal::StepUpUnavailable);
    };
    let confirmation = situation.confirmation.clone();
    let found = match active.flow {
        Flow::Dispute if picked(state, &slots).is_none() => {
            let step = Step::FindDisputed {
                query: lookups::disputed(situation, &slots, offered(&slots)),
                reason: reason(&slots),
                confirmation,
                expires_at,
            };
            return Next::Propose(Box::new(step), None);
        }
        Flow::RemoveAlert | Flow::ChangeAlert => {
            match alerts::search(situation, active.flow, &slots, expires_at) {
                Ok(search) => return Next::Propose(Box::new(Step::FindAlert(search)), None),
                Err(stop) => Err(stop),
            }
        }
        _ => change(situation, state, active.flow, &slots),
    };
    match found {
        Ok(change) => {
            let order = ServiceOrder {
                customer: situation.portfolio.customer.id.clone(),
                change,
            };
            let proposal = Proposal::new(confirmation, order, expires_at);
            let factor = situation
                .factor
                .filter(|_| is_sensitive(situation, active.flow));
            Next::Propose(Box::new(Step::ProposeChange(proposal)), factor)
        }
        Err(Stop::Refuse(refusal)) => Next::Refuse(refusal),
        Err(Stop::Ask(slot, trouble, options)) => {
            if matches!(trouble, Some(Trouble::Nearly { .. })) {
                active.slots.forget_words(slot);
            } else {
                active.slots.clear(slot);
            }
            Next::Ask(Question {
                flow: active.flow,
                slot,
                trouble,
                options,
                choose: false,
            })
        }
    }
}

/// Whether a flow's change needs a second factor.
const fn is_sensitive(situation: &Situation<'_>, flow: Flow) -> bool {
    situation.step_up.sensitive && matches!(flow, Flow::AddPayee | Flow::ChangeContact)
}

fn change(
    situation: &Situation<'_>,
    state: &DialogueState,
    flow: Flow,
    slots: &Slots,
) -> Result<Change, Stop> {
    if is_sensitive(situation, flow) && situation.factor.is_none() {
        return Err(Stop::Refuse(Refusal::StepUpUnavailable));
    }
    match flow {
        Flow::FreezeCard => Ok(Change::FreezeCard {
            card: card(situation, flow, slots, |it| it.status == CardStatus::Active)?,
        }),
        Flow::UnfreezeCard => Ok(Change::UnfreezeCard {
            card: card(situation, flow, slots, |it| it.status == CardStatus::Frozen)?,
        }),
        Flow::ReplaceCard => Ok(Change::ReplaceCard {
            card: card(situation, flow, slots, pays)?,
        }),
        Flow::ReportCard => Ok(Change::BlockCards {
            cards: cards(situation, flow, slots, pays)?,
            loss: match slots.get(Slot::Loss) {
                Some(SlotValue::Loss(loss)) => *loss,
                _ => CardLoss::Lost,
            },
        }),
        Flow::CardLimit => card_limit(situation, slots),
        Flow::TravelNotice => travel(situation, slots),
        Flow::AddPayee => add_payee(situation, slots),
        Flow::RemovePayee => remove_payee(situation, slots),
        Flow::ChangeContact => contact(slots),
        Flow::SetAlert => alert(situation, slots),
        _ => match picked(state, slots) {
            Some(transfer) => Ok(Change::OpenDispute {
                transfer,
                reason: reason(slots),
            }),
            None => Err(Stop::Ask(Slot::Pick, None, Vec::new())),
        },
    }
}

/// An exact amount of more than nothing.
pub(super) fn exact(slots: &Slots, slot: Slot) -> Result<Money, Stop> {
    let ask = |trouble| Err(Stop::Ask(slot, trouble, Vec::new()));
    match slots.get(slot) {
        Some(SlotValue::Amount(AmountMention::Exact(money))) if money.is_positive() => Ok(*money),
        Some(SlotValue::Amount(AmountMention::Exact(money))) => {
            ask(Some(Trouble::UnreadableAmount(money.to_string())))
        }
        Some(SlotValue::Amount(AmountMention::Unreadable(words))) => {
            ask(Some(Trouble::UnreadableAmount(words.clone())))
        }
        _ => ask(None),
    }
}

fn amount(slots: &Slots) -> Option<Money> {
    match (slots.get(Slot::AtMost), slots.get(Slot::Amount)) {
        (Some(SlotValue::AtMost(money)), _)
        | (None, Some(SlotValue::Amount(AmountMention::Exact(money)))) => Some(money.abs()),
        _ => None,
    }
}

fn travel(situation: &Situation<'_>, slots: &Slots) -> Result<Change, Stop> {
    let place = text(slots, Slot::Place)?;
    let Some(SlotValue::Period(period)) = slots.get(Slot::Period) else {
        return Err(Stop::Ask(Slot::Period, None, Vec::new()));
    };
    // Dates without a year are read as past ones: a trip is to come.
    let days = period.to_come(situation.today);
    match days.map(|days| (days.from, last_day(&days))) {
        Some((from, until)) if from <= until => Ok(Change::AddTravel { place, from, until }),
        _ => Err(Stop::Ask(Slot::Period, Some(Trouble::PastDays), Vec::new())),
    }
}

fn last_day(period: &Period) -> jiff::civil::Date {
    period.until.yesterday().unwrap_or(period.until)
}

/// A name or a place, short enough and on one line.
fn text(slots: &Slots, slot: Slot) -> Result<String, Stop> {
    let words = match slots.get(slot) {
        Some(SlotValue::Name(words) | SlotValue::Place(words)) => words.trim(),
        _ => "",
    };
    let fits = !words.is_empty() && words.chars().count() <= MOST_NAME;
    if fits && !words.chars().any(char::is_control) {
        Ok(words.to_owned())
    } else {
        Err(Stop::Ask(slot, None, Vec::new()))
    }
}

fn add_payee(situation: &Situation<'_>, slots: &Slots) -> Result<Change, Stop> {
    let portfolio = situation.portfolio;
    let number = match slots.get(Slot::Target) {
        Some(SlotValue::Target(TargetMention::Number(number))) => Some(number.clone()),
        Some(SlotValue::Target(TargetMention::Payee(_) | TargetMention::Own(_))) => {
            return Err(Stop::Refuse(Refusal::PayeeSaved));
        }
        _ => None,
    };
    let is_saved = |number| portfolio.payees.iter().any(|it| it.number == number);
    if number.clone().is_some_and(is_saved) {
        return Err(Stop::Refuse(Refusal::PayeeSaved));
    }
    let name = text(slots, Slot::Name)?;
    match number {
        Some(number) => Ok(Change::AddPayee { name, number }),
        None => Err(Stop::Ask(Slot::Target, None, Vec::new())),
    }
}

fn remove_payee(situation: &Situation<'_>, slots: &Slots) -> Result<Change, Stop> {
    let payees = &situation.portfolio.payees;
    let mention = match slots.get(Slot::Target) {
        Some(SlotValue::Target(mention)) => Some(mention),
        _ => None,
    };
    let (trouble, among) = match mention {
        Some(TargetMention::Payee(payee)) => {
            let payee = payee.clone();
            return Ok(Change::RemovePayee { payee });
        }
        Some(TargetMention::Each(ids)) if !ids.is_empty() => {
            return Ok(match ids.as_slice() {
                [payee] => Change::RemovePayee {
                    payee: payee.clone(),
                },
                _ => Change::RemovePayees {
                    payees: ids.clone(),
                },
            });
        }
        Some(TargetMention::Payees(ids)) => (Some(Trouble::Ambiguous), Some(ids)),
        Some(TargetMention::UnknownName(words)) => {
            (Some(Trouble::UnknownPayee(words.clone())), None)
        }
        Some(TargetMention::Nearly { words, payee: id }) => {
            let nearly = payees.iter().find(|payee| payee.id == *id);
            let trouble = nearly.map(|payee| Trouble::Nearly {
                words: words.clone(),
                name: payee.name.clone(),
            });
            return Err(Stop::Ask(Slot::Target, trouble, Vec::new()));
        }
        _ => (None, None),
    };
    let options = payees
        .iter()
        .filter(|payee| among.is_none_or(|ids| ids.contains(&payee.id)))
        .map(|payee| payee.name.clone())
        .collect();
    Err(Stop::Ask(Slot::Target, trouble, options))
}

fn contact(slots: &Slots) -> Result<Change, Stop> {
    let Some(SlotValue::Contact(contact)) = slots.get(Slot::Contact) else {
        return Err(Stop::Ask(Slot::Contact, None, Vec::new()));
    };
    let contact = *contact;
    let Some(SlotValue::Value(value)) = slots.get(Slot::Value) else {
        return Err(Stop::Ask(Slot::Value, None, Vec::new()));
    };
    let value = value.trim().to_owned();
    if !is_contact(contact, &value) {
        let trouble = Trouble::NotAContact(contact);
        return Err(Stop::Ask(Slot::Value, Some(trouble), Vec::new()));
    }
    Ok(Change::SetContact { contact, value })
}

/// Whether a text has the form of such a detail. That it reaches the customer is for the bank to find out.
fn is_contact(contact: ContactKind, value: &str) -> bool {
    let length = value.chars().count();
    if length > 200 || value.chars().any(char::is_control) {
        return false;
    }
    let digits = value.chars().filter(char::is_ascii_digit).count();
    match contact {
        ContactKind::Email => value.split_once('@').is_some_and(|(name, host)| {
            !name.is_empty()
                && !value.contains(char::is_whitespace)
                && !host.contains('@')
                && host.split('.').count() > 1
                && host.split('.').all(|part| !part.is_empty())
        }),
        ContactKind::Phone => {
            let fits = |c: char| c.is_ascii_digit() || "+-(). ".contains(c);
            (7..=15).contains(&digits) && value.chars().all(fits)
        }
        ContactKind::Address => length >= 8 && digits > 0 && value.contains(char::is_alphabetic),
    }
}

fn alert(situation: &Situation<'_>, slots: &Slots) -> Result<Change, Stop> {
    let account = account(situation, slots)?;
    let below = match amount(slots) {
        Some(money) if money.is_positive() => money,
        _ => exact(slots, Slot::Amount)?,
    };
    let accounts = &situation.portfolio.accounts;
    let known = accounts.iter().find(|it| it.id == account);
    if known.map(|it| it.balance.currency) != Some(below.currency) {
        let trouble = Trouble::UnreadableAmount(below.to_string());
        return Err(Stop::Ask(Slot::Amount, Some(trouble), Vec::new()));
    }
    Ok(Change::SetAlert { account, below })
}

/// The account that was named, or else the first checking account.
pub(super) fn account(situation: &Situation<'_>, slots: &Slots) -> Result<AccountId, Stop> {
    let accounts = &situation.portfolio.accounts;
    let options = || accounts.iter().map(|it| it.name.clone()).collect();
    let ask = |trouble| Err(Stop::Ask(Slot::Account, trouble, options()));
    let of_kind = |kind: AccountKind| accounts.iter().filter(move |it| it.kind == kind);
    match slots.get(Slot::Account) {
        Some(SlotValue::Account(AccountMention::One(id))) => Ok(id.clone()),
        Some(SlotValue::Account(AccountMention::Kind(kind))) => {
            let mut found = of_kind(*kind);
            match (found.next(), found.next()) {
                (Some(only), None) => Ok(only.id.clone()),
                _ => ask(Some(Trouble::Ambiguous)),
            }
        }
        Some(SlotValue::Account(AccountMention::Unknown(words))) => {
            ask(Some(Trouble::UnknownAccount(words.clone())))
        }
        _ => match of_kind(AccountKind::Checking).chain(accounts).next() {
            Some(first) => Ok(first.id.clone()),
            None => Err(Stop::Refuse(Refusal::NoSource)),
        },
    }
}

pub(super) fn all_accounts(situation: &Situation<'_>) -> Vec<AccountId> {
    let accounts = situation.portfolio.accounts.iter();
    accounts.map(|account| account.id.clone()).collect()
}

/// "My last transaction" is one; otherwise several are shown to choose from.
fn offered(slots: &Slots) -> u32 {
    match slots.get(Slot::Count) {
        Some(SlotValue::Count(1)) => 1,
        _ => OFFERED,
    }
}

/// The transaction that was picked from those that were shown.
fn picked(state: &DialogueState, slots: &Slots) -> Option<vostro_types::TransferId> {
    match slots.get(Slot::Pick) {
        Some(SlotValue::Pick(place)) => nth_shown(&state.offered, *place).cloned(),
        // "The latest", of those that were shown latest first.
        _ if offered(slots) == 1 => state.offered.first().cloned(),
        _ => None,
    }
}

fn reason(slots: &Slots) -> DisputeReason {
    match slots.get(Slot::Reason) {
        Some(SlotValue::Reason(reason)) => *reason,
        _ => DisputeReason::Other,
    }
}

/// Whether slots look for other transactions than those that one was picked from.
pub(super) fn narrows(slots: &Slots) -> bool {
    [
        Slot::Merchant,
        Slot::Amount,
        Slot::AtLeast,
        Slot::AtMost,
        Slot::Period,
        Slot::Count,
    ]
    .into_iter()
    .any(|slot| slots.get(slot).is_some())
}
