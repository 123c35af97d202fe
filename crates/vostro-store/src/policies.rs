//! A change of a policy as both drivers read it.

use jiff::Timestamp;
use vostro_bank::{PolicyInForce, PolicyRequest};

/// A change, however it stands.
pub(crate) struct Change {
    pub(crate) request: PolicyRequest,
    pub(crate) is_decided: bool,
    pub(crate) version: Option<i64>,
    pub(crate) decided_by: Option<String>,
    pub(crate) decided_at: Option<Timestamp>,
}

impl Change {
    /// Whether it can be decided.
    pub(crate) fn is_open(&self, now: Timestamp) -> bool {
        !self.is_decided && self.request.expires_at > now
    }

    /// The policy that it made; `None` when it was not approved.
    pub(crate) fn in_force(self) -> Option<PolicyInForce> {
        Some(PolicyInForce {
            kind: self.request.kind,
            version: self.version?,
            content: self.request.content,
            by: self.request.by,
            reason: self.request.reason,
            approved_by: self.decided_by?,
            at: self.decided_at?,
        })
    }
}
