//! Orders that take two administrators: one asks, another approves, and only then it is done.
//!
//! Today that is the switch that stops all money. Names come from the edge, which knows whose credential was shown;
//! here it is only held that two of them differ, by the database as well.

use async_trait::async_trait;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use vostro_types::ApprovalId;

use crate::controls::MoneySwitch;
use crate::order::Order;
use crate::store::StoreError;

/// An order to turn the money switch that waits for a second administrator.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SwitchRequest {
    /// The request.
    pub id: ApprovalId,
    /// Whether money is to be stopped, or to go on.
    pub stopped: bool,
    /// Who asks.
    pub by: String,
    /// Why.
    pub reason: String,
    /// When it was asked.
    pub at: Timestamp,
    /// Until when it can be approved.
    pub expires_at: Timestamp,
}

/// What became of an approval.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Approval {
    /// The switch was turned.
    Turned(MoneySwitch),
    /// Who approves is who asked; nothing was done.
    SamePerson,
    /// There is no such request, it was decided, or its time is over.
    NotOpen,
}

/// The money switch under four eyes. Each command is on the audit trail with who gave it.
#[async_trait]
pub trait FourEyes: Send + Sync {
    /// Asks for the switch to be turned. The same id asked for again gives what is there.
    async fn request_switch(
        &self,
        id: &ApprovalId,
        stopped: bool,
        expires_at: Timestamp,
        order: &Order,
    ) -> Result<SwitchRequest, StoreError>;

    /// Approves a request, which turns the switch in the same transaction.
    async fn approve_switch(&self, id: &ApprovalId, order: &Order) -> Result<Approval, StoreError>;

    /// Takes a request back, or turns it down; gives whether it was open.
    async fn withdraw_switch(&self, id: &ApprovalId, order: &Order) -> Result<bool, StoreError>;

    /// The requests that can be approved, oldest first.
    async fn switch_requests(&self) -> Result<Vec<SwitchRequest>, StoreError>;
}
