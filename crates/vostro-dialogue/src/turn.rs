//! The straight line of a turn. Each step takes what the step before it made:
//!
//! ```text
//! RawMessage ─screen→ Screened ─understand→ Understanding ─decide→ Plan ─act→ Outcome
//!            ─ground→ Evidence ─compose→ Draft ─approve→ ApprovedReply ─record→ Recorded
//! ```
//!
//! Screening comes before anything reads the message, approval before anything leaves. Only
//! [`crate::approve`] makes an [`ApprovedReply`](crate::reply::ApprovedReply), and only that
//! serializes, so a reply around the output guard does not compile.

use serde_json::{Value, json};
use tracing::Instrument;
use vostro_bank::{Portfolio, TurnCommitted};
use vostro_types::{ConfirmationId, TurnId};

use crate::act::{Actor, act};
use crate::approve::{Envelope, approve};
use crate::command::{Command, Understanding};
use crate::compose::compose;
use crate::concierge::{Concierge, RawMessage, TurnError};
use crate::decide::{Effect, Situation, decide, reported_slots, settle};
use crate::ground::ground;
use crate::language::detect;
use crate::principal::Principal;
use crate::record::{commit, decisions};
use crate::replay::Moment;
use crate::reply::Recorded;
use crate::scene::Scene;
use crate::screen::{Screened, Screening, screen};
use crate::state::DialogueState;
use crate::steps::{step, within};
use crate::understand::{Context, understand};
use crate::words::slot_text;

pub(crate) async fn run(
    concierge: &Concierge,
    principal: &Principal,
    message: RawMessage,
    turn: TurnId,
) -> Result<Recorded, TurnError> {
    let opened = Scene::open(concierge, &principal.customer, message.session);
    let scene = within(step!("open"), opened).await?;
    let screening = screen(&*concierge.guard, message.text);
    let screened = within(step!("screen"), screening).await?;
    let understanding = step!("understand").in_scope(|| read(&screened, &scene));
    let situation = situation(concierge, &scene, &screened);
    let plan = step!("decide").in_scope(|| decide(&situation, &screened.heard(), &understanding));
    let moment = Moment::of(&situation, scene.afresh, &screened.heard(), &plan.steps);
    let actor = Actor {
        store: &*concierge.store,
        clock: &*concierge.clock,
        customer: &principal.customer,
        session: &scene.session.id,
        turn: &turn,
        settlement: concierge.settings.settlement,
    };
    let acting = act(&actor, plan.steps, scene.portfolio.clone());
    let outcome = within(step!("act"), acting).await?;
    let effects: Vec<_> = outcome.done.iter().map(Effect::of).collect();
    let state = settle(plan.state, &effects);
    let replayable = moment.settled(effects, &state);
    let grounding = ground(&*concierge.knowledge, outcome);
    let evidence = grounding.instrument(step!("ground")).await;
    let settings = &concierge.settings;
    let routing = settings.routing_number.as_deref();
    let draft = step!("compose")
        .in_scope(|| compose(&evidence, &settings.time_zone, routing, state.language));
    let envelope = envelope(
        concierge,
        &scene,
        &turn,
        &screened,
        &understanding,
        &state,
        evidence.portfolio.get(),
    );
    let approving = approve(&*concierge.guard, draft, &evidence, envelope);
    let approval = within(step!("approve"), approving).await?;
    let decisions = decisions(&screened, approval.objection.as_ref());
    let commit = commit(
        &scene,
        &state,
        &screened,
        &understanding,
        replayable,
        &approval,
        &decisions,
    );
    let events = commit.turn.events.clone();
    let recording = concierge.store.commit_turn(commit);
    match within(step!("record"), recording).await? {
        TurnCommitted::Recorded => Ok(Recorded {
            reply: approval.reply,
            events,
        }),
        TurnCommitted::Conflict => Err(TurnError::Conflict),
    }
}

/// Step 2. A message that was blocked, or is a person's to answer, is not read for its meaning.
fn read(screened: &Screened, scene: &Scene) -> Understanding {
    if screened.screening() != Screening::Passed || scene.person.is_some() {
        return Understanding::nothing();
    }
    let context = Context {
        portfolio: &scene.portfolio,
        state: &scene.state,
        today: scene.today,
    };
    understand(screened.text(), &context)
}

fn situation<'a>(concierge: &'a Concierge, scene: &'a Scene, screened: &Screened) -> Situation<'a> {
    Situation {
        now: scene.now,
        today: scene.today,
        portfolio: &scene.portfolio,
        state: &scene.state,
        person: scene.person.as_ref(),
        spoken: detect(screened.text()),
        step_up: &concierge.settings.step_up,
        time_zone: &concierge.settings.time_zone,
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
