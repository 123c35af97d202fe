//! `vostro policy`: changes what the guardrails let through, or when a second factor is asked for, in a running bank.
//!
//! A change is asked for by one administrator and approved by another; every process goes by it within seconds. A server
//! that holds an `SQLite` file is asked over HTTP (`--url`), under the name of the credential.

use std::fmt::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result};
use clap::{Args, Subcommand, ValueEnum};
use serde::Deserialize;
use serde_json::json;
use vostro_bank::{Order, PolicyApproval, PolicyInForce, PolicyKind, PolicyRequest, Store};
use vostro_types::{ApprovalId, Clock, SystemClock, SystemEntropy};

use super::administration::{Administrator, DecisionArgs, OrderArgs, not_open, same_person};
use super::ledger::{operator, with_store};
use super::version::print;
use crate::config::Config;
use crate::failure::Failure;
use crate::policies;

const EXAMPLES: &str = "\
Examples:
  vostro policy propose step-up stricter.toml --reason 'a wave of fraud'    asks; a second administrator approves:
  vostro policy approve apr_… --by ben --reason 'read it'
  vostro policy status --url http://127.0.0.1:8000                         a running server
  vostro policy reset step-up --reason 'the wave is over'                   back to what the files say

A policy of the guardrails is a policy file (docs/guardrails.md); one of the second factor has above, per_day, person_above,
new_payee and sensitive, as in [step_up]. What it says is laid over the files of each process. A server is asked with the
key or token in VOSTRO_TOKEN, in the sandbox with auth.admin_token.";

/// What lists the requests.
const STATUS: &str = "vostro policy status";

/// Changes what a running bank goes by.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct PolicyArgs {
    #[command(subcommand)]
    command: PolicyCommand,
    /// Ask a running server instead of opening the store: `http://HOST:PORT`
    #[arg(long, global = true, value_name = "URL")]
    url: Option<String>,
}

#[derive(Debug, Subcommand)]
enum PolicyCommand {
    /// Ask for a policy to say what a file says
    Propose {
        /// Which policy
        policy: Policy,
        /// The file with what it is to say
        file: PathBuf,
        #[command(flatten)]
        order: OrderArgs,
    },
    /// Ask for the files of each process to count again
    Reset {
        /// Which policy
        policy: Policy,
        #[command(flatten)]
        order: OrderArgs,
    },
    /// Approve what another administrator asked for
    Approve(DecisionArgs),
    /// Take back what was asked for, or turn it down
    Withdraw(DecisionArgs),
    /// Say what was changed, and what waits, with the texts
    Status,
}

/// A policy, as it is named here.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum Policy {
    /// What the guardrails let through
    Guardrails,
    /// When a second factor is asked for
    StepUp,
}

impl From<Policy> for PolicyKind {
    fn from(policy: Policy) -> Self {
        match policy {
            Policy::Guardrails => Self::Guardrails,
            Policy::StepUp => Self::StepUp,
        }
    }
}

/// How policies stand, as a server tells it and as the store does.
#[derive(Deserialize)]
struct Standing {
    policies: Vec<Changed>,
    requests: Vec<Waiting>,
}

#[derive(Deserialize)]
struct Changed {
    policy: PolicyKind,
    version: i64,
    content: String,
    by: String,
    reason: String,
    approved_by: String,
    at: jiff::Timestamp,
}

#[derive(Deserialize)]
struct Waiting {
    request_id: String,
    policy: PolicyKind,
    content: String,
    by: String,
    reason: String,
    expires_at: jiff::Timestamp,
}

impl From<PolicyInForce> for Changed {
    fn from(policy: PolicyInForce) -> Self {
        Self {
            policy: policy.kind,
            version: policy.version,
            content: policy.content,
            by: policy.by,
            reason: policy.reason,
            approved_by: policy.approved_by,
            at: policy.at,
        }
    }
}

impl From<PolicyRequest> for Waiting {
    fn from(request: PolicyRequest) -> Self {
        Self {
            request_id: request.id.into(),
            policy: request.kind,
            content: request.content,
            by: request.by,
            reason: request.reason,
            expires_at: request.expires_at,
        }
    }
}

/// What is asked for.
struct Asked<'a> {
    kind: PolicyKind,
    content: String,
    order: &'a OrderArgs,
}

impl PolicyCommand {
    fn asked(&self) -> Result<Option<Asked<'_>>> {
        let (policy, content, order) = match self {
            Self::Propose {
                policy,
                file,
                order,
            } => {
                let content = std::fs::read_to_string(file)
                    .with_context(|| format!("{} cannot be read", file.display()))?;
                (*policy, content, order)
            }
            Self::Reset { policy, order } => (*policy, String::new(), order),
            Self::Approve(_) | Self::Withdraw(_) | Self::Status => return Ok(None),
        };
        let kind = policy.into();
        Ok(Some(Asked {
            kind,
            content,
            order,
        }))
    }
}

/// Runs the command.
pub(crate) fn run(args: &PolicyArgs, config: &Config) -> Result<ExitCode> {
    let standing = match &args.url {
        Some(url) => over_http(url, config, &args.command)?,
        None => in_store(config, &args.command)?,
    };
    print(&words(&standing))?;
    Ok(ExitCode::SUCCESS)
}

fn order(args: &OrderArgs) -> Result<Order> {
    let order = Order::operator(&operator(args.by.as_deref()), &args.reason);
    Ok(order.map_err(|error| Failure::usage(error.to_string(), ""))?)
}

fn in_store(config: &Config, command: &PolicyCommand) -> Result<Standing> {
    let asked = command.asked()?;
    if let Some(asked) = &asked {
        refuse_bad(config, asked.kind, &asked.content)?;
    }
    let outcome = with_store(config, async |store| {
        if let Some(asked) = asked {
            let id = ApprovalId::generate(&SystemEntropy);
            let minutes = i64::from(config.auth.approval_minutes);
            let end = SystemClock.now() + jiff::SignedDuration::from_mins(minutes);
            let order = order(asked.order)?;
            let (kind, content) = (asked.kind, &asked.content);
            store
                .request_policy(&id, kind, content, end, &order)
                .await?;
        }
        if let Some(refusal) = decide(store, config, command).await? {
            return Ok(Err(refusal));
        }
        let (policies, requests) = (store.policies().await?, store.policy_requests().await?);
        Ok(Ok(Standing {
            policies: policies.into_iter().map(Changed::from).collect(),
            requests: requests.into_iter().map(Waiting::from).collect(),
        }))
    });
    Ok(outcome.context(Failure::new(
        "the policies could not be reached in the store",
        "a server that holds an SQLite file is asked with --url http://127.0.0.1:8000",
    ))??)
}

fn refuse_bad(config: &Config, kind: PolicyKind, content: &str) -> Result<(), Failure> {
    policies::check(config, kind, content)
        .map_err(|why| Failure::usage(format!("the policy is refused: {why}"), ""))
}

/// Decides, where the command does; gives why it is refused, if it is.
async fn decide(
    store: &dyn Store,
    config: &Config,
    command: &PolicyCommand,
) -> Result<Option<Failure>> {
    match command {
        PolicyCommand::Approve(decision) => {
            let waiting = store.policy_requests().await?;
            let asked = waiting.iter().find(|it| it.id.as_str() == decision.request);
            let Some(asked) = asked else {
                return Ok(Some(not_open(STATUS)));
            };
            if let Err(refusal) = refuse_bad(config, asked.kind, &asked.content) {
                return Ok(Some(refusal));
            }
            let order = order(&decision.order)?;
            let approval = store.approve_policy(&asked.id, &order);
            Ok(match approval.await? {
                PolicyApproval::InForce(_) => None,
                PolicyApproval::SamePerson => Some(same_person()),
                PolicyApproval::NotOpen => Some(not_open(STATUS)),
            })
        }
        PolicyCommand::Withdraw(decision) => {
            let withdrawn = match decision.id() {
                Some(id) => store.withdraw_policy(&id, &order(&decision.order)?).await?,
                None => false,
            };
            Ok((!withdrawn).then(|| not_open(STATUS)))
        }
        _ => Ok(None),
    }
}

fn over_http(url: &str, config: &Config, command: &PolicyCommand) -> Result<Standing> {
    let path = "/api/v1/admin/policies";
    let asked = command.asked()?;
    let server = Administrator::new(url, config)?;
    let order = |order: &OrderArgs| json!({ "by": server.by(order), "reason": order.reason });
    let answer = match command {
        PolicyCommand::Approve(decision) => {
            let path = decision.path(path, "approve", STATUS)?;
            server.post(&path, &order(&decision.order))
        }
        PolicyCommand::Withdraw(decision) => {
            let path = decision.path(path, "withdraw", STATUS)?;
            server.post(&path, &order(&decision.order))
        }
        _ => match asked {
            Some(asked) => {
                let mut body = order(asked.order);
                body["content"] = asked.content.into();
                server.put(&format!("{path}/{}", asked.kind.as_str()), &body)
            }
            None => server.get(path),
        },
    };
    Ok(serde_json::from_value(answer?)?)
}

fn words(standing: &Standing) -> String {
    let mut text = String::new();
    for kind in PolicyKind::ALL {
        let name = kind.as_str();
        let Some(policy) = standing.policies.iter().find(|it| it.policy == kind) else {
            let _ = writeln!(text, "{name}: as the files say");
            continue;
        };
        let Changed {
            version,
            by,
            reason,
            approved_by,
            at,
            ..
        } = policy;
        let what = if policy.content.is_empty() {
            "as the files say again"
        } else {
            "changed"
        };
        let _ = writeln!(
            text,
            "{name}: {what}, version {version}, asked by {by}, approved by {approved_by} at {at}: {reason}"
        );
        indented(&mut text, &policy.content);
    }
    for request in &standing.requests {
        let Waiting {
            request_id,
            by,
            reason,
            expires_at,
            content,
            ..
        } = request;
        let name = request.policy.as_str();
        let _ = writeln!(text, "waiting to change {name}, asked by {by}: {reason}");
        if content.is_empty() {
            let _ = writeln!(text, "    (back to what the files say)");
        }
        indented(&mut text, content);
        let _ = writeln!(
            text,
            "  a second administrator approves it until {expires_at}: vostro policy approve {request_id} --reason …"
        );
    }
    text
}

/// What a policy says; nothing in it steers the terminal.
fn indented(text: &mut String, content: &str) {
    for line in content.lines() {
        let shown: String = line
            .chars()
            .map(|c| if c.is_control() { '\u{fffd}' } else { c })
            .collect();
        let _ = writeln!(text, "    {shown}");
    }
}
