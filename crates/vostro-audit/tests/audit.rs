//! Sealing and verifying over both stores: every kind of tampering behind the store's back is named.
//!
//! `PostgreSQL` is the server of `VOSTRO_TEST_DATABASE_URL`; without it those tests say that they were skipped,
//! with `VOSTRO_REQUIRE_POSTGRES` set they fail.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

#[path = "audit/bench.rs"]
mod bench;
#[path = "audit/large.rs"]
mod large;
#[path = "audit/replicas.rs"]
mod replicas;
#[path = "audit/tampering.rs"]
mod tampering;
