//! Typed commands: the only language in which an understanding, whether rules, a classifier or a
//! language model, may speak to the engine.
//!
//! A command names a flow, fills a slot, answers a question or asks one. It never carries an
//! idempotency key, a confirmation id or anything that acts by itself: [`crate::decide`] chooses
//! what is done, and money waits for its customer's yes whatever the commands say.

mod slot;

use serde::{Deserialize, Serialize};

pub(crate) use slot::nth_shown;
pub use slot::{
    AccountMention, AmountMention, BillerMention, CardMention, Often, Period, ScheduleMention,
    Slot, SlotValue, TargetMention,
};

/// Something the assistant does with the customer, step by step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Flow {
    /// Balances of one account, of a kind of account, or of all.
    CheckBalance,
    /// A list of transactions.
    ShowTransactions,
    /// A sum over transactions: how much was spent or received.
    SumSpending,
    /// Money to an own account, a saved payee or an account number.
    Transfer,
    /// Money to a biller.
    PayBill,
    /// What bills are open.
    ListBills,
    /// Who is saved as a payee.
    ListPayees,
    /// What standing orders and payments to come there are.
    ListSchedules,
    /// End a standing order.
    CancelSchedule,
    /// Another amount or other days for a standing order.
    ChangeSchedule,
    /// Leave out the next payment of a standing order.
    SkipSchedule,
    /// Leave out the payments of a standing order until a day.
    PauseSchedule,
    /// An account's statement of a period.
    Statement,
    /// What cards there are.
    ListCards,
    /// A card is not to pay until it is unfrozen.
    FreezeCard,
    /// A frozen card is to pay again.
    UnfreezeCard,
    /// A card is lost or stolen: urgent.
    ReportCard,
    /// A new card in the place of one.
    ReplaceCard,
    /// The most that a card pays on a day.
    CardLimit,
    /// A trip.
    TravelNotice,
    /// A case for a transaction.
    Dispute,
    /// What cases there are.
    ListCases,
    /// A payee is saved.
    AddPayee,
    /// A saved payee is removed.
    RemovePayee,
    /// An account's number and the bank's.
    AccountDetails,
    /// How the bank reaches the customer.
    ShowProfile,
    /// A new address, e-mail address or telephone number.
    ChangeContact,
    /// An alert when a balance falls below an amount.
    SetAlert,
    /// Another amount for an alert.
    ChangeAlert,
    /// What alerts there are.
    ListAlerts,
    /// An alert is ended.
    RemoveAlert,
}

impl Flow {
    /// Whether it only looks at the books.
    pub const fn only_looks(self) -> bool {
        matches!(
            self,
            Self::CheckBalance
                | Self::ShowTransactions
                | Self::SumSpending
                | Self::ListBills
                | Self::ListPayees
                | Self::ListSchedules
                | Self::ListCards
        )
    }

    /// The name as it stands in `intent` of a reply.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::CheckBalance => "check_balance",
            Self::ShowTransactions => "show_transactions",
            Self::SumSpending => "sum_spending",
            Self::Transfer => "transfer",
            Self::PayBill => "pay_bill",
            Self::ListBills => "list_bills",
            Self::ListPayees => "list_payees",
            Self::ListSchedules => "list_schedules",
            Self::CancelSchedule => "cancel_schedule",
            Self::ChangeSchedule => "change_schedule",
            Self::SkipSchedule => "skip_schedule",
            Self::PauseSchedule => "pause_schedule",
            Self::Statement => "statement",
            Self::ListCards => "list_cards",
            Self::FreezeCard => "freeze_card",
            Self::UnfreezeCard => "unfreeze_card",
            Self::ReportCard => "report_card",
            Self::ReplaceCard => "replace_card",
            Self::CardLimit => "card_limit",
            Self::TravelNotice => "travel_notice",
            Self::Dispute => "dispute_transaction",
            Self::ListCases => "list_cases",
            Self::AddPayee => "add_payee",
            Self::RemovePayee => "remove_payee",
            Self::AccountDetails => "account_details",
            Self::ShowProfile => "show_profile",
            Self::ChangeContact => "change_contact",
            Self::SetAlert => "set_alert",
            Self::ChangeAlert => "change_alert",
            Self::ListAlerts => "list_alerts",
            Self::RemoveAlert => "remove_alert",
        }
    }
}

/// Small talk, and questions about the assistant itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChitChat {
    /// Hello.
    Greeting,
    /// Thank you.
    Thanks,
    /// Goodbye.
    Goodbye,
    /// What can you do?
    Help,
    /// Who or what are you?
    Identity,
    /// Praise or small talk that asks for nothing.
    SmallTalk,
    /// Anger or disappointment that names no task.
    Frustration,
}

impl ChitChat {
    /// The name as it stands in `intent` of a reply.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Greeting => "greeting",
            Self::Thanks => "thanks",
            Self::Goodbye => "goodbye",
            Self::Help => "help",
            Self::Identity => "identity",
            Self::SmallTalk => "small_talk",
            Self::Frustration => "frustration",
        }
    }
}

/// Why a person takes over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HandOffReason {
    /// The customer asked for a person.
    Asked,
    /// A transaction is disputed or was not authorised.
    Dispute,
    /// A card or access is lost or stolen, or fraud is suspected.
    Fraud,
    /// The customer cannot pay, or is otherwise in hardship.
    Hardship,
    /// Somebody died, or acts for somebody else.
    Bereavement,
    /// Self-harm was spoken of.
    SelfHarm,
    /// Something the assistant cannot do yet and a person can.
    Unsupported,
    /// The assistant did not understand several times in a row.
    NotUnderstood,
    /// More money than the bank lets go without a person.
    HighValue,
}

impl HandOffReason {
    /// The stable text used on the wire and in audit rows.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Asked => "asked",
            Self::Dispute => "dispute",
            Self::Fraud => "fraud",
            Self::Hardship => "hardship",
            Self::Bereavement => "bereavement",
            Self::SelfHarm => "self_harm",
            Self::Unsupported => "unsupported",
            Self::NotUnderstood => "not_understood",
            Self::HighValue => "high_value",
        }
    }

    /// How urgent it is: 0 is first in the queue.
    pub const fn priority(self) -> u8 {
        match self {
            Self::SelfHarm | Self::Fraud => 0,
            Self::Dispute | Self::Bereavement => 1,
            Self::Hardship | Self::HighValue => 2,
            Self::Asked | Self::NotUnderstood => 3,
            Self::Unsupported => 4,
        }
    }
}

/// One typed command.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "command")]
pub enum Command {
    /// Begin a flow (the same flow again begins it afresh).
    StartFlow {
        /// Which.
        flow: Flow,
    },
    /// Do the last finished flow again, with its slots but for those that follow: "and savings?",
    /// "what about last month?", "the same to Anna".
    Again,
    /// Fill, or correct, a slot of the flow just started or of the active one.
    SetSlot(SlotValue),
    /// Yes to what was proposed or asked.
    Confirm,
    /// No to what was proposed or asked.
    Deny,
    /// Of several orders that wait, these are to be done and these are not, by their places from 1: the first is the one
    /// that is before the customer. A yes to that one only; the others are put before the customer in their turn.
    Choose {
        /// Which are wanted.
        take: Vec<u32>,
        /// Which are refused.
        leave: Vec<u32>,
    },
    /// Stop what we are doing.
    Cancel,
    /// Go on with what is open: it is asked, or put before the customer, once more. Never a yes.
    Resume,
    /// The customer cannot answer what was asked, or asks what there is to choose from: what helps is
    /// shown, and it is asked again. Never a yes, and never a no.
    Unsure,
    /// Take back a transfer that was confirmed and is not final yet. Which one is the engine's to find.
    Recall,
    /// Answer from the knowledge base. The question is the message itself.
    Ask,
    /// Small talk.
    ChitChat {
        /// Of which kind.
        kind: ChitChat,
    },
    /// Get a person.
    HandOff {
        /// Why.
        reason: HandOffReason,
    },
    /// Nothing a bank's assistant does.
    OutOfScope,
}

/// What a message was understood to mean.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Understanding {
    /// The commands, in the order in which they are to be carried out. Empty when nothing was understood.
    pub commands: Vec<Command>,
    /// How sure the understanding is of them, 0 to 1.
    pub confidence: f32,
}

impl Understanding {
    /// Nothing was understood.
    pub const fn nothing() -> Self {
        Self {
            commands: Vec::new(),
            confidence: 0.0,
        }
    }

    /// The name of what the message is about, for `intent` of a reply: of the first command that
    /// has one, with slots alone counting as the flow they fill (which the caller knows).
    pub fn intent(&self, active: Option<Flow>) -> Option<&'static str> {
        self.commands.iter().find_map(|command| match command {
            Command::StartFlow { flow } => Some(flow.as_str()),
            Command::SetSlot(_) | Command::Again => active.map(Flow::as_str),
            Command::Confirm => Some("confirm"),
            Command::Deny => Some("deny"),
            Command::Choose { .. } => Some("choose"),
            Command::Cancel => Some("cancel"),
            Command::Resume => Some("resume"),
            Command::Unsure => Some("unsure"),
            Command::Recall => Some("recall_transfer"),
            Command::Ask => Some("ask_knowledge"),
            Command::ChitChat { kind } => Some(kind.as_str()),
            Command::HandOff { .. } => Some("hand_off"),
            Command::OutOfScope => Some("out_of_scope"),
        })
    }

    /// Whether the message is nothing for a bank's assistant.
    pub fn is_out_of_scope(&self) -> bool {
        self.commands.contains(&Command::OutOfScope)
    }
}
