//! What is kept of persons, and how it ends: conversations that are ended or forgotten, customers who are erased.
//!
//! Bookkeeping law keeps the ledger: accounts, transfers, entries, confirmations and the bank's own id of the
//! customer stay. Names, contact details, payees, conversations and the particulars of the audit trail go; the
//! trail's commitments stay, so that its seals verify as before.

use async_trait::async_trait;
use jiff::Timestamp;
use vostro_types::CustomerId;

use crate::audit::AuditEvent;
use crate::conversation::SessionRecord;
use crate::store::StoreError;

/// What became of an order to erase a customer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EraseOutcome {
    /// Done, now or before.
    Erased,
    /// There is no such customer.
    Unknown,
    /// A transfer is not final yet, or funds are set aside; nothing was erased.
    Unsettled,
}

/// What was forgotten because its time was over.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Forgotten {
    /// Turns whose texts are gone.
    pub turns: u64,
    /// Hand-offs that are gone with their messages.
    pub hand_offs: u64,
    /// Conversations whose memory is gone.
    pub sessions: u64,
}

/// The keeping of personal data.
#[async_trait]
pub trait PersonalData: Send + Sync {
    /// Erases a customer: see the top of this file. Open proposals and standing orders end.
    async fn erase_customer(
        &self,
        customer: &CustomerId,
        context: &AuditEvent,
    ) -> Result<EraseOutcome, StoreError>;

    /// Forgets the texts of conversations from before an instant, at most so many turns at once.
    async fn forget_texts(&self, before: Timestamp, most: u32) -> Result<Forgotten, StoreError>;

    /// A customer's conversations, the latest first, at most so many.
    async fn sessions(
        &self,
        customer: &CustomerId,
        most: u32,
    ) -> Result<Vec<SessionRecord>, StoreError>;

    /// Puts a state in the place of a conversation's memory, if no turn came between; gives whether it did.
    async fn end_session(
        &self,
        session: &SessionRecord,
        context: &AuditEvent,
    ) -> Result<bool, StoreError>;
}
