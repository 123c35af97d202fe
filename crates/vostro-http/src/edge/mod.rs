//! What all routers of a process share: settings, clock, metrics, limits and the turns in flight.

mod admission;

use std::net::IpAddr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Instant, SystemTime};

use axum::extract::FromRef;
use jiff::Timestamp;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio_util::task::TaskTracker;
use vostro_telemetry::{CpuMeter, Limit, Metrics, ProcessFigures, ProcessReader, Shed};
use vostro_types::{ApprovalId, Clock, CustomerId, Entropy, RequestId, SessionId, TurnId};

use crate::auth::{Credential, Identity};
use crate::limits::{AtOnce, CommonLimit, Decision, Permit, RateLimit};
use crate::problem::Problem;
use crate::sessions::SessionLocks;
use crate::settings::EdgeSettings;

/// The shared part of the HTTP edge. One per process; cheap to clone.
#[derive(Clone)]
pub struct Edge(Arc<Inner>);

struct Inner {
    settings: EdgeSettings,
    clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
    metrics: Arc<Metrics>,
    began: Instant,
    cpu: CpuMeter,
    customers: CommonLimit,
    callers: CommonLimit,
    floods: RateLimit,
    services: RateLimit,
    failures: CommonLimit,
    money: CommonLimit,
    at_once: Arc<AtOnce>,
    turns: Arc<Semaphore>,
    sessions: Arc<SessionLocks>,
    tasks: TaskTracker,
    draining: AtomicBool,
}

impl Edge {
    /// Puts the shared part together.
    pub fn new(
        settings: EdgeSettings,
        clock: Arc<dyn Clock>,
        entropy: Arc<dyn Entropy>,
        metrics: Arc<Metrics>,
    ) -> Self {
        let limits = settings.limits;
        let limit = |per_minute| RateLimit::new(per_minute, limits.max_keys);
        let common = |name, per_minute| {
            let shared = settings.shared_limits.clone();
            CommonLimit::new(name, per_minute, limits.max_keys, shared)
        };
        let began = Instant::now();
        // Measured from the process's start: what was used before counts as used since then.
        let cpu = CpuMeter::start(began, ProcessReader.read().cpu_seconds.unwrap_or(0.0));
        Self(Arc::new(Inner {
            clock,
            entropy,
            metrics,
            began,
            cpu,
            customers: common("user", limits.per_minute),
            callers: common("caller", limits.per_minute),
            floods: limit(limits.flood_per_minute),
            services: limit(limits.service_per_minute),
            failures: common("failed_authentication", limits.failed_auth_per_minute),
            money: common("money", limits.money_per_minute),
            at_once: AtOnce::new(limits.concurrent),
            turns: Arc::new(Semaphore::new(limits.turns_at_once.max(1) as usize)),
            sessions: Arc::default(),
            tasks: TaskTracker::new(),
            draining: AtomicBool::new(false),
            settings,
        }))
    }

    /// The settings.
    pub fn settings(&self) -> &EdgeSettings {
        &self.0.settings
    }

    /// The metrics.
    pub fn metrics(&self) -> &Arc<Metrics> {
        &self.0.metrics
    }

    /// Whether the process is on its way out.
    pub fn is_draining(&self) -> bool {
        self.0.draining.load(Ordering::Relaxed)
    }

    pub(crate) fn begin_to_drain(&self) {
        self.0.draining.store(true, Ordering::Relaxed);
    }

    /// The current time.
    pub(crate) fn now(&self) -> SystemTime {
        self.0.clock.now().into()
    }

    /// The current time in Unix seconds, as the contract's timestamps are.
    pub(crate) fn timestamp(&self) -> f64 {
        self.0.clock.now().as_duration().as_secs_f64()
    }

    pub(crate) fn new_request_id(&self) -> RequestId {
        RequestId::generate(self.0.entropy.as_ref())
    }

    /// The current time, as the records have it.
    pub(crate) fn instant(&self) -> Timestamp {
        self.0.clock.now()
    }

    pub(crate) fn new_approval_id(&self) -> ApprovalId {
        ApprovalId::generate(self.0.entropy.as_ref())
    }

    pub(crate) fn new_session_id(&self) -> SessionId {
        SessionId::generate(self.0.entropy.as_ref())
    }

    pub(crate) fn new_turn_id(&self) -> TurnId {
        TurnId::generate(self.0.entropy.as_ref())
    }

    /// Seconds since the process's edge was put together.
    pub(crate) fn uptime_seconds(&self) -> f64 {
        self.0.began.elapsed().as_secs_f64()
    }

    /// The process's figures, and how busy the processor was, in percent of one core.
    pub(crate) fn process(&self) -> (ProcessFigures, f64) {
        let figures = ProcessReader.read();
        let cpu_seconds = figures.cpu_seconds.unwrap_or(0.0);
        (figures, self.0.cpu.percent(Instant::now(), cpu_seconds))
    }

    pub(crate) fn tasks(&self) -> &TaskTracker {
        &self.0.tasks
    }

    pub(crate) fn sessions(&self) -> &Arc<SessionLocks> {
        &self.0.sessions
    }

    /// Begins a turn of a customer, unless they have too many at once, or all together have.
    pub(crate) fn begin_turn(&self, customer: &CustomerId) -> Result<TurnPermit, Problem> {
        let customers = self.0.at_once.begin(customer).ok_or_else(|| {
            self.0.metrics.rate_limited(Limit::Concurrency);
            let most = self.0.settings.limits.concurrent.max(1);
            let detail = format!("at most {most} messages of one user at once");
            Problem::rate_limited(detail, std::time::Duration::from_secs(1))
        })?;
        let Ok(slot) = Arc::clone(&self.0.turns).try_acquire_owned() else {
            self.0.metrics.shed(Shed::TurnsAtOnce);
            return Err(Problem::unavailable(
                "more messages are being answered than this server takes at once; try again in a moment",
            ));
        };
        Ok(TurnPermit {
            _customers: customers,
            _slot: slot,
        })
    }

    /// Waits until one of the customer's turns in this process ends; `false` when none is in flight.
    pub(crate) async fn a_turn_ended(&self, customer: &CustomerId) -> bool {
        self.0.at_once.one_ended(customer).await
    }
}

/// A turn in flight, counted for its customer and for all. Dropping it ends the turn.
#[derive(Debug)]
pub(crate) struct TurnPermit {
    _customers: Permit,
    _slot: OwnedSemaphorePermit,
}

/// A role's state is the edge and the role's service.
impl<S> FromRef<(Self, S)> for Edge {
    fn from_ref((edge, _): &(Self, S)) -> Self {
        edge.clone()
    }
}

/// What is known of a request before its operation is: kept with it from the outermost layer on.
#[derive(Clone)]
pub(crate) struct Caller {
    pub(crate) request_id: RequestId,
    pub(crate) address: Option<IpAddr>,
    pub(crate) credential: Credential,
    pub(crate) identity: Arc<Identity>,
    decision: Arc<Mutex<Option<Decision>>>,
}

impl Caller {
    pub(crate) fn new(
        request_id: RequestId,
        address: Option<IpAddr>,
        credential: Credential,
    ) -> Self {
        Self {
            request_id,
            address,
            credential,
            identity: Arc::default(),
            decision: Arc::default(),
        }
    }

    /// The same request, now that it is known who calls.
    pub(crate) fn identified(self, identity: Identity) -> Self {
        Self {
            identity: Arc::new(identity),
            ..self
        }
    }

    fn note(&self, decision: Decision) {
        *self.decision.lock().unwrap_or_else(PoisonError::into_inner) = Some(decision);
    }

    /// What the last limit said that was asked.
    pub(crate) fn decision(&self) -> Option<Decision> {
        *self.decision.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
