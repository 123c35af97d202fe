//! Messages that are a yes, a no or a stop as a whole.

use super::{Read, Reader, certain};
use crate::command::{ChitChat, Command, Flow, Understanding};
use crate::understand::reply::{self, Reply};
use crate::understand::text::Kind;

/// What says of a standing order that it is to end, and of what waits for a yes that it is to be dropped.
const ENDS: &[&str] = &[
    "cancel",
    "stop",
    "skip",
    "cancela",
    "cancelar",
    "cancelalo",
    "quitalo",
    "para",
];

/// What a yes begins with that says what it agrees to.
const AGREES: &[&str] = &["yes", "yeah", "yep", "yup", "sure", "ok", "okay", "si"];

/// Words for what waits, behind a yes.
const NAMED_AGAIN: &[&str] = &[
    "it", "him", "her", "them", "that", "this", "the", "is", "one", "right", "correct", "please",
    "now", "then", "card", "bill", "payment", "payee", "ese", "esa", "eso", "esta", "por", "favor",
    "ya", "me", "for", "lo", "la",
];

/// Words beside [`ENDS`] in "yes, please end the standing order".
const WHAT_ENDS: &[&str] = &[
    "end",
    "please",
    "it",
    "that",
    "this",
    "the",
    "my",
    "standing",
    "order",
    "payment",
    "por",
    "favor",
    "terminala",
    "saltalo",
    "esa",
    "orden",
];

impl Reader<'_> {
    /// Yes, no, cancel as the whole message.
    pub(super) fn reply(&self) -> Option<Read> {
        if self.order_to_end() && self.agrees_to_end() {
            return Some(("reply", certain(vec![Command::Confirm], 0.98)));
        }
        if self.agrees_by_name() {
            return Some(("reply", certain(vec![Command::Confirm], 0.98)));
        }
        let Some(reply) = reply::read(self.text) else {
            // A yes and a no at once are neither, and no other wish.
            let unclear = self.state.pending.is_some() && reply::only_replies(self.text);
            return unclear.then(|| ("yes and no", Understanding::nothing()));
        };
        let command = match reply {
            Reply::Yes => Command::Confirm,
            Reply::No => Command::Deny,
            // Nothing is open, so "cancel the transfer" means one that was confirmed.
            Reply::Cancel if !self.is_open() && (self.recalls() || self.takes_back()) => {
                Command::Recall
            }
            // "Cancel it", where cancelling is what waits for a yes: that it be done, or dropped.
            Reply::Cancel if self.order_to_end() && self.has_word(ENDS) => {
                return Some(("cancel or keep", Understanding::nothing()));
            }
            Reply::Resume if self.is_open() => Command::Resume,
            Reply::Cancel => Command::Cancel,
            Reply::Unsure if self.is_open() => Command::Unsure,
            Reply::Unsure => return None,
            Reply::Fine if self.is_open() => Command::Confirm,
            // "Ok thanks" with nothing open is thanks.
            Reply::Fine if self.whole.decision().is_some() => return None,
            Reply::Fine | Reply::Resume => Command::ChitChat {
                kind: ChitChat::SmallTalk,
            },
        };
        Some(("reply", certain(vec![command], 0.98)))
    }

    /// Whether the end of a standing order, or leaving a payment out, waits for a yes.
    fn order_to_end(&self) -> bool {
        let pending = self.state.pending.as_ref();
        let order = pending.and_then(|pending| pending.change.as_ref());
        order.is_some_and(|order| order.change.ends_an_order())
    }

    /// "OK, remove him", "bueno, págala": a yes, and the deed that waits.
    fn agrees_by_name(&self) -> bool {
        let Some(active) = self
            .state
            .active
            .as_ref()
            .filter(|_| self.state.pending.is_some())
        else {
            return false;
        };
        let deeds: &[&str] = match active.flow {
            Flow::Transfer => &[
                "send",
                "transfer",
                "move",
                "envia",
                "envialo",
                "mandalo",
                "manda",
                "transfiere",
            ],
            Flow::PayBill => &["pay", "settle", "paga", "pagala", "pagalo"],
            Flow::FreezeCard => &["freeze", "lock", "congela", "congelala"],
            Flow::UnfreezeCard => &["unfreeze", "unlock", "descongela", "descongelala"],
            Flow::RemovePayee => &[
                "remove",
                "delete",
                "quita",
                "quitalo",
                "borralo",
                "elimina",
                "eliminalo",
            ],
            Flow::AddPayee => &["add", "save", "guarda", "guardalo", "anade"],
            Flow::ReportCard => &["block", "bloquea", "bloqueala"],
            _ => &[],
        };
        let mut words = self
            .text
            .tokens
            .iter()
            .filter(|token| token.kind == Kind::Word);
        let agrees = words.next().is_some_and(|first| {
            first.is_any(AGREES) || first.is_any(&["bueno", "vale", "claro", "dale", "right"])
        });
        let mut rest = words.peekable();
        agrees
            && rest.peek().is_some()
            && rest.all(|token| token.is_any(deeds) || token.is_any(NAMED_AGAIN))
    }

    /// "Yes, cancel it": a yes, and nothing but words for ending it after that.
    fn agrees_to_end(&self) -> bool {
        let tokens = self.text.tokens.iter();
        let mut words = tokens.filter(|token| token.kind == Kind::Word);
        let agrees = words.next().is_some_and(|first| first.is_any(AGREES));
        let mut rest = words.peekable();
        agrees
            && rest.peek().is_some()
            && rest.all(|token| token.is_any(ENDS) || token.is_any(WHAT_ENDS))
    }
}
