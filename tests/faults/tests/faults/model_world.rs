//! The model of `model.rs`: a few numbers in memory, decided upon by the ledger's own rules, beside the store.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use vostro_bank::{
    CancelOutcome, PendingTransfer, Portfolio, PostOutcome, ProposeOutcome, Receipt, Store,
};
use vostro_faults::{Bank, bill, context, outside, proposal, usd, yes};
use vostro_ledger::{
    Account, AccountKind, AccountStatus, Decline, Limits, MoneyIntent, PostingFacts, Proposal,
    Target, authorise,
};
use vostro_testkit::ManualClock;
use vostro_types::{AccountId, Clock, ConfirmationId, TransferId};

use crate::model::{Amount, Command, Place, To};
use crate::model_customer::{Customer, of_the_bank};
use crate::model_pending::give_up_all;

/// Cents for a transfer and for a day.
pub(crate) const LIMITS: (i64, i64) = (100_000, 150_000);

/// How a proposal stands.
#[derive(Debug, Clone)]
pub(crate) enum Stands {
    Open,
    Posted(Box<Receipt>),
    /// Placed: its funds are held.
    Pending(Box<PendingTransfer>),
    Expired,
    /// Declined, cancelled, or placed and given up.
    Over,
}

pub(crate) struct World<'a> {
    bank: &'a Bank,
    pub(crate) store: Arc<dyn Store>,
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) customers: [Customer; 2],
    pub(crate) proposals: Vec<(Proposal, Stands)>,
    /// What was placed, oldest first: which proposal's it is, and how it stands.
    pub(crate) placements: Vec<(usize, PendingTransfer)>,
    pub(crate) posted: u32,
    pub(crate) declined: u32,
}

impl<'a> World<'a> {
    /// Two customers on a new day, nothing open, every account in use.
    pub(crate) async fn begin(bank: &'a Bank, pair: u32) -> Self {
        let clock = Arc::clone(&bank.clock);
        clock.advance(SignedDuration::from_hours(72));
        let store = bank.store();
        store.expire_proposals(clock.now()).await.unwrap();
        give_up_all(store.as_ref()).await;
        Self {
            bank,
            store,
            clock,
            customers: [
                Customer::begin(bank, &format!("ada_{pair}")).await,
                Customer::begin(bank, &format!("bob_{pair}")).await,
            ],
            proposals: Vec::new(),
            placements: Vec::new(),
            posted: 0,
            declined: 0,
        }
    }

    pub(crate) async fn run(&mut self, command: &Command) {
        match command {
            Command::Propose(from, to, amount) => {
                let intent = self.intent(*from, from.0, to, *amount);
                self.propose(intent).await;
            }
            Command::ProposeStolen(from, amount) => {
                let intent = self.intent(*from, 1 - from.0, &To::Outside, *amount);
                self.propose(intent).await;
            }
            Command::Confirm(back) => self.confirm(*back).await,
            Command::ConfirmForged(back) => self.confirm_forged(*back).await,
            Command::Cancel(back) => self.cancel(*back).await,
            Command::Expire => self.expire().await,
            Command::Pass(seconds) => self.clock.advance(SignedDuration::from_secs(*seconds)),
            Command::Place(back) => self.place(*back).await,
            Command::PostPending(back, part) => self.post_pending(*back, *part).await,
            Command::VoidPending(back) => self.void_pending(*back).await,
            Command::SettleDue => self.settle_due().await,
            Command::ExpirePending => self.expire_pending().await,
            Command::Freeze(place) => self.set_status(*place, AccountStatus::Frozen).await,
            Command::Thaw(place) => self.set_status(*place, AccountStatus::Open).await,
        }
    }

    /// What the bank says in the end is what the model has.
    pub(crate) async fn end(&self) {
        self.pending_are_listed().await;
        for customer in &self.customers {
            let id = &customer.portfolio.customer.id;
            let said = self.store.portfolio(id).await.unwrap().unwrap();
            for (view, account) in said.accounts.iter().zip(&customer.accounts) {
                let model = (account.balance(), account.available(), account.status);
                assert_eq!((view.balance, view.available, view.status), model, "{id}");
            }
            let due = |portfolio: &Portfolio| {
                let billers = portfolio.billers.iter();
                billers.map(|it| it.amount_due).collect::<Vec<_>>()
            };
            assert_eq!(due(&said), due(&customer.portfolio), "{id}");
        }
        for (proposal, stands) in &self.proposals {
            let ada = &proposal.intent.customer;
            let receipt = self.store.receipt(ada, &proposal.id).await.unwrap();
            let model = match stands {
                Stands::Posted(receipt) => Some(receipt.as_ref().clone()),
                _ => None,
            };
            assert_eq!(receipt, model);
        }
    }

    fn intent(&self, from: Place, by: usize, to: &To, amount: Amount) -> MoneyIntent {
        let (customer, other) = (&self.customers[from.0], &self.customers[1 - from.0]);
        let source = &customer.accounts[from.1];
        let target = match to {
            To::Own(place) => Target::Own {
                account: customer.accounts[*place].id.clone(),
            },
            To::Stolen(place) => Target::Own {
                account: other.accounts[*place].id.clone(),
            },
            To::Other(place) => Target::NewPayee {
                number: other.portfolio.accounts[*place].number.clone(),
            },
            To::Outside => outside(),
            To::Biller(place) => {
                let billers = &customer.portfolio.billers;
                bill(&billers[place % billers.len()])
            }
        };
        let minor = match amount {
            Amount::Cents(minor) => minor,
            Amount::Available(more) => source.available().minor + more,
            Amount::PerTransfer(more) => LIMITS.0 + more,
            Amount::LeftToday(more) => {
                LIMITS.1 - customer.spent_on_the_day_of(self.clock.now()) + more
            }
        };
        MoneyIntent {
            customer: self.customers[by].portfolio.customer.id.clone(),
            source: source.id.clone(),
            target,
            amount: usd(minor),
        }
    }

    /// Whose it is, which of theirs it is.
    fn find(wanted: impl Fn(usize, usize) -> bool) -> Option<Place> {
        let places = (0..2).flat_map(|who| (0..3).map(move |which| (who, which)));
        { places }.find(|&(who, which)| wanted(who, which))
    }

    pub(crate) fn account(&self, place: Place) -> &Account {
        &self.customers[place.0].accounts[place.1]
    }

    pub(crate) fn by_id(&self, id: &AccountId) -> Option<Place> {
        Self::find(|who, which| self.customers[who].accounts[which].id == *id)
    }

    /// The customers' account that is credited, if it is one.
    fn credited(&self, target: &Target) -> Option<Place> {
        match target {
            Target::Own { account } => self.by_id(account),
            Target::NewPayee { number } | Target::Payee { number, .. } => {
                Self::find(|who, which| {
                    self.customers[who].portfolio.accounts[which].number == *number
                })
            }
            Target::Biller { .. } => None,
        }
    }

    pub(crate) fn who(&self, intent: &MoneyIntent) -> usize {
        usize::from(self.customers[1].portfolio.customer.id == intent.customer)
    }

    /// The account that is credited.
    pub(crate) fn destination(&self, target: &Target) -> Account {
        match (self.credited(target), target) {
            (Some(place), _) => self.account(place).clone(),
            (None, Target::Biller { .. }) => of_the_bank(AccountKind::Biller),
            (None, _) => of_the_bank(AccountKind::Clearing),
        }
    }

    pub(crate) fn decide(&self, intent: &MoneyIntent) -> Result<(), Decline> {
        let spent = self.customers[self.who(intent)].spent_on_the_day_of(self.clock.now());
        let facts = PostingFacts {
            source: self
                .by_id(&intent.source)
                .map(|it| self.account(it).clone()),
            destination: Some(self.destination(&intent.target)),
            spent_today: usd(spent),
            limits: Limits {
                per_transfer: usd(LIMITS.0),
                per_day: usd(LIMITS.1),
            },
            money_stopped: false,
        };
        authorise(intent, &facts).map(drop)
    }

    async fn propose(&mut self, intent: MoneyIntent) {
        let expected = self.decide(&intent);
        let proposal = proposal(self.clock.as_ref(), intent);
        let context = context(&proposal.intent.customer);
        let outcome = self.store.propose(&proposal, &context).await.unwrap();
        match expected {
            Ok(()) => {
                assert_eq!(outcome, ProposeOutcome::Proposed);
                self.proposals.push((proposal, Stands::Open));
            }
            Err(decline) => {
                self.declined += 1;
                assert_eq!(outcome, ProposeOutcome::Declined(decline));
                self.proposals.push((proposal, Stands::Over));
            }
        }
    }

    pub(crate) fn nth(&self, back: usize) -> Option<usize> {
        self.proposals.len().checked_sub(1 + back)
    }

    async fn confirm(&mut self, back: usize) {
        let Some(place) = self.nth(back) else { return };
        let (proposal, stands) = self.proposals[place].clone();
        let context = context(&proposal.intent.customer);
        let outcome = self.store.confirm_and_post(yes(&proposal), &context).await;
        let outcome = outcome.unwrap();
        let now = self.clock.now();
        let (expected, stands) = match stands {
            Stands::Posted(receipt) => (
                PostOutcome::Replayed(receipt.clone()),
                Stands::Posted(receipt),
            ),
            Stands::Pending(view) => (PostOutcome::Waiting(view.clone()), Stands::Pending(view)),
            Stands::Open if now >= proposal.expires_at => (PostOutcome::Expired, Stands::Expired),
            Stands::Open => match self.decide(&proposal.intent) {
                Ok(()) => {
                    let PostOutcome::Posted(said) = &outcome else {
                        panic!("to be posted: {outcome:?}");
                    };
                    let receipt = Box::new(self.post(&proposal, said));
                    (
                        PostOutcome::Posted(receipt.clone()),
                        Stands::Posted(receipt),
                    )
                }
                Err(decline) => {
                    self.declined += 1;
                    (PostOutcome::Declined(decline), Stands::Over)
                }
            },
            Stands::Expired => (PostOutcome::Expired, Stands::Expired),
            Stands::Over => (PostOutcome::NotOpen, Stands::Over),
        };
        assert_eq!(outcome, expected);
        self.proposals[place].1 = stands;
    }

    /// Posts what was proposed; the receipt as it must be. The transfer's id is the store's choice.
    fn post(&mut self, proposal: &Proposal, said: &Receipt) -> Receipt {
        let (intent, now) = (&proposal.intent, self.clock.now());
        self.counts_as_sent(&proposal.id, intent, now);
        self.moves(intent);
        self.receipt(&said.transfer, &proposal.id, intent)
    }

    /// Counts towards the day's limit, unless it stays with its customer.
    pub(crate) fn counts_as_sent(
        &mut self,
        confirmation: &ConfirmationId,
        intent: &MoneyIntent,
        at: Timestamp,
    ) {
        if !matches!(intent.target, Target::Own { .. }) {
            let who = self.who(intent);
            let sent = &mut self.customers[who].sent;
            sent.insert(confirmation.clone(), (at, intent.amount.minor));
        }
    }

    /// Moves the money in the model, and settles the bill.
    pub(crate) fn moves(&mut self, intent: &MoneyIntent) {
        let source = self.by_id(&intent.source).unwrap();
        self.customers[source.0].accounts[source.1].balance_minor -= intent.amount.minor;
        if let Some((who, which)) = self.credited(&intent.target) {
            self.customers[who].accounts[which].balance_minor += intent.amount.minor;
        }
        if let Target::Biller { biller, .. } = &intent.target {
            let who = self.who(intent);
            let billers = &mut self.customers[who].portfolio.billers;
            let biller = billers.iter_mut().find(|it| it.id == *biller).unwrap();
            let left = biller.amount_due.map(|due| due.minor - intent.amount.minor);
            biller.amount_due = left.filter(|left| *left > 0).map(usd);
        }
        self.posted += 1;
    }

    /// The receipt of a movement that was just made.
    pub(crate) fn receipt(
        &self,
        transfer: &TransferId,
        confirmation: &ConfirmationId,
        intent: &MoneyIntent,
    ) -> Receipt {
        let after = self.account(self.by_id(&intent.source).unwrap());
        Receipt {
            transfer: transfer.clone(),
            confirmation: confirmation.clone(),
            intent: intent.clone(),
            posted_at: self.clock.now(),
            source_balance: after.balance(),
            source_available: after.available(),
            value_date: Some(self.clock.now().to_zoned(jiff::tz::TimeZone::UTC).date()),
        }
    }

    async fn confirm_forged(&mut self, back: usize) {
        let Some(place) = self.nth(back) else { return };
        let (proposal, _) = &self.proposals[place];
        let mut intent = proposal.intent.clone();
        intent.amount.minor = intent.amount.minor.wrapping_add(1);
        let forged = Proposal::new(proposal.id.clone(), intent, proposal.expires_at);
        let context = context(&forged.intent.customer);
        let outcome = self.store.confirm_and_post(yes(&forged), &context).await;
        assert_eq!(outcome.unwrap(), PostOutcome::NotOpen);
    }

    async fn cancel(&mut self, back: usize) {
        let Some(place) = self.nth(back) else { return };
        let (proposal, stands) = self.proposals[place].clone();
        let ada = &proposal.intent.customer;
        let outcome = self.store.cancel(ada, &proposal.id, &context(ada)).await;
        let expected = match stands {
            Stands::Open => {
                self.proposals[place].1 = Stands::Over;
                CancelOutcome::Cancelled
            }
            Stands::Posted(receipt) => CancelOutcome::AlreadyPosted(receipt),
            Stands::Pending(_) | Stands::Expired | Stands::Over => CancelOutcome::NotOpen,
        };
        assert_eq!(outcome.unwrap(), expected);
    }

    async fn expire(&mut self) {
        let now = self.clock.now();
        let ended = self.store.expire_proposals(now).await.unwrap();
        let mut expected = 0;
        for (proposal, stands) in &mut self.proposals {
            if matches!(stands, Stands::Open) && proposal.expires_at <= now {
                *stands = Stands::Expired;
                expected += 1;
            }
        }
        assert_eq!(ended, expected);
    }

    async fn set_status(&mut self, place: Place, status: AccountStatus) {
        let account = &mut self.customers[place.0].accounts[place.1];
        account.status = status;
        let id = account.id.clone();
        self.bank.set_account_status(&id, status).await;
    }
}
