//! The configuration: a struct per section, put together from layers and checked before use.
//!
//! Layers, later ones win: defaults, a named profile, the file (`--config`, else `./vostro.toml` if
//! there is one), environment variables `VOSTRO__SECTION__KEY`, flags. The structs are the only
//! description: defaults, ranges, help texts, the reference page and the checks all come from them.
//! Deliberately absent: reading secrets from files, reloading while running, and any default that
//! differs by machine.

mod api_keys;
mod audit;
mod auth;
mod bank;
mod calendar;
mod channels;
mod core_banking;
mod database;
mod demo;
mod dialogue;
mod embedding;
mod guardrails;
mod knowledge;
mod layers;
mod limits;
mod llm;
mod log;
mod problem;
mod profile;
#[cfg(test)]
mod promises;
mod reference;
mod reranking;
mod schema;
mod server;
mod services;
mod show;
mod step_up;
mod traces;
mod webhooks;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub(crate) use api_keys::ApiKeyEntry;
pub(crate) use auth::AuthMode;
pub(crate) use channels::Gateway;
pub(crate) use database::Location;
pub(crate) use knowledge::VectorPlace;
pub(crate) use layers::{Effective, Override, Sources, load};
pub(crate) use limits::Limits;
pub(crate) use log::LogFormat;
pub(crate) use problem::{ConfigError, Problem};
pub(crate) use profile::Profile;
pub(crate) use reference::reference;
pub(crate) use services::{check_http_url, check_url};
pub(crate) use show::{conceal, to_json, to_toml};

/// The whole configuration.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Config {
    /// Where the roles listen, and how they stop.
    pub server: server::Server,
    /// Where the books and the conversations' memory are kept.
    pub database: database::Database,
    /// Who may talk to the assistant.
    pub auth: auth::Auth,
    /// What the bank's rules are: currency, calendar day, limits on money.
    pub bank: bank::Bank,
    /// When a second factor is asked for, and what it is checked with. Nothing is asked for by default; a customer
    /// who has no second factor cannot do here what needs one.
    pub step_up: step_up::StepUp,
    /// On which days and until which hour the bank settles with others.
    pub calendar: calendar::Calendar,
    /// How the audit trail is sealed.
    pub audit: audit::Audit,
    /// How much one caller may ask for.
    pub limits: limits::Limits,
    /// The conversation.
    pub dialogue: dialogue::Dialogue,
    /// The checks on every text that goes in or out.
    pub guardrails: guardrails::Guardrails,
    /// The articles that answers about the bank come from.
    pub knowledge: knowledge::Knowledge,
    /// The model that tells how near texts are in meaning.
    pub embedding: embedding::Embedding,
    /// A model of the bank's choice that puts the best passages of a search into another order. Without a folder
    /// there is none.
    pub reranking: reranking::Reranking,
    /// The language model. Without a key or an address there is none, and nothing leaves this machine.
    pub llm: llm::Llm,
    /// The demo bank of the sandbox.
    pub demo: demo::Demo,
    /// What the process writes about its own work. Never message text, never account numbers.
    pub log: log::Log,
    /// Traces for an OpenTelemetry collector.
    pub traces: traces::Traces,
    /// Where a concierge that runs alone finds the other two roles.
    pub services: services::Services,
    /// The bank's own ledger, where it keeps one.
    pub core_banking: core_banking::CoreBanking,
    /// The bank's systems that are told what happened.
    pub webhooks: webhooks::Webhooks,
    /// Where customers write beside the bank's own pages.
    pub channels: channels::Channels,
}

impl Config {
    /// Everything that ranges and types cannot say. Each section checks itself; what spans several is
    /// checked here.
    pub(crate) fn validate(&self) -> Vec<Problem> {
        let mut problems = Vec::new();
        self.server.validate(&mut problems);
        self.database.validate(&mut problems);
        self.auth.validate(&mut problems);
        self.bank.validate(&mut problems);
        self.step_up.validate(&self.bank.currency, &mut problems);
        self.calendar.validate(&mut problems);
        self.audit.validate(&mut problems);
        self.limits.validate(&mut problems);
        self.dialogue.validate(&mut problems);
        self.guardrails.validate(&mut problems);
        self.knowledge.validate(&self.database, &mut problems);
        self.embedding.validate(&mut problems);
        self.reranking.validate(&mut problems);
        self.llm.validate(&mut problems);
        self.demo.validate(&mut problems);
        self.log.validate(&mut problems);
        self.traces.validate(&mut problems);
        self.services.validate(&mut problems);
        self.core_banking.validate(&mut problems);
        self.webhooks.validate(&mut problems);
        let addresses = self.webhooks.addresses();
        self.channels.validate(addresses, &mut problems);
        if self.demo.enabled && self.auth.mode != AuthMode::Sandbox {
            problems.push(Problem::new(
                "demo.enabled",
                "the demo bank is the sandbox's: it opens a portfolio for anybody; set it to `false`, as auth.mode is not `sandbox`",
            ));
        }
        if self.core_banking.url.is_some() && self.bank.new_payee_hold > 0 {
            problems.push(Problem::new(
                "bank.new_payee_hold",
                "cannot be kept beside core_banking.url: how long money waits is the core's to say",
            ));
        }
        // The books here have no such customer: a factor could not be given, and a day's sum would stay at nothing.
        let step_up = self.step_up.rules(&self.bank.currency);
        if self.core_banking.url.is_some() && step_up.is_ok_and(|it| it.policy.is_active()) {
            problems.push(Problem::new(
                "step_up",
                "cannot be asked for beside core_banking.url: the core's customers have no second factor here",
            ));
        }
        problems
    }
}

/// A setting as a size; settings are far below what a `usize` holds.
pub(crate) fn size(setting: u32) -> usize {
    usize::try_from(setting).unwrap_or(usize::MAX)
}
