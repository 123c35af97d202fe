//! Standing orders and statements, carried out.

use jiff::civil::Date;
use vostro_bank::{
    AuditKind, Change, ProposeOutcome, ScheduleOutcome, ScheduleView, StatementQuery, StoreError,
};
use vostro_ledger::{Proposal, StandingOrder};
use vostro_types::ConfirmationId;

use super::{Actor, Done};
use crate::command::Period;
use crate::decide::{Ending, Pause, Paused, Refusal, ScheduleChanges};

impl Actor<'_> {
    pub(super) async fn propose_order(
        &self,
        proposal: Proposal<StandingOrder>,
        left_out: Vec<Date>,
    ) -> Result<Done, StoreError> {
        if self.is_too_often().await {
            return Ok(Done::TooOften);
        }
        let context = self.audit(AuditKind::Proposed);
        let outcome = self.store.propose_schedule(&proposal, &context).await?;
        Ok(match outcome {
            ProposeOutcome::Proposed => {
                let about = super::factor::of_movement(&proposal.intent.intent);
                self.demand(&proposal, about).await?;
                let again = self.has_alike(&proposal.intent).await?;
                self.needing(Done::OrderProposed {
                    proposal,
                    again,
                    left_out,
                })
            }
            ProposeOutcome::Declined(decline) => Done::ProposalDeclined {
                intent: proposal.intent.intent,
                decline,
            },
        })
    }

    /// Whether an order in force moves the same as often as a new one, which takes no place of it.
    async fn has_alike(&self, order: &StandingOrder) -> Result<bool, StoreError> {
        if order.replaces.is_some() {
            return Ok(false);
        }
        let all = self.store.schedules(self.customer).await?;
        let alike = |it: &ScheduleView| {
            let frequency = it.order.schedule.frequency();
            it.order.intent == order.intent && frequency == order.schedule.frequency()
        };
        Ok(all.iter().any(alike))
    }

    /// The customer's yes to a standing order.
    pub(super) async fn confirm_order(
        &self,
        proposal: Proposal<StandingOrder>,
    ) -> Result<Done, StoreError> {
        let demanded = self.demands(&proposal.intent.intent);
        let about = super::factor::of_movement(&proposal.intent.intent);
        let confirmed = match self.confirmed(proposal, demanded, about).await? {
            Ok(confirmed) => confirmed,
            Err(done) => return Ok(done),
        };
        let context = self.audit(AuditKind::Confirmed);
        let outcome = self.store.confirm_schedule(confirmed, &context).await?;
        Ok(match outcome {
            ScheduleOutcome::Scheduled(view) | ScheduleOutcome::Replayed(view) => {
                Done::Scheduled(view)
            }
            ScheduleOutcome::Declined(decline) => Done::PostDeclined(decline),
            ScheduleOutcome::Expired | ScheduleOutcome::NotOpen => Done::NotOpen,
        })
    }

    /// What still waits for yes or no.
    pub(super) async fn remind(&self, id: &ConfirmationId) -> Result<Done, StoreError> {
        if let Some(proposal) = self.store.open_proposal(self.customer, id).await? {
            return Ok(Done::Waiting(proposal));
        }
        let order = self.store.open_schedule(self.customer, id).await?;
        Ok(order.map_or(Done::NotOpen, Done::OrderWaiting))
    }

    /// Puts the end of the one order that is meant, or leaving out its next payment, before the customer. Where several
    /// fit, or none, they are shown.
    pub(super) async fn end_order(&self, ending: Ending) -> Result<Done, StoreError> {
        let all = self.store.schedules(self.customer).await?;
        let Some(one) = ending.whom.among(&all) else {
            return Ok(Done::WhichSchedule(all));
        };
        let (order, terms) = (one.id.clone(), Box::new(one.order.clone()));
        let change = match (ending.skips, one.next_due) {
            (false, _) => Change::EndOrder { order, terms },
            (true, Some(due)) => Change::SkipPayment {
                next: terms.schedule.after(due),
                order,
                terms,
                due,
            },
            (true, None) => return Ok(Done::WhichSchedule(all)),
        };
        let proposed = self.proposed(change, ending.confirmation, ending.expires_at);
        Ok(Done::ChangeProposed(proposed))
    }

    /// Puts the one order that is meant before the customer with what is to be another of it. What needs a second
    /// factor is ordered anew.
    pub(super) async fn change_order(&self, changes: ScheduleChanges) -> Result<Done, StoreError> {
        let all = self.store.schedules(self.customer).await?;
        let Some(one) = changes.whom.among(&all) else {
            return Ok(Done::WhichSchedule(all));
        };
        let Some(order) = changes.of(one) else {
            return Ok(Done::WhichChange(Box::new(one.clone())));
        };
        let grows = order.intent.amount.minor > one.order.intent.amount.minor;
        if grows
            && (self.demands(&order.intent) || self.factors.policy.leaves_to_person(&order.intent))
        {
            return Ok(Done::Refused(Refusal::StepUpUnavailable));
        }
        let proposal = Proposal::new(changes.confirmation, order, changes.expires_at);
        self.propose_order(proposal, Vec::new()).await
    }

    /// Puts leaving out the payments of the one order that is meant, until a day, before the customer; where none would be
    /// left, its end.
    pub(super) async fn pause_order(&self, pause: Pause) -> Result<Done, StoreError> {
        let all = self.store.schedules(self.customer).await?;
        let Some(one) = pause.whom.among(&all) else {
            return Ok(Done::WhichSchedule(all));
        };
        Ok(match pause.of(one) {
            Paused::GoesOn(order, left_out) => {
                let proposal = Proposal::new(pause.confirmation, *order, pause.expires_at);
                return self.propose_order(proposal, left_out).await;
            }
            Paused::NothingDue => Done::NoPaymentBefore(Box::new(one.clone()), pause.until),
            Paused::Over => {
                let change = Change::EndOrder {
                    order: one.id.clone(),
                    terms: Box::new(one.order.clone()),
                };
                let proposed = self.proposed(change, pause.confirmation, pause.expires_at);
                Done::ChangeProposed(proposed)
            }
        })
    }

    pub(super) async fn statement(
        &self,
        query: StatementQuery,
        period: Period,
    ) -> Result<Done, StoreError> {
        let page = self.store.statement(self.customer, &query).await?;
        Ok(page.map_or(Done::NotOpen, |page| Done::Statement {
            account: query.account,
            page: Box::new(page),
            period,
        }))
    }
}
