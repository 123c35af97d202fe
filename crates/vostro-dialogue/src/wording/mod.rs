//! Between composing and approving: an answer from the knowledge base in a model's words.
//!
//! The model is shown the quotations and nothing else: not the question, not the customer. So nobody can talk it
//! into anything, and what it says may be kept for whoever asks the same. Each of its sentences is compared with
//! the passages that it cites ([`crate::grounded`]), the text so far is approved, and only then the sentence leaves. Where
//! one does not hold the model is cut off and the template's words follow; with none that hold, they stand alone.
//!
//! Left out: money. What a customer agrees to, and what was done, is always said in the template's words.

mod public;

use std::future::poll_fn;
use std::time::Instant;

use vostro_knowledge::Citation;
use vostro_types::{PublicKnowledge, Sourced};

use crate::act::Done;
use crate::advisor::{Advisor, ModelUse, UseOutcome};
use crate::answers::WordingKey;
use crate::approve::{Envelope, approve_text};
use crate::compose::Draft;
use crate::concierge::Concierge;
use crate::ground::{Evidence, Found};
use crate::grounded::Sources;
use crate::language::Language;
use crate::live::{Live, Progress};
use crate::model::{Finish, ModelAnswer, ModelEvent};
use crate::ports::{Guard, GuardUnavailable};
use crate::sentences::Sentences;
use public::PublicRequest;

/// What may be said, best first, and how it came about.
#[derive(Debug)]
pub(crate) struct Worded {
    /// The template's draft.
    pub template: Draft,
    /// Drafts in a model's words, the best first.
    pub better: Vec<Draft>,
    /// The model's part, if it was asked.
    pub used: Option<ModelUse>,
    /// Whether its words were at hand; `None` when none were looked for.
    pub was_cached: Option<bool>,
}

impl Worded {
    fn only(template: Draft) -> Self {
        Self {
            template,
            better: Vec::new(),
            used: None,
            was_cached: None,
        }
    }
}

/// Finds words for the answer, if it is one that a model may word.
pub(crate) async fn word(
    concierge: &Concierge,
    evidence: &Evidence,
    template: Draft,
    turn_began: Instant,
    envelope: &Envelope,
    live: &mut Live<'_>,
) -> Result<Worded, GuardUnavailable> {
    let advisor = concierge.advisor.as_ref();
    // The passages are compared with in the language that they are written in.
    let is_english = envelope.language == Language::English;
    let advisor = advisor.filter(|advisor| advisor.settings.words_answers && is_english);
    let (Some(advisor), Some(citations)) = (advisor, quoted(evidence)) else {
        return Ok(Worded::only(template));
    };
    if public::has_personal_data(&advisor.engine, citations.get()) {
        return Ok(Worded::only(template));
    }
    let version = concierge.knowledge.version();
    let key = version.map(|version| WordingKey::of(&version, citations.get()));
    let kept = key.and_then(|key| concierge.answers.wording(&key));
    if let Some(words) = kept {
        let worded = with_sources(words.get(), &template);
        return Ok(Worded {
            template,
            better: vec![worded],
            used: None,
            was_cached: Some(true),
        });
    }
    live.progress(Progress::Wording);
    let customer = evidence.portfolio.get().customer.id.clone();
    let request = PublicRequest::new(customer, &citations);
    let mut speech = Speech {
        guard: &*concierge.guard,
        evidence,
        citations: &template.citations,
        sources: Sources::of(citations.get()),
        said: String::new(),
        intent: envelope.intent.as_deref(),
        live,
    };
    let began = Instant::now();
    let (ended, answer) = speech.hear(advisor, &request, turn_began).await?;
    let said = speech.said;
    let outcome = match (ended, said.is_empty()) {
        (Ended::Whole, false) => UseOutcome::Taken,
        (_, false) => UseOutcome::TakenInPart,
        (Ended::Failed, true) => UseOutcome::Failed,
        (_, true) => UseOutcome::Nothing,
    };
    let better = match outcome {
        UseOutcome::Taken => {
            if let Some(key) = &key {
                let words = request.words(said.clone());
                concierge.answers.keep_wording(key, words);
            }
            vec![with_sources(&said, &template), alone(&said, &template)]
        }
        UseOutcome::TakenInPart => {
            let both = format!("{said}\n\n{}", template.text);
            vec![alone(&both, &template), alone(&said, &template)]
        }
        UseOutcome::Nothing | UseOutcome::Failed => Vec::new(),
    };
    Ok(Worded {
        template,
        better,
        used: Some(ModelUse::of(outcome, began, answer.as_ref())),
        was_cached: Some(false),
    })
}

/// The quotations, where the whole reply is an answer from the knowledge base.
fn quoted(evidence: &Evidence) -> Option<Sourced<Vec<Citation>, PublicKnowledge>> {
    let [only] = evidence.results.as_slice() else {
        return None;
    };
    let (
        Done::ToAnswer {
            beside_handoff: false,
            ..
        },
        Found::Answer(answer),
    ) = (&only.done, &only.found)
    else {
        return None;
    };
    let shown = |answer: vostro_knowledge::Answer| public::shown(&answer.citations).to_vec();
    Some(answer.clone().map(shown)).filter(|citations| !citations.get().is_empty())
}

fn alone(text: &str, template: &Draft) -> Draft {
    Draft {
        text: text.to_owned(),
        ..template.clone()
    }
}

/// The words with the titles that the template names.
fn with_sources(words: &str, template: &Draft) -> Draft {
    let sources = template.text.rfind("\n\nSource: ");
    let sources = sources.and_then(|at| template.text.get(at..));
    alone(&format!("{words}{}", sources.unwrap_or_default()), template)
}

/// How listening to a model ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ended {
    /// It said everything, and all of it holds.
    Whole,
    /// It was cut off.
    CutOff,
    /// It stopped of itself before its end, or never began.
    Failed,
}

/// A model's words on their way to the customer.
struct Speech<'a, 'l> {
    guard: &'a dyn Guard,
    evidence: &'a Evidence,
    citations: &'a [Citation],
    sources: Sources,
    /// What has left.
    said: String,
    intent: Option<&'a str>,
    live: &'a mut Live<'l>,
}

impl Speech<'_, '_> {
    async fn hear(
        &mut self,
        advisor: &Advisor,
        request: &PublicRequest,
        turn_began: Instant,
    ) -> Result<(Ended, Option<ModelAnswer>), GuardUnavailable> {
        let deadline = advisor.deadline(turn_began, advisor.settings.wording);
        let Ok(mut stream) = request.stream(&*advisor.model, deadline).await else {
            return Ok((Ended::Failed, None));
        };
        let mut sentences = Sentences::default();
        while let Some(event) = poll_fn(|context| stream.as_mut().poll_next(context)).await {
            match event {
                Ok(ModelEvent::Text(text)) => {
                    if !sentences.push(&text) {
                        return Ok((Ended::CutOff, None));
                    }
                    while let Some(sentence) = sentences.next() {
                        if !self.say(&sentence).await? {
                            return Ok((Ended::CutOff, None));
                        }
                    }
                }
                Ok(ModelEvent::Done(answer)) => {
                    let whole = answer.finish == Finish::Stop && answer.tool_calls.is_empty();
                    let rest = sentences.rest().filter(|_| whole);
                    let ended = match rest {
                        _ if !whole => Ended::CutOff,
                        Some(rest) if !self.say(&rest).await? => Ended::CutOff,
                        _ => Ended::Whole,
                    };
                    return Ok((ended, Some(*answer)));
                }
                Err(_) => break,
            }
        }
        Ok((Ended::Failed, None))
    }

    /// Lets a sentence go, if it holds and the text with it is approved.
    async fn say(&mut self, sentence: &str) -> Result<bool, GuardUnavailable> {
        let Some(held) = self.sources.grounded(sentence) else {
            return Ok(false);
        };
        // White space goes before a sentence, so that what has left can be the end.
        let gap = if self.said.is_empty() {
            ""
        } else if held.text.starts_with(['-', '*']) {
            "\n"
        } else {
            " "
        };
        let so_far = format!("{}{gap}{}", self.said, held.text.trim());
        let draft = Draft {
            text: so_far,
            citations: self.citations.to_vec(),
            ..Draft::default()
        };
        let approved = approve_text(self.guard, &draft, self.evidence).await?;
        let left = approved.is_some_and(|approved| self.live.sentence(&approved, self.intent));
        if left {
            self.said = draft.text;
        }
        Ok(left)
    }
}
