//! Why a command or a read failed inside the driver, and what the port says of it.
//!
//! A server's error may quote the row it failed on; of such errors only the code and the constraint's
//! name are kept, so that no personal data reaches a log.

use deadpool_postgres::{HookError, PoolError};
use tokio_postgres::error::{DbError as ServerError, SqlState};
use vostro_bank::StoreError;

use super::tls;
use crate::error::{OpenError, Said};

/// Why a command or a read failed.
#[derive(Debug, thiserror::Error)]
pub(super) enum PgError {
    /// The server refused or failed a statement.
    #[error("PostgreSQL says {code}: {message}")]
    Server {
        /// The SQLSTATE.
        code: String,
        /// Its words, or the constraint's name.
        message: String,
    },
    /// The connection failed; what was under way has an unknown outcome.
    #[error("the connection to PostgreSQL failed")]
    Connection(#[source] tokio_postgres::Error),
    /// The connection could not be encrypted as asked.
    #[error("the connection to PostgreSQL could not be encrypted: {0}")]
    Encryption(String),
    /// No connection could be had.
    #[error("no connection to PostgreSQL could be had: {0}")]
    Pool(String),
    /// The server did not answer in time; what was under way has an unknown outcome.
    #[error("PostgreSQL gave no answer within {0:?}")]
    Silent(std::time::Duration),
    /// The server would not keep what it acknowledges.
    #[error("PostgreSQL would not be durable: {setting} is {found}, it must be {required}")]
    NotDurable {
        /// The setting.
        setting: &'static str,
        /// Its value.
        found: String,
        /// The value that it needs.
        required: &'static str,
    },
    /// The database cannot hold every text.
    #[error("the database is encoded as {0}, it must be UTF8")]
    Encoding(String),
    /// A value that cannot be read back.
    #[error("the store holds an invalid {0}")]
    Corrupt(&'static str),
    /// A value that cannot be written.
    #[error("a value cannot be written as JSON")]
    Json(#[from] serde_json::Error),
    /// A balance that does not fit.
    #[error(transparent)]
    Money(#[from] vostro_types::MoneyError),
    /// A posting that does not balance: a fault of this program.
    #[error(transparent)]
    Posting(#[from] vostro_ledger::PostingError),
}

/// Classes of SQLSTATE (appendix A of the server's manual) after which trying later may help: connection exceptions,
/// transaction rollback, insufficient resources, operator intervention, system errors.
const PASSING_CLASSES: [&str; 5] = ["08", "40", "53", "57", "58"];
/// The class of a sign-in that was refused.
const SIGN_IN_CLASS: &str = "28";
/// Classes whose messages may quote a value: data exceptions.
const QUOTING_CLASS: &str = "22";

impl From<tokio_postgres::Error> for PgError {
    fn from(error: tokio_postgres::Error) -> Self {
        match error.as_db_error() {
            Some(server) => Self::Server {
                code: server.code().code().to_owned(),
                message: safe_message(server),
            },
            None => match tls::fault(&error) {
                Some(why) => Self::Encryption(why),
                None => Self::Connection(error),
            },
        }
    }
}

fn safe_message(error: &ServerError) -> String {
    match error.constraint() {
        Some(constraint) => format!("constraint {constraint}"),
        None if error.code().code().starts_with(QUOTING_CLASS) => "invalid data".to_owned(),
        None => error.message().to_owned(),
    }
}

impl From<PoolError> for PgError {
    fn from(error: PoolError) -> Self {
        match error {
            PoolError::Backend(error) | PoolError::PostCreateHook(HookError::Backend(error)) => {
                error.into()
            }
            PoolError::Timeout(_) => Self::Pool("all connections are in use".to_owned()),
            PoolError::PostCreateHook(HookError::Message(message)) => {
                Self::Pool(message.into_owned())
            }
            PoolError::Closed => Self::Pool("the store is closed".to_owned()),
            PoolError::NoRuntimeSpecified => Self::Pool("there is no runtime".to_owned()),
        }
    }
}

impl PgError {
    /// Whether trying later may help.
    pub(super) fn is_unavailable(&self) -> bool {
        match self {
            Self::Server { code, .. } => {
                PASSING_CLASSES.iter().any(|class| code.starts_with(class))
                    || [
                        SqlState::LOCK_NOT_AVAILABLE,
                        SqlState::READ_ONLY_SQL_TRANSACTION,
                    ]
                    .iter()
                    .any(|state| state.code() == code)
            }
            Self::Connection(error) => !is_own_fault(error),
            Self::Pool(_)
            | Self::Silent(_)
            | Self::Encryption(_)
            | Self::NotDurable { .. }
            | Self::Encoding(_) => true,
            _ => false,
        }
    }

    /// Whether the connection it came over is of no more use.
    pub(super) fn ends_connection(&self) -> bool {
        match self {
            Self::Connection(error) => !is_own_fault(error),
            Self::Silent(_) | Self::Encryption(_) => true,
            // Connection exceptions, and the server's or the session's shutdown.
            Self::Server { code, .. } => code.starts_with("08") || code.starts_with("57P"),
            _ => false,
        }
    }

    /// Whether a row of this key was there already.
    pub(super) fn is_taken(&self) -> bool {
        matches!(self, Self::Server { code, .. } if code == SqlState::UNIQUE_VIOLATION.code())
    }

    /// The same failure as the reason why a store does not open.
    pub(super) fn into_open_error(self) -> OpenError {
        match self {
            Self::NotDurable {
                setting,
                found,
                required,
            } => OpenError::NotDurable {
                setting,
                found,
                required,
            },
            Self::Connection(error) if takes_no_writes(&error) => OpenError::NotPrimary,
            Self::Encryption(why) => OpenError::Encryption { why },
            error @ (Self::Connection(_) | Self::Pool(_) | Self::Silent(_)) => {
                OpenError::Unreachable(Box::new(error))
            }
            Self::Server { code, message } => refused_at_the_start(code, message),
            error => OpenError::Database(Box::new(error)),
        }
    }
}

/// A server's refusal of a connection, as what the operator can do about it.
fn refused_at_the_start(code: String, message: String) -> OpenError {
    let is = |state: &SqlState| state.code() == code;
    let starting = is(&SqlState::CANNOT_CONNECT_NOW);
    let full = is(&SqlState::TOO_MANY_CONNECTIONS);
    let no_database = is(&SqlState::INVALID_CATALOG_NAME);
    let sign_in = code.starts_with(SIGN_IN_CLASS);
    let said = Box::new(PgError::Server { code, message });
    if sign_in {
        OpenError::SignIn(said)
    } else if no_database {
        OpenError::NoDatabase(said)
    } else if starting {
        OpenError::NotReady(said)
    } else if full {
        OpenError::Full(said)
    } else {
        OpenError::Database(said)
    }
}

/// Whether the library turned away from a server that only reads: it was told to find one that writes.
fn takes_no_writes(error: &tokio_postgres::Error) -> bool {
    // The library's own refusal is of this kind; one of the system carries the system's number.
    std::error::Error::source(error)
        .and_then(|source| source.downcast_ref::<std::io::Error>())
        .is_some_and(|io| {
            io.kind() == std::io::ErrorKind::PermissionDenied && io.raw_os_error().is_none()
        })
}

/// Whether the client library, not the connection, is what failed: a value that does not fit its column.
fn is_own_fault(error: &tokio_postgres::Error) -> bool {
    // The library has no kinds to ask for; a failure of input or output has such an error as its source.
    !error.is_closed()
        && std::error::Error::source(error)
            .is_some_and(|source| source.downcast_ref::<std::io::Error>().is_none())
}

impl From<PgError> for StoreError {
    fn from(error: PgError) -> Self {
        match error {
            PgError::Corrupt(what) => Self::Corrupt { what },
            error if error.is_unavailable() => Self::Unavailable(Box::new(error)),
            error => Self::Failed(Box::new(error)),
        }
    }
}

/// A command's task ended without an answer: it panicked, or the runtime is being shut down.
pub(super) fn no_answer(error: &tokio::task::JoinError) -> StoreError {
    let said = Said("a command gave no answer".to_owned());
    if error.is_panic() {
        StoreError::Failed(Box::new(said))
    } else {
        StoreError::Unavailable(Box::new(said))
    }
}
