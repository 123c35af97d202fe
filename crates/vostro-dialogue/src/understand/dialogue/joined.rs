//! Messages of two parts while a proposal waits: a yes, a no or a correction, and something joined to it.

use super::{ANSWER, Read, Reader, certain, set, settled};
use crate::command::{Command, Flow};
use crate::entities::Value;
use crate::understand::clause::Clause;
use crate::understand::intent::Intent;
use crate::understand::lexicon::Lexicon;
use crate::understand::reply::{self, Reply};
use crate::understand::text::{Kind, Text};

/// A look at the books that is joined to something else.
pub(super) struct Joined {
    /// What stands in front.
    pub(super) said: Clause,
    /// The look.
    pub(super) rest: Clause,
    pub(super) flow: Flow,
    pub(super) confidence: f32,
}

impl Reader<'_> {
    /// "Don't send it to John", "never mind the first one", "skip Anna", "skip that and pay the water bill": what waits is
    /// refused, and the order that was spoken of is none.
    pub(super) fn refuses(&self) -> Option<Read> {
        let pending = self.state.pending.is_some();
        let lexicon = Lexicon::get();
        let tokens = &self.text.tokens;
        let one_clause = !self.has_word(&["and", "but", "instead", "just", "only", "y", "pero"])
            && !tokens.iter().any(|token| token.is_symbol(','));
        let negated = tokens.windows(2).take(3).any(|pair| {
            let [no, verb] = pair else { return false };
            no.is_any(&["dont", "not", "never"])
                && (lexicon.cues().in_class("move", verb.id) || verb.is_any(&["pay", "give"]))
        });
        if negated && one_clause {
            let commands = if pending {
                vec![Command::Deny]
            } else {
                Vec::new()
            };
            return Some(("a refused order", certain(commands, ANSWER)));
        }
        if !pending {
            return None;
        }
        if let Some(at) = tokens
            .iter()
            .position(|token| token.is_any(&["and", "then", "y"]))
        {
            let no = Text {
                normalised: String::new(),
                tokens: tokens.get(..at)?.to_vec(),
            };
            let rest = Clause::read(self.text, self.mentions, at + 1, tokens.len());
            let decision = rest.decision();
            let flow = decision.and_then(|decision| match decision.intent {
                Intent::Flow(flow) if decision.score >= 3.0 => Some((flow, decision.confidence())),
                _ => None,
            });
            if let (Some(Reply::No | Reply::Cancel), Some((flow, confidence))) =
                (reply::read(&no), flow)
            {
                let reading = self.reading(&rest, false);
                let flow = settled(flow, &reading);
                let mut commands = vec![Command::Deny, Command::StartFlow { flow }];
                commands.extend(set(reading.slots(flow)));
                return Some(("no and more", certain(commands, confidence)));
            }
        }
        let calls_off = tokens
            .first()?
            .is_any(&["nevermind", "skip", "forget", "drop", "scratch"])
            || (tokens.first()?.is_any(&["never"]) && tokens.get(1)?.is_any(&["mind"]))
            || (tokens.first()?.is_any(&["leave"]) && tokens.get(1)?.is_any(&["out"]));
        let verbs = [
            "nevermind",
            "skip",
            "forget",
            "drop",
            "scratch",
            "never",
            "mind",
            "leave",
        ];
        let money = self.mentions.iter().any(|it| {
            matches!(
                it.value,
                Value::Amount(_) | Value::Bare(..) | Value::Schedule(_)
            )
        });
        let names_one = tokens.iter().enumerate().all(|(at, token)| {
            token.kind == Kind::Symbol
                || token.is_any(&verbs)
                || self
                    .mentions
                    .iter()
                    .any(|it| (it.from..it.until).contains(&at))
                || lexicon.cues().in_class("small", token.id)
                || token.is_any(&["first", "second", "last", "other", "about", "out"])
        });
        (calls_off && names_one && !money)
            .then(|| ("called off", certain(vec![Command::Deny], ANSWER)))
    }

    /// "Yes, and then show my balance": a yes joined to a look at the books. Any other yes with more
    /// behind it is no yes.
    pub(super) fn yes_and_more(&self) -> Option<Read> {
        self.state.pending.as_ref()?;
        let Joined {
            said,
            rest,
            flow,
            confidence,
        } = self.look_behind(&["and", "then"])?;
        let yes = Text {
            normalised: String::new(),
            tokens: self.text.tokens.get(..said.until)?.to_vec(),
        };
        if reply::read(&yes) != Some(Reply::Yes) {
            return None;
        }
        let mut commands = vec![Command::Confirm, Command::StartFlow { flow }];
        commands.extend(set(self.reading(&rest, false).slots(flow)));
        Some(("yes and more", certain(commands, confidence)))
    }

    /// What stands in front of the first of these words, and the look at the books behind it.
    pub(super) fn look_behind(&self, joints: &[&str]) -> Option<Joined> {
        let tokens = &self.text.tokens;
        let at = tokens.iter().position(|token| token.is_any(joints))?;
        let rest = Clause::read(self.text, self.mentions, at, tokens.len());
        let decision = rest.decision().filter(|decision| decision.score >= 3.0)?;
        let Intent::Flow(flow) = decision.intent else {
            return None;
        };
        let looks = matches!(
            flow,
            Flow::CheckBalance
                | Flow::ShowTransactions
                | Flow::SumSpending
                | Flow::ListBills
                | Flow::ListPayees
                | Flow::ListSchedules
                | Flow::ListCards
        );
        let said = Clause::read(self.text, self.mentions, 0, at);
        let confidence = decision.confidence();
        looks.then_some(Joined {
            said,
            rest,
            flow,
            confidence,
        })
    }
}
