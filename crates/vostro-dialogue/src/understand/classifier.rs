//! The trained tier: what a message is about by its words and letters, where the cues are not sure.
//!
//! `weights/intents.bin` knows some 160 topics; `weights/intents.tsv` beside it says what each means and
//! which [`Label`] it speaks for, the first that this build knows. Topics of one label are summed, and
//! their share adds to the same [`super::intent::Scores`] as the cues. Made by `cargo xtask train intents`. A label
//! without a flow of its own is a question, a hand-off or nothing: the table says which.

use std::sync::LazyLock;

use vostro_classifier::Model;

use super::clause::Clause;
use super::intent::{Intent, Label};

/// What a share of 1 adds to a label's score; a cue that is certain weighs 5 to 8.
const STRENGTH: f32 = 4.0;
/// Topics less likely than this add nothing: many small shares of one label are no sign of it.
const LEAST_SHARE: f32 = 0.1;
/// A topic below this is a guess.
const LIKELY: f32 = 0.6;
/// What a message weighs as out of scope that has no word and no likely topic of a bank.
const FOREIGN: f32 = 3.5;
/// What is left of a question's cues in such a message.
const FOREIGN_QUESTION: f32 = 0.2;

const ASK: Label = Label::Intent(Intent::Ask);
const OUT_OF_SCOPE: Label = Label::Intent(Intent::OutOfScope);

static CLASSIFIER: LazyLock<Classifier> = LazyLock::new(Classifier::load);

/// One thing a message may be about, finer than an intent.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Topic {
    /// The stable name, in snake case.
    pub name: &'static str,
    /// What it is, in a line.
    pub about: &'static str,
    /// What it speaks for; `None` for half sentences, of which no wish can be read.
    pub label: Option<Label>,
}

/// The weights with their table.
#[derive(Debug)]
pub struct Classifier {
    model: Option<Model>,
    topics: Vec<Topic>,
}

/// What a text is about, as far as words and letters tell.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Sighting {
    /// Topics with their probabilities, best first.
    pub ranking: Vec<(Topic, f32)>,
}

impl Classifier {
    /// The one compiled into the program.
    pub fn get() -> &'static Self {
        &CLASSIFIER
    }

    fn load() -> Self {
        let rows = include_str!("../../weights/intents.tsv");
        let topics: Vec<Topic> = rows.lines().filter_map(topic).collect();
        let model = Model::from_bytes(include_bytes!("../../weights/intents.bin")).ok();
        let fits = |model: &Model| {
            let names = topics.iter().map(|topic| topic.name);
            model.labels().iter().map(String::as_str).eq(names)
        };
        Self {
            model: model.filter(fits),
            topics,
        }
    }

    /// Every topic, by name.
    pub fn topics(&self) -> &[Topic] {
        &self.topics
    }

    /// What a text is about. Without weights, nothing.
    pub fn classify(&self, text: &str) -> Sighting {
        let predictions = self
            .model
            .iter()
            .flat_map(|model| model.predict(text, None));
        let ranking = predictions
            .filter_map(|found| Some((*self.topics.get(found.index)?, found.probability)))
            .collect();
        Sighting { ranking }
    }
}

impl Sighting {
    /// The topic that is the likeliest for what was understood in the end.
    pub fn topic_for(&self, label: Label) -> Option<(Topic, f32)> {
        let fits = |(topic, _): &&(Topic, f32)| topic.label == Some(label);
        self.ranking.iter().find(fits).copied()
    }

    /// The share of a label: the sum over its topics.
    pub fn share(&self, label: Label) -> f32 {
        let own = self
            .ranking
            .iter()
            .filter(|(topic, _)| topic.label == Some(label));
        own.map(|(_, probability)| probability).sum()
    }

    /// Weighs a clause's cues against what was seen. Each label's share is added, the less the surer the
    /// cues are. That something is a question does not tell what about, so the cues for a question count
    /// the less the likelier another label is, and least where nothing is of a bank. While a flow is open a
    /// message may speak of its business in any words, so nothing is foreign there.
    pub fn weigh(&self, clause: &mut Clause, flow_open: bool) {
        let scores = &mut clause.scores;
        let shares = self.shares();
        let other = shares
            .iter()
            .filter(|(label, _)| *label != ASK)
            .fold(0.0_f32, |most, (_, share)| most.max(*share));
        scores.scale(ASK, 1.0 - other);
        let unlike = clause.facts.sentence && !clause.facts.domain && self.is_foreign();
        if unlike && !flow_open {
            scores.scale(ASK, FOREIGN_QUESTION);
            scores.add(OUT_OF_SCOPE, FOREIGN);
        }
        let room = scores.best().map_or(1.0, |decision| {
            let strong = ((decision.score - 2.0) / 3.0).clamp(0.0, 1.0);
            let ahead = (decision.margin / 2.0).clamp(0.0, 1.0);
            let question = decision.intent == Intent::Ask;
            1.0 - if question { 0.0 } else { strong * ahead }
        });
        for (label, share) in shares {
            scores.add(label, STRENGTH * share * room);
        }
    }

    /// Labels with their shares, of topics that are likely enough to count.
    fn shares(&self) -> Vec<(Label, f32)> {
        let mut shares: Vec<(Label, f32)> = Vec::new();
        for (topic, probability) in &self.ranking {
            let Some(label) = topic.label.filter(|_| *probability >= LEAST_SHARE) else {
                continue;
            };
            match shares.iter_mut().find(|(known, _)| *known == label) {
                Some((_, share)) => *share += probability,
                None => shares.push((label, *probability)),
            }
        }
        shares
    }

    /// Whether nothing that a bank is asked is likely, or less so than something else.
    fn is_foreign(&self) -> bool {
        let ours = self
            .ranking
            .iter()
            .find(|(topic, _)| topic.label.is_some_and(|label| label != OUT_OF_SCOPE))
            .map_or(0.0, |(_, probability)| *probability);
        ours < LIKELY || ours < self.share(OUT_OF_SCOPE)
    }
}

fn topic(row: &'static str) -> Option<Topic> {
    if row.starts_with('#') {
        return None;
    }
    let mut fields = row.split('\t');
    let (name, does, about) = (fields.next()?, fields.next()?, fields.next()?);
    Some(Topic {
        name,
        about,
        label: does.split(' ').find_map(Label::parse),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command::Flow;

    #[test]
    fn weights_and_table_fit_each_other() {
        let classifier = Classifier::get();
        assert!(classifier.model.is_some());
        assert!(classifier.topics().len() >= 120);
        let without: Vec<&str> = classifier
            .topics()
            .iter()
            .filter(|topic| topic.label.is_none())
            .map(|topic| topic.name)
            .collect();
        assert_eq!(
            without,
            ["fragment"],
            "a topic whose labels this build does not know"
        );
    }

    #[test]
    fn plain_wishes_are_seen() {
        let share = |text: &str, label| Classifier::get().classify(text).share(label);
        let balance = Label::Intent(Intent::Flow(Flow::CheckBalance));
        assert!(share("could you tell me how much money i have", balance) > 0.5);
        assert!(share("how do i boil an egg", Label::Intent(Intent::OutOfScope)) > 0.5);
        assert!(share("", balance) < 0.5);
    }
}
