//! A language model in the whole turn: a scripted one, in this process, that helps, fails, or does its worst.
//!
//! - `turns.rs`: what it is asked, what is taken, what leaves as events;
//! - `noninterference.rs`: whatever it says, no money moves without its customer's yes and no false claim is made;
//! - `injections.rs`: orders hidden in payees, memos, bills and articles change nothing;
//! - `canaries.rs`: planted personal data never reaches it, nor a log;
//! - `briefing.rs`: what it tells a colleague of a conversation;
//! - `cache.rs`: two customers and one response cache, without a byte of one in the other's replies.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test fails by panicking"
)]

mod bench;
mod briefing;
mod cache;
mod canaries;
mod injections;
mod noninterference;
mod scripted;
mod turns;
