//! An OpenAI-compatible server that does as a script says, and looks closely at what it is sent.
//!
//! For tests only. [`ScriptedServer`] answers requests with [`Act`]s in their order: good answers in any
//! cutting, and everything that a server can do wrong. Every request is held against the protocol; what
//! breaks it is in [`ScriptedServer::violations`], which a test asserts to be empty. The server can be
//! called in the same process through [`ScriptedServer::transport`], without sockets and therefore exactly
//! under tokio's paused clock, or be given a port of this machine by [`ScriptedServer::listen`].
//! [`RawServer`] speaks bytes, for what no HTTP library would send.
//!
//! Left out: any understanding of what is asked.
#![allow(
    clippy::unwrap_used,
    reason = "a failed expectation of a test's own means ends the test"
)]

mod act;
mod check;
mod raw;
mod server;
mod transport;

pub use act::{Act, Step, call_piece, chunk, done, finish, usage, words};
pub use check::check;
pub use raw::{RawServer, RawStep};
pub use server::{Listening, ScriptedServer};
pub use transport::RouterTransport;
