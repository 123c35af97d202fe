//! Connections: how the file is opened, claimed and made durable, and what is refused.
//!
//! A database file belongs to one store at a time. The claim is a lock on a file beside it (not on the
//! database itself, whose locks are `SQLite`'s own and would be dropped with any second handle), held as
//! long as the store is open and released by the system when the process dies.

use std::fs::{File, OpenOptions, TryLockError};
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, ErrorCode, OpenFlags};

use crate::error::OpenError;

/// `PRAGMA application_id` of a database of this program: the bytes `VSTR`.
const APPLICATION_ID: i64 = 0x5653_5452;
/// What the writer's connection is set to, and [`check_durable`] demands.
pub(super) const DURABLE: [(&str, &str); 2] = [("journal_mode", "wal"), ("synchronous", "full")];
/// Pages in the log (64 MB) at which the next commit copies them into the database. A page that many transfers
/// change is copied once: at `SQLite`'s own 1,000 a slow disk did nearly nothing else.
const CHECKPOINT_PAGES: i64 = 16_000;
/// How long a connection waits for another's lock.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);
/// More than all statements, so that each is prepared once for a connection.
const CACHED_STATEMENTS: usize = 256;

/// The claim on a database file; dropping it gives the file free.
#[derive(Debug)]
pub(super) struct FileClaim {
    _lock: File,
}

/// Claims a database file for this store, and creates it, readable to its owner alone, if there is none.
pub(super) fn claim(path: &Path) -> Result<FileClaim, OpenError> {
    let failed = |source| OpenError::File {
        path: path.to_owned(),
        source,
    };
    if let Some(folder) = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty())
    {
        std::fs::create_dir_all(folder).map_err(failed)?;
    }
    let lock = open_private(&lock_path(path)).map_err(failed)?;
    match lock.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => {
            return Err(OpenError::InUse {
                path: path.to_owned(),
            });
        }
        Err(TryLockError::Error(source)) => return Err(failed(source)),
    }
    if !path.exists() {
        open_private(path).map_err(failed)?;
    }
    Ok(FileClaim { _lock: lock })
}

fn lock_path(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".lock");
    PathBuf::from(name)
}

fn open_private(path: &Path) -> std::io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// Opens the one connection that writes, with durable settings, and refuses a file that is not ours.
pub(super) fn open_writer(path: &Path) -> Result<Connection, OpenError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection =
        Connection::open_with_flags(path, flags).map_err(|error| named(path, error))?;
    check_ours(&connection, path)?;
    connection
        .execute_batch("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;")
        .map_err(|error| named(path, error))?;
    // A savepoint's undo pages stay in memory: they are of no use after a crash.
    connection
        .execute_batch("PRAGMA temp_store = MEMORY;")
        .map_err(|error| named(path, error))?;
    connection
        .pragma_update(None, "wal_autocheckpoint", CHECKPOINT_PAGES)
        .map_err(|error| named(path, error))?;
    // On systems where a plain fsync leaves the data in the drive's cache.
    connection
        .execute_batch("PRAGMA fullfsync = ON; PRAGMA checkpoint_fullfsync = ON;")
        .map_err(|error| named(path, error))?;
    settle(&connection).map_err(|error| named(path, error))?;
    check_durable(&connection)?;
    #[cfg(feature = "fail-points")]
    let connection = {
        let mut connection = connection;
        crate::fail_points::watch(&mut connection).map_err(|error| named(path, error))?;
        connection
    };
    Ok(connection)
}

/// Opens a read-only connection.
pub(super) fn open_reader(path: &Path) -> Result<Connection, OpenError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection =
        Connection::open_with_flags(path, flags).map_err(|error| named(path, error))?;
    settle(&connection).map_err(|error| named(path, error))?;
    Ok(connection)
}

/// Opens a database in memory: for tests and trials, durable no longer than the process.
pub(super) fn open_memory() -> Result<Connection, OpenError> {
    let connection =
        Connection::open_in_memory().map_err(|error| OpenError::Database(Box::new(error)))?;
    settle(&connection).map_err(|error| OpenError::Database(Box::new(error)))?;
    Ok(connection)
}

fn settle(connection: &Connection) -> Result<(), rusqlite::Error> {
    connection.busy_timeout(BUSY_TIMEOUT)?;
    // A plan never depends on the values bound to it. Without this, a statement whose parameter is compared with a
    // column of a partial index is compiled anew at every binding: a fifth of the writer's time.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    connection.set_prepared_statement_cache_capacity(CACHED_STATEMENTS);
    connection.execute_batch("PRAGMA foreign_keys = ON; PRAGMA trusted_schema = OFF;")
}

/// Runs a statement without parameters or rows that is compiled once for a connection.
pub(super) fn run_cached(connection: &Connection, statement: &str) -> rusqlite::Result<()> {
    connection.prepare_cached(statement)?.execute([]).map(drop)
}

/// A fresh file is ours to fill; any other must carry our application id.
pub(super) fn check_ours(connection: &Connection, path: &Path) -> Result<(), OpenError> {
    let pragma = |name| connection.pragma_query_value(None, name, |row| row.get::<_, i64>(0));
    let id = pragma("application_id").map_err(|error| named(path, error))?;
    let schema = pragma("schema_version").map_err(|error| named(path, error))?;
    if id == APPLICATION_ID || (id == 0 && schema == 0) {
        return Ok(());
    }
    Err(OpenError::NotADatabase {
        path: path.to_owned(),
    })
}

/// Refuses settings under which an acknowledged commit could be lost.
pub(super) fn check_durable(connection: &Connection) -> Result<(), OpenError> {
    let number = |name| {
        connection
            .pragma_query_value(None, name, |row| row.get::<_, i64>(0))
            .map_err(|error| OpenError::Database(Box::new(error)))
    };
    let journal: String = connection
        .pragma_query_value(None, "journal_mode", |row| row.get(0))
        .map_err(|error| OpenError::Database(Box::new(error)))?;
    if !journal.eq_ignore_ascii_case("wal") {
        return Err(not_durable("journal_mode", journal, "wal"));
    }
    let synchronous = number("synchronous")?;
    if synchronous < 2 {
        return Err(not_durable(
            "synchronous",
            synchronous.to_string(),
            "2 (FULL)",
        ));
    }
    let foreign_keys = number("foreign_keys")?;
    if foreign_keys != 1 {
        return Err(not_durable(
            "foreign_keys",
            foreign_keys.to_string(),
            "1 (ON)",
        ));
    }
    Ok(())
}

fn not_durable(setting: &'static str, found: String, required: &'static str) -> OpenError {
    OpenError::NotDurable {
        setting,
        found,
        required,
    }
}

fn named(path: &Path, error: rusqlite::Error) -> OpenError {
    let path = path.to_owned();
    match error.sqlite_error_code() {
        Some(ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt) => {
            OpenError::NotADatabase { path }
        }
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => OpenError::InUse { path },
        Some(ErrorCode::CannotOpen | ErrorCode::PermissionDenied | ErrorCode::ReadOnly) => {
            OpenError::File {
                path,
                source: std::io::Error::other(error),
            }
        }
        _ => OpenError::Database(Box::new(error)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weak_settings_are_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("books.db");
        let _claim = claim(&path).unwrap();
        let connection = open_writer(&path).unwrap();
        let cases = [
            ("PRAGMA synchronous = OFF", "synchronous"),
            ("PRAGMA synchronous = NORMAL", "synchronous"),
            ("PRAGMA foreign_keys = OFF", "foreign_keys"),
            ("PRAGMA journal_mode = DELETE", "journal_mode"),
        ];
        for (weaken, named) in cases {
            connection
                .execute_batch("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;")
                .unwrap();
            check_durable(&connection).unwrap();
            connection.execute_batch(weaken).unwrap();
            match check_durable(&connection) {
                Err(OpenError::NotDurable { setting, .. }) => {
                    assert_eq!(setting, named, "{weaken}");
                }
                other => panic!("{weaken}: {other:?}"),
            }
        }
    }
}
