//! Step 1: the guardrails look at the customer's message before anything else does.

use serde::{Deserialize, Serialize};
use vostro_guardrails::{Direction, Verdict};

use crate::code::concealed;
use crate::ports::{Guard, GuardRequest, GuardUnavailable};

/// A message that was checked. What it says may be read for its meaning only when it is not blocked;
/// only `masked` is kept or sent on.
#[derive(Debug)]
pub(crate) struct Screened {
    text: String,
    verdict: Verdict,
}

/// What the check means for the turn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Screening {
    /// Go on.
    Passed,
    /// Answer with help and a person.
    SelfHarm,
    /// Decline.
    Blocked,
}

/// What deciding is given of a message: never its own text.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Heard<'a> {
    /// The message with personal data masked.
    pub message: &'a str,
    /// What the check means for the turn.
    pub screening: Screening,
    /// The policy rule by which the message has to reach a person.
    pub handoff_rule: Option<&'a str>,
}

/// Checks a message. No verdict, no turn.
pub(crate) async fn screen(guard: &dyn Guard, text: String) -> Result<Screened, GuardUnavailable> {
    let request = GuardRequest {
        text: &text,
        direction: Direction::Input,
    };
    let verdict = guard.check(request).await?;
    Ok(Screened { text, verdict })
}

impl Screened {
    /// What the check means for the turn.
    pub(crate) fn screening(&self) -> Screening {
        if self.verdict.self_harm() {
            Screening::SelfHarm
        } else if self.verdict.blocks() {
            Screening::Blocked
        } else {
            Screening::Passed
        }
    }

    /// Keeps a one-time code out of everything that is kept.
    pub(crate) fn conceal_code(&mut self) {
        self.verdict.masked_text = concealed(&self.verdict.masked_text);
    }

    /// The message itself, for the understanding alone.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// The message with personal data masked, for everything that is kept.
    pub(crate) fn masked(&self) -> &str {
        &self.verdict.masked_text
    }

    /// The policy rule by which this message has to reach a person, if one holds.
    pub(crate) fn handoff_rule(&self) -> Option<&str> {
        self.verdict
            .handoff
            .as_ref()
            .map(|handoff| handoff.reason.as_str())
    }

    /// What deciding is given of it.
    pub(crate) fn heard(&self) -> Heard<'_> {
        Heard {
            message: self.masked(),
            screening: self.screening(),
            handoff_rule: self.handoff_rule(),
        }
    }

    /// The names of what was found, for the audit trail: never the text.
    pub(crate) fn findings(&self) -> Vec<String> {
        let safety = self
            .verdict
            .safety_violations
            .iter()
            .map(|found| name(&found.category));
        let injection = self
            .verdict
            .injections
            .iter()
            .map(|found| name(&found.technique));
        safety.chain(injection).collect()
    }
}

fn name(value: &impl serde::Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(name)) => name,
        _ => String::new(),
    }
}
