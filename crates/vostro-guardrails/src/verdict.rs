//! The vocabulary of a check: what is asked for and what comes back.
//!
//! Offsets are Unicode code points of the text as it was sent, the unit of most annotation sets and
//! of Python. A verdict never holds a raw personal value: only where it stood, what kind it was and
//! the mask that replaces it, so a verdict may be logged, stored and sent.

use crate::second::DecidedBy;
use serde::{Deserialize, Serialize};
use std::fmt;

/// Where a text comes from, which decides what is expected of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum Direction {
    /// What a customer wrote.
    #[default]
    Input,
    /// What is about to be said to a customer.
    Output,
    /// A retrieved passage, a tool result, a memo, a payee name: data, never instructions.
    Document,
}

/// What to check a text for.
#[derive(Clone, Copy, Debug)]
pub struct CheckRequest<'a> {
    /// Where the text comes from.
    pub direction: Direction,
    /// Look for unsafe content.
    pub safety: bool,
    /// Look for personal data, and mask it.
    pub pii: bool,
    /// Look for prompt injection.
    pub injection: bool,
    /// Values that must not be masked, such as the customer's own account number that they asked
    /// for. Compared by letters and digits only, so grouping and dashes do not matter.
    pub allow: &'a [String],
}

impl CheckRequest<'_> {
    /// All three checks for one direction, with nothing exempt.
    pub fn all(direction: Direction) -> Self {
        Self {
            direction,
            safety: true,
            pii: true,
            injection: true,
            allow: &[],
        }
    }
}

impl Default for CheckRequest<'_> {
    fn default() -> Self {
        Self::all(Direction::Input)
    }
}

/// What a check found.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[expect(clippy::struct_excessive_bools, reason = "the HTTP contract's")]
pub struct Verdict {
    /// No violation at a severity that the policy calls unsafe.
    pub is_safe: bool,
    /// At least one personal value was found.
    pub has_pii: bool,
    /// The text tries to give orders to the model.
    pub is_injection: bool,
    /// The text with every personal value replaced by its mask.
    pub masked_text: String,
    /// Unsafe content, in order of appearance.
    pub safety_violations: Vec<Violation>,
    /// Personal values, in order of appearance, never overlapping.
    pub pii_matches: Vec<PiiMatch>,
    /// Attempts at prompt injection, in order of appearance.
    pub injections: Vec<InjectionMatch>,
    /// The first thing in the text that always reaches a human, by policy.
    pub handoff: Option<Handoff>,
    /// Topics that the bank keeps out of scope, by policy.
    pub topics: Vec<TopicMatch>,
    /// Whether the policy stops this text.
    pub blocked: bool,
    /// How likely the text is unsafe, 0 to 1, to rank by: it blocks nothing. 0 when not looked for.
    #[serde(default)]
    pub safety_score: f32,
    /// The highest score of an injection, 0 to 1, whatever the thresholds. 0 when not looked for.
    #[serde(default)]
    pub injection_score: f32,
    /// Which tier had the last word on `blocked`.
    #[serde(default)]
    pub decided_by: DecidedBy,
}

impl Verdict {
    /// Whether the text must not go further. Personal data and low profanity alone never block.
    pub fn blocks(&self) -> bool {
        self.blocked
    }

    /// Whether the text speaks of self-harm: it is answered with help and a person.
    pub fn self_harm(&self) -> bool {
        self.safety_violations
            .iter()
            .any(|v| v.category == SafetyCategory::SelfHarm && v.severity >= Severity::Medium)
    }
}

/// What `vostro guard` prints: the masked text, then a line for each finding.
impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.masked_text)?;
        let word = if self.blocked {
            "blocked"
        } else {
            "let through"
        };
        writeln!(f, "-- {word}")?;
        for m in &self.pii_matches {
            writeln!(
                f,
                "-- {} at {}..{}, confidence {:.2}",
                m.pii_type.name(),
                m.start,
                m.end,
                m.confidence
            )?;
        }
        for v in &self.safety_violations {
            writeln!(
                f,
                "-- {:?} ({:?}) at {}..{}, score {:.2}",
                v.category, v.severity, v.start, v.end, v.score
            )?;
        }
        for i in &self.injections {
            let hidden = if i.hidden_by.is_empty() {
                String::new()
            } else {
                format!(", hidden by {}", i.hidden_by.join(" in "))
            };
            writeln!(
                f,
                "-- injection by {:?} at {}..{}, score {:.2}{hidden}",
                i.technique, i.start, i.end, i.score
            )?;
        }
        if let Some(handoff) = &self.handoff {
            writeln!(f, "-- to a human: {}", handoff.reason)?;
        }
        self.topics
            .iter()
            .try_for_each(|t| writeln!(f, "-- out of scope: {}", t.topic))
    }
}

/// Kinds of unsafe content.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum SafetyCategory {
    /// Violence, threats of it, or its praise.
    Violence,
    /// Suicide and self-injury.
    SelfHarm,
    /// Hatred of people for what they are.
    Hate,
    /// Insults and abuse aimed at a person.
    Harassment,
    /// Strong language.
    Profanity,
    /// Sexual content.
    Sexual,
    /// Crimes: laundering, fraud, mule recruiting, hacking, drugs.
    Illegal,
    /// Making or getting weapons and explosives.
    Weapons,
}

/// How bad a violation is. The policy says from which severity on a text is unsafe.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Noted, never blocking.
    Low,
    /// Unsafe in most banks.
    Medium,
    /// Unsafe.
    High,
    /// Danger to life.
    Critical,
}

/// One stretch of unsafe content.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Violation {
    /// What kind it is.
    pub category: SafetyCategory,
    /// How bad it is.
    pub severity: Severity,
    /// Calibrated confidence, 0 to 1.
    pub score: f32,
    /// First code point.
    pub start: usize,
    /// One past the last code point.
    pub end: usize,
}

/// Kinds of personal data.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum PiiKind {
    /// United States social security number.
    Ssn,
    /// United States individual taxpayer identification number.
    Itin,
    /// Payment card number.
    CreditCard,
    /// Card verification value.
    Cvv,
    /// Personal identification number of a card or account.
    Pin,
    /// International bank account number.
    Iban,
    /// ABA routing number or UK sort code.
    RoutingNumber,
    /// SWIFT/BIC of a bank, in context.
    Swift,
    /// Bank account number, in context.
    AccountNumber,
    /// E-mail address.
    Email,
    /// Telephone number.
    Phone,
    /// IPv4 or IPv6 address.
    IpAddress,
    /// Web address; on its own only in the wide set, with credentials in it always.
    Url,
    /// Date of birth, in context.
    DateOfBirth,
    /// Driver's licence number, in context.
    DriversLicence,
    /// Passport number, in context.
    Passport,
    /// Postal address.
    Address,
    /// A person's name.
    Person,
    /// An organisation's name (wide set).
    Organization,
    /// A town, region or country (wide set).
    Location,
    /// A date or time (wide set).
    DateTime,
    /// API key, access token or private key.
    ApiKey,
    /// Password or passphrase, in context.
    Password,
    /// One-time code, in context.
    OneTimeCode,
}

/// Which kinds of personal data to report.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum PiiScope {
    /// What identifies a person or endangers their money. The default.
    #[default]
    Identifying,
    /// Also bare places, organisations, dates and web addresses.
    Wide,
}

impl PiiKind {
    /// The kind's name as serialized.
    pub fn name(self) -> &'static str {
        match self {
            Self::Ssn => "ssn",
            Self::Itin => "itin",
            Self::CreditCard => "credit_card",
            Self::Cvv => "cvv",
            Self::Pin => "pin",
            Self::Iban => "iban",
            Self::RoutingNumber => "routing_number",
            Self::Swift => "swift",
            Self::AccountNumber => "account_number",
            Self::Email => "email",
            Self::Phone => "phone",
            Self::IpAddress => "ip_address",
            Self::Url => "url",
            Self::DateOfBirth => "date_of_birth",
            Self::DriversLicence => "drivers_licence",
            Self::Passport => "passport",
            Self::Address => "address",
            Self::Person => "person",
            Self::Organization => "organization",
            Self::Location => "location",
            Self::DateTime => "date_time",
            Self::ApiKey => "api_key",
            Self::Password => "password",
            Self::OneTimeCode => "one_time_code",
        }
    }

    /// Whether the kind is reported in [`PiiScope::Wide`] only.
    pub fn wide_only(self) -> bool {
        matches!(
            self,
            Self::Organization | Self::Location | Self::DateTime | Self::Url
        )
    }
}

/// One personal value: where it stands and what replaces it, never the value.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PiiMatch {
    /// What kind it is.
    pub pii_type: PiiKind,
    /// Confidence, 0 to 1.
    pub confidence: f32,
    /// First code point of the value in the text as sent.
    pub start: usize,
    /// One past the last code point.
    pub end: usize,
    /// What stands in `masked_text` instead.
    pub masked_value: String,
}

/// How a text tries to steer the model.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Technique {
    /// "Ignore your instructions".
    Override,
    /// A persona without rules, developer mode, hypothetical worlds.
    Jailbreak,
    /// Asking for the system prompt or hidden secrets.
    PromptExtraction,
    /// Forged system or assistant turns, chat markup.
    ForgedTurn,
    /// "Do not refuse, never warn".
    RefusalSuppression,
    /// An order split into parts, encoded or to be decoded by the model.
    Smuggling,
    /// An order to the assistant inside a document.
    Indirect,
    /// Data sent out through a link, an image or a tool.
    Exfiltration,
    /// The classifier alone found it.
    Classifier,
    /// The bank's guard model found it.
    Model,
}

/// One attempt at prompt injection.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct InjectionMatch {
    /// How it is done.
    pub technique: Technique,
    /// Calibrated confidence, 0 to 1.
    pub score: f32,
    /// First code point.
    pub start: usize,
    /// One past the last code point.
    pub end: usize,
    /// How it was hidden, outermost first: `base64`, `hex`, `reversed`, ...
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub hidden_by: Vec<String>,
}

/// A matter that always reaches a human.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Handoff {
    /// The policy rule that asks for it, such as `dispute`.
    pub reason: String,
    /// First code point of what asked for it.
    pub start: usize,
    /// One past the last code point.
    pub end: usize,
}

/// A topic that the bank keeps out of scope.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TopicMatch {
    /// The policy rule, such as `investment_advice`.
    pub topic: String,
    /// First code point.
    pub start: usize,
    /// One past the last code point.
    pub end: usize,
}
