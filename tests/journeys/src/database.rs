//! A fresh `PostgreSQL` database for one journey, on the server of `VOSTRO_TEST_DATABASE_URL`.

use std::sync::atomic::{AtomicU32, Ordering};

use tokio_postgres::NoTls;

/// Dropped with everything in it when it goes.
#[derive(Debug)]
pub struct Database {
    server: String,
    name: String,
}

impl Database {
    /// `None`, which is said, where tests have no server.
    pub async fn create() -> Option<Self> {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let Ok(server) = std::env::var("VOSTRO_TEST_DATABASE_URL") else {
            eprintln!("skipped: VOSTRO_TEST_DATABASE_URL is not set");
            return None;
        };
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = format!("vostro_journey_{}_{count}", std::process::id());
        run(&server, &format!("CREATE DATABASE {name}")).await;
        Some(Self { server, name })
    }

    /// Its address, as `database.url` takes it.
    pub fn url(&self) -> String {
        let (base, _) = self
            .server
            .rsplit_once('/')
            .expect("an address ends in a database");
        format!("{base}/{}", self.name)
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        let statement = format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name);
        let server = self.server.clone();
        let dropping = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .expect("a runtime can be made");
            runtime.block_on(run(&server, &statement));
        });
        dropping.join().ok();
    }
}

async fn run(server: &str, statement: &str) {
    let (client, connection) = tokio_postgres::connect(server, NoTls)
        .await
        .expect("the server takes connections");
    tokio::spawn(connection);
    client
        .batch_execute(statement)
        .await
        .expect("the statement runs");
}
