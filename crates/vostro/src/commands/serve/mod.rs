//! `vostro serve`: runs the roles until it is told to stop.
//!
//! All ports are bound before anything else, so that a port in use is told at once; they are
//! announced when everything behind them is ready.

mod announce;
mod housekeeping;
mod sealing;
mod store_load;

use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result};
use clap::{Args, ValueEnum};
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::{JoinHandle, JoinSet};
use vostro_http::{Drained, Role};
use vostro_telemetry::{Listeners, LogSettings, StepMetrics, TraceSettings, Traces};

use super::{Override, flag};
use crate::config::{AuthMode, Config, Effective, LogFormat};
use crate::failure::Failure;
use crate::roles::Roles;
use crate::{tls, webhooks};

const EXAMPLES: &str = "\
Examples:
  vostro serve                                     all roles on 8000, 8001 and 8002
  vostro serve --port 9000                         all roles on 9000, 9001 and 9002
  vostro serve --port 0 --ports-file ports.json    ports that the system chooses
  vostro serve --role guardrails                   one role by itself
  vostro serve --role concierge --rag-url http://127.0.0.1:8001 \\
      --guardrails-url http://127.0.0.1:8002
  vostro serve --host 0.0.0.0 --allow-non-loopback within a container

SIGTERM and Ctrl-C end it: requests in flight are finished first (server.shutdown_grace_seconds);
a second Ctrl-C ends it at once.";

/// Runs the assistant. Without options: all three roles in one process on this machine, an embedded
/// store in ./data with a demo bank, the articles and policies that come with Vostro.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct ServeArgs {
    /// Which role to run
    #[arg(long, value_enum, default_value_t = RoleChoice::All)]
    role: RoleChoice,
    /// The IP address to listen on [default: 127.0.0.1]
    #[arg(long, value_name = "ADDRESS")]
    host: Option<String>,
    /// The role's port; with all roles the concierge's, the others get the next two; 0 lets the
    /// system choose
    #[arg(long, value_name = "PORT")]
    port: Option<u16>,
    /// The concierge's port [default: 8000]
    #[arg(long, value_name = "PORT")]
    concierge_port: Option<u16>,
    /// The knowledge search's port [default: 8001]
    #[arg(long, value_name = "PORT")]
    rag_port: Option<u16>,
    /// The guardrails' port [default: 8002]
    #[arg(long, value_name = "PORT")]
    guardrails_port: Option<u16>,
    /// Let the sandbox, which believes any user id, be reached from other machines
    #[arg(long)]
    allow_non_loopback: bool,
    /// Where the store is [default: sqlite:./data/vostro.db]
    #[arg(long, value_name = "URL")]
    database_url: Option<String>,
    /// Search knowledge at this service rather than in this process
    #[arg(long, value_name = "URL")]
    rag_url: Option<String>,
    /// Ask the guardrails of this service first
    #[arg(long, value_name = "URL")]
    guardrails_url: Option<String>,
    /// When ready, write the ports to this file as JSON: `{"concierge": 8000, …}`
    #[arg(long, value_name = "FILE")]
    ports_file: Option<PathBuf>,
}

/// Which roles a process runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum RoleChoice {
    /// Concierge, knowledge search and guardrails
    All,
    /// Talks to customers
    Concierge,
    /// Searches the knowledge base
    Rag,
    /// Checks texts
    Guardrails,
}

impl RoleChoice {
    fn roles(self) -> &'static [Role] {
        match self {
            Self::All => &Role::ALL,
            Self::Concierge => &[Role::Concierge],
            Self::Rag => &[Role::Rag],
            Self::Guardrails => &[Role::Guardrails],
        }
    }
}

const fn port_key(role: Role) -> &'static str {
    match role {
        Role::Concierge => "server.concierge_port",
        Role::Rag => "server.rag_port",
        Role::Guardrails => "server.guardrails_port",
    }
}

const fn port_of(config: &Config, role: Role) -> u16 {
    match role {
        Role::Concierge => config.server.concierge_port,
        Role::Rag => config.server.rag_port,
        Role::Guardrails => config.server.guardrails_port,
    }
}

impl ServeArgs {
    /// The settings that the flags make.
    pub(super) fn overrides(&self) -> Vec<Override> {
        let mut made = Vec::new();
        if let Some(port) = self.port {
            for (offset, role) in (0_u32..).zip(self.role.roles()) {
                let number = if port == 0 {
                    0
                } else {
                    u32::from(port) + offset
                };
                made.push(flag("--port", port_key(*role), &number));
            }
        }
        for (name, role, port) in [
            ("--concierge-port", Role::Concierge, self.concierge_port),
            ("--rag-port", Role::Rag, self.rag_port),
            ("--guardrails-port", Role::Guardrails, self.guardrails_port),
        ] {
            made.extend(port.map(|port| flag(name, port_key(role), &port)));
        }
        if self.allow_non_loopback {
            made.push(flag(
                "--allow-non-loopback",
                "server.allow_non_loopback",
                "true",
            ));
        }
        for (name, key, value) in [
            ("--host", "server.host", &self.host),
            ("--database-url", "database.url", &self.database_url),
            ("--rag-url", "services.rag_url", &self.rag_url),
            (
                "--guardrails-url",
                "services.guardrails_url",
                &self.guardrails_url,
            ),
        ] {
            made.extend(value.as_ref().map(|value| flag(name, key, value)));
        }
        made
    }
}

/// Runs the command.
pub(crate) fn run(args: &ServeArgs, effective: &Effective) -> Result<ExitCode> {
    let config = &effective.config;
    stay_on_this_machine(config)?;
    let format = match config.log.format {
        LogFormat::Text => vostro_telemetry::LogFormat::Text,
        LogFormat::Json => vostro_telemetry::LogFormat::Json,
    };
    let steps = StepMetrics::default();
    let log = LogSettings {
        format,
        filter: config.log.filter.clone(),
    };
    let traces = traces(args, config)?;
    let listeners = Listeners {
        steps: Some(steps.layer()),
        traces: traces.as_ref(),
    };
    vostro_telemetry::init(&log, listeners)?;
    vostro_telemetry::log_panics();
    warn_of_missing_token(config);
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    let ended = runtime.block_on(serve(args, config, &steps));
    if let Some(traces) = traces {
        traces.shutdown();
    }
    ended
}

/// The sending of traces, where a collector is configured.
fn traces(args: &ServeArgs, config: &Config) -> Result<Option<Traces>> {
    let Some(endpoint) = config.traces.otlp_endpoint.clone() else {
        return Ok(None);
    };
    let service = match args.role.roles() {
        [only] => only.name(),
        _ => "vostro",
    };
    let settings = TraceSettings {
        endpoint,
        service: service.to_owned(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        sample_percent: config.traces.sample_percent,
    };
    Ok(Some(Traces::start(&settings)?))
}

/// Without a common token the called services count a concierge as any other caller.
fn warn_of_missing_token(config: &Config) {
    let services = &config.services;
    let is_split = services.rag_url.is_some() || services.guardrails_url.is_some();
    if is_split && services.token.is_none() {
        tracing::warn!(
            target: "vostro",
            "services.token is not set: the other services limit this concierge like any caller \
             (limits.requests_per_minute); give all of them the same token"
        );
    }
}

async fn serve(args: &ServeArgs, config: &Config, steps: &StepMetrics) -> Result<ExitCode> {
    let roles = args.role.roles();
    let listeners = listen(config, roles)?;
    let stop = stop_signal()?;
    let parts = Roles::assemble(config, roles, steps).await?;
    let mut places = Vec::new();
    let mut servers = JoinSet::new();
    let grace = Duration::from_secs(u64::from(config.server.shutdown_grace_seconds));
    for (role, listener) in listeners {
        places.push((
            role,
            listener.local_addr().context("a listener has no address")?,
        ));
        let router = parts
            .router(role, args.role == RoleChoice::All)
            .with_context(|| format!("the {role} was not put together"))?;
        let (edge, mut stop) = (parts.edge.clone(), stop.clone());
        servers.spawn(async move {
            // An error means that nobody can tell us to stop any more; then there is nothing to wait for.
            let told = async { drop(stop.wait_for(|stop| *stop).await) };
            vostro_http::serve(listener, router, &edge, told, grace).await
        });
    }
    let load = parts.store_load.clone();
    let keeper = parts.store.clone().map(|store| {
        let metrics = Arc::clone(parts.edge.metrics());
        let sealer = sealing::Sealer::new(config, Arc::clone(&store), Arc::clone(&metrics));
        let schedule_rules = vostro_ledger::RunRules::default();
        let days = i64::from(config.dialogue.retention_days);
        let retention = (days > 0).then(|| jiff::SignedDuration::from_hours(24 * days));
        tokio::spawn(async move {
            let watching = load.map(|store| store_load::watch(store, Arc::clone(&metrics)));
            tokio::join!(
                housekeeping::keep(store, schedule_rules, retention, metrics),
                sealer.keep(),
                async {
                    if let Some(watching) = watching {
                        watching.await;
                    }
                }
            );
        })
    });
    let certificate = parts.edge.settings().tls.clone();
    let certificate = certificate.map(|it| tokio::spawn(tls::keep(config.clone(), it)));
    let deliveries = deliver(config, &parts, stop.clone())?;
    if let Some(file) = &args.ports_file {
        announce::write_ports(file, &places)?;
    }
    announce::say(config, &places)?;
    let mut complete = true;
    while let Some(ended) = servers.join_next().await {
        complete &= matches!(ended.context("a server failed")?, Drained::Completely);
    }
    for task in keeper.into_iter().chain(certificate) {
        task.abort();
    }
    if let Some(deliveries) = deliveries {
        // What is not finished in time is delivered again by whoever claims it next.
        drop(tokio::time::timeout(grace, deliveries).await);
    }
    parts.close().await;
    if !complete {
        tracing::warn!(target: "vostro", "time was over before every request was finished");
    }
    tracing::info!(target: "vostro", "stopped");
    Ok(ExitCode::SUCCESS)
}

/// Delivers the outbox in the background, where there is a store.
fn deliver(
    config: &Config,
    parts: &Roles,
    stop: watch::Receiver<bool>,
) -> Result<Option<JoinHandle<()>>> {
    let Some(store) = &parts.store else {
        return Ok(None);
    };
    let dispatcher = webhooks::dispatcher(config, store, parts.edge.metrics())?;
    Ok(Some(tokio::spawn(dispatcher.run(stop))))
}

/// The sandbox believes whoever speaks; whoever can reach it can act as any of its customers.
fn stay_on_this_machine(config: &Config) -> Result<()> {
    let server = &config.server;
    match config.auth.mode {
        AuthMode::Sandbox if !server.host.is_loopback() && !server.allow_non_loopback => {
            Err(Failure::usage(
                format!(
                    "server.host: {} can be reached from other machines, and the sandbox believes \
                     any user id",
                    server.host
                ),
                "listen on 127.0.0.1, or pass --allow-non-loopback if that is meant (a container, a test)",
            )
            .into())
        }
        AuthMode::Sandbox | AuthMode::Jwt | AuthMode::ApiKey => Ok(()),
    }
}

fn listen(config: &Config, roles: &[Role]) -> Result<Vec<(Role, TcpListener)>> {
    let mut listeners: Vec<(Role, TcpListener)> = Vec::new();
    for &role in roles {
        let port = port_of(config, role);
        let flag = if roles.len() == 1 {
            "port".to_owned()
        } else {
            format!("{role}-port")
        };
        let other = roles
            .iter()
            .find(|&&other| other != role && port != 0 && port_of(config, other) == port);
        if let Some(other) = other {
            return Err(Failure::usage(
                format!("{}: {port} is the {other}'s port too", port_key(role)),
                format!("give each role its own, with --{flag}"),
            )
            .into());
        }
        let address = SocketAddr::new(config.server.host, port);
        let listener = vostro_http::listen(address).map_err(|error| match error.kind() {
            std::io::ErrorKind::AddrInUse => Failure::new(
                format!(
                    "port {port} of {} is in use, so the {role} cannot listen",
                    config.server.host
                ),
                format!("stop what listens there, or give another port with --{flag}"),
            ),
            _ => Failure::new(
                format!("the {role} cannot listen on {address}: {error}"),
                format!("give another address with --host, or another port with --{flag}"),
            ),
        })?;
        listeners.push((role, listener));
    }
    Ok(listeners)
}

/// Becomes true with the first SIGTERM or Ctrl-C; the second ends the process at once.
fn stop_signal() -> Result<watch::Receiver<bool>> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate()).context("SIGTERM cannot be waited for")?;
    let mut interrupt = signal(SignalKind::interrupt()).context("Ctrl-C cannot be waited for")?;
    let (sender, receiver) = watch::channel(false);
    tokio::spawn(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
        tracing::info!(target: "vostro", "stopping: requests in flight are finished first");
        sender.send_replace(true);
        interrupt.recv().await;
        // The number that shells give a process which Ctrl-C ended.
        std::process::exit(130);
    });
    Ok(receiver)
}
