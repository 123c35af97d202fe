//! Step 4: carries out a plan. Every choice was made before; here the store is asked and answers.

mod done;
pub(crate) mod elsewhere;
mod factor;
mod schedules;
mod services;

use std::sync::Arc;

use serde_json::Value;
use vostro_bank::{
    AuditEvent, AuditKind, CancelOutcome, FactorMethod, FactorRules, HistoryQuery, NewHandOff,
    Order, Portfolio, PostOutcome, ProposeOutcome, Store, StoreError, VoidOutcome,
};
use vostro_ledger::{Proposal, SettlementPolicy, TransferStatus};
use vostro_types::{
    Clock, ConfirmationId, CustomerId, Entropy, HandOffId, Money, SessionId, TurnId,
};

use self::elsewhere::Elsewhere;
use crate::code::OneTimeCode;
use crate::command::HandOffReason;
use crate::decide::{About, Step, StepUpPolicy};
use crate::ports::{CodeCheck, MoneyPace};
use crate::steps::{tool, within};

pub(crate) use done::{Done, ProposedChange};

/// What came of a plan, with the portfolio as it is now.
#[derive(Debug)]
pub(crate) struct Outcome {
    /// One result a step, in order.
    pub done: Vec<Done>,
    /// The portfolio: read again when money moved.
    pub portfolio: Arc<Portfolio>,
}

/// Who acts, where, for the audit rows.
pub(crate) struct Actor<'a> {
    /// The books.
    pub store: &'a dyn Store,
    /// What time it is when the customer's yes is taken.
    pub clock: &'a dyn Clock,
    /// The customer.
    pub customer: &'a CustomerId,
    /// The conversation.
    pub session: &'a SessionId,
    /// The turn.
    pub turn: &'a TurnId,
    /// When what is confirmed becomes final.
    pub settlement: SettlementPolicy,
    /// How often movements may be proposed, where that is limited.
    pub pace: Option<&'a dyn MoneyPace>,
    /// What a second factor is asked and checked with.
    pub factors: Factors<'a>,
    /// Where a core banking system keeps the money.
    pub elsewhere: Option<Elsewhere>,
}

/// What a second factor is asked and checked with.
pub(crate) struct Factors<'a> {
    /// What is proposed needs this one.
    pub needed: Option<FactorMethod>,
    /// When one is needed: looked at again when the yes comes.
    pub policy: &'a StepUpPolicy,
    /// What the customer sent to others today, where the policy asks.
    pub sent_today: Option<Money>,
    /// The one that this customer can give.
    pub available: Option<FactorMethod>,
    /// The code that the message holds.
    pub code: Option<&'a OneTimeCode>,
    /// Who knows codes.
    pub codes: Option<&'a dyn CodeCheck>,
    /// How often somebody may be wrong.
    pub rules: FactorRules,
    /// For the ids of challenges.
    pub entropy: &'a dyn Entropy,
}

/// Carries out the steps in order.
pub(crate) async fn act(
    actor: &Actor<'_>,
    steps: Vec<Step>,
    mut portfolio: Arc<Portfolio>,
) -> Result<Outcome, StoreError> {
    let mut done = Vec::with_capacity(steps.len());
    for step in steps {
        let span = tool(&step);
        let result = match &actor.elsewhere {
            Some(elsewhere) if !elsewhere.offers(&step) => Done::NotOffered,
            _ => within(span, actor.carry_out(step)).await?,
        };
        let moved = matches!(
            result,
            Done::Posted(_) | Done::Placed(_) | Done::Recalled(_) | Done::Changed(_)
        );
        done.push(result);
        if moved && let Some(fresh) = actor.store.portfolio(actor.customer).await? {
            portfolio = Arc::new(fresh);
        }
    }
    Ok(Outcome { done, portfolio })
}

impl Actor<'_> {
    async fn carry_out(&self, step: Step) -> Result<Done, StoreError> {
        Ok(match step {
            Step::ShowBalances { accounts, unknown } => Done::Balances { accounts, unknown },
            Step::ShowTransactions { query, about } => self.transactions(&query, about).await?,
            Step::SumSpending {
                query,
                about,
                before,
            } => {
                let summary = self.store.spending(self.customer, &query).await?;
                let before = match before {
                    Some(before) => Some(self.store.spending(self.customer, &before).await?),
                    None => None,
                };
                Done::Spending {
                    summary,
                    about,
                    before,
                }
            }
            Step::ListBills(only) => Done::Bills(only),
            Step::ListPayees => Done::Payees,
            Step::Propose(proposal) => self.propose(proposal).await?,
            Step::ProposeOrder(proposal) => self.propose_order(proposal, Vec::new()).await?,
            Step::ListSchedules => Done::Schedules(self.store.schedules(self.customer).await?),
            Step::EndSchedule(ending) => self.end_order(ending).await?,
            Step::ChangeSchedule(changes) => self.change_order(changes).await?,
            Step::PauseSchedule(pause) => self.pause_order(pause).await?,
            Step::ShowStatement { query, period } => self.statement(query, period).await?,
            Step::Post(confirmation) => self.post(&confirmation).await?,
            Step::CancelProposal {
                confirmation,
                replaced,
            } => self.cancel(&confirmation, replaced).await?,
            Step::RepeatReceipt(confirmation) => self.earlier(&confirmation).await?,
            Step::Recall(confirmation) => self.recall(confirmation).await?,
            Step::Remind(confirmation) => self.remind(&confirmation).await?,
            Step::AskFor(question) => Done::Asked(question),
            Step::Refuse(refusal) => Done::Refused(refusal),
            Step::Answer {
                question,
                beside_handoff,
            } => Done::ToAnswer {
                question,
                beside_handoff,
            },
            Step::Say(kind) => Done::Said(kind),
            Step::HandOff { reason, summary } => self.hand_off(reason, summary).await?,
            Step::TellPerson { hand_off, text } => {
                match self.store.tell_colleague(&hand_off, &text).await? {
                    Some(_) => Done::ToldPerson,
                    None => Done::PersonGone,
                }
            }
            Step::ListCards => Done::Cards,
            Step::ListCases => Done::Cases(self.store.cases(self.customer).await?),
            Step::ListAlerts => Done::Alerts {
                alerts: self.store.alerts(self.customer).await?,
                unclear: false,
            },
            Step::ShowProfile => self.profile().await?,
            Step::ShowAccountDetails(account) => Done::AccountDetails(account),
            Step::ProposeChange(proposal) => {
                let about = factor::of_change(&proposal.intent);
                self.demand(&proposal, about).await?;
                self.needing(Done::ChangeProposed(self.about(proposal).await?))
            }
            Step::FindDisputed {
                query,
                reason,
                confirmation,
                expires_at,
            } => {
                self.find_disputed(&query, reason, confirmation, expires_at)
                    .await?
            }
            Step::FindAlert(search) => self.find_alert(search).await?,
            Step::CarryOut(proposal) => self.carry_out_change(proposal).await?,
            Step::RemindChange(proposal) => {
                if self.clock.now() < proposal.expires_at {
                    Done::ChangeWaiting(self.about(proposal).await?)
                } else {
                    Done::NotOpen
                }
            }
            Step::DropChange { replaced: true } => Done::Replaced,
            Step::DropChange { replaced: false } => Done::ChangeDropped,
            Step::Block => Done::Blocked,
            Step::OutOfScope => Done::OutOfScope,
            Step::NothingToConfirm => Done::NothingToConfirm,
            Step::Stopped => Done::Stopped,
            Step::OneAtATime => Done::OneAtATime,
            Step::LeaveOut(orders) => Done::LeftOut(orders),
        })
    }

    /// Puts the conversation in the queue. The entry's id comes of the turn's, which is as random.
    async fn hand_off(&self, reason: HandOffReason, summary: Value) -> Result<Done, StoreError> {
        let turn = self.turn.as_str();
        let id = HandOffId::new(format!("hnd_{}", turn.trim_start_matches("trn_")));
        let new = NewHandOff {
            id: id.map_err(|_| StoreError::Corrupt { what: "turn id" })?,
            session: self.session.clone(),
            customer: self.customer.clone(),
            turn: self.turn.clone(),
            reason: reason.as_str().to_owned(),
            priority: reason.priority(),
            summary,
        };
        let hand_off = Box::new(self.store.open_hand_off(&new).await?);
        Ok(Done::HandedOff { reason, hand_off })
    }

    async fn transactions(&self, query: &HistoryQuery, about: About) -> Result<Done, StoreError> {
        let page = self.store.history(self.customer, query).await?;
        Ok(Done::Transactions { page, about })
    }

    async fn is_too_often(&self) -> bool {
        match self.pace {
            Some(pace) => !pace.may_propose(self.customer).await,
            None => false,
        }
    }

    async fn propose(&self, proposal: Proposal) -> Result<Done, StoreError> {
        if self.is_too_often().await {
            return Ok(Done::TooOften);
        }
        let context = self.audit(AuditKind::Proposed);
        Ok(match self.store.propose(&proposal, &context).await? {
            ProposeOutcome::Proposed => {
                let about = factor::of_movement(&proposal.intent);
                self.demand(&proposal, about).await?;
                self.needing(Done::Proposed(proposal))
            }
            ProposeOutcome::Declined(decline) => Done::ProposalDeclined {
                intent: proposal.intent,
                decline,
            },
        })
    }

    /// The customer's yes: the proposal as recorded becomes `Confirmed` and is posted. Where it is
    /// not open any more, an earlier yes may have posted it: then its receipt is the answer.
    async fn post(&self, id: &ConfirmationId) -> Result<Done, StoreError> {
        let Some(proposal) = self.store.open_proposal(self.customer, id).await? else {
            return match self.store.open_schedule(self.customer, id).await? {
                Some(order) => self.confirm_order(order).await,
                None => self.earlier(id).await,
            };
        };
        let now = self.clock.now();
        let settlement = self.settlement.settlement(&proposal.intent, now);
        let demanded = self.demands(&proposal.intent);
        let about = factor::of_movement(&proposal.intent);
        let confirmed = match self.confirmed(proposal, demanded, about).await? {
            Ok(confirmed) => confirmed,
            Err(done) => return Ok(done),
        };
        let confirmed = confirmed.within_a_day(self.factors.policy.per_day);
        let context = self.audit(AuditKind::Confirmed);
        let (store, context) = (self.store, &context);
        let outcome = match settlement {
            Some(settlement) => store.place_pending(confirmed, settlement, context).await?,
            None => store.confirm_and_post(confirmed, context).await?,
        };
        Ok(match outcome {
            PostOutcome::Posted(receipt) => Done::Posted(receipt),
            PostOutcome::Replayed(receipt) => Done::Replayed(receipt),
            PostOutcome::Placed(pending) => Done::Placed(pending),
            PostOutcome::Waiting(pending) => Done::StillPending(pending),
            PostOutcome::Declined(decline) => Done::PostDeclined(decline),
            PostOutcome::FactorNeeded => self.factor_after_all(id).await?,
            PostOutcome::Expired | PostOutcome::NotOpen => Done::NotOpen,
        })
    }

    /// Takes back what this confirmation placed. Without one, the only transfer that waits: which of
    /// several is meant is not guessed, and nothing else is touched where the one that was meant is final.
    async fn recall(&self, meant: Option<ConfirmationId>) -> Result<Done, StoreError> {
        let waiting = self.store.pending_transfers(Some(self.customer)).await?;
        let chosen = match (&meant, waiting.as_slice()) {
            (Some(id), all) => all.iter().find(|pending| pending.confirmation == *id),
            (None, [only]) => Some(only),
            (None, []) => {
                // "Cancel Tuesday's payment": one that is still to come is no transfer yet.
                let orders = self.store.schedules(self.customer).await?;
                if !orders.is_empty() {
                    return Ok(Done::WhichSchedule(orders));
                }
                None
            }
            (None, _) => return Ok(Done::SeveralPending(waiting)),
        };
        let meant = chosen.map(|chosen| chosen.confirmation.clone()).or(meant);
        if let Some(chosen) = chosen {
            let order = Order::customer(&self.audit(AuditKind::Voided), "recalled by its customer");
            let outcome = self.store.void_pending(&chosen.transfer, &order).await?;
            if let VoidOutcome::Voided(pending) = outcome {
                return Ok(Done::Recalled(pending));
            }
        }
        let receipt = match meant {
            Some(id) => self.store.receipt(self.customer, &id).await?,
            None => None,
        };
        Ok(Done::TooLate(receipt.map(Box::new)))
    }

    async fn cancel(&self, id: &ConfirmationId, replaced: bool) -> Result<Done, StoreError> {
        let context = self.audit(AuditKind::Cancelled);
        let given_up = if replaced {
            Done::Replaced
        } else {
            Done::Cancelled
        };
        Ok(
            match self.store.cancel(self.customer, id, &context).await? {
                CancelOutcome::AlreadyPosted(receipt) => Done::Replayed(receipt),
                CancelOutcome::Cancelled => given_up,
                // Not a movement: a standing order that was proposed, perhaps.
                CancelOutcome::NotOpen => {
                    let open = self.store.open_schedule(self.customer, id).await?;
                    match open {
                        Some(_) => {
                            self.store
                                .cancel_schedule(self.customer, id, &context)
                                .await?;
                            given_up
                        }
                        None if replaced => Done::Replaced,
                        None => Done::NotOpen,
                    }
                }
            },
        )
    }

    /// What an earlier yes did.
    async fn earlier(&self, id: &ConfirmationId) -> Result<Done, StoreError> {
        if let Some(receipt) = self.store.receipt(self.customer, id).await? {
            return Ok(Done::Replayed(Box::new(receipt)));
        }
        let placed = self.store.placed(self.customer, id).await?;
        Ok(match placed {
            Some(pending) if pending.status == TransferStatus::Pending => {
                Done::StillPending(Box::new(pending))
            }
            _ => match self.store.change_receipt(self.customer, id).await? {
                Some(receipt) => Done::ChangeReplayed(Box::new(receipt)),
                None => Done::NotOpen,
            },
        })
    }

    fn audit(&self, kind: AuditKind) -> AuditEvent {
        AuditEvent {
            kind,
            customer: self.customer.clone(),
            session: Some(self.session.clone()),
            turn: Some(self.turn.clone()),
            detail: serde_json::Value::Null,
        }
    }
}
