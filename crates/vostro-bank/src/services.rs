//! What a customer may change besides moving money: cards, payees, contact details, alerts, trips, and the
//! cases that they open.
//!
//! Each change is put before its customer and carried out by their yes, as money is: a [`ServiceOrder`] is
//! [`Confirmable`], its confirmation is used once, and the change, its audit row and its outbox row are one
//! transaction. The same confirmation again replays what was done.

mod change;

use async_trait::async_trait;
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use vostro_ledger::Confirmed;
use vostro_types::{
    AccountId, AlertId, CardId, CaseId, ConfirmationId, CustomerId, Money, TransferId,
};

use crate::audit::AuditEvent;
use crate::store::StoreError;

pub use change::{Change, ServiceOrder};

macro_rules! names {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $text:literal,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum $name { $($(#[$variant_doc])* $variant,)* }

        impl $name {
            /// The stable text used in databases and on the wire.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text,)* }
            }

            /// Reads `as_str`.
            pub fn parse(text: &str) -> Option<Self> {
                match text { $($text => Some(Self::$variant),)* _ => None }
            }
        }
    };
}

names! {
    /// What a card pays from.
    CardKind {
        /// The account's own money.
        Debit = "debit",
        /// Credit.
        Credit = "credit",
    }
}
names! {
    /// How a card stands.
    CardStatus {
        /// It pays.
        Active = "active",
        /// Its customer froze it, and can unfreeze it.
        Frozen = "frozen",
        /// Reported lost or stolen: it never pays again.
        Blocked = "blocked",
        /// A new one that is on its way.
        Ordered = "ordered",
    }
}
names! {
    /// Why a card is blocked for good.
    CardLoss {
        /// Lost.
        Lost = "lost",
        /// Stolen, or used by somebody else.
        Stolen = "stolen",
    }
}
names! {
    /// Which contact detail.
    ContactKind {
        /// The e-mail address.
        Email = "email",
        /// The telephone number.
        Phone = "phone",
        /// The postal address.
        Address = "address",
    }
}
names! {
    /// What is wrong with a transaction.
    DisputeReason {
        /// The customer did not make it.
        NotMine = "not_mine",
        /// It was charged more than once.
        Duplicate = "duplicate",
        /// The amount is another than agreed.
        WrongAmount = "wrong_amount",
        /// What was paid for did not come.
        NotReceived = "not_received",
        /// Something else.
        Other = "other",
    }
}

/// A card as its owner sees it. No record holds its whole number.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CardView {
    /// Its id.
    pub id: CardId,
    /// The account that it pays from.
    pub account: AccountId,
    /// What it pays from.
    pub kind: CardKind,
    /// What the customer calls it: "Debit Card".
    pub name: String,
    /// The last four digits of its number.
    pub last_four: String,
    /// How it stands.
    pub status: CardStatus,
    /// The most it pays on a day.
    pub daily_limit: Money,
    /// When a new one is to arrive.
    pub arrives_on: Option<Date>,
}

/// How the bank reaches a customer.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Contacts {
    /// The e-mail address.
    pub email: Option<String>,
    /// The telephone number.
    pub phone: Option<String>,
    /// The postal address.
    pub address: Option<String>,
}

/// An alert: when an account's balance falls below an amount.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Alert {
    /// Its id.
    pub id: AlertId,
    /// The account.
    pub account: AccountId,
    /// The amount.
    pub below: Money,
}

/// A trip that the customer told of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TravelNotice {
    /// Where to, in the customer's words.
    pub place: String,
    /// The first day.
    pub from: Date,
    /// The last day.
    pub until: Date,
}

/// A case that a person works on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Case {
    /// Its id: what the customer refers to.
    pub id: CaseId,
    /// The disputed transfer.
    pub transfer: TransferId,
    /// What the statement says of it.
    pub description: String,
    /// How much, as on the statement.
    pub amount: Money,
    /// What is wrong.
    pub reason: DisputeReason,
    /// `open` or `closed`.
    pub status: String,
    /// When it was opened.
    pub opened_at: Timestamp,
}

/// The proof of a change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangeReceipt {
    /// The confirmation that it took.
    pub confirmation: ConfirmationId,
    /// What was done.
    pub change: Change,
    /// What it made: the id of a case, an alert, a payee; the ends of new cards' numbers.
    pub reference: Option<String>,
    /// When.
    pub at: Timestamp,
}

/// Why a change was not made. Nothing was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChangeRefusal {
    /// The customer has no such card, payee, account, alert or transaction.
    Unknown,
    /// It stands otherwise than the change needs: a card that is blocked, a payee that is saved already.
    State,
}

/// What came of an order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ChangeOutcome {
    /// It was done.
    Done(Box<ChangeReceipt>),
    /// It had been done, by the same confirmation.
    Replayed(Box<ChangeReceipt>),
    /// It was not done.
    Refused(ChangeRefusal),
}

/// Customers' records beside the books.
#[async_trait]
pub trait Services: Send + Sync {
    /// Makes a confirmed change, once.
    async fn carry_out(
        &self,
        confirmed: Confirmed<ServiceOrder>,
        context: &AuditEvent,
    ) -> Result<ChangeOutcome, StoreError>;

    /// What this confirmation did.
    async fn change_receipt(
        &self,
        customer: &CustomerId,
        id: &ConfirmationId,
    ) -> Result<Option<ChangeReceipt>, StoreError>;

    /// How the bank reaches the customer.
    async fn contacts(&self, customer: &CustomerId) -> Result<Contacts, StoreError>;

    /// The customer's alerts.
    async fn alerts(&self, customer: &CustomerId) -> Result<Vec<Alert>, StoreError>;

    /// The customer's trips that are not over on this day.
    async fn travel_notices(
        &self,
        customer: &CustomerId,
        today: Date,
    ) -> Result<Vec<TravelNotice>, StoreError>;

    /// The customer's cases, newest first.
    async fn cases(&self, customer: &CustomerId) -> Result<Vec<Case>, StoreError>;

    /// Tells of alerts whose balance fell below their amount (an audit row and an outbox row each), at most
    /// so many; one that was told of is told of again only after the balance was back. Gives how many.
    async fn run_alerts(&self, most: u32) -> Result<u64, StoreError>;
}
