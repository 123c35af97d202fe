//! The port's suite on the `SQLite` driver: over a file, and in memory.
#![allow(clippy::unwrap_used, reason = "tests")]

use async_trait::async_trait;
use tempfile::TempDir;
use vostro_bank::Store;
use vostro_ledger::Calendar;
use vostro_store::{SqliteStore, StoreConfig};
use vostro_testkit::store_conformance::{Backend, Setup};

fn config(setup: Setup) -> StoreConfig {
    StoreConfig {
        limits: setup.limits,
        calendar: Calendar::every_day(setup.time_zone),
        clock: setup.clock,
        entropy: setup.entropy,
        demo_customers: true,
        money_stopped: false,
    }
}

mod file {
    use super::*;

    struct OnFile {
        store: SqliteStore,
        _folder: TempDir,
    }

    #[async_trait]
    impl Backend for OnFile {
        async fn open(setup: Setup) -> Self {
            let folder = tempfile::tempdir().unwrap();
            let store = SqliteStore::open(folder.path().join("bank.db"), config(setup)).unwrap();
            Self {
                store,
                _folder: folder,
            }
        }

        fn store(&self) -> &dyn Store {
            &self.store
        }
    }

    vostro_testkit::store_conformance!(OnFile);
}

mod memory {
    use super::*;

    struct InMemory(SqliteStore);

    #[async_trait]
    impl Backend for InMemory {
        async fn open(setup: Setup) -> Self {
            Self(SqliteStore::open(":memory:", config(setup)).unwrap())
        }

        fn store(&self) -> &dyn Store {
            &self.0
        }
    }

    vostro_testkit::store_conformance!(InMemory);
}
