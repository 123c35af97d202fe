//! Playing scripts: what the customer says goes through whole turns, and every expectation is looked up in
//! the reply, the books, the audit trail or the bank's records.
//!
//! After every conversation a replay of its record leads to the same memory, and after every file the books balance.

mod factors;
mod records;

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::SignedDuration;
use vostro_bank::{Bank, Operations, RecordedTurn, TurnLog};
use vostro_dialogue::principal::Principal;
use vostro_dialogue::reply::ApprovedReply;
use vostro_dialogue::{RawMessage, Replay, ReplayOutcome, TurnError};
use vostro_knowledge::KnowledgeBase;
use vostro_store::OpenError;
use vostro_types::{Currency, CustomerId, Money, SessionId};

use crate::bench::Bench;
use crate::script::Script;
use crate::silent_model::Asked;

/// A conversation that was played.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Played {
    /// The script's name.
    pub name: String,
    /// Which skill, if the script says so.
    pub skill: Option<String>,
    /// In which way.
    pub shape: Option<String>,
    /// How many messages were said.
    pub turns: u32,
    /// How many expectations were looked up.
    pub expectations: u32,
    /// How often a language model was asked. It gave no answer.
    pub asked: Asked,
    /// What did not hold, with its place and the reply.
    pub failures: Vec<String>,
}

/// Plays scripts in order, each file in a bank of its own.
pub async fn play_all(
    scripts: &[Script],
    knowledge: KnowledgeBase,
) -> Result<Vec<Played>, OpenError> {
    let knowledge = Arc::new(knowledge);
    let mut all = Vec::with_capacity(scripts.len());
    for file in scripts.chunk_by(|a, b| a.file == b.file) {
        let name = file.first().map_or("", |it| it.file.as_str());
        let bench = Bench::of_file(name, &knowledge)?;
        for (number, script) in file.iter().enumerate() {
            all.push(Box::pin(play(&bench, script, number)).await);
        }
        let deviations = bench.store.trial_balance().await;
        let deviations = deviations.unwrap_or_else(|error| vec![error.to_string()]);
        if let Some(last) = all.last_mut() {
            let books = |it| format!("{}: books: {it}", last.name);
            let found: Vec<_> = deviations.into_iter().map(books).collect();
            last.failures.extend(found);
        }
    }
    Ok(all)
}

/// What one conversation leaves in the record, for tests of the record.
pub async fn record(
    messages: &[&str],
    knowledge: KnowledgeBase,
) -> Result<Vec<RecordedTurn>, String> {
    let bench = Bench::of_file("", &Arc::new(knowledge)).map_err(told)?;
    let script = Script {
        file: "recorded".to_owned(),
        title: "one".to_owned(),
        skill: None,
        shape: None,
        lines: Vec::new(),
    };
    let mut conversation = Conversation::begin(&bench, &script, 0).await?;
    for message in messages {
        Box::pin(conversation.say(message)).await?;
    }
    let turns = bench.store.recorded_turns(&conversation.session, 0, 1_000);
    turns.await.map_err(told)
}

/// Plays one script.
async fn play(bench: &Bench, script: &Script, number: usize) -> Played {
    let mut played = Played {
        name: script.name(),
        skill: script.skill.clone(),
        shape: script.shape.clone(),
        turns: 0,
        expectations: 0,
        asked: Asked::default(),
        failures: Vec::new(),
    };
    let before = bench.model.asked();
    let mut conversation = match Conversation::begin(bench, script, number).await {
        Ok(conversation) => conversation,
        Err(why) => {
            played.failures.push(format!("{}: {why}", script.name()));
            return played;
        }
    };
    for line in &script.lines {
        if line.text.starts_with('>') {
            played.turns += 1;
        } else if !line.text.starts_with(['+', '!']) {
            played.expectations += 1;
        }
        if let Err(why) = conversation.line(&line.text).await {
            let reply = conversation.reply.as_ref();
            let reply = reply.map_or("", ApprovedReply::message);
            played.failures.push(format!(
                "{}.txt:{} ({}) {}\n    {why}\n    reply: {reply}",
                script.file, line.number, script.title, line.text
            ));
        }
    }
    let failures = conversation.replayed().await;
    played.failures.extend(failures);
    played.asked = bench.model.asked() - before;
    played
}

type Balances = BTreeMap<String, Money>;
type Checked = Result<(), String>;

/// One conversation being played.
struct Conversation<'a> {
    bench: &'a Bench,
    principal: Principal,
    session: SessionId,
    before: Balances,
    trail: i64,
    reply: Option<ApprovedReply>,
    /// What the customer's authenticator app was given.
    app: Option<String>,
}

fn told(error: impl std::fmt::Display) -> String {
    error.to_string()
}

impl<'a> Conversation<'a> {
    async fn begin(bench: &'a Bench, script: &Script, number: usize) -> Result<Self, String> {
        let customer = CustomerId::new(format!("customer_{number}")).map_err(told)?;
        bench
            .store
            .open_demo_customer(&customer)
            .await
            .map_err(told)?;
        let session = SessionId::new(format!("{} {number}", script.file)).map_err(told)?;
        let mut it = Self {
            bench,
            principal: Principal::sandbox(customer),
            session,
            before: Balances::new(),
            trail: 0,
            reply: None,
            app: None,
        };
        it.before = it.balances().await?;
        it.trail = it.trail_after(0).await?.last().map_or(0, |row| row.0);
        Ok(it)
    }

    async fn balances(&self) -> Result<Balances, String> {
        let portfolio = self.bench.store.portfolio(&self.principal.customer).await;
        let portfolio = portfolio.map_err(told)?.ok_or("no such customer")?;
        let accounts = portfolio.accounts.into_iter();
        Ok(accounts
            .map(|account| (account.name, account.balance))
            .collect())
    }

    /// Places and kinds of the audit rows behind a place.
    async fn trail_after(&self, after: i64) -> Result<Vec<(i64, String)>, String> {
        let (mut rows, mut after) = (Vec::new(), after);
        loop {
            let page = self
                .bench
                .store
                .audit_trail(after, 1_000)
                .await
                .map_err(told)?;
            let Some(last) = page.last() else {
                return Ok(rows);
            };
            after = last.sequence;
            rows.extend(page.into_iter().map(|row| (row.sequence, row.kind)));
        }
    }

    async fn line(&mut self, line: &str) -> Checked {
        let (sign, rest) = line.split_once(' ').unwrap_or((line, ""));
        let rest = rest.trim();
        match sign {
            ">" => self.say(rest).await,
            "<" => self.reply_holds(rest, true),
            "<!" => self.reply_holds(rest, false),
            "@" => {
                let intent = self.reply()?.intent().unwrap_or("-");
                held(intent == rest, || format!("the intent is {intent}"))
            }
            "^" => self.has_card(rest),
            "~" => {
                let reply = serde_json::to_value(self.reply()?).map_err(told)?;
                let cites = reply["citations"]
                    .as_array()
                    .is_some_and(|it| !it.is_empty());
                held(cites, || "cites no source".to_owned())
            }
            "*" => held(!self.reply()?.guardrails_passed(), || {
                "guardrails passed".to_owned()
            }),
            "$" => self.moved(rest).await,
            "$$" => {
                let now = self.balances().await?;
                held(now == self.before, || {
                    format!("{:?} became {now:?}", self.before)
                })
            }
            "&" => self.on_record(rest).await,
            "=" => self.stands(rest).await,
            "+" => self.wait(rest),
            "!" if factors::is_one(rest) => self.factor(rest).await,
            "!" => self.the_bank(rest).await,
            _ => Err("not a line of a conversation".to_owned()),
        }
    }

    async fn say(&mut self, text: &str) -> Checked {
        let text = if text.contains(factors::CODE) {
            text.replace(factors::CODE, &self.code()?)
        } else {
            text.to_owned()
        };
        let message = RawMessage {
            text,
            session: Some(self.session.clone()),
        };
        let recorded = self.bench.concierge.turn(&self.principal, message).await;
        if let Err(TurnError::SessionEnded) = recorded {
            self.reply = None;
            return Ok(());
        }
        let reply = recorded
            .map_err(|error| format!("no reply: {error}"))?
            .reply;
        let unbacked =
            reply.message().contains("stand behind") || reply.message().contains("pueda respaldar");
        let cards = format!("{:?}", reply.cards());
        self.reply = Some(reply);
        held(!unbacked, || format!("the draft was not backed: {cards}"))
    }

    fn reply(&self) -> Result<&ApprovedReply, String> {
        let reply = self.reply.as_ref();
        reply.ok_or_else(|| "nothing was said yet".to_owned())
    }

    fn reply_holds(&self, wanted: &str, expected: bool) -> Checked {
        let message = self.reply()?.message().to_lowercase();
        let holds = wanted
            .split(" | ")
            .any(|text| message.contains(&text.to_lowercase()));
        held(holds == expected, || "the reply is otherwise".to_owned())
    }

    fn has_card(&self, wanted: &str) -> Checked {
        let cards = serde_json::to_value(self.reply()?.cards()).map_err(told)?;
        let types: Vec<_> = cards
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(|card| card["type"].as_str())
            .collect();
        held(types.contains(&wanted), || {
            format!("its cards are {types:?}")
        })
    }

    async fn moved(&self, rest: &str) -> Checked {
        let (name, amount) = rest.rsplit_once(' ').ok_or("an account and an amount")?;
        let expected = Money::parse_decimal(amount, Currency::USD).map_err(told)?;
        let now = self.balances().await?;
        let (Some(before), Some(after)) = (self.before.get(name), now.get(name)) else {
            return Err(format!("no account {name}"));
        };
        let change = after.checked_sub(*before).map_err(told)?;
        held(change == expected, || format!("{name} changed by {change}"))
    }

    async fn on_record(&self, rest: &str) -> Checked {
        let (kind, count) = rest.split_once(' ').ok_or("a kind and a count")?;
        let count: usize = count.trim().parse().map_err(told)?;
        let rows = self.trail_after(self.trail).await?;
        let found = rows.iter().filter(|row| row.1 == kind).count();
        let kinds: Vec<_> = rows.iter().map(|row| row.1.as_str()).collect();
        held(found == count, || {
            format!("{found} of them on record: {kinds:?}")
        })
    }

    fn wait(&self, rest: &str) -> Checked {
        let (number, unit) = rest.split_at(rest.len().saturating_sub(1));
        let number: i64 = number.parse().map_err(told)?;
        let by = match unit {
            "m" => SignedDuration::from_mins(number),
            "h" => SignedDuration::from_hours(number),
            "d" => SignedDuration::from_hours(number.saturating_mul(24)),
            _ => return Err("a number with m, h or d".to_owned()),
        };
        self.bench.clock.advance(by);
        Ok(())
    }

    /// What a replay of the conversation says otherwise than its record.
    async fn replayed(&self) -> Vec<String> {
        let turns = self
            .bench
            .store
            .recorded_turns(&self.session, 0, 1_000)
            .await;
        let turns: Vec<RecordedTurn> = match turns {
            Ok(turns) => turns,
            Err(error) => return vec![error.to_string()],
        };
        let mut replay = Replay::new();
        turns
            .iter()
            .map(|turn| replay.turn(turn))
            .filter(|turn| turn.outcome != ReplayOutcome::Equal)
            .map(|turn| format!("{} replayed: {turn:?}", self.session))
            .collect()
    }
}

fn held(holds: bool, why: impl FnOnce() -> String) -> Checked {
    if holds { Ok(()) } else { Err(why()) }
}
