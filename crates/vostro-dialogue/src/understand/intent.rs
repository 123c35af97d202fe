//! What a clause may be about, and the scores for it.
//!
//! [`Scores`] is what every tier of the understanding speaks: the cues add their weights, and a trained
//! classifier can add its own before [`Scores::best`] decides.

use crate::command::{ChitChat, Command, Flow, HandOffReason, Understanding};

/// What a clause may be about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Intent {
    /// Something the assistant does.
    Flow(Flow),
    /// A transfer is to be taken back.
    Recall,
    /// A question for the knowledge base.
    Ask,
    /// Small talk.
    ChitChat(ChitChat),
    /// A person is needed.
    HandOff(HandOffReason),
    /// Nothing for a bank.
    OutOfScope,
}

impl Intent {
    /// What wins when two score the same: what is urgent, then what acts, then what answers.
    const fn rank(self) -> u8 {
        match self {
            Self::HandOff(_) => 4,
            Self::Flow(_) | Self::Recall => 3,
            Self::Ask => 2,
            Self::OutOfScope => 1,
            Self::ChitChat(_) => 0,
        }
    }
}

/// What a cue speaks for: an intent, or which way the money went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Label {
    /// An intent.
    Intent(Intent),
    /// Money in.
    DirectionIn,
    /// Money out.
    DirectionOut,
    /// The clause continues what was done last ("and …", "what about …").
    Ellipsis,
    /// The same again.
    Same,
    /// The clause corrects what was said before.
    Correction,
    /// The clause asks what a thing is, or costs.
    Definition,
}

impl Label {
    /// What a command is about; `None` for slots and answers.
    pub const fn of(command: &Command) -> Option<Self> {
        let intent = match command {
            Command::StartFlow { flow } => Intent::Flow(*flow),
            Command::Recall => Intent::Recall,
            Command::Ask => Intent::Ask,
            Command::ChitChat { kind } => Intent::ChitChat(*kind),
            Command::HandOff { reason } => Intent::HandOff(*reason),
            Command::OutOfScope => Intent::OutOfScope,
            _ => return None,
        };
        Some(Self::Intent(intent))
    }

    /// The value of `intent` in a reply; `None` for what is no intent.
    pub fn intent(self) -> Option<&'static str> {
        let Self::Intent(intent) = self else {
            return None;
        };
        let command = match intent {
            Intent::Flow(flow) => Command::StartFlow { flow },
            Intent::Recall => Command::Recall,
            Intent::Ask => Command::Ask,
            Intent::ChitChat(kind) => Command::ChitChat { kind },
            Intent::HandOff(reason) => Command::HandOff { reason },
            Intent::OutOfScope => Command::OutOfScope,
        };
        let understanding = Understanding {
            commands: vec![command],
            confidence: 1.0,
        };
        understanding.intent(None)
    }

    /// Reads a section's name in the cue files.
    pub fn parse(name: &str) -> Option<Self> {
        let intent = match name {
            "check_balance" => Intent::Flow(Flow::CheckBalance),
            "show_transactions" => Intent::Flow(Flow::ShowTransactions),
            "sum_spending" => Intent::Flow(Flow::SumSpending),
            "transfer" => Intent::Flow(Flow::Transfer),
            "pay_bill" => Intent::Flow(Flow::PayBill),
            "list_bills" => Intent::Flow(Flow::ListBills),
            "list_payees" => Intent::Flow(Flow::ListPayees),
            "list_schedules" => Intent::Flow(Flow::ListSchedules),
            "cancel_schedule" => Intent::Flow(Flow::CancelSchedule),
            "change_schedule" => Intent::Flow(Flow::ChangeSchedule),
            "pause_schedule" => Intent::Flow(Flow::PauseSchedule),
            "skip_schedule" => Intent::Flow(Flow::SkipSchedule),
            "statement" => Intent::Flow(Flow::Statement),
            "list_cards" => Intent::Flow(Flow::ListCards),
            "freeze_card" => Intent::Flow(Flow::FreezeCard),
            "unfreeze_card" => Intent::Flow(Flow::UnfreezeCard),
            "report_card" => Intent::Flow(Flow::ReportCard),
            "replace_card" => Intent::Flow(Flow::ReplaceCard),
            "card_limit" => Intent::Flow(Flow::CardLimit),
            "travel_notice" => Intent::Flow(Flow::TravelNotice),
            "dispute_transaction" => Intent::Flow(Flow::Dispute),
            "list_cases" => Intent::Flow(Flow::ListCases),
            "add_payee" => Intent::Flow(Flow::AddPayee),
            "remove_payee" => Intent::Flow(Flow::RemovePayee),
            "account_details" => Intent::Flow(Flow::AccountDetails),
            "show_profile" => Intent::Flow(Flow::ShowProfile),
            "change_contact" => Intent::Flow(Flow::ChangeContact),
            "set_alert" => Intent::Flow(Flow::SetAlert),
            "change_alert" => Intent::Flow(Flow::ChangeAlert),
            "list_alerts" => Intent::Flow(Flow::ListAlerts),
            "remove_alert" => Intent::Flow(Flow::RemoveAlert),
            "recall" => Intent::Recall,
            "ask" => Intent::Ask,
            "out_of_scope" => Intent::OutOfScope,
            "greeting" => Intent::ChitChat(ChitChat::Greeting),
            "thanks" => Intent::ChitChat(ChitChat::Thanks),
            "goodbye" => Intent::ChitChat(ChitChat::Goodbye),
            "help" => Intent::ChitChat(ChitChat::Help),
            "identity" => Intent::ChitChat(ChitChat::Identity),
            "small_talk" => Intent::ChitChat(ChitChat::SmallTalk),
            "frustration" => Intent::ChitChat(ChitChat::Frustration),
            "hand_off.asked" => Intent::HandOff(HandOffReason::Asked),
            "hand_off.dispute" => Intent::HandOff(HandOffReason::Dispute),
            "hand_off.fraud" => Intent::HandOff(HandOffReason::Fraud),
            "hand_off.hardship" => Intent::HandOff(HandOffReason::Hardship),
            "hand_off.bereavement" => Intent::HandOff(HandOffReason::Bereavement),
            "hand_off.unsupported" => Intent::HandOff(HandOffReason::Unsupported),
            "direction.in" => return Some(Self::DirectionIn),
            "direction.out" => return Some(Self::DirectionOut),
            "ellipsis" => return Some(Self::Ellipsis),
            "same" => return Some(Self::Same),
            "correction" => return Some(Self::Correction),
            "definition" => return Some(Self::Definition),
            _ => return None,
        };
        Some(Self::Intent(intent))
    }
}

/// Scores by label. An intent that nothing spoke for is not in it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Scores(Vec<(Label, f32)>);

impl Scores {
    /// Adds to a label's score.
    pub fn add(&mut self, label: Label, weight: f32) {
        match self.0.iter_mut().find(|(known, _)| *known == label) {
            Some((_, score)) => *score += weight,
            None => self.0.push((label, weight)),
        }
    }

    /// Multiplies a label's score.
    pub fn scale(&mut self, label: Label, factor: f32) {
        for (known, score) in &mut self.0 {
            if *known == label {
                *score *= factor;
            }
        }
    }

    /// A label's score; 0 when nothing spoke for it.
    pub fn of(&self, label: Label) -> f32 {
        self.0
            .iter()
            .find(|(known, _)| *known == label)
            .map_or(0.0, |(_, score)| *score)
    }

    /// The intents, best first.
    pub fn ranking(&self) -> Vec<(Intent, f32)> {
        let mut ranking: Vec<(Intent, f32)> = self
            .0
            .iter()
            .filter_map(|&(label, score)| match label {
                Label::Intent(intent) => Some((intent, score)),
                _ => None,
            })
            .collect();
        ranking.sort_by(|(a, left), (b, right)| {
            right.total_cmp(left).then_with(|| b.rank().cmp(&a.rank()))
        });
        ranking
    }

    /// The best intent and how far it is ahead of the next one.
    pub fn best(&self) -> Option<Decision> {
        let ranking = self.ranking();
        let &(intent, score) = ranking.first()?;
        let second = ranking.get(1).map_or(0.0, |&(_, score)| score).max(0.0);
        Some(Decision {
            intent,
            score,
            margin: score - second,
        })
    }
}

/// The intent that was decided for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Decision {
    /// The intent.
    pub intent: Intent,
    /// Its score.
    pub score: f32,
    /// By how much it leads.
    pub margin: f32,
}

impl Decision {
    /// From score and margin to a confidence between 0 and 1.
    pub fn confidence(self) -> f32 {
        let strength = (self.score / 5.0).clamp(0.0, 1.0);
        let lead = (self.margin / 3.0).clamp(0.0, 1.0);
        0.3 + 0.4 * strength + 0.3 * lead
    }
}
