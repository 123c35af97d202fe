//! Slots: what a flow needs to know, as far as the customer's words tell.

use jiff::ToSpan;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use vostro_bank::{CardLoss, Category, ContactKind, Direction, DisputeReason};
use vostro_ledger::{AccountKind, AccountNumber, Schedule};
use vostro_types::{AccountId, BillerId, CardId, Money, PayeeId};

/// An amount as the customer gave it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AmountMention {
    /// An exact amount; its sign and currency are the customer's ("-5", "€20").
    Exact(Money),
    /// Everything that is there: "all of it".
    Everything,
    /// The amount of the open bill: "the full bill", "what I owe".
    AmountDue,
    /// Meant as an amount, but none: too precise, too large, two amounts at once. The customer's words.
    Unreadable(String),
}

/// An account of the customer's, as far as their words name one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AccountMention {
    /// Exactly one of the customer's accounts.
    One(AccountId),
    /// A kind of account of which the customer has none or several.
    Kind(AccountKind),
    /// All accounts.
    All,
    /// Words for an account that fit none of the customer's ("ending 9999", "my brokerage account").
    Unknown(String),
}

/// Where money is to go, as far as the customer's words name it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TargetMention {
    /// One of the customer's own accounts.
    Own(AccountId),
    /// A saved payee.
    Payee(PayeeId),
    /// Several saved payees fit the name.
    Payees(Vec<PayeeId>),
    /// All of these saved payees are meant.
    Each(Vec<PayeeId>),
    /// A name that fits nobody saved, and is nearly this one's: asked about before it is taken for them.
    Nearly {
        /// The customer's words.
        words: String,
        /// Who may be meant.
        payee: PayeeId,
    },
    /// An account number that is none of the customer's accounts and of no saved payee.
    Number(AccountNumber),
    /// A name that fits nobody saved.
    UnknownName(String),
}

/// A biller, as far as the customer's words name one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BillerMention {
    /// One of the customer's billers.
    One(BillerId),
    /// Several fit.
    Several(Vec<BillerId>),
    /// Words for a bill that fit none of the customer's billers.
    Unknown(String),
    /// Words that fit none of the customer's billers, and are nearly this one's name: asked about before they are taken
    /// for it.
    Nearly {
        /// The customer's words.
        words: String,
        /// Which may be meant.
        biller: BillerId,
    },
}

/// Cards, as far as the customer's words name any.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CardMention {
    /// Exactly one of the customer's cards.
    One(CardId),
    /// Several fit.
    Several(Vec<CardId>),
    /// All of them.
    All,
    /// Words for a card that fit none of the customer's ("ending 9999").
    Unknown(String),
}

/// A stretch of days in the bank's time zone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Period {
    /// The first day.
    pub from: Date,
    /// The day after the last.
    pub until: Date,
    /// How to call it in a reply: "last month", "since March 1".
    pub label: String,
}

impl Period {
    /// The stretch before that is like it: before whole months as many, before a month that is not over the same days of
    /// the month before, else as many days right before it. `None` at the beginning of time.
    pub fn before(&self) -> Option<(Date, Date)> {
        let (from, until) = (self.from, self.until);
        let (first, end) =
            if from.day() == 1 && from < until && from.first_of_month() == until.first_of_month() {
                let one = 1.month();
                (from.checked_sub(one).ok()?, until.checked_sub(one).ok()?)
            } else {
                let months = if from.day() == 1 && until.day() == 1 {
                    let years = i32::from(until.year()) - i32::from(from.year());
                    years * 12 + i32::from(until.month()) - i32::from(from.month())
                } else {
                    0
                };
                let first = if months > 0 {
                    from.checked_sub(months.months())
                } else {
                    from.checked_sub(from.until(until).ok()?)
                };
                (first.ok()?, from)
            };
        Some((first, end))
    }
}

/// How often a payment can repeat.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs, reason = "said by the names")]
pub enum Often {
    Week,
    TwoWeeks,
    Month,
    /// On its last day.
    MonthEnd,
    Quarter,
    Year,
}

/// The days of a payment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum ScheduleMention {
    /// On these days.
    On(Schedule),
    /// Words for days that are on no schedule here, in the customer's spelling; empty where none were named.
    /// Nothing is moved at once in their place.
    Unclear(String),
    /// Words for days that no payment can repeat on here, and what comes nearest.
    NotHeld {
        /// The customer's words.
        words: String,
        /// How often instead.
        near: Vec<Often>,
    },
    /// At once, though days were named before.
    Now,
}

/// A slot with its value. One variant per slot, so that a value of another kind does not compile.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "slot", content = "value")]
pub enum SlotValue {
    /// How much to move.
    Amount(AmountMention),
    /// The account the money comes from.
    Source(AccountMention),
    /// Where the money goes.
    Target(TargetMention),
    /// Which bill.
    Biller(BillerMention),
    /// Which account's balance or transactions.
    Account(AccountMention),
    /// When.
    Period(Period),
    /// How many.
    Count(u32),
    /// Merchant or other words in a transaction's description.
    Merchant(String),
    /// In which category.
    Category(Category),
    /// Money in or out.
    Direction(Direction),
    /// At least so much, without sign.
    AtLeast(Money),
    /// At most so much, without sign.
    AtMost(Money),
    /// On which days to come.
    Schedule(ScheduleMention),
    /// Compared with the period before.
    Compared,
    /// The largest amounts first.
    Largest,
    /// Which card.
    Card(CardMention),
    /// Lost or stolen.
    Loss(CardLoss),
    /// What is wrong with a transaction.
    Reason(DisputeReason),
    /// A payee's name.
    Name(String),
    /// Which contact detail.
    Contact(ContactKind),
    /// The new contact detail.
    Value(String),
    /// Where a trip goes.
    Place(String),
    /// Which of those that were shown, from 1.
    Pick(u32),
}

/// A slot's name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs, reason = "the same names as SlotValue's")]
pub enum Slot {
    Amount,
    Source,
    Target,
    Biller,
    Account,
    Period,
    Count,
    Merchant,
    Category,
    Direction,
    AtLeast,
    AtMost,
    Schedule,
    Compared,
    Largest,
    Card,
    Loss,
    Reason,
    Name,
    Contact,
    Value,
    Place,
    Pick,
}

impl Slot {
    /// The name as it stands in `slots` of a reply.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Amount => "amount",
            Self::Source => "source",
            Self::Target => "target",
            Self::Biller => "biller",
            Self::Account => "account",
            Self::Period => "period",
            Self::Count => "count",
            Self::Merchant => "merchant",
            Self::Category => "category",
            Self::Direction => "direction",
            Self::AtLeast => "at_least",
            Self::AtMost => "at_most",
            Self::Schedule => "schedule",
            Self::Compared => "compared",
            Self::Largest => "largest",
            Self::Card => "card",
            Self::Loss => "loss",
            Self::Reason => "reason",
            Self::Name => "name",
            Self::Contact => "contact",
            Self::Value => "value",
            Self::Place => "place",
            Self::Pick => "pick",
        }
    }
}

/// The one of those that were shown that a [`SlotValue::Pick`] names; the last for the largest place.
pub(crate) fn nth_shown<T>(shown: &[T], place: u32) -> Option<&T> {
    if place == u32::MAX {
        return shown.last();
    }
    shown.get(usize::try_from(place).ok()?.checked_sub(1)?)
}

impl Period {
    /// The same days where they are none of the past, or else those a year on; `None` where these are past too.
    pub(crate) fn to_come(&self, today: Date) -> Option<Self> {
        if self.until > today {
            return Some(self.clone());
        }
        let later = Self {
            from: self.from.checked_add(1.year()).ok()?,
            until: self.until.checked_add(1.year()).ok()?,
            label: self.label.clone(),
        };
        (later.until > today).then_some(later)
    }
}

impl SlotValue {
    /// The one at a place that is counted from 0; the last of a list is the largest place.
    pub(crate) fn pick(place: usize) -> Self {
        Self::Pick(u32::try_from(place.saturating_add(1)).unwrap_or(u32::MAX))
    }

    /// Which slot it fills.
    pub const fn slot(&self) -> Slot {
        match self {
            Self::Amount(_) => Slot::Amount,
            Self::Source(_) => Slot::Source,
            Self::Target(_) => Slot::Target,
            Self::Biller(_) => Slot::Biller,
            Self::Account(_) => Slot::Account,
            Self::Period(_) => Slot::Period,
            Self::Count(_) => Slot::Count,
            Self::Merchant(_) => Slot::Merchant,
            Self::Category(_) => Slot::Category,
            Self::Direction(_) => Slot::Direction,
            Self::AtLeast(_) => Slot::AtLeast,
            Self::AtMost(_) => Slot::AtMost,
            Self::Schedule(_) => Slot::Schedule,
            Self::Compared => Slot::Compared,
            Self::Largest => Slot::Largest,
            Self::Card(_) => Slot::Card,
            Self::Loss(_) => Slot::Loss,
            Self::Reason(_) => Slot::Reason,
            Self::Name(_) => Slot::Name,
            Self::Contact(_) => Slot::Contact,
            Self::Value(_) => Slot::Value,
            Self::Place(_) => Slot::Place,
            Self::Pick(_) => Slot::Pick,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_period_is_compared_with_its_like() {
        let cases = [
            // The 26th of a month that is not over: the first 26 days of the one before.
            ("2026-11-01", "2026-11-27", "2026-10-01", "2026-10-27"),
            // The 31st: all of a shorter month.
            ("2026-03-01", "2026-03-31", "2026-02-01", "2026-02-28"),
            ("2026-10-01", "2026-11-01", "2026-09-01", "2026-10-01"),
            ("2026-01-01", "2026-02-01", "2025-12-01", "2026-01-01"),
            ("2026-11-16", "2026-11-23", "2026-11-09", "2026-11-16"),
        ];
        for (from, until, first, end) in cases {
            let date = |text: &str| text.parse::<Date>().unwrap();
            let period = Period {
                from: date(from),
                until: date(until),
                label: String::new(),
            };
            let expected = Some((date(first), date(end)));
            assert_eq!(period.before(), expected, "{from} to {until}");
        }
    }
}
