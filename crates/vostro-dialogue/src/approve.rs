//! Step 7: the only place that makes an [`ApprovedReply`].
//!
//! A draft passes when every figure and deed in it is backed and the output guard lets it through.
//! Otherwise its text is replaced by one that states nothing, and the reply says that guardrails did
//! not pass. Personal data that the customer did not ask to see is masked.

use std::collections::BTreeMap;

use serde_json::Value;
use vostro_guardrails::Direction;
use vostro_types::{SessionId, TurnId};

use crate::act::Done;
use crate::backing::{Unbacked, unbacked};
use crate::compose::Draft;
use crate::compose::wording::Wording;
use crate::ground::Evidence;
use crate::language::Language;
use crate::ports::{Guard, GuardRequest, GuardUnavailable};
use crate::reply::{ApprovedReply, Card, HandledBy};

/// What stands in a reply besides the draft.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Envelope {
    /// The conversation.
    pub session_id: SessionId,
    /// The turn.
    pub turn_id: TurnId,
    /// Unix seconds.
    pub timestamp: f64,
    /// Whether the input guard let the message through.
    pub input_passed: bool,
    /// What the message was understood to be about.
    pub intent: Option<String>,
    /// The commands, as clients see them.
    pub commands: Vec<Value>,
    /// The slots, masked.
    pub slots: BTreeMap<String, String>,
    /// Whether the message is nothing for a bank's assistant.
    pub out_of_scope: bool,
    /// Whether a person has the conversation.
    pub by_person: bool,
    /// The language of the conversation.
    pub language: Language,
}

/// Why a draft was replaced.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Objection {
    /// A statement without evidence.
    Unbacked(Unbacked),
    /// The output guard.
    Guard,
}

/// A reply that may go out, and what it looks like where it is kept.
#[derive(Debug)]
pub(crate) struct Approval {
    /// The reply.
    pub reply: ApprovedReply,
    /// Its text with all personal data masked.
    pub masked: String,
    /// Why the draft was replaced, if it was.
    pub objection: Option<Objection>,
}

/// Words of a reply in the making that passed the output guard. Only this file makes them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ApprovedText(String);

impl ApprovedText {
    /// The words.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

/// Checks a reply as far as it has been made; `None` when it must not go out.
pub(crate) async fn approve_text(
    guard: &dyn Guard,
    so_far: &Draft,
    evidence: &Evidence,
) -> Result<Option<ApprovedText>, GuardUnavailable> {
    if unbacked(so_far, evidence).is_some() {
        return Ok(None);
    }
    let allow = own_details(so_far, evidence);
    let request = GuardRequest {
        text: &so_far.text,
        direction: Direction::Output,
        allow: &allow,
    };
    let verdict = guard.check(request).await?;
    Ok((!verdict.blocks()).then_some(ApprovedText(verdict.masked_text)))
}

/// Checks a draft and makes the reply.
pub(crate) async fn approve(
    guard: &dyn Guard,
    draft: Draft,
    evidence: &Evidence,
    envelope: Envelope,
) -> Result<Approval, GuardUnavailable> {
    let wording = Wording::of(envelope.language);
    let mut objection = unbacked(&draft, evidence).map(Objection::Unbacked);
    let mut draft = draft;
    if objection.is_some() {
        draft.text = wording.text("draft-unbacked");
    }
    let allow = own_details(&draft, evidence);
    let request = GuardRequest {
        text: &draft.text,
        direction: Direction::Output,
        allow: &allow,
    };
    let verdict = guard.check(request).await?;
    let message = if verdict.blocks() {
        objection = Some(Objection::Guard);
        draft.cards.retain(|card| {
            matches!(
                card,
                Card::Receipt { .. }
                    | Card::Confirmation { .. }
                    | Card::Pending { .. }
                    | Card::ChangeConfirmation { .. }
                    | Card::Changed { .. }
            )
        });
        draft.citations.clear();
        wording.text("draft-blocked")
    } else {
        verdict.masked_text
    };
    let masked = masked(guard, &message, &allow).await?;
    let reply = ApprovedReply {
        message,
        session_id: envelope.session_id,
        timestamp: envelope.timestamp,
        guardrails_passed: envelope.input_passed && objection.is_none(),
        turn_id: envelope.turn_id,
        intent: envelope.intent,
        commands: envelope.commands,
        slots: envelope.slots,
        out_of_scope: envelope.out_of_scope,
        handled_by: if envelope.by_person {
            HandledBy::Person
        } else {
            HandledBy::Assistant
        },
        language: envelope.language,
        cards: draft.cards,
        citations: draft.citations,
        receipts: draft.receipts,
    };
    Ok(Approval {
        reply,
        masked,
        objection,
    })
}

/// The text as it is kept: without the details that the customer was shown on purpose.
async fn masked(
    guard: &dyn Guard,
    message: &str,
    allow: &[String],
) -> Result<String, GuardUnavailable> {
    if allow.is_empty() {
        return Ok(message.to_owned());
    }
    let request = GuardRequest {
        text: message,
        direction: Direction::Output,
        allow: &[],
    };
    Ok(guard.check(request).await?.masked_text)
}

/// What the customer's own records hold and a reply shows on purpose: names of accounts, payees and
/// billers, statement lines, and the number of a new payee.
fn own_details(draft: &Draft, evidence: &Evidence) -> Vec<String> {
    let portfolio = evidence.portfolio.get();
    let mut shown = draft.shown.clone();
    shown.extend(
        portfolio
            .accounts
            .iter()
            .map(|account| account.name.clone()),
    );
    for payee in &portfolio.payees {
        shown.push(payee.name.clone());
        shown.extend(payee.aliases.iter().cloned());
    }
    shown.extend(portfolio.billers.iter().map(|biller| biller.name.clone()));
    for result in &evidence.results {
        if let Done::Transactions { page, .. } = &result.done {
            shown.extend(page.items.iter().map(|item| item.description.clone()));
        }
    }
    shown
}
