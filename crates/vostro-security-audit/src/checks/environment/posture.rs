//! How this program itself is set, as its caller read it: who is asked for a credential, how often callers may ask, and
//! whether the guardrails hold.

use super::ENV;
use crate::checks::Context;
use crate::finding::{Finding, Place};
use crate::report::Report;
use crate::rules::the;
use crate::standards::OWN_CONFIGURATION as NAME;

/// Requests a minute of one customer from which limits do not limit a person any more.
const PER_MINUTE_MAX: u32 = 10_000;

/// The settings that matter.
#[derive(Debug, Clone)]
pub struct Posture {
    /// Where the settings come from, for the findings.
    pub source: String,
    /// Whether callers show who they are.
    pub authenticated: bool,
    /// Whether only this machine can reach the ports.
    pub loopback: bool,
    /// Requests a minute of one customer.
    pub requests_per_minute: u32,
    /// What the guardrails let through although they must not, each in a few words.
    pub passed_the_guardrails: Vec<String>,
}

pub(super) fn check(context: &Context<'_>, report: &mut Report) {
    let Some(posture) = &context.options.posture else {
        return report.nothing_there(ENV, NAME, "configuration of this program");
    };
    let mut add = |rule, what: String| {
        let place = Place::file(&posture.source);
        report.findings.push(Finding::new(the(rule), place, what));
    };
    if !posture.authenticated && !posture.loopback {
        add("ENV-010", "`auth.mode` asks for nothing".to_owned());
    }
    if posture.requests_per_minute > PER_MINUTE_MAX {
        let figure = posture.requests_per_minute;
        add(
            "ENV-011",
            format!("`limits.requests_per_minute` is {figure}"),
        );
    }
    for text in &posture.passed_the_guardrails {
        add("ENV-012", format!("they let through {text}"));
    }
    let figure = posture.requests_per_minute;
    report.ran(
        ENV,
        NAME,
        format!("{figure} requests a minute, guardrails tried"),
    );
}
