//! Step 7: the only place that makes an [`ApprovedReply`].
//!
//! A draft passes when every figure and deed in it is backed and the output guard lets it through.
//! Otherwise its text is replaced by one that states nothing, and the reply says that guardrails did
//! not pass. Personal data that the customer did not ask to see is masked.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use vostro_guardrails::{Direction, PiiMatch, Verdict};
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
    let verdict = checked(guard, so_far).await?;
    Ok((!verdict.blocks()).then(|| ApprovedText(shown(so_far, evidence, &verdict))))
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
    let verdict = checked(guard, &draft).await?;
    let (message, masked) = if verdict.blocks() {
        objection = Some(Objection::Guard);
        draft.cards.retain(|card| {
            matches!(
                card,
                Card::Receipt { .. }
                    | Card::Confirmation { .. }
                    | Card::Pending { .. }
                    | Card::ChangeConfirmation { .. }
                    | Card::Changed { .. }
                    | Card::SecondFactor { .. }
            )
        });
        draft.citations.clear();
        let message = wording.text("draft-blocked");
        (message.clone(), message)
    } else {
        (shown(&draft, evidence, &verdict), verdict.masked_text)
    };
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

async fn checked(guard: &dyn Guard, draft: &Draft) -> Result<Verdict, GuardUnavailable> {
    let request = GuardRequest {
        text: &draft.text,
        direction: Direction::Output,
    };
    guard.check(request).await
}

/// The text as the customer sees it: personal data masked, but for their own details. The verdict's masked
/// text, which is the one that is kept, hides those too.
fn shown(draft: &Draft, evidence: &Evidence, verdict: &Verdict) -> String {
    if verdict.pii_matches.is_empty() {
        return verdict.masked_text.clone();
    }
    let own = own_details(draft, evidence);
    unmasked(&draft.text, &verdict.pii_matches, &own).unwrap_or_else(|| verdict.masked_text.clone())
}

/// The text with all matches masked that are none of these details. `None` when the matches do not lie in
/// the text one behind the other.
fn unmasked(text: &str, matches: &[PiiMatch], own: &BTreeSet<String>) -> Option<String> {
    // A match's place is counted in code points.
    let mut ends: Vec<usize> = text.char_indices().map(|(at, _)| at).collect();
    ends.push(text.len());
    let mut shown = String::with_capacity(text.len());
    let mut copied = 0;
    for found in matches {
        let (start, end) = (*ends.get(found.start)?, *ends.get(found.end)?);
        let value = text.get(start..end)?;
        shown.push_str(text.get(copied..start)?);
        shown.push_str(if own.contains(&letters(value)) {
            value
        } else {
            &found.masked_value
        });
        copied = end;
    }
    shown.push_str(text.get(copied..)?);
    Some(shown)
}

/// What the customer's own records hold and a reply shows on purpose: names of accounts, payees and
/// billers, statement lines, and the number of a new payee; as [`letters`].
fn own_details(draft: &Draft, evidence: &Evidence) -> BTreeSet<String> {
    let portfolio = evidence.portfolio.get();
    let payees = portfolio.payees.iter();
    let names = payees.flat_map(|payee| std::iter::once(&payee.name).chain(&payee.aliases));
    let lines = evidence.results.iter().flat_map(|result| {
        let page = match &result.done {
            Done::Transactions { page, .. } => page.items.as_slice(),
            _ => &[],
        };
        page.iter().map(|item| &item.description)
    });
    let mut own: BTreeSet<String> = draft
        .shown
        .iter()
        .chain(portfolio.accounts.iter().map(|account| &account.name))
        .chain(names)
        .chain(portfolio.billers.iter().map(|biller| &biller.name))
        .chain(lines)
        .map(|detail| letters(detail))
        .collect();
    own.remove("");
    own
}

/// Letters and digits alone, in lower case: dashes and grouping make no other value.
fn letters(value: &str) -> String {
    let letters = value.chars().filter(|c| c.is_alphanumeric());
    letters.flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use vostro_guardrails::PiiKind;

    use super::*;

    #[test]
    fn own_details_are_shown_and_nothing_else_is() {
        let found = |start, end| PiiMatch {
            pii_type: PiiKind::Phone,
            confidence: 1.0,
            start,
            end,
            masked_value: "***".to_owned(),
        };
        let own = BTreeSet::from([letters("12-34"), letters("J\u{fc}rgen")]);
        let cases = [
            (
                "call 1234 or 99",
                vec![found(5, 9), found(13, 15)],
                Some("call 1234 or ***"),
            ),
            (
                "\u{1F600} 12 34",
                vec![found(2, 7)],
                Some("\u{1F600} 12 34"),
            ),
            (
                "J\u{dc}RGEN, 7",
                vec![found(0, 6), found(8, 9)],
                Some("J\u{dc}RGEN, ***"),
            ),
            ("nothing", vec![], Some("nothing")),
            ("1234", vec![found(0, 5)], None),
            ("1234", vec![found(3, 1)], None),
            ("1234", vec![found(2, 4), found(0, 2)], None),
        ];
        for (text, matches, expected) in cases {
            let shown = unmasked(text, &matches, &own);
            assert_eq!(shown.as_deref(), expected, "{text}");
        }
    }
}
