//! The `vostro` binary: one process for any of the three roles, and the tools around it.
//!
//! Here the configuration is read, the other crates are put together and the process begins and
//! ends; what the assistant does is in them. Open `config/mod.rs` for settings, `parts.rs`
//! and `roles.rs` for how things are put together and `commands/` for one file per subcommand.

mod audit_key;
mod channels;
mod commands;
mod config;
mod corpus;
mod edge_settings;
mod failure;
mod keeper;
mod key_file;
mod language_model;
mod late_embedder;
mod parts;
mod policies;
mod reranker;
mod roles;
mod tls;
mod vectors;
mod webhooks;

use std::process::ExitCode;

use clap::Parser;

fn main() -> ExitCode {
    let arguments = commands::arguments(std::env::args_os());
    match commands::run(commands::Cli::parse_from(arguments)) {
        Ok(code) => code,
        Err(error) => failure::report(&error),
    }
}
