//! Orders and questions that open flows: one message may hold several.

use vostro_ledger::AccountKind;

use super::{Reader, certain, start};
use crate::command::{
    AccountMention, Command, Flow, Slot, SlotValue, TargetMention, Understanding,
};
use crate::entities::Value;
use crate::understand::clause::{Clause, orders_one, says, wishes};
use crate::understand::intent::{Intent, Label};
use crate::understand::lexicon::Lexicon;
use crate::understand::reply::{self, Reply};
use crate::understand::slots::Reading;

/// Words for an account that was just spoken of.
const THERE: &[&[&str]] = &[
    &["from", "there"],
    &["out", "of", "there"],
    &["from", "that", "account"],
    &["of", "that", "account"],
    &["from", "that", "one"],
    &["from", "it"],
    &["out", "of", "it"],
    &["with", "it"],
    &["with", "that"],
    &["de", "ahi"],
    &["desde", "ahi"],
    &["de", "esa", "cuenta"],
    &["desde", "esa", "cuenta"],
    &["con", "esa"],
];

/// Verbs that move money in a Spanish "don't".
const SPANISH_VERBS: &[&str] = &[
    "envies",
    "mandes",
    "pagues",
    "transfieras",
    "pases",
    "muevas",
    "envie",
    "mande",
    "pague",
    "transfiera",
];

impl Reader<'_> {
    /// What the parts of the message ask for; parts that are said not to be done are none.
    pub(super) fn flows(&self, confidence: f32) -> Understanding {
        let parts = wishes(self.text, self.mentions);
        let parts = if parts.len() > 1 && !self.removes_together(&parts) {
            parts
        } else {
            vec![self.whole.clone()]
        };
        let mut commands = Vec::new();
        if self.denies_before_another() {
            commands.push(Command::Deny);
        }
        commands.extend(self.orders(&parts));
        certain(commands, confidence)
    }

    /// "Remove Anna and the landlord from my payees": the second part is no wish to see the payees.
    fn removes_together(&self, parts: &[Clause]) -> bool {
        let flow_of = |clause: &Clause| match clause.decision()?.intent {
            Intent::Flow(flow) => Some(flow),
            _ => None,
        };
        let about = |flow| match flow {
            Some(Flow::RemovePayee | Flow::ListPayees) => Some(Flow::RemovePayee),
            Some(Flow::RemoveAlert | Flow::ListAlerts) => Some(Flow::RemoveAlert),
            _ => None,
        };
        let whole =
            flow_of(self.whole).filter(|it| matches!(it, Flow::RemovePayee | Flow::RemoveAlert));
        whole.is_some() && parts.iter().all(|part| about(flow_of(part)) == whole)
    }

    /// "Stop", where no day is named until which.
    fn stops(&self, reading: &Reading<'_>) -> bool {
        let mut slots = reading.slots(Flow::PauseSchedule).into_iter();
        self.has_word(&["stop"]) && !slots.any(|it| it.slot() == Slot::Period)
    }

    /// "Skip the next payment", "skip this month's".
    fn names_one_payment(&self) -> bool {
        self.has_word(&["next", "this", "proximo", "este", "esta"])
            && !self.has_word(&["until", "till", "til", "hasta"])
    }

    /// The flows of the parts with their slots.
    pub(super) fn orders(&self, parts: &[Clause]) -> Vec<Command> {
        let mut commands = Vec::new();
        let mut before = None;
        for part in parts.iter().filter(|part| !self.is_forbidden(part)) {
            let flow = part.decision().and_then(|decision| match decision.intent {
                Intent::Flow(flow) => Some(flow),
                _ => None,
            });
            // "… and Anna 30": what was done for the one before.
            let again = || {
                let one = orders_one(self.mentions, (part.from, part.until));
                before.filter(|flow| *flow == Flow::Transfer && one)
            };
            let flow = again().or(flow);
            before = flow;
            let Some(flow) = flow else { continue };
            let reading = self.reading(part, false);
            let pauses = matches!(flow, Flow::CancelSchedule | Flow::SkipSchedule)
                && reading
                    .slots(Flow::PauseSchedule)
                    .iter()
                    .any(|it| it.slot() == Slot::Period)
                && !self.names_one_payment();
            let flow = if pauses { Flow::PauseSchedule } else { flow };
            // "Stop the payment on Friday" ends it.
            let stops = flow == Flow::PauseSchedule && !pauses && self.stops(&reading);
            let flow = if stops { Flow::CancelSchedule } else { flow };
            let Some(flow) = self.meant_of_an_order(settled(flow, &reading)) else {
                commands.push(Command::Ask);
                continue;
            };
            let mut slots = reading.slots(flow);
            if matches!(flow, Flow::ShowTransactions | Flow::SumSpending) {
                add_direction(&mut slots, part, flow);
            }
            if flow == Flow::Transfer {
                slots.extend(self.somebody_spoken_of(&slots));
            }
            if matches!(flow, Flow::Transfer | Flow::PayBill) {
                slots.extend(self.account_spoken_of(&slots));
            }
            for slots in self.one_each(part, flow, slots) {
                let mut wish = start(flow, slots);
                // "My account and routing number" is one wish, said in two parts.
                if !commands.ends_with(&wish) {
                    commands.append(&mut wish);
                }
            }
        }
        commands
    }

    /// A question, a "don't" and a day for it are no wish to end an order or to leave a payment out: "what happens if I stop it?", "don't cancel it, just skip it this month", "stop it after Christmas". `None` is a question.
    fn meant_of_an_order(&self, flow: Flow) -> Option<Flow> {
        if !matches!(flow, Flow::CancelSchedule | Flow::SkipSchedule) {
            return Some(flow);
        }
        let first = |words: &[&str]| {
            let mut tokens = self.text.tokens.iter().take(3);
            tokens.any(|token| token.is_any(words))
        };
        let asks_you = first(&[
            "can", "could", "would", "please", "puedes", "podrias", "quiero",
        ]);
        if !asks_you && first(&["when", "did", "has", "which", "cuando", "cual"]) {
            return Some(Flow::ListSchedules);
        }
        let asks = [
            "what", "how", "should", "will", "if", "why", "does", "que", "como", "debo", "deberia",
        ];
        // "John's order": an "is" further on is none.
        let begins = self.text.tokens.first();
        let asks_whether = begins.is_some_and(|token| token.is_any(&["is", "are", "was"]));
        if !asks_you && (asks_whether || first(&asks)) {
            return None;
        }
        let tokens = &self.text.tokens;
        let refuses = tokens.windows(2).any(|pair| match pair {
            [no, verb] => {
                (no.is_any(&["dont", "not"]) && verb.is_any(&["cancel", "stop", "end", "skip"]))
                    || (no.is_any(&["no"])
                        && verb.is_any(&["canceles", "pares", "quites", "elimines", "saltes"]))
            }
            _ => false,
        });
        let skips = self.has_word(&["skip", "saltate", "salta", "omite"]);
        let later = self.has_word(&[
            "after", "until", "till", "from", "despues", "hasta", "partir",
        ]);
        match (flow, refuses) {
            (Flow::CancelSchedule, true) if skips => Some(Flow::SkipSchedule),
            (_, true) => Some(Flow::ListSchedules),
            (Flow::CancelSchedule, false) if later => Some(Flow::ListSchedules),
            _ => Some(flow),
        }
    }

    /// Whether a part says that something is not to be done: "don't send John 20", "no need to pay it".
    pub(super) fn is_forbidden(&self, part: &Clause) -> bool {
        // "Don't send Leo his allowance this week" leaves out a payment of a standing order.
        let another = part
            .decision()
            .is_some_and(|decision| match decision.intent {
                Intent::Flow(flow) => !matches!(flow, Flow::Transfer | Flow::PayBill),
                _ => false,
            });
        if another {
            return false;
        }
        let cues = Lexicon::get().cues();
        let word = |at: usize| {
            let token = self.text.tokens.get(at).filter(|_| at < part.until);
            token.map_or("", |token| token.word.as_str())
        };
        let moves = |at: usize| {
            let token = self.text.tokens.get(at).filter(|_| at < part.until);
            token.is_some_and(|token| {
                (cues.in_class("move", token.id) && !token.is_any(&["sent", "transfers"]))
                    || token.is_any(&["pay", "give", "make"])
            })
        };
        (part.from..part.until.min(part.from + 5)).any(|at| {
            let before = at
                .checked_sub(1)
                .filter(|before| *before >= part.from)
                .map_or("", word);
            match word(at) {
                "dont" if !matches!(before, "why" | "they" | "you" | "we") => {
                    moves(at + 1)
                        || (matches!(word(at + 1), "want" | "need" | "wish" | "have")
                            && word(at + 2) == "to"
                            && moves(at + 3))
                }
                "not" if matches!(before, "do" | "please" | "" | "but") => moves(at + 1),
                "never" => word(at + 1) != "mind" && before.is_empty() && moves(at + 1),
                "no" => {
                    (word(at + 1) == "need" && word(at + 2) == "to" && moves(at + 3))
                        || (word(at + 1) == "longer"
                            && matches!(word(at + 2), "want" | "need")
                            && moves(at + 4))
                        || SPANISH_VERBS.contains(&word(at + 1))
                        || (matches!(word(at + 1), "le" | "lo" | "la" | "se" | "les")
                            && SPANISH_VERBS.contains(&word(at + 2)))
                }
                _ => false,
            }
        })
    }

    /// "Send Anna 40 from there": out of the account that was spoken of last. Where none was, it is asked for.
    fn account_spoken_of(&self, slots: &[SlotValue]) -> Option<SlotValue> {
        let named = slots.iter().any(|it| it.slot() == Slot::Source);
        let tokens = &self.text.tokens;
        let said = THERE.iter().find(|words| says(tokens, words));
        let words = said.filter(|_| !named)?;
        let last = self.state.last.as_ref();
        let known = last.and_then(|last| {
            let of = |slot| last.slots.get(slot);
            match (of(Slot::Account), of(Slot::Target), of(Slot::Source)) {
                (Some(SlotValue::Account(account @ AccountMention::One(_))), ..) => {
                    Some(account.clone())
                }
                (_, Some(SlotValue::Target(TargetMention::Own(id))), _) => {
                    Some(AccountMention::One(id.clone()))
                }
                (.., Some(SlotValue::Source(account @ AccountMention::One(_)))) => {
                    Some(account.clone())
                }
                _ => None,
            }
        });
        Some(SlotValue::Source(
            known.unwrap_or_else(|| AccountMention::Unknown(words.join(" "))),
        ))
    }

    /// "No, show me my balance" while a proposal waits.
    fn denies_before_another(&self) -> bool {
        self.state.pending.is_some()
            && reply::begins_with(self.text) == Some(Reply::No)
            && self
                .state
                .active
                .as_ref()
                .is_some_and(|active| self.wishes_elsewhere(active.flow))
    }
}

/// A payment to a biller is a bill payment, and one to a person a transfer, whatever the verb.
pub(super) fn settled(flow: Flow, reading: &Reading<'_>) -> Flow {
    let has = |fits: fn(&Value) -> bool| reading.own().any(|mention| fits(&mention.value));
    let biller = has(|value| matches!(value, Value::Biller(_)));
    let person = has(|value| matches!(value, Value::Payee(_) | Value::Number(_)));
    let accounts = &reading.around.portfolio.accounts;
    let is_card = |value: &SlotValue| match value {
        SlotValue::Target(TargetMention::Own(id)) => accounts
            .iter()
            .any(|it| it.id == *id && it.kind == AccountKind::CreditCard),
        _ => false,
    };
    let card = || reading.slots(Flow::Transfer).iter().any(is_card);
    match flow {
        // "Pay the credit card bill": from an account of the customer's to another.
        Flow::PayBill if !biller && card() => Flow::Transfer,
        Flow::Transfer if biller && !person => Flow::PayBill,
        Flow::PayBill if !biller && (person || reading.names_person()) => Flow::Transfer,
        other => other,
    }
}

/// Money in or out. A sum is of what went out unless it says otherwise, so only "in" is told.
fn add_direction(slots: &mut Vec<SlotValue>, clause: &Clause, flow: Flow) {
    let (inward, outward) = (
        clause.scores.of(Label::DirectionIn),
        clause.scores.of(Label::DirectionOut),
    );
    if inward > outward {
        slots.push(SlotValue::Direction(vostro_bank::Direction::In));
    } else if outward > inward && flow == Flow::ShowTransactions {
        slots.push(SlotValue::Direction(vostro_bank::Direction::Out));
    }
    slots.sort_by_key(SlotValue::slot);
}
