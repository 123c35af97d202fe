//! What the customer gets back. Only [`ApprovedReply`] serializes, and only `approve` makes one.

mod cards;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;
use vostro_bank::{FactorMethod, ReplyEvent};
pub use vostro_knowledge::Citation;

use crate::language::Language;
pub use cards::{
    AccountCard, AlertCard, CardCard, CaseCard, CategorySum, PartyCard, ScheduleCard,
    TransactionCard,
};
use vostro_ledger::{TransferKind, TransferStatus};
use vostro_types::{ConfirmationId, Money, SessionId, TransferId, TurnId};

use crate::advisor::TurnAccount;

/// An amount on the wire: exact minor units, the currency, and how to show it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Amount {
    /// Minor units (cents), signed.
    pub minor: i64,
    /// ISO 4217 code.
    #[cfg_attr(feature = "openapi", schema(example = "USD"))]
    pub currency: String,
    /// As text, for example `$1,250.50`.
    #[cfg_attr(feature = "openapi", schema(example = "$1,250.50"))]
    pub display: String,
}

impl From<Money> for Amount {
    fn from(money: Money) -> Self {
        Self {
            minor: money.minor,
            currency: money.currency.code().to_owned(),
            display: money.to_string(),
        }
    }
}

/// The parameters of a proposed or posted movement, as the customer sees them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Movement {
    /// `own_transfer`, `payee_transfer` or `bill_payment`.
    #[cfg_attr(feature = "openapi", schema(value_type = String, example = "payee_transfer"))]
    pub kind: TransferKind,
    /// How much.
    pub amount: Amount,
    /// The source account: `Everyday Checking …4321`.
    pub source: String,
    /// Where it goes: a payee, a biller, an own account or `account …7890 (new payee)`.
    pub target: String,
}

/// Something to show beside the text. Made from data, never from a model's words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case", tag = "type")]
pub enum Card {
    /// Balances.
    Balances {
        /// The accounts asked for.
        accounts: Vec<AccountCard>,
    },
    /// Transactions, newest first.
    Transactions {
        /// The transactions.
        items: Vec<TransactionCard>,
        /// Whether there are older ones.
        more: bool,
    },
    /// A sum over transactions.
    Spending {
        /// What left the accounts.
        spent: Amount,
        /// What came in.
        received: Amount,
        /// How many transactions were summed.
        count: u64,
        /// By category, largest first.
        by_category: Vec<CategorySum>,
    },
    /// A proposal that waits for yes or no.
    Confirmation {
        /// The proposal.
        #[cfg_attr(feature = "openapi", schema(value_type = String))]
        confirmation_id: ConfirmationId,
        /// What would be done.
        movement: Movement,
        /// On which days, if it is for days to come: `every month, first on Dec 1, 2026, until you cancel it`.
        #[serde(skip_serializing_if = "Option::is_none")]
        schedule: Option<String>,
        /// The business day on which it would count as made if it were confirmed now (the value date).
        #[serde(skip_serializing_if = "Option::is_none")]
        #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Date))]
        value_date: Option<Date>,
        /// When it can no longer be confirmed.
        #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
        expires_at: Timestamp,
    },
    /// What was done.
    Receipt {
        /// The proof.
        receipt: ReceiptView,
    },
    /// A confirmed movement that is not final yet, or that was taken back before it was.
    Pending {
        /// What was placed.
        pending: PendingView,
    },
    /// Standing orders and payments on a day to come.
    Schedules {
        /// The orders.
        items: Vec<ScheduleCard>,
    },
    /// An account's statement of a period.
    Statement {
        /// The account's name.
        account: String,
        /// The first day.
        #[cfg_attr(feature = "openapi", schema(value_type = String, format = Date))]
        from: Date,
        /// The last day.
        #[cfg_attr(feature = "openapi", schema(value_type = String, format = Date))]
        to: Date,
        /// The balance before it.
        opening: Amount,
        /// What came in.
        received: Amount,
        /// What went out.
        spent: Amount,
        /// The balance after it.
        closing: Amount,
        /// How many transactions it has.
        count: u64,
    },
    /// Saved payees.
    Payees {
        /// The payees.
        items: Vec<PartyCard>,
    },
    /// The customer's billers with their open bills.
    Bills {
        /// The billers.
        items: Vec<PartyCard>,
    },
    /// Answers to choose from.
    Choices {
        /// What to send when one is chosen.
        options: Vec<String>,
    },
    /// The customer's cards.
    Cards {
        /// The cards.
        items: Vec<CardCard>,
    },
    /// The customer's cases.
    Cases {
        /// The cases.
        items: Vec<CaseCard>,
    },
    /// The customer's alerts.
    Alerts {
        /// The alerts.
        items: Vec<AlertCard>,
    },
    /// How the bank reaches the customer.
    Profile {
        /// The e-mail address.
        #[serde(skip_serializing_if = "Option::is_none")]
        email: Option<String>,
        /// The telephone number.
        #[serde(skip_serializing_if = "Option::is_none")]
        phone: Option<String>,
        /// The postal address.
        #[serde(skip_serializing_if = "Option::is_none")]
        address: Option<String>,
    },
    /// What somebody needs to pay into an account.
    AccountDetails {
        /// The account's name.
        account: String,
        /// Its whole number.
        number: String,
        /// The bank's routing number.
        #[serde(skip_serializing_if = "Option::is_none")]
        routing_number: Option<String>,
    },
    /// A change that waits for yes or no.
    ChangeConfirmation {
        /// The proposal.
        #[cfg_attr(feature = "openapi", schema(value_type = String))]
        confirmation_id: ConfirmationId,
        /// What kind of change: `freeze_card`, `add_payee`, …
        change: String,
        /// What would be done, in words.
        what: String,
        /// When it can no longer be confirmed.
        #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
        expires_at: Timestamp,
    },
    /// What waits for a yes also needs a second factor: a code, which is then the yes, or an approval at the bank's
    /// identity provider before it.
    SecondFactor {
        /// `code` or `approval`.
        #[cfg_attr(feature = "openapi", schema(value_type = String, pattern = "^(code|approval)$"))]
        method: FactorMethod,
    },
    /// A change that was made.
    Changed {
        /// The confirmation that it took.
        #[cfg_attr(feature = "openapi", schema(value_type = String))]
        confirmation_id: ConfirmationId,
        /// What kind of change.
        change: String,
        /// What was done, in words.
        what: String,
        /// What it made: a case's id, the ends of new cards' numbers.
        #[serde(skip_serializing_if = "Option::is_none")]
        reference: Option<String>,
        /// When.
        #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
        at: Timestamp,
    },
    /// A person was called.
    HandOff {
        /// Why.
        reason: String,
        /// The entry in the queue: what the customer refers to.
        reference: String,
    },
}

/// Who has a conversation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum HandledBy {
    /// The assistant.
    Assistant,
    /// A person of the bank; the assistant is silent.
    Person,
}

/// The proof of a posted movement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ReceiptView {
    /// The posted transfer.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub transfer_id: TransferId,
    /// The confirmation it consumed.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub confirmation_id: ConfirmationId,
    /// What was done.
    pub movement: Movement,
    /// When.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub posted_at: Timestamp,
    /// The business day on which it counts as made (the value date).
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Date))]
    pub value_date: Date,
    /// The source account's balance right after.
    pub source_balance: Amount,
}

/// A confirmed movement whose funds are held until it becomes final.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PendingView {
    /// The transfer.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub transfer_id: TransferId,
    /// The confirmation it consumed.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub confirmation_id: ConfirmationId,
    /// What was confirmed.
    pub movement: Movement,
    /// `pending`, or `voided` once it was taken back.
    #[cfg_attr(feature = "openapi", schema(value_type = String, example = "pending"))]
    pub status: TransferStatus,
    /// When it becomes final; until then it can be taken back.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub final_at: Timestamp,
}

/// A reply that passed the output guard: the body of `POST /api/v1/chat`.
///
/// It can be read and serialized; only the approving step of a turn makes one.
///
/// ```compile_fail
/// use vostro_dialogue::reply::ApprovedReply;
/// fn around_the_guard(mut reply: ApprovedReply) -> ApprovedReply {
///     reply.message = "I have sent $500.".to_owned();
///     reply
/// }
/// ```
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(as = ChatResponse))]
pub struct ApprovedReply {
    /// What to tell the customer.
    pub(crate) message: String,
    /// The conversation; send it with the next message.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub(crate) session_id: SessionId,
    /// When the reply was made: Unix seconds.
    pub(crate) timestamp: f64,
    /// False when the message, or the drafted reply, was blocked.
    pub(crate) guardrails_passed: bool,
    /// Names this turn; its events can be read again under it.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub(crate) turn_id: TurnId,
    /// What the message was understood to be about.
    pub(crate) intent: Option<String>,
    /// The typed commands it was understood as.
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<Object>))]
    pub(crate) commands: Vec<Value>,
    /// The slots of the flow in progress, personal data masked.
    pub(crate) slots: BTreeMap<String, String>,
    /// Whether the message is nothing for a bank's assistant.
    pub(crate) out_of_scope: bool,
    /// Who has the conversation. While it is `person`, the message was passed on, and what the person
    /// writes is read at `GET /api/v1/chat/handoff`.
    pub(crate) handled_by: HandledBy,
    /// The language of the conversation: `en` or `es`.
    #[cfg_attr(feature = "openapi", schema(value_type = String, example = "en"))]
    pub(crate) language: Language,
    /// What to show beside the text.
    pub(crate) cards: Vec<Card>,
    /// The passages that the text rests on.
    pub(crate) citations: Vec<Citation>,
    /// The proofs of what was done in this turn.
    pub(crate) receipts: Vec<ReceiptView>,
}

impl ApprovedReply {
    /// What to tell the customer.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// The conversation.
    pub const fn session_id(&self) -> &SessionId {
        &self.session_id
    }

    /// The turn.
    pub const fn turn_id(&self) -> &TurnId {
        &self.turn_id
    }

    /// Whether guardrails let the message and the draft through.
    pub const fn guardrails_passed(&self) -> bool {
        self.guardrails_passed
    }

    /// What the message was understood to be about.
    pub fn intent(&self) -> Option<&str> {
        self.intent.as_deref()
    }

    /// What to show beside the text.
    pub fn cards(&self) -> &[Card] {
        &self.cards
    }
}

/// A finished turn: the reply, and the same as events for `text/event-stream`.
#[derive(Debug, Clone, PartialEq)]
pub struct Recorded {
    /// The reply.
    pub reply: ApprovedReply,
    /// Its events, numbered from 1; the last is `done` with the whole reply.
    pub events: Vec<ReplyEvent>,
    /// What it used.
    pub account: TurnAccount,
}
