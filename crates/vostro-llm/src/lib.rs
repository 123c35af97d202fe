//! The client of a language model behind an OpenAI-compatible HTTP interface: Together.AI, vLLM,
//! llama.cpp, Ollama and others. It implements the dialogue's port, [`vostro_dialogue::model::LanguageModel`].
//!
//! [`LlmClient`] in `client.rs` is the file to open first: a request takes a place (`places.rs`), reserves
//! what it may spend (`allowance.rs`), and is tried along the chain of models (`chain.rs`, `retry.rs`, `breaker.rs`).
//! One try is `attempt.rs`; what comes back is bounded in `events.rs`, read leniently (`chunk.rs`) and put
//! together in `assemble.rs`, all of which end in an answer or a typed error whatever a server sends.
//!
//! Left out: what a prompt says, what is done with an answer, any cache of answers, and servers with a
//! protocol of their own.

mod allowance;
mod assemble;
mod attempt;
mod breaker;
mod chain;
mod chunk;
mod client;
mod events;
mod flight;
mod job;
mod models;
mod places;
mod reader;
mod request;
mod retry;
mod settings;
mod telling;
mod transport;

pub use allowance::{Allowance, AllowanceError, Caps, InMemoryAllowance, Spend};
pub use client::{LlmClient, Means};
pub use settings::{
    Bounds, BreakerSettings, LlmSettings, ModelChoice, PlaceSettings, Price, PriceError, Retries,
    SetupError, Timeouts, check_base_url,
};
pub use transport::{Call, HttpTransport, Reply, Transport, TransportError};
