//! Messages of two parts while a proposal waits: a yes, a no or a correction, and something joined to it.

use super::orders::settled;
use super::{ANSWER, Read, Reader, certain, start};
use crate::command::{Command, Flow, ScheduleMention, Slot, SlotValue, Understanding};
use crate::entities::Value;
use crate::understand::clause::{Clause, wishes};
use crate::understand::intent::Intent;
use crate::understand::reply::{self, Reply};
use crate::understand::text::Text;

/// First words of a message that calls something off.
const CALLING_OFF: &[&str] = &["nevermind", "skip", "forget", "drop", "scratch"];

/// Words that say which of several is called off.
const WHICH: &[&str] = &["first", "second", "last", "other", "about", "out", "mind"];

/// Two parts of a message, of which the second is a wish of its own.
pub(super) struct Joined {
    /// What stands in front.
    pub(super) said: Clause,
    /// The wish.
    rest: Clause,
    flow: Flow,
    confidence: f32,
}

impl Reader<'_> {
    /// What is refused in words that are more than a no: what waits is given up, and what was spoken of is no order.
    pub(super) fn refuses(&self) -> Option<Read> {
        self.forbids()
            .or_else(|| self.no_and_more())
            .or_else(|| self.calls_off())
    }

    /// "Don't send it to John", "don't send John 20, send Anna 30".
    fn forbids(&self) -> Option<Read> {
        let waits = self.state.pending.is_some();
        let parts = wishes(self.text, self.mentions);
        let (forbidden, rest): (Vec<Clause>, Vec<Clause>) =
            parts.into_iter().partition(|part| self.is_forbidden(part));
        // "Don't pay it, my card was stolen" is heard for the card.
        if forbidden.is_empty() || self.urgent().is_some() {
            return None;
        }
        // "Don't send it today": on another day.
        if waits && self.has_word(&["today", "now", "yet", "hoy"]) && rest.is_empty() {
            let open = SlotValue::Schedule(ScheduleMention::Unclear(String::new()));
            return Some(("another day", certain(vec![Command::SetSlot(open)], ANSWER)));
        }
        let more = ["and", "but", "instead", "just", "only", "y", "pero"];
        let goes_on = self.has_word(&more) || self.text.tokens.iter().any(|it| it.is_symbol(','));
        let orders = self.orders(&rest);
        if rest.is_empty() && goes_on && waits {
            // "Don't send 50, just 20": what waits is put right.
            return None;
        }
        // "Don't send the savings transfer this month": the payment that is to come is left out.
        let to_come = self.has_word(&["month", "week", "scheduled", "after", "mes", "semana"]);
        if let ([part], false, true) = (forbidden.as_slice(), waits, to_come && orders.is_empty()) {
            let flow = Flow::SkipSchedule;
            let commands = start(flow, self.reading(part, false).slots(flow));
            return Some(("a payment to come", certain(commands, ANSWER)));
        }
        let denied = (waits || orders.is_empty()).then_some(Command::Deny);
        let commands = denied.into_iter().chain(orders).collect();
        Some(("a refused order", certain(commands, ANSWER)))
    }

    /// "Skip that and pay the water bill".
    fn no_and_more(&self) -> Option<Read> {
        self.state.pending.as_ref()?;
        let joined = self.joined(&["and", "then", "y"])?;
        matches!(self.reply_of(&joined.said)?, Reply::No | Reply::Cancel)
            .then(|| ("no and more", self.and_then(vec![Command::Deny], &joined)))
    }

    /// "Never mind the first one", "skip Anna".
    fn calls_off(&self) -> Option<Read> {
        self.state.pending.as_ref()?;
        let tokens = &self.text.tokens;
        let begins = |words: [&str; 2]| {
            let mut pairs = tokens.iter().zip(words);
            tokens.len() > 1 && pairs.all(|(token, word)| token.is_any(&[word]))
        };
        let calls_off = tokens.first()?.is_any(CALLING_OFF)
            || begins(["never", "mind"])
            || begins(["leave", "out"]);
        let rest = Clause::read(self.text, self.mentions, 1, tokens.len());
        let orders = self.mentions.iter().any(|it| {
            let value = &it.value;
            matches!(
                value,
                Value::Amount(_) | Value::Bare(..) | Value::Schedule(_)
            )
        });
        let names_one = !orders && self.only(&rest, WHICH);
        (calls_off && names_one).then(|| ("called off", certain(vec![Command::Deny], ANSWER)))
    }

    /// "Yes, and then show my balance", "yes, and pay the water bill": a yes joined to a wish that is whole by itself. Any
    /// other yes with more behind it is no yes.
    pub(super) fn yes_and_more(&self) -> Option<Read> {
        self.state.pending.as_ref()?;
        let joined = self.joined(&["and", "then", "also", "y"])?;
        if !matches!(self.reply_of(&joined.said)?, Reply::Yes | Reply::Fine) {
            return None;
        }
        let read = self.and_then(vec![Command::Confirm], &joined);
        // "Yes, and send it from savings" says something of what waits.
        let of = |slot: Slot| {
            let mut commands = read.commands.iter();
            commands.any(|it| matches!(it, Command::SetSlot(value) if value.slot() == slot))
        };
        let whole = match joined.flow {
            Flow::Transfer => of(Slot::Amount) && of(Slot::Target),
            Flow::PayBill => of(Slot::Biller),
            _ => true,
        };
        whole.then_some(("yes and more", read))
    }

    /// What the first part says, and then the wish of the second.
    pub(super) fn and_then(&self, mut commands: Vec<Command>, joined: &Joined) -> Understanding {
        let reading = self.reading(&joined.rest, false);
        let flow = settled(joined.flow, &reading);
        commands.extend(start(flow, reading.slots(flow)));
        certain(commands, joined.confidence)
    }

    /// What the words of a part say, if they say nothing else than yes or no.
    fn reply_of(&self, part: &Clause) -> Option<Reply> {
        let tokens = self.text.tokens.get(part.from..part.until)?.to_vec();
        reply::read(&Text {
            normalised: String::new(),
            tokens,
        })
    }

    /// What stands in front of the first of these words, and the look at the books behind it.
    pub(super) fn look_behind(&self, joints: &[&str]) -> Option<Joined> {
        let looks = |joined: &Joined| joined.flow.only_looks();
        self.joined(joints).filter(looks)
    }

    /// What stands in front of the first of these words, and the wish behind it.
    fn joined(&self, joints: &[&str]) -> Option<Joined> {
        let tokens = &self.text.tokens;
        let at = tokens.iter().position(|token| token.is_any(joints))?;
        let rest = Clause::read(self.text, self.mentions, at, tokens.len());
        let decision = rest.decision().filter(|decision| decision.score >= 3.0)?;
        let Intent::Flow(flow) = decision.intent else {
            return None;
        };
        Some(Joined {
            said: Clause::read(self.text, self.mentions, 0, at),
            confidence: decision.confidence(),
            rest,
            flow,
        })
    }
}
