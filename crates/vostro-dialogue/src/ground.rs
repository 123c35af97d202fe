//! Step 5: what a reply may rest on. Questions are taken to the knowledge base; everything else
//! already has its receipt or its reading.
//!
//! The two kinds of evidence keep their origin in their type: what was read from the customer's
//! records can never stand where only public knowledge is accepted, such as a shared cache.

use vostro_bank::Portfolio;
use vostro_knowledge::Answer;
use vostro_types::{CustomerData, PublicKnowledge, Sourced};

use crate::act::{Done, Outcome};
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
    pub portfolio: Sourced<Portfolio, CustomerData>,
}

/// Takes the open questions to the knowledge base.
pub(crate) async fn ground(knowledge: &dyn Knowledge, outcome: Outcome) -> Evidence {
    let mut results = Vec::with_capacity(outcome.done.len());
    for done in outcome.done {
        let found = match &done {
            Done::ToAnswer { question, .. } => ask(knowledge, question).await,
            _ => Found::NotAsked,
        };
        results.push(Grounded { done, found });
    }
    Evidence {
        results,
        portfolio: Sourced::new(outcome.portfolio),
    }
}

async fn ask(knowledge: &dyn Knowledge, question: &str) -> Found {
    let Ok(passages) = knowledge.search(question, PASSAGES).await else {
        return Found::Unavailable;
    };
    match vostro_knowledge::answer(question, &passages) {
        Some(answer) => Found::Answer(Sourced::new(answer)),
        None => Found::Nothing {
            nearest: nearest(&passages),
        },
    }
}

fn nearest(passages: &[vostro_knowledge::Passage]) -> Vec<String> {
    let mut titles: Vec<String> = Vec::new();
    for passage in passages {
        if titles.len() < 3 && !titles.contains(&passage.title) {
            titles.push(passage.title.clone());
        }
    }
    titles
}
