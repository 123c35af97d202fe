//! How a turn went, in names and numbers: kept with its record, for figures over many turns. Pure.

use std::time::Duration;

use vostro_bank::{Disposition, PASSED, TurnMeasures};

use crate::act::Done;
use crate::advisor::{Tier, TurnAccount};
use crate::decide::Refusal;
use crate::ground::{Found, Grounded};
use crate::record::Decision;

/// What is kept of a turn.
pub(crate) fn measures(
    results: &[Grounded],
    decisions: &[Decision],
    account: &TurnAccount,
    took: Duration,
) -> TurnMeasures {
    let verdict = decisions.first().map(verdict);
    let ending = results.iter().map(ending).max();
    let used = [account.understanding, account.wording];
    let used = || used.iter().flatten().map(|used| used.usage);
    TurnMeasures {
        disposition: match verdict {
            Some(_) => Disposition::Blocked,
            None => ending.unwrap_or(Disposition::Unanswered),
        },
        verdict: verdict.unwrap_or_else(|| PASSED.to_owned()),
        by_model: account.tier == Tier::Model,
        took,
        model_tokens: used()
            .map(|usage| usage.prompt_tokens.saturating_add(usage.completion_tokens))
            .fold(0, u64::saturating_add),
        model_cost_micro_dollars: used()
            .map(|usage| usage.cost_micro_dollars)
            .fold(0, u64::saturating_add),
    }
}

fn verdict(decision: &Decision) -> String {
    match decision {
        Decision::InputBlocked(findings) => match findings.first() {
            Some(finding) => finding.clone(),
            None => "blocked".to_owned(),
        },
        Decision::DraftReplaced(why) => format!("draft_{why}"),
    }
}

/// Every result by name, so that a new one is a decision.
const fn ending(result: &Grounded) -> Disposition {
    match &result.done {
        Done::Blocked => Disposition::Blocked,
        Done::ToldPerson | Done::PersonGone => Disposition::WithPerson,
        Done::HandedOff { .. } => Disposition::HandedOff,
        Done::Posted(_)
        | Done::Placed(_)
        | Done::Recalled(_)
        | Done::Scheduled(_)
        | Done::Changed(_) => Disposition::Done,
        Done::Proposed(_)
        | Done::OrderProposed { .. }
        | Done::ChangeProposed(_)
        | Done::Waiting(_)
        | Done::OrderWaiting(_)
        | Done::ChangeWaiting(_)
        | Done::NeedsFactor { .. } => Disposition::Proposed,
        Done::Refused(Refusal::NotUnderstood) | Done::OutOfScope => Disposition::Unanswered,
        Done::ProposalDeclined { .. }
        | Done::PostDeclined(_)
        | Done::ChangeRefused(_)
        | Done::Refused(_)
        | Done::TooLate(_)
        | Done::TooOften
        | Done::FactorRefused(_)
        | Done::NotOffered
        | Done::NoPaymentBefore(..)
        | Done::NotOpen => Disposition::Declined,
        Done::Asked(_)
        | Done::WhichSchedule(_)
        | Done::WhichChange(_)
        | Done::WhichTransaction { .. }
        | Done::SeveralPending(_)
        | Done::NothingToConfirm
        | Done::FactorWanted(_)
        | Done::OneAtATime => Disposition::Asked,
        Done::ToAnswer { .. } => match &result.found {
            Found::Answer(_) => Disposition::Answered,
            Found::Nothing { .. } | Found::Unavailable | Found::NotAsked => Disposition::Unanswered,
        },
        Done::Balances { .. }
        | Done::Transactions { .. }
        | Done::Spending { .. }
        | Done::Bills(_)
        | Done::Payees
        | Done::Schedules(_)
        | Done::Statement { .. }
        | Done::Replayed(_)
        | Done::StillPending(_)
        | Done::Replaced
        | Done::Cancelled
        | Done::Said(_)
        | Done::Cards
        | Done::Cases(_)
        | Done::Alerts { .. }
        | Done::Profile { .. }
        | Done::AccountDetails(_)
        | Done::ChangeReplayed(_)
        | Done::ChangeDropped
        | Done::LeftOut(_)
        | Done::Stopped => Disposition::Answered,
    }
}

#[cfg(test)]
mod tests {
    use vostro_types::{PublicKnowledge, Sourced};

    use super::*;
    use crate::advisor::{ModelUse, UseOutcome};
    use crate::model::Usage;

    fn result(done: Done, found: Found) -> Grounded {
        Grounded { done, found }
    }

    fn question(found: Found) -> Grounded {
        let done = Done::ToAnswer {
            question: String::new(),
            beside_handoff: false,
        };
        result(done, found)
    }

    fn of(results: &[Grounded], decisions: &[Decision]) -> TurnMeasures {
        let account = TurnAccount::default();
        measures(results, decisions, &account, Duration::from_millis(3))
    }

    #[test]
    fn the_result_that_tells_most_names_the_turn() {
        let passage = || {
            let answer = vostro_knowledge::Answer {
                text: String::new(),
                citations: Vec::new(),
                score: 1.0,
            };
            Found::Answer(Sourced::<_, PublicKnowledge>::new(answer))
        };
        let nothing = || Found::Nothing {
            nearest: Vec::new(),
        };
        let balances = || {
            let accounts = Vec::new();
            let unknown = None;
            result(Done::Balances { accounts, unknown }, Found::NotAsked)
        };
        let not_understood = || result(Done::Refused(Refusal::NotUnderstood), Found::NotAsked);
        let table = [
            (vec![], Disposition::Unanswered),
            (vec![balances()], Disposition::Answered),
            (vec![question(passage())], Disposition::Answered),
            (vec![question(nothing())], Disposition::Unanswered),
            (vec![question(Found::Unavailable)], Disposition::Unanswered),
            (vec![not_understood()], Disposition::Unanswered),
            (
                vec![balances(), question(nothing())],
                Disposition::Unanswered,
            ),
            (
                vec![
                    question(nothing()),
                    result(Done::ToldPerson, Found::NotAsked),
                ],
                Disposition::WithPerson,
            ),
        ];
        for (results, expected) in table {
            assert_eq!(of(&results, &[]).disposition, expected, "{results:?}");
        }
    }

    #[test]
    fn what_the_guardrails_stopped_is_named_by_what_they_found() {
        let table = [
            (vec![], PASSED),
            (vec![Decision::InputBlocked(Vec::new())], "blocked"),
            (
                vec![Decision::InputBlocked(vec!["violence".to_owned()])],
                "violence",
            ),
            (vec![Decision::DraftReplaced("unbacked")], "draft_unbacked"),
        ];
        for (decisions, expected) in table {
            let measures = of(&[], &decisions);
            assert_eq!(measures.verdict, expected);
            let is_blocked = measures.disposition == Disposition::Blocked;
            assert_eq!(is_blocked, !decisions.is_empty(), "{expected}");
        }
    }

    #[test]
    fn both_uses_of_a_model_are_summed() {
        let used = |tokens| ModelUse {
            outcome: UseOutcome::Taken,
            took: Duration::ZERO,
            usage: Usage {
                prompt_tokens: tokens,
                completion_tokens: 1,
                cost_micro_dollars: 2 * tokens,
                ..Usage::default()
            },
        };
        let account = TurnAccount {
            tier: Tier::Model,
            understanding: Some(used(10)),
            wording: Some(used(5)),
            ..TurnAccount::default()
        };
        let measures = measures(&[], &[], &account, Duration::ZERO);
        assert!(measures.by_model);
        assert_eq!(measures.model_tokens, 17);
        assert_eq!(measures.model_cost_micro_dollars, 30);
    }
}
