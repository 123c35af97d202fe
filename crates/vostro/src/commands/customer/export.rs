//! `vostro customer export`: everything that is kept of a customer, as one JSON object.

use std::process::ExitCode;

use anyhow::Result;
use clap::Args;
use jiff::civil::date;
use serde_json::{Value, json};
use vostro_bank::{HistoryQuery, Sender, Store};
use vostro_types::{Clock as _, CustomerId, SessionId, SystemClock};

use super::{customer, unknown};
use crate::commands::ledger::with_store_to_read;
use crate::commands::version::print;
use crate::config::Config;
use crate::parts;

/// How many transactions, turns and messages are read at once.
const PAGE: u32 = 500;
/// The most conversations; a customer with more is told by their number.
const MOST_SESSIONS: u32 = 10_000;

/// Prints accounts, payees, contact details, alerts, trips, cases, standing orders, every transaction, every
/// conversation as it is kept, and whether a second factor is set up.
#[derive(Debug, Args)]
pub(super) struct ExportArgs {
    /// The customer
    customer: String,
}

pub(super) fn run(args: &ExportArgs, config: &Config) -> Result<ExitCode> {
    let who = customer(&args.customer)?;
    let all = with_store_to_read(config, async |local| {
        let store = parts::with_core(config, local)?;
        everything(store.as_ref(), &who).await
    })?;
    let all = all.ok_or_else(|| unknown(&who))?;
    print(&format!("{}\n", serde_json::to_string_pretty(&all)?))?;
    Ok(ExitCode::SUCCESS)
}

async fn everything(store: &dyn Store, who: &CustomerId) -> Result<Option<Value>> {
    let portfolio = store.portfolio(who).await?;
    let conversations = conversations(store, who).await?;
    // A core banking system may have let a customer go whose conversations are still here.
    if portfolio.is_none() && conversations.is_empty() {
        return Ok(None);
    }
    let contacts = store.contacts(who).await?;
    let schedules = store.schedules(who).await?;
    let schedules: Vec<_> = schedules
        .into_iter()
        .map(|it| json!({ "id": it.id, "order": it.order, "next_due": it.next_due }))
        .collect();
    Ok(Some(json!({
        "exported_at": SystemClock.now(),
        "portfolio": portfolio,
        "contacts": {
            "email": contacts.email,
            "phone": contacts.phone,
            "address": contacts.address,
        },
        "alerts": store.alerts(who).await?,
        "travel_notices": store.travel_notices(who, date(1970, 1, 1)).await?,
        "cases": store.cases(who).await?,
        "standing_orders": schedules,
        "channels": store.channel_links(who).await?,
        "second_factor": store.factor_secret(who).await?.map(|_| "code"),
        "transactions": transactions(store, who).await?,
        "conversations": conversations,
    })))
}

async fn transactions(store: &dyn Store, who: &CustomerId) -> Result<Vec<Value>> {
    let mut all = Vec::new();
    let mut query = HistoryQuery {
        limit: PAGE,
        ..HistoryQuery::default()
    };
    loop {
        let page = store.history(who, &query).await?;
        for item in &page.items {
            all.push(serde_json::to_value(item)?);
        }
        query.before = page.next;
        if query.before.is_none() {
            return Ok(all);
        }
    }
}

async fn conversations(store: &dyn Store, who: &CustomerId) -> Result<Vec<Value>> {
    let mut all = Vec::new();
    for session in store.sessions(who, MOST_SESSIONS).await? {
        let (mut turns, mut after) = (Vec::new(), 0);
        loop {
            let page = store.conversation(who, &session.id, after, PAGE).await?;
            let page = page.unwrap_or_default();
            let Some(last) = page.last() else { break };
            after = last.version;
            turns.extend(page.into_iter().map(|turn| {
                json!({
                    "turn": turn.id,
                    "at": turn.at,
                    "message": turn.message_masked,
                    "reply": turn.reply,
                })
            }));
        }
        all.push(json!({
            "session": session.id,
            "opened_at": session.opened_at,
            "last_seen_at": session.last_seen_at,
            "memory": session.state,
            "turns": turns,
            "with_a_person": with_a_person(store, who, &session.id).await?,
        }));
    }
    Ok(all)
}

/// What was said between the customer and a colleague in this conversation.
async fn with_a_person(
    store: &dyn Store,
    who: &CustomerId,
    session: &SessionId,
) -> Result<Option<Value>> {
    let Some(hand_off) = store.hand_off_of(who, session).await? else {
        return Ok(None);
    };
    let (mut messages, mut after) = (Vec::new(), 0);
    loop {
        let page = store.hand_off_messages(&hand_off.id, after, PAGE).await?;
        let Some(last) = page.last() else { break };
        after = last.number;
        messages.extend(page.into_iter().map(|message| {
            let by = match message.sender {
                Sender::Customer => "customer",
                Sender::Colleague => "colleague",
            };
            json!({ "at": message.at, "by": by, "text": message.text })
        }));
    }
    Ok(Some(json!({
        "reason": hand_off.reason,
        "summary": hand_off.summary,
        "messages": messages,
    })))
}
