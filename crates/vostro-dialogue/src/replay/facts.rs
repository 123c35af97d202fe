//! The facts of a turn: what `decide` and `settle` are given besides the commands, written down with the turn.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use vostro_bank::{
    AccountView, Biller, Customer, FactorMethod, JsonText, Payee, Portfolio, TurnEvidence,
};
use vostro_ledger::AccountNumber;
use vostro_types::{ConfirmationId, HandOffId, Money};

use super::{state_hash, told};
use crate::advisor::Tier;
use crate::command::Understanding;
use crate::decide::{Effect, Plan, Situation, Step, StepUpPolicy, decide};
use crate::language::Language;
use crate::screen::{Heard, Screening};
use crate::state::DialogueState;

/// What a turn was decided upon, and what came of it.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Facts {
    /// The version of the program that recorded.
    pub(super) program: String,
    at: Timestamp,
    today: Date,
    /// The bank's time zone by its name in the time zone database.
    zone: Option<String>,
    /// The turn began with an empty memory: a new conversation, or one after a long silence.
    pub(super) afresh: bool,
    screening: Screening,
    handoff_rule: Option<String>,
    /// The person who had the conversation.
    #[serde(default)]
    person: Option<HandOffId>,
    /// The language of the message.
    #[serde(default)]
    spoken: Option<Language>,
    confirmation: ConfirmationId,
    confirmation_ttl_seconds: i64,
    step_up: StepUpPolicy,
    /// The second factor that the customer could give.
    #[serde(default)]
    factor: Option<FactorMethod>,
    /// What the customer had sent to others that day, where the policy asked.
    #[serde(default)]
    sent_today: Option<Money>,
    /// Ids, kinds, amounts; the names of people and accounts are left out.
    portfolio: Portfolio,
    /// The hash of the steps as a replay tells them.
    pub(super) steps: String,
    /// What came of each step.
    pub(super) effects: Vec<Effect>,
    /// Who understood the message.
    #[serde(default)]
    tier: Tier,
}

/// The facts of the moment, taken before anything is carried out.
pub(crate) struct Moment {
    facts: Facts,
}

impl Moment {
    /// Takes them down.
    pub(crate) fn of(
        situation: &Situation<'_>,
        afresh: bool,
        heard: &Heard<'_>,
        tier: Tier,
        steps: &[Step],
    ) -> Self {
        let facts = Facts {
            program: env!("CARGO_PKG_VERSION").to_owned(),
            at: situation.now,
            today: situation.today,
            zone: situation.time_zone.iana_name().map(str::to_owned),
            afresh,
            screening: heard.screening,
            handoff_rule: heard.handoff_rule.map(str::to_owned),
            person: situation.person.cloned(),
            spoken: situation.spoken,
            confirmation: situation.confirmation.clone(),
            confirmation_ttl_seconds: situation.confirmation_ttl.as_secs(),
            step_up: situation.step_up.clone(),
            factor: situation.factor,
            sent_today: situation.sent_today,
            portfolio: without_names(situation.portfolio),
            steps: told::hash(&told::steps(steps)),
            effects: Vec::new(),
            tier,
        };
        Self { facts }
    }

    /// What is kept with the turn.
    pub(crate) fn settled(mut self, effects: Vec<Effect>, state: &DialogueState) -> TurnEvidence {
        self.facts.effects = effects;
        TurnEvidence {
            facts: JsonText::of(&self.facts),
            state_hash: state_hash(state),
        }
    }
}

impl Facts {
    /// Decides again.
    pub(super) fn decide(&self, state: &DialogueState, understanding: &Understanding) -> Plan {
        let zone = self
            .zone
            .as_deref()
            .and_then(|name| TimeZone::get(name).ok());
        let zone = zone.unwrap_or(TimeZone::UTC);
        let situation = Situation {
            now: self.at,
            today: self.today,
            portfolio: &self.portfolio,
            state,
            person: self.person.as_ref(),
            spoken: self.spoken,
            step_up: &self.step_up,
            factor: self.factor,
            sent_today: self.sent_today,
            time_zone: &zone,
            confirmation: self.confirmation.clone(),
            confirmation_ttl: SignedDuration::from_secs(self.confirmation_ttl_seconds),
        };
        // The message is only handed on to the knowledge base, which is not asked here.
        let heard = Heard {
            message: "",
            screening: self.screening,
            handoff_rule: self.handoff_rule.as_deref(),
        };
        decide(&situation, &heard, understanding)
    }
}

/// What deciding reads of a portfolio. Numbers of payees and references of bills are part of what is
/// proposed, so they stay.
fn without_names(portfolio: &Portfolio) -> Portfolio {
    let masked = AccountNumber::new("0000").ok();
    let accounts = portfolio.accounts.iter().map(|account| AccountView {
        id: account.id.clone(),
        name: String::new(),
        kind: account.kind,
        number: masked.as_ref().unwrap_or(&account.number).clone(),
        balance: account.balance,
        available: account.available,
        status: account.status,
    });
    let payees = portfolio.payees.iter().map(|payee| Payee {
        id: payee.id.clone(),
        name: String::new(),
        aliases: Vec::new(),
        number: payee.number.clone(),
    });
    let billers = portfolio.billers.iter().map(|biller| Biller {
        id: biller.id.clone(),
        name: String::new(),
        aliases: Vec::new(),
        reference: biller.reference.clone(),
        amount_due: biller.amount_due,
        due_on: biller.due_on,
    });
    Portfolio {
        customer: Customer {
            id: portfolio.customer.id.clone(),
            display_name: String::new(),
            is_demo: portfolio.customer.is_demo,
        },
        accounts: accounts.collect(),
        payees: payees.collect(),
        billers: billers.collect(),
        cards: portfolio.cards.clone(),
    }
}
