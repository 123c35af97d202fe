//! The HTTP edge from outside: tables of requests and their answers, through the routers with fakes
//! behind the ports, and over real sockets where the server itself is meant.

#![allow(
    clippy::unwrap_used,
    reason = "clippy.toml allows it in test functions, not in their helpers"
)]

mod access;
mod admin;
mod boundary;
mod channels;
mod chat;
mod clients;
mod completions;
mod conversations;
mod cors;
mod credentials;
mod customers;
mod desk;
mod documents;
mod encrypted;
mod events;
mod factor_answers;
mod guard_model;
mod idempotency;
mod idp;
mod insights;
mod knowledge;
mod limits;
mod operations;
mod policies;
mod reranking;
mod server;
mod services;
mod shared_limits;
mod smuggling;
mod statements;
mod store;
mod store_controls;
mod stored_vectors;
mod tls;
mod tokens;
mod web;
mod world;
