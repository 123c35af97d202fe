//! Transfers in two phases in the model of `model_world.rs`: placed, then posted in whole or in part, voided,
//! settled when due, or expired.

use jiff::SignedDuration;
use vostro_bank::{
    Order, PendingTransfer, PostOutcome, SettleOutcome, Settled, Store, VoidOutcome,
};
use vostro_faults::{context, usd, yes};
use vostro_ledger::{
    CaptureFacts, Decline, MoneyIntent, Settlement, Target, TransferStatus, authorise_capture,
};
use vostro_types::{Clock, Money};

use crate::model::Part;
use crate::model_world::{Stands, World};

/// How long a placed transfer waits.
const WAITS: SignedDuration = SignedDuration::from_mins(10);

fn order() -> Order {
    Order::operator("the model", "a case of the model's").unwrap()
}

/// What an earlier case left pending is none of this one's business.
pub(crate) async fn give_up_all(store: &dyn Store) {
    loop {
        let pending = store.pending_transfers(None).await.unwrap();
        if pending.is_empty() {
            return;
        }
        for view in pending {
            store.void_pending(&view.transfer, &order()).await.unwrap();
        }
    }
}

impl World<'_> {
    pub(crate) async fn place(&mut self, back: usize) {
        let Some(which) = self.nth(back) else { return };
        let (proposal, stands) = self.proposals[which].clone();
        let (intent, now) = (&proposal.intent, self.clock.now());
        let settlement = Settlement::at(now + WAITS);
        let context = context(&intent.customer);
        let outcome = self
            .store
            .place_pending(yes(&proposal), settlement, &context)
            .await
            .unwrap();
        let (expected, stands) = match stands {
            Stands::Posted(receipt) => (
                PostOutcome::Replayed(receipt.clone()),
                Stands::Posted(receipt),
            ),
            Stands::Pending(view) => (PostOutcome::Waiting(view.clone()), Stands::Pending(view)),
            Stands::Open if now >= proposal.expires_at => (PostOutcome::Expired, Stands::Expired),
            Stands::Open => match self.decide(intent) {
                Ok(()) => {
                    let PostOutcome::Placed(said) = &outcome else {
                        panic!("to be placed: {outcome:?}");
                    };
                    let view = PendingTransfer {
                        transfer: said.transfer.clone(),
                        confirmation: proposal.id.clone(),
                        intent: intent.clone(),
                        status: TransferStatus::Pending,
                        placed_at: now,
                        settles_at: settlement.settles_at,
                        expires_at: settlement.expires_at,
                    };
                    self.counts_as_sent(&proposal.id, intent, now);
                    self.holds(intent, intent.amount.minor);
                    self.placements.push((which, view.clone()));
                    let view = Box::new(view);
                    (PostOutcome::Placed(view.clone()), Stands::Pending(view))
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
        self.proposals[which].1 = stands;
    }

    pub(crate) async fn post_pending(&mut self, back: usize, part: Part) {
        let Some(place) = self.placed(back) else {
            return;
        };
        let (_, view) = self.placements[place].clone();
        let held = view.intent.amount.minor;
        let amount = match part {
            Part::Whole => None,
            Part::Less(cents) => Some(usd((held - cents).max(1))),
            Part::Nothing => Some(usd(0)),
            Part::More => Some(usd(held + 1)),
        };
        let outcome = self
            .store
            .post_pending(&view.transfer, amount, &order())
            .await
            .unwrap();
        let expected = if view.status == TransferStatus::Pending {
            match self.decide_capture(&view, amount) {
                Ok(amount) => SettleOutcome::Posted(Box::new(self.capture(place, amount))),
                Err(decline) => {
                    self.declined += 1;
                    SettleOutcome::Declined(decline)
                }
            }
        } else {
            SettleOutcome::NotPending(Some(view.status))
        };
        assert_eq!(outcome, expected);
    }

    pub(crate) async fn void_pending(&mut self, back: usize) {
        let Some(place) = self.placed(back) else {
            return;
        };
        let (_, view) = self.placements[place].clone();
        let outcome = self.store.void_pending(&view.transfer, &order()).await;
        let expected = if view.status == TransferStatus::Pending {
            self.give_up(place, TransferStatus::Voided);
            VoidOutcome::Voided(Box::new(self.placements[place].1.clone()))
        } else {
            VoidOutcome::NotPending(Some(view.status))
        };
        assert_eq!(outcome.unwrap(), expected);
    }

    pub(crate) async fn settle_due(&mut self) {
        let now = self.clock.now();
        let said = self.store.settle_due(now).await.unwrap();
        let mut expected = Settled::default();
        for place in self.pending(|view| view.settles_at <= now && view.expires_at > now) {
            let view = self.placements[place].1.clone();
            if let Ok(amount) = self.decide_capture(&view, None) {
                let receipt = self.capture(place, amount);
                let kept = self
                    .store
                    .receipt(&view.intent.customer, &view.confirmation)
                    .await;
                assert_eq!(kept.unwrap(), Some(receipt));
                expected.posted += 1;
            } else {
                self.give_up(place, TransferStatus::Voided);
                expected.voided += 1;
            }
        }
        assert_eq!(said, expected);
    }

    pub(crate) async fn expire_pending(&mut self) {
        let now = self.clock.now();
        let said = self.store.expire_pending(now).await.unwrap();
        let overdue = self.pending(|view| view.expires_at <= now);
        assert_eq!(said, u64::try_from(overdue.len()).unwrap());
        for place in overdue {
            self.give_up(place, TransferStatus::Expired);
        }
    }

    /// The store lists what is pending in the model, oldest first, and nothing else.
    pub(crate) async fn pending_are_listed(&self) {
        let said = self.store.pending_transfers(None).await.unwrap();
        let model: Vec<_> = self
            .pending(|_| true)
            .into_iter()
            .map(|place| self.placements[place].1.clone())
            .collect();
        assert_eq!(said, model);
    }

    fn placed(&self, back: usize) -> Option<usize> {
        self.placements.len().checked_sub(1 + back)
    }

    fn pending(&self, wanted: impl Fn(&PendingTransfer) -> bool) -> Vec<usize> {
        let is_wanted = |place: &usize| {
            let view = &self.placements[*place].1;
            view.status == TransferStatus::Pending && wanted(view)
        };
        (0..self.placements.len()).filter(is_wanted).collect()
    }

    fn decide_capture(
        &self,
        view: &PendingTransfer,
        amount: Option<Money>,
    ) -> Result<Money, Decline> {
        let amount = amount.unwrap_or(view.intent.amount);
        let facts = CaptureFacts {
            source: self
                .account(self.by_id(&view.intent.source).unwrap())
                .clone(),
            destination: self.destination(&view.intent.target),
            held: view.intent.amount,
            money_stopped: false,
        };
        authorise_capture(amount, &facts).map(|_| amount)
    }

    /// Posts a placement in the model; the receipt as it must be.
    fn capture(&mut self, place: usize, amount: Money) -> vostro_bank::Receipt {
        let (which, view) = self.placements[place].clone();
        let posted = MoneyIntent {
            amount,
            ..view.intent.clone()
        };
        self.holds(&view.intent, -view.intent.amount.minor);
        self.counts_as_sent(&view.confirmation, &posted, view.placed_at);
        self.moves(&posted);
        let receipt = self.receipt(&view.transfer, &view.confirmation, &posted);
        self.placements[place].1.status = TransferStatus::Posted;
        self.proposals[which].1 = Stands::Posted(Box::new(receipt.clone()));
        receipt
    }

    /// Gives a placement up in the model.
    fn give_up(&mut self, place: usize, status: TransferStatus) {
        let (which, view) = self.placements[place].clone();
        self.holds(&view.intent, -view.intent.amount.minor);
        if !matches!(view.intent.target, Target::Own { .. }) {
            let who = self.who(&view.intent);
            self.customers[who].sent.remove(&view.confirmation);
        }
        self.placements[place].1.status = status;
        self.proposals[which].1 = Stands::Over;
    }

    fn holds(&mut self, intent: &MoneyIntent, minor: i64) {
        let (who, which) = self.by_id(&intent.source).unwrap();
        self.customers[who].accounts[which].held_minor += minor;
    }
}
