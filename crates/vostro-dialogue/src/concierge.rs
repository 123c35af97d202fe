//! The concierge: the long-lived parts that every turn uses.

use std::sync::{Arc, PoisonError, RwLock};

use jiff::tz::TimeZone;
use vostro_bank::{FactorRules, Store, StoreError};
use vostro_embed::Embedder;
use vostro_ledger::{Calendar, SettlementPolicy};
use vostro_types::{Clock, Entropy, SessionId, TurnId};

use crate::advisor::Advisor;
use crate::answers::AnswerCache;
use crate::decide::StepUpPolicy;
use crate::live::Listener;
use crate::ports::{CodeCheck, Guard, GuardRequest, GuardUnavailable, Knowledge, MoneyPace};
use crate::principal::Principal;
use crate::reply::Recorded;
use crate::sessions::SessionLife;

/// Settings of the conversation.
#[derive(Debug, Clone)]
pub struct DialogueSettings {
    /// How long a conversation's memory lasts.
    pub session_life: SessionLife,
    /// How long a proposal can be confirmed.
    pub confirmation_ttl: jiff::SignedDuration,
    /// The bank's calendar: what "yesterday" and a posting's day mean, and from which day a payment counts.
    pub calendar: Calendar,
    /// Whether customers that nobody created get a demo portfolio (the sandbox).
    pub open_unknown_customers: bool,
    /// When a second factor is needed, until [`Concierge::replace_step_up`] says otherwise.
    pub step_up: StepUpPolicy,
    /// How often a wrong one may be given.
    pub factor_rules: FactorRules,
    /// Whether the bank's own identity provider answers for customers who have no codes.
    pub approvals: bool,
    /// The bank's routing number, which is shown with an account's number.
    pub routing_number: Option<String>,
    /// When confirmed movements become final.
    pub settlement: SettlementPolicy,
}

/// A customer's message as it came in.
#[derive(Debug, Clone)]
pub struct RawMessage {
    /// The text. Personal data and attacks included; nothing may use it before it was screened.
    pub text: String,
    /// The conversation; a new one is opened when `None`.
    pub session: Option<SessionId>,
}

/// Why there is no reply.
#[derive(Debug, thiserror::Error)]
pub enum TurnError {
    /// The session belongs to another customer.
    #[error("this session belongs to another customer")]
    ForeignSession,
    /// An operator ended the session.
    #[error("this session has been ended")]
    SessionEnded,
    /// There is no such customer, and this bank does not open any by being talked to.
    #[error("there is no such customer")]
    UnknownCustomer,
    /// Two messages of the same conversation were answered at once; this one was not recorded.
    #[error("another message of this conversation was answered at the same time")]
    Conflict,
    /// The guardrails gave no verdict, so nothing went through.
    #[error(transparent)]
    Guard(#[from] GuardUnavailable),
    /// The store cannot answer.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// The assistant, ready to answer. Cheap to share behind an `Arc`.
pub struct Concierge {
    pub(crate) store: Arc<dyn Store>,
    pub(crate) guard: Arc<dyn Guard>,
    pub(crate) knowledge: Arc<dyn Knowledge>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) entropy: Arc<dyn Entropy>,
    pub(crate) settings: DialogueSettings,
    step_up: RwLock<Arc<StepUpPolicy>>,
    pub(crate) advisor: Option<Advisor>,
    pub(crate) answers: AnswerCache,
    pub(crate) embedder: Option<Arc<dyn Embedder>>,
    pub(crate) codes: Option<Arc<dyn CodeCheck>>,
    pub(crate) pace: Option<Arc<dyn MoneyPace>>,
    pub(crate) keeps_books_elsewhere: bool,
}

/// Answers that are kept where nobody says how many.
const ANSWERS: u64 = 10_000;

impl Concierge {
    /// Puts the assistant together.
    pub fn new(
        store: Arc<dyn Store>,
        guard: Arc<dyn Guard>,
        knowledge: Arc<dyn Knowledge>,
        clock: Arc<dyn Clock>,
        entropy: Arc<dyn Entropy>,
        settings: DialogueSettings,
    ) -> Self {
        Self {
            store,
            guard,
            knowledge,
            clock,
            entropy,
            step_up: RwLock::new(Arc::new(settings.step_up.clone())),
            settings,
            advisor: None,
            answers: AnswerCache::new(ANSWERS),
            embedder: None,
            codes: None,
            pace: None,
            keeps_books_elsewhere: false,
        }
    }

    /// The assistant with a language model to ask where the rules are unsure.
    #[must_use]
    pub fn with_advisor(mut self, advisor: Advisor) -> Self {
        self.advisor = Some(advisor);
        self
    }

    /// The assistant with one-time codes for a second factor.
    #[must_use]
    pub fn with_codes(mut self, codes: Arc<dyn CodeCheck>) -> Self {
        self.codes = Some(codes);
        self
    }

    /// The assistant with another response cache.
    #[must_use]
    pub fn with_answers(mut self, answers: AnswerCache) -> Self {
        self.answers = answers;
        self
    }

    /// The assistant with sentence vectors for messages that words leave open. The embedder works within
    /// the turn, some milliseconds; while it fails, words are all there is.
    #[must_use]
    pub fn with_embedder(mut self, embedder: Arc<dyn Embedder>) -> Self {
        self.embedder = Some(embedder);
        self
    }

    /// The assistant with a limit on how often money movements are asked for.
    #[must_use]
    pub fn with_pace(mut self, pace: Arc<dyn MoneyPace>) -> Self {
        self.pace = Some(pace);
        self
    }

    /// The assistant of a bank whose core banking system keeps the money: what is not offered over one is said to be so.
    #[must_use]
    pub const fn with_books_elsewhere(mut self) -> Self {
        self.keeps_books_elsewhere = true;
        self
    }

    /// The bank's time zone.
    pub const fn time_zone(&self) -> &TimeZone {
        self.settings.calendar.time_zone()
    }

    /// When a second factor is needed from now on; turns under way end under the policy that they began under.
    pub fn replace_step_up(&self, policy: StepUpPolicy) {
        let mut current = self.step_up.write().unwrap_or_else(PoisonError::into_inner);
        *current = Arc::new(policy);
    }

    /// When a second factor is needed now.
    pub fn step_up(&self) -> Arc<StepUpPolicy> {
        let current = self.step_up.read().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(&current)
    }

    /// How often a wrong second factor may be given.
    pub const fn factor_rules(&self) -> FactorRules {
        self.settings.factor_rules
    }

    /// A person's message to a customer as it is kept and shown: personal data masked.
    pub async fn masked(&self, text: &str) -> Result<String, GuardUnavailable> {
        let request = GuardRequest {
            text,
            direction: vostro_guardrails::Direction::Output,
        };
        Ok(self.guard.check(request).await?.masked_text)
    }

    /// Answers one message, from screening to recording. Run it in a task of its own: dropping the
    /// future midway leaves the ledger right, and the turn without a record.
    pub async fn turn(
        &self,
        principal: &Principal,
        message: RawMessage,
    ) -> Result<Recorded, TurnError> {
        let turn = TurnId::generate(&*self.entropy);
        self.turn_as(principal, message, turn).await
    }

    /// [`Concierge::turn`] with an id that the caller has, for a message that may come again: of all
    /// turns of one id at most one is recorded, the others are a [`TurnError::Conflict`].
    pub async fn turn_as(
        &self,
        principal: &Principal,
        message: RawMessage,
        turn: TurnId,
    ) -> Result<Recorded, TurnError> {
        crate::turn::run(self, principal, message, turn, None).await
    }

    /// [`Concierge::turn_as`], whose events are heard as they become ready.
    pub async fn turn_heard(
        &self,
        principal: &Principal,
        message: RawMessage,
        turn: TurnId,
        listener: &dyn Listener,
    ) -> Result<Recorded, TurnError> {
        crate::turn::run(self, principal, message, turn, Some(listener)).await
    }
}
