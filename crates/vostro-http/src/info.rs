//! What a service says of itself at `GET /`.

use std::collections::BTreeMap;

use serde::Serialize;
use utoipa::ToSchema;

use crate::auth::{ServedBy, operations};
use crate::edge::Edge;
use crate::role::Role;

/// The answer of `GET /`.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "name": "vostro-concierge",
    "version": "0.1.0",
    "status": "running",
    "capabilities": ["chat", "streaming"],
    "endpoints": {"/api/v1/chat": "POST", "/health": "GET"},
    "documentation": "/docs"
}))]
pub(crate) struct ServiceInfo {
    /// The service's name.
    name: String,
    /// The program's version.
    version: String,
    /// `running`, or `stopping` once it was told to end.
    status: &'static str,
    /// What it can do.
    capabilities: Vec<&'static str>,
    /// Its paths and the methods they take.
    endpoints: BTreeMap<&'static str, &'static str>,
    /// Where to read on.
    documentation: &'static str,
}

impl ServiceInfo {
    /// What a role says.
    pub(crate) fn of(edge: &Edge, role: Role) -> Self {
        let mine = |served: ServedBy| served == ServedBy::Every || served == ServedBy::Only(role);
        let endpoints = operations()
            .iter()
            .filter(|row| mine(row.served_by) && row.published);
        Self {
            name: format!("vostro-{role}"),
            version: edge.settings().version.clone(),
            status: if edge.is_draining() {
                "stopping"
            } else {
                "running"
            },
            capabilities: capabilities(role),
            endpoints: endpoints.map(|row| (row.path, row.method)).collect(),
            documentation: "/docs",
        }
    }
}

fn capabilities(role: Role) -> Vec<&'static str> {
    match role {
        Role::Concierge => vec![
            "chat",
            "streaming",
            "balances",
            "transactions",
            "transfers",
            "bill_payments",
            "knowledge",
        ],
        Role::Rag => vec!["search"],
        Role::Guardrails => vec!["safety", "pii", "prompt_injection"],
    }
}
