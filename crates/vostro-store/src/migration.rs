//! What the drivers' migrations have in common: reading the list, and why a run of them failed.

use refinery::error::Kind;
use refinery::{Error, Migration};

use crate::error::OpenError;

/// The migrations of a driver, and the version that the last of them makes.
pub(crate) struct Known {
    /// Ready to be run.
    pub(crate) migrations: Vec<Migration>,
    /// The highest number. Numbers may have gaps: they are given out before the work is done.
    pub(crate) latest: i64,
}

impl Known {
    /// Reads a driver's list of names and texts.
    pub(crate) fn from_list(list: &[(&str, &str)]) -> Result<Self, OpenError> {
        let migrations = list
            .iter()
            .map(|(name, sql)| Migration::unapplied(name, sql))
            .collect::<Result<Vec<_>, _>>()
            .map_err(failed)?;
        let latest = migrations
            .iter()
            .map(|migration| i64::from(migration.version()))
            .max()
            .unwrap_or_default();
        Ok(Self { migrations, latest })
    }

    /// Refuses a database that a later version of this program has migrated.
    pub(crate) fn refuse_newer(&self, found: i64) -> Result<(), OpenError> {
        if found > self.latest {
            return Err(OpenError::Newer {
                found,
                known: self.latest,
            });
        }
        Ok(())
    }
}

/// A run that failed: the database's history is another, or the database refused a statement.
pub(crate) fn failed(error: Error) -> OpenError {
    match error.kind() {
        Kind::Connection(..) => OpenError::Database(Box::new(error)),
        _ => OpenError::History(Box::new(error)),
    }
}
