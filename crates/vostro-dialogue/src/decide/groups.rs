//! The commands of a message, in the order and the groups in which they are carried out.

use crate::command::{Command, Flow, HandOffReason, Understanding};
use crate::state::Slots;

/// The commands, and a hand-off where a policy rule demands one that was not understood as such. A
/// question of how something works is answered first; it reaches a person when asked for.
pub(super) fn with_policy(
    handoff_rule: Option<&str>,
    understanding: &Understanding,
) -> Vec<Command> {
    let mut commands = understanding.commands.clone();
    let settled = commands.iter().any(|command| {
        matches!(
            command,
            Command::HandOff { .. }
                | Command::Ask
                | Command::StartFlow {
                    flow: Flow::Dispute | Flow::ReportCard
                }
        )
    });
    if let (Some(rule), false) = (handoff_rule, settled) {
        let reason = match rule {
            "dispute" | "unauthorised" | "unauthorized" => HandOffReason::Dispute,
            "fraud" => HandOffReason::Fraud,
            "hardship" => HandOffReason::Hardship,
            "bereavement" | "power_of_attorney" => HandOffReason::Bereavement,
            _ => HandOffReason::Asked,
        };
        commands.push(Command::HandOff { reason });
    }
    commands
}

/// Commands in the groups in which they belong together.
pub(super) enum Group<'a> {
    Start(Flow, Slots),
    Again(Slots),
    Fill(Slots),
    Single(&'a Command),
}

pub(super) fn groups(commands: &[Command]) -> Vec<Group<'_>> {
    let mut groups: Vec<Group<'_>> = Vec::new();
    for command in commands {
        match (command, groups.last_mut()) {
            (Command::StartFlow { flow }, _) => groups.push(Group::Start(*flow, Slots::default())),
            (Command::Again, _) => groups.push(Group::Again(Slots::default())),
            (
                Command::SetSlot(value),
                Some(Group::Start(_, slots) | Group::Again(slots) | Group::Fill(slots)),
            ) => slots.set(value.clone()),
            (Command::SetSlot(value), _) => {
                groups.push(Group::Fill(Slots::from_iter([value.clone()])));
            }
            (other, _) => groups.push(Group::Single(other)),
        }
    }
    groups
}
