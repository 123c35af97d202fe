//! `vostro llm ask`: one question to the language model, through the client that conversations use.

use std::io::Read as _;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use clap::{Args, Subcommand};
use serde_json::json;
use vostro_dialogue::model::{
    AnswerForm, LanguageModel as _, ModelAnswer, ModelRequest, PromptMessage, PromptText, Speaker,
};
use vostro_guardrails::{CheckRequest, Pseudonyms};
use vostro_telemetry::Metrics;
use vostro_types::CustomerId;

use super::version::print;
use crate::config::Config;
use crate::failure::Failure;
use crate::{language_model, parts};

const EXAMPLES: &str = "\
Examples:
  vostro llm ask 'What is a standing order?'
  echo 'My card is 4111 1111 1111 1111' | vostro llm ask --json";

/// The longest question, in bytes.
const QUESTION_BYTES: u64 = 64 << 10;

/// Asks the language model.
#[derive(Debug, Args)]
pub(crate) struct LlmArgs {
    #[command(subcommand)]
    command: LlmCommand,
}

#[derive(Debug, Subcommand)]
enum LlmCommand {
    /// Ask one question and print the answer. Personal data in it is replaced before it is sent, as in
    /// conversations
    #[command(after_help = EXAMPLES)]
    Ask(AskArgs),
}

/// What to ask.
#[derive(Debug, Args)]
struct AskArgs {
    /// The question; without one it is read from standard input
    question: Option<String>,
    /// Print JSON: `{model, sent, text, finish, prompt_tokens, completion_tokens, cost_micro_dollars,
    /// estimated, first_token_ms, whole_ms, attempts}`
    #[arg(long)]
    json: bool,
    /// The most tokens that the answer may have
    #[arg(long, default_value_t = 200, value_parser = clap::value_parser!(u32).range(1..=8_192))]
    max_tokens: u32,
}

/// Runs the command.
pub(crate) fn run(args: &LlmArgs, config: &Config) -> Result<ExitCode> {
    let LlmCommand::Ask(args) = &args.command;
    let question = match &args.question {
        Some(question) => question.clone(),
        None => read_question()?,
    };
    let mut names = Pseudonyms::default();
    let hidden = names.pseudonymise(&parts::engine(config)?, &question, &CheckRequest::default());
    let request = ModelRequest {
        customer: CustomerId::new("vostro-llm-ask")?,
        instructions: vec![PromptText::Written(
            "You answer questions about banking in a few sentences.",
        )],
        messages: vec![PromptMessage {
            speaker: Speaker::Customer,
            text: vec![PromptText::Hidden(hidden.clone())],
        }],
        form: AnswerForm::Text,
        max_tokens: args.max_tokens,
    };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let answer = runtime.block_on(ask(config, &request))?;
    if args.json {
        print(&format!("{:#}\n", report(&answer, hidden.as_str())))?;
    } else {
        print(&format!("{}\n", names.restore(&answer.text)))?;
    }
    Ok(ExitCode::SUCCESS)
}

fn read_question() -> Result<String> {
    let mut question = String::new();
    std::io::stdin()
        .take(QUESTION_BYTES)
        .read_to_string(&mut question)
        .context("the question cannot be read")?;
    Ok(question)
}

async fn ask(config: &Config, request: &ModelRequest) -> Result<ModelAnswer> {
    let metrics = Arc::new(Metrics::new(env!("CARGO_PKG_VERSION")));
    let client = language_model::client(config, metrics)?.ok_or_else(|| {
        let hint = "set TOGETHER_API_KEY, or llm.base_url for another server; docs/llm.md has more";
        Failure::usage("no language model is configured", hint)
    })?;
    let time = Duration::from_millis(u64::from(config.llm.answer_timeout_ms));
    let answer = client.complete(request, Instant::now() + time).await;
    answer.map_err(|error| {
        let hint = "`vostro doctor` says whether the server is reached and offers the model";
        Failure::new(error.to_string(), hint).into()
    })
}

fn report(answer: &ModelAnswer, sent: &str) -> serde_json::Value {
    json!({
        "model": answer.model,
        "sent": sent,
        "text": answer.text,
        "finish": answer.finish.name(),
        "prompt_tokens": answer.usage.prompt_tokens,
        "completion_tokens": answer.usage.completion_tokens,
        "cost_micro_dollars": answer.usage.cost_micro_dollars,
        "estimated": answer.usage.estimated,
        "first_token_ms": u64::try_from(answer.first_token.as_millis()).unwrap_or(u64::MAX),
        "whole_ms": u64::try_from(answer.whole.as_millis()).unwrap_or(u64::MAX),
        "attempts": answer.attempts,
    })
}
