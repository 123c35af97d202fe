//! What can be set at the edge. The binary's configuration fills this; defaults are the contract's.

use std::sync::Arc;
use std::time::Duration;

use jiff::SignedDuration;
use vostro_types::Redacted;

use crate::auth::{ApiKey, AuthMode};
use crate::limits::SharedLimits;
use crate::tls::Tls;

/// Settings of the HTTP edge, the same for all roles of a process.
#[derive(Debug, Clone)]
pub struct EdgeSettings {
    /// The version that `/health` and `GET /` tell.
    pub version: String,
    /// Who may do what, and how often.
    pub limits: RateLimits,
    /// How much is read.
    pub sizes: SizeLimits,
    /// How long is waited.
    pub deadlines: Deadlines,
    /// How callers show who they are.
    pub auth: AuthMode,
    /// The certificate of the ports; without one they speak plain HTTP.
    pub tls: Option<Tls>,
    /// Origins (`https://www.example.com`) whose pages may call the concierge from a browser.
    pub allowed_origins: Vec<String>,
    /// Origins whose pages may show the customer's page in a frame.
    pub frame_ancestors: Vec<String>,
    /// The secret with which Vostro's own services call each other (`Authorization: Bearer …`). A
    /// caller that has it is limited by [`RateLimits::service_per_minute`] and not by its address.
    pub service_token: Option<Redacted<String>>,
    /// The sandbox's secret of operators (`Authorization: Bearer …`).
    pub admin_token: Option<Redacted<String>>,
    /// Which turns of the money switch take two administrators.
    pub two_people: TwoPeople,
    /// How long an order waits for the second administrator.
    pub approval_ttl: SignedDuration,
    /// Where replicas count together; without it each counts for itself.
    pub shared_limits: Option<Arc<SharedLimits>>,
    /// Keys of the bank's back end and of administrators.
    pub api_keys: Vec<ApiKey>,
}

impl EdgeSettings {
    /// The contract's defaults, for this version of the program.
    pub fn new(version: impl Into<String>) -> Self {
        Self {
            version: version.into(),
            limits: RateLimits::default(),
            sizes: SizeLimits::default(),
            deadlines: Deadlines::default(),
            auth: AuthMode::Sandbox,
            tls: None,
            allowed_origins: Vec::new(),
            frame_ancestors: Vec::new(),
            service_token: None,
            admin_token: None,
            api_keys: Vec::new(),
            two_people: TwoPeople::Always,
            approval_ttl: SignedDuration::from_mins(60),
            shared_limits: None,
        }
    }
}

/// Which turns of the money switch take two administrators. Letting money go on always does.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum TwoPeople {
    /// Stopping it as well.
    #[default]
    Always,
    /// Only letting it go on; one stops it.
    ToResume,
}

impl TwoPeople {
    /// Whether an order to stop money, or to let it go on, takes two.
    pub const fn take(self, stopped: bool) -> bool {
        match self {
            Self::Always => true,
            Self::ToResume => !stopped,
        }
    }
}

/// How often callers may ask. Zero means one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RateLimits {
    /// Requests a minute of one user; of one address on endpoints without a user. Up to so many may
    /// come at once, after which they come back evenly over the minute.
    pub per_minute: u32,
    /// Turns of one user at once.
    pub concurrent: u32,
    /// Turns of all users at once. Further ones are refused at once rather than made to wait: what was let
    /// in keeps its speed.
    pub turns_at_once: u32,
    /// Requests a minute from one address, whatever they are: a shield before anything is parsed.
    /// Behind a proxy all customers share one address, so it is far above what a bank's chat needs.
    pub flood_per_minute: u32,
    /// Requests a minute of a caller with the service token.
    pub service_per_minute: u32,
    /// Credentials a minute from one address that are not accepted; those that are, are heard nevertheless.
    pub failed_auth_per_minute: u32,
    /// Money movements a minute that one customer may ask for, beside their requests.
    pub money_per_minute: u32,
    /// How many keys are remembered per limit. Idle ones are forgotten first; should all be busy, new
    /// keys share one.
    pub max_keys: usize,
}

impl Default for RateLimits {
    fn default() -> Self {
        Self {
            per_minute: 100,
            concurrent: 20,
            turns_at_once: 256,
            flood_per_minute: 60_000,
            service_per_minute: 600_000,
            failed_auth_per_minute: 60,
            money_per_minute: 30,
            max_keys: 100_000,
        }
    }
}

/// How much is read of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SizeLimits {
    /// The largest body, in bytes.
    pub body_bytes: usize,
    /// The largest body that brings documents, in bytes.
    pub document_bytes: usize,
    /// The largest request line with headers, in bytes.
    pub header_bytes: usize,
    /// The longest chat message, in Unicode code points.
    pub message_chars: usize,
    /// The longest search query, in Unicode code points.
    pub query_chars: usize,
    /// The most connections at once; further ones wait in the listener's backlog.
    pub connections: usize,
}

impl Default for SizeLimits {
    fn default() -> Self {
        Self {
            body_bytes: 64 << 10,
            document_bytes: 16 << 20,
            header_bytes: 16 << 10,
            message_chars: 10_000,
            query_chars: 2_000,
            connections: 8_192,
        }
    }
}

/// How long the edge waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Deadlines {
    /// For a request's head, and for the next request on an idle connection.
    pub head: Duration,
    /// For a request's whole body.
    pub body: Duration,
    /// For a turn before its client is answered 408; the turn itself goes on and is recorded.
    pub turn: Duration,
    /// For a turn in flight, when its events are asked for.
    pub resume: Duration,
    /// For the answer to the first of two requests with the same `Idempotency-Key`.
    pub duplicate: Duration,
    /// For one readiness check.
    pub readiness: Duration,
    /// Between two signs of life on an event stream.
    pub keep_alive: Duration,
}

impl Default for Deadlines {
    fn default() -> Self {
        Self {
            head: Duration::from_mins(1),
            body: Duration::from_secs(10),
            turn: Duration::from_secs(30),
            resume: Duration::from_secs(5),
            duplicate: Duration::from_secs(2),
            readiness: Duration::from_secs(2),
            keep_alive: Duration::from_secs(10),
        }
    }
}
