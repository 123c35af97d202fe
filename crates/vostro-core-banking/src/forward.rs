//! What a store over a core banking system leaves to the local store, port by port.
//!
//! A list of signatures and nothing else: whatever a port gets, it gets here too, or this does not compile.

use async_trait::async_trait;
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use vostro_bank::{
    AccountControls, Alert, Approval, AttemptRecord, AuditEvent, AuditRecord, AuditRow, AuditSeals,
    Bank as _, CaptureOutcome, Case, ChangeOutcome, ChangeReceipt, ChannelLink, Channels, Contacts,
    ConversationFigures, ConversationLog, ConversationSummary, ConversationTurn, Conversations,
    CoreTransfer, CoreTransferStep, CoreTransfers, DeadDelivery, Delivery, DeliveryKey,
    DocumentEntry, DocumentPut, DocumentRecord, Documents, EraseOutcome, FactorDemand,
    FactorOutcome, FactorRules, FactorState, Forgotten, FourEyes, HandOff, HandOffChange,
    HandOffEnd, HandOffMessage, HandOffStatus, HandOffs, Hold, HoldOutcome, InsightPeriod,
    Insights, LedgerCheck, Linking, MeasuredTurn, MoneyControl, MoneySwitch, NearPassage,
    NearestQuery, NewHandOff, OpenChallenge, Opening, Operations, Order, Outbox, OutboxStatus,
    PersonalData, Policies, PolicyApproval, PolicyInForce, PolicyKind, PolicyRequest,
    ProposeOutcome, Reconciliation, RecordedTurn, ReplyEvent, RequestClaim, RequestClaimed,
    RequestGrant, RequestName, RequestRefusal, Requests, Retention, Reversals, ReverseOutcome,
    ScheduleChange, ScheduleOutcome, ScheduleRuns, ScheduleView, Schedules, SealAppended,
    SealRecord, SealingLag, SecondFactors, ServiceOrder, Services, SessionFound, SessionRecord,
    SpokenTurn, StatementPage, StatementQuery, Statements, StoreError, Subscription, SwitchRequest,
    TracedTurn, TransferView, TravelNotice, TurnCommit, TurnCommitted, TurnFigure, TurnFilter,
    TurnLog, TurnTimes, VectorSearch, Verdict,
};
use vostro_ledger::{AccountStatus, Confirmed, Proposal, RunRules, StandingOrder};
use vostro_types::{
    AccountId, ApprovalId, ChallengeId, ConfirmationId, CustomerId, HandOffId, HoldId, Money,
    SessionId, TransferId, TurnId,
};

use crate::store::CoreBankedStore;

macro_rules! forward {
    ($port:ident: $($name:ident($($argument:ident: $type:ty),*) -> $answer:ty;)*) => {
        #[async_trait]
        impl $port for CoreBankedStore {
            $(async fn $name(&self, $($argument: $type),*) -> Result<$answer, StoreError> {
                self.local.$name($($argument),*).await
            })*
        }
    };
}

#[async_trait]
impl Operations for CoreBankedStore {
    /// Both have to answer.
    async fn ping(&self) -> Result<(), StoreError> {
        if !self.core.is_ready().await {
            return Err(StoreError::Unavailable(
                "the core banking system is not ready".into(),
            ));
        }
        self.local.ping().await
    }

    async fn expire_proposals(&self, now: Timestamp) -> Result<u64, StoreError> {
        self.local.expire_proposals(now).await
    }

    async fn audit_trail(&self, after: i64, limit: u32) -> Result<Vec<AuditRecord>, StoreError> {
        self.local.audit_trail(after, limit).await
    }

    async fn erase_audit_detail(&self, customer: &CustomerId) -> Result<u64, StoreError> {
        self.local.erase_audit_detail(customer).await
    }

    async fn trial_balance(&self) -> Result<Vec<String>, StoreError> {
        self.local.trial_balance().await
    }

    async fn roll_up(&self) -> Result<u64, StoreError> {
        self.local.roll_up().await
    }

    async fn close(&self) {
        self.local.close().await;
    }
}

#[async_trait]
impl Conversations for CoreBankedStore {
    /// The portfolio is the core's, the session this store's.
    async fn opening(
        &self,
        customer: &CustomerId,
        session: Option<&SessionId>,
    ) -> Result<Opening, StoreError> {
        Ok(Opening {
            portfolio: self.portfolio(customer).await?.map(Into::into),
            session: match session {
                Some(id) => self.local.session(customer, id).await?,
                None => SessionFound::Absent,
            },
        })
    }

    async fn session(
        &self,
        customer: &CustomerId,
        id: &SessionId,
    ) -> Result<SessionFound, StoreError> {
        self.local.session(customer, id).await
    }

    async fn commit_turn(&self, commit: TurnCommit) -> Result<TurnCommitted, StoreError> {
        self.local.commit_turn(commit).await
    }

    async fn turn_events(
        &self,
        customer: &CustomerId,
        turn: &TurnId,
        after: u32,
    ) -> Result<Option<Vec<ReplyEvent>>, StoreError> {
        self.local.turn_events(customer, turn, after).await
    }
}

forward! { ConversationLog:
    conversations(customer: &CustomerId, limit: u32) -> Vec<ConversationSummary>;
    conversation(customer: &CustomerId, session: &SessionId, after: u64, limit: u32) -> Option<Vec<ConversationTurn>>;
}
forward! { Outbox:
    hand_over(subscriptions: &[Subscription], limit: u32) -> u64;
    claim_deliveries(endpoint: &str, lease: SignedDuration, limit: u32) -> Vec<Delivery>;
    settle(key: &DeliveryKey, attempt: u32, verdict: Verdict, record: &AttemptRecord) -> bool;
    give_back(key: &DeliveryKey, attempt: u32) -> bool;
    outbox_status() -> OutboxStatus;
    dead_deliveries(after: Option<&DeliveryKey>, limit: u32) -> Vec<DeadDelivery>;
    redeliver(which: Option<&DeliveryKey>) -> u64;
    prune_outbox(retention: Retention, limit: u32) -> u64;
}
forward! { Requests:
    claim_request(claim: &RequestClaim) -> RequestClaimed;
    refuse_request(name: &RequestName, grant: &RequestGrant, refusal: &RequestRefusal) -> bool;
    release_request(name: &RequestName, grant: &RequestGrant) -> bool;
    purge_requests(before: Timestamp) -> u64;
}
forward! { Schedules:
    propose_schedule(proposal: &Proposal<StandingOrder>, context: &AuditEvent) -> ProposeOutcome;
    open_schedule(customer: &CustomerId, id: &ConfirmationId) -> Option<Proposal<StandingOrder>>;
    confirm_schedule(confirmed: Confirmed<StandingOrder>, context: &AuditEvent) -> ScheduleOutcome;
    cancel_schedule(customer: &CustomerId, id: &ConfirmationId, context: &AuditEvent) -> ScheduleChange;
    schedules(customer: &CustomerId) -> Vec<ScheduleView>;
    run_schedules(rules: RunRules, most: u32) -> ScheduleRuns;
}
forward! { Statements:
    statement(customer: &CustomerId, query: &StatementQuery) -> Option<StatementPage>;
}
forward! { AccountControls:
    place_hold(account: &AccountId, amount: Money, expires_at: Option<Timestamp>, order: &Order) -> HoldOutcome;
    release_hold(hold: &HoldId, order: &Order) -> bool;
    capture_hold(hold: &HoldId, amount: Option<Money>, order: &Order) -> CaptureOutcome;
    expire_holds(now: Timestamp) -> u64;
    holds(account: &AccountId) -> Vec<Hold>;
    set_account_status(account: &AccountId, status: AccountStatus, order: &Order) -> bool;
}
forward! { Reversals:
    reverse(transfer: &TransferId, order: &Order) -> ReverseOutcome;
    transfer(transfer: &TransferId) -> Option<TransferView>;
}
forward! { MoneyControl:
    switch_money(stopped: bool, order: &Order) -> MoneySwitch;
    money_switch() -> MoneySwitch;
}
forward! { FourEyes:
    request_switch(id: &ApprovalId, stopped: bool, expires_at: Timestamp, order: &Order) -> SwitchRequest;
    approve_switch(id: &ApprovalId, order: &Order) -> Approval;
    withdraw_switch(id: &ApprovalId, order: &Order) -> bool;
    switch_requests() -> Vec<SwitchRequest>;
}
forward! { Policies:
    request_policy(id: &ApprovalId, kind: PolicyKind, content: &str, expires_at: Timestamp, order: &Order) -> PolicyRequest;
    approve_policy(id: &ApprovalId, order: &Order) -> PolicyApproval;
    withdraw_policy(id: &ApprovalId, order: &Order) -> bool;
    policy_requests() -> Vec<PolicyRequest>;
    policies() -> Vec<PolicyInForce>;
    policy_version() -> i64;
}
forward! { AuditSeals:
    audit_rows(after: i64, limit: u32) -> Vec<AuditRow>;
    seals(after: i64, limit: u32) -> Vec<SealRecord>;
    key_seals() -> Vec<SealRecord>;
    last_seal() -> Option<SealRecord>;
    append_seal(seal: &SealRecord) -> SealAppended;
    sealing_lag() -> SealingLag;
}
forward! { TurnLog:
    recorded_turns(session: &SessionId, after: u64, limit: u32) -> Vec<RecordedTurn>;
}
forward! { HandOffs:
    open_hand_off(new: &NewHandOff) -> HandOff;
    hand_off_of(customer: &CustomerId, session: &SessionId) -> Option<HandOff>;
    hand_offs(status: HandOffStatus, limit: u32) -> Vec<HandOff>;
    hand_off(id: &HandOffId) -> Option<HandOff>;
    hand_off_messages(id: &HandOffId, after: u32, limit: u32) -> Vec<HandOffMessage>;
    spoken_turns(session: &SessionId, limit: u32) -> Vec<SpokenTurn>;
    claim_hand_off(id: &HandOffId, colleague: &str) -> HandOffChange;
    tell_colleague(id: &HandOffId, text: &str) -> Option<u32>;
    reply_hand_off(id: &HandOffId, colleague: &str, text: &str) -> HandOffChange;
    close_hand_off(id: &HandOffId, colleague: &str, end: HandOffEnd) -> HandOffChange;
}
forward! { Insights:
    turn_figures(period: InsightPeriod) -> Vec<TurnFigure>;
    turn_times(period: InsightPeriod) -> TurnTimes;
    conversation_figures(period: InsightPeriod) -> ConversationFigures;
    measured_turns(period: InsightPeriod, filter: &TurnFilter, limit: u32) -> Vec<MeasuredTurn>;
    traced_turn(id: &TurnId) -> Option<TracedTurn>;
}
forward! { CoreTransfers:
    propose_core_transfer(proposal: &Proposal, context: &AuditEvent) -> ();
    core_transfer(customer: &CustomerId, id: &ConfirmationId) -> Option<CoreTransfer>;
    step_core_transfer(transfer: &CoreTransfer, step: &CoreTransferStep, context: &AuditEvent) -> bool;
    sent_core_transfers(before: Timestamp, limit: u32) -> Vec<CoreTransfer>;
}
forward! { Services:
    carry_out(confirmed: Confirmed<ServiceOrder>, context: &AuditEvent) -> ChangeOutcome;
    change_receipt(customer: &CustomerId, id: &ConfirmationId) -> Option<ChangeReceipt>;
    contacts(customer: &CustomerId) -> Contacts;
    alerts(customer: &CustomerId) -> Vec<Alert>;
    travel_notices(customer: &CustomerId, today: Date) -> Vec<TravelNotice>;
    cases(customer: &CustomerId) -> Vec<Case>;
    run_alerts(most: u32) -> u64;
}
forward! { Reconciliation:
    reconcile() -> Vec<LedgerCheck>;
}
forward! { SecondFactors:
    enrol_factor(customer: &CustomerId, sealed: &[u8], context: &AuditEvent) -> bool;
    remove_factor(customer: &CustomerId, context: &AuditEvent) -> bool;
    factor_secret(customer: &CustomerId) -> Option<Vec<u8>>;
    demand_factor(demand: &FactorDemand, context: &AuditEvent) -> bool;
    factor_state(customer: &CustomerId, confirmation: &ConfirmationId) -> Option<FactorState>;
    try_factor(customer: &CustomerId, confirmation: &ConfirmationId, step: Option<i64>, rules: FactorRules, context: &AuditEvent) -> FactorOutcome;
    open_challenge(id: &ChallengeId) -> Option<OpenChallenge>;
    answer_challenge(id: &ChallengeId, approved: bool, rules: FactorRules) -> Option<FactorOutcome>;
    sent_today(customer: &CustomerId) -> Money;
}
forward! { PersonalData:
    erase_customer(customer: &CustomerId, context: &AuditEvent) -> EraseOutcome;
    forget_texts(before: Timestamp, most: u32) -> Forgotten;
    sessions(customer: &CustomerId, most: u32) -> Vec<SessionRecord>;
    end_session(session: &SessionRecord, context: &AuditEvent) -> bool;
}
forward! { Channels:
    link_channel(link: &ChannelLink, context: &AuditEvent) -> Linking;
    unlink_channel(link: &ChannelLink, context: &AuditEvent) -> bool;
    channel_link(channel: &str, address: &str) -> Option<ChannelLink>;
    channel_of_session(session: &SessionId) -> Option<ChannelLink>;
    channel_links(customer: &CustomerId) -> Vec<ChannelLink>;
}
forward! { Documents:
    knowledge_version() -> i64;
    put_document(document: &DocumentRecord) -> DocumentPut;
    remove_document(id: &str) -> Option<i64>;
    document_entry(id: &str) -> Option<DocumentEntry>;
    document_entries(after: Option<&str>, limit: u32) -> Vec<DocumentEntry>;
    document_records(after: Option<&str>, limit: u32) -> Vec<DocumentRecord>;
    keep_vectors(model: &str, vectors: &[(String, Vec<f32>)]) -> u64;
    prepare_vector_search(dimensions: u32) -> VectorSearch;
    nearest_passages(query: &NearestQuery) -> Vec<NearPassage>;
}
