//! Why a store does not open, and how a driver's failures become the port's.

use std::path::PathBuf;

use vostro_bank::StoreError;

/// Why a store was not opened. Each says what to do about it.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The file or its folder cannot be used.
    #[error("the database {path} cannot be opened: check that the folder exists and is writable")]
    File {
        /// The database.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: std::io::Error,
    },
    /// Another process, or another store in this one, has it open.
    #[error("the database {path} is in use: stop the other process, or give this one its own file")]
    InUse {
        /// The database.
        path: PathBuf,
    },
    /// The file is something else.
    #[error("{path} is not a database of this program: give another path")]
    NotADatabase {
        /// The file.
        path: PathBuf,
    },
    /// The database was migrated by a later version of this program.
    #[error(
        "the database has schema version {found}, this program knows up to {known}: use the newer program"
    )]
    Newer {
        /// The database's version.
        found: i64,
        /// The latest version that this program knows.
        known: i64,
    },
    /// The database waits for a migration, and is only to be read.
    #[error(
        "the database has schema version {found}, this program reads {known}: start `vostro serve` once, which migrates it"
    )]
    Older {
        /// The database's version.
        found: i64,
        /// The version that this program reads.
        known: i64,
    },
    /// A migration that was applied is not the one that this program ships.
    #[error("the database's migration history is not this program's")]
    History(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// A setting without which an acknowledged transfer could be lost.
    #[error("the database would not be durable: {setting} is {found}, it must be {required}")]
    NotDurable {
        /// The setting.
        setting: &'static str,
        /// Its value.
        found: String,
        /// The value that it needs.
        required: &'static str,
    },
    /// The database's address cannot be read. Its text is not repeated: it may hold a password.
    #[error("the database's address is not one of PostgreSQL: {why}")]
    Address {
        /// What is wrong with it.
        why: String,
    },
    /// The connection is not encrypted as its address asks.
    #[error("the connection to the database cannot be encrypted as asked: {why}")]
    Encryption {
        /// What is in the way.
        why: String,
    },
    /// The database server does not answer.
    #[error("the database server cannot be reached: check its address and that it runs")]
    Unreachable(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The database server does not let this user in, from here, with this password.
    #[error(
        "the database server refuses the sign-in: check the user, the password and what the server allows"
    )]
    SignIn(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The server has no such database.
    #[error(
        "the database server has no such database: create it, or give the name of one that is there"
    )]
    NoDatabase(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The server is starting up, recovering or shutting down.
    #[error(
        "the database server takes no connections yet: it is starting, recovering or stopping; try again in a moment"
    )]
    NotReady(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The server's connections are all taken.
    #[error(
        "the database server has no connection left: raise its max_connections, or let each process have fewer"
    )]
    Full(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The server is a standby, or was made read-only.
    #[error(
        "the database server only reads: it is a standby or in recovery; give the primary's address"
    )]
    NotPrimary,
    /// The database failed otherwise.
    #[error("the database failed while it was opened")]
    Database(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// Why a command or a read failed inside the driver.
#[derive(Debug, thiserror::Error)]
pub(crate) enum DbError {
    /// `SQLite`'s own word.
    #[error(transparent)]
    Sqlite(#[from] rusqlite::Error),
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
    /// The command panicked; what it wrote was rolled back.
    #[error("a command panicked")]
    Panicked,
}

/// A failure text that several answers share.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{0}")]
pub(crate) struct Said(pub(crate) String);

impl DbError {
    /// Whether trying later may help: the file is locked, the disk full or failing.
    pub(crate) fn is_unavailable(&self) -> bool {
        use rusqlite::ErrorCode as Code;
        let Self::Sqlite(error) = self else {
            return false;
        };
        matches!(
            error.sqlite_error_code(),
            Some(
                Code::DatabaseBusy
                    | Code::DatabaseLocked
                    | Code::DiskFull
                    | Code::SystemIoFailure
                    | Code::CannotOpen
                    | Code::OperationInterrupted
            )
        )
    }
}

impl From<DbError> for StoreError {
    fn from(error: DbError) -> Self {
        match error {
            DbError::Corrupt(what) => Self::Corrupt { what },
            error if error.is_unavailable() => Self::Unavailable(Box::new(error)),
            error => Self::Failed(Box::new(error)),
        }
    }
}

/// The store cannot answer now, in these words.
pub(crate) fn unavailable(why: impl Into<String>) -> StoreError {
    StoreError::Unavailable(Box::new(Said(why.into())))
}
