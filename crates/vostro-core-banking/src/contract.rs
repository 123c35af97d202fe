//! What goes over the wire. Reading uses the bank's own records ([`vostro_bank::Portfolio`],
//! [`vostro_bank::HistoryPage`], [`vostro_bank::SpendingSummary`]) as JSON; money has the records of this file.
//!
//! Amounts are whole minor units with an ISO 4217 code, instants RFC 3339, keys 64 hexadecimal digits.

use std::fmt;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use vostro_ledger::{Confirmed, Decline, MoneyIntent, TransferStatus};
use vostro_types::{Money, TransferId};

/// The media type of refusals: problem details (RFC 9457).
pub const PROBLEM_JSON: &str = "application/problem+json";

/// Why a text is no key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a key has 64 hexadecimal digits in lower case")]
pub struct KeyError;

/// The name of one effect: a movement is placed under it once, whoever asks how often. It stands in the address,
/// so placing is a `PUT`, which HTTP itself defines as repeatable (RFC 9110, 9.2.2).
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct TransferKey(String);

impl TransferKey {
    /// The key of what a customer confirmed: it derives from the confirmation and all its parameters.
    pub fn of(confirmed: &Confirmed<MoneyIntent>) -> Self {
        Self(confirmed.idempotency_key().to_string())
    }

    /// A key of 32 bytes.
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(hex::encode(bytes))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for TransferKey {
    type Error = KeyError;

    fn try_from(text: String) -> Result<Self, KeyError> {
        let fits = |c: u8| c.is_ascii_digit() || (b'a'..=b'f').contains(&c);
        if text.len() == 64 && text.bytes().all(fits) {
            Ok(Self(text))
        } else {
            Err(KeyError)
        }
    }
}

impl From<TransferKey> for String {
    fn from(key: TransferKey) -> Self {
        key.0
    }
}

impl fmt::Debug for TransferKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for TransferKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The body of `PUT /v1/customers/{customer}/transfers/{key}`: what is to be placed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TransferOrder {
    /// Customer, source, target and amount, as the customer confirmed them.
    pub intent: MoneyIntent,
}

/// That a movement was posted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Posted {
    /// When.
    pub at: Timestamp,
    /// The source account's balance right after.
    pub source_balance: Money,
    /// What the source account had available right after.
    pub source_available: Money,
}

/// How a movement stands: the answer to placing, posting, voiding and asking.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TransferState {
    /// The key that it was placed under.
    pub key: TransferKey,
    /// What was placed, every parameter as it was ordered.
    pub intent: MoneyIntent,
    /// The core's id; null when it was declined.
    pub transfer: Option<TransferId>,
    /// `pending`, `posted`, `voided` or `expired`; null when it was declined.
    pub status: Option<TransferStatus>,
    /// Why it was declined; nothing is held then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decline: Option<Decline>,
    /// That it was posted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub posted: Option<Posted>,
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};
    use vostro_ledger::{AccountNumber, Target};
    use vostro_types::{AccountId, Currency, CustomerId};

    use super::*;

    #[test]
    fn keys_are_64_hexadecimal_digits() {
        let good = "0123456789abcdef".repeat(4);
        for (text, is_one) in [
            (good.clone(), true),
            (good.to_uppercase(), false),
            (good[1..].to_owned(), false),
            (format!("{good}0"), false),
            (String::new(), false),
            (format!("{}é", &good[2..]), false),
        ] {
            assert_eq!(
                TransferKey::try_from(text.clone()).is_ok(),
                is_one,
                "{text}"
            );
        }
    }

    /// What integrators build against: a change of these texts is a change of the contract.
    #[test]
    fn the_wire_is_what_the_document_says() {
        let intent = MoneyIntent {
            customer: CustomerId::new("ada").unwrap(),
            source: AccountId::new("acc_1").unwrap(),
            target: Target::NewPayee {
                number: AccountNumber::new("67890").unwrap(),
            },
            amount: Money::new(2_500, Currency::USD),
        };
        let intent_text = json!({
            "customer": "ada", "source": "acc_1", "target": {"to": "new_payee", "number": "67890"},
            "amount": {"minor": 2500, "currency": "USD"}
        });
        let order = TransferOrder {
            intent: intent.clone(),
        };
        assert_eq!(
            serde_json::to_value(order).unwrap(),
            json!({"intent": intent_text})
        );
        let key = "ab".repeat(32);
        let state = TransferState {
            key: TransferKey::try_from(key.clone()).unwrap(),
            intent,
            transfer: Some(TransferId::new("trf_1").unwrap()),
            status: Some(TransferStatus::Posted),
            decline: None,
            posted: Some(Posted {
                at: "2026-03-11T16:00:00Z".parse().unwrap(),
                source_balance: Money::new(7_500, Currency::USD),
                source_available: Money::new(7_500, Currency::USD),
            }),
        };
        let text = json!({
            "key": key, "intent": intent_text, "transfer": "trf_1", "status": "posted",
            "posted": {"at": "2026-03-11T16:00:00Z", "source_balance": {"minor": 7500, "currency": "USD"},
                "source_available": {"minor": 7500, "currency": "USD"}}
        });
        assert_eq!(serde_json::to_value(&state).unwrap(), text);
        assert_eq!(
            serde_json::from_value::<TransferState>(text).unwrap(),
            state
        );
        let declined: Value = json!({
            "key": key, "intent": intent_text, "transfer": null, "status": null,
            "decline": {"reason": "insufficient_funds", "available": {"minor": 0, "currency": "USD"}}
        });
        let read: TransferState = serde_json::from_value(declined).unwrap();
        assert_eq!(read.decline.unwrap().code(), "insufficient_funds");
    }
}
