//! The bank's port: everything a conversation may ask of customers' records, the books and its own
//! memory, as one async trait in parts with plain records.
//!
//! Drivers (`vostro-store`) implement it; the dialogue and the HTTP layer only know this crate, so
//! neither is rebuilt when a driver changes. Each command is coarse: what belongs together
//! (posting, consuming the confirmation, audit row, outbox row) is one call and one transaction.
//! Declines and not-found are values; [`StoreError`] is for a store that cannot answer.

mod audit;
mod channels;
mod controls;
mod conversation;
mod conversation_log;
mod core_transfers;
mod customer;
mod documents;
mod factors;
mod four_eyes;
mod hand_offs;
mod insights;
mod json_text;
mod money;
mod order;
mod outbox;
mod pending;
mod personal_data;
mod policies;
mod reconciliation;
mod replays;
mod requests;
mod schedules;
mod sealing;
mod services;
mod statement;
mod store;
mod transactions;

pub use audit::{
    AuditEvent, AuditKind, AuditRecord, BANK_ITSELF, audit_commitment, audit_commitment_of_text,
    canonical_json,
};
pub use channels::{CHANNEL_TOPIC, ChannelLink, Channels, Linking, channel_endpoint};
pub use controls::{
    AccountControls, CaptureOutcome, EntryView, Hold, HoldOutcome, MoneyControl, MoneySwitch,
    Reversals, ReverseOutcome, TransferView,
};
pub use conversation::{
    Opening, ReplyEvent, SessionFound, SessionRecord, TurnCommit, TurnCommitted, TurnRecord,
};
pub use conversation_log::{ConversationLog, ConversationSummary, ConversationTurn};
pub use core_transfers::{CoreTransfer, CoreTransferStatus, CoreTransferStep, CoreTransfers};
pub use customer::{AccountView, Biller, Customer, CustomerOpened, Payee, Portfolio};
pub use documents::{
    DocumentEntry, DocumentMeta, DocumentPut, DocumentRecord, Documents, NearPassage, NearestQuery,
    PassageRecord, PassageVector, VectorSearch,
};
pub use factors::{
    Challenge, FactorDemand, FactorMethod, FactorOutcome, FactorRules, FactorState, FactorStatus,
    OpenChallenge, SecondFactors,
};
pub use four_eyes::{Approval, FourEyes, SwitchRequest};
pub use hand_offs::{
    HandOff, HandOffChange, HandOffEnd, HandOffMessage, HandOffStatus, HandOffs, NewHandOff,
    Sender, SpokenTurn,
};
pub use insights::{
    ConversationFigures, Disposition, InsightPeriod, Insights, MeasuredTurn, PASSED, TracedTurn,
    TurnFigure, TurnFilter, TurnMeasures, TurnTimes,
};
pub use json_text::JsonText;
pub use money::{CancelOutcome, PostOutcome, ProposeOutcome, Receipt};
pub use order::{Order, OrderError};
pub use outbox::{
    AttemptRecord, Backlog, DeadDelivery, Delivery, DeliveryKey, Outbox, OutboxStatus, Retention,
    Subscription, Topic, Verdict, topic_matches,
};
pub use pending::{PendingTransfer, PendingTransfers, SettleOutcome, Settled, VoidOutcome};
pub use personal_data::{EraseOutcome, Forgotten, PersonalData};
pub use policies::{
    Policies, PolicyApproval, PolicyInForce, PolicyKind, PolicyRequest, policy_particulars,
};
pub use reconciliation::{LedgerCheck, Reconciliation};
pub use replays::{RecordedTurn, TurnEvidence, TurnLog};
pub use requests::{
    RequestClaim, RequestClaimed, RequestGrant, RequestName, RequestRefusal, Requests,
};
pub use schedules::{ScheduleChange, ScheduleOutcome, ScheduleRuns, ScheduleView, Schedules};
pub use sealing::{AuditRow, AuditRowDetail, AuditSeals, SealAppended, SealRecord, SealingLag};
pub use services::{
    Alert, CardKind, CardLoss, CardStatus, CardView, Case, Change, ChangeOutcome, ChangeReceipt,
    ChangeRefusal, ContactKind, Contacts, DisputeReason, ServiceOrder, Services, TravelNotice,
};
pub use statement::{StatementPage, StatementQuery, Statements};
pub use store::{Bank, Conversations, Operations, Store, StoreError};
pub use transactions::{
    Category, Direction, HistoryOrder, HistoryPage, HistoryQuery, SpendingSummary, TransactionView,
};
