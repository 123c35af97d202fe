//! The three roles, put together from the configuration: who asks whom, in this process or over HTTP.
//!
//! ```text
//! concierge ─► store
//!           ─► guardrails: this process's engine, or a service with the engine in reserve
//!           ─► knowledge:  this process's base, or a service
//! ```

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result};
use vostro_bank::Store;
use vostro_dialogue::answers::AnswerCache;
use vostro_dialogue::ports::{Guard, Knowledge};
use vostro_dialogue::{Advisor, Concierge, DialogueSettings, SessionLife};
use vostro_http::client::{
    ClientSettings, FallbackPolicy, GuardScreen, InProcessGuard, InProcessKnowledge,
    LocalKnowledge, RemoteGuard, RemoteKnowledge,
};
use vostro_http::{
    Beside, CheckState, ConciergeService, DocumentService, Edge, GuardrailsService, RagService,
    Readiness, ReadinessCheck, Role, StoreCheck,
};
use vostro_store::demo::seed_demo_bank;
use vostro_store::{OpenedStore, UnderLoad};
use vostro_telemetry::{Metrics, StepMetrics};
use vostro_types::{CustomerId, SystemClock, SystemEntropy};

use crate::config::{Config, ConfigError, Location};
use crate::corpus;
use crate::keeper::{self, Kept};
use crate::late_embedder::{self, LateEmbedder};
use crate::policies::RunningPolicies;
use crate::{channels, edge_settings, key_file, language_model, parts, vectors};

/// Everything that the roles of a process are made of. Parts that no role asked for are not made.
pub(crate) struct Roles {
    /// What all ports share.
    pub edge: Edge,
    /// The bank's store, with its writer, where a role talks to customers.
    pub store: Option<Arc<dyn Store>>,
    /// The store where documents are read: the same one, or one of a process that only searches.
    documents: Option<Arc<dyn Store>>,
    /// The same store, to see how busy it is.
    pub store_load: Option<Arc<dyn UnderLoad>>,
    concierge: Option<ConciergeService>,
    rag: Option<RagService>,
    guardrails: GuardrailsService,
}

/// Something that answers one of the dialogue's ports, and what `/ready` asks of it.
struct Port<T: ?Sized> {
    port: Arc<T>,
    check: Arc<dyn ReadinessCheck>,
}

impl Roles {
    /// Puts together what these roles need. Opens the store, and makes the demo bank where it is
    /// wanted and missing.
    pub(crate) async fn assemble(
        config: &Config,
        roles: &[Role],
        steps: &StepMetrics,
    ) -> Result<Self> {
        let metrics = Arc::new(Metrics::with_steps(env!("CARGO_PKG_VERSION"), steps));
        let settings = edge_settings::read(config).await?;
        let (clock, entropy) = (Arc::new(SystemClock), Arc::new(SystemEntropy));
        let edge = Edge::new(settings, clock, entropy, Arc::clone(&metrics));
        let engine = Arc::new(parts::engine(config)?);
        let guard = InProcessGuard::new(Arc::clone(&engine), Arc::clone(&metrics));
        let guard_model = language_model::guard_model(config, Arc::clone(&metrics))?;
        let guard = Arc::new(guard.with_model(guard_model));
        let policies = RunningPolicies::new(config, &guard);
        let talks = roles.contains(&Role::Concierge);
        let searches = roles.contains(&Role::Rag) || (talks && config.services.rag_url.is_none());
        let (mut store, mut store_load) = (None, None);
        if talks {
            let opened = parts::open_store(config).await?;
            // Over a core banking system the customers are the core's.
            if config.core_banking.url.is_none() {
                seed_if_missing(config, opened.as_ref()).await?;
            }
            store_load = Some(Arc::clone(&opened) as Arc<dyn UnderLoad>);
            store = Some(parts::with_core(config, opened)?);
        } else if searches {
            store = documents_store(config).await?;
        } else {
            policies.follow_beside(config);
        }
        let late = LateEmbedder::default();
        let knowledge = if searches {
            Some(search(config, &guard, &metrics, store.clone(), &late).await?)
        } else {
            if talks {
                late_embedder::load(config, &late);
            }
            None
        };
        if let Some((knowledge, _)) = &knowledge {
            policies.screens(knowledge);
        }
        let mut concierge = None;
        if let Some(opened) = store.clone().filter(|_| talks) {
            let guard_port = guard_port(config, &guard, &metrics)?;
            let local = knowledge.as_ref().map(|(knowledge, _)| knowledge);
            let knowledge_port = knowledge_port(config, local, &metrics)?;
            let engine = Arc::clone(&engine);
            let advisor = language_model::advisor(config, engine, Arc::clone(&metrics))?;
            let service = concierge_service(
                config,
                &opened,
                (guard_port, knowledge_port),
                advisor,
                late,
                &edge,
                &policies,
            )?;
            policies.asks(&service.concierge);
            concierge = Some(service);
        }
        if let Some(store) = &store {
            policies.follow_store(Arc::clone(store)).await;
        }
        let rag = knowledge
            .filter(|_| roles.contains(&Role::Rag))
            .map(|(knowledge, kept)| RagService {
                readiness: Readiness::new()
                    .with_shared("rag", Arc::clone(&knowledge) as _)
                    .with_shared("embedding", Arc::clone(&kept.meaning) as _)
                    .with_shared("reranking", Arc::clone(&kept.reranking) as _),
                documents: store
                    .clone()
                    .map(|store| documents(config, store, &guard, kept)),
                knowledge,
            });
        let guardrails = GuardrailsService {
            readiness: Readiness::new().with_shared("guardrails", Arc::clone(&guard) as _),
            guard,
        };
        Ok(Self {
            edge,
            store: store.clone().filter(|_| talks),
            documents: store,
            store_load,
            concierge,
            rag,
            guardrails,
        })
    }

    /// The assistant itself, for talking to it without HTTP.
    pub(crate) fn assistant(&self) -> Option<&Arc<Concierge>> {
        self.concierge.as_ref().map(|service| &service.concierge)
    }

    /// The router of a role's port; `None` for a role that was not put together. The concierge's
    /// answers the other roles' paths too when all are in this process.
    pub(crate) fn router(&self, role: Role, all: bool) -> Option<axum::Router> {
        match role {
            Role::Concierge => self.concierge.clone().map(|service| {
                let beside = if all {
                    Beside {
                        rag: self.rag.clone(),
                        guardrails: Some(self.guardrails.clone()),
                    }
                } else {
                    Beside::default()
                };
                vostro_http::concierge_router(&self.edge, service, beside)
            }),
            Role::Rag => self
                .rag
                .clone()
                .map(|service| vostro_http::rag_router(&self.edge, service)),
            Role::Guardrails => Some(vostro_http::guardrails_router(
                &self.edge,
                self.guardrails.clone(),
            )),
        }
    }

    /// Finishes what the store was given, and closes it.
    pub(crate) async fn close(&self) {
        if let Some(store) = &self.documents {
            store.close().await;
        }
    }
}

/// The store of a process that only searches: a server's, or the embedded one's file for reading, which belongs to
/// the process that talks. `None` where there is no such file.
pub(crate) async fn documents_store(config: &Config) -> Result<Option<Arc<dyn Store>>> {
    let location = config.database.location().map_err(anyhow::Error::msg)?;
    let opened = match location {
        Location::Server(_) => parts::open_store(config).await?,
        Location::File(path) if path.is_file() => match parts::open_store_to_read(config).await {
            Ok(opened) => opened,
            Err(error) => {
                let error = format!("{error:#}");
                tracing::warn!(
                    error,
                    "ingested documents cannot be read, and are not searched"
                );
                return Ok(None);
            }
        },
        Location::File(_) | Location::Memory => return Ok(None),
    };
    Ok(Some(opened as Arc<dyn Store>))
}

/// The search of this process, by words at first, and kept in step with what is kept.
pub(crate) async fn search(
    config: &Config,
    guard: &Arc<InProcessGuard>,
    metrics: &Arc<Metrics>,
    store: Option<Arc<dyn Store>>,
    late: &LateEmbedder,
) -> Result<(Arc<InProcessKnowledge>, Kept)> {
    if let Some(store) = &store {
        vectors::prepare(config, store.as_ref()).await?;
    }
    let mut corpus = corpus::read(config, store.as_deref()).await?;
    for error in &corpus.errors {
        tracing::warn!(%error, "an article was left out of the knowledge base");
    }
    let base = Arc::new(corpus.base()?);
    let (guard, metrics) = (Arc::clone(guard), Arc::clone(metrics));
    let knowledge = Arc::new(InProcessKnowledge::new(base, guard, metrics));
    let kept = keeper::keep(config, &knowledge, store, corpus, late);
    Ok((knowledge, kept))
}

fn documents(
    config: &Config,
    store: Arc<dyn Store>,
    guard: &Arc<InProcessGuard>,
    kept: Kept,
) -> Arc<DocumentService> {
    Arc::new(DocumentService {
        store,
        screen: Arc::new(GuardScreen(Arc::clone(guard))),
        quarantine: config.knowledge.quarantine.into(),
        defaults: parts::document_defaults(),
        embedder: kept.embedder,
        changed: kept.changed,
        searched: kept.searched,
    })
}

fn guard_port(
    config: &Config,
    guard: &Arc<InProcessGuard>,
    metrics: &Arc<Metrics>,
) -> Result<Port<dyn Guard>> {
    let Some(url) = &config.services.guardrails_url else {
        return Ok(Port {
            port: Arc::clone(guard) as _,
            check: Arc::clone(guard) as _,
        });
    };
    let reserve = FallbackPolicy::InProcess(Arc::clone(guard));
    let remote = RemoteGuard::new(&client_settings(config, url)?, reserve, Arc::clone(metrics));
    let remote = Arc::new(remote.context("services.guardrails_url cannot be used")?);
    Ok(Port {
        port: Arc::clone(&remote) as _,
        check: remote,
    })
}

fn knowledge_port(
    config: &Config,
    local: Option<&Arc<InProcessKnowledge>>,
    metrics: &Arc<Metrics>,
) -> Result<Port<dyn Knowledge>> {
    match (&config.services.rag_url, local) {
        (Some(url), _) => {
            let client = client_settings(config, url)?;
            let remote = RemoteKnowledge::new(&client, Arc::clone(metrics));
            let remote = Arc::new(remote.context("services.rag_url cannot be used")?);
            Ok(Port {
                port: Arc::clone(&remote) as _,
                check: remote,
            })
        }
        (None, Some(local)) => Ok(Port {
            port: Arc::new(LocalKnowledge(Arc::clone(local))) as _,
            check: Arc::clone(local) as _,
        }),
        (None, None) => anyhow::bail!("a concierge needs a knowledge base, here or at a service"),
    }
}

fn concierge_service(
    config: &Config,
    store: &Arc<dyn Store>,
    (guard, knowledge): (Port<dyn Guard>, Port<dyn Knowledge>),
    advisor: Option<Advisor>,
    late: LateEmbedder,
    edge: &Edge,
    policies: &Arc<RunningPolicies>,
) -> Result<ConciergeService> {
    // A model that does not answer costs its help and nothing else, so it never stops `ready`.
    let ai_service = match advisor {
        Some(_) => CheckState::Ready,
        None => CheckState::Disabled,
    };
    let mut concierge = Concierge::new(
        Arc::clone(store),
        guard.port,
        knowledge.port,
        Arc::new(SystemClock),
        Arc::new(SystemEntropy),
        dialogue_settings(config)?,
    )
    .with_answers(AnswerCache::new(u64::from(config.dialogue.cached_answers)))
    .with_embedder(Arc::new(late))
    .with_pace(Arc::new(edge.clone()));
    if let Some(advisor) = advisor {
        concierge = concierge.with_advisor(advisor);
    }
    if config.core_banking.url.is_some() {
        concierge = concierge.with_books_elsewhere();
    }
    if let Some(codes) = parts::codes(config)? {
        concierge = concierge.with_codes(Arc::new(codes));
    }
    let readiness = Readiness::new()
        .with("database", StoreCheck(Arc::clone(store)))
        .with("ai_service", ai_service)
        .with_shared("rag", knowledge.check)
        .with_shared("guardrails", guard.check);
    Ok(ConciergeService {
        concierge: Arc::new(concierge),
        store: Arc::clone(store),
        policies: Arc::clone(policies) as _,
        provider: parts::provider(config)?.map(Arc::new),
        channels: channels::adapters(config)?,
        readiness,
    })
}

fn dialogue_settings(config: &Config) -> Result<DialogueSettings> {
    let rules = config.bank.rules().map_err(ConfigError::Problems)?;
    let calendar = config.calendar.rules(rules.time_zone);
    let calendar = calendar.map_err(ConfigError::Problems)?;
    let step_up = config.step_up.rules(&config.bank.currency);
    let step_up = step_up.map_err(ConfigError::Problems)?;
    let minutes = |minutes: u32| jiff::SignedDuration::from_mins(i64::from(minutes));
    Ok(DialogueSettings {
        session_life: SessionLife {
            idle: minutes(config.dialogue.session_idle_minutes),
            whole: minutes(config.dialogue.session_minutes),
        },
        confirmation_ttl: minutes(config.dialogue.confirmation_minutes),
        calendar,
        open_unknown_customers: config.demo.enabled && config.core_banking.url.is_none(),
        step_up: step_up.policy,
        factor_rules: step_up.rules,
        approvals: config.step_up.provider_key_file.is_some(),
        routing_number: Some(config.bank.routing_number.clone()).filter(|it| !it.is_empty()),
        settlement: rules.settlement,
    })
}

fn client_settings(config: &Config, url: &str) -> Result<ClientSettings> {
    let timeout = Duration::from_millis(u64::from(config.services.timeout_ms));
    let hedge_after = Some(Duration::from_millis(u64::from(
        config.services.hedge_after_ms,
    )));
    let usual = ClientSettings::new(url);
    let authority = key_file::authority("services.ca_file", config.services.ca_file.as_deref())?;
    Ok(ClientSettings {
        connect_timeout: usual.connect_timeout.min(timeout),
        timeout,
        hedge_after: hedge_after.filter(|after| !after.is_zero()),
        service_token: config.services.token.clone(),
        authority,
        ..usual
    })
}

/// Makes the demo bank unless its last customer is there: they are made in order, so a start that
/// was cut short is made good by the next.
async fn seed_if_missing(config: &Config, store: &dyn OpenedStore) -> Result<()> {
    let demo = &config.demo;
    if !demo.enabled {
        return Ok(());
    }
    let last = CustomerId::new(format!("demo_{:03}", demo.customers))?;
    if store.portfolio(&last).await?.is_none() {
        let seeded = seed_demo_bank(store, demo.seed, demo.customers).await?;
        tracing::info!(target: "vostro", created = seeded.created, "the demo bank was made");
    }
    Ok(())
}

#[cfg(test)]
mod tests;
