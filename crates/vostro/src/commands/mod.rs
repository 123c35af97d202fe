//! The command line: one subcommand, one file.

mod administration;
mod api_key;
mod audit;
mod audit_log;
mod backup;
mod bench;
mod chat;
mod config;
mod core_banking;
mod customer;
mod doctor;
mod eval;
mod eval_rag;
mod eval_transcripts;
mod eval_understanding;
mod guard;
mod ingest;
mod intents;
mod ledger;
mod lines;
mod llm;
mod mcp;
mod models;
mod money;
mod openapi;
mod policy;
mod replay;
mod seed;
mod serve;
mod understand;
mod version;
mod webhooks;

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Result;
use clap::{Args, Parser, Subcommand};

use crate::config::{Effective, Override, Profile, Sources, load};

const EXAMPLES: &str = "\
Examples:
  vostro serve                        start everything on this machine, with a demo bank
  vostro chat                         talk to it in the terminal
  vostro doctor                       what is configured, reachable, missing
  vostro serve --role rag --port 9001 one role by itself
  echo 'My SSN is 123-45-6789' | vostro guard

Exit codes: 0 done; 1 could not be done, or `doctor` found a fault; 2 wrong usage or configuration.";

/// A conversational banking assistant that a bank runs itself: chat, knowledge search and guardrails
/// in one process, over an embedded database, with no key and no set-up.
#[derive(Debug, Parser)]
#[command(name = "vostro", version, about, max_term_width = 100, after_help = EXAMPLES)]
pub(crate) struct Cli {
    #[command(flatten)]
    settings: SettingArgs,
    #[command(subcommand)]
    command: Command,
}

/// Where configuration comes from.
#[derive(Debug, Args)]
#[command(next_help_heading = "Configuration")]
struct SettingArgs {
    /// The configuration file [default: vostro.toml in this directory, if there is one]
    #[arg(
        long,
        global = true,
        value_name = "FILE",
        env = "VOSTRO__CONFIG",
        hide_env_values = true
    )]
    config: Option<PathBuf>,
    /// Start from a named set of defaults
    #[arg(long, global = true, env = "VOSTRO__PROFILE", hide_env_values = true)]
    profile: Option<Profile>,
    /// Set one setting, such as `limits.requests_per_minute=500`; may be repeated
    #[arg(long, global = true, value_name = "KEY=VALUE", value_parser = setting)]
    set: Vec<Override>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Run the assistant: all roles in one process, or one of them
    Serve(serve::ServeArgs),
    /// Talk to the assistant in the terminal
    Chat(chat::ChatArgs),
    /// Make the demo bank in the configured store
    Seed(seed::SeedArgs),
    /// Say what is configured, reachable and missing
    Doctor(doctor::DoctorArgs),
    /// Print the effective configuration and where each value came from
    Config(config::ConfigArgs),
    /// Look into the books, and take transfers back
    Ledger(ledger::LedgerArgs),
    /// Stop all money commands at once, or let them go on
    Money(money::MoneyArgs),
    /// Change a policy of a running bank, with a second administrator
    Policy(policy::PolicyArgs),
    /// Look after one customer: second factor, personal data, conversations
    Customer(customer::CustomerArgs),
    /// Check texts for personal data, unsafe content and prompt injection
    Guard(guard::GuardArgs),
    /// Ask the language model a question, to see whether it is reached and what it takes
    Llm(llm::LlmArgs),
    /// Test the adapter of a core banking system, or serve a reference one
    CoreBanking(core_banking::CoreBankingArgs),
    /// Serve the bank's tools to a client of the Model Context Protocol
    Mcp(mcp::McpArgs),
    /// List, fetch and verify the files of the embedding model
    Models(models::ModelsArgs),
    /// Take files and folders into the knowledge base
    Ingest(ingest::IngestArgs),
    /// Measure how good a part of the assistant is
    Eval(eval::EvalArgs),
    /// Copy the embedded store while it is served
    Backup(backup::BackupArgs),
    /// Put a deployment under load, and judge it by its service levels
    Bench(bench::BenchArgs),
    /// Print the `OpenAPI` document
    Openapi(openapi::OpenapiArgs),
    /// List every intent that a message can be understood as
    Intents(intents::IntentsArgs),
    /// Say what messages would be understood as, one a line
    Understand(understand::UnderstandArgs),
    /// Make keys for the bank's back end and for administrators
    ApiKey(api_key::ApiKeyArgs),
    /// Look for what is wrong with a project's security: dependencies, secrets, containers, code, settings
    Audit(audit::AuditArgs),
    /// Verify, list and export the audit trail
    AuditLog(audit_log::AuditLogArgs),
    /// Decide a conversation's recorded commands again, and compare
    Replay(replay::ReplayArgs),
    /// Look after what the bank's other systems are told
    Webhooks(webhooks::WebhooksArgs),
    /// Print the version and what this build holds
    Version(version::VersionArgs),
}

/// The arguments as the command line is defined. `--set` makes a setting everywhere; after `eval`, one with a folder
/// (no `=` in it) names the set to measure on, which is `--data`.
pub(crate) fn arguments(given: impl Iterator<Item = OsString>) -> Vec<OsString> {
    let mut arguments: Vec<OsString> = given.collect();
    let Some(eval) = arguments.iter().position(|argument| argument == "eval") else {
        return arguments;
    };
    let is_folder = |text: &str| !text.is_empty() && !text.contains('=');
    for at in eval..arguments.len() {
        let text = arguments
            .get(at)
            .map(|it| it.to_string_lossy().into_owned());
        let next = arguments
            .get(at + 1)
            .map(|it| it.to_string_lossy().into_owned());
        let text = text.unwrap_or_default();
        let replaced = match text.strip_prefix("--set=") {
            Some(folder) if is_folder(folder) => format!("--data={folder}"),
            None if text == "--set" && next.is_some_and(|next| is_folder(&next)) => "--data".into(),
            _ => continue,
        };
        if let Some(argument) = arguments.get_mut(at) {
            *argument = replaced.into();
        }
    }
    arguments
}

/// Carries out what the command line asks for.
pub(crate) fn run(cli: Cli) -> Result<ExitCode> {
    let settings = cli.settings;
    match cli.command {
        Command::Serve(args) => serve::run(&args, &settings.load(args.overrides())?),
        Command::Chat(args) => chat::run(args, || settings.load(Vec::new())),
        Command::Seed(args) => seed::run(&args, &settings.load(args.overrides())?.config),
        Command::Doctor(args) => doctor::run(&args, settings.load(Vec::new())),
        Command::Config(args) => config::run(&args, || settings.load(Vec::new())),
        Command::Ledger(args) => ledger::run(&args, &settings.load(Vec::new())?.config),
        Command::Money(args) => money::run(&args, &settings.load(Vec::new())?.config),
        Command::Policy(args) => policy::run(&args, &settings.load(Vec::new())?.config),
        Command::Customer(args) => customer::run(&args, &settings.load(Vec::new())?.config),
        Command::Guard(args) => guard::run(&args, &settings.load(Vec::new())?.config),
        Command::Llm(args) => llm::run(&args, &settings.load(Vec::new())?.config),
        Command::CoreBanking(args) => core_banking::run(&args, &settings.load(Vec::new())?.config),
        Command::Mcp(args) => mcp::run(&args),
        Command::Models(args) => models::run(&args, &settings.load(Vec::new())?.config),
        Command::Ingest(args) => ingest::run(&args, &settings.load(args.overrides())?.config),
        Command::Eval(args) => eval::run(&args, &settings.load(Vec::new())?.config),
        Command::Backup(args) => backup::run(&args, &settings.load(Vec::new())?.config),
        Command::Bench(args) => bench::run(args),
        Command::Openapi(args) => openapi::run(&args),
        Command::Intents(args) => intents::run(&args),
        Command::Understand(args) => understand::run(&args, &settings.load(Vec::new())?.config),
        Command::ApiKey(args) => api_key::run(&args),
        Command::Audit(args) => audit::run(&args, || Ok(settings.load(Vec::new())?.config)),
        Command::AuditLog(args) => audit_log::run(&args, &settings.load(args.overrides())?.config),
        Command::Replay(args) => replay::run(&args, &settings.load(args.overrides())?.config),
        Command::Webhooks(args) => webhooks::run(&args, &settings.load(Vec::new())?.config),
        Command::Version(args) => version::run(&args),
    }
}

impl SettingArgs {
    /// Reads the configuration; `more` are the settings that the command's own flags make.
    fn load(&self, more: Vec<Override>) -> Result<Effective> {
        let usual = Path::new("vostro.toml");
        let file = self
            .config
            .clone()
            .or_else(|| usual.is_file().then(|| usual.to_owned()));
        // Variables that are no Unicode cannot be a setting's value; their names are told by `load`.
        let environment = std::env::vars_os()
            .map(|(name, value)| {
                (
                    name.to_string_lossy().into_owned(),
                    value.to_string_lossy().into_owned(),
                )
            })
            .collect();
        let overrides = self.set.iter().cloned().chain(more).collect();
        Ok(load(&Sources {
            file,
            profile: self.profile,
            environment,
            overrides,
        })?)
    }
}

fn setting(text: &str) -> Result<Override, String> {
    let (key, value) = text
        .split_once('=')
        .ok_or("write it as KEY=VALUE, such as `server.rag_port=9001`")?;
    Ok(Override {
        key: key.trim().to_owned(),
        value: value.to_owned(),
        flag: "--set".to_owned(),
    })
}

/// A setting that a flag of a command makes.
fn flag(flag: &str, key: &str, value: &(impl ToString + ?Sized)) -> Override {
    Override {
        key: key.to_owned(),
        value: value.to_string(),
        flag: flag.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_of_eval_is_a_folder_and_elsewhere_a_setting() {
        let read = |line: &str| {
            let words = arguments(line.split(' ').map(OsString::from)).into_iter();
            words
                .map(|word| word.into_string().unwrap())
                .collect::<Vec<_>>()
                .join(" ")
        };
        for (given, expected) in [
            ("vostro eval rag --set DIR", "vostro eval rag --data DIR"),
            (
                "vostro eval rag --set=DIR --json",
                "vostro eval rag --data=DIR --json",
            ),
            (
                "vostro eval rag --set a.b=1 --set DIR",
                "vostro eval rag --set a.b=1 --data DIR",
            ),
            ("vostro eval rag --set=a.b=1", "vostro eval rag --set=a.b=1"),
            ("vostro --set DIR eval rag", "vostro --set DIR eval rag"),
            ("vostro serve --set DIR", "vostro serve --set DIR"),
            ("vostro eval rag --set", "vostro eval rag --set"),
        ] {
            assert_eq!(read(given), expected);
        }
    }
}
