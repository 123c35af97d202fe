//! The closed sets that metrics' labels come from.

/// How a turn ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TurnOutcome {
    /// A reply was recorded.
    Answered,
    /// A reply was recorded, and the guardrails had stopped the message or the draft.
    Blocked,
    /// The customer is unknown or the session is another's.
    Refused,
    /// Another message of the same conversation came first.
    Conflict,
    /// The store or the guardrails could not answer.
    Unavailable,
    /// The turn failed.
    Failed,
}

/// What a verdict found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum GuardFinding {
    /// Nothing at all.
    Nothing,
    /// Personal data.
    PersonalData,
    /// An attempt at prompt injection.
    Injection,
    /// A matter for a person.
    HandOff,
    /// A topic that the bank keeps out of scope.
    Topic,
    /// Unsafe content, by the category's name on the wire.
    Unsafe(&'static str),
    /// The text was stopped.
    Blocked,
}

impl TurnOutcome {
    pub(crate) const ALL: [Self; 6] = [
        Self::Answered,
        Self::Blocked,
        Self::Refused,
        Self::Conflict,
        Self::Unavailable,
        Self::Failed,
    ];

    pub(crate) const fn label(self) -> &'static str {
        match self {
            Self::Answered => "answered",
            Self::Blocked => "blocked",
            Self::Refused => "refused",
            Self::Conflict => "conflict",
            Self::Unavailable => "unavailable",
            Self::Failed => "failed",
        }
    }
}

impl GuardFinding {
    pub(crate) const fn label(self) -> &'static str {
        match self {
            Self::Nothing => "nothing",
            Self::PersonalData => "personal_data",
            Self::Injection => "injection",
            Self::HandOff => "hand_off",
            Self::Topic => "topic",
            Self::Unsafe(category) => category,
            Self::Blocked => "blocked",
        }
    }
}

impl GuardFallback {
    pub(crate) const ALL: [Self; 2] = [Self::InProcess, Self::Closed];

    pub(crate) const fn label(self) -> &'static str {
        match self {
            Self::InProcess => "in_process",
            Self::Closed => "closed",
        }
    }
}

impl Limit {
    pub(crate) const ALL: [Self; 6] = [
        Self::User,
        Self::Concurrency,
        Self::Caller,
        Self::Flood,
        Self::FailedAuthentication,
        Self::Money,
    ];

    pub(crate) const fn label(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Concurrency => "concurrency",
            Self::Caller => "caller",
            Self::Flood => "flood",
            Self::FailedAuthentication => "failed_authentication",
            Self::Money => "money",
        }
    }
}

/// What became of a check that the guardrails service did not answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum GuardFallback {
    /// The engine in this process answered.
    InProcess,
    /// Nothing answered, so nothing went through.
    Closed,
}

/// Why a process refused a request that no limit of its caller forbids.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Shed {
    /// It works on as many turns as it takes at once.
    TurnsAtOnce,
}

impl Shed {
    pub(crate) const ALL: [Self; 1] = [Self::TurnsAtOnce];

    pub(crate) const fn label(self) -> &'static str {
        match self {
            Self::TurnsAtOnce => "turns_at_once",
        }
    }
}

/// Which limit refused a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Limit {
    /// A user's requests a minute.
    User,
    /// A user's requests at once.
    Concurrency,
    /// Requests a minute without a user, by credential or address.
    Caller,
    /// Requests a minute from one address, whatever they are.
    Flood,
    /// Credentials a minute from one address that are not accepted.
    FailedAuthentication,
    /// A customer's money movements a minute.
    Money,
}
