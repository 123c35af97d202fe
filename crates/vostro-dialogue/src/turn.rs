//! The straight line of a turn. Each step takes what the step before it made:
//!
//! ```text
//! RawMessage ─screen→ Screened ─understand→ Understanding ─consult→ Consulted ─decide→ Plan
//!            ─act→ Outcome ─ground→ Evidence ─compose→ Draft ─word→ Worded
//!            ─approve→ ApprovedReply ─record→ Recorded
//! ```
//!
//! Two of them, `consult` and `word`, ask a language model where one is configured and the rules are unsure
//! or an answer can be put better; without one they hand on what they were given.
//!
//! Screening comes before anything reads the message, approval before anything leaves. Only
//! [`crate::approve`] makes an [`ApprovedReply`](crate::reply::ApprovedReply), and only that
//! serializes, so a reply around the output guard does not compile.

use std::sync::Arc;
use std::time::Instant;

use serde_json::{Value, json};
use tracing::Instrument;
use vostro_bank::{Portfolio, TurnCommitted};
use vostro_types::{ConfirmationId, TurnId};

use crate::act::elsewhere::Elsewhere;
use crate::act::{Actor, Factors, act};
use crate::advisor::TurnAccount;
use crate::approve::{Approval, Envelope, approve};
use crate::code;
use crate::command::{Command, Understanding};
use crate::compose::compose;
use crate::concierge::{Concierge, RawMessage, TurnError};
use crate::consult::{Consulted, consult};
use crate::decide::{Effect, Situation, decide, reported_slots, settle};
use crate::ground::{Evidence, ground};
use crate::language::detect;
use crate::live::{Listener, Live};
use crate::measure::measures;
use crate::ports::GuardUnavailable;
use crate::principal::Principal;
use crate::record::{commit, decisions};
use crate::replay::Moment;
use crate::reply::Recorded;
use crate::scene::Scene;
use crate::screen::{Screened, Screening, screen};
use crate::state::DialogueState;
use crate::steps::{step, within};
use crate::understand::{Context, explain};
use crate::wording::{Worded, word};
use crate::words::slot_text;

pub(crate) async fn run(
    concierge: &Concierge,
    principal: &Principal,
    message: RawMessage,
    turn: TurnId,
    listener: Option<&dyn Listener>,
) -> Result<Recorded, TurnError> {
    let began = Instant::now();
    let mut live = Live::new(listener);
    let opened = Scene::open(concierge, &principal.customer, message.session);
    let scene = within(step!("open"), opened).await?;
    let mut screened = within(step!("screen"), screen(&*concierge.guard, message.text)).await?;
    let given = code::given(screened.text(), &scene.state);
    if given.is_some() {
        screened.conceal_code();
    }
    let (local, asks) = step!("understand").in_scope(|| read(concierge, &screened, &scene));
    let consulting = consult(concierge, &scene, &screened, local, began, &mut live);
    let consulted = consulting.instrument(step!("consult")).await;
    let understanding = &consulted.understanding;
    let situation = situation(concierge, &scene, &screened);
    let plan = step!("decide").in_scope(|| decide(&situation, &screened.heard(), understanding));
    let moment = Moment::of(
        &situation,
        scene.afresh,
        &screened.heard(),
        consulted.tier,
        &plan.steps,
    );
    let actor = Actor {
        store: &*concierge.store,
        clock: &*concierge.clock,
        customer: &principal.customer,
        session: &scene.session.id,
        turn: &turn,
        settlement: concierge.settings.settlement,
        factors: Factors {
            needed: plan.factor,
            policy: &scene.step_up,
            sent_today: scene.sent_today,
            available: scene.factor,
            code: given.as_ref(),
            codes: concierge.codes.as_deref(),
            rules: concierge.settings.factor_rules,
            entropy: &*concierge.entropy,
        },
        pace: concierge.pace.as_deref(),
        elsewhere: Elsewhere::of(concierge, &plan.state),
    };
    // What a step asks of the store is large; a turn is not to be.
    let acting = Box::pin(act(&actor, plan.steps, Arc::clone(&scene.portfolio)));
    let outcome = within(step!("act"), acting).await?;
    let effects: Vec<_> = outcome.done.iter().map(Effect::of).collect();
    let state = settle(plan.state, plan.held.as_ref(), &effects);
    let replayable = moment.settled(effects, &state);
    let grounding = ground(&*concierge.knowledge, &concierge.answers, outcome, asks);
    let (evidence, answer_was_cached) = grounding.instrument(step!("ground")).await;
    let settings = &concierge.settings;
    let draft =
        step!("compose").in_scope(|| compose(&evidence, settings, scene.now, state.language));
    let envelope = envelope(
        concierge,
        &scene,
        &turn,
        &screened,
        understanding,
        &state,
        evidence.portfolio.get(),
    );
    let wording = word(concierge, &evidence, draft, began, &envelope, &mut live);
    let worded = within(step!("word"), wording).await?;
    let account = account(&scene, &consulted, &evidence, &worded, answer_was_cached);
    let approving = approved(concierge, worded, &evidence, &envelope, &live);
    let approval = within(step!("approve"), approving).await?;
    live.finish(&approval.reply);
    let decisions = decisions(&screened, approval.objection.as_ref());
    let measures = measures(&evidence.results, &decisions, &account, began.elapsed());
    let commit = commit(
        &scene,
        &state,
        &screened,
        understanding,
        replayable,
        measures,
        &approval,
        &decisions,
        &live,
    );
    let recording = concierge.store.commit_turn(commit);
    match within(step!("record"), recording).await? {
        TurnCommitted::Recorded => {
            live.let_go();
            Ok(Recorded {
                reply: approval.reply,
                events: live.into_events(),
                account,
            })
        }
        TurnCommitted::Conflict => Err(TurnError::Conflict),
    }
}

/// What the turn used.
fn account(
    scene: &Scene,
    consulted: &Consulted,
    evidence: &Evidence,
    worded: &Worded,
    answer_was_cached: Option<bool>,
) -> TurnAccount {
    TurnAccount {
        tier: consulted.tier,
        opened: scene.afresh,
        retrieved: evidence.retrieved(),
        understanding: consulted.used,
        wording: worded.used,
        answer_was_cached,
        wording_was_cached: worded.was_cached,
    }
}

/// The first draft that is approved and goes on from the words that have left already; the last one is
/// approved for what can be said of it.
async fn approved(
    concierge: &Concierge,
    worded: Worded,
    evidence: &Evidence,
    envelope: &Envelope,
    live: &Live<'_>,
) -> Result<Approval, GuardUnavailable> {
    let guard = &*concierge.guard;
    let Worded {
        template, better, ..
    } = worded;
    for draft in better {
        let approval = approve(guard, draft, evidence, envelope.clone()).await?;
        if approval.objection.is_none() && live.goes_on_with(&approval.reply) {
            return Ok(approval);
        }
    }
    approve(guard, template, evidence, envelope.clone()).await
}

/// Step 2, and the general question that the message stands for. A message that was blocked, or is a person's to
/// answer, is not read for its meaning.
fn read(
    concierge: &Concierge,
    screened: &Screened,
    scene: &Scene,
) -> (Understanding, Option<&'static str>) {
    if screened.screening() != Screening::Passed || scene.person.is_some() {
        return (Understanding::nothing(), None);
    }
    // A code is the yes to what waits for it.
    if code::given(screened.text(), &scene.state).is_some() {
        let confirmed = Understanding {
            commands: vec![Command::Confirm],
            confidence: 1.0,
        };
        return (confirmed, None);
    }
    let context = Context {
        portfolio: &scene.portfolio,
        state: &scene.state,
        today: scene.today,
        embedder: concierge.embedder.as_deref(),
    };
    let trace = explain(screened.text(), &context);
    let asks = trace.question();
    (trace.understanding, asks)
}

fn situation<'a>(concierge: &'a Concierge, scene: &'a Scene, screened: &Screened) -> Situation<'a> {
    Situation {
        now: scene.now,
        today: scene.today,
        portfolio: &scene.portfolio,
        state: &scene.state,
        person: scene.person.as_ref(),
        spoken: detect(screened.text()),
        step_up: &scene.step_up,
        factor: scene.factor,
        sent_today: scene.sent_today,
        time_zone: concierge.settings.calendar.time_zone(),
        confirmation: ConfirmationId::generate(&*concierge.entropy),
        confirmation_ttl: concierge.settings.confirmation_ttl,
    }
}

fn envelope(
    concierge: &Concierge,
    scene: &Scene,
    turn: &TurnId,
    screened: &Screened,
    understanding: &Understanding,
    state: &DialogueState,
    portfolio: &Portfolio,
) -> Envelope {
    let active = scene
        .state
        .active
        .as_ref()
        .or(scene.state.last.as_ref())
        .map(|flow| flow.flow);
    let slots = reported_slots(state)
        .map(|value| {
            (
                value.slot().as_str().to_owned(),
                slot_text(portfolio, value),
            )
        })
        .collect();
    Envelope {
        session_id: scene.session.id.clone(),
        turn_id: turn.clone(),
        timestamp: unix_seconds(concierge.clock.now()),
        input_passed: screened.screening() == Screening::Passed,
        intent: understanding.intent(active).map(str::to_owned),
        commands: understanding
            .commands
            .iter()
            .map(|command| wire(command, portfolio))
            .collect(),
        slots,
        out_of_scope: understanding.is_out_of_scope(),
        by_person: scene.person.is_some(),
        language: state.language,
    }
}

#[allow(
    clippy::cast_precision_loss,
    reason = "microseconds since 1970 fit 53 bits until 2255"
)]
fn unix_seconds(at: jiff::Timestamp) -> f64 {
    at.as_microsecond() as f64 / 1e6
}

/// A command as clients see it: account numbers masked, accounts and payees by name.
pub fn wire(command: &Command, portfolio: &Portfolio) -> Value {
    match command {
        Command::SetSlot(value) => json!({
            "command": "set_slot",
            "slot": value.slot().as_str(),
            "value": slot_text(portfolio, value),
        }),
        other => serde_json::to_value(other).unwrap_or_default(),
    }
}
