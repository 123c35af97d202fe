//! Commands and steps as a replay tells them: ids, amounts and names of things to do; no words of the
//! customer's, and no names of people.

use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use vostro_bank::canonical_json;
use vostro_types::BillerId;

use crate::decide::{AlertSearch, AlertWish, Refusal, Step};

/// The names of recorded commands.
pub(super) fn names(commands: &Value) -> Vec<String> {
    let name = |command: &Value| {
        let part = |field: &str| {
            command
                .get(field)
                .and_then(Value::as_str)
                .map(str::to_owned)
        };
        let detail = ["flow", "slot", "kind", "reason"]
            .into_iter()
            .find_map(part);
        match (part("command"), detail) {
            (Some(name), Some(detail)) => format!("{name} {detail}"),
            (Some(name), None) => name,
            (None, _) => "?".to_owned(),
        }
    };
    let list = commands.as_array().map(Vec::as_slice).unwrap_or_default();
    list.iter().map(name).collect()
}

/// The hash by which steps are compared.
pub(super) fn hash(steps: &[Value]) -> String {
    hash_of("vostro.dialogue.steps.v1", &Value::from(steps))
}

pub(super) fn hash_of(tag: &str, value: &Value) -> String {
    let mut hasher = Sha256::new();
    hasher.update(tag);
    hasher.update([0]);
    hasher.update(canonical_json(value));
    hex::encode(hasher.finalize())
}

/// Steps, told one by one.
pub(super) fn steps(steps: &[Step]) -> Vec<Value> {
    steps.iter().map(step).collect()
}

/// All bills are told as they were before one could be asked for.
fn bills(only: Option<&BillerId>) -> Value {
    match only {
        Some(biller) => json!({ "step": "list_bills", "biller": biller }),
        None => json!({ "step": "list_bills" }),
    }
}

/// An alert to end is told as it was before one could be changed.
fn alert(search: &AlertSearch) -> Value {
    let mut told = json!({
        "step": "find_alert",
        "below": search.below,
        "confirmation": search.confirmation,
    });
    let mut more = |key: &str, value: Value| {
        if let Some(told) = told.as_object_mut().filter(|_| !value.is_null()) {
            told.insert(key.to_owned(), value);
        }
    };
    more("account", json!(search.account));
    more("place", json!(search.place));
    match &search.wish {
        AlertWish::End => {}
        AlertWish::EndAll => more("all", json!(true)),
        AlertWish::Change(to, _) => more("to", json!(to)),
    }
    told
}

fn step(step: &Step) -> Value {
    match step {
        Step::ShowBalances { accounts, unknown } => {
            json!({ "step": "show_balances", "accounts": accounts, "unknown": unknown.is_some() })
        }
        Step::ShowTransactions { query, .. } => {
            json!({ "step": "show_transactions", "query": query })
        }
        Step::SumSpending { query, before, .. } => {
            json!({ "step": "sum_spending", "query": query, "before": before })
        }
        Step::ListBills(only) => bills(only.as_ref()),
        Step::ListPayees => json!({ "step": "list_payees" }),
        Step::Propose(proposal) => json!({
            "step": "propose",
            "confirmation": proposal.id,
            "expires_at": proposal.expires_at,
            "intent": proposal.intent,
        }),
        Step::ProposeOrder(proposal) => json!({
            "step": "propose_order",
            "confirmation": proposal.id,
            "expires_at": proposal.expires_at,
            "order": proposal.intent,
        }),
        Step::ListSchedules => json!({ "step": "list_schedules" }),
        Step::EndSchedule(ending) => json!({ "step": "end_schedule", "ending": ending }),
        Step::ChangeSchedule(changes) => {
            json!({ "step": "change_schedule", "changes": changes })
        }
        Step::PauseSchedule(pause) => json!({ "step": "pause_schedule", "pause": pause }),
        Step::ShowStatement { query, .. } => json!({ "step": "show_statement", "query": query }),
        Step::Post(confirmation) => json!({ "step": "post", "confirmation": confirmation }),
        Step::CancelProposal {
            confirmation,
            replaced,
        } => json!({ "step": "cancel", "confirmation": confirmation, "replaced": replaced }),
        Step::Recall(confirmation) => json!({ "step": "recall", "confirmation": confirmation }),
        Step::RepeatReceipt(confirmation) => {
            json!({ "step": "repeat_receipt", "confirmation": confirmation })
        }
        Step::Remind(confirmation) => json!({ "step": "remind", "confirmation": confirmation }),
        Step::AskFor(question) => {
            json!({ "step": "ask_for", "flow": question.flow, "slot": question.slot })
        }
        Step::Refuse(refusal) => json!({ "step": "refuse", "why": why(refusal) }),
        Step::Answer { beside_handoff, .. } => {
            json!({ "step": "answer", "beside_handoff": beside_handoff })
        }
        Step::Say(kind) => json!({ "step": "say", "kind": kind }),
        Step::HandOff { reason, .. } => json!({ "step": "hand_off", "reason": reason }),
        Step::TellPerson { hand_off, .. } => {
            json!({ "step": "tell_person", "hand_off": hand_off })
        }
        Step::ListCards => json!({ "step": "list_cards" }),
        Step::ListCases => json!({ "step": "list_cases" }),
        Step::ListAlerts => json!({ "step": "list_alerts" }),
        Step::ShowProfile => json!({ "step": "show_profile" }),
        Step::ShowAccountDetails(account) => {
            json!({ "step": "show_account_details", "account": account })
        }
        Step::ProposeChange(proposal) => json!({
            "step": "propose_change",
            "confirmation": proposal.id,
            "expires_at": proposal.expires_at,
            "change": proposal.intent.change.particulars(),
        }),
        Step::FindDisputed {
            query,
            reason,
            confirmation,
            ..
        } => json!({
            "step": "find_disputed",
            "query": query,
            "reason": reason,
            "confirmation": confirmation,
        }),
        Step::FindAlert(search) => alert(search),
        Step::CarryOut(proposal) => json!({ "step": "carry_out", "confirmation": proposal.id }),
        Step::RemindChange(proposal) => {
            json!({ "step": "remind_change", "confirmation": proposal.id })
        }
        Step::DropChange { replaced } => json!({ "step": "drop_change", "replaced": replaced }),
        Step::Block => json!({ "step": "block" }),
        Step::OutOfScope => json!({ "step": "out_of_scope" }),
        Step::NothingToConfirm => json!({ "step": "nothing_to_confirm" }),
        Step::Stopped => json!({ "step": "stopped" }),
        Step::OneAtATime => json!({ "step": "one_at_a_time" }),
        Step::LeaveOut(orders) => json!({ "step": "leave_out", "orders": orders.len() }),
    }
}

/// Why something was refused.
const fn why(refusal: &Refusal) -> &'static str {
    match refusal {
        Refusal::NoSource => "no_source",
        Refusal::StepUpUnavailable => "step_up_unavailable",
        Refusal::NotUnderstood => "not_understood",
        Refusal::Undecided => "undecided",
        Refusal::NoCard(_) => "no_card",
        Refusal::CardStands => "card_stands",
        Refusal::PayeeSaved => "payee_saved",
    }
}
