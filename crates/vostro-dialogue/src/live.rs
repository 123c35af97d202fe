//! A reply as its client hears it: events that leave as soon as they are ready, and are all kept so that a
//! client can resume.
//!
//! Words enter only as [`ApprovedText`] or with the [`ApprovedReply`], which nothing but the approving step
//! makes. What is part of the record (the cards, the whole reply, the words of templates) leaves once the
//! turn is recorded; what a model says leaves sentence by sentence before that, each one approved.

use serde::Serialize;
use serde_json::json;
use vostro_bank::{JsonText, ReplyEvent};

use crate::approve::ApprovedText;
use crate::reply::ApprovedReply;

/// Hears a turn's events, in order, as they become ready. A turn that fails after some were heard says so
/// by its result.
pub trait Listener: Send + Sync {
    /// An event. It must not block.
    fn hear(&self, event: &ReplyEvent);
}

/// What is being done while the customer waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Progress {
    /// A model is asked what the message means.
    Understanding,
    /// A model is asked for the words of an answer.
    Wording,
}

impl Progress {
    const fn name(self) -> &'static str {
        match self {
            Self::Understanding => "understanding",
            Self::Wording => "wording",
        }
    }
}

/// The events of one turn.
pub(crate) struct Live<'a> {
    listener: Option<&'a dyn Listener>,
    events: Vec<ReplyEvent>,
    heard: usize,
    /// The words that have left.
    said: String,
    answering: bool,
}

impl<'a> Live<'a> {
    /// Of a turn that begins.
    pub(crate) const fn new(listener: Option<&'a dyn Listener>) -> Self {
        Self {
            listener,
            events: Vec::new(),
            heard: 0,
            said: String::new(),
            answering: false,
        }
    }

    /// Something that takes a while begins.
    pub(crate) fn progress(&mut self, progress: Progress) {
        self.push("progress", &json!({ "step": progress.name() }));
        self.let_go();
    }

    /// More of an answer is approved: the whole of it so far, of which the new part leaves. `false` when it
    /// does not go on from what has left.
    pub(crate) fn sentence(&mut self, so_far: &ApprovedText, intent: Option<&str>) -> bool {
        let Some(new) = so_far.as_str().strip_prefix(self.said.as_str()) else {
            return false;
        };
        let new = new.to_owned();
        self.answer(intent);
        self.say(&new);
        self.let_go();
        true
    }

    /// Whether a reply goes on from the words that have left.
    pub(crate) fn goes_on_with(&self, reply: &ApprovedReply) -> bool {
        reply.message().starts_with(self.said.as_str())
    }

    /// The reply is there: what has not left of it, to leave with [`Live::let_go`] once it is recorded.
    pub(crate) fn finish(&mut self, reply: &ApprovedReply) {
        self.answer(reply.intent());
        let rest = reply.message().strip_prefix(self.said.as_str());
        if rest.is_none() {
            self.push("progress", &json!({ "step": "replaced" }));
        }
        for piece in pieces(rest.unwrap_or(reply.message())) {
            self.push("sentence", &json!({ "text": piece }));
        }
        for card in reply.cards() {
            self.push("card", card);
        }
        self.push("done", reply);
    }

    /// All events so far.
    pub(crate) fn events(&self) -> &[ReplyEvent] {
        &self.events
    }

    /// All events.
    pub(crate) fn into_events(self) -> Vec<ReplyEvent> {
        self.events
    }

    /// What is ready leaves.
    pub(crate) fn let_go(&mut self) {
        if let Some(listener) = self.listener {
            let ready = self.events.get(self.heard..).unwrap_or_default();
            for event in ready {
                listener.hear(event);
            }
        }
        self.heard = self.events.len();
    }

    fn answer(&mut self, intent: Option<&str>) {
        if !self.answering {
            self.answering = true;
            self.push("progress", &json!({ "step": "answered", "intent": intent }));
        }
    }

    fn say(&mut self, text: &str) {
        for piece in pieces(text) {
            self.push("sentence", &json!({ "text": piece }));
        }
        self.said.push_str(text);
    }

    fn push(&mut self, event: &str, data: &impl Serialize) {
        let number = u32::try_from(self.events.len())
            .unwrap_or(u32::MAX)
            .saturating_add(1);
        self.events.push(ReplyEvent {
            number,
            event: event.to_owned(),
            data: JsonText::of(data),
        });
    }
}

/// A text in pieces that put together give the same text: lines, and sentences within a line.
fn pieces(text: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut start = 0;
    let mut previous = ' ';
    for (at, c) in text.char_indices() {
        let ends = match c {
            '\n' => true,
            ' ' => matches!(previous, '.' | '!' | '?'),
            _ => false,
        };
        if ends {
            let end = at + c.len_utf8();
            pieces.extend(text.get(start..end));
            start = end;
        }
        previous = c;
    }
    pieces.extend(text.get(start..).filter(|rest| !rest.is_empty()));
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_put_together_are_the_text() {
        for text in [
            "",
            "One.",
            "One. Two!\n- a\n- b\n\nThree? ",
            "…. é. x",
            "$1.50 is due. Pay?",
        ] {
            assert_eq!(pieces(text).concat(), text);
        }
        assert_eq!(
            pieces("Done. It is $1.50 now."),
            ["Done. ", "It is $1.50 now."]
        );
    }
}
