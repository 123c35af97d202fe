//! Days to come for a payment: "on Friday", "tomorrow", "on the 1st", "every two weeks", "monthly until June".
//!
//! Looked for only where a payment is ordered or being ordered: in a question about the past "on Friday" is
//! a period. A weekday or a day of the month is the next one after today; a month's day lies ahead. What
//! has no exact schedule here (daily, every three weeks) is read as that ([`rhythm`]), so that nothing else is
//! ordered in its place.

mod days;
mod named;
mod repeats;
mod rhythm;
mod spanish;

use jiff::civil::{Date, Weekday};
pub(crate) use named::is_ordinal_word;
use vostro_ledger::{End, Frequency, Schedule};

use super::{Finder, Value};
use crate::command::Flow;
use crate::understand::text::Kind;

/// Words that ask or look back: no order is among them.
const NO_ORDER: &[&str] = &[
    "did",
    "what",
    "how",
    "when",
    "where",
    "why",
    "which",
    "show",
    "list",
    "spent",
    "spend",
    "paid",
    "sent",
    "was",
    "were",
    "have",
    "has",
    "received",
    "due",
    "cancel",
    "stop",
    "end",
    "delete",
    "remove",
    "skip",
    "statement",
    "statements",
    "cancela",
    "cancelar",
    "quita",
    "quitar",
    "elimina",
    "eliminar",
    "borra",
    "omite",
    "muestra",
    "muestrame",
    "ensename",
    "cuanto",
    "cual",
];

/// Words that order, besides those of the class "move".
const ORDERS: &[&str] = &[
    "pay",
    "put",
    "give",
    "set",
    "schedule",
    "standing",
    "payment",
    "transfer",
    "save",
    "make",
    "get",
    "gets",
    "goes",
    "change",
    "push",
    "shift",
    "reschedule",
    "pagar",
    "paga",
    "pague",
    "pagame",
    "programa",
    "programar",
    "transferencia",
    "cambia",
    "pon",
];

/// What was said of a schedule, as it was found.
#[derive(Debug, Default)]
struct Said {
    first: Option<Date>,
    /// Another first day was named besides: on which of them is not for us to say.
    several: bool,
    day_of_month: Option<i8>,
    weekday: Option<Weekday>,
    frequency: Option<Frequency>,
    end: Option<End>,
}

/// Finds a schedule and claims its words.
pub fn find(finder: &mut Finder<'_>) {
    if !orders(finder) || rhythm::find(finder) {
        return;
    }
    let mut said = Said::default();
    let mut parts = Vec::new();
    // A first day was named by its date.
    let mut dated = false;
    let mut at = 0;
    while at < finder.len() {
        let known = said.first;
        let repeats = said.frequency.is_some();
        at = match read_at(finder, at, &mut said) {
            Some(until) => {
                // "Every Friday from December on" names a first day twice, and means one.
                let twice = known.is_some_and(|known| said.first != Some(known));
                let narrowed = repeats && said.weekday.is_some() && !dated;
                said.several |= twice && !narrowed;
                dated |= said.first != known && said.weekday.is_none();
                parts.push((at, until));
                until
            }
            None => at + 1,
        };
    }
    let Some(schedule) = schedule(finder.around.today, &said, finder.around.schedule) else {
        return;
    };
    for (from, until) in parts {
        finder.claim(from, until, Value::Schedule(schedule));
    }
}

/// Whether the message orders a payment, or belongs to one that is being ordered.
fn orders(finder: &Finder<'_>) -> bool {
    let has = |words: &[&str]| finder.text.tokens.iter().any(|token| token.is_any(words));
    let moves = finder
        .text
        .tokens
        .iter()
        .any(|token| finder.lexicon.cues().in_class("move", token.id));
    let in_flow = matches!(finder.around.flow, Some(Flow::Transfer | Flow::PayBill));
    let word = |at| finder.word(at);
    // "Have the bill paid on the 28th" orders; "have I paid it on the 28th" asks.
    let has_it_paid = has(&["paid", "sent", "moved", "transferred"])
        && (matches!(word(0), "have" | "get") && !matches!(word(1), "i" | "you" | "we")
            || has(&["want", "need"]));
    // "100 to savings each Friday".
    let a_month = (0..finder.len()).any(|at| {
        matches!(word(at), "a" | "per" | "al" | "por")
            && matches!(
                word(at + 1),
                "week" | "month" | "fortnight" | "year" | "mes" | "semana"
            )
    });
    let often = [
        "every",
        "each",
        "cada",
        "monthly",
        "weekly",
        "fortnightly",
        "biweekly",
    ];
    let repeats = (a_month || has(&often))
        && finder
            .text
            .tokens
            .iter()
            .any(|token| token.kind == Kind::Number);
    // "How about Friday" answers; the end of a month is a day.
    let about = matches!(word(0), "how" | "what") && word(1) == "about";
    let looks_back = (0..finder.len()).any(|at| {
        let token = finder.token(at);
        token.is_some_and(|token| token.is_any(NO_ORDER))
            && !(at == 0 && about)
            && !(word(at) == "have" && finder.word_before(at, 1) == "to")
            && !(word(at) == "end" && matches!(word(at + 1), "of" | "" | "it" | "on"))
            && !(word(at) == "due" && matches!(finder.word_before(at, 1), "is" | "'s"))
    });
    has_it_paid || (moves || in_flow || repeats || has(ORDERS)) && !looks_back
}

/// The schedule that was said. What a correction leaves out stays as the order that it corrects has it.
fn schedule(today: Date, said: &Said, before: Option<Schedule>) -> Option<Schedule> {
    if said.several {
        return None;
    }
    let before = before.filter(|before| before.first() > today);
    let frequency = said
        .frequency
        .or_else(|| before.map(|before| before.frequency()))
        .unwrap_or(Frequency::Once);
    let (first, day) = match (said.first, said.frequency, before) {
        (Some(first), _, _) => (first, said.day_of_month),
        (None, Some(_), Some(before)) => (before.first(), Some(before.day_of_month())),
        // "Every month" begins a month from today's day on, "weekly" a week from now.
        (None, Some(frequency), None) if frequency != Frequency::Once => {
            (today.tomorrow().ok()?, said.day_of_month)
        }
        (None, None, Some(before)) if said.end.is_some() => {
            (before.first(), Some(before.day_of_month()))
        }
        _ => return None,
    };
    // "Every Friday from next week on": the first Friday from then on.
    let first = match said.weekday {
        Some(day) if first.weekday() != day => first.nth_weekday(1, day).ok()?,
        _ => first,
    };
    let kept = before.filter(|_| said.frequency != Some(Frequency::Once));
    let end = said.end.or_else(|| kept.map(|before| before.end()));
    let day = match frequency {
        Frequency::Monthly | Frequency::Quarterly | Frequency::Yearly => day,
        Frequency::Once | Frequency::Weekly | Frequency::Biweekly => None,
    };
    let day = day.unwrap_or_else(|| first.day());
    Schedule::on_day(first, day, frequency, end.unwrap_or(End::Never)).ok()
}

fn read_at(finder: &Finder<'_>, at: usize, said: &mut Said) -> Option<usize> {
    repeats::first_of_month(finder, at, said)
        .or_else(|| repeats::end_of_month(finder, at, said))
        .or_else(|| repeats::repetition(finder, at, said))
        .or_else(|| repeats::last_day(finder, at, said))
        .or_else(|| repeats::end(finder, at, said))
        .or_else(|| spanish::near_day(finder, at, said))
        .or_else(|| days::start(finder, at, said))
}
