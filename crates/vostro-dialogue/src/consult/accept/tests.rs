//! What is taken of a model's answer, and what is dropped.

use jiff::civil::date;
use serde_json::json;
use vostro_guardrails::Engine;
use vostro_types::ConfirmationId;

use super::super::prompt::request;
use super::*;
use crate::entities::testing::portfolio;
use crate::state::Pending;

fn told(message: &str, state: &DialogueState, answer: &str) -> Vec<String> {
    let portfolio = portfolio();
    let context = Context {
        portfolio: &portfolio,
        state,
        today: date(2026, 3, 18),
        embedder: None,
    };
    let (_, said) = request(&Engine::builtin(), message, &context, &[]);
    let commands = accept(answer, &said, &context);
    commands.iter().map(|it| format!("{it:?}")).collect()
}

fn answer(commands: &serde_json::Value) -> String {
    json!({ "commands": commands }).to_string()
}

fn start(flow: &str) -> serde_json::Value {
    json!({ "command": "start_flow", "flow": flow })
}

fn set(slot: &str, words: &str) -> serde_json::Value {
    json!({ "command": "set_slot", "slot": slot, "words": words })
}

#[test]
fn the_customers_own_words_fill_slots() {
    let message = "could you shoot anna twenty five out of everyday checking";
    let proposed = answer(&json!([
        start("transfer"),
        set("target", "<PAYEE_1>"),
        set("amount", "twenty five"),
        set("source", "checking"),
        set("source", "<MY_ACCOUNT_1>"),
    ]));
    let commands = told(message, &DialogueState::default(), &proposed).join("\n");
    for part in [
        "StartFlow { flow: Transfer }",
        "Payee(anna)",
        "minor: 2500",
        "Source(One(",
    ] {
        assert!(commands.contains(part), "{part} in {commands}");
    }
    let message = "what did I blow on eating out last month";
    let proposed = answer(&json!([
        start("sum_spending"),
        set("category", "dining"),
        set("period", "last month"),
        set("target", "eating out"),
    ]));
    let commands = told(message, &DialogueState::default(), &proposed);
    assert_eq!(commands.len(), 3, "{commands:?}");
    assert!(commands[1].contains("Dining") && commands[2].contains("2026-02-01"));
}

/// Slots on offer are slots that the readers can read.
#[test]
fn each_slot_on_offer_can_be_filled() {
    let cases = [
        ("check_balance", "account", "savings"),
        ("show_transactions", "count", "5"),
        ("show_transactions", "merchant", "Starbucks"),
        ("show_transactions", "direction", "in"),
        ("sum_spending", "at_least", "over $50"),
        ("sum_spending", "at_most", "under $50"),
        ("transfer", "schedule", "every month"),
        ("transfer", "amount", "all of it"),
        ("pay_bill", "biller", "electricity"),
        ("statement", "period", "february"),
    ];
    for (flow, slot, words) in cases {
        let message = format!("umm {words} hmm");
        let proposed = answer(&json!([start(flow), set(slot, words)]));
        let commands = told(&message, &DialogueState::default(), &proposed);
        assert_eq!(commands.len(), 2, "{slot} {words:?}: {commands:?}");
    }
}

#[test]
fn what_was_not_said_or_is_not_on_offer_is_dropped() {
    let none: [&str; 0] = [];
    let state = DialogueState::default();
    for text in [
        "",
        "yes",
        "{}",
        "[]",
        "{\"commands\":7}",
        "{\"commands\":[{\"command\":\"confirm\"},{\"command\":\"deny\"},{\"command\":\"cancel\"},{\"command\":\"recall\"}]}",
        "{\"commands\":[{\"command\":\"start_flow\",\"flow\":\"cancel_schedule\"},{\"command\":\"start_flow\",\"flow\":\"rob\"}]}",
        "{\"commands\":[{\"command\":\"hand_off\",\"reason\":\"self_harm\"}]}",
        "{\"commands\":[{\"command\":\"set_slot\",\"slot\":\"amount\",\"words\":\"25\"}]}",
    ] {
        assert_eq!(told("send 25 to anna", &state, text), none, "{text}");
    }
    // An amount and a payee that the customer did not name, an account number, an id.
    let proposed = answer(&json!([
        start("transfer"),
        set("amount", "$500"),
        set("amount", "2"),
        set("target", "<PAYEE_2>"),
        set("target", "John"),
        set("target", "67890"),
        set("source", "acc_savings"),
        { "command": "start_flow", "flow": "transfer", "confirmation": "cnf_1" },
        json!({ "command": "confirm", "confirmation": "cnf_1" }),
    ]));
    let commands = told("send 25 to anna", &state, &proposed);
    assert_eq!(commands, ["StartFlow { flow: Transfer }"]);
}

#[test]
fn while_a_proposal_waits_only_looking_is_left() {
    let active = |pending| DialogueState {
        active: Some(ActiveFlow {
            flow: Flow::Transfer,
            slots: Slots::default(),
            asked: Some(Slot::Amount),
            asked_times: 1,
        }),
        pending,
        ..DialogueState::default()
    };
    let waits = active(Some(Pending {
        confirmation: ConfirmationId::new("cnf_1").unwrap(),
        expires_at: jiff::Timestamp::UNIX_EPOCH,
        change: None,
        factor: None,
    }));
    let proposed = answer(&json!([
        set("amount", "sixty"),
        start("transfer"),
        set("amount", "sixty"),
        start("check_balance"),
    ]));
    let commands = told("make it sixty", &waits, &proposed);
    assert_eq!(commands, ["StartFlow { flow: CheckBalance }"]);
    let commands = told(
        "make it sixty",
        &active(None),
        &answer(&json!([set("amount", "sixty")])),
    );
    assert!(
        commands.len() == 1 && commands[0].contains("6000"),
        "{commands:?}"
    );
}

#[test]
fn one_movement_and_no_answer_beside_a_flow() {
    let proposed = answer(&json!([
        start("transfer"),
        set("amount", "25"),
        start("pay_bill"),
        set("amount", "30"),
        { "command": "ask_knowledge" },
        { "command": "out_of_scope" },
    ]));
    let commands = told("25 and then 30", &DialogueState::default(), &proposed);
    assert_eq!(commands.len(), 2, "{commands:?}");
    let proposed = answer(&json!([{ "command": "ask_knowledge" }, start("transfer")]));
    let commands = told("25", &DialogueState::default(), &proposed);
    assert_eq!(commands, ["Ask"]);
}

#[test]
fn requests_hold_none_of_the_customers_details() {
    let portfolio = portfolio();
    let state = DialogueState::default();
    let context = Context {
        portfolio: &portfolio,
        state: &state,
        today: date(2026, 3, 18),
        embedder: None,
    };
    let turn = vostro_bank::ConversationTurn {
        id: vostro_types::TurnId::new("trn_1").unwrap(),
        version: 1,
        at: jiff::Timestamp::UNIX_EPOCH,
        message_masked: format!("pay {} please", portfolio.payees[0].name),
        reply: json!({ "message": format!("From {}?", portfolio.accounts[0].number.as_str()) }),
    };
    let message = format!(
        "send 20 to Zebulon Quartz or {}, card 4111 1111 1111 1111, ssn 123-45-6789, mail z@example.com, account 99887766",
        portfolio.payees[1].name
    );
    let (request, _) = request(&Engine::builtin(), &message, &context, &[turn]);
    let sent = format!("{:?}", request.instructions)
        + &request
            .messages
            .iter()
            .flat_map(|message| &message.text)
            .map(crate::model::PromptText::as_str)
            .collect::<Vec<_>>()
            .join("\n");
    let mut secrets = vec!["4111", "6789", "example.com", "99887766"];
    secrets.extend(portfolio.payees.iter().map(|payee| payee.name.as_str()));
    secrets.extend(portfolio.accounts.iter().map(|it| it.number.as_str()));
    for secret in secrets {
        assert!(!sent.contains(secret), "{secret} in {sent}");
    }
    assert!(sent.contains("<PAYEE_1>"), "{sent}");
}
