//! `vostro intents`: every intent that a message can be understood as.

use std::process::ExitCode;

use anyhow::Result;
use clap::Args;
use serde_json::json;
use vostro_dialogue::command::{ChitChat, Command, Flow, Understanding};
use vostro_dialogue::understand::classifier::{Classifier, Topic};
use vostro_dialogue::understand::intent::Label;

use super::version::print;

/// Lists every intent with a description, then every topic with its intent: the values of `intent` in
/// replies and of `intent` and `topic` in `vostro understand`.
#[derive(Debug, Args)]
pub(crate) struct IntentsArgs {
    /// Print JSON: a list of `{intent, description, topics}`, a topic being `{topic, description}`
    #[arg(long)]
    json: bool,
}

/// Runs the command.
pub(crate) fn run(args: &IntentsArgs) -> Result<ExitCode> {
    let intents: Vec<(&str, &str)> = commands()
        .into_iter()
        .filter_map(|command| {
            let about = describe(&command);
            let understanding = Understanding {
                commands: vec![command],
                confidence: 1.0,
            };
            understanding.intent(None).map(|name| (name, about))
        })
        .collect();
    let topics: Vec<(&str, &Topic)> = Classifier::get()
        .topics()
        .iter()
        .filter_map(|topic| Some((topic.label.and_then(Label::intent)?, topic)))
        .collect();
    if args.json {
        let list: Vec<_> = intents
            .iter()
            .map(|(intent, description)| {
                let own = topics.iter().filter(|(of, _)| of == intent);
                let own: Vec<_> = own
                    .map(|(_, topic)| json!({ "topic": topic.name, "description": topic.about }))
                    .collect();
                json!({ "intent": intent, "description": description, "topics": own })
            })
            .collect();
        print(&format!("{:#}\n", json!(list)))?;
    } else {
        for (intent, description) in intents {
            print(&format!("{intent:<18} {description}\n"))?;
        }
        print("\nTopics, each of an intent:\n")?;
        for (intent, topic) in topics {
            print(&format!(
                "{:<24} {intent:<18} {}\n",
                topic.name, topic.about
            ))?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// One command of each kind that names an intent by itself. Slots and "again" take the intent of the
/// flow they belong to.
fn commands() -> Vec<Command> {
    let flows = [
        Flow::CheckBalance,
        Flow::ShowTransactions,
        Flow::SumSpending,
        Flow::Transfer,
        Flow::PayBill,
        Flow::ListBills,
        Flow::ListPayees,
        Flow::ListSchedules,
        Flow::CancelSchedule,
        Flow::ChangeSchedule,
        Flow::SkipSchedule,
        Flow::PauseSchedule,
        Flow::Statement,
        Flow::ListCards,
        Flow::FreezeCard,
        Flow::UnfreezeCard,
        Flow::ReportCard,
        Flow::ReplaceCard,
        Flow::CardLimit,
        Flow::TravelNotice,
        Flow::Dispute,
        Flow::ListCases,
        Flow::AddPayee,
        Flow::RemovePayee,
        Flow::AccountDetails,
        Flow::ShowProfile,
        Flow::ChangeContact,
        Flow::SetAlert,
        Flow::ListAlerts,
        Flow::ChangeAlert,
        Flow::RemoveAlert,
    ];
    let kinds = [
        ChitChat::Greeting,
        ChitChat::Thanks,
        ChitChat::Goodbye,
        ChitChat::Help,
        ChitChat::Identity,
        ChitChat::SmallTalk,
        ChitChat::Frustration,
    ];
    flows
        .into_iter()
        .map(|flow| Command::StartFlow { flow })
        .chain([
            Command::Confirm,
            Command::Deny,
            Command::Choose {
                take: Vec::new(),
                leave: Vec::new(),
            },
            Command::Cancel,
            Command::Resume,
            Command::Unsure,
            Command::Recall,
            Command::Ask,
        ])
        .chain(kinds.into_iter().map(|kind| Command::ChitChat { kind }))
        .chain([
            Command::HandOff {
                reason: vostro_dialogue::command::HandOffReason::Asked,
            },
            Command::OutOfScope,
        ])
        .collect()
}

/// What a command is about; the compiler asks here for a word on every new one.
const fn describe(command: &Command) -> &'static str {
    match command {
        Command::StartFlow { flow } => match flow {
            Flow::CheckBalance => "The balance of one account, of a kind of account, or of all",
            Flow::ShowTransactions => {
                "A list of transactions, by period, merchant, category or count"
            }
            Flow::SumSpending => "How much was spent or received, by period, merchant or category",
            Flow::Transfer => "Money to an own account, a saved payee or an account number",
            Flow::PayBill => "Money to a biller",
            Flow::ListBills => "Which bills are open, and when they are due",
            Flow::ListPayees => "Who is saved as a payee",
            Flow::ListSchedules => "Which standing orders and payments to come there are",
            Flow::CancelSchedule => "End a standing order or a payment to come",
            Flow::ChangeSchedule => "Another amount or other days for a standing order",
            Flow::PauseSchedule => "Leave out the payments of a standing order until a day",
            Flow::SkipSchedule => "Leave out the next payment of a standing order",
            Flow::Statement => "An account's statement of a period: balances and sums",
            Flow::ListCards => "The customer's cards and how they stand",
            Flow::FreezeCard => "Freeze a card until it is unfrozen",
            Flow::UnfreezeCard => "Let a frozen card pay again",
            Flow::ReportCard => {
                "Report a card lost or stolen: blocked for good, and a person called"
            }
            Flow::ReplaceCard => "Order a new card in the place of a damaged or worn one",
            Flow::CardLimit => "Set the most that a card pays on a day",
            Flow::TravelNotice => "Tell the bank of a trip",
            Flow::Dispute => "Open a case for a transaction that the customer does not agree with",
            Flow::ListCases => "The customer's cases",
            Flow::AddPayee => "Save a payee",
            Flow::RemovePayee => "Remove a saved payee",
            Flow::AccountDetails => "An account's number and the bank's routing number",
            Flow::ShowProfile => {
                "The address, e-mail address and telephone number that the bank has"
            }
            Flow::ChangeContact => "Change the address, e-mail address or telephone number",
            Flow::SetAlert => "Be told when a balance falls below an amount",
            Flow::ListAlerts => "The customer's alerts",
            Flow::ChangeAlert => "Be told of a balance below another amount than before",
            Flow::RemoveAlert => "End an alert, or all of them",
        },
        Command::Again => "The last thing again, with something changed",
        Command::SetSlot(_) => "A detail of what is being done",
        Command::Confirm => "Yes to what was proposed or asked",
        Command::Deny => "No to what was proposed or asked",
        Command::Choose { .. } => "Of several orders that wait, yes to some and no to others",
        Command::Cancel => "Stop what is being done",
        Command::Resume => "Go on with what is open",
        Command::Unsure => "No answer to what was asked: what is there to choose from?",
        Command::Recall => "Take back a transfer that is not final yet",
        Command::Ask => "A question that the knowledge base answers",
        Command::ChitChat { kind } => match kind {
            ChitChat::Greeting => "Hello",
            ChitChat::Thanks => "Thank you",
            ChitChat::Goodbye => "Goodbye",
            ChitChat::Help => "What can you do?",
            ChitChat::Identity => "Who or what are you?",
            ChitChat::SmallTalk => "Small talk that asks for nothing",
            ChitChat::Frustration => "Anger or disappointment that names no task",
        },
        Command::HandOff { .. } => "A person is asked for, or needed",
        Command::OutOfScope => "Nothing that a bank's assistant does",
    }
}
