//! Passages put together for a model's prompt, within a budget of tokens.
//!
//! Whole passages, best first, each with a number that an answer can cite, its title and its headings. What
//! does not fit is left out, never cut: half a table misleads. The text is data for a prompt; that it is no
//! instruction is for the prompt's author to say, and for the guardrails to have checked.

use crate::Passage;
use crate::chunk::estimate_tokens;

/// Passages as one text.
#[derive(Debug, Clone, PartialEq)]
pub struct Context {
    /// The passages, each below a line `[number] Title › Heading`, an empty line between them.
    pub text: String,
    /// Estimated size of the text, in tokens: four characters are about one.
    pub tokens: usize,
    /// The passages that are in it; the first has the number 1.
    pub passages: Vec<Passage>,
    /// How many were left out, because they did not fit.
    pub left_out: usize,
}

/// Puts passages together, in their order, as long as they fit into `max_tokens`. One that does not fit is
/// passed over, and a smaller one behind it may still be taken.
pub fn context(passages: Vec<Passage>, max_tokens: usize) -> Context {
    let mut context = Context {
        text: String::new(),
        tokens: 0,
        passages: Vec::with_capacity(passages.len()),
        left_out: 0,
    };
    for passage in passages {
        let between = if context.text.is_empty() { "" } else { "\n\n" };
        let number = context.passages.len() + 1;
        let place = [&passage.title, &passage.heading].map(String::as_str);
        let place = place.into_iter().filter(|name| !name.is_empty());
        let place = place.collect::<Vec<_>>().join(" \u{203a} ");
        let text = format!(
            "{}{between}[{number}] {place}\n{}",
            context.text, passage.content
        );
        let tokens = estimate_tokens(&text);
        if tokens <= max_tokens {
            (context.text, context.tokens) = (text, tokens);
            context.passages.push(passage);
        } else {
            context.left_out += 1;
        }
    }
    context
}

#[cfg(test)]
mod tests {
    use super::*;

    fn passage(title: &str, heading: &str, content: &str) -> Passage {
        Passage {
            document_id: "d".into(),
            chunk_id: "d#1".into(),
            title: title.into(),
            category: "c".into(),
            heading: heading.into(),
            content: content.into(),
            score: 0.9,
            start: 0,
            end: content.chars().count(),
        }
    }

    #[test]
    fn whole_passages_within_the_budget() {
        let all = || {
            vec![
                passage("Fees", "Wires", "A wire costs $25.00."),
                passage("Long", "", &"word ".repeat(400)),
                passage("Limits", "", "Up to $5,000.00 a day."),
            ]
        };
        let some = context(all(), 60);
        assert_eq!(
            some.text,
            "[1] Fees \u{203a} Wires\nA wire costs $25.00.\n\n[2] Limits\nUp to $5,000.00 a day."
        );
        assert_eq!((some.passages.len(), some.left_out), (2, 1));
        assert!(some.tokens <= 60 && some.tokens >= 16, "{}", some.tokens);
        assert_eq!(context(all(), 10_000).left_out, 0);
        let none = context(all(), 1);
        assert_eq!((none.text.as_str(), none.tokens, none.left_out), ("", 0, 3));
        assert_eq!(context(Vec::new(), 100).left_out, 0);
    }
}
