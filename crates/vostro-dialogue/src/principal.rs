//! Who a request acts for, and what it may do. Established at the edge; the dialogue only reads it.

use std::collections::BTreeSet;

use vostro_types::CustomerId;

/// What a credential allows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scope {
    /// Talk to the assistant as the customer, money commands included.
    Chat,
    /// Change documents of the knowledge base.
    Documents,
    /// Read the audit trail and insights.
    Audit,
}

/// How the caller showed who they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Authentication {
    /// Not at all: the sandbox believes the request's `user_id`.
    Sandbox,
}

/// The customer a request acts for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Principal {
    /// The customer.
    pub customer: CustomerId,
    /// What the credential allows.
    pub scopes: BTreeSet<Scope>,
    /// How they were authenticated.
    pub authentication: Authentication,
}

impl Principal {
    /// The sandbox's principal: whoever the request says, allowed to chat.
    pub fn sandbox(customer: CustomerId) -> Self {
        Self {
            customer,
            scopes: BTreeSet::from([Scope::Chat]),
            authentication: Authentication::Sandbox,
        }
    }
}
