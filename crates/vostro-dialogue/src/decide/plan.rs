//! A plan: what is to be done in a turn, as data. The executor has nothing left to choose.

use jiff::Timestamp;
use jiff::civil::Date;
use serde_json::Value;
use vostro_bank::{
    Category, ContactKind, DisputeReason, FactorMethod, HistoryQuery, ServiceOrder, StatementQuery,
};
use vostro_ledger::{Proposal, StandingOrder};
use vostro_types::{AccountId, BillerId, ConfirmationId, HandOffId, Money};

use crate::command::{ChitChat, Flow, HandOffReason, Often, Period, Slot};
use crate::decide::{AlertSearch, Ending, Pause, ScheduleChanges};
use crate::state::{ActiveFlow, DialogueState, Pending, Slots};

/// What is to be done, in order, and the memory to go on from.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Plan {
    /// The steps.
    pub steps: Vec<Step>,
    /// The conversation's memory, before [`super::settle`] adds what came of the steps.
    pub state: DialogueState,
    /// The second factor that what is proposed in this plan needs besides a yes.
    pub factor: Option<FactorMethod>,
    /// What was said yes to in this plan: it waits on where its second factor is not given.
    pub held: Option<Held>,
}

/// What waits, with the flow that it came from.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Held {
    /// The flow.
    pub active: Option<ActiveFlow>,
    /// What waits.
    pub pending: Pending,
}

/// One thing to do.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Step {
    /// Show balances of these accounts.
    ShowBalances {
        /// Which.
        accounts: Vec<AccountId>,
        /// The customer's words for an account that is not theirs, if that is why all are shown.
        unknown: Option<String>,
    },
    /// Show transactions.
    ShowTransactions {
        /// Which.
        query: HistoryQuery,
        /// The conditions in words.
        about: About,
    },
    /// Sum transactions.
    SumSpending {
        /// Which.
        query: HistoryQuery,
        /// The conditions in words.
        about: About,
        /// Those of the period before, if the two are compared.
        before: Option<HistoryQuery>,
    },
    /// Show the billers and what is due: of one, or of all.
    ListBills(Option<BillerId>),
    /// Show the saved payees.
    ListPayees,
    /// Put a money movement before the customer.
    Propose(Proposal),
    /// Put a standing order before the customer.
    ProposeOrder(Proposal<StandingOrder>),
    /// Show the standing orders.
    ListSchedules,
    /// Put the end of the standing order that is meant, or leaving out its next payment, before the customer.
    EndSchedule(Ending),
    /// Put another amount or other days for the standing order that is meant before the customer.
    ChangeSchedule(ScheduleChanges),
    /// Put leaving out the payments of the standing order that is meant, until a day, before the customer.
    PauseSchedule(Pause),
    /// Show a statement.
    ShowStatement {
        /// Of what.
        query: StatementQuery,
        /// The period as it was named.
        period: Period,
    },
    /// Post what the customer just confirmed.
    Post(ConfirmationId),
    /// Give up a proposal.
    CancelProposal {
        /// Which.
        confirmation: ConfirmationId,
        /// Whether another takes its place in this turn, so that it needs no words.
        replaced: bool,
    },
    /// Say once more what an earlier yes did.
    RepeatReceipt(ConfirmationId),
    /// Take back what is not final yet: what this confirmation placed, or else the only one there is.
    Recall(Option<ConfirmationId>),
    /// Say that a proposal still waits.
    Remind(ConfirmationId),
    /// Ask for a slot.
    AskFor(Question),
    /// Say why something cannot be done as asked.
    Refuse(Refusal),
    /// Answer a question from the knowledge base.
    Answer {
        /// The question.
        question: String,
        /// Whether a person is called in the same turn, so that finding nothing needs no words.
        beside_handoff: bool,
    },
    /// Small talk.
    Say(ChitChat),
    /// Call a person.
    HandOff {
        /// Why.
        reason: HandOffReason,
        /// What the person should know, personal data masked.
        summary: Value,
    },
    /// Pass the message on to the person who has the conversation.
    TellPerson {
        /// Their entry in the queue.
        hand_off: HandOffId,
        /// The message, personal data masked.
        text: String,
    },
    /// Show the cards.
    ListCards,
    /// Show the cases.
    ListCases,
    /// Show the alerts.
    ListAlerts,
    /// Show how the bank reaches the customer.
    ShowProfile,
    /// Show an account's number and the bank's.
    ShowAccountDetails(AccountId),
    /// Put a change before the customer.
    ProposeChange(Proposal<ServiceOrder>),
    /// Find the transaction that is disputed, and put its case before the customer.
    FindDisputed {
        /// Among which.
        query: HistoryQuery,
        /// What is wrong.
        reason: DisputeReason,
        /// The id for the proposal.
        confirmation: ConfirmationId,
        /// When it can no longer be confirmed.
        expires_at: Timestamp,
    },
    /// Find the alerts that are to end or to change, and put that before the customer.
    FindAlert(AlertSearch),
    /// Make the change that the customer just confirmed.
    CarryOut(Proposal<ServiceOrder>),
    /// Say that a proposed change still waits.
    RemindChange(Proposal<ServiceOrder>),
    /// Give up a proposed change.
    DropChange {
        /// Whether another takes its place in this turn, so that it needs no words.
        replaced: bool,
    },
    /// Decline a message that the guardrails stopped.
    Block,
    /// Say that this is nothing for the bank's assistant.
    OutOfScope,
    /// Say that there is nothing that waits for a yes.
    NothingToConfirm,
    /// Say that the flow in progress was given up.
    Stopped,
    /// Say that one movement is done at a time.
    OneAtATime,
    /// Say which of the orders that waited are left out.
    LeaveOut(Vec<(Flow, Slots)>),
}

/// A question to the customer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Question {
    /// In which flow.
    pub flow: Flow,
    /// For which slot.
    pub slot: Slot,
    /// What was wrong with the answer given, if one was.
    pub trouble: Option<Trouble>,
    /// Answers to choose from.
    pub options: Vec<String>,
    /// Asked for the second time: choose one of these, or stop, or talk to a person.
    pub choose: bool,
}

/// Why a given value cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Trouble {
    /// Not readable as an amount.
    UnreadableAmount(String),
    /// No such account of the customer's.
    UnknownAccount(String),
    /// No saved payee of that name.
    UnknownPayee(String),
    /// No such biller of the customer's.
    UnknownBiller(String),
    /// No such payee or biller, and one whose name is nearly that.
    Nearly {
        /// The customer's words.
        words: String,
        /// Who may be meant.
        name: String,
    },
    /// Several fit.
    Ambiguous,
    /// There is no open bill whose amount could be taken.
    NothingDue,
    /// Money cannot be sent from a credit card.
    CardAsSource,
    /// Source and target are the same account.
    SameAccount,
    /// No such card of the customer's.
    UnknownCard(String),
    /// Not a value of this contact detail.
    NotAContact(ContactKind),
    /// The days are over.
    PastDays,
    /// Words for days that are on no schedule.
    UnclearDays(String),
    /// Words for days that no payment can repeat on, and what comes nearest.
    NotHeld(String, Vec<Often>),
    /// The answer was not understood.
    NotUnderstood,
}

/// Why something is not done, decided before the ledger is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// The customer has no account to pay from.
    NoSource,
    /// The movement needs a second factor, and none is set up.
    StepUpUnavailable,
    /// A message was not understood.
    NotUnderstood,
    /// The customer has not decided on what waits for a yes.
    Undecided,
    /// The customer has no card with which that can be done.
    NoCard(Flow),
    /// The card that was named stands otherwise than this needs.
    CardStands,
    /// A payee of that number is saved.
    PayeeSaved,
}

/// The conditions of a history query, for its words.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct About {
    /// The account's name.
    pub account: Option<String>,
    /// The period.
    pub period: Option<Period>,
    /// The period before it that is compared with: its first day and the day after its last.
    pub before: Option<(Date, Date)>,
    /// The category.
    pub category: Option<Category>,
    /// The customer's words for a merchant.
    pub merchant: Option<String>,
    /// The least amount, without sign.
    pub at_least: Option<Money>,
    /// The largest amount, without sign.
    pub at_most: Option<Money>,
    /// Only money in.
    pub incoming: bool,
    /// The largest amounts first.
    pub largest: bool,
}
