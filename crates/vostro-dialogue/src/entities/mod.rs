//! Entities: the stretches of a message that name an amount, a date, an account, a person, a bill.
//!
//! Each kind has its file with a finder over the tokens. Finders run in a fixed order, surest first, and
//! claim their tokens, so that no stretch is read twice: the digits of an account number are not an
//! amount. What an entity is *for* (source or target, amount or limit) is decided by the understanding,
//! which knows the intent.

pub mod account;
pub mod account_number;
pub mod biller;
pub mod category;
pub mod comparison;
pub mod count;
pub mod free_words;
pub mod money;
pub mod number_words;
pub mod payee;
pub mod period;
pub mod schedule;

#[cfg(any(test, feature = "fuzzing"))]
pub(crate) mod testing;

use jiff::civil::Date;
use vostro_bank::{Category, Portfolio};
use vostro_ledger::{AccountNumber, Schedule};
use vostro_types::{Currency, Money, PayeeId};

use crate::command::{AccountMention, AmountMention, BillerMention, Flow, Often, Period, Slot};
use crate::understand::lexicon::Lexicon;
use crate::understand::text::{Kind, Text, Token};

/// The kinds of entities, as cues name them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum EntityKind {
    /// An amount with its currency, or words for one ("all of it").
    Amount,
    /// A number that may be an amount or a count.
    Bare,
    /// An account number.
    Number,
    /// One of the customer's accounts.
    Account,
    /// A saved payee.
    Payee,
    /// A biller.
    Biller,
    /// A stretch of days.
    Period,
    /// How many.
    Count,
    /// Bounds of an amount.
    Range,
    /// A category of spending.
    Category,
    /// A place in a list that was shown.
    Ordinal,
    /// Days to come for a payment.
    Schedule,
}

impl EntityKind {
    /// Reads a name as it stands in a cue.
    pub fn parse(name: &str) -> Option<Self> {
        Some(match name {
            "amount" => Self::Amount,
            "bare" => Self::Bare,
            "number" => Self::Number,
            "account" => Self::Account,
            "payee" => Self::Payee,
            "biller" => Self::Biller,
            "period" => Self::Period,
            "count" => Self::Count,
            "range" => Self::Range,
            "category" => Self::Category,
            "ordinal" => Self::Ordinal,
            "schedule" => Self::Schedule,
            _ => return None,
        })
    }
}

/// What was read.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// An amount of money.
    Amount(AmountMention),
    /// A number without a unit: as money in the customer's currency, and as a count if it can be one.
    Bare(AmountMention, Option<u32>),
    /// A readable account number.
    Number(AccountNumber),
    /// Digits meant as an account number that are none.
    BadNumber(String),
    /// The number of a bank, beside that of an account.
    Routing,
    /// An account.
    Account(AccountMention),
    /// The saved payees that fit.
    Payee(Vec<PayeeId>),
    /// A biller.
    Biller(BillerMention),
    /// A stretch of days.
    Period(Period),
    /// How many.
    Count(u32),
    /// Bounds of an amount, without sign.
    Range(Option<Money>, Option<Money>),
    /// A category.
    Category(Category),
    /// "The second one", counted from 0; `usize::MAX` is the last.
    Ordinal(usize),
    /// Days to come for a payment.
    Schedule(Schedule),
    /// Words for days that no payment can repeat on here, with what comes nearest.
    NotHeld(Vec<Often>),
}

impl Value {
    /// Its kind.
    pub const fn kind(&self) -> EntityKind {
        match self {
            Self::Amount(_) => EntityKind::Amount,
            Self::Bare(..) => EntityKind::Bare,
            Self::Number(_) | Self::BadNumber(_) | Self::Routing => EntityKind::Number,
            Self::Account(_) => EntityKind::Account,
            Self::Payee(_) => EntityKind::Payee,
            Self::Biller(_) => EntityKind::Biller,
            Self::Period(_) => EntityKind::Period,
            Self::Count(_) => EntityKind::Count,
            Self::Range(..) => EntityKind::Range,
            Self::Category(_) => EntityKind::Category,
            Self::Ordinal(_) => EntityKind::Ordinal,
            Self::Schedule(_) | Self::NotHeld(_) => EntityKind::Schedule,
        }
    }
}

/// A value and the tokens it was read from.
#[derive(Debug, Clone, PartialEq)]
pub struct Mention {
    /// First token.
    pub from: usize,
    /// The token after the last.
    pub until: usize,
    /// What was read.
    pub value: Value,
}

/// What the finders may look at besides the text.
#[derive(Debug, Clone, Copy)]
pub struct Surroundings<'a> {
    /// The customer's accounts, payees and billers.
    pub portfolio: &'a Portfolio,
    /// Today in the bank's time zone.
    pub today: Date,
    /// The slot that was asked for.
    pub asked: Option<Slot>,
    /// The flow in progress, or else the last one.
    pub flow: Option<Flow>,
    /// The days of the movement in progress, which a correction keeps as far as it says nothing of them.
    pub schedule: Option<Schedule>,
}

impl Surroundings<'_> {
    /// The currency of amounts that name none: that of the customer's first account.
    pub fn currency(&self) -> Currency {
        self.portfolio
            .accounts
            .first()
            .map_or(Currency::USD, |account| account.balance.currency)
    }
}

/// A message while its entities are found: tokens, and which are claimed.
#[derive(Debug)]
pub struct Finder<'a> {
    /// The text.
    pub text: &'a Text,
    /// What else there is to know.
    pub around: Surroundings<'a>,
    /// The vocabulary.
    pub lexicon: &'static Lexicon,
    claimed: Vec<bool>,
    mentions: Vec<Mention>,
}

impl<'a> Finder<'a> {
    /// A finder that has found nothing yet.
    pub fn new(text: &'a Text, around: Surroundings<'a>) -> Self {
        Self {
            text,
            around,
            lexicon: Lexicon::get(),
            claimed: vec![false; text.tokens.len()],
            mentions: Vec::new(),
        }
    }

    /// How many tokens there are.
    pub fn len(&self) -> usize {
        self.text.tokens.len()
    }

    /// Whether there is no token.
    pub fn is_empty(&self) -> bool {
        self.text.tokens.is_empty()
    }

    /// A token that nothing has claimed.
    pub fn free(&self, at: usize) -> Option<&'a Token> {
        match self.claimed.get(at) {
            Some(false) => self.text.tokens.get(at),
            _ => None,
        }
    }

    /// A token, claimed or not.
    pub fn token(&self, at: usize) -> Option<&'a Token> {
        self.text.tokens.get(at)
    }

    /// The word at a place if it is free, typos put right; empty otherwise.
    pub fn word(&self, at: usize) -> &'a str {
        self.free(at).map_or("", |token| token.word.as_str())
    }

    /// The word so many places before, claimed or not; empty at the beginning.
    pub fn word_before(&self, at: usize, back: usize) -> &'a str {
        at.checked_sub(back)
            .and_then(|at| self.text.tokens.get(at))
            .map_or("", |token| token.word.as_str())
    }

    /// Whether the free words from a place on are these.
    pub fn reads(&self, at: usize, words: &[&str]) -> bool {
        words
            .iter()
            .enumerate()
            .all(|(i, word)| self.word(at + i) == *word)
    }

    /// The free digits at a place: a number token without `,`, `.` or exponent.
    pub fn digits(&self, at: usize) -> Option<&'a str> {
        self.free(at)
            .filter(|token| token.kind == Kind::Number)
            .map(|token| token.text.as_str())
            .filter(|text| text.bytes().all(|byte| byte.is_ascii_digit()))
    }

    /// Claims a stretch for a value.
    pub fn claim(&mut self, from: usize, until: usize, value: Value) {
        for claimed in self.claimed.iter_mut().take(until).skip(from) {
            *claimed = true;
        }
        self.mentions.push(Mention { from, until, value });
    }

    /// Whether a kind was found already.
    pub fn has(&self, kind: EntityKind) -> bool {
        self.mentions
            .iter()
            .any(|mention| mention.value.kind() == kind)
    }

    /// The last mention that ends at a place.
    pub fn mention_ending(&self, at: usize) -> Option<&Mention> {
        self.mentions.iter().find(|mention| mention.until == at)
    }
}

/// The words and numbers of a name out of the portfolio, split as a message is. A name is spelled right, so it is
/// not looked up as a message's words are.
pub fn words_of_name(name: &str) -> Vec<String> {
    let tokens = Text::split(name).tokens.into_iter();
    tokens
        .filter(|token| token.kind != Kind::Symbol)
        .map(|token| token.text)
        .collect()
}

/// Finds all entities of a message, in the order in which they stand.
pub fn find(text: &Text, around: Surroundings<'_>) -> Vec<Mention> {
    let mut finder = Finder::new(text, around);
    account_number::find(&mut finder);
    schedule::find(&mut finder);
    period::find(&mut finder);
    comparison::find(&mut finder);
    count::find(&mut finder);
    money::find(&mut finder);
    account::find(&mut finder);
    biller::find(&mut finder);
    payee::find(&mut finder);
    category::find(&mut finder);
    money::find_bare(&mut finder);
    let mut mentions = finder.mentions;
    mentions.sort_by_key(|mention| mention.from);
    mentions
}
