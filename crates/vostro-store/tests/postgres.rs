//! The `PostgreSQL` driver on a real server, a database of its own for each test.
//!
//! The server is the one of `VOSTRO_TEST_DATABASE_URL`; `scripts/test-postgres.sh run cargo test …` brings
//! one. Without it every test says that it was skipped; with `VOSTRO_REQUIRE_POSTGRES` set it fails.
#![cfg(feature = "postgres")]
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

#[path = "postgres/conformance.rs"]
mod conformance;
#[path = "postgres/database.rs"]
mod database;
#[path = "fixtures/mod.rs"]
mod fixtures;
#[path = "postgres/guards.rs"]
mod guards;
#[path = "postgres/opening.rs"]
mod opening;
#[path = "postgres/own_server.rs"]
mod own_server;
#[path = "postgres/refused_starts.rs"]
mod refused_starts;
#[path = "postgres/replicas.rs"]
mod replicas;
#[path = "postgres/rules.rs"]
mod rules;
#[path = "postgres/tls.rs"]
mod tls;
#[path = "postgres/upgrade.rs"]
mod upgrade;
#[path = "postgres/vectors.rs"]
mod vectors;
