//! The three roles, each with a port of its own.

use std::fmt;

/// What a port is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Role {
    /// Talks to customers; 8000 by default.
    Concierge,
    /// Searches the knowledge base; 8001 by default.
    Rag,
    /// Checks texts; 8002 by default.
    Guardrails,
}

impl Role {
    /// Every role.
    pub const ALL: [Self; 3] = [Self::Concierge, Self::Rag, Self::Guardrails];

    /// The role's name in paths, logs, metrics and on the command line.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Concierge => "concierge",
            Self::Rag => "rag",
            Self::Guardrails => "guardrails",
        }
    }

    /// The port it has by default.
    pub const fn default_port(self) -> u16 {
        match self {
            Self::Concierge => 8000,
            Self::Rag => 8001,
            Self::Guardrails => 8002,
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
