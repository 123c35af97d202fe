//! Step 6: from evidence to a draft, by templates in the customer's language. Pure.
//!
//! Text says what is, shortly; cards carry the same as data. A template takes its figures from the
//! evidence it is given and from nowhere else; `approve` checks that again, whoever wrote the draft.

mod balances;
mod changes;
mod lookups;
mod movement;
mod pending;
mod schedules;
mod services;
mod talk;
pub(crate) mod wording;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use vostro_bank::{FactorMethod, Portfolio};
use vostro_knowledge::Citation;
use vostro_ledger::{Calendar, Target};

use crate::act::Done;
use crate::concierge::DialogueSettings;
use crate::ground::{Evidence, Found};
use crate::language::Language;
use crate::reply::{Card, ReceiptView};
use wording::Wording;

pub(crate) use balances::together;
pub(crate) use lookups::sum_of;

/// A reply that nobody has approved yet. It does not serialize.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Draft {
    /// The text.
    pub text: String,
    /// What to show beside it.
    pub cards: Vec<Card>,
    /// The passages it rests on.
    pub citations: Vec<Citation>,
    /// The proofs of what was done.
    pub receipts: Vec<ReceiptView>,
    /// The customer's own details that the text shows on purpose.
    pub shown: Vec<String>,
}

/// What every template is given.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Setting<'a> {
    /// The customer's accounts, payees and billers.
    pub portfolio: &'a Portfolio,
    /// The bank's time zone.
    pub zone: &'a TimeZone,
    /// The bank's routing number, where one is set up.
    pub routing_number: Option<&'a str>,
    /// The bank's business days and cut-off times.
    pub calendar: &'a Calendar,
    /// When the turn began.
    pub now: Timestamp,
    /// The words of the customer's language.
    pub wording: Wording,
}

/// Writes the draft.
pub(crate) fn compose(
    evidence: &Evidence,
    settings: &DialogueSettings,
    now: Timestamp,
    language: Language,
) -> Draft {
    let setting = Setting {
        portfolio: evidence.portfolio.get(),
        zone: settings.calendar.time_zone(),
        routing_number: settings.routing_number.as_deref(),
        calendar: &settings.calendar,
        now,
        wording: Wording::of(language),
    };
    let mut draft = Draft::default();
    for result in &evidence.results {
        draft.add(part(setting, &result.done, &result.found));
    }
    if draft.text.is_empty() {
        draft.add(talk::nothing_to_say(setting.wording));
    }
    draft
}

impl Draft {
    fn say(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            ..Self::default()
        }
    }

    fn with_card(mut self, card: Card) -> Self {
        self.cards.push(card);
        self
    }

    fn add(&mut self, part: Self) {
        if !self.text.is_empty() && !part.text.is_empty() {
            self.text.push_str("\n\n");
        }
        self.text.push_str(&part.text);
        self.cards.extend(part.cards);
        self.citations.extend(part.citations);
        self.receipts.extend(part.receipts);
        self.shown.extend(part.shown);
    }
}

fn part(setting: Setting<'_>, done: &Done, found: &Found) -> Draft {
    match done {
        Done::Balances { accounts, unknown } => {
            balances::balances(setting, accounts, unknown.as_deref())
        }
        Done::Transactions { page, about } => lookups::transactions(setting, page, about),
        Done::Spending {
            summary,
            about,
            before,
        } => lookups::spending(setting, summary, about, before.as_ref()),
        Done::Bills(only) => lookups::bills(setting, only.as_ref()),
        Done::Payees => lookups::payees(setting),
        Done::Proposed(proposal) => movement::proposal(setting, proposal),
        Done::Waiting(proposal) => movement::waiting(setting, proposal),
        Done::ProposalDeclined { intent, decline } => movement::declined(setting, intent, decline),
        Done::PostDeclined(decline) => movement::post_declined(setting, decline),
        Done::Posted(receipt) => movement::posted(setting, receipt),
        Done::Replayed(receipt) => movement::replayed(setting, receipt),
        Done::NeedsFactor { proposed, method } => {
            let mut draft = part(setting, proposed, found);
            draft.text = format!("{} {}", draft.text, talk::factor(setting.wording, *method));
            draft.with_card(Card::SecondFactor { method: *method })
        }
        Done::FactorWanted(method) => Draft::say(talk::factor(setting.wording, *method))
            .with_card(Card::SecondFactor { method: *method }),
        Done::FactorRefused(method) => {
            let draft = Draft::say(setting.wording.text("factor-refused"));
            match method {
                FactorMethod::Code => draft.with_card(Card::SecondFactor { method: *method }),
                FactorMethod::Approval => draft,
            }
        }
        Done::OrderProposed {
            proposal, left_out, ..
        } if !left_out.is_empty() => schedules::pause(setting, proposal, left_out),
        Done::NoPaymentBefore(view, until) => schedules::nothing_before(setting, view, *until),
        Done::OrderProposed {
            proposal, again, ..
        } => {
            let asked = if *again {
                schedules::Asked::Another
            } else {
                schedules::Asked::First
            };
            schedules::proposal(setting, proposal, asked)
        }
        Done::OrderWaiting(proposal) => {
            schedules::proposal(setting, proposal, schedules::Asked::Again)
        }
        Done::Scheduled(view) => schedules::scheduled(setting, view),
        Done::Schedules(views) => schedules::list(setting, views, false),
        Done::WhichSchedule(views) => schedules::list(setting, views, true),
        Done::WhichChange(view) => schedules::which_change(setting, view),
        Done::Statement {
            account,
            page,
            period,
        } => schedules::statement(setting, account, page, period),
        Done::Placed(it) => pending::placed(setting, it),
        Done::StillPending(it) => pending::waits(setting, it),
        Done::Recalled(it) => pending::recalled(setting, it),
        Done::TooLate(receipt) => pending::too_late(setting, receipt.as_deref()),
        Done::SeveralPending(waiting) => pending::several(setting, waiting),
        Done::NotOffered => Draft::say(setting.wording.text("not-offered")),
        Done::Asked(question) => movement::question(setting, question),
        Done::LeftOut(orders) => movement::left_out(setting, orders),
        Done::ToAnswer { beside_handoff, .. } => talk::answer(setting, found, *beside_handoff),
        Done::HandedOff { reason, hand_off } => talk::hand_off(setting, *reason, hand_off),
        Done::Said(kind) => talk::chit_chat(setting.wording, *kind),
        Done::Cards => services::cards(setting),
        Done::Cases(cases) => services::cases(setting, cases),
        Done::Alerts { alerts, unclear } => services::alerts(setting, alerts, *unclear),
        Done::Profile { contacts, trips } => services::profile(setting, contacts, trips),
        Done::AccountDetails(account) => services::account_details(setting, account),
        Done::ChangeProposed(proposed) => services::proposal(setting, proposed, false),
        Done::ChangeWaiting(proposed) => services::proposal(setting, proposed, true),
        Done::WhichTransaction { items, fit } => services::which_transaction(setting, items, *fit),
        Done::Changed(receipt) => services::changed(setting, receipt, false),
        Done::ChangeReplayed(receipt) => services::changed(setting, receipt, true),
        other => talk::plain(setting.wording, other),
    }
}

/// The account number that a movement shows whole, because the customer has to check it.
fn shown_number(target: &Target) -> Vec<String> {
    match target {
        Target::NewPayee { number } => vec![number.as_str().to_owned()],
        Target::Own { .. } | Target::Payee { .. } | Target::Biller { .. } => Vec::new(),
    }
}
