//! Going by the policies that administrators change while the bank runs.
//!
//! The store has what was approved. A task asks it for the version every second, so that a change on one replica is seen by
//! the others within seconds; the process that takes an approval follows at once. A policy that this process cannot
//! use leaves the one before in force and is told as an error: nothing becomes laxer by a mistake. What the files
//! of the process say stands below; what hides personal data from a language model goes by the files alone.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use async_trait::async_trait;
use tokio::sync::Mutex;
use vostro_bank::{PolicyKind, Store, StoreError};
use vostro_dialogue::{Concierge, StepUpPolicy};
use vostro_guardrails::Engine;
use vostro_http::PolicyRules;
use vostro_http::client::{InProcessGuard, InProcessKnowledge};

use crate::config::Config;
use crate::parts;
use crate::roles::documents_store;

/// How often the store is asked.
const POLL: Duration = Duration::from_secs(1);

/// How long a process waits for a store that is not there yet.
const REST: Duration = Duration::from_secs(5);

/// The policies of this process.
pub(crate) struct RunningPolicies {
    config: Config,
    guard: Arc<InProcessGuard>,
    knowledge: OnceLock<Arc<InProcessKnowledge>>,
    concierge: OnceLock<Arc<Concierge>>,
    store: OnceLock<Arc<dyn Store>>,
    applied: Mutex<Applied>,
}

/// What this process goes by.
#[derive(Default)]
struct Applied {
    version: i64,
    /// The version that was looked at last, whether or not it could be used.
    seen: i64,
    guardrails: String,
    step_up: String,
}

/// A policy as it is used.
enum Usable {
    Guardrails(Arc<Engine>),
    StepUp(StepUpPolicy),
}

impl RunningPolicies {
    /// The policies of the files, to be changed.
    pub(crate) fn new(config: &Config, guard: &Arc<InProcessGuard>) -> Arc<Self> {
        Arc::new(Self {
            config: config.clone(),
            guard: Arc::clone(guard),
            knowledge: OnceLock::new(),
            concierge: OnceLock::new(),
            store: OnceLock::new(),
            applied: Mutex::default(),
        })
    }

    /// Passages are screened again when the guardrails change. Set once.
    pub(crate) fn screens(&self, knowledge: &Arc<InProcessKnowledge>) {
        let _ = self.knowledge.set(Arc::clone(knowledge));
    }

    /// Who asks for second factors. Set once.
    pub(crate) fn asks(&self, concierge: &Arc<Concierge>) {
        let _ = self.concierge.set(Arc::clone(concierge));
    }

    /// Follows the store, now and until the runtime ends.
    pub(crate) async fn follow_store(self: &Arc<Self>, store: Arc<dyn Store>) {
        let _ = self.store.set(store);
        self.follow().await;
        let this = Arc::clone(self);
        tokio::spawn(async move {
            loop {
                tokio::time::sleep(POLL).await;
                this.follow().await;
            }
        });
    }

    /// The same in a process that only checks texts, as soon as there is a store to read them in.
    pub(crate) fn follow_beside(self: &Arc<Self>, config: &Config) {
        let (config, this) = (config.clone(), Arc::clone(self));
        tokio::spawn(async move {
            loop {
                match documents_store(&config).await {
                    Ok(Some(store)) => return this.follow_store(store).await,
                    Ok(None) => {}
                    Err(error) => {
                        let error = format!("{error:#}");
                        tracing::warn!(
                            error,
                            "policies that administrators change cannot be read yet"
                        );
                    }
                }
                tokio::time::sleep(REST).await;
            }
        });
    }

    async fn read(&self, kind: PolicyKind, content: &str) -> Result<Usable, String> {
        let (config, content) = (self.config.clone(), content.to_owned());
        let reading = move || match kind {
            PolicyKind::Guardrails => {
                parts::engine_with(&config, &content).map(|it| Usable::Guardrails(Arc::new(it)))
            }
            PolicyKind::StepUp => step_up(&config, &content).map(Usable::StepUp),
        };
        // Every rule is tried on its own examples: some milliseconds.
        let read = tokio::task::spawn_blocking(reading).await;
        read.unwrap_or_else(|_| Err("it cannot be read".to_owned()))
    }

    async fn look(&self, store: &dyn Store, applied: &mut Applied) -> Result<(), StoreError> {
        let version = store.policy_version().await?;
        if version == applied.seen {
            return Ok(());
        }
        let mut all_used = true;
        for policy in store.policies().await? {
            let before = match policy.kind {
                PolicyKind::Guardrails => &mut applied.guardrails,
                PolicyKind::StepUp => &mut applied.step_up,
            };
            if *before == policy.content {
                continue;
            }
            match self.read(policy.kind, &policy.content).await {
                Ok(usable) => self.use_now(usable),
                Err(why) => {
                    all_used = false;
                    let (policy, version) = (policy.kind.as_str(), policy.version);
                    tracing::error!(
                        policy,
                        version,
                        why,
                        "a policy cannot be used; the one before stays"
                    );
                    continue;
                }
            }
            *before = policy.content;
            let (policy, version) = (policy.kind.as_str(), policy.version);
            tracing::info!(policy, version, "goes by another policy");
        }
        applied.seen = version;
        if all_used {
            applied.version = version;
        }
        Ok(())
    }

    fn use_now(&self, usable: Usable) {
        match usable {
            Usable::Guardrails(engine) => {
                self.guard.replace(engine);
                if let Some(knowledge) = self.knowledge.get() {
                    knowledge.screen_again();
                }
            }
            Usable::StepUp(policy) => {
                if let Some(concierge) = self.concierge.get() {
                    concierge.replace_step_up(policy);
                }
            }
        }
    }
}

/// When a second factor is asked for, with what administrators said.
fn step_up(config: &Config, content: &str) -> Result<StepUpPolicy, String> {
    let policy = config.step_up.changed(content, &config.bank.currency)?;
    if config.core_banking.url.is_some() && policy.is_active() {
        let why = "cannot be asked for beside core_banking.url: the core's customers have no second factor here";
        return Err(why.to_owned());
    }
    Ok(policy)
}

#[async_trait]
impl PolicyRules for RunningPolicies {
    async fn check(&self, kind: PolicyKind, content: &str) -> Result<(), String> {
        self.read(kind, content).await.map(drop)
    }

    async fn follow(&self) -> i64 {
        let mut applied = self.applied.lock().await;
        if let Some(store) = self.store.get()
            && let Err(error) = self.look(store.as_ref(), &mut applied).await
        {
            tracing::debug!(%error, "the policies' version cannot be read; trying again");
        }
        applied.version
    }
}

/// Whether a text is a policy of its kind, for the command line: nothing has to run for it.
pub(crate) fn check(config: &Config, kind: PolicyKind, content: &str) -> Result<(), String> {
    match kind {
        PolicyKind::Guardrails => parts::engine_with(config, content).map(drop),
        PolicyKind::StepUp => step_up(config, content).map(drop),
    }
}
