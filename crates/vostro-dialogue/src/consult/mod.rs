//! Between understanding and deciding: where the rules are unsure, a language model is asked what the message
//! means, and what it proposes is checked.
//!
//! It sees the last turns and the message with personal data replaced by names, and the flows and slots on
//! offer. It answers with commands from a closed list ([`offer`]), whose slots are the customer's own words
//! ([`accept`]). It cannot say yes or no, end or take back anything, name an id, or add a word that the
//! customer did not say; whatever it does, the rules' reading stands where it gives nothing better.

mod accept;
mod offer;
mod prompt;

use std::time::Instant;

use vostro_bank::ConversationTurn;

use crate::advisor::{Advisor, ModelUse, Tier, UseOutcome};
use crate::command::{Command, Understanding};
use crate::concierge::Concierge;
use crate::live::{Live, Progress};
use crate::scene::Scene;
use crate::screen::{Screened, Screening};
use crate::understand::Context;

/// So many turns of the conversation are shown.
const EARLIER: u32 = 3;

/// A message as it is understood in the end.
#[derive(Debug)]
pub(crate) struct Consulted {
    /// What it means.
    pub understanding: Understanding,
    /// Who says so.
    pub tier: Tier,
    /// The model's part, if it was asked.
    pub used: Option<ModelUse>,
}

/// Asks the model where the rules are unsure.
pub(crate) async fn consult(
    concierge: &Concierge,
    scene: &Scene,
    screened: &Screened,
    local: Understanding,
    began: Instant,
    live: &mut Live<'_>,
) -> Consulted {
    let advisor = concierge.advisor.as_ref().filter(|advisor| {
        screened.screening() == Screening::Passed
            && scene.person.is_none()
            && is_unsure(&local, advisor.settings.ask_below)
    });
    let Some(advisor) = advisor else {
        return Consulted {
            understanding: local,
            tier: Tier::Local,
            used: None,
        };
    };
    live.progress(Progress::Understanding);
    let earlier = earlier(concierge, scene).await;
    ask(advisor, scene, screened, local, &earlier, began).await
}

/// The commands of an answer, as [`ask`] takes them.
#[cfg(any(test, feature = "fuzzing"))]
pub(crate) fn proposed(
    engine: &vostro_guardrails::Engine,
    message: &str,
    context: &Context<'_>,
    answer: &str,
) -> Vec<Command> {
    let (_, said) = prompt::request(engine, message, context, &[]);
    accept::accept(answer, &said, context)
}

/// Whether a reading is worth asking about. What must not wait for a second opinion never is: a yes, a no,
/// a call for a person, and flows that a model may not begin.
fn is_unsure(local: &Understanding, ask_below: f32) -> bool {
    let settled = |command: &Command| match command {
        Command::Confirm
        | Command::Deny
        | Command::Choose { .. }
        | Command::Cancel
        | Command::Resume
        | Command::Unsure
        | Command::Recall
        | Command::HandOff { .. } => true,
        Command::StartFlow { flow } => offer::offer(*flow, false).is_none(),
        _ => false,
    };
    (local.commands.is_empty() || local.confidence < ask_below)
        && !local.commands.iter().any(settled)
}

/// The last turns; none when the conversation begins, or when they cannot be read, which is no reason not to
/// answer.
async fn earlier(concierge: &Concierge, scene: &Scene) -> Vec<ConversationTurn> {
    if scene.afresh {
        return Vec::new();
    }
    let (customer, session) = (&scene.session.customer, &scene.session.id);
    let after = scene.session.version.saturating_sub(u64::from(EARLIER));
    let turns = concierge
        .store
        .conversation(customer, session, after, EARLIER)
        .await;
    turns.ok().flatten().unwrap_or_default()
}

async fn ask(
    advisor: &Advisor,
    scene: &Scene,
    screened: &Screened,
    local: Understanding,
    earlier: &[ConversationTurn],
    turn_began: Instant,
) -> Consulted {
    let began = Instant::now();
    let context = Context {
        portfolio: &scene.portfolio,
        state: &scene.state,
        today: scene.today,
        embedder: None,
    };
    let (request, said) = prompt::request(&advisor.engine, screened.text(), &context, earlier);
    let deadline = advisor.deadline(turn_began, advisor.settings.understanding);
    let answer = advisor.model.complete(&request, deadline).await.ok();
    let commands = answer
        .as_ref()
        .map(|answer| accept::accept(&answer.text, &said, &context))
        .unwrap_or_default();
    let outcome = match (&answer, commands.is_empty()) {
        (None, _) => UseOutcome::Failed,
        (Some(_), true) => UseOutcome::Nothing,
        (Some(_), false) => UseOutcome::Taken,
    };
    let used = Some(ModelUse::of(outcome, began, answer.as_ref()));
    if commands.is_empty() {
        return Consulted {
            understanding: local,
            tier: Tier::Local,
            used,
        };
    }
    Consulted {
        understanding: Understanding {
            commands,
            confidence: advisor.settings.ask_below,
        },
        tier: Tier::Model,
        used,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command::{Flow, HandOffReason};

    #[test]
    fn only_what_can_wait_is_asked_about() {
        let start = |flow| Command::StartFlow { flow };
        let reason = HandOffReason::Fraud;
        let cases = [
            (vec![], 0.0, true),
            (vec![Command::Ask], 0.4, true),
            (vec![Command::Ask], 0.5, false),
            (vec![start(Flow::Transfer)], 0.4, true),
            (vec![start(Flow::CancelSchedule)], 0.4, false),
            (vec![Command::Confirm], 0.1, false),
            (vec![Command::Deny], 0.1, false),
            (vec![Command::Cancel], 0.1, false),
            (vec![Command::Recall], 0.1, false),
            (vec![Command::HandOff { reason }], 0.1, false),
        ];
        for (commands, confidence, expected) in cases {
            let local = Understanding {
                commands,
                confidence,
            };
            assert_eq!(is_unsure(&local, 0.5), expected, "{local:?}");
        }
    }
}
