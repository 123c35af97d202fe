//! What a plan is made from besides the commands: plain facts, so that a replay can give them again.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use vostro_bank::{FactorMethod, Portfolio};
use vostro_types::{ConfirmationId, HandOffId, Money};

use super::StepUpPolicy;
use crate::language::Language;
use crate::state::DialogueState;

/// What decides besides the customer's words.
#[derive(Debug)]
pub(crate) struct Situation<'a> {
    /// When the message came.
    pub now: Timestamp,
    /// That day in the bank's time zone.
    pub today: Date,
    /// The customer's accounts, payees and billers.
    pub portfolio: &'a Portfolio,
    /// The conversation's memory before this turn.
    pub state: &'a DialogueState,
    /// The person who has the conversation, by their entry in the queue.
    pub person: Option<&'a HandOffId>,
    /// The language of the message, as far as its words tell.
    pub spoken: Option<Language>,
    /// When a second factor is needed.
    pub step_up: &'a StepUpPolicy,
    /// The second factor that this customer can give.
    pub factor: Option<FactorMethod>,
    /// What this customer sent to others today, where the policy asks.
    pub sent_today: Option<Money>,
    /// The bank's time zone.
    pub time_zone: &'a TimeZone,
    /// The id for a proposal, should this turn make one.
    pub confirmation: ConfirmationId,
    /// How long that proposal can be confirmed.
    pub confirmation_ttl: SignedDuration,
}
