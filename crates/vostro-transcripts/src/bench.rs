//! The bank that transcripts are played in: everything in memory, and a clock that only moves when told.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};

use jiff::civil::{Weekday, time};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use rand::{RngCore, SeedableRng};
use rand_chacha::ChaCha8Rng;
use vostro_dialogue::{Advisor, AdvisorSettings, Concierge, DialogueSettings, StepUpPolicy};
use vostro_guardrails::Engine;
use vostro_knowledge::KnowledgeBase;
use vostro_ledger::{Calendar, CutOffs, HolidayRule, SettlementPolicy};
use vostro_step_up::{Codes, FactorKey};
use vostro_store::{OpenError, SqliteStore, StoreConfig};
use vostro_types::{Clock, Currency, Entropy, Money};

use crate::parts::{concierge, dialogue_settings, store_config};
use crate::silent_model::SilentModel;

/// Wednesday, 18 November 2026, 15:00 UTC.
const BEGINS: i64 = 1_795_014_000;
/// Seals the secrets of codes in these banks, which are gone when the transcripts have been played.
const FACTOR_KEY: &str = "8f1d2c3b4a5968778695a4b3c2d1e0f00f1e2d3c4b5a69788796a5b4c3d2e1f0";
/// How long money to a number that is not saved waits, where it does.
const HOLD: SignedDuration = SignedDuration::from_mins(20);

/// A clock that stands still unless it is moved.
pub(crate) struct StillClock(Mutex<Timestamp>);

impl StillClock {
    fn new() -> Self {
        let begins = Timestamp::from_second(BEGINS).unwrap_or(Timestamp::UNIX_EPOCH);
        Self(Mutex::new(begins))
    }

    pub(crate) fn advance(&self, by: SignedDuration) {
        let mut now = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *now = now.saturating_add(by).unwrap_or(*now);
    }
}

impl Clock for StillClock {
    fn now(&self) -> Timestamp {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The same randomness each time, so that ids are the same each time.
struct Seeded(Mutex<ChaCha8Rng>);

impl Entropy for Seeded {
    fn fill(&self, buffer: &mut [u8]) {
        let mut rng = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        rng.fill_bytes(buffer);
    }
}

/// Weekends and the Federal Reserve's holidays; transfers to others count as made today until 16:00.
fn business_days() -> Calendar {
    let cut_offs = CutOffs {
        transfers: Some(time(16, 0, 0, 0)),
        bills: None,
    };
    Calendar::new(
        TimeZone::UTC,
        vec![Weekday::Saturday, Weekday::Sunday],
        HolidayRule::FederalReserve,
        BTreeSet::new(),
        cut_offs,
    )
}

/// A bank of its own.
pub(crate) struct Bench {
    pub(crate) concierge: Concierge,
    pub(crate) store: Arc<SqliteStore>,
    pub(crate) clock: Arc<StillClock>,
    pub(crate) codes: Option<Arc<Codes>>,
    pub(crate) entropy: Arc<dyn Entropy>,
    pub(crate) model: Arc<SilentModel>,
}

/// What needs a second factor in `step_up` and `approval`: more than $500.00, more than $600.00 a day, account
/// numbers that are not saved, and what opens a way to the money. More than $3,000.00 is a person's.
fn step_up(name: &str) -> StepUpPolicy {
    if !name.starts_with("step_up") && !name.starts_with("approval") {
        return StepUpPolicy::default();
    }
    let usd = |minor| Some(Money::new(minor, Currency::USD));
    StepUpPolicy {
        above: usd(50_000),
        per_day: usd(60_000),
        person_above: usd(300_000),
        new_payee: true,
        sensitive: true,
    }
}

impl Bench {
    /// Opens the bank of a file: the name decides what is special about it.
    pub(crate) fn of_file(name: &str, knowledge: &Arc<KnowledgeBase>) -> Result<Self, OpenError> {
        let new_payee_hold = name.starts_with("pending").then_some(HOLD);
        let calendar = if name.starts_with("calendar") {
            business_days()
        } else {
            Calendar::every_day(TimeZone::UTC)
        };
        let clock = Arc::new(StillClock::new());
        let entropy: Arc<dyn Entropy> = Arc::new(Seeded(Mutex::new(ChaCha8Rng::seed_from_u64(7))));
        let config = StoreConfig {
            calendar: calendar.clone(),
            ..store_config(clock.clone(), entropy.clone(), 1_000_000)
        };
        let store = Arc::new(SqliteStore::open(":memory:", config)?);
        let mut settings = dialogue_settings();
        if name.starts_with("sessions") {
            settings.session_life.whole = SignedDuration::from_hours(1);
        }
        let settings = DialogueSettings {
            calendar,
            step_up: step_up(name),
            approvals: name.starts_with("approval"),
            routing_number: Some("123456780".to_owned()),
            settlement: SettlementPolicy { new_payee_hold },
            ..settings
        };
        let engine = Arc::new(Engine::builtin());
        let model = Arc::new(SilentModel::default());
        let concierge = concierge(
            store.clone(),
            Arc::clone(&engine),
            Arc::clone(knowledge),
            clock.clone(),
            entropy.clone(),
            settings,
        )
        .with_advisor(Advisor::new(
            model.clone(),
            engine,
            AdvisorSettings::default(),
        ));
        let key = FactorKey::read(FACTOR_KEY.as_bytes()).ok();
        let codes = key.map(|key| Arc::new(Codes::new(key)));
        let concierge = match &codes {
            Some(codes) => concierge.with_codes(codes.clone()),
            None => concierge,
        };
        Ok(Self {
            concierge,
            store,
            clock,
            codes,
            entropy,
            model,
        })
    }
}
