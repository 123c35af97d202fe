//! From the entities of a clause to the slots of a flow.
//!
//! Here an entity gets its role: which account is the source and which the target, whether a payee is
//! somebody to pay or words to search for, whether a number is an amount or a count. Free names ("to
//! Bob", "at Corner Coffee") are read last, where no entity explains the words.

mod amounts;
mod bills;
mod cards;
mod history;
mod names;
mod pauses;
mod payees;
mod people;
mod records;
mod schedules;
mod services;
mod trips;

use payees::add_payees;
use vostro_bank::AccountView;

use crate::command::{AccountMention, AmountMention, Flow, Slot, SlotValue, TargetMention};
use crate::entities::count::nth;
use crate::entities::{Mention, Surroundings, Value, account_number};
use crate::understand::clause::says;
use crate::understand::text::Text;

/// What slots are read from.
#[derive(Debug, Clone, Copy)]
pub struct Reading<'a> {
    /// The message.
    pub text: &'a Text,
    /// All its entities.
    pub mentions: &'a [Mention],
    /// The portfolio, today, what was asked.
    pub around: Surroundings<'a>,
    /// First token of the clause.
    pub from: usize,
    /// The token after its last.
    pub until: usize,
    /// Whether the clause corrects what was said, so that "from 50 to 60" is not two amounts.
    pub correcting: bool,
}

/// What a preposition makes of the account behind it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Role {
    Source,
    Target,
}

/// Words that leave one out.
pub const EXCEPT: &[&str] = &["except", "but", "excluding", "excepto", "menos", "salvo"];

const DETERMINERS: &[&str] = &[
    "my", "the", "a", "an", "your", "mi", "la", "el", "own", "mis", "card", "account",
];

const SOURCE_WORDS: &[&str] = &[
    "from", "using", "use", "with", "desde", "de", "via", "through", "con",
];

const TARGET_WORDS: &[&str] = &[
    "to", "into", "in", "onto", "toward", "towards", "a", "for", "al",
];

impl<'a> Reading<'a> {
    /// The slots of a flow that the clause fills, in the order of the slots' names.
    pub fn slots(&self, flow: Flow) -> Vec<SlotValue> {
        let mut slots = match flow {
            Flow::Transfer => self.transfer(),
            Flow::PayBill => self.pay_bill(),
            Flow::CheckBalance => self.account().into_iter().collect(),
            Flow::ShowTransactions | Flow::SumSpending => self.history(flow),
            Flow::ListBills => self
                .biller(false)
                .map(SlotValue::Biller)
                .into_iter()
                .collect(),
            Flow::ListPayees | Flow::ListSchedules => Vec::new(),
            Flow::CancelSchedule
            | Flow::SkipSchedule
            | Flow::PauseSchedule
            | Flow::ChangeSchedule => self.standing_order(flow),
            Flow::Statement => self.account().into_iter().chain(self.period()).collect(),
            _ => self.service(flow),
        };
        if matches!(flow, Flow::Transfer | Flow::PayBill) {
            slots.extend(self.schedule());
        }
        slots.sort_by_key(SlotValue::slot);
        slots
    }

    /// The entities of the clause.
    pub fn own(&self) -> impl Iterator<Item = &'a Mention> + use<'a> {
        let (from, until) = (self.from, self.until);
        self.mentions
            .iter()
            .filter(move |mention| mention.from >= from && mention.from < until)
    }

    /// Where the clause says why, behind an amount: "send John 20 because he pays for it every month". What follows is no
    /// part of what is ordered. Where it does not, its end.
    fn why(&self) -> usize {
        let orders = |it: &&Mention| matches!(it.value, Value::Amount(_) | Value::Bare(..));
        let behind = self.own().find(orders).map_or(self.until, |it| it.until);
        let tokens = self.text.tokens.iter().enumerate();
        let mut tokens = tokens.take(self.until).skip(behind);
        let why = tokens.find(|(_, token)| token.is_any(&["because", "cuz", "porque"]));
        why.map_or(self.until, |(at, _)| at)
    }

    /// The word so many places before a token of the clause.
    fn before(&self, at: usize, back: usize) -> &'a str {
        at.checked_sub(back)
            .filter(|at| *at >= self.from)
            .and_then(|at| self.text.tokens.get(at))
            .map_or("", |token| token.word.as_str())
    }

    fn role(&self, at: usize) -> Option<Role> {
        let back = (1..=3).find(|back| {
            !DETERMINERS.contains(&self.before(at, *back)) || self.before(at, *back) == "a"
        })?;
        let word = self.before(at, back);
        if SOURCE_WORDS.contains(&word) || (word == "of" && self.before(at, back + 1) == "out") {
            Some(Role::Source)
        } else if TARGET_WORDS.contains(&word) {
            Some(Role::Target)
        } else {
            None
        }
    }

    fn transfer(&self) -> Vec<SlotValue> {
        let empties = self.has_word(&["empty", "drain", "sweep"]);
        let amount = self
            .amount()
            .or_else(|| empties.then_some(AmountMention::Everything));
        // "Pay off the card", "pay my card in full": all of its debt.
        let pays_off = self.has_word(&["pay", "paid", "paying", "clear"])
            && self.has_word(&["off", "full", "fully", "completely", "entire", "whole"]);
        let amount = amount.or_else(|| pays_off.then_some(AmountMention::AmountDue));
        let everything = amount == Some(AmountMention::Everything);
        let mut slots: Vec<SlotValue> = amount.map(SlotValue::Amount).into_iter().collect();
        let mut source = None;
        let mut target = None;
        let mut unassigned = Vec::new();
        for mention in self.own().filter(|mention| !self.is_ruled_out(mention)) {
            // "All that is in savings" is taken from there; "50 in savings" goes there.
            let lies_in = everything
                && source.is_none()
                && (1..=2).any(|back| self.before(mention.from, back) == "in");
            let role = self
                .role(mention.from)
                .map(|role| if lies_in { Role::Source } else { role });
            match (&mention.value, role) {
                // "Mia's checking" is somebody else's.
                (Value::Account(_), role)
                    if role != Some(Role::Source) && self.owner(mention).is_some() =>
                {
                    target = self.owner(mention);
                }
                (Value::Account(_), role)
                    if role != Some(Role::Source) && self.is_theirs(mention) => {}
                (Value::Account(account), Some(Role::Source)) => source = Some(account.clone()),
                (Value::Account(account), Some(Role::Target)) => {
                    target = Some(self.own_target(account, mention));
                }
                (Value::Account(account), None) => unassigned.push((account, mention)),
                (Value::Number(number), Some(Role::Source)) => {
                    source = Some(account_number::own(number, self.around.portfolio));
                }
                (Value::Number(number), _) => {
                    target = Some(account_number::resolve(number, self.around.portfolio));
                }
                (Value::BadNumber(words), _) => {
                    target = Some(TargetMention::UnknownName(words.clone()));
                }
                (Value::Payee(payees), _) => target = Some(add_payees(target, payees)),
                (Value::Ordinal(place), _) => self.place_account(*place, &mut source, &mut target),
                _ => {}
            }
        }
        for (account, mention) in unassigned {
            if self.goes_to_source(source.is_some(), target.is_some()) {
                source = Some(account.clone());
            } else if target.is_none() {
                target = Some(self.own_target(account, mention));
            }
        }
        if target.is_none() {
            target = self.unknown_target();
        }
        if let (Some(AccountMention::One(from)), Some(TargetMention::Own(to))) = (&source, &target)
            && self.turns_round()
        {
            let turned = (
                AccountMention::One(to.clone()),
                TargetMention::Own(from.clone()),
            );
            (source, target) = (Some(turned.0), Some(turned.1));
        }
        slots.extend(source.map(SlotValue::Source));
        slots.extend(target.map(SlotValue::Target));
        slots
    }

    /// Which of the two an account without a preposition is.
    fn goes_to_source(&self, source: bool, target: bool) -> bool {
        let pays = self.has_word(&["pay", "paga", "pagar", "top", "paying"]);
        let between = self.has_word(&["between", "entre"]);
        match self.around.asked {
            _ if source => false,
            Some(Slot::Source) => true,
            Some(Slot::Target) => false,
            _ if target || between => true,
            _ if pays => false,
            _ => self.correcting,
        }
    }

    /// "Sorry, the other way round".
    pub fn turns_round(&self) -> bool {
        let phrases: [&[&str]; 5] = [
            &["other", "way"],
            &["al", "reves"],
            &["vice", "versa"],
            &["opposite", "direction"],
            &["wrong", "way"],
        ];
        let own = self
            .text
            .tokens
            .get(self.from..self.until)
            .unwrap_or_default();
        phrases.iter().any(|words| says(own, words))
    }

    fn has_word(&self, words: &[&str]) -> bool {
        self.place_of(words).is_some()
    }

    /// Where the first of these words stands.
    fn place_of(&self, words: &[&str]) -> Option<usize> {
        let tokens = self.text.tokens.iter().enumerate();
        let mut own = tokens.take(self.until).skip(self.from);
        own.find_map(|(at, token)| token.is_any(words).then_some(at))
    }

    fn own_target(&self, account: &AccountMention, mention: &Mention) -> TargetMention {
        match account {
            AccountMention::One(id) => TargetMention::Own(id.clone()),
            AccountMention::Unknown(words) => TargetMention::UnknownName(words.clone()),
            AccountMention::Kind(_) | AccountMention::All => {
                TargetMention::UnknownName(self.text.slice(mention.from, mention.until).to_owned())
            }
        }
    }

    /// The account at a place as they are shown; the last for the largest place.
    fn nth_account(&self, place: usize) -> Option<&'a AccountView> {
        nth(&self.around.portfolio.accounts, place)
    }

    /// "The second one" as an answer: of the accounts as they are shown.
    fn place_account(
        &self,
        place: usize,
        source: &mut Option<AccountMention>,
        target: &mut Option<TargetMention>,
    ) {
        let Some(chosen) = self.nth_account(place) else {
            return;
        };
        match self.around.asked {
            Some(Slot::Source) => *source = Some(AccountMention::One(chosen.id.clone())),
            Some(Slot::Target) => *target = Some(TargetMention::Own(chosen.id.clone())),
            _ => {}
        }
    }

    fn is_claimed(&self, at: usize) -> bool {
        self.mentions
            .iter()
            .any(|m| (m.from..m.until).contains(&at))
    }

    /// The account spoken of; several of them are all.
    fn account(&self) -> Option<SlotValue> {
        let named = self
            .own()
            .filter(|mention| !self.is_ruled_out(mention))
            .filter_map(|mention| match &mention.value {
                Value::Account(account @ AccountMention::One(_)) => Some(account),
                _ => None,
            });
        let mut named: Vec<&AccountMention> = named.collect();
        named.dedup();
        if named.len() > 1 {
            return Some(SlotValue::Account(AccountMention::All));
        }
        self.own()
            .filter(|mention| !self.is_ruled_out(mention))
            .find_map(|mention| match &mention.value {
                Value::Account(account) => Some(account.clone()),
                Value::Number(number) => Some(account_number::own(number, self.around.portfolio)),
                Value::Ordinal(place) if self.around.asked == Some(Slot::Account) => self
                    .nth_account(*place)
                    .map(|account| AccountMention::One(account.id.clone())),
                _ => None,
            })
            .map(SlotValue::Account)
    }

    /// "Not 50", "instead of savings": said to be put aside.
    pub fn is_ruled_out(&self, mention: &Mention) -> bool {
        let back = if DETERMINERS.contains(&self.before(mention.from, 1)) {
            2
        } else {
            1
        };
        let word = self.before(mention.from, back);
        let word = if matches!(word, "from" | "to") {
            self.before(mention.from, back + 1)
        } else {
            word
        };
        let of = word == "of" && self.before(mention.from, back + 1) == "instead";
        let than = word == "than" && self.before(mention.from, back + 1) == "rather";
        let left =
            word == "out" && matches!(self.before(mention.from, back + 1), "leave" | "leaving");
        // "Skip Anna's next payment" says whose.
        let skipped = word == "skip" && self.own().any(|other| other.from < mention.from);
        matches!(word, "not" | "without" | "except" | "excluding" | "sin")
            || skipped
            || of
            || than
            || left
    }
}
