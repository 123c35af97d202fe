//! What is not offered where a core banking system keeps the money. It is said to be so as soon as it shows, and
//! never looked for in local records, which know no such customer and would say "you have none".

use crate::command::Flow;
use crate::concierge::Concierge;
use crate::decide::{Refusal, Step};
use crate::state::DialogueState;

/// A bank whose core banking system keeps the money.
pub(crate) struct Elsewhere {
    /// The flow that the customer is asked on for, if any.
    flow: Option<Flow>,
}

impl Elsewhere {
    /// Of this assistant, with the memory that it plans to go on from.
    pub(crate) fn of(concierge: &Concierge, state: &DialogueState) -> Option<Self> {
        let flow = state.active.as_ref().map(|active| active.flow);
        concierge.keeps_books_elsewhere.then_some(Self { flow })
    }

    /// Whether a step neither is nor leads to something that is not offered.
    pub(super) fn offers(&self, step: &Step) -> bool {
        match step {
            Step::ProposeOrder(_)
            | Step::ListSchedules
            | Step::EndSchedule(_)
            | Step::ChangeSchedule(_)
            | Step::PauseSchedule(_)
            | Step::ShowStatement { .. }
            | Step::Recall(_)
            | Step::ListCards
            | Step::ListCases
            | Step::ListAlerts
            | Step::ShowProfile
            | Step::ProposeChange(_)
            | Step::FindDisputed { .. }
            | Step::FindAlert(_)
            | Step::Refuse(Refusal::NoCard(_) | Refusal::CardStands | Refusal::PayeeSaved) => false,
            Step::AskFor(_) => self.flow.is_none_or(is_offered),
            _ => true,
        }
    }
}

const fn is_offered(flow: Flow) -> bool {
    match flow {
        Flow::CheckBalance
        | Flow::ShowTransactions
        | Flow::SumSpending
        | Flow::Transfer
        | Flow::PayBill
        | Flow::ListBills
        | Flow::ListPayees
        | Flow::AccountDetails => true,
        Flow::ListSchedules
        | Flow::CancelSchedule
        | Flow::SkipSchedule
        | Flow::PauseSchedule
        | Flow::ChangeSchedule
        | Flow::Statement
        | Flow::ListCards
        | Flow::FreezeCard
        | Flow::UnfreezeCard
        | Flow::ReportCard
        | Flow::ReplaceCard
        | Flow::CardLimit
        | Flow::TravelNotice
        | Flow::Dispute
        | Flow::ListCases
        | Flow::AddPayee
        | Flow::RemovePayee
        | Flow::ShowProfile
        | Flow::ChangeContact
        | Flow::SetAlert
        | Flow::ListAlerts
        | Flow::ChangeAlert
        | Flow::RemoveAlert => false,
    }
}
