//! A core banking system over HTTP: so that a bank keeps its own ledger.
//!
//! ```text
//! concierge ─► CoreBankedStore ─► carry_out ─► CoreBanking (port) ◄─ HttpCore ── HTTP ──► the bank's adapter
//!                                                            reference_router ─► a Vostro store
//! ```
//!
//! Money moves in two phases under one key that derives from the customer's confirmation: placed (held), then
//! posted or voided. Every command may be given again under its key and has one effect, so an answer that was
//! lost is asked for again, and never guessed. What comes back is compared with what was ordered before anything
//! is posted. The order of files: `contract.rs` (what goes over the wire), `port.rs`, `http.rs` (the client),
//! `carry_out.rs` (a movement from the order to its end), `store.rs` (the bank's port over a core), `reference.rs` (an adapter to learn from),
//! `conformance/` (the suite that an integrator runs). `docs/core-banking.md` is the contract in words.

mod carry_out;
pub mod conformance;
mod contract;
mod foreseen;
mod forward;
mod http;
mod port;
mod reference;
mod store;

pub use carry_out::{Ended, Patience, carry_out};
pub use contract::{PROBLEM_JSON, Posted, TransferKey, TransferOrder, TransferState};
pub use http::{CoreSettings, HttpCore, SetupError};
pub use port::{Breach, CoreBanking, CoreError};
pub use reference::reference_router;
pub use store::CoreBankedStore;
