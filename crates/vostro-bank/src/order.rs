//! Who gives an order that changes money's state without a fresh confirmation, and why.

use serde_json::{Value, json};
use vostro_types::{CustomerId, SessionId, TurnId};

use crate::audit::AuditEvent;

/// The most characters of a reason.
const MOST_REASON: usize = 200;
/// The most characters of an operator's name.
const MOST_NAME: usize = 64;

/// Why a text is not an operator's name or a reason.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum OrderError {
    /// Nobody, or too long a name, or with control characters.
    #[error("who orders it: 1 to {MOST_NAME} characters, none of them a control character")]
    Name,
    /// No reason, or too long a one, or with control characters.
    #[error("why: 1 to {MOST_REASON} characters, none of them a control character")]
    Reason,
}

/// An order: who gives it and why. Both go on the audit trail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Order {
    by: String,
    reason: String,
    customer: Option<CustomerId>,
    session: Option<SessionId>,
    turn: Option<TurnId>,
}

impl Order {
    /// An operator's order.
    pub fn operator(name: &str, reason: &str) -> Result<Self, OrderError> {
        let name = line(name, MOST_NAME).ok_or(OrderError::Name)?;
        let reason = line(reason, MOST_REASON).ok_or(OrderError::Reason)?;
        Ok(Self::new(format!("operator:{name}"), reason))
    }

    /// The customer's own wish, from a conversation: it only reaches what is theirs.
    pub fn customer(context: &AuditEvent, reason: &'static str) -> Self {
        Self {
            customer: Some(context.customer.clone()),
            session: context.session.clone(),
            turn: context.turn.clone(),
            ..Self::new("customer".to_owned(), reason.to_owned())
        }
    }

    /// What the program does by itself when its time has come.
    pub fn housekeeping(reason: &'static str) -> Self {
        Self::new("housekeeping".to_owned(), reason.to_owned())
    }

    const fn new(by: String, reason: String) -> Self {
        Self {
            by,
            reason,
            customer: None,
            session: None,
            turn: None,
        }
    }

    /// Who gives it: `operator:NAME`, `customer` or `housekeeping`.
    pub fn by(&self) -> &str {
        &self.by
    }

    /// Why.
    pub fn reason(&self) -> &str {
        &self.reason
    }

    /// The customer whose own order it is, and who only reaches what is theirs.
    pub const fn of_customer(&self) -> Option<&CustomerId> {
        self.customer.as_ref()
    }

    /// The conversation it came from.
    pub const fn session(&self) -> Option<&SessionId> {
        self.session.as_ref()
    }

    /// The turn it came from.
    pub const fn turn(&self) -> Option<&TurnId> {
        self.turn.as_ref()
    }

    /// What an audit row says of it, beside the particulars.
    pub fn detail(&self) -> Value {
        json!({ "by": self.by, "reason": self.reason })
    }
}

/// The text without white space around it, if it is one line of a length that fits.
fn line(text: &str, most: usize) -> Option<String> {
    let text = text.trim();
    let fits =
        !text.is_empty() && text.chars().count() <= most && !text.chars().any(char::is_control);
    fits.then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_order_has_a_name_and_a_reason() {
        let long = "x".repeat(201);
        let cases = [
            ("anna", "posted twice", Ok("operator:anna")),
            (" anna ", " a reason ", Ok("operator:anna")),
            ("", "a reason", Err(OrderError::Name)),
            ("an\u{0}na", "a reason", Err(OrderError::Name)),
            ("anna", "  ", Err(OrderError::Reason)),
            ("anna", "two\nlines", Err(OrderError::Reason)),
            ("anna", long.as_str(), Err(OrderError::Reason)),
            (long.as_str(), "a reason", Err(OrderError::Name)),
        ];
        for (name, reason, expected) in cases {
            let order = Order::operator(name, reason);
            assert_eq!(
                order.as_ref().map(Order::by),
                expected.as_ref().copied(),
                "{name:?} {reason:?}"
            );
        }
    }
}
