//! Step 5: what a reply may rest on. Questions are taken to the knowledge base; everything else
//! already has its receipt or its reading.
//!
//! The two kinds of evidence keep their origin in their type: what was read from the customer's
//! records can never stand where only public knowledge is accepted, such as a shared cache.

use std::sync::Arc;

use vostro_bank::Portfolio;
use vostro_knowledge::Answer;
use vostro_types::{CustomerData, PublicKnowledge, Sourced};

use crate::act::{Done, Outcome};
use crate::advisor::Retrieved;
use crate::answers::{AnswerCache, QuestionKey};
use crate::ports::Knowledge;

/// How many passages an answer is chosen from.
const PASSAGES: usize = 10;

/// What came of asking the knowledge base.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Found {
    /// Nothing was asked.
    NotAsked,
    /// The passage's own words.
    Answer(Sourced<Answer, PublicKnowledge>),
    /// Nothing relevant; these articles come nearest.
    Nothing {
        /// Their titles, at most three.
        nearest: Vec<String>,
    },
    /// The knowledge base could not be asked.
    Unavailable,
}

/// A result with what was found for it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Grounded {
    /// What came of the step.
    pub done: Done,
    /// What the knowledge base has on it.
    pub found: Found,
}

/// Everything that the reply may state.
#[derive(Debug)]
pub(crate) struct Evidence {
    /// The results, in order.
    pub results: Vec<Grounded>,
    /// The customer's accounts, payees and billers after the turn.
    pub portfolio: Sourced<Arc<Portfolio>, CustomerData>,
}

impl Evidence {
    /// How the knowledge base did, if it was asked.
    pub(crate) fn retrieved(&self) -> Option<Retrieved> {
        let each = self.results.iter().filter_map(|result| match result.found {
            Found::NotAsked => None,
            Found::Answer(_) => Some(Retrieved::Answer),
            Found::Nothing { .. } => Some(Retrieved::Nothing),
            Found::Unavailable => Some(Retrieved::Unavailable),
        });
        each.max()
    }
}

/// Takes the open questions to the knowledge base; `asks` is the general one that the message stands for. Also tells whether an answer was at hand; `None` when
/// none was looked for.
pub(crate) async fn ground(
    knowledge: &dyn Knowledge,
    answers: &AnswerCache,
    outcome: Outcome,
    asks: Option<&str>,
) -> (Evidence, Option<bool>) {
    let mut results = Vec::with_capacity(outcome.done.len());
    let mut was_cached = None;
    for done in outcome.done {
        let found = match &done {
            Done::ToAnswer { question, .. } => {
                let version = knowledge.version();
                let key = version.map(|version| QuestionKey::of(&version, question));
                let kept = key.and_then(|key| answers.answer(&key));
                was_cached = key.map(|_| kept.is_some());
                match kept {
                    Some(answer) => Found::Answer(answer),
                    None => ask(knowledge, answers, key, question, asks).await,
                }
            }
            _ => Found::NotAsked,
        };
        results.push(Grounded { done, found });
    }
    let evidence = Evidence {
        results,
        portfolio: Sourced::new(outcome.portfolio),
    };
    (evidence, was_cached)
}

/// The answer to a question in the customer's words, or else to the general one that they stand for.
async fn ask(
    knowledge: &dyn Knowledge,
    answers: &AnswerCache,
    key: Option<QuestionKey>,
    question: &str,
    asks: Option<&str>,
) -> Found {
    let mut nearest = Vec::new();
    for question in std::iter::once(question).chain(asks) {
        let Ok(passages) = knowledge.search(question, PASSAGES).await else {
            return Found::Unavailable;
        };
        if let Some(answer) = vostro_knowledge::answer(question, &passages) {
            let answer = Sourced::new(answer);
            if let Some(key) = key {
                answers.keep_answer(&key, answer.clone());
            }
            return Found::Answer(answer);
        }
        if nearest.is_empty() {
            nearest = titles(&passages);
        }
    }
    Found::Nothing { nearest }
}

fn titles(passages: &[vostro_knowledge::Passage]) -> Vec<String> {
    let mut titles: Vec<String> = Vec::new();
    for passage in passages {
        if titles.len() < 3 && !titles.contains(&passage.title) {
            titles.push(passage.title.clone());
        }
    }
    titles
}
