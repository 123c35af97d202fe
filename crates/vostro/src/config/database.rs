//! `[database]`: where the books and the conversations' memory are kept.

use std::path::PathBuf;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use vostro_store::PostgresStore;
use vostro_types::Redacted;

use super::{Problem, conceal};

/// Where the books and the conversations' memory are kept.
#[derive(Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Database {
    /// `sqlite:PATH` (a file; its folder is made), `sqlite::memory:` for a store that is gone when the
    /// process ends, or `postgres://USER:PASSWORD@HOST:PORT/DATABASE` for one that any number of
    /// processes share. The password is never shown. `sslmode` (`disable`, `prefer`, `require`, `verify-ca`,
    /// `verify-full`) and `sslrootcert` after a question mark mean what they mean to libpq; across a network
    /// that others share, `verify-full`.
    #[schemars(with = "String")]
    pub url: Redacted<String>,
    /// `SQLite`: the most commands that share one durable commit; 1 gives each its own.
    #[schemars(range(min = 1, max = 10_000))]
    pub commands_per_commit: u32,
    /// `SQLite`: the most commands that wait for the writer; beyond it the store answers "not available".
    #[schemars(range(min = 1, max = 1_000_000))]
    pub queued_commands: u32,
    /// `SQLite`: how many read-only connections there are.
    #[schemars(range(min = 1, max = 64))]
    pub readers: u32,
    /// `PostgreSQL`: the most connections of this process; those of all processes together stay below
    /// the server's `max_connections`.
    #[schemars(range(min = 1, max = 1_000))]
    pub connections: u32,
    /// `PostgreSQL`: how many milliseconds a command waits for a free connection before the store
    /// answers "not available".
    #[schemars(range(min = 1, max = 60_000))]
    pub connection_wait_ms: u32,
}

impl Default for Database {
    fn default() -> Self {
        Self {
            url: Redacted::new("sqlite:./data/vostro.db".to_owned()),
            commands_per_commit: 256,
            queued_commands: 4_096,
            readers: 4,
            connections: 16,
            connection_wait_ms: 5_000,
        }
    }
}

impl std::fmt::Debug for Database {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Database")
            .field("url", &conceal(self.url.expose()))
            .finish_non_exhaustive()
    }
}

/// A store that this build can open.
#[derive(Clone, PartialEq, Eq)]
pub(crate) enum Location {
    /// A `SQLite` file.
    File(PathBuf),
    /// `SQLite` in memory.
    Memory,
    /// A `PostgreSQL` database, by its address.
    Server(Redacted<String>),
}

impl std::fmt::Debug for Location {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::File(path) => f.debug_tuple("File").field(path).finish(),
            Self::Memory => f.write_str("Memory"),
            Self::Server(url) => f
                .debug_tuple("Server")
                .field(&conceal(url.expose()))
                .finish(),
        }
    }
}

impl Database {
    /// What the URL names, or why it cannot be used.
    pub(crate) fn location(&self) -> Result<Location, String> {
        let url = self.url.expose();
        let Some((scheme, rest)) = url.split_once(':') else {
            return Err(format!("`{}` has no scheme; {ALLOWED}", conceal(url)));
        };
        match scheme {
            "sqlite" => match rest.strip_prefix("//").unwrap_or(rest) {
                "" => Err(format!("`{url}` names no file; {ALLOWED}")),
                ":memory:" => Ok(Location::Memory),
                path if path.contains('\0') => Err(format!("a path has no U+0000; {ALLOWED}")),
                path => Ok(Location::File(PathBuf::from(path))),
            },
            "postgres" | "postgresql" => match PostgresStore::check_address(url) {
                Ok(()) => Ok(Location::Server(self.url.clone())),
                Err(reason) => Err(format!("{reason}; {ALLOWED}")),
            },
            other => Err(format!("`{other}:` is no known kind of store; {ALLOWED}")),
        }
    }

    /// The URL must name a store that this build can open.
    pub(super) fn validate(&self, problems: &mut Vec<Problem>) {
        if let Err(reason) = self.location() {
            problems.push(Problem::new("database.url", reason));
        }
    }
}

const ALLOWED: &str = "allowed: `sqlite:PATH`, `sqlite::memory:` or \
    `postgres://USER:PASSWORD@HOST:PORT/DATABASE`";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_name_a_store_or_say_why_not() {
        let file = |path: &str| Ok(Location::File(PathBuf::from(path)));
        let server = |url: &str| Ok(Location::Server(Redacted::new(url.to_owned())));
        let cases: &[(&str, Result<Location, &str>)] = &[
            ("sqlite:./data/vostro.db", file("./data/vostro.db")),
            ("sqlite:/var/lib/v.db", file("/var/lib/v.db")),
            ("sqlite://rel/v.db", file("rel/v.db")),
            ("sqlite:///abs/v.db", file("/abs/v.db")),
            ("sqlite:with space.db", file("with space.db")),
            ("sqlite::memory:", Ok(Location::Memory)),
            ("sqlite://:memory:", Ok(Location::Memory)),
            ("sqlite:", Err("names no file")),
            ("vostro.db", Err("no scheme")),
            ("", Err("no scheme")),
            (
                "postgres://u:secret@h:5433/db",
                server("postgres://u:secret@h:5433/db"),
            ),
            ("postgresql://h/db", server("postgresql://h/db")),
            ("postgres://u:secret@h:port/db", Err("postgres://")),
            (
                "postgres://u:secret@h/db?sslmode=verify-full",
                server("postgres://u:secret@h/db?sslmode=verify-full"),
            ),
            (
                "postgres://u:secret@h/db?sslmode=verify-ca",
                Err("sslrootcert=FILE"),
            ),
            ("postgres:", Err("postgres://")),
            ("mysql://h/db", Err("no known kind")),
            ("sqlite:a\0b", Err("U+0000")),
        ];
        for (url, expected) in cases {
            let found = Database {
                url: Redacted::new((*url).to_owned()),
                ..Database::default()
            }
            .location();
            match (found, expected) {
                (Ok(found), Ok(expected)) => assert_eq!(found, *expected, "{url}"),
                (Err(reason), Err(part)) => {
                    assert!(reason.contains(part), "{url}: {reason}");
                    assert!(!reason.contains("secret"), "{reason}");
                }
                (found, _) => panic!("{url}: {found:?}"),
            }
        }
    }
}
