//! What a customer wants moved: the parameters that a confirmation freezes.

use std::fmt;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use vostro_types::{AccountId, BillerId, CustomerId, Money, PayeeId, mask_number};

/// Why a text is not an account number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an account number has 4 to 34 letters and digits")]
pub struct AccountNumberError;

/// The number by which an account is known outside: 4 to 34 ASCII letters and digits (34 is the
/// longest IBAN, ISO 13616), kept without spaces and hyphens, in upper case. `Debug` shows only its end.
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct AccountNumber(String);

impl AccountNumber {
    /// Reads an account number, spaces and hyphens left out.
    pub fn new(text: &str) -> Result<Self, AccountNumberError> {
        let compact: String = text
            .chars()
            .filter(|c| !matches!(c, ' ' | '-'))
            .map(|c| c.to_ascii_uppercase())
            .collect();
        let fits = (4..=34).contains(&compact.len())
            && compact.chars().all(|c| c.is_ascii_alphanumeric())
            && compact.chars().any(|c| c.is_ascii_digit());
        if fits {
            Ok(Self(compact))
        } else {
            Err(AccountNumberError)
        }
    }

    /// The whole number.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Its last four characters behind an ellipsis.
    pub fn masked(&self) -> String {
        mask_number(&self.0)
    }
}

impl fmt::Debug for AccountNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.masked())
    }
}

impl TryFrom<String> for AccountNumber {
    type Error = AccountNumberError;
    fn try_from(text: String) -> Result<Self, AccountNumberError> {
        Self::new(&text)
    }
}

impl From<AccountNumber> for String {
    fn from(number: AccountNumber) -> Self {
        number.0
    }
}

/// What kind of movement it is; limits differ by it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TransferKind {
    /// Between two accounts of the same customer.
    OwnTransfer,
    /// To a saved payee or an account number.
    PayeeTransfer,
    /// To a biller.
    BillPayment,
}

impl TransferKind {
    /// The stable text used in databases and on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::OwnTransfer => "own_transfer",
            Self::PayeeTransfer => "payee_transfer",
            Self::BillPayment => "bill_payment",
        }
    }
}

/// Where the money goes. Carries what the customer confirms: change a saved payee's account number
/// and an earlier confirmation no longer fits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "to")]
pub enum Target {
    /// Another account of the same customer.
    Own {
        /// The account.
        account: AccountId,
    },
    /// A saved payee.
    Payee {
        /// The payee.
        payee: PayeeId,
        /// The payee's account number when the proposal was made.
        number: AccountNumber,
    },
    /// An account number that is not saved.
    NewPayee {
        /// The account number.
        number: AccountNumber,
    },
    /// A biller.
    Biller {
        /// The biller.
        biller: BillerId,
        /// The customer's reference at the biller when the proposal was made.
        reference: String,
    },
}

impl Target {
    /// What kind of movement this makes.
    pub const fn kind(&self) -> TransferKind {
        match self {
            Self::Own { .. } => TransferKind::OwnTransfer,
            Self::Payee { .. } | Self::NewPayee { .. } => TransferKind::PayeeTransfer,
            Self::Biller { .. } => TransferKind::BillPayment,
        }
    }
}

/// A money movement that a customer asks for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MoneyIntent {
    /// Who asks.
    pub customer: CustomerId,
    /// The account the money comes from.
    pub source: AccountId,
    /// Where it goes.
    pub target: Target,
    /// How much.
    pub amount: Money,
}

/// SHA-256 over an intent's parameters.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct IntentHash(pub [u8; 32]);

impl fmt::Debug for IntentHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl MoneyIntent {
    /// What kind of movement this is.
    pub const fn kind(&self) -> TransferKind {
        self.target.kind()
    }

    /// The hash that a confirmation freezes: over customer, source, target, amount and currency,
    /// each field behind its length, so that no two intents share an encoding.
    pub fn hash(&self) -> IntentHash {
        let mut hasher = Sha256::new();
        let mut field = |bytes: &[u8]| {
            hasher.update((bytes.len() as u64).to_be_bytes());
            hasher.update(bytes);
        };
        field(b"vostro.intent.v1");
        field(self.customer.as_str().as_bytes());
        field(self.source.as_str().as_bytes());
        let (tag, id, number) = match &self.target {
            Target::Own { account } => ("own", account.as_str(), ""),
            Target::Payee { payee, number } => ("payee", payee.as_str(), number.as_str()),
            Target::NewPayee { number } => ("new_payee", "", number.as_str()),
            Target::Biller { biller, reference } => ("biller", biller.as_str(), reference.as_str()),
        };
        field(tag.as_bytes());
        field(id.as_bytes());
        field(number.as_bytes());
        field(&self.amount.minor.to_be_bytes());
        field(self.amount.currency.code().as_bytes());
        IntentHash(hasher.finalize().into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use vostro_types::Currency;

    fn intent() -> MoneyIntent {
        MoneyIntent {
            customer: CustomerId::new("ada").unwrap(),
            source: AccountId::new("acc_1").unwrap(),
            target: Target::NewPayee {
                number: AccountNumber::new("67890").unwrap(),
            },
            amount: Money::new(8_200, Currency::USD),
        }
    }

    type Change = fn(&mut MoneyIntent);

    fn number(text: &str) -> AccountNumber {
        AccountNumber::new(text).unwrap()
    }

    #[test]
    fn every_parameter_changes_the_hash() {
        let base = intent().hash();
        let changes: [(&str, Change); 6] = [
            (
                "customer",
                (|i| i.customer = CustomerId::new("bob").unwrap()),
            ),
            ("source", (|i| i.source = AccountId::new("acc_2").unwrap())),
            (
                "number",
                (|i| {
                    i.target = Target::NewPayee {
                        number: number("67891"),
                    }
                }),
            ),
            (
                "target",
                (|i| {
                    i.target = Target::Payee {
                        payee: PayeeId::new("p").unwrap(),
                        number: number("67890"),
                    };
                }),
            ),
            ("amount", (|i| i.amount.minor = 82_000)),
            ("currency", (|i| i.amount.currency = Currency::EUR)),
        ];
        for (what, change) in changes {
            let mut other = intent();
            change(&mut other);
            assert_ne!(other.hash(), base, "{what}");
        }
        assert_eq!(intent().hash(), base);
    }

    #[test]
    fn account_numbers_are_normalised_or_refused() {
        let cases = [
            ("67890", Some("67890")),
            ("1234-5678 90", Some("1234567890")),
            (
                "de89 3704 0044 0532 0130 00",
                Some("DE89370400440532013000"),
            ),
            ("123", None),
            ("abcd", None),
            ("12345\u{0}", None),
            ("", None),
        ];
        for (text, expected) in cases {
            let read = AccountNumber::new(text).ok();
            assert_eq!(
                read.as_ref().map(AccountNumber::as_str),
                expected,
                "{text:?}"
            );
        }
        assert!(AccountNumber::new(&"1".repeat(35)).is_err());
        assert_eq!(
            format!("{:?}", AccountNumber::new("4000123498").unwrap()),
            "…3498"
        );
    }
}
