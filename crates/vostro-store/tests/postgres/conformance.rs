//! The port's suite on the `PostgreSQL` driver.

use async_trait::async_trait;
use vostro_bank::Store;
use vostro_ledger::Calendar;
use vostro_store::{PostgresStore, StoreConfig};
use vostro_testkit::store_conformance::{Backend, Setup};

use crate::database::{self, Database};

struct OnServer {
    store: PostgresStore,
    _database: Database,
}

#[async_trait]
impl Backend for OnServer {
    fn missing() -> Option<String> {
        database::server().err()
    }

    async fn open(setup: Setup) -> Self {
        let database = Database::create().await;
        let config = StoreConfig {
            limits: setup.limits,
            calendar: Calendar::every_day(setup.time_zone),
            clock: setup.clock,
            entropy: setup.entropy,
            demo_customers: true,
            money_stopped: false,
        };
        Self {
            store: database.store(config).await,
            _database: database,
        }
    }

    fn store(&self) -> &dyn Store {
        &self.store
    }
}

vostro_testkit::store_conformance!(OnServer);
