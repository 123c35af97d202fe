//! The tools as data: what each is for, what it takes, and what it says to the concierge.
//!
//! Arguments become words of a message, and a message may do more than a tool should: some wishes (a standing order
//! that ends, a transfer that is recalled, a person who is called) are carried out at once. So no argument is free
//! text. Each comes from a closed vocabulary: words for days, categories, amounts, or names that the bank itself
//! just told of this customer. Only the question for the knowledge base is free, and that goes to the search.

use std::fmt::Write as _;

use rmcp::model::{JsonObject, Tool, ToolAnnotations};
use serde_json::{Value, json};
use vostro_bank::Category;

/// What a tool may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Reads the customer's records.
    Read,
    /// Searches the bank's articles; nothing of the customer's.
    Search,
    /// Makes a proposal; nothing moves.
    Propose,
    /// Carries a proposal out, after the person was asked.
    Confirm,
    /// Drops a proposal.
    Cancel,
}

/// Names that only the bank knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Names {
    /// The customer's accounts.
    Accounts,
    /// Accounts, saved payees, and account numbers as such.
    Targets,
    /// The customer's billers.
    Billers,
}

/// From which vocabulary an argument is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Takes {
    /// An amount in dollars: digits, with at most two behind a point.
    Amount,
    /// One of the bank's categories.
    Category,
    /// Words for days and stretches of them.
    Days,
    /// A name that the bank knows.
    Name(Names),
    /// The id of a proposal.
    Id,
    /// Free text, for the search alone.
    Question,
}

/// An argument.
pub(super) struct Argument {
    pub(super) name: &'static str,
    about: &'static str,
    is_required: bool,
    pub(super) takes: Takes,
    /// The words around it in the message: `{}` is its value.
    phrase: &'static str,
}

const fn needed(
    name: &'static str,
    takes: Takes,
    phrase: &'static str,
    about: &'static str,
) -> Argument {
    Argument {
        name,
        about,
        is_required: true,
        takes,
        phrase,
    }
}

const fn optional(
    name: &'static str,
    takes: Takes,
    phrase: &'static str,
    about: &'static str,
) -> Argument {
    Argument {
        is_required: false,
        ..needed(name, takes, phrase, about)
    }
}

/// A tool.
pub(super) struct Spec {
    pub(super) name: &'static str,
    pub(super) kind: Kind,
    about: &'static str,
    /// How the message begins.
    opening: &'static str,
    /// The flow that its message is to be understood as; any other is not told on.
    pub(super) flow: &'static str,
    pub(super) arguments: &'static [Argument],
}

/// The longest argument, in characters.
const ARGUMENT_CHARS_MAX: usize = 500;
/// The most words for days.
const DAY_WORDS_MAX: usize = 10;

const FROM: Argument = optional(
    "from",
    Takes::Name(Names::Accounts),
    "from my {} account",
    "The name of the account to pay from, as get_balances tells it; the usual one when missing",
);
const CATEGORY: &str = "One of the bank's categories";
const PERIOD: &str =
    "Words for days, such as `last month`, `in October 2026` or `from 2026-10-01 to 2026-10-15`";
const PROPOSAL: Argument = needed(
    "confirmation_id",
    Takes::Id,
    "",
    "The confirmation_id of the proposal",
);

#[rustfmt::skip]
pub(super) const TOOLS: &[Spec] = &[
    Spec {
        name: "get_balances", kind: Kind::Read, flow: "check_balance",
        about: "Balances of the customer's accounts.",
        opening: "What is the balance of",
        arguments: &[optional("account", Takes::Name(Names::Accounts), "my {}", "An account's name; all when missing")],
    },
    Spec {
        name: "list_transactions", kind: Kind::Read, flow: "show_transactions",
        about: "The customer's latest transactions, newest first.",
        opening: "Show my transactions",
        arguments: &[
            optional("account", Takes::Name(Names::Accounts), "of my {} account", "An account's name"),
            optional("category", Takes::Category, "for {}", CATEGORY),
            optional("period", Takes::Days, "{}", PERIOD),
        ],
    },
    Spec {
        name: "sum_spending", kind: Kind::Read, flow: "sum_spending",
        about: "What the customer spent, by category.",
        opening: "How much did I spend",
        arguments: &[
            optional("category", Takes::Category, "on {}", CATEGORY),
            optional("period", Takes::Days, "{}", PERIOD),
        ],
    },
    Spec {
        name: "list_payees", kind: Kind::Read, flow: "list_payees",
        about: "The customer's saved payees.", opening: "Show my saved payees", arguments: &[],
    },
    Spec {
        name: "list_bills", kind: Kind::Read, flow: "list_bills",
        about: "The customer's billers and open bills.", opening: "Show my bills", arguments: &[],
    },
    Spec {
        name: "list_scheduled_payments", kind: Kind::Read, flow: "list_schedules",
        about: "Standing orders and payments on a day to come.", opening: "Show my scheduled payments", arguments: &[],
    },
    Spec {
        name: "search_knowledge", kind: Kind::Search, flow: "",
        about: "Passages of the bank's own articles for a question, with their sources.", opening: "",
        arguments: &[needed("question", Takes::Question, "", "The question, in ordinary words")],
    },
    Spec {
        name: "propose_transfer", kind: Kind::Propose, flow: "transfer",
        about: "Proposes a transfer. Nothing moves: the proposal comes back with its confirmation_id, for `confirm_proposal`.",
        opening: "Transfer",
        arguments: &[
            needed("amount", Takes::Amount, "${}", "The amount in dollars, such as `25` or `25.50`"),
            needed("to", Takes::Name(Names::Targets), "to {}", "A saved payee, an own account or an account number"),
            FROM,
            optional("when", Takes::Days, "{}", "A day or a rhythm, such as `on Friday` or `every month on the 1st`; now when missing"),
        ],
    },
    Spec {
        name: "propose_bill_payment", kind: Kind::Propose, flow: "pay_bill",
        about: "Proposes the payment of a bill. Nothing moves: the proposal comes back with its confirmation_id, for `confirm_proposal`.",
        opening: "Pay my",
        arguments: &[
            needed("biller", Takes::Name(Names::Billers), "{} bill", "The biller's name, as list_bills tells it"),
            optional("amount", Takes::Amount, "${}", "The amount in dollars; what is due when missing"),
            FROM,
        ],
    },
    Spec {
        name: "confirm_proposal", kind: Kind::Confirm, flow: "",
        about: "Asks the person whether to carry the open proposal out, and does so on their yes. Needs a client that can ask its user (elicitation).",
        opening: "", arguments: &[PROPOSAL],
    },
    Spec {
        name: "cancel_proposal", kind: Kind::Cancel, flow: "",
        about: "Drops the open proposal. Nothing moves.", opening: "", arguments: &[PROPOSAL],
    },
];

/// The words that days are told with, besides numbers, ordinals and dates such as `2026-10-01`.
#[rustfmt::skip]
const DAY_WORDS: &[&str] = &[
    "a", "and", "day", "days", "every", "first", "fortnight", "from", "in", "last", "month", "months", "next", "of",
    "on", "other", "past", "since", "the", "this", "to", "today", "tomorrow", "until", "week", "weekday", "weeks",
    "year", "years", "yesterday",
    "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday",
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
    "december",
];

/// A tool as the protocol lists it.
pub(super) fn described(spec: &Spec) -> Tool {
    let property = |argument: &Argument| {
        let mut schema = json!({"type": "string", "description": argument.about, "maxLength": ARGUMENT_CHARS_MAX});
        if argument.takes == Takes::Category {
            schema["enum"] = Category::ALL.map(Category::as_str).as_slice().into();
        }
        (argument.name.to_owned(), schema)
    };
    let properties: JsonObject = spec.arguments.iter().map(property).collect();
    let required = spec.arguments.iter().filter(|it| it.is_required);
    let required: Vec<Value> = required.map(|argument| argument.name.into()).collect();
    let mut schema = JsonObject::new();
    schema.insert("type".to_owned(), "object".into());
    schema.insert("properties".to_owned(), Value::Object(properties));
    schema.insert("required".to_owned(), required.into());
    schema.insert("additionalProperties".to_owned(), false.into());
    let is_reading = matches!(spec.kind, Kind::Read | Kind::Search);
    let annotations = ToolAnnotations::new()
        .read_only(is_reading)
        .destructive(spec.kind == Kind::Confirm)
        .idempotent(spec.kind != Kind::Propose)
        .open_world(false);
    Tool::new_with_raw(spec.name, Some(spec.about.into()), schema).with_annotations(annotations)
}

/// A given argument, checked as far as that goes without asking the bank.
pub(super) struct Given {
    pub(super) argument: &'static Argument,
    pub(super) value: String,
}

/// The arguments, checked: each is one of the tool's and from its vocabulary.
pub(super) fn checked(spec: &'static Spec, given: &JsonObject) -> Result<Vec<Given>, String> {
    let is_unknown = |name: &&String| !spec.arguments.iter().any(|it| it.name == **name);
    if let Some(unknown) = given.keys().find(is_unknown) {
        let unknown: String = unknown.chars().take(40).collect();
        return Err(format!("`{unknown}` is no argument of {}", spec.name));
    }
    let mut values = Vec::new();
    for argument in spec.arguments {
        let name = argument.name;
        let text = match given.get(name) {
            None | Some(Value::Null) => String::new(),
            Some(Value::String(text)) => text.trim().to_owned(),
            Some(Value::Number(number)) => number.to_string(),
            Some(_) => return Err(format!("`{name}` is to be a text")),
        };
        if text.is_empty() {
            if argument.is_required {
                return Err(format!("`{name}` is missing"));
            }
            continue;
        }
        if text.chars().count() > ARGUMENT_CHARS_MAX || text.chars().any(char::is_control) {
            return Err(format!(
                "`{name}` has at most {ARGUMENT_CHARS_MAX} characters in one line"
            ));
        }
        let value = worded(argument.takes, &text);
        let value = value.ok_or_else(|| format!("`{name}`: {}", argument.about))?;
        values.push(Given { argument, value });
    }
    Ok(values)
}

/// The argument as it may stand in a message; `None` where it is not of its vocabulary.
fn worded(takes: Takes, text: &str) -> Option<String> {
    let fits = match takes {
        Takes::Amount => {
            let amount = text.strip_prefix('$').unwrap_or(text);
            return is_amount(amount).then(|| amount.to_owned());
        }
        Takes::Category => Category::parse(text).is_some(),
        Takes::Days => {
            let words: Vec<_> = text.split(' ').collect();
            words.len() <= DAY_WORDS_MAX && words.iter().all(|word| is_day_word(word))
        }
        Takes::Name(_) | Takes::Id | Takes::Question => true,
    };
    fits.then(|| text.to_owned())
}

fn is_amount(text: &str) -> bool {
    let (whole, part) = text.split_once('.').unwrap_or((text, "00"));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    (1..=12).contains(&whole.len())
        && (1..=2).contains(&part.len())
        && digits(whole)
        && digits(part)
}

/// A word for days: one of the list, a number, an ordinal such as `1st`, a date such as `2026-10-01`.
fn is_day_word(word: &str) -> bool {
    let word = word.trim_end_matches(',').to_ascii_lowercase();
    let (digits, ending) = word.split_at(word.bytes().take_while(u8::is_ascii_digit).count());
    let is_number = (1..=4).contains(&digits.len());
    DAY_WORDS.contains(&word.as_str())
        || (is_number && matches!(ending, "" | "st" | "nd" | "rd" | "th"))
        || word
            .parse::<jiff::civil::Date>()
            .is_ok_and(|_| word.len() == 10)
}

/// The name among the bank's that is meant: the same, or the only one that begins so, but for case. Account
/// numbers name themselves.
pub(super) fn known(names: Names, text: &str, bank: &[String]) -> Option<String> {
    let given = text.to_lowercase();
    let same = |name: &&String| name.to_lowercase() == given;
    // Whole words: "Ann" is no beginning of "Anna".
    let begins = |name: &&String| {
        let name = name.to_lowercase();
        let rest = name.strip_prefix(&given);
        !given.is_empty() && rest.is_some_and(|rest| rest.starts_with(' '))
    };
    let mut beginning = bank.iter().filter(begins);
    let only = beginning.next();
    let only = only.filter(|first| beginning.all(|name| name == *first));
    if let Some(name) = bank.iter().find(same).or(only) {
        return Some(name.clone());
    }
    let plain = |byte: u8| byte.is_ascii_digit() || matches!(byte, b' ' | b'-');
    let is_number = text.bytes().filter(u8::is_ascii_digit).count() >= 4 && text.bytes().all(plain);
    (names == Names::Targets && is_number).then(|| text.to_owned())
}

/// What the tool says to the concierge.
pub(super) fn message(spec: &Spec, values: &[Given]) -> String {
    let mut message = spec.opening.to_owned();
    for Given { argument, value } in values {
        let _ = write!(message, " {}", argument.phrase.replace("{}", value));
    }
    if spec.name == "get_balances" && values.is_empty() {
        message.push_str(" all my accounts");
    }
    message
}

#[cfg(test)]
mod tests;
