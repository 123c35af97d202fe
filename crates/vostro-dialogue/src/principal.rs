//! Who a request acts for, and what it may do. Established at the edge; the dialogue only reads it.

use std::collections::BTreeSet;
use std::fmt;

use vostro_types::CustomerId;

/// What a credential allows. The names are those of tokens, keys and the reference page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scope {
    /// Talk to the assistant as the customer, money commands included.
    Chat,
    /// Search the knowledge base.
    Search,
    /// Have texts checked by the guardrails.
    Check,
    /// Change documents of the knowledge base.
    Documents,
    /// Read figures about conversations.
    Insights,
    /// Read the audit trail.
    Audit,
    /// Work on the queue of conversations for people.
    Desk,
    /// Stop all money, and let it go on.
    Money,
    /// Look after what the bank's other systems are told.
    Webhooks,
    /// Change the policies of a running bank.
    Policies,
    /// Say whose an address of a channel is.
    Channels,
    /// Erase customers, and end their conversations.
    Customers,
}

impl Scope {
    /// Every scope.
    pub const ALL: [Self; 12] = [
        Self::Chat,
        Self::Search,
        Self::Check,
        Self::Documents,
        Self::Insights,
        Self::Audit,
        Self::Desk,
        Self::Money,
        Self::Webhooks,
        Self::Policies,
        Self::Channels,
        Self::Customers,
    ];

    /// Its name in a token or a key.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Chat => "chat",
            Self::Search => "search",
            Self::Check => "check",
            Self::Documents => "documents",
            Self::Insights => "insights",
            Self::Audit => "audit",
            Self::Desk => "desk",
            Self::Money => "money",
            Self::Webhooks => "webhooks",
            Self::Policies => "policies",
            Self::Channels => "channels",
            Self::Customers => "customers",
        }
    }

    /// The scope of this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|scope| scope.name() == name)
    }

    /// Whether it is for administrators rather than for customers and services.
    pub const fn is_administration(self) -> bool {
        !matches!(self, Self::Chat | Self::Search | Self::Check)
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// How the caller showed who they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Authentication {
    /// Not at all: the sandbox believes the request's `user_id`.
    Sandbox,
    /// By the customer's own signed token.
    Token,
    /// By a key of the bank's back end, which acts for its customers.
    Key,
    /// By an address of a channel that the bank linked to them.
    Channel,
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
    /// Who speaks from an address that is linked to this customer: allowed to chat.
    pub fn of_channel(customer: CustomerId) -> Self {
        Self {
            customer,
            scopes: BTreeSet::from([Scope::Chat]),
            authentication: Authentication::Channel,
        }
    }

    /// The sandbox's principal: whoever the request says, allowed to chat.
    pub fn sandbox(customer: CustomerId) -> Self {
        Self {
            customer,
            scopes: BTreeSet::from([Scope::Chat]),
            authentication: Authentication::Sandbox,
        }
    }
}
