//! How things are called in replies: one place, so that a thing has one name.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use vostro_bank::{AccountView, Biller, CardView, Category, Payee, Portfolio};
use vostro_ledger::{AccountKind, End, Frequency, MoneyIntent, Schedule, Target};
use vostro_types::{AccountId, CardId, mask_number};

use crate::command::{
    AccountMention, AmountMention, BillerMention, CardMention, Period, ScheduleMention, SlotValue,
    TargetMention,
};
use crate::compose::wording::{Wording, say};
use crate::language::Language;
use crate::reply::{Amount, Movement};

/// The name of a kind of account, where no reply's language is meant: in slots and commands.
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

/// A category of spending in the reply's language.
pub(crate) fn category(wording: Wording, category: Category) -> String {
    wording.say(&format!("category-{}", category.as_str()), &[])
}

/// A day: "Nov 20, 2026".
pub(crate) fn day(wording: Wording, date: Date) -> String {
    let month = u64::from(date.month().unsigned_abs());
    say!(
        wording,
        "date",
        day = &date.day().to_string(),
        month = month,
        year = &date.year().to_string(),
    )
}

/// An instant in the bank's time zone: "Nov 20, 2026 at 15:30 UTC".
pub(crate) fn moment(wording: Wording, at: Timestamp, zone: &TimeZone) -> String {
    let zoned = at.to_zoned(zone.clone());
    say!(
        wording,
        "moment",
        date = &day(wording, zoned.date()),
        time = &zoned.strftime("%H:%M %Z").to_string(),
    )
}

/// A period as it stands in a sentence: "last month", "in October 2026", "on March 3, 2026". The words that
/// the customer's own were read as are English; in other languages the days are told.
pub(crate) fn period(wording: Wording, period: &Period) -> String {
    const COMPLETE: [&str; 9] = [
        "since",
        "after",
        "before",
        "until",
        "this",
        "last",
        "yesterday",
        "today",
        "in ",
    ];
    let label = period.label.as_str();
    let next = period.from.tomorrow();
    let is_a_day = next.is_ok_and(|next| next == period.until);
    if wording.language() != Language::English {
        let from = day(wording, period.from);
        if is_a_day {
            return say!(wording, "period-day", day = &from);
        }
        let last = period.until.yesterday().unwrap_or(period.until);
        let to = day(wording, last);
        return say!(wording, "period-range", from = &from, to = &to);
    }
    if COMPLETE.iter().any(|start| label.starts_with(start)) || label == "the day before yesterday"
    {
        label.to_owned()
    } else if label.contains(" to ") {
        format!("from {label}")
    } else if is_a_day {
        format!("on {label}")
    } else {
        format!("in {label}")
    }
}

/// When a standing order is due, in words: "on Dec 1, 2026", "every month on day 31, first on Dec 31, 2026,
/// 12 times".
pub(crate) fn schedule_text(wording: Wording, schedule: &Schedule) -> String {
    let first = day(wording, schedule.first());
    let every = match schedule.frequency() {
        Frequency::Once => return say!(wording, "schedule-once", first = &first),
        Frequency::Weekly => wording.text("every-weekly"),
        Frequency::Biweekly => wording.text("every-biweekly"),
        Frequency::Monthly => wording.text("every-monthly"),
        Frequency::Quarterly => wording.text("every-quarterly"),
        Frequency::Yearly => wording.text("every-yearly"),
    };
    let in_weeks = matches!(
        schedule.frequency(),
        Frequency::Weekly | Frequency::Biweekly
    );
    let last_day = if schedule.day_of_month() > 28 && !in_weeks {
        wording.text("or-last-day")
    } else {
        String::new()
    };
    let end = match schedule.end() {
        End::Never => wording.text("end-never"),
        End::On { date } => say!(wording, "end-on", day = &day(wording, date)),
        End::After { count } => say!(wording, "end-after", count = u64::from(count)),
    };
    say!(
        wording,
        "schedule-every",
        every = &every,
        last_day = &last_day,
        first = &first,
        end = &end,
    )
}

/// The day of an instant in the bank's time zone.
pub(crate) fn day_of(at: Timestamp, zone: &TimeZone) -> Date {
    at.to_zoned(zone.clone()).date()
}

/// A movement as the customer sees it.
pub(crate) fn movement(wording: Wording, portfolio: &Portfolio, intent: &MoneyIntent) -> Movement {
    let own = |id: &AccountId| {
        account(portfolio, id).map_or_else(|| wording.text("some-account"), account_name)
    };
    let target = match &intent.target {
        Target::Own { account } => own(account),
        Target::Payee { payee, number } => portfolio
            .payees
            .iter()
            .find(|saved| saved.id == *payee)
            .map_or_else(
                || say!(wording, "some-payee", number = &number.masked()),
                payee_name,
            ),
        // The whole number: the customer has to be able to check what they typed.
        Target::NewPayee { number } => say!(wording, "new-payee", number = number.as_str()),
        Target::Biller { biller, reference } => portfolio
            .billers
            .iter()
            .find(|known| known.id == *biller)
            .map_or_else(
                || say!(wording, "some-biller", number = &mask_number(reference)),
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
        SlotValue::Merchant(words) | SlotValue::Name(words) | SlotValue::Place(words) => {
            words.clone()
        }
        SlotValue::Category(category) => category.as_str().to_owned(),
        SlotValue::Direction(vostro_bank::Direction::In) => "in".to_owned(),
        SlotValue::Direction(vostro_bank::Direction::Out) => "out".to_owned(),
        SlotValue::Schedule(ScheduleMention::On(schedule)) => {
            schedule_text(Wording::of(Language::English), schedule)
        }
        SlotValue::Schedule(ScheduleMention::Unclear(words)) if words.is_empty() => "?".to_owned(),
        SlotValue::Schedule(
            ScheduleMention::Unclear(words) | ScheduleMention::NotHeld { words, .. },
        ) => words.clone(),
        SlotValue::Schedule(ScheduleMention::Now) => "now".to_owned(),
        SlotValue::Compared | SlotValue::Largest => "yes".to_owned(),
        SlotValue::Card(mention) => cards_text(portfolio, mention),
        SlotValue::Loss(loss) => loss.as_str().to_owned(),
        SlotValue::Reason(reason) => reason.as_str().to_owned(),
        SlotValue::Contact(contact) => contact.as_str().to_owned(),
        // A contact detail is shown to its customer in the reply, and nowhere else.
        SlotValue::Value(_) => "given".to_owned(),
        SlotValue::Pick(place) => place.to_string(),
        SlotValue::AtLeast(amount) | SlotValue::AtMost(amount) => amount.to_string(),
    }
}

/// A card's name with the end of its number: "Debit Card (…4321)".
pub(crate) fn card_name(card: &CardView) -> String {
    format!("{} (…{})", card.name, card.last_four)
}

/// The names of these cards, among the customer's.
pub(crate) fn card_names(portfolio: &Portfolio, ids: &[CardId]) -> Vec<String> {
    let cards = portfolio.cards.iter();
    cards
        .filter(|card| ids.contains(&card.id))
        .map(card_name)
        .collect()
}

fn cards_text(portfolio: &Portfolio, mention: &CardMention) -> String {
    match mention {
        CardMention::One(id) => card_names(portfolio, std::slice::from_ref(id)).concat(),
        CardMention::Several(ids) => card_names(portfolio, ids).join(" or "),
        CardMention::All => "all".to_owned(),
        CardMention::Unknown(words) => words.clone(),
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
        TargetMention::Payees(ids) | TargetMention::Each(ids) => {
            let names = ids
                .iter()
                .filter_map(|id| payee(id.clone()))
                .map(payee_name);
            let or = matches!(target, TargetMention::Payees(_));
            names
                .collect::<Vec<_>>()
                .join(if or { " or " } else { ", " })
        }
        TargetMention::Number(number) => number.masked(),
        TargetMention::UnknownName(words) | TargetMention::Nearly { words, .. } => words.clone(),
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
        BillerMention::Unknown(words) | BillerMention::Nearly { words, .. } => words.clone(),
    }
}
