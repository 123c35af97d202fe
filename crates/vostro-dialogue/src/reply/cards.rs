//! What stands on the cards of a reply.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use vostro_bank::{CardKind, CardStatus, Category, DisputeReason};
use vostro_ledger::AccountKind;
use vostro_types::{AccountId, AlertId, CardId, CaseId, ConfirmationId, TransferId};

use super::{Amount, Movement};

/// An account on a card.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AccountCard {
    /// Its id, as the statements' path takes it.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub account_id: AccountId,
    /// What the customer calls it.
    pub name: String,
    /// `checking`, `savings` or `credit_card`.
    #[cfg_attr(feature = "openapi", schema(value_type = String, example = "checking"))]
    pub kind: AccountKind,
    /// The end of its number: `…4321`.
    pub number: String,
    /// The balance; negative on a credit card is owed.
    pub balance: Amount,
    /// What can be spent now.
    pub available: Amount,
}

/// A transaction on a card.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TransactionCard {
    /// The day it was posted, in the bank's time zone.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Date))]
    pub date: Date,
    /// What the statement says.
    pub description: String,
    /// What it was for.
    #[cfg_attr(feature = "openapi", schema(value_type = String, example = "groceries"))]
    pub category: Category,
    /// Signed: negative left the account.
    pub amount: Amount,
    /// The account's name.
    pub account: String,
    /// The transfer it belongs to.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub transfer_id: TransferId,
}

/// The sum of one category.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CategorySum {
    /// The category.
    #[cfg_attr(feature = "openapi", schema(value_type = String, example = "groceries"))]
    pub category: Category,
    /// What left the accounts.
    pub spent: Amount,
}

/// A saved payee or a biller on a card.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PartyCard {
    /// The name.
    pub name: String,
    /// The end of the account number, or of the reference at the biller.
    pub number: String,
    /// The open bill, if any.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub amount_due: Option<Amount>,
    /// When it is due.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Date))]
    pub due_on: Option<Date>,
}

/// A standing order, or a payment on a day to come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ScheduleCard {
    /// Its name.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub schedule_id: ConfirmationId,
    /// What is moved each time.
    pub movement: Movement,
    /// On which days, in words.
    pub schedule: String,
    /// The next day; absent once it has ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Date))]
    pub next_due: Option<Date>,
}

/// A payment card on a card.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CardCard {
    /// Its id.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub card_id: CardId,
    /// What the customer calls it.
    pub name: String,
    /// `debit` or `credit`.
    #[cfg_attr(feature = "openapi", schema(value_type = String, example = "debit"))]
    pub kind: CardKind,
    /// The end of its number: `…4321`.
    pub number: String,
    /// `active`, `frozen`, `blocked` or `ordered`.
    #[cfg_attr(feature = "openapi", schema(value_type = String, example = "active"))]
    pub status: CardStatus,
    /// The most it pays on a day.
    pub daily_limit: Amount,
    /// When a new one is to arrive.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Date))]
    pub arrives_on: Option<Date>,
}

/// A case on a card.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CaseCard {
    /// Its id: what the customer refers to.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub case_id: CaseId,
    /// The disputed transfer.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub transfer_id: TransferId,
    /// What the statement says of it.
    pub description: String,
    /// How much, as on the statement.
    pub amount: Amount,
    /// What is wrong.
    #[cfg_attr(feature = "openapi", schema(value_type = String, example = "not_mine"))]
    pub reason: DisputeReason,
    /// `open` or `closed`.
    pub status: String,
    /// When it was opened.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub opened_at: Timestamp,
}

/// An alert on a card.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AlertCard {
    /// Its id.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub alert_id: AlertId,
    /// The account.
    pub account: String,
    /// The amount below which the customer is told.
    pub below: Amount,
}
