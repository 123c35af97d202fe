//! What holds for every answer of a model that is asked what a message means. Used by the fuzz target (`fuzz/`) and by the
//! replay of its saved corpus below; not part of what is built otherwise.

use std::sync::LazyLock;

use jiff::civil::date;
use vostro_guardrails::Engine;

use crate::command::{Command, Flow};
use crate::consult::proposed;
use crate::entities::testing::portfolio;
use crate::state::DialogueState;
use crate::understand::Context;

/// What changes something without a yes of its own is not among them.
const MAY_BEGIN: [Flow; 9] = [
    Flow::CheckBalance,
    Flow::ShowTransactions,
    Flow::SumSpending,
    Flow::Transfer,
    Flow::PayBill,
    Flow::ListBills,
    Flow::ListPayees,
    Flow::ListSchedules,
    Flow::Statement,
];

static ENGINE: LazyLock<Engine> = LazyLock::new(Engine::builtin);

/// The first line is what the customer says, the rest the model's answer. Whatever that is: no yes, no and taking back, no more
/// than one movement of money and only from a flow that a model may begin, and the same answer gives the same.
pub fn model_commands(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let (message, answer) = text.split_once('\n').unwrap_or((&text, ""));
    let (portfolio, state) = (portfolio(), DialogueState::default());
    let context = Context {
        portfolio: &portfolio,
        state: &state,
        today: date(2026, 3, 18),
        embedder: None,
    };
    let commands = proposed(&ENGINE, message, &context, answer);
    assert!(commands.len() <= 12, "{commands:?}");
    let mut movements = 0;
    for command in &commands {
        assert!(!is_the_customers(command), "{command:?}");
        if let Command::StartFlow { flow } = command {
            assert!(MAY_BEGIN.contains(flow), "{commands:?}");
            movements += usize::from(matches!(flow, Flow::Transfer | Flow::PayBill));
        }
    }
    assert!(movements <= 1, "{commands:?}");
    assert_eq!(commands, proposed(&ENGINE, message, &context, answer));
}

/// What only a customer says.
const fn is_the_customers(command: &Command) -> bool {
    matches!(
        command,
        Command::Again
            | Command::Confirm
            | Command::Deny
            | Command::Choose { .. }
            | Command::Cancel
            | Command::Resume
            | Command::Recall
    )
}

#[cfg(test)]
#[path = "../../../fuzz/saved.rs"]
mod saved;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn saved_answers_keep_the_promises() {
        saved::replay("model_commands", 12, model_commands);
    }
}
