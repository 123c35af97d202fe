//! A change of a customer's records, and what is confirmed of it.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use vostro_ledger::{AccountNumber, Confirmable, IntentHash, StandingOrder};
use vostro_types::{
    AccountId, AlertId, CardId, ConfirmationId, CustomerId, Money, PayeeId, TransferId,
};

use super::{Alert, CardLoss, ContactKind, DisputeReason};
use crate::audit::canonical_json;

/// A change that a customer says yes to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "change", rename_all = "snake_case")]
pub enum Change {
    /// A card is not to pay until it is unfrozen.
    FreezeCard {
        /// Which.
        card: CardId,
    },
    /// A frozen card is to pay again.
    UnfreezeCard {
        /// Which.
        card: CardId,
    },
    /// Cards are lost or stolen: they never pay again, and new ones are ordered.
    BlockCards {
        /// Which.
        cards: Vec<CardId>,
        /// Why.
        loss: CardLoss,
    },
    /// A new card is ordered in the place of one that still pays.
    ReplaceCard {
        /// Which.
        card: CardId,
    },
    /// The most that a card pays on a day.
    SetCardLimit {
        /// Which.
        card: CardId,
        /// How much.
        limit: Money,
    },
    /// A trip.
    AddTravel {
        /// Where to.
        place: String,
        /// The first day.
        from: Date,
        /// The last day.
        until: Date,
    },
    /// A payee is saved.
    AddPayee {
        /// The name.
        name: String,
        /// Where the money goes.
        number: AccountNumber,
    },
    /// A saved payee is removed.
    RemovePayee {
        /// Which.
        payee: PayeeId,
    },
    /// A contact detail.
    SetContact {
        /// Which.
        contact: ContactKind,
        /// What it is now.
        value: String,
    },
    /// An alert.
    SetAlert {
        /// On which account.
        account: AccountId,
        /// Below which amount.
        below: Money,
    },
    /// An alert is ended.
    RemoveAlert {
        /// Which.
        alert: AlertId,
    },
    /// An alert is told of at another amount.
    ChangeAlert {
        /// Which, as its customer saw it.
        alert: Alert,
        /// Below which amount from now on.
        below: Money,
    },
    /// Alerts are ended, all of these or none.
    RemoveAlerts {
        /// Which, as their customer saw them.
        alerts: Vec<Alert>,
    },
    /// Saved payees are removed, all of these or none.
    RemovePayees {
        /// Which.
        payees: Vec<PayeeId>,
    },
    /// A standing order in force is ended.
    EndOrder {
        /// Which.
        order: ConfirmationId,
        /// What it is, as its customer saw it.
        terms: Box<StandingOrder>,
    },
    /// The next payment of a standing order is left out.
    SkipPayment {
        /// Of which order.
        order: ConfirmationId,
        /// What the order is, as its customer saw it.
        terms: Box<StandingOrder>,
        /// The payment's day.
        due: Date,
        /// The day of the one after it; `None` when there is none.
        next: Option<Date>,
    },
    /// A case for a transaction.
    OpenDispute {
        /// The transfer.
        transfer: TransferId,
        /// What is wrong.
        reason: DisputeReason,
    },
}

impl Change {
    /// What an audit row and the outside are told: ids, amounts and codes; no names, numbers or addresses.
    pub fn particulars(&self) -> Value {
        match self {
            Self::AddTravel { from, until, .. } => {
                json!({ "change": "add_travel", "from": from, "until": until })
            }
            Self::AddPayee { number, .. } => {
                json!({ "change": "add_payee", "number": number.masked() })
            }
            Self::SetContact { contact, .. } => {
                json!({ "change": "set_contact", "contact": contact })
            }
            Self::EndOrder { order, .. } => json!({ "change": "end_order", "order": order }),
            Self::SkipPayment { order, due, .. } => {
                json!({ "change": "skip_payment", "order": order, "due": due })
            }
            other => serde_json::to_value(other).unwrap_or_default(),
        }
    }

    /// Whether a standing order ends, or leaves a payment out.
    pub const fn ends_an_order(&self) -> bool {
        matches!(self, Self::EndOrder { .. } | Self::SkipPayment { .. })
    }
}

/// A change with whose it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServiceOrder {
    /// Whose.
    pub customer: CustomerId,
    /// What.
    pub change: Change,
}

impl Confirmable for ServiceOrder {
    fn customer(&self) -> &CustomerId {
        &self.customer
    }

    /// Over the customer and every member of the change, as canonical JSON.
    fn hash(&self) -> IntentHash {
        let text = canonical_json(&serde_json::to_value(self).unwrap_or_default());
        let mut hasher = Sha256::new();
        hasher.update(b"vostro.service.v1");
        hasher.update(text);
        IntentHash(hasher.finalize().into())
    }
}
