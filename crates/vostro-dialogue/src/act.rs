//! Step 4: carries out a plan. Every choice was made before; here the store is asked and answers.

mod schedules;

use serde_json::Value;
use vostro_bank::{
    AuditEvent, AuditKind, CancelOutcome, HandOff, HistoryPage, HistoryQuery, NewHandOff, Order,
    PendingTransfer, Portfolio, PostOutcome, ProposeOutcome, Receipt, ScheduleView,
    SpendingSummary, StatementPage, Store, StoreError, VoidOutcome,
};
use vostro_ledger::{
    ConfirmError, Decline, MoneyIntent, Proposal, SettlementPolicy, StandingOrder, TransferStatus,
};
use vostro_types::{AccountId, Clock, ConfirmationId, CustomerId, HandOffId, SessionId, TurnId};

use crate::command::{ChitChat, HandOffReason, Period};
use crate::decide::{About, Question, Refusal, Step};
use crate::steps::{tool, within};

/// What came of a step: everything that a reply may state.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Done {
    /// Balances were read.
    Balances {
        /// The accounts asked for.
        accounts: Vec<AccountId>,
        /// The customer's words for an account that is not theirs.
        unknown: Option<String>,
    },
    /// Transactions were read.
    Transactions {
        /// The page.
        page: HistoryPage,
        /// The conditions in words.
        about: About,
    },
    /// Transactions were summed.
    Spending {
        /// The sum.
        summary: SpendingSummary,
        /// The conditions in words.
        about: About,
        /// The sum of the period before, if the two are compared.
        before: Option<SpendingSummary>,
    },
    /// The billers are to be listed.
    Bills,
    /// The payees are to be listed.
    Payees,
    /// A proposal is on record and waits.
    Proposed(Proposal),
    /// A standing order is on record and waits.
    OrderProposed(Proposal<StandingOrder>),
    /// A standing order still waits.
    OrderWaiting(Proposal<StandingOrder>),
    /// A standing order is in force.
    Scheduled(Box<ScheduleView>),
    /// The standing orders were read.
    Schedules(Vec<ScheduleView>),
    /// Several standing orders, or none, are what the customer may mean.
    WhichSchedule(Vec<ScheduleView>),
    /// A standing order was ended.
    ScheduleCancelled(Box<ScheduleView>),
    /// The next payment of a standing order was left out.
    ScheduleSkipped(Box<ScheduleView>),
    /// A statement was read.
    Statement {
        /// Of which account.
        account: AccountId,
        /// Its balances and sums.
        page: Box<StatementPage>,
        /// The period as it was named.
        period: Period,
    },
    /// A proposal was refused by the ledger.
    ProposalDeclined {
        /// What was asked for.
        intent: MoneyIntent,
        /// Why not.
        decline: Decline,
    },
    /// Money moved now.
    Posted(Box<Receipt>),
    /// Money had moved before, by the same confirmation.
    Replayed(Box<Receipt>),
    /// Confirmed now: its funds are held, and it becomes final later.
    Placed(Box<PendingTransfer>),
    /// Confirmed before, and not final yet.
    StillPending(Box<PendingTransfer>),
    /// Taken back before it was final.
    Recalled(Box<PendingTransfer>),
    /// Nothing waits that could be taken back; the receipt of what was meant, if it was posted.
    TooLate(Option<Box<Receipt>>),
    /// Several wait, and which one is meant is not clear.
    SeveralPending(Vec<PendingTransfer>),
    /// The ledger refused at the last moment.
    PostDeclined(Decline),
    /// The proposal is no longer open; nothing moved.
    NotOpen,
    /// A proposal was given up and needs no words.
    Replaced,
    /// A proposal was given up.
    Cancelled,
    /// A proposal still waits.
    Waiting(Proposal),
    /// A question to the customer.
    Asked(Question),
    /// Why something is not done.
    Refused(Refusal),
    /// A question for the knowledge base.
    ToAnswer {
        /// The question.
        question: String,
        /// Whether a person was called beside it.
        beside_handoff: bool,
    },
    /// Small talk.
    Said(ChitChat),
    /// A person is called.
    HandedOff {
        /// Why.
        reason: HandOffReason,
        /// The entry in the queue.
        hand_off: Box<HandOff>,
    },
    /// The message went to the person who has the conversation.
    ToldPerson,
    /// That person has just ended their part.
    PersonGone,
    /// The guardrails stopped the message.
    Blocked,
    /// Nothing for a bank's assistant.
    OutOfScope,
    /// Nothing waits for a yes.
    NothingToConfirm,
    /// The flow in progress was given up.
    Stopped,
    /// One movement at a time.
    OneAtATime,
}

/// What came of a plan, with the portfolio as it is now.
#[derive(Debug)]
pub(crate) struct Outcome {
    /// One result a step, in order.
    pub done: Vec<Done>,
    /// The portfolio: read again when money moved.
    pub portfolio: Portfolio,
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
}

/// Carries out the steps in order.
pub(crate) async fn act(
    actor: &Actor<'_>,
    steps: Vec<Step>,
    mut portfolio: Portfolio,
) -> Result<Outcome, StoreError> {
    let mut done = Vec::with_capacity(steps.len());
    for step in steps {
        let span = tool(&step);
        let result = within(span, actor.carry_out(step)).await?;
        let moved = matches!(
            result,
            Done::Posted(_) | Done::Placed(_) | Done::Recalled(_)
        );
        done.push(result);
        if moved && let Some(fresh) = actor.store.portfolio(actor.customer).await? {
            portfolio = fresh;
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
            Step::ListBills => Done::Bills,
            Step::ListPayees => Done::Payees,
            Step::Propose(proposal) => self.propose(proposal).await?,
            Step::ProposeOrder(proposal) => self.propose_order(proposal).await?,
            Step::ListSchedules => Done::Schedules(self.store.schedules(self.customer).await?),
            Step::CancelSchedule(whom) => self.change(&whom, false).await?,
            Step::SkipSchedule(whom) => self.change(&whom, true).await?,
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
            Step::Block => Done::Blocked,
            Step::OutOfScope => Done::OutOfScope,
            Step::NothingToConfirm => Done::NothingToConfirm,
            Step::Stopped => Done::Stopped,
            Step::OneAtATime => Done::OneAtATime,
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

    async fn propose(&self, proposal: Proposal) -> Result<Done, StoreError> {
        let context = self.audit(AuditKind::Proposed);
        Ok(match self.store.propose(&proposal, &context).await? {
            ProposeOutcome::Proposed => Done::Proposed(proposal),
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
        let confirmed = match proposal.confirm(self.customer, now) {
            Ok(confirmed) => confirmed,
            Err(ConfirmError::Expired | ConfirmError::Changed | ConfirmError::OtherCustomer) => {
                return Ok(Done::NotOpen);
            }
        };
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
            (None, []) => None,
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
            _ => Done::NotOpen,
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
