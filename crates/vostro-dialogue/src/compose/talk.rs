//! Replies without figures of the customer's: knowledge, people, small talk, refusals.

use super::{Draft, Setting};
use crate::act::Done;
use crate::command::{ChitChat, HandOffReason};
use crate::decide::Refusal;
use crate::ground::Found;
use crate::reply::Card;

/// Things to say that lead somewhere.
const SUGGESTIONS: [&str; 4] = [
    "What's my balance?",
    "Show my recent transactions",
    "Transfer money",
    "Pay a bill",
];

fn suggestions() -> Card {
    Card::Choices {
        options: SUGGESTIONS.map(str::to_owned).to_vec(),
    }
}

pub(super) fn nothing_to_say() -> Draft {
    Draft::say("Is there anything else I can help with?").with_card(suggestions())
}

pub(super) fn answer(found: &Found, beside_handoff: bool) -> Draft {
    match found {
        Found::Answer(answer) => {
            let answer = answer.get();
            let mut titles: Vec<&str> = Vec::new();
            for citation in &answer.citations {
                if !titles.contains(&citation.title.as_str()) {
                    titles.push(&citation.title);
                }
            }
            let mut draft = Draft::say(format!("{}\n\nSource: {}", answer.text, titles.join("; ")));
            draft.citations.clone_from(&answer.citations);
            draft
        }
        Found::NotAsked => Draft::default(),
        _ if beside_handoff => Draft::default(),
        Found::Nothing { nearest } if nearest.is_empty() => Draft::say(
            "I don't have an answer to that. I can help with balances, transactions, transfers, bill payments and how things work at the bank, or say “talk to a person”.",
        )
        .with_card(suggestions()),
        Found::Nothing { nearest } => Draft::say(format!(
            "I don't have an answer to that. The nearest articles I have are:\n{}\nIf none of them fits, say “talk to a person”.",
            nearest.iter().map(|title| format!("- {title}")).collect::<Vec<_>>().join("\n")
        )),
        Found::Unavailable => Draft::say(
            "I can't look that up right now, because the knowledge base does not answer. Balances, transactions, transfers and bill payments work; for anything else, please try again in a moment or say “talk to a person”.",
        ),
    }
}

pub(super) fn hand_off(setting: Setting<'_>, reason: HandOffReason) -> Draft {
    let lead = match reason {
        HandOffReason::SelfHarm => {
            return Draft::say(format!(
                "I'm really sorry you're going through this. You don't have to face it alone. If you are in danger, please call your local emergency number now. In the US and Canada you can call or text 988 at any hour; elsewhere your local emergency or crisis line can help. I've marked this conversation for a person, reference {}.",
                setting.reference
            ))
            .with_card(Card::HandOff { reason: reason.as_str().to_owned() });
        }
        HandOffReason::Asked => "I've put this conversation in the queue for a person.",
        HandOffReason::Dispute => {
            "A charge you don't agree with needs a person to look at it. I've put this conversation in the queue for one."
        }
        HandOffReason::Fraud => {
            "If a card or your access is lost, stolen or used by somebody else, call the number on the back of your card or on your statement now: I can't block a card myself. I've also put this conversation in the queue for a person."
        }
        HandOffReason::Hardship => {
            "Thank you for telling me. A person can look at this with you; I've put this conversation in the queue for one."
        }
        HandOffReason::Bereavement => {
            "I'm sorry. A person will take care of this with you; I've put this conversation in the queue for one."
        }
        HandOffReason::Unsupported => {
            "I can't do that myself. I've put this conversation in the queue for a person who can."
        }
        HandOffReason::NotUnderstood => {
            "I'm sorry, I keep misunderstanding you. I've put this conversation in the queue for a person."
        }
    };
    Draft::say(format!(
        "{lead} Your reference is {}. Meanwhile you can go on asking me.",
        setting.reference
    ))
    .with_card(Card::HandOff {
        reason: reason.as_str().to_owned(),
    })
}

pub(super) fn chit_chat(kind: ChitChat) -> Draft {
    match kind {
        ChitChat::Greeting => Draft::say(
            "Hello! I'm the bank's automated assistant. I can show balances and transactions, make transfers, pay bills and explain how things work. What can I do for you?",
        )
        .with_card(suggestions()),
        ChitChat::Thanks => Draft::say("You're welcome. Is there anything else I can help with?"),
        ChitChat::Goodbye => Draft::say("Goodbye, and thank you for stopping by."),
        ChitChat::Help => Draft::say(
            "I can\n- show the balance of one account or all of them\n- list transactions by period, merchant, category or amount, and sum what you spent\n- transfer money between your accounts, to a saved payee or to an account number\n- pay your bills\n- schedule payments, once or every month, and list, skip or cancel them\n- show an account's statement of a month\n- answer questions about accounts, cards, fees and limits\n- call a person\nMoney only moves after you have confirmed source, payee and amount.",
        )
        .with_card(suggestions()),
        ChitChat::Identity => Draft::say(
            "I'm an AI assistant, a computer program of the bank, not a person. If you would rather talk to one, say “talk to a person”.",
        ),
        ChitChat::SmallTalk => Draft::say("Okay. Is there anything I can do for you at the bank?"),
        ChitChat::Frustration => Draft::say(
            "I'm sorry this is frustrating. Tell me what you need in a few words, or say “talk to a person”.",
        )
        .with_card(suggestions()),
    }
}

/// Replies that need nothing but the result itself.
pub(super) fn plain(done: &Done) -> Draft {
    match done {
        Done::NotOpen => Draft::say(
            "That proposal is no longer open, so nothing was moved. If you still want it, ask me again and confirm the new one.",
        ),
        Done::Cancelled => Draft::say("Cancelled. Nothing was moved."),
        Done::Stopped => Draft::say("Okay, I've stopped. Nothing was moved."),
        Done::NothingToConfirm => Draft::say(
            "There is nothing waiting for your confirmation. What would you like to do?",
        )
        .with_card(suggestions()),
        Done::OneAtATime => Draft::say(
            "I take one transfer or payment at a time: answer this one first, then ask me for the other.",
        ),
        Done::OutOfScope => Draft::say(
            "That's outside what I can help with. I'm here for your banking: balances, transactions, transfers, bills, and questions about the bank.",
        )
        .with_card(suggestions()),
        Done::Blocked => Draft::say(
            "I can't help with that message. If you have a banking question, please ask it in other words, or say “talk to a person”.",
        ),
        Done::Refused(Refusal::NoSource) => {
            Draft::say("You have no account that money can be sent from.")
        }
        Done::Refused(Refusal::StepUpUnavailable) => Draft::say(
            "This needs a second confirmation that can't be given here. Nothing was moved. Say “talk to a person” to have it done.",
        ),
        Done::Refused(Refusal::NotUnderstood) => Draft::say("Sorry, I didn't get that."),
        _ => Draft::default(),
    }
}
