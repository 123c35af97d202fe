//! The trained tier: what a message is about by its words and letters, and by its meaning, where the cues are not sure.
//!
//! `weights/intents.bin` knows some 160 topics by n-grams, `weights/intents-minilm.bin` the same ones by a
//! sentence's vector; `weights/intents.tsv` beside them says what each means and which [`Label`] it speaks
//! for, the first that this build knows. Topics of one label are summed, and their share adds to the same
//! [`super::intent::Scores`] as the cues. Made by `cargo xtask train intents`. A label without a flow of
//! its own is a question, a hand-off or nothing: the table says which. Making vectors is the embedder's
//! work, behind its port; without one, words and letters are all there is.

use std::sync::LazyLock;

use vostro_classifier::Model;
use vostro_classifier::model::softmax;

use super::clause::Clause;
use super::cues::Facts;
use super::intent::{Intent, Label};
use crate::language::Language;

/// What a share of 1 adds to a label's score by words; a cue that is certain weighs 5 to 8.
const STRENGTH: f32 = 6.0;
/// What it adds where the meaning was looked at too.
const STRENGTH_OF_MEANING: f32 = 14.0;
/// How much less it counts beside sure cues where the meaning was looked at: these may be sure of the wrong thing.
const SURE_BESIDE_MEANING: f32 = 0.3;
/// What a sentence's meaning weighs against its words and letters.
const MEANING: f32 = 0.5;
/// The encoder learnt English.
const MEANING_IN_SPANISH: f32 = 0.2;
/// Topics less likely than this add nothing: many small shares of one label are no sign of it.
const LEAST_SHARE: f32 = 0.05;
/// A topic below this is a guess.
const LIKELY: f32 = 0.6;
/// So likely foreign topics make a message foreign; a word of a bank, or an amount and the like, speaks against it.
const FOREIGN_BY_MEANING: f32 = 0.2;
const FOREIGN_BESIDE_A_BANK: f32 = 0.3;
const FOREIGN_BY_WORDS: f32 = 0.3;
/// What a message weighs as out of scope that has no word and no likely topic of a bank.
const FOREIGN: f32 = 3.5;
/// What it weighs where its meaning says so.
const FOREIGN_MEANT: f32 = 9.0;
/// What is left of a question's cues in such a message.
const FOREIGN_QUESTION: f32 = 0.2;
/// An order's cues of this score and lead need no second opinion.
const CERTAIN: f32 = 8.0;
const CERTAIN_LEAD: f32 = 5.0;
/// Nor does a wish that cues and words both read, the words with this share.
const PLAIN: f32 = 0.8;

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
    words: Option<Model>,
    meaning: Option<Model>,
    topics: Vec<Topic>,
}

/// A probability a topic, in the order of [`Classifier::topics`].
pub type Shares = Vec<f32>;

/// What a text is about, as far as words and letters tell, and its meaning where that was looked at.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Sighting {
    /// Topics with their probabilities, best first.
    pub ranking: Vec<(Topic, f32)>,
    /// Whether the sentence's vector was looked at, too.
    pub by_meaning: bool,
}

impl Classifier {
    /// The one compiled into the program.
    pub fn get() -> &'static Self {
        &CLASSIFIER
    }

    fn load() -> Self {
        let rows = include_str!("../../weights/intents.tsv");
        let topics: Vec<Topic> = rows.lines().filter_map(topic).collect();
        let read = |bytes: &[u8]| {
            let names = topics.iter().map(|topic| topic.name);
            let fits = |model: &Model| model.labels().iter().map(String::as_str).eq(names);
            Model::from_bytes(bytes).ok().filter(fits)
        };
        Self {
            words: read(include_bytes!("../../weights/intents.bin")),
            meaning: read(include_bytes!("../../weights/intents-minilm.bin")),
            topics,
        }
    }

    /// Every topic, by name.
    pub fn topics(&self) -> &[Topic] {
        &self.topics
    }

    /// What a text is about by its words and letters. Without weights, nothing.
    pub fn by_words(&self, text: &str) -> Shares {
        let model = self.words.as_ref();
        model.map_or_else(Shares::new, |model| {
            softmax(&model.margins(text, None), model.temperature())
        })
    }

    /// What a text is about by its words and letters and by its sentence vector.
    pub fn by_meaning(
        &self,
        words: &[f32],
        vector: &[f32],
        language: Option<Language>,
    ) -> Sighting {
        let Some(model) = &self.meaning else {
            return self.sighting(words);
        };
        let meaning = softmax(&model.margins("", Some(vector)), model.temperature());
        let weight = match language {
            Some(Language::Spanish) => MEANING_IN_SPANISH,
            _ => MEANING,
        };
        let both = words.iter().zip(meaning);
        let shares: Shares = both
            .map(|(words, meaning)| (1.0 - weight) * words + weight * meaning)
            .collect();
        Sighting {
            by_meaning: true,
            ..self.sighting(&shares)
        }
    }

    /// Shares with their topics.
    pub fn sighting(&self, shares: &[f32]) -> Sighting {
        let shares = shares.iter().copied();
        let mut ranking: Vec<(Topic, f32)> = self.topics.iter().copied().zip(shares).collect();
        ranking.sort_by(|(_, a), (_, b)| b.total_cmp(a));
        Sighting {
            ranking,
            by_meaning: false,
        }
    }
}

impl Sighting {
    /// Whether cues and words leave a message open, so that its meaning is worth looking at: the unsure band.
    pub fn is_unsure(&self, clause: &Clause) -> bool {
        let Some(best) = clause.scores.best() else {
            return true;
        };
        // That it is a question does not say what about.
        let certain =
            best.intent != Intent::Ask && best.score >= CERTAIN && best.margin >= CERTAIN_LEAD;
        let agreed = self.share(Label::Intent(best.intent)) >= PLAIN;
        !certain && !agreed
    }

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
        let unlike = self.is_foreign(clause.facts);
        if unlike && !flow_open {
            scores.scale(ASK, FOREIGN_QUESTION);
            let weight = if self.by_meaning {
                FOREIGN_MEANT
            } else {
                FOREIGN
            };
            scores.add(OUT_OF_SCOPE, weight);
        }
        let (strength, beside) = if self.by_meaning {
            (STRENGTH_OF_MEANING, SURE_BESIDE_MEANING)
        } else {
            (STRENGTH, 1.0)
        };
        let room = scores.best().map_or(1.0, |decision| {
            let strong = ((decision.score - 3.0) / 4.0).clamp(0.0, 1.0);
            let ahead = (decision.margin / 2.0).clamp(0.0, 1.0);
            let question = decision.intent == Intent::Ask;
            1.0 - if question {
                0.0
            } else {
                strong * ahead * beside
            }
        });
        for (label, share) in shares {
            scores.add(label, strength * share * room);
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

    /// Whether nothing that a bank is asked is likely. Where the meaning was looked at, it tells; by words,
    /// a message must have no word of a bank, and be likely foreign or have no entity and no likely topic.
    fn is_foreign(&self, facts: Facts) -> bool {
        let foreign = self.share(OUT_OF_SCOPE);
        if self.by_meaning {
            let enough = if facts.domain || facts.entity {
                FOREIGN_BESIDE_A_BANK
            } else {
                FOREIGN_BY_MEANING
            };
            return foreign >= enough;
        }
        let ours = self
            .ranking
            .iter()
            .find(|(topic, _)| topic.label.is_some_and(|label| label != OUT_OF_SCOPE))
            .map_or(0.0, |(_, probability)| *probability);
        let unlikely = ours < LIKELY || ours < foreign;
        facts.sentence
            && !facts.domain
            && (foreign >= FOREIGN_BY_WORDS
                || (unlikely && (!facts.entity || foreign > LEAST_SHARE)))
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
        assert!(classifier.words.is_some());
        let meaning = classifier.meaning.as_ref().unwrap();
        assert!(meaning.wants_vector());
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
        let classifier = Classifier::get();
        let share = |text: &str, label| {
            let sighting = classifier.sighting(&classifier.by_words(text));
            sighting.share(label)
        };
        let balance = Label::Intent(Intent::Flow(Flow::CheckBalance));
        assert!(share("could you tell me how much money i have", balance) > 0.5);
        assert!(share("how do i boil an egg", Label::Intent(Intent::OutOfScope)) > 0.5);
        assert!(share("", balance) < 0.5);
    }
}
