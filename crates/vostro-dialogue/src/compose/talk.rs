//! Replies without figures of the customer's: knowledge, people, small talk, refusals.

use vostro_bank::{ChangeRefusal, FactorMethod, HandOff};

use super::wording::{Wording, say};
use super::{Draft, Setting};
use crate::act::Done;
use crate::command::{ChitChat, HandOffReason};
use crate::decide::Refusal;
use crate::ground::Found;
use crate::reply::Card;

/// Things to say that lead somewhere.
fn suggestions(wording: Wording) -> Card {
    Card::Choices {
        options: vec![
            wording.text("suggest-balance"),
            wording.text("suggest-transactions"),
            wording.text("suggest-transfer"),
            wording.text("suggest-bill"),
        ],
    }
}

pub(super) fn nothing_to_say(wording: Wording) -> Draft {
    Draft::say(wording.text("anything-else")).with_card(suggestions(wording))
}

pub(super) fn answer(setting: Setting<'_>, found: &Found, beside_handoff: bool) -> Draft {
    let wording = setting.wording;
    match found {
        Found::Answer(answer) => {
            let answer = answer.get();
            let mut titles: Vec<&str> = Vec::new();
            for citation in &answer.citations {
                if !titles.contains(&citation.title.as_str()) {
                    titles.push(&citation.title);
                }
            }
            let titles = titles.join("; ");
            let text = say!(wording, "answer", text = &answer.text, titles = &titles);
            let mut draft = Draft::say(text);
            draft.citations.clone_from(&answer.citations);
            draft
        }
        Found::NotAsked => Draft::default(),
        _ if beside_handoff => Draft::default(),
        Found::Nothing { nearest } if nearest.is_empty() => {
            Draft::say(wording.text("answer-none")).with_card(suggestions(wording))
        }
        Found::Nothing { nearest } => {
            let list: Vec<_> = nearest.iter().map(|title| format!("- {title}")).collect();
            Draft::say(say!(wording, "answer-nearest", list = &list.join("\n")))
        }
        Found::Unavailable => Draft::say(wording.text("answer-unavailable")),
    }
}

/// A person was called; the entry in the queue is the proof, and its id the customer's reference.
pub(super) fn hand_off(setting: Setting<'_>, reason: HandOffReason, hand_off: &HandOff) -> Draft {
    let wording = setting.wording;
    let reference = hand_off.id.as_str();
    let lead = match reason {
        HandOffReason::SelfHarm => {
            let text = say!(wording, "hand-off-self-harm", reference = reference);
            return handed_off(text, reason, reference);
        }
        HandOffReason::Asked => wording.text("hand-off-asked"),
        HandOffReason::Dispute => wording.text("hand-off-dispute"),
        HandOffReason::Fraud => wording.text("hand-off-fraud"),
        HandOffReason::Hardship => wording.text("hand-off-hardship"),
        HandOffReason::Bereavement => wording.text("hand-off-bereavement"),
        HandOffReason::Unsupported => wording.text("hand-off-unsupported"),
        HandOffReason::NotUnderstood => wording.text("hand-off-not-understood"),
        HandOffReason::HighValue => wording.text("hand-off-high-value"),
    };
    let text = say!(wording, "hand-off", lead = &lead, reference = reference);
    handed_off(text, reason, reference)
}

fn handed_off(text: String, reason: HandOffReason, reference: &str) -> Draft {
    Draft::say(text).with_card(Card::HandOff {
        reason: reason.as_str().to_owned(),
        reference: reference.to_owned(),
    })
}

pub(super) fn chit_chat(wording: Wording, kind: ChitChat) -> Draft {
    match kind {
        ChitChat::Greeting => Draft::say(wording.text("greeting")).with_card(suggestions(wording)),
        ChitChat::Thanks => Draft::say(wording.text("thanks")),
        ChitChat::Goodbye => Draft::say(wording.text("goodbye")),
        ChitChat::Help => Draft::say(wording.text("help")).with_card(suggestions(wording)),
        ChitChat::Identity => Draft::say(wording.text("identity")),
        ChitChat::SmallTalk => Draft::say(wording.text("small-talk")),
        ChitChat::Frustration => {
            Draft::say(wording.text("frustration")).with_card(suggestions(wording))
        }
    }
}

/// How a second factor is given.
pub(super) fn factor(wording: Wording, method: FactorMethod) -> String {
    wording.text(match method {
        FactorMethod::Code => "factor-code",
        FactorMethod::Approval => "factor-approval",
    })
}

/// Replies that need nothing but the result itself.
pub(super) fn plain(wording: Wording, done: &Done) -> Draft {
    match done {
        Done::ToldPerson => Draft::say(wording.text("passed-on")),
        Done::PersonGone => Draft::say(wording.text("person-gone")),
        Done::NotOpen => Draft::say(wording.text("not-open")),
        Done::Cancelled => Draft::say(wording.text("cancelled")),
        Done::ChangeDropped => Draft::say(wording.text("change-dropped")),
        Done::ChangeRefused(ChangeRefusal::Unknown) => Draft::say(wording.text("change-unknown")),
        Done::ChangeRefused(ChangeRefusal::State) => Draft::say(wording.text("change-state")),
        Done::Refused(Refusal::NoCard(flow)) => {
            Draft::say(super::services::no_card(wording, *flow))
        }
        Done::Refused(Refusal::CardStands) => Draft::say(wording.text("card-stands")),
        Done::Refused(Refusal::PayeeSaved) => Draft::say(wording.text("payee-saved")),
        Done::TooOften => Draft::say(wording.text("too-often")),
        Done::Stopped => Draft::say(wording.text("stopped")),
        Done::NothingToConfirm => {
            Draft::say(wording.text("nothing-to-confirm")).with_card(suggestions(wording))
        }
        Done::OneAtATime => Draft::say(wording.text("one-at-a-time")),
        Done::OutOfScope => {
            Draft::say(wording.text("out-of-scope")).with_card(suggestions(wording))
        }
        Done::Blocked => Draft::say(wording.text("blocked")),
        Done::Refused(Refusal::NoSource) => Draft::say(wording.text("no-source")),
        Done::Refused(Refusal::StepUpUnavailable) => {
            Draft::say(wording.text("step-up-unavailable"))
        }
        Done::Refused(Refusal::Undecided) => Draft::say(wording.text("undecided")),
        Done::Refused(Refusal::NotUnderstood) => Draft::say(wording.text("not-understood")),
        _ => Draft::default(),
    }
}
