//! What came of a step.

use jiff::civil::Date;
use vostro_bank::{
    Alert, Case, ChangeReceipt, ChangeRefusal, Contacts, FactorMethod, HandOff, HistoryPage,
    PendingTransfer, Receipt, ScheduleView, ServiceOrder, SpendingSummary, StatementPage,
    TransactionView, TravelNotice,
};
use vostro_ledger::{Decline, MoneyIntent, Proposal, StandingOrder};
use vostro_types::{AccountId, BillerId};

use crate::command::{ChitChat, Flow, HandOffReason, Period};
use crate::decide::{About, Question, Refusal};
use crate::state::Slots;

/// A change that is put before the customer.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct ProposedChange {
    /// The change.
    pub(crate) proposal: Box<Proposal<ServiceOrder>>,
    /// The transaction that it is about, as far as it was found.
    pub(crate) item: Option<Box<TransactionView>>,
}

/// What came of a step: everything that a reply may state.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Done {
    /// Balances were read.
    Balances {
        /// The accounts asked for.
        accounts: Vec<AccountId>,
        /// The customer's words for an account that is not theirs.
        unknown: Option<String>,
    },
    /// Transactions were read.
    Transactions {
        /// The page.
        page: HistoryPage,
        /// The conditions in words.
        about: About,
    },
    /// Transactions were summed.
    Spending {
        /// The sum.
        summary: SpendingSummary,
        /// The conditions in words.
        about: About,
        /// The sum of the period before, if the two are compared.
        before: Option<SpendingSummary>,
    },
    /// The billers are to be listed: one, or all.
    Bills(Option<BillerId>),
    /// The payees are to be listed.
    Payees,
    /// A proposal is on record and waits.
    Proposed(Proposal),
    /// A standing order is on record and waits.
    OrderProposed {
        /// The order.
        proposal: Proposal<StandingOrder>,
        /// Whether one like it is in force: the same movement as often.
        again: bool,
        /// The payments that are left out before it, where it is one that pauses.
        left_out: Vec<Date>,
    },
    /// A standing order still waits.
    OrderWaiting(Proposal<StandingOrder>),
    /// A standing order is in force.
    Scheduled(Box<ScheduleView>),
    /// The standing orders were read.
    Schedules(Vec<ScheduleView>),
    /// Several standing orders, or none, are what the customer may mean.
    WhichSchedule(Vec<ScheduleView>),
    /// No payment of this standing order is due before it would pay again.
    NoPaymentBefore(Box<ScheduleView>, Date),
    /// What is to change of this standing order was not said.
    WhichChange(Box<ScheduleView>),
    /// A statement was read.
    Statement {
        /// Of which account.
        account: AccountId,
        /// Its balances and sums.
        page: Box<StatementPage>,
        /// The period as it was named.
        period: Period,
    },
    /// A proposal was refused by the ledger.
    ProposalDeclined {
        /// What was asked for.
        intent: MoneyIntent,
        /// Why not.
        decline: Decline,
    },
    /// Money moved now.
    Posted(Box<Receipt>),
    /// Money had moved before, by the same confirmation.
    Replayed(Box<Receipt>),
    /// Confirmed now: its funds are held, and it becomes final later.
    Placed(Box<PendingTransfer>),
    /// Confirmed before, and not final yet.
    StillPending(Box<PendingTransfer>),
    /// Taken back before it was final.
    Recalled(Box<PendingTransfer>),
    /// Nothing waits that could be taken back; the receipt of what was meant, if it was posted.
    TooLate(Option<Box<Receipt>>),
    /// Several wait, and which one is meant is not clear.
    SeveralPending(Vec<PendingTransfer>),
    /// The ledger refused at the last moment.
    PostDeclined(Decline),
    /// The proposal is no longer open; nothing moved.
    NotOpen,
    /// A proposal was given up and needs no words.
    Replaced,
    /// A proposal was given up.
    Cancelled,
    /// A proposal still waits.
    Waiting(Proposal),
    /// What was proposed also needs a second factor.
    NeedsFactor {
        /// What was proposed.
        proposed: Box<Self>,
        /// How it can be given.
        method: FactorMethod,
    },
    /// A yes came without the second factor; what was proposed waits on.
    FactorWanted(FactorMethod),
    /// What was given for a second factor does not count; what was proposed waits on.
    FactorRefused(FactorMethod),
    /// The bank keeps its own ledger, and this is not offered over it.
    NotOffered,
    /// A question to the customer.
    Asked(Question),
    /// Why something is not done.
    Refused(Refusal),
    /// A question for the knowledge base.
    ToAnswer {
        /// The question.
        question: String,
        /// Whether a person was called beside it.
        beside_handoff: bool,
    },
    /// Small talk.
    Said(ChitChat),
    /// A person is called.
    HandedOff {
        /// Why.
        reason: HandOffReason,
        /// The entry in the queue.
        hand_off: Box<HandOff>,
    },
    /// The message went to the person who has the conversation.
    ToldPerson,
    /// That person has just ended their part.
    PersonGone,
    /// The cards are to be listed.
    Cards,
    /// The cases were read.
    Cases(Vec<Case>),
    /// The alerts were read; which one was meant may be unclear.
    Alerts {
        /// The alerts.
        alerts: Vec<Alert>,
        /// Whether one of them was to end, and which one is not clear.
        unclear: bool,
    },
    /// How the bank reaches the customer, and their trips.
    Profile {
        /// The details.
        contacts: Box<Contacts>,
        /// The trips.
        trips: Vec<TravelNotice>,
    },
    /// An account's number is to be shown.
    AccountDetails(AccountId),
    /// A change waits for yes or no.
    ChangeProposed(ProposedChange),
    /// A change still waits.
    ChangeWaiting(ProposedChange),
    /// Several transactions, or none, are what the customer may mean.
    WhichTransaction {
        /// The transactions.
        items: Vec<TransactionView>,
        /// Whether they fit what the customer said. Where nothing fits, the latest are shown.
        fit: bool,
    },
    /// A change was made now.
    Changed(Box<ChangeReceipt>),
    /// A change had been made before, by the same confirmation.
    ChangeReplayed(Box<ChangeReceipt>),
    /// A change was not made: things stand otherwise by now.
    ChangeRefused(ChangeRefusal),
    /// Too many movements were asked for in a short time; this one was not proposed.
    TooOften,
    /// A proposed change was given up.
    ChangeDropped,
    /// The guardrails stopped the message.
    Blocked,
    /// Nothing for a bank's assistant.
    OutOfScope,
    /// Nothing waits for a yes.
    NothingToConfirm,
    /// The flow in progress was given up.
    Stopped,
    /// One movement at a time.
    OneAtATime,
    /// These orders, which waited for their turn, are left out.
    LeftOut(Vec<(Flow, Slots)>),
}
