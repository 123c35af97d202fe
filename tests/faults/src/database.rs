//! A database for one test, on the server that the environment names; dropped afterwards.

use std::sync::atomic::{AtomicU32, Ordering};

use tokio_postgres::{Client, Config, NoTls};

/// The test server's address, or why there is none.
///
/// # Panics
/// When there is none and `VOSTRO_REQUIRE_POSTGRES` is set.
pub fn server_url() -> Result<String, String> {
    let found = std::env::var("VOSTRO_TEST_DATABASE_URL")
        .map_err(|_| "no PostgreSQL: run it by scripts/test-postgres.sh run …".to_owned());
    assert!(
        found.is_ok() || std::env::var_os("VOSTRO_REQUIRE_POSTGRES").is_none(),
        "PostgreSQL is required"
    );
    found
}

/// A fresh, empty database.
#[derive(Debug)]
pub struct Database {
    server: Config,
    base: String,
    name: String,
}

impl Database {
    /// Creates one, or says why not.
    pub async fn create() -> Result<Self, String> {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let url = server_url()?;
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = format!("vostro_faults_{}_{count}", std::process::id());
        let server: Config = url.parse().unwrap();
        let admin = connect(&server).await;
        let statement = format!("CREATE DATABASE {name}");
        admin.batch_execute(&statement).await.unwrap();
        let (base, _) = url.rsplit_once('/').expect("an address ends in a database");
        Ok(Self {
            server,
            base: base.to_owned(),
            name,
        })
    }

    /// Its address.
    pub fn url(&self) -> String {
        format!("{}/{}", self.base, self.name)
    }

    /// Its address by way of somebody who listens on a local port.
    pub fn url_by(&self, port: u16) -> String {
        format!("postgres://vostro@127.0.0.1:{port}/{}", self.name)
    }

    /// A client of its own, for what no command does.
    pub async fn client(&self) -> Client {
        let mut config = self.server.clone();
        connect(config.dbname(&self.name)).await
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        let (server, name) = (self.server.clone(), self.name.clone());
        // The test's runtime may be ending.
        let dropping = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread();
            let runtime = { runtime }.enable_all().build().unwrap();
            runtime.block_on(async {
                let statement = format!("DROP DATABASE {name} WITH (FORCE)");
                let _ = connect(&server).await.batch_execute(&statement).await;
            });
        });
        let _ = dropping.join();
    }
}

pub(crate) async fn connect(config: &Config) -> Client {
    let (client, connection) = config.connect(NoTls).await.unwrap();
    tokio::spawn(connection);
    client
}
