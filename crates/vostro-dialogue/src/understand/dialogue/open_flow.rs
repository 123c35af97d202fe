//! A message as part of the open flow: the answer to what was asked, or a correction of what was said.

use vostro_bank::{CardStatus, CardView};

use super::{ANSWER, Read, Reader, certain, set, start};
use crate::command::{
    AccountMention, AmountMention, BillerMention, CardMention, Command, Flow, HandOffReason,
    ScheduleMention, Slot, SlotValue, TargetMention,
};
use crate::entities::count::nth;
use crate::entities::{Mention, Value, free_words};
use crate::state::ActiveFlow;
use crate::understand::intent::{Intent, Label};
use crate::understand::lexicon::Lexicon;
use crate::understand::reply;
use crate::understand::text::Kind;

/// Words that ask for an amount or a day.
const ASKS_DUE: &[&str] = &["how", "when", "what", "cuanto", "cuando"];

/// First words of a question about what waits for a yes.
const ASKS_OF_IT: &[&str] = &[
    "is", "was", "how", "who", "which", "when", "where", "what", "does", "will", "from", "cuanto",
    "cuando", "a", "de", "es",
];

/// Words that mean the bill that is being paid.
const OF_THE_BILL: &[&str] = &[
    "much", "is", "it", "that", "this", "the", "bill", "due", "amount", "by", "ok", "and", "well",
    "wait", "do", "i", "owe", "es", "debo", "vence", "la", "factura",
];

/// Words around "the other one".
const OTHER: &[&str] = &[
    "other", "otra", "otro", "one", "card", "account", "the", "no", "not", "that", "this", "la",
    "el", "cuenta", "tarjeta", "from", "desde", "de", "mejor", "actually", "wait", "i", "meant",
    "mean", "use", "with", "esa", "ese",
];

impl Reader<'_> {
    /// The message as part of the open flow: an answer to what was asked, or a correction.
    pub(super) fn in_open_flow(&self) -> Option<Read> {
        let active = self.state.active.as_ref()?;
        self.asks_what_is_due(active)
            .or_else(|| self.asks_about_what_waits())
            .or_else(|| self.other_way_round(active))
            .or_else(|| self.kind_of_theirs(active))
            .or_else(|| self.the_other(active))
            .or_else(|| self.correction_and_look(active))
            .or_else(|| self.answer(active))
            .or_else(|| self.correction(active))
    }

    /// "Actually 580, and what's my balance first?": the correction counts though a look at the books is joined to it.
    fn correction_and_look(&self, active: &ActiveFlow) -> Option<Read> {
        let joined = self.look_behind(&["and", "then", "but", "y", "pero"])?;
        let said = &joined.said;
        let slots = self.reading(said, true).slots(active.flow);
        let corrects = said.has(Label::Correction) || self.only_values(said);
        (corrects && !slots.is_empty())
            .then(|| ("correction and more", self.and_then(set(slots), &joined)))
    }

    /// "No, the other one": of two cards, or of two accounts to pay from, the one that was not meant.
    fn the_other(&self, active: &ActiveFlow) -> Option<Read> {
        let said = self.has_word(&["other", "otra", "otro"])
            && self.mentions.is_empty()
            && self.text.tokens.iter().all(|token| {
                token.kind == Kind::Symbol || reply::is_filler(&token.word) || token.is_any(OTHER)
            });
        if !said {
            return None;
        }
        let portfolio = self.around.portfolio;
        let other =
            if let Some(SlotValue::Card(CardMention::One(card))) = active.slots.get(Slot::Card) {
                let usable = |it: &&CardView| it.id != *card && it.status != CardStatus::Blocked;
                let mut others = portfolio.cards.iter().filter(usable);
                let only = others.next().filter(|_| others.next().is_none())?;
                SlotValue::Card(CardMention::One(only.id.clone()))
            } else if matches!(active.flow, Flow::Transfer | Flow::PayBill) {
                let target = match active.slots.get(Slot::Target) {
                    Some(SlotValue::Target(TargetMention::Own(id))) => Some(id),
                    _ => None,
                };
                let mut sources = portfolio.sources(target);
                let first = sources.next()?.id.clone();
                let from = match active.slots.get(Slot::Source) {
                    Some(SlotValue::Source(AccountMention::One(id))) => id.clone(),
                    Some(_) => return None,
                    None => first,
                };
                let mut others = portfolio.sources(target).filter(|it| it.id != from);
                let only = others.next().filter(|_| others.next().is_none())?;
                SlotValue::Source(AccountMention::One(only.id.clone()))
            } else {
                return None;
            };
        Some(("the other", certain(vec![Command::SetSlot(other)], ANSWER)))
    }

    /// "It's her savings account": of which kind the payee's account is, tells nothing new.
    fn kind_of_theirs(&self, active: &ActiveFlow) -> Option<Read> {
        let reading = self.reading(self.whole, true);
        let theirs = |it: &Mention| {
            matches!(it.value, Value::Payee(_))
                || (matches!(it.value, Value::Account(_)) && reading.is_theirs(it))
        };
        let account = |it: &Mention| matches!(it.value, Value::Account(_));
        let only = active.flow == Flow::Transfer
            && self.mentions.iter().any(account)
            && self.mentions.iter().all(theirs)
            && reading.slots(active.flow).is_empty()
            && self.only(
                self.whole,
                &["her", "his", "their", "that", "goes", "would", "be"],
            );
        only.then(|| ("account of theirs", certain(vec![Command::Resume], ANSWER)))
    }

    /// "The other way round", of money between own accounts.
    fn other_way_round(&self, active: &ActiveFlow) -> Option<Read> {
        let reading = self.reading(self.whole, true);
        let target = match active.slots.get(Slot::Target)? {
            SlotValue::Target(TargetMention::Own(id)) if reading.turns_round() => id.clone(),
            _ => return None,
        };
        let source = match active.slots.get(Slot::Source) {
            Some(SlotValue::Source(AccountMention::One(id))) => id.clone(),
            Some(_) => return None,
            None => self
                .around
                .portfolio
                .sources(Some(&target))
                .next()?
                .id
                .clone(),
        };
        let turned = vec![
            SlotValue::Source(AccountMention::One(target)),
            SlotValue::Target(TargetMention::Own(source)),
        ];
        let amount = reading
            .slots(active.flow)
            .into_iter()
            .filter(|it| it.slot() == Slot::Amount);
        let slots = amount.chain(turned).collect();
        Some(("other way round", certain(set(slots), ANSWER)))
    }

    /// "Is that from savings?", "sure, wait, how much was it?": what waits is said once more.
    fn asks_about_what_waits(&self) -> Option<Read> {
        self.state.pending.as_ref()?;
        let tokens = &self.text.tokens;
        let at = tokens.iter().position(|token| token.is_any(ASKS_OF_IT))?;
        let asks = at <= 3
            && (at == 0 || self.text.has_question_mark() || reply::says_little(tokens.get(..at)?));
        let points = tokens.iter().enumerate().skip(at).any(|(at, token)| {
            let behind = tokens.get(at + 1);
            let this = ["going", "from", "to", "for", "one"];
            token.is_any(&["it", "that", "eso", "esto"])
                || (token.is_any(&["this"]) && behind.is_none_or(|it| it.is_any(&this)))
        });
        let elsewhere = self.has_word(&[
            "fee", "fees", "cost", "charge", "charges", "long", "take", "takes", "arrive", "safe",
            "mean", "means", "cancel", "undo", "comision", "tarda",
        ]);
        let wish = self.whole.decision().is_some_and(|decision| {
            matches!(
                decision.intent,
                Intent::Flow(Flow::CheckBalance | Flow::Dispute | Flow::ReportCard)
            )
        });
        (asks && points && !elsewhere && !wish && tokens.len() <= 12)
            .then(|| ("about what waits", certain(vec![Command::Resume], ANSWER)))
    }

    /// "How much is it?" while a bill is being paid: what is due on it.
    fn asks_what_is_due(&self, active: &ActiveFlow) -> Option<Read> {
        let words = &self.text.tokens;
        let asks = active.flow == Flow::PayBill
            && words.iter().any(|token| token.is_any(ASKS_DUE))
            && words.iter().all(|token| {
                token.kind == Kind::Symbol || token.is_any(ASKS_DUE) || token.is_any(OF_THE_BILL)
            });
        if !asks {
            return None;
        }
        let flow = Flow::ListBills;
        let biller = active.slots.get(Slot::Biller).cloned();
        let commands = start(flow, biller.into_iter().collect());
        Some(("what is due", certain(commands, ANSWER)))
    }

    /// An answer to the slot asked for: nothing but the value and small words, or at least no other wish.
    fn answer(&self, active: &ActiveFlow) -> Option<Read> {
        let asked = active.asked?;
        let slots = self.fitted(
            asked,
            self.reading(self.whole, self.corrects()).slots(active.flow),
            active,
        );
        let has_asked = slots.iter().any(|value| value.slot() == asked);
        let elsewhere = self.wishes_elsewhere(active.flow);
        // What a customer says freely has no entities to be known by: any words are the answer.
        let free = match asked {
            Slot::Contact | Slot::Card => true,
            Slot::Value | Slot::Name | Slot::Place => {
                let decision = self.whole.decision();
                !elsewhere || decision.is_none_or(|it| it.score < 4.0)
            }
            _ => false,
        };
        if has_asked && free && reply::begins_with(self.text).is_none() && !self.is_urgent() {
            return Some(("free answer", certain(set(slots), ANSWER)));
        }
        // "It is for Ana and the amount is 90" answers twice, whatever else its words are like.
        let answers_more = slots.len() > 1 && !self.text.has_question_mark() && !self.is_urgent();
        if has_asked
            && (self.nothing_else_said() || !elsewhere || answers_more || self.says_whom(asked))
        {
            return Some(("answer", certain(set(slots), ANSWER)));
        }
        if elsewhere {
            return None;
        }
        if let Some(value) = self.free_answer(asked) {
            return Some(("free answer", certain(vec![Command::SetSlot(value)], 0.7)));
        }
        (!slots.is_empty()).then(|| ("other slot", certain(set(slots), ANSWER)))
    }

    /// "To a business called Smith Plumbing", where whom is what was asked.
    fn says_whom(&self, asked: Slot) -> bool {
        let first = self.text.tokens.first();
        asked == Slot::Target
            && first.is_some_and(|first| first.is_any(&["to", "for", "para", "a"]))
            && !self.text.has_question_mark()
            && !self.is_urgent()
    }

    /// Whether the message is about something that cannot be the answer to a free question.
    fn is_urgent(&self) -> bool {
        self.whole.decision().is_some_and(|decision| {
            decision.score >= 5.0
                && matches!(decision.intent, Intent::HandOff(reason) if reason != HandOffReason::Unsupported)
        })
    }

    /// "The second one" picks from the several that were named.
    fn fitted(
        &self,
        asked: Slot,
        mut slots: Vec<SlotValue>,
        active: &ActiveFlow,
    ) -> Vec<SlotValue> {
        let place = self
            .mentions
            .iter()
            .find_map(|mention| match mention.value {
                Value::Ordinal(place) => Some(place),
                _ => None,
            });
        let Some(place) = place else { return slots };
        let chosen = match (asked, active.slots.get(asked)) {
            (Slot::Target, Some(SlotValue::Target(TargetMention::Payees(ids)))) => {
                nth(ids, place).map(|id| SlotValue::Target(TargetMention::Payee(id.clone())))
            }
            (Slot::Biller, Some(SlotValue::Biller(BillerMention::Several(ids)))) => {
                nth(ids, place).map(|id| SlotValue::Biller(BillerMention::One(id.clone())))
            }
            _ => None,
        };
        if let Some(chosen) = chosen {
            slots.retain(|value| value.slot() != asked);
            slots.push(chosen);
        }
        slots
    }

    /// A name that no list has, as the answer to "to whom?" or "which bill?".
    fn free_answer(&self, asked: Slot) -> Option<SlotValue> {
        if !matches!(asked, Slot::Target | Slot::Biller | Slot::Merchant)
            || self.whole.decision().is_some()
            || self.text.has_question_mark()
            || reply::begins_with(self.text).is_some()
        {
            return None;
        }
        let lexicon = Lexicon::get();
        let from = self.text.tokens.iter().position(|token| {
            token.kind != Kind::Symbol
                && !lexicon.cues().in_class("small", token.id)
                && !lexicon.cues().in_class("noise", token.id)
        })?;
        let (name, until) = free_words::name_at(self.text, self.mentions, from)?;
        let rest_is_small = self
            .text
            .tokens
            .iter()
            .skip(until)
            .all(|token| token.kind == Kind::Symbol || reply::is_filler(&token.word));
        let name_like = self
            .text
            .tokens
            .get(from..until)?
            .iter()
            .any(free_words::is_name_like);
        if !rest_is_small || !name_like {
            return None;
        }
        Some(match asked {
            Slot::Target => SlotValue::Target(TargetMention::UnknownName(name)),
            Slot::Biller => SlotValue::Biller(BillerMention::Unknown(name)),
            _ => SlotValue::Merchant(name),
        })
    }

    /// "No, 60", "from savings instead": slots of the open flow, said anew.
    fn correction(&self, active: &ActiveFlow) -> Option<Read> {
        let decision = self.whole.decision();
        let same_flow = decision.is_some_and(|d| {
            d.intent == Intent::Flow(active.flow)
                || (active.flow == Flow::Dispute
                    && d.intent == Intent::HandOff(HandOffReason::Dispute))
        });
        let another = decision.is_some() && !same_flow;
        let slots = self.reading(self.whole, true).slots(active.flow);
        if slots.is_empty() {
            return None;
        }
        if self.reschedules(active, &slots) {
            return Some(("other days", certain(set(slots), ANSWER)));
        }
        // A whole new order of the same kind ("send 60 to Anna") begins afresh, unless it corrects.
        let whole_order = slots.len() >= 2 && same_flow && !self.corrects();
        if whole_order {
            return None;
        }
        if another && !self.correction_outweighs(active.flow) {
            return None;
        }
        // "Hmm, half": no exact amount, and no yes to the one that waits.
        let unreadable =
            |it: &SlotValue| matches!(it, SlotValue::Amount(AmountMention::Unreadable(_)));
        if !another && slots.iter().all(unreadable) && self.text.tokens.len() <= 4 {
            return Some(("another amount", certain(set(slots), ANSWER)));
        }
        if !same_flow && !self.corrects() && !self.nothing_else_said() {
            return None;
        }
        Some(("correction", certain(set(slots), ANSWER)))
    }

    /// "It should go out on the first of December", "and take it from savings": other days, or another account, for what is
    /// being ordered.
    fn reschedules(&self, active: &ActiveFlow, slots: &[SlotValue]) -> bool {
        let of_money = matches!(active.flow, Flow::Transfer | Flow::PayBill);
        let only_days = slots
            .iter()
            .all(|value| matches!(value.slot(), Slot::Schedule | Slot::Source));
        let not_today = slots.contains(&SlotValue::Schedule(ScheduleMention::Unclear(
            String::new(),
        )));
        if of_money && only_days && not_today && self.text.tokens.len() <= 4 {
            return true;
        }
        let points = self.has_word(&["it", "that", "this", "lo", "esto"]);
        let asks = self.whole.facts.question && !self.has_word(&["can", "could", "puedes"]);
        let elsewhere = self.whole.decision().is_some_and(|decision| {
            !matches!(
                decision.intent,
                Intent::Flow(Flow::Transfer | Flow::PayBill)
                    | Intent::HandOff(HandOffReason::Unsupported)
                    | Intent::Ask
            )
        });
        of_money && only_days && points && !asks && !elsewhere
    }

    /// "Actually from savings" may look like a weak wish of another kind.
    fn correction_outweighs(&self, open: Flow) -> bool {
        let money = matches!(open, Flow::Transfer | Flow::PayBill);
        self.whole.decision().is_some_and(|decision| {
            let foreign = decision.intent == Intent::OutOfScope;
            let weak = decision.score < 3.0
                || (foreign && self.nothing_else_said())
                || (decision.intent == Intent::Ask && self.whole.has(Label::Correction));
            let other_money = matches!(
                decision.intent,
                Intent::Flow(Flow::Transfer | Flow::PayBill)
            );
            self.corrects() && (weak || (money && other_money && self.nothing_else_said()))
                || (weak && self.nothing_else_said())
        })
    }
}
