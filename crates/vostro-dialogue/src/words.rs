//! How things are called in replies: one place, so that a thing has one name.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use vostro_bank::{AccountView, Biller, Payee, Portfolio};
use vostro_ledger::{AccountKind, End, Frequency, MoneyIntent, Schedule, Target};
use vostro_types::{AccountId, mask_number};

use crate::command::{AccountMention, AmountMention, BillerMention, SlotValue, TargetMention};
use crate::reply::{Amount, Movement};

/// The name of a kind of account.
pub(crate) const fn kind_name(kind: AccountKind) -> &'static str {
    match kind {
        AccountKind::Checking => "checking account",
        AccountKind::Savings => "savings account",
        AccountKind::CreditCard => "credit card",
        AccountKind::Biller | AccountKind::Clearing | AccountKind::Fees => "account",
    }
}

/// An account's name with the end of its number: "Everyday Checking (…4321)".
pub(crate) fn account_name(account: &AccountView) -> String {
    format!("{} ({})", account.name, account.number.masked())
}

/// The account of this id, among the customer's.
pub(crate) fn account<'a>(portfolio: &'a Portfolio, id: &AccountId) -> Option<&'a AccountView> {
    portfolio.accounts.iter().find(|account| account.id == *id)
}

/// A payee's name with the end of their account number.
pub(crate) fn payee_name(payee: &Payee) -> String {
    format!("{} ({})", payee.name, payee.number.masked())
}

/// A biller's name with the end of the customer's reference.
pub(crate) fn biller_name(biller: &Biller) -> String {
    format!("{} ({})", biller.name, mask_number(&biller.reference))
}

/// A day: "Nov 20, 2026".
pub(crate) fn day(date: Date) -> String {
    date.strftime("%b %-d, %Y").to_string()
}

/// When a standing order is due, in words: "on Dec 1, 2026", "every month on day 31, first on Dec 31, 2026,
/// 12 times".
pub(crate) fn schedule_text(schedule: &Schedule) -> String {
    let first = day(schedule.first());
    let every = match schedule.frequency() {
        Frequency::Once => return format!("on {first}"),
        Frequency::Weekly => "every week",
        Frequency::Biweekly => "every two weeks",
        Frequency::Monthly => "every month",
        Frequency::Quarterly => "every three months",
        Frequency::Yearly => "every year",
    };
    let last_day = if schedule.day_of_month() > 28 && schedule.frequency() != Frequency::Weekly {
        match schedule.frequency() {
            Frequency::Biweekly => "",
            _ => " (or the last day of a shorter month)",
        }
    } else {
        ""
    };
    let end = match schedule.end() {
        End::Never => "until you cancel it".to_owned(),
        End::On { date } => format!("until {}", day(date)),
        End::After { count: 1 } => "once".to_owned(),
        End::After { count } => format!("{count} times"),
    };
    format!("{every}{last_day}, first on {first}, {end}")
}

/// The day of an instant in the bank's time zone.
pub(crate) fn day_of(at: Timestamp, zone: &TimeZone) -> Date {
    at.to_zoned(zone.clone()).date()
}

/// A movement as the customer sees it.
pub(crate) fn movement(portfolio: &Portfolio, intent: &MoneyIntent) -> Movement {
    let own =
        |id: &AccountId| account(portfolio, id).map_or_else(|| "account".to_owned(), account_name);
    let target = match &intent.target {
        Target::Own { account } => own(account),
        Target::Payee { payee, number } => portfolio
            .payees
            .iter()
            .find(|saved| saved.id == *payee)
            .map_or_else(|| format!("payee ({})", number.masked()), payee_name),
        // The whole number: the customer has to be able to check what they typed.
        Target::NewPayee { number } => format!("account {} (new payee)", number.as_str()),
        Target::Biller { biller, reference } => portfolio
            .billers
            .iter()
            .find(|known| known.id == *biller)
            .map_or_else(
                || format!("biller ({})", mask_number(reference)),
                biller_name,
            ),
    };
    Movement {
        kind: intent.kind(),
        amount: Amount::from(intent.amount),
        source: own(&intent.source),
        target,
    }
}

/// A slot's value as text, personal data masked: for `slots` and `commands` of a reply.
pub(crate) fn slot_text(portfolio: &Portfolio, value: &SlotValue) -> String {
    match value {
        SlotValue::Amount(amount) => amount_text(amount),
        SlotValue::Source(mention) | SlotValue::Account(mention) => {
            account_text(portfolio, mention)
        }
        SlotValue::Target(target) => target_text(portfolio, target),
        SlotValue::Biller(mention) => biller_text(portfolio, mention),
        SlotValue::Period(period) => format!("{}/{}", period.from, period.until),
        SlotValue::Count(count) => count.to_string(),
        SlotValue::Merchant(words) => words.clone(),
        SlotValue::Category(category) => category.as_str().to_owned(),
        SlotValue::Direction(vostro_bank::Direction::In) => "in".to_owned(),
        SlotValue::Direction(vostro_bank::Direction::Out) => "out".to_owned(),
        SlotValue::Schedule(schedule) => schedule_text(schedule),
        SlotValue::AtLeast(amount) | SlotValue::AtMost(amount) => amount.to_string(),
    }
}

fn amount_text(amount: &AmountMention) -> String {
    match amount {
        AmountMention::Exact(money) => money.to_string(),
        AmountMention::Everything => "everything".to_owned(),
        AmountMention::AmountDue => "amount due".to_owned(),
        AmountMention::Unreadable(words) => words.clone(),
    }
}

fn account_text(portfolio: &Portfolio, mention: &AccountMention) -> String {
    match mention {
        AccountMention::One(id) => {
            account(portfolio, id).map_or_else(|| "unknown".to_owned(), account_name)
        }
        AccountMention::Kind(kind) => kind_name(*kind).to_owned(),
        AccountMention::All => "all".to_owned(),
        AccountMention::Unknown(words) => words.clone(),
    }
}

fn target_text(portfolio: &Portfolio, target: &TargetMention) -> String {
    let payee = |id| portfolio.payees.iter().find(|payee| payee.id == id);
    match target {
        TargetMention::Own(id) => account_text(portfolio, &AccountMention::One(id.clone())),
        TargetMention::Payee(id) => {
            payee(id.clone()).map_or_else(|| "unknown".to_owned(), payee_name)
        }
        TargetMention::Payees(ids) => {
            let names = ids
                .iter()
                .filter_map(|id| payee(id.clone()))
                .map(payee_name);
            names.collect::<Vec<_>>().join(" or ")
        }
        TargetMention::Number(number) => number.masked(),
        TargetMention::UnknownName(words) => words.clone(),
    }
}

fn biller_text(portfolio: &Portfolio, mention: &BillerMention) -> String {
    let biller = |id| portfolio.billers.iter().find(|biller| biller.id == id);
    match mention {
        BillerMention::One(id) => {
            biller(id.clone()).map_or_else(|| "unknown".to_owned(), biller_name)
        }
        BillerMention::Several(ids) => {
            let names = ids
                .iter()
                .filter_map(|id| biller(id.clone()))
                .map(biller_name);
            names.collect::<Vec<_>>().join(" or ")
        }
        BillerMention::Unknown(words) => words.clone(),
    }
}
