//! What a topic asks, in the words of an article (`data/questions.txt`).
//!
//! A customer tells a story ("stood at the till like an idiot, my card got refused") or writes in another language
//! than the articles. Where such words find nothing, the question that the topic stands for is asked instead.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::Trace;
use super::intent::{Intent, Label};

/// A topic this likely is taken at its word.
const LIKELY: f32 = 0.45;

static QUESTIONS: LazyLock<HashMap<&str, &str>> = LazyLock::new(|| {
    let rows = include_str!("data/questions.txt").lines();
    let rows = rows.filter(|row| !row.starts_with('#'));
    rows.filter_map(|row| row.split_once('|'))
        .map(|(topic, question)| (topic.trim(), question.trim()))
        .collect()
});

impl Trace {
    /// The general question that the message asks in its own words, if it asks one.
    pub fn question(&self) -> Option<&'static str> {
        let ask = Label::Intent(Intent::Ask);
        let asks = |it| Label::of(it) == Some(ask);
        if !self.understanding.commands.iter().any(asks) {
            return None;
        }
        let (topic, share) = self.sighting.topic_for(ask)?;
        QUESTIONS
            .get(topic.name)
            .copied()
            .filter(|_| share >= LIKELY)
    }
}

#[cfg(test)]
mod tests {
    use super::super::classifier::Classifier;
    use super::*;

    #[test]
    fn questions_are_of_topics_that_ask() {
        let topics = Classifier::get().topics();
        for (name, question) in &*QUESTIONS {
            let topic = topics.iter().find(|topic| topic.name == *name);
            let label = topic.and_then(|topic| topic.label);
            assert_eq!(label, Some(Label::Intent(Intent::Ask)), "{name}");
            assert!(question.ends_with(['?', '.']), "{name}: {question}");
        }
        assert!(QUESTIONS.len() > 40);
    }
}
