//! The authorization table: every operation of every role, and what it asks for.
//!
//! The admission layer looks each request up here, and one without a row is refused; the limits
//! follow from the row too. So an endpoint that was forgotten here cannot be reached, and a test
//! compares the table with the `OpenAPI` document in both directions.

use axum::http::Method;
use vostro_dialogue::principal::Scope;

use crate::role::Role;

/// The route of requests that match none, in logs and metrics.
pub(crate) const UNMATCHED: &str = "unmatched";

/// Which ports answer an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ServedBy {
    /// All roles.
    Every,
    /// This one (and the concierge when it serves the others' paths too).
    Only(Role),
}

/// What an operation asks of its caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rule {
    /// Nothing: descriptions of the service.
    Open,
    /// Nothing: figures and states for operators; keep the port away from customers.
    Operational,
    /// A principal with the scope `chat`; it only ever reaches that customer's data. The sandbox believes
    /// the `user_id`.
    Customer,
    /// A signature of its own, which the endpoint checks.
    Signed,
    /// This scope; no customer's data is touched. In the sandbox anybody who can reach the port.
    Caller(Scope),
    /// This scope, which is an administrator's. In the sandbox only from this machine.
    Admin(Scope),
}

/// By what an operation is limited.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Limited {
    /// Not at all.
    Never,
    /// Only by the shield against floods from one address.
    Flood,
    /// By the caller's credential, or else the address.
    ByCaller,
    /// By the customer; by address while no customer is known.
    ByCustomer,
}

/// One row: an operation and what it asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OperationRule {
    /// The method; `GET` stands for `HEAD` too.
    pub method: &'static str,
    /// The path's template.
    pub path: &'static str,
    /// Who answers.
    pub served_by: ServedBy,
    /// What is asked for.
    pub rule: Rule,
    /// What it is limited by.
    pub limited: Limited,
    /// Whether it is part of the published API; the pages of `/docs` are not.
    pub published: bool,
}

const fn row(
    method: &'static str,
    path: &'static str,
    served_by: ServedBy,
    rule: Rule,
    limited: Limited,
) -> OperationRule {
    OperationRule {
        method,
        path,
        served_by,
        rule,
        limited,
        published: true,
    }
}

const fn page(path: &'static str, served_by: ServedBy) -> OperationRule {
    OperationRule {
        published: false,
        ..row("GET", path, served_by, Rule::Open, Limited::Flood)
    }
}

#[rustfmt::skip]
const OPERATIONS: &[OperationRule] = &[
    row("POST", "/api/v1/chat", ServedBy::Only(Role::Concierge), Rule::Customer, Limited::ByCustomer),
    row("GET", "/api/v1/chat/{turn_id}/events", ServedBy::Only(Role::Concierge), Rule::Customer, Limited::ByCustomer),
    row("GET", "/api/v1/conversations", ServedBy::Only(Role::Concierge), Rule::Customer, Limited::ByCustomer),
    row("GET", "/api/v1/conversations/{session_id}", ServedBy::Only(Role::Concierge), Rule::Customer, Limited::ByCustomer),
    row("POST", "/v1/chat/completions", ServedBy::Only(Role::Concierge), Rule::Customer, Limited::ByCustomer),
    row("GET", "/v1/models", ServedBy::Only(Role::Concierge), Rule::Open, Limited::Flood),
    row("GET", "/api/v1/accounts/{account_id}/statements/{month}", ServedBy::Only(Role::Concierge), Rule::Customer, Limited::ByCustomer),
    row("POST", "/api/v1/factor-answers", ServedBy::Only(Role::Concierge), Rule::Signed, Limited::ByCaller),
    row("POST", "/api/v1/channels/{channel}/messages", ServedBy::Only(Role::Concierge), Rule::Signed, Limited::ByCustomer),
    row("PUT", "/api/v1/channels/{channel}/links", ServedBy::Only(Role::Concierge), Rule::Admin(Scope::Channels), Limited::ByCaller),
    row("GET", "/api/v1/admin/money", ServedBy::Only(Role::Concierge), Rule::Admin(Scope::Money), Limited::ByCaller),
    row("PUT", "/api/v1/admin/money", ServedBy::Only(Role::Concierge), Rule::Admin(Scope::Money), Limited::ByCaller),
    row("POST", "/api/v1/admin/money/requests/{request_id}/approve", ServedBy::Only(Role::Concierge), Rule::Admin(Scope::Money), Limited::ByCaller),
    row("POST", "/api/v1/admin/money/requests/{request_id}/withdraw", ServedBy::Only(Role::Concierge), Rule::Admin(Scope::Money), Limited::ByCaller),
    row("GET", "/api/v1/admin/policies", ServedBy::Only(Role::Concierge), Rule::Admin(Scope::Policies), Limited::ByCaller),
    row("PUT", "/api/v1/admin/policies/{policy}", ServedBy::Only(Role::Concierge), Rule::Admin(Scope::Policies), Limited::ByCaller),
    row("POST", "/api/v1/admin/policies/requests/{request_id}/approve", ServedBy::Only(Role::Concierge), Rule::Admin(Scope::Policies), Limited::ByCaller),
    row("POST", "/api/v1/admin/policies/requests/{request_id}/withdraw", ServedBy::Only(Role::Concierge), Rule::Admin(Scope::Policies), Limited::ByCaller),
    row("POST", "/api/v1/admin/customers/erase", ServedBy::Only(Role::Concierge), Rule::Admin(Scope::Customers), Limited::ByCaller),
    row("POST", "/api/v1/admin/customers/end-sessions", ServedBy::Only(Role::Concierge), Rule::Admin(Scope::Customers), Limited::ByCaller),
    row("GET", "/api/v1/chat/handoff", ServedBy::Only(Role::Concierge), Rule::Customer, Limited::ByCustomer),
    row("GET", "/api/v1/desk/handoffs", ServedBy::Only(Role::Concierge), Rule::Admin(Scope::Desk), Limited::ByCaller),
    row("GET", "/api/v1/desk/handoffs/{handoff_id}", ServedBy::Only(Role::Concierge), Rule::Admin(Scope::Desk), Limited::ByCaller),
    row("GET", "/api/v1/desk/handoffs/{handoff_id}/briefing", ServedBy::Only(Role::Concierge), Rule::Admin(Scope::Desk), Limited::ByCaller),
    row("POST", "/api/v1/desk/handoffs/{handoff_id}/claim", ServedBy::Only(Role::Concierge), Rule::Admin(Scope::Desk), Limited::ByCaller),
    row("POST", "/api/v1/desk/handoffs/{handoff_id}/reply", ServedBy::Only(Role::Concierge), Rule::Admin(Scope::Desk), Limited::ByCaller),
    row("POST", "/api/v1/desk/handoffs/{handoff_id}/close", ServedBy::Only(Role::Concierge), Rule::Admin(Scope::Desk), Limited::ByCaller),
    row("GET", "/api/v1/desk/insights", ServedBy::Only(Role::Concierge), Rule::Admin(Scope::Desk), Limited::ByCaller),
    row("GET", "/api/v1/desk/turns", ServedBy::Only(Role::Concierge), Rule::Admin(Scope::Desk), Limited::ByCaller),
    row("GET", "/api/v1/desk/turns/{turn_id}", ServedBy::Only(Role::Concierge), Rule::Admin(Scope::Desk), Limited::ByCaller),
    row("POST", "/api/v1/rag/search", ServedBy::Only(Role::Rag), Rule::Caller(Scope::Search), Limited::ByCaller),
    row("POST", "/api/v1/rag/context", ServedBy::Only(Role::Rag), Rule::Caller(Scope::Search), Limited::ByCaller),
    row("POST", "/api/v1/rag/documents", ServedBy::Only(Role::Rag), Rule::Admin(Scope::Documents), Limited::ByCaller),
    row("GET", "/api/v1/rag/documents", ServedBy::Only(Role::Rag), Rule::Admin(Scope::Documents), Limited::ByCaller),
    row("GET", "/api/v1/rag/documents/{document_id}", ServedBy::Only(Role::Rag), Rule::Admin(Scope::Documents), Limited::ByCaller),
    row("DELETE", "/api/v1/rag/documents/{document_id}", ServedBy::Only(Role::Rag), Rule::Admin(Scope::Documents), Limited::ByCaller),
    row("POST", "/api/v1/guardrails/check", ServedBy::Only(Role::Guardrails), Rule::Caller(Scope::Check), Limited::ByCaller),
    row("GET", "/", ServedBy::Every, Rule::Open, Limited::Flood),
    row("GET", "/openapi.json", ServedBy::Every, Rule::Open, Limited::Flood),
    row("GET", "/health", ServedBy::Every, Rule::Operational, Limited::Never),
    row("GET", "/ready", ServedBy::Every, Rule::Operational, Limited::Never),
    row("GET", "/live", ServedBy::Every, Rule::Operational, Limited::Never),
    row("GET", "/metrics", ServedBy::Every, Rule::Operational, Limited::Never),
    page("/assets/{asset}", ServedBy::Only(Role::Concierge)),
    page("/desk", ServedBy::Only(Role::Concierge)),
    page("/docs", ServedBy::Every),
    page("/docs/", ServedBy::Every),
    page("/docs/{asset}", ServedBy::Every),
];

/// Every operation of every role.
pub fn operations() -> &'static [OperationRule] {
    OPERATIONS
}

/// The row of a request, if it has one.
pub(crate) fn find(method: &Method, path: &str) -> Option<&'static OperationRule> {
    let method = if *method == Method::HEAD {
        &Method::GET
    } else {
        method
    };
    OPERATIONS
        .iter()
        .find(|row| row.path == path && row.method == method.as_str())
}
