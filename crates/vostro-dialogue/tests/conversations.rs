//! Conversations as text, played against the whole turn: the real guardrails, the real knowledge
//! base, a real store in memory, a clock that stands still unless the conversation moves it.
//!
//! Each file under `conversations/` holds conversations. A line is
//! - `# title`: a new conversation, with a new customer;
//! - `> text`: the customer says it;
//! - `< text`: the reply holds it (without regard to case; `a | b` means either);
//! - `<! text`: the reply does not hold it;
//! - `@ intent`: the reply's intent (`-` for none);
//! - `$ Account Name -50.00`: since the conversation began, that account's balance changed by so much;
//! - `$$`: nothing moved;
//! - `* blocked`: the reply says that guardrails did not pass;
//! - `+ 11m`: the clock moves on (`m` minutes, `h` hours), for the rest of the file;
//! - `! run`: what standing orders are due is carried out;
//! - `! stop`, `! resume`, `! settle`: the bank stops all money, lets it go on, posts what is due;
//! - `! claim`, `! reply TEXT`, `! close`, `! give back`: a colleague with the conversation's hand-off.
//!
//! In files whose name begins with `pending`, money to an account number that is not saved waits 20 minutes.
//!
//! After every conversation a replay of its record leads to the same memory, the books balance, and every
//! reply has passed the output guard unchanged.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use async_trait::async_trait;
use jiff::SignedDuration;
use jiff::tz::TimeZone;
use vostro_bank::{
    Bank, HandOffChange, HandOffEnd, HandOffs, MoneyControl, Operations, Order, PendingTransfers,
    RecordedTurn, Schedules, TurnLog,
};
use vostro_dialogue::ports::{
    Guard, GuardRequest, GuardUnavailable, Knowledge, KnowledgeUnavailable,
};
use vostro_dialogue::principal::Principal;
use vostro_dialogue::reply::ApprovedReply;
use vostro_dialogue::{
    Concierge, DialogueSettings, RawMessage, Replay, ReplayOutcome, StepUpPolicy,
};
use vostro_guardrails::{CheckRequest, Engine, Verdict};
use vostro_knowledge::{KnowledgeBase, Passage, Query, load_dir};
use vostro_ledger::{Limits, RunRules, SettlementPolicy};
use vostro_store::{SqliteStore, StoreConfig};
use vostro_testkit::{ManualClock, SeededEntropy};
use vostro_types::{Clock, Currency, CustomerId, Money, SessionId};

#[path = "replay/altered.rs"]
mod altered;

struct LocalGuard(Engine);

#[async_trait]
impl Guard for LocalGuard {
    async fn check(&self, request: GuardRequest<'_>) -> Result<Verdict, GuardUnavailable> {
        let check = CheckRequest {
            allow: request.allow,
            ..CheckRequest::all(request.direction)
        };
        Ok(self.0.check(request.text, &check))
    }
}

struct LocalKnowledge(KnowledgeBase);

#[async_trait]
impl Knowledge for LocalKnowledge {
    async fn search(
        &self,
        question: &str,
        limit: usize,
    ) -> Result<Vec<Passage>, KnowledgeUnavailable> {
        Ok(self.0.search(&Query {
            limit,
            ..Query::new(question)
        }))
    }
}

struct Bench {
    concierge: Concierge,
    store: Arc<SqliteStore>,
    clock: Arc<ManualClock>,
}

fn usd(minor: i64) -> Money {
    Money::new(minor, Currency::USD)
}

fn bench(new_payee_hold: Option<SignedDuration>) -> Bench {
    let clock = Arc::new(ManualClock::at("2026-11-18T15:00:00Z"));
    let entropy = Arc::new(SeededEntropy::new(7));
    let config = StoreConfig {
        limits: Limits {
            per_transfer: usd(500_000),
            per_day: usd(1_000_000),
        },
        time_zone: TimeZone::UTC,
        clock: clock.clone(),
        entropy: entropy.clone(),
        demo_customers: true,
        money_stopped: false,
    };
    let store = Arc::new(SqliteStore::open(":memory:", config).unwrap());
    let articles = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../knowledge-base");
    let knowledge = KnowledgeBase::build(load_dir(articles).unwrap().documents).unwrap();
    let settings = DialogueSettings {
        session_idle: SignedDuration::from_mins(30),
        confirmation_ttl: SignedDuration::from_mins(10),
        time_zone: TimeZone::UTC,
        open_unknown_customers: true,
        step_up: StepUpPolicy::default(),
        settlement: SettlementPolicy { new_payee_hold },
    };
    let concierge = Concierge::new(
        store.clone(),
        Arc::new(LocalGuard(Engine::builtin())),
        Arc::new(LocalKnowledge(knowledge)),
        clock.clone(),
        entropy,
        settings,
    );
    Bench {
        concierge,
        store,
        clock,
    }
}

type Balances = BTreeMap<String, Money>;

async fn balances(bench: &Bench, customer: &CustomerId) -> Balances {
    let portfolio = bench.store.portfolio(customer).await.unwrap().unwrap();
    portfolio
        .accounts
        .into_iter()
        .map(|account| (account.name, account.balance))
        .collect()
}

/// One conversation being played.
struct Play<'a> {
    bench: &'a Bench,
    principal: Principal,
    session: SessionId,
    before: Balances,
    reply: Option<ApprovedReply>,
}

impl<'a> Play<'a> {
    async fn begin(bench: &'a Bench, title: &str, number: usize) -> Self {
        let customer = CustomerId::new(format!("customer_{number}")).unwrap();
        bench.store.open_demo_customer(&customer).await.unwrap();
        let before = balances(bench, &customer).await;
        let session = SessionId::new(format!("{title} {number}")).unwrap();
        Self {
            bench,
            principal: Principal::sandbox(customer),
            session,
            before,
            reply: None,
        }
    }

    async fn line(&mut self, line: &str) -> Result<(), String> {
        let (sign, rest) = line.split_once(' ').unwrap_or((line, ""));
        let rest = rest.trim();
        match sign {
            ">" => self.say(rest).await,
            "<" => self.reply_holds(rest, true),
            "<!" => self.reply_holds(rest, false),
            "@" => {
                let intent = self.reply()?.intent().unwrap_or("-").to_owned();
                if intent == rest {
                    Ok(())
                } else {
                    Err(format!("the intent is {intent}"))
                }
            }
            "*" if self.reply()?.guardrails_passed() => Err("guardrails passed".to_owned()),
            "*" => Ok(()),
            "$" => self.moved(rest).await,
            "$$" => self.nothing_moved().await,
            "+" => self.wait(rest),
            "!" => self.the_bank(rest).await,
            _ => Err("not a line of a conversation".to_owned()),
        }
    }

    async fn say(&mut self, text: &str) -> Result<(), String> {
        let message = RawMessage {
            text: text.to_owned(),
            session: Some(self.session.clone()),
        };
        let recorded = self.bench.concierge.turn(&self.principal, message).await;
        let recorded = recorded.map_err(|error| format!("no reply: {error}"))?;
        if recorded.reply.message().contains("stand behind") {
            return Err(format!("unbacked: {:?}", recorded.reply.cards()));
        }
        self.reply = Some(recorded.reply);
        Ok(())
    }

    fn reply(&self) -> Result<&ApprovedReply, String> {
        self.reply
            .as_ref()
            .ok_or_else(|| "nothing was said yet".to_owned())
    }

    fn reply_holds(&self, wanted: &str, expected: bool) -> Result<(), String> {
        let message = self.reply()?.message().to_lowercase();
        let holds = wanted
            .split(" | ")
            .any(|text| message.contains(&text.to_lowercase()));
        if holds == expected {
            Ok(())
        } else {
            Err("the reply is otherwise".to_owned())
        }
    }

    async fn moved(&self, rest: &str) -> Result<(), String> {
        let (name, amount) = rest.rsplit_once(' ').ok_or("an account and an amount")?;
        let expected = Money::parse_decimal(amount, Currency::USD).map_err(|e| e.to_string())?;
        let now = balances(self.bench, &self.principal.customer).await;
        let (before, after) = (self.before.get(name), now.get(name));
        let change = match (before, after) {
            (Some(before), Some(after)) => after.checked_sub(*before).map_err(|e| e.to_string())?,
            _ => return Err(format!("no account {name}")),
        };
        if change == expected {
            Ok(())
        } else {
            Err(format!("{name} changed by {change}"))
        }
    }

    async fn nothing_moved(&self) -> Result<(), String> {
        let now = balances(self.bench, &self.principal.customer).await;
        if now == self.before {
            Ok(())
        } else {
            Err(format!("{:?} became {now:?}", self.before))
        }
    }

    /// What the bank does meanwhile.
    async fn the_bank(&self, rest: &str) -> Result<(), String> {
        let store = &self.bench.store;
        let order =
            Order::operator("anna", "as the conversation says").map_err(|e| e.to_string())?;
        let (word, words) = rest.split_once(' ').unwrap_or((rest, ""));
        if matches!(word, "claim" | "reply" | "close" | "give") {
            return self.colleague(word, words).await;
        }
        let done = match rest {
            "stop" => store.switch_money(true, &order).await.map(|_| ()),
            "resume" => store.switch_money(false, &order).await.map(|_| ()),
            "settle" => store.settle_due(self.bench.clock.now()).await.map(|_| ()),
            "run" => store
                .run_schedules(RunRules::default(), 1_000)
                .await
                .map(drop),
            _ => return Err("run, stop, resume or settle".to_owned()),
        };
        done.map_err(|error| error.to_string())
    }

    /// What a colleague does with the conversation.
    async fn colleague(&self, word: &str, words: &str) -> Result<(), String> {
        let store = &self.bench.store;
        let customer = &self.principal.customer;
        let found = store.hand_off_of(customer, &self.session).await;
        let found = found.map_err(|e| e.to_string())?.ok_or("no hand-off")?;
        let change = match word {
            "claim" => store.claim_hand_off(&found.id, "anna").await,
            "reply" => store.reply_hand_off(&found.id, "anna", words).await,
            "close" => {
                store
                    .close_hand_off(&found.id, "anna", HandOffEnd::Resolved)
                    .await
            }
            _ => {
                store
                    .close_hand_off(&found.id, "anna", HandOffEnd::GivenBack)
                    .await
            }
        };
        match change.map_err(|e| e.to_string())? {
            HandOffChange::Changed(_) => Ok(()),
            other => Err(format!("{other:?}")),
        }
    }

    fn wait(&self, rest: &str) -> Result<(), String> {
        let (number, unit) = rest.split_at(rest.len().saturating_sub(1));
        let number: i64 = number.parse().map_err(|_| "a number with m or h")?;
        let by = match unit {
            "m" => SignedDuration::from_mins(number),
            "h" => SignedDuration::from_hours(number),
            _ => return Err("a number with m or h".to_owned()),
        };
        self.bench.clock.advance(by);
        Ok(())
    }
}

/// Plays a file; gives what did not hold, with what was said.
async fn play(name: &str, text: &str) -> Vec<String> {
    let waits = name.starts_with("pending");
    let bench = bench(waits.then(|| SignedDuration::from_mins(20)));
    let mut failures = Vec::new();
    let mut current: Option<(String, Play<'_>)> = None;
    for (number, line) in text
        .lines()
        .enumerate()
        .filter(|(_, line)| !line.trim().is_empty())
    {
        if let Some(title) = line.strip_prefix("# ") {
            failures.extend(replayed(name, &bench, current.take()).await);
            let play = Play::begin(&bench, title, number).await;
            current = Some((title.to_owned(), play));
            continue;
        }
        let Some((title, play)) = current.as_mut() else {
            continue;
        };
        if std::env::var_os("SHOW").is_some() {
            println!("{line}");
        }
        if let Err(why) = play.line(line).await {
            let reply = play.reply.as_ref().map_or("", ApprovedReply::message);
            failures.push(format!(
                "{name}:{} ({title}) {line}\n    {why}\n    reply: {reply}",
                number + 1
            ));
        } else if std::env::var_os("SHOW").is_some() && line.starts_with('>') {
            println!(
                "{}\n",
                play.reply.as_ref().map_or("", ApprovedReply::message)
            );
        }
    }
    failures.extend(replayed(name, &bench, current.take()).await);
    let deviations = bench.store.trial_balance().await.unwrap();
    failures.extend(
        deviations
            .into_iter()
            .map(|deviation| format!("{name}: books: {deviation}")),
    );
    assert!(bench.clock.now().as_second() > 0);
    failures
}

/// What a replay of a conversation that was played says otherwise than its record.
async fn replayed(name: &str, bench: &Bench, played: Option<(String, Play<'_>)>) -> Vec<String> {
    let Some((title, play)) = played else {
        return Vec::new();
    };
    let turns = turns(bench, &play.session).await;
    let mut replay = Replay::new();
    turns
        .iter()
        .map(|turn| replay.turn(turn))
        .filter(|turn| turn.outcome != ReplayOutcome::Equal)
        .map(|turn| format!("{name} ({title}) replayed: {turn:?}"))
        .collect()
}

async fn turns(bench: &Bench, session: &SessionId) -> Vec<RecordedTurn> {
    let turns = bench.store.recorded_turns(session, 0, 1_000).await;
    turns.unwrap()
}

#[tokio::test]
async fn conversations_go_as_written() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/conversations");
    let mut files: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    files.sort();
    assert!(!files.is_empty());
    let mut failures = Vec::new();
    for file in files {
        let text = std::fs::read_to_string(&file).unwrap();
        let name = file.file_name().unwrap().to_string_lossy().into_owned();
        failures.extend(play(&name, &text).await);
    }
    assert!(
        failures.is_empty(),
        "{} lines did not hold:\n{}",
        failures.len(),
        failures.join("\n")
    );
}
