//! The client against scripted servers: in the same process under a clock that stands still, except in
//! `wire.rs`, which is about sockets.
#![allow(
    clippy::unwrap_used,
    reason = "a test ends where its expectation fails"
)]

mod chain;
mod hostile;
mod limits;
mod spans;
mod support;
mod wire;
