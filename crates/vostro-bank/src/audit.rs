//! The audit trail, as records.
//!
//! An audit row carries a salted commitment to its detail, not the detail: the store keeps salt and
//! detail beside it. Erasing a customer removes salt and detail; the chain over the commitments stays
//! verifiable. Sealing (the chain and its signed checkpoints) happens in the background, never inline.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest, Sha256};
use vostro_types::{CustomerId, SessionId, TurnId};

/// What was decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AuditKind {
    /// A customer's records were opened.
    CustomerOpened,
    /// A money movement was put before its customer.
    Proposed,
    /// The customer said yes.
    Confirmed,
    /// The money moved.
    Posted,
    /// The ledger's rules refused.
    Declined,
    /// The customer said no.
    Cancelled,
    /// The customer did not answer in time.
    Expired,
    /// The guardrails stopped a message or a draft.
    Blocked,
    /// The customer asked for, or was given, a person.
    HandedOff,
    /// A colleague took a conversation over.
    HandOffClaimed,
    /// A colleague wrote to a customer.
    HandOffReplied,
    /// A colleague ended a hand-off.
    HandOffClosed,
    /// A customer's record was changed by their yes: a card, a payee, a contact detail, an alert.
    ServiceChanged,
    /// A case was opened for a transaction.
    CaseOpened,
    /// A balance fell below an alert's amount.
    AlertFired,
    /// An occurrence of a standing order was given up: refused for good, or too late to be paid.
    OccurrenceFailed,
    /// The customer left out the next occurrence of a standing order.
    OccurrenceSkipped,
    /// A confirmed transfer waits, its funds held.
    Placed,
    /// A pending transfer was given up; its funds are free again.
    Voided,
    /// A pending transfer was not posted in time; its funds are free again.
    Lapsed,
    /// A posted transfer was taken back by another.
    Reversed,
    /// An order to take a transfer back was refused.
    ReversalRefused,
    /// Funds were put aside.
    HoldPlaced,
    /// An order to put funds aside, or to pay out held ones, was refused.
    HoldDeclined,
    /// Funds put aside are free again.
    HoldReleased,
    /// Funds put aside were paid out.
    HoldCaptured,
    /// An account was frozen, closed or opened.
    AccountStatusChanged,
    /// All money commands were stopped.
    MoneyStopped,
    /// Money commands go on.
    MoneyResumed,
    /// A second factor was asked for.
    FactorAsked,
    /// It was given.
    FactorPassed,
    /// What was given was not accepted.
    FactorFailed,
    /// The same, so often that nothing is accepted for a while.
    FactorBlocked,
    /// A customer's second factor was set up.
    FactorEnrolled,
    /// It was taken away.
    FactorRemoved,
    /// A conversation was ended by an operator.
    SessionEnded,
    /// A customer's personal data was erased.
    CustomerErased,
    /// An administrator asked for all money to be stopped, or to go on; a second one has to approve.
    MoneySwitchRequested,
    /// Such a request was taken back or turned down.
    MoneySwitchWithdrawn,
    /// An administrator asked for a policy to be changed; a second one has to approve.
    PolicyRequested,
    /// A policy was changed.
    PolicyChanged,
    /// A request for a change was taken back or turned down.
    PolicyWithdrawn,
    /// An address of a channel was linked to a customer.
    ChannelLinked,
    /// Such a link was taken away.
    ChannelUnlinked,
}

impl AuditKind {
    /// The stable text used in databases and on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::CustomerOpened => "customer_opened",
            Self::Proposed => "proposed",
            Self::Confirmed => "confirmed",
            Self::Posted => "posted",
            Self::Declined => "declined",
            Self::Cancelled => "cancelled",
            Self::Expired => "expired",
            Self::Blocked => "blocked",
            Self::ServiceChanged => "service_changed",
            Self::CaseOpened => "case_opened",
            Self::AlertFired => "alert_fired",
            Self::HandedOff => "handed_off",
            Self::HandOffClaimed => "hand_off_claimed",
            Self::HandOffReplied => "hand_off_replied",
            Self::HandOffClosed => "hand_off_closed",
            Self::OccurrenceFailed => "occurrence_failed",
            Self::OccurrenceSkipped => "occurrence_skipped",
            Self::Placed => "placed",
            Self::Voided => "voided",
            Self::Lapsed => "lapsed",
            Self::Reversed => "reversed",
            Self::ReversalRefused => "reversal_refused",
            Self::HoldPlaced => "hold_placed",
            Self::HoldDeclined => "hold_declined",
            Self::HoldReleased => "hold_released",
            Self::HoldCaptured => "hold_captured",
            Self::AccountStatusChanged => "account_status_changed",
            Self::MoneyStopped => "money_stopped",
            Self::MoneyResumed => "money_resumed",
            Self::FactorAsked => "factor_asked",
            Self::FactorPassed => "factor_passed",
            Self::FactorFailed => "factor_failed",
            Self::FactorBlocked => "factor_blocked",
            Self::FactorEnrolled => "factor_enrolled",
            Self::FactorRemoved => "factor_removed",
            Self::SessionEnded => "session_ended",
            Self::CustomerErased => "customer_erased",
            Self::MoneySwitchRequested => "money_switch_requested",
            Self::MoneySwitchWithdrawn => "money_switch_withdrawn",
            Self::PolicyRequested => "policy_requested",
            Self::PolicyChanged => "policy_changed",
            Self::PolicyWithdrawn => "policy_withdrawn",
            Self::ChannelLinked => "channel_linked",
            Self::ChannelUnlinked => "channel_unlinked",
        }
    }
}

/// Stands in the place of the customer on records that concern the bank itself. No customer has it:
/// what goes by it is not erased.
pub const BANK_ITSELF: &str = "(bank)";

/// A decision to be put on record, in the transaction of what it records.
#[derive(Debug, Clone, PartialEq)]
pub struct AuditEvent {
    /// What was decided.
    pub kind: AuditKind,
    /// Whom it concerns.
    pub customer: CustomerId,
    /// The conversation, if it came from one.
    pub session: Option<SessionId>,
    /// The turn, if it came from one.
    pub turn: Option<TurnId>,
    /// The particulars: ids, amounts, codes; never message text.
    pub detail: Value,
}

/// An audit row as stored.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AuditRecord {
    /// Its place in the trail.
    pub sequence: i64,
    /// What was decided ([`AuditKind::as_str`]).
    pub kind: String,
    /// When.
    pub at: Timestamp,
    /// Whom it concerns; `None` once erased.
    pub customer: Option<CustomerId>,
    /// The turn, if it came from one.
    pub turn: Option<TurnId>,
    /// The conversation, if it came from one.
    pub session: Option<SessionId>,
    /// What [`audit_commitment`] gave when the row was written.
    pub commitment: String,
    /// The salt of the commitment, in hexadecimal; `None` once erased.
    pub salt: Option<String>,
    /// The particulars; `None` once erased.
    pub detail: Option<Value>,
}

impl AuditRecord {
    /// Whether salt, customer and detail are the ones that were committed to; `None` once they are erased.
    pub fn fits_commitment(&self) -> Option<bool> {
        let (salt, customer, detail) = (
            self.salt.as_ref()?,
            self.customer.as_ref()?,
            self.detail.as_ref()?,
        );
        let salt = hex::decode(salt).unwrap_or_default();
        Some(audit_commitment(&salt, customer, detail) == self.commitment)
    }
}

/// The commitment of an audit row: SHA-256 over the salt's length and bytes, the customer's id behind
/// its length, and the detail as [`canonical_json`]; lower-case hexadecimal. The salt (32 random
/// bytes) keeps anybody without it from guessing the detail.
pub fn audit_commitment(salt: &[u8], customer: &CustomerId, detail: &Value) -> String {
    let detail = canonical_json(detail);
    hex::encode(audit_commitment_of_text(salt, customer.as_str(), &detail))
}

/// [`audit_commitment`] over values as they stand in the database: the detail is the text that
/// [`canonical_json`] gave when it was written.
pub fn audit_commitment_of_text(salt: &[u8], customer: &str, detail: &str) -> [u8; 32] {
    let mut hasher = Sha256::new();
    hasher.update(b"vostro.audit.v1");
    for field in [salt, customer.as_bytes()] {
        hasher.update((field.len() as u64).to_be_bytes());
        hasher.update(field);
    }
    hasher.update(detail.as_bytes());
    hasher.finalize().into()
}

/// JSON without white space and with every object's members in the order of their names' bytes, so
/// that equal values have one text, whatever order their maps keep.
pub fn canonical_json(value: &Value) -> String {
    let mut text = Vec::new();
    write_canonical(value, &mut text);
    String::from_utf8(text).unwrap_or_default()
}

fn write_canonical(value: &Value, text: &mut Vec<u8>) {
    match value {
        Value::Object(members) => {
            let mut members: Vec<_> = members.iter().collect();
            members.sort_by_key(|(name, _)| name.as_bytes());
            text.push(b'{');
            for (i, (name, member)) in members.into_iter().enumerate() {
                if i > 0 {
                    text.push(b',');
                }
                write_scalar(name, text);
                text.push(b':');
                write_canonical(member, text);
            }
            text.push(b'}');
        }
        Value::Array(items) => {
            text.push(b'[');
            for (i, item) in items.iter().enumerate() {
                if i > 0 {
                    text.push(b',');
                }
                write_canonical(item, text);
            }
            text.push(b']');
        }
        scalar => write_scalar(scalar, text),
    }
}

/// Texts, numbers and the like cannot fail, nor can writing into memory.
fn write_scalar(scalar: &impl Serialize, text: &mut Vec<u8>) {
    let written = serde_json::to_writer(text, scalar);
    debug_assert!(written.is_ok(), "a scalar has a text");
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    type Change = fn(&mut AuditRecord);

    #[test]
    fn equal_values_have_one_canonical_text() {
        let cases = [
            (
                json!({"b": 1, "a": [true, null]}),
                r#"{"a":[true,null],"b":1}"#,
            ),
            (
                json!({"a": {"z": "\u{1F600}\n", "Z": -1}}),
                "{\"a\":{\"Z\":-1,\"z\":\"\u{1F600}\\n\"}}",
            ),
            (json!({"\"": {}}), r#"{"\"":{}}"#),
            (json!([]), "[]"),
        ];
        for (value, expected) in cases {
            assert_eq!(canonical_json(&value), expected);
        }
    }

    #[test]
    fn a_commitment_binds_salt_customer_and_detail() {
        let ada = CustomerId::new("ada").unwrap();
        let detail = json!({"amount_minor": 8200});
        let record = AuditRecord {
            sequence: 1,
            kind: AuditKind::Posted.as_str().to_owned(),
            at: Timestamp::UNIX_EPOCH,
            customer: Some(ada.clone()),
            turn: None,
            session: None,
            commitment: audit_commitment(&[7; 32], &ada, &detail),
            salt: Some(hex::encode([7; 32])),
            detail: Some(detail),
        };
        assert_eq!(record.fits_commitment(), Some(true));
        let changes: [(&str, Change, Option<bool>); 5] = [
            ("salt", |r| r.salt = Some(hex::encode([8; 32])), Some(false)),
            ("bad salt", |r| r.salt = Some("xyz".to_owned()), Some(false)),
            (
                "customer",
                |r| r.customer = CustomerId::new("eve").ok(),
                Some(false),
            ),
            (
                "detail",
                |r| r.detail = Some(json!({"amount_minor": 82000})),
                Some(false),
            ),
            ("erased", |r| r.detail = None, None),
        ];
        for (what, change, expected) in changes {
            let mut other = record.clone();
            change(&mut other);
            assert_eq!(other.fits_commitment(), expected, "{what}");
        }
    }
}
