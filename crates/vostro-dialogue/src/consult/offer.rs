//! What a model may propose: flows with their slots, and the JSON schema of its answer.
//!
//! The table is a list of what is allowed, so a flow that is not in it is never begun by a model. Missing on
//! purpose is what takes effect without a yes of its own: ending or skipping a standing order, taking a
//! transfer back. Yes, no and cancel are no commands here at all.

use std::fmt::Write as _;
use std::sync::LazyLock;

use serde_json::{Value, json};

use crate::command::{ChitChat, Flow, HandOffReason, Slot};
use crate::model::Schema;

/// A flow on offer.
#[derive(Debug, Clone, Copy)]
pub(super) struct Offer {
    /// Which.
    pub flow: Flow,
    /// What it is for, as the model is told.
    about: &'static str,
    /// What it can be told.
    pub slots: &'static [Slot],
    /// Whether it leads to a proposal of money, which its customer then confirms or not.
    pub moves: bool,
}

const fn looks(flow: Flow, about: &'static str, slots: &'static [Slot]) -> Offer {
    Offer {
        flow,
        about,
        slots,
        moves: false,
    }
}

const fn moves(flow: Flow, about: &'static str, slots: &'static [Slot]) -> Offer {
    Offer {
        flow,
        about,
        slots,
        moves: true,
    }
}

const HISTORY: &[Slot] = &[
    Slot::Account,
    Slot::Period,
    Slot::Count,
    Slot::Merchant,
    Slot::Category,
    Slot::Direction,
    Slot::AtLeast,
    Slot::AtMost,
];

const MONEY_TO: &[Slot] = &[Slot::Amount, Slot::Source, Slot::Target, Slot::Schedule];

const MONEY_FOR: &[Slot] = &[Slot::Biller, Slot::Amount, Slot::Source, Slot::Schedule];

const OFFERS: &[Offer] = &[
    looks(
        Flow::CheckBalance,
        "how much money is in an account, or owed on a card",
        &[Slot::Account],
    ),
    looks(
        Flow::ShowTransactions,
        "list what was paid or received",
        HISTORY,
    ),
    looks(
        Flow::SumSpending,
        "how much was spent or received in all",
        HISTORY,
    ),
    moves(
        Flow::Transfer,
        "propose to send money to an own account, a payee or an account number",
        MONEY_TO,
    ),
    moves(
        Flow::PayBill,
        "propose to pay a bill of a company that the customer pays",
        MONEY_FOR,
    ),
    looks(Flow::ListBills, "which bills are open", &[Slot::Biller]),
    looks(Flow::ListPayees, "who is saved as a payee", &[]),
    looks(
        Flow::ListSchedules,
        "which standing orders and payments to come there are",
        &[],
    ),
    looks(
        Flow::Statement,
        "an account's statement of a period",
        &[Slot::Account, Slot::Period],
    ),
];

/// The flow's row. While a proposal waits for a yes, only what looks is on offer.
pub(super) fn offer(flow: Flow, proposal_waits: bool) -> Option<&'static Offer> {
    OFFERS
        .iter()
        .find(|offer| offer.flow == flow && !(offer.moves && proposal_waits))
}

/// What each slot is, as the model is told.
const fn about(slot: Slot) -> &'static str {
    match slot {
        Slot::Amount => "how much",
        Slot::Source => "the account that pays",
        Slot::Target => "who or which account gets it",
        Slot::Biller => "which company or bill",
        Slot::Account => "which account",
        Slot::Period => "which days",
        Slot::Count => "how many entries",
        Slot::Merchant => "where it was spent",
        Slot::Category => "what kind of spending",
        Slot::Direction => "in or out",
        Slot::AtLeast => "a lowest amount",
        Slot::AtMost => "a highest amount",
        Slot::Schedule => "when, or how often, to pay",
        #[allow(unreachable_patterns, reason = "slots that no flow on offer has")]
        _ => "",
    }
}

fn on_offer(proposal_waits: bool) -> impl Iterator<Item = &'static Offer> {
    OFFERS
        .iter()
        .filter(move |offer| !(offer.moves && proposal_waits))
}

fn menu_text(proposal_waits: bool) -> String {
    let mut text = String::from("Flows on offer:");
    for offer in on_offer(proposal_waits) {
        let _ = write!(text, "\n- {}: {}", offer.flow.as_str(), offer.about);
        for (at, slot) in offer.slots.iter().enumerate() {
            let lead = if at == 0 { ". Slots: " } else { ", " };
            let _ = write!(text, "{lead}{} ({})", slot.as_str(), about(*slot));
        }
    }
    text
}

static MENU: LazyLock<String> = LazyLock::new(|| menu_text(false));
static MENU_TO_LOOK: LazyLock<String> = LazyLock::new(|| menu_text(true));

/// The flows and slots on offer, in words.
pub(super) fn menu(proposal_waits: bool) -> &'static str {
    if proposal_waits { &MENU_TO_LOOK } else { &MENU }
}

const REASONS: [HandOffReason; 6] = [
    HandOffReason::Asked,
    HandOffReason::Dispute,
    HandOffReason::Fraud,
    HandOffReason::Hardship,
    HandOffReason::Bereavement,
    HandOffReason::Unsupported,
];

const TALK: [ChitChat; 7] = [
    ChitChat::Greeting,
    ChitChat::Thanks,
    ChitChat::Goodbye,
    ChitChat::Help,
    ChitChat::Identity,
    ChitChat::SmallTalk,
    ChitChat::Frustration,
];

/// Whether a model may call a person for this reason.
pub(super) fn may_call_for(reason: HandOffReason) -> bool {
    REASONS.contains(&reason)
}

fn schema_of(proposal_waits: bool) -> Value {
    let flows: Vec<_> = on_offer(proposal_waits)
        .map(|offer| offer.flow.as_str())
        .collect();
    let mut slots: Vec<_> = on_offer(proposal_waits)
        .flat_map(|offer| offer.slots)
        .map(|slot| slot.as_str())
        .collect();
    slots.sort_unstable();
    slots.dedup();
    let command = |name: &str, fields: Value| {
        let mut properties = json!({ "command": { "type": "string", "enum": [name] } });
        let mut required = vec![Value::from("command")];
        if let (Value::Object(all), Value::Object(fields)) = (&mut properties, fields) {
            required.extend(fields.keys().map(|key| Value::from(key.as_str())));
            all.extend(fields);
        }
        json!({
            "type": "object",
            "properties": properties,
            "required": required,
            "additionalProperties": false,
        })
    };
    let one_of = |names: Vec<&str>| json!({ "type": "string", "enum": names });
    let kinds = TALK.iter().map(|kind| kind.as_str()).collect();
    let reasons = REASONS.iter().map(|reason| reason.as_str()).collect();
    json!({
        "type": "object",
        "properties": { "commands": { "type": "array", "items": { "anyOf": [
            command("start_flow", json!({ "flow": one_of(flows) })),
            command("set_slot", json!({ "slot": one_of(slots), "words": { "type": "string" } })),
            command("ask_knowledge", json!({})),
            command("chit_chat", json!({ "kind": one_of(kinds) })),
            command("hand_off", json!({ "reason": one_of(reasons) })),
            command("out_of_scope", json!({})),
        ] } } },
        "required": ["commands"],
        "additionalProperties": false,
    })
}

static SCHEMA: LazyLock<Value> = LazyLock::new(|| schema_of(false));
static SCHEMA_TO_LOOK: LazyLock<Value> = LazyLock::new(|| schema_of(true));

/// The schema of the answer.
pub(super) fn schema(proposal_waits: bool) -> Schema {
    Schema {
        name: "commands",
        about: "What the customer's last message asks the assistant to do.",
        schema: if proposal_waits {
            &SCHEMA_TO_LOOK
        } else {
            &SCHEMA
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_takes_effect_without_a_yes_is_not_on_offer() {
        for flow in [Flow::CancelSchedule, Flow::SkipSchedule] {
            assert!(offer(flow, false).is_none(), "{flow:?}");
        }
        assert!(offer(Flow::Transfer, false).is_some_and(|offer| offer.moves));
        assert!(offer(Flow::Transfer, true).is_none() && offer(Flow::PayBill, true).is_none());
        assert!(offer(Flow::CheckBalance, true).is_some());
    }

    #[test]
    fn the_schema_names_what_the_menu_names() {
        for waits in [false, true] {
            let text = schema(waits).schema.to_string();
            for offer in OFFERS {
                let named = format!("\"{}\"", offer.flow.as_str());
                assert_eq!(text.contains(&named), !(offer.moves && waits), "{named}");
                assert_eq!(
                    menu(waits).contains(&format!("- {}:", offer.flow.as_str())),
                    !(offer.moves && waits)
                );
            }
            for word in ["confirm", "deny", "cancel", "recall", "confirmation"] {
                assert!(!text.contains(word), "{word} in {text}");
            }
        }
    }
}
