//! The connections: how they are made, checked, shared and bounded.
//!
//! Every command and every read runs in a task of its own. A caller that goes away (its future dropped)
//! changes nothing: the statement under way is answered, and its connection returns to the pool clean.
//! No transaction is ever held open by the client, and no statement is ever cancelled.

use std::time::Duration;

use deadpool_postgres::{
    ClientWrapper, Hook, HookError, Manager, ManagerConfig, Object, Pool, RecyclingMethod, Runtime,
};
use tokio_postgres::config::TargetSessionAttrs;
use tokio_postgres::{Client, Config};
use tokio_postgres_rustls::MakeRustlsConnect;
use tracing::Instrument as _;
use vostro_bank::StoreError;

use super::error::{PgError, no_answer};
use super::silence::Silence;
use super::tls::{self, Encryption};
use super::{PostgresTuning, durability};
use crate::error::OpenError;
use crate::load::StoreLoad;

const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// The same where there are others to try: hosts are tried one after another, and one that is cut off says nothing.
const CONNECT_TIMEOUT_OF_SEVERAL: Duration = Duration::from_secs(2);
/// How long the system keeps sending what the server does not acknowledge.
const TCP_USER_TIMEOUT: Duration = Duration::from_secs(30);
const KEEPALIVE_IDLE: Duration = Duration::from_secs(30);

/// What each session is told. A lock that is not given in time rolls the whole command back. Short
/// functions gain nothing from being compiled. Every statement that needs an order has an index in it;
/// without the last three settings, missing or old statistics would have a page read and sort everything.
const SESSION: &str = "SET default_transaction_isolation = 'read committed';
    SET lock_timeout = '10s';
    SET idle_in_transaction_session_timeout = '60s';
    SET jit = off;
    SET enable_sort = off;
    SET enable_bitmapscan = off;
    SET max_parallel_workers_per_gather = 0;";

/// A server, and how connections to it are made.
#[derive(Clone)]
pub(super) struct Server {
    settings: Config,
    encryption: MakeRustlsConnect,
}

impl Server {
    /// The server of an address; reads the authorities' file that it names.
    pub(super) fn of(url: &str) -> Result<Self, OpenError> {
        let (settings, encryption) = settings(url)?;
        let encryption = encryption.connector();
        Ok(Self {
            settings,
            encryption: encryption.map_err(|why| OpenError::Encryption { why })?,
        })
    }
}

/// Reads an address and fills in what it leaves open. Money is read and written on a primary only.
pub(super) fn settings(url: &str) -> Result<(Config, Encryption), OpenError> {
    let refused = |why: &str| OpenError::Address {
        why: why.to_owned(),
    };
    let (mut settings, encryption) = tls::read(url).map_err(|why| refused(&why))?;
    if settings.get_hosts().is_empty() {
        return Err(refused("it names no host"));
    }
    if settings.get_application_name().is_none() {
        settings.application_name("vostro");
    }
    if settings.get_connect_timeout().is_none() {
        let is_alone = settings.get_hosts().len() == 1;
        settings.connect_timeout(if is_alone {
            CONNECT_TIMEOUT
        } else {
            CONNECT_TIMEOUT_OF_SEVERAL
        });
    }
    if settings.get_tcp_user_timeout().is_none() {
        settings.tcp_user_timeout(TCP_USER_TIMEOUT);
    }
    settings.keepalives_idle(KEEPALIVE_IDLE);
    settings.target_session_attrs(TargetSessionAttrs::ReadWrite);
    Ok((settings, encryption))
}

/// A connection of its own, outside the pool, to a server that is fit for money.
pub(super) async fn connect(server: &Server) -> Result<Client, PgError> {
    let client = connect_to_look(server).await?;
    greet(&client).await?;
    Ok(client)
}

/// A connection to look at whatever server is there; the session is not set up for commands.
pub(super) async fn connect_to_look(server: &Server) -> Result<Client, PgError> {
    let connecting = server.settings.connect(server.encryption.clone());
    let (client, connection) = connecting.await?;
    tokio::spawn(async move {
        if let Err(error) = connection.await {
            tracing::warn!(error = %PgError::from(error), "a connection to PostgreSQL ended");
        }
    });
    Ok(client)
}

/// Checks a new session's server and tells it how to behave.
async fn greet(client: &Client) -> Result<(), PgError> {
    durability::demand(client).await?;
    client.batch_execute(SESSION).await?;
    Ok(())
}

/// How long a new connection may take: a turn for each host.
fn patience(settings: &Config) -> Duration {
    let turn = settings
        .get_connect_timeout()
        .copied()
        .unwrap_or(CONNECT_TIMEOUT);
    let hosts = u32::try_from(settings.get_hosts().len()).unwrap_or(u32::MAX);
    turn.saturating_mul(hosts.max(1))
}

/// The pool of connections, and what becomes of those that fall silent.
#[derive(Clone)]
pub(super) struct Connections(Pool, Silence);

impl Connections {
    /// How busy the pool is.
    pub(super) fn load(&self) -> StoreLoad {
        let status = self.0.status();
        StoreLoad {
            busy: status.size.saturating_sub(status.available),
            free: (status.max_size + status.available).saturating_sub(status.size),
            waiting: status.waiting,
        }
    }

    /// A pool of connections to a server. Connects when a connection is first needed.
    pub(super) fn new(server: &Server, tuning: PostgresTuning) -> Result<Self, OpenError> {
        let manager = Manager::from_config(
            server.settings.clone(),
            server.encryption.clone(),
            ManagerConfig {
                recycling_method: RecyclingMethod::Fast,
            },
        );
        let patience = patience(&server.settings).min(tuning.answer);
        let greet_new = Hook::async_fn(move |client, _| {
            Box::pin(async move {
                tokio::time::timeout(patience, greet(client))
                    .await
                    .unwrap_or(Err(PgError::Silent(patience)))
                    .map_err(|error| HookError::message(error.to_string()))
            })
        });
        let silence = Silence::after(tuning.answer);
        Pool::builder(manager)
            .max_size(tuning.connections.max(1))
            .wait_timeout(Some(tuning.wait))
            .create_timeout(Some(patience))
            .recycle_timeout(Some(patience))
            .post_create(greet_new)
            .pre_recycle(silence.hook())
            .runtime(Runtime::Tokio1)
            .build()
            .map(|pool| Self(pool, silence))
            .map_err(|error| OpenError::Database(Box::new(error)))
    }

    /// Runs a command or a read on a connection, in a task of its own, for as long as an answer may take.
    pub(super) async fn run<T, F, R>(&self, work: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(Object) -> R + Send + 'static,
        R: Future<Output = Result<T, PgError>> + Send,
    {
        let Self(pool, silence) = self.clone();
        in_a_task(async move {
            let client = pool.get().await?;
            silence.bounded(&pool, client, work).await
        })
        .await
    }

    /// The same for what reads or rewrites everything, however long it takes.
    pub(super) async fn run_long<T, F, R>(&self, work: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(Object) -> R + Send + 'static,
        R: Future<Output = Result<T, PgError>> + Send,
    {
        let pool = self.0.clone();
        in_a_task(async move { work(pool.get().await?).await }).await
    }

    /// A connection for the caller alone; the pool makes another in its place. It closes when dropped.
    pub(super) async fn take(&self) -> Result<ClientWrapper, PgError> {
        Ok(Object::take(self.0.get().await?))
    }

    /// Takes nothing more on; connections close as their work ends.
    pub(super) fn close(&self) {
        self.0.close();
    }

    /// How many connections there are, and how many of them are idle.
    pub(super) fn counts(&self) -> (usize, usize) {
        let status = self.0.status();
        (status.size, status.available)
    }
}

async fn in_a_task<T: Send + 'static>(
    work: impl Future<Output = Result<T, PgError>> + Send + 'static,
) -> Result<T, StoreError> {
    match tokio::spawn(work.in_current_span()).await {
        Ok(outcome) => outcome.map_err(StoreError::from),
        Err(error) => Err(no_answer(&error)),
    }
}
