//! What customers change besides moving money: once by a confirmation, whole or not at all, on record.

use std::sync::Arc;

use jiff::civil::date;
use vostro_bank::{
    AuditKind, CardLoss, CardStatus, Change, ChangeOutcome, ChangeReceipt, ChangeRefusal,
    ContactKind, DisputeReason, HistoryQuery, Portfolio, ServiceOrder,
};
use vostro_ledger::{Confirmed, Proposal};
use vostro_types::{CardId, ConfirmationId, PayeeId, TransferId};

use super::Backend;
use super::bench::{Bench, STANDS, asks, context, customer, number, outside, usd};

impl<B: Backend> Bench<B> {
    fn service_order(&self, id: &str, who: &str, change: Change) -> Confirmed<ServiceOrder> {
        let order = ServiceOrder {
            customer: customer(who),
            change,
        };
        let ends = self.now().checked_add(STANDS).unwrap();
        let proposal = Proposal::new(ConfirmationId::new(id).unwrap(), order, ends);
        proposal.confirm(&customer(who), self.now()).unwrap()
    }

    pub(super) async fn change(&self, who: &str, change: Change) -> ChangeOutcome {
        let order = self.service_order(&self.name("cnf"), who, change);
        let context = context(&customer(who));
        self.store().carry_out(order, &context).await.unwrap()
    }

    pub(super) async fn done(&self, who: &str, change: Change) -> ChangeReceipt {
        match self.change(who, change).await {
            ChangeOutcome::Done(receipt) => *receipt,
            other => panic!("{other:?}"),
        }
    }
}

pub(super) const UNKNOWN: ChangeOutcome = ChangeOutcome::Refused(ChangeRefusal::Unknown);
pub(super) const STATE: ChangeOutcome = ChangeOutcome::Refused(ChangeRefusal::State);

fn standing(portfolio: &Portfolio) -> Vec<(&str, CardStatus)> {
    let cards = portfolio.cards.iter();
    cards
        .map(|card| (card.name.as_str(), card.status))
        .collect()
}

/// An alert's amount is changed, and several records go at once, all or none.
pub async fn several_records_change_at_once<B: Backend>() {
    let bench = Bench::<B>::new().await;
    let ada = bench.opened("ada").await;
    let eve = bench.opened("eve").await;
    let store = bench.store();
    let set = |below| Change::SetAlert {
        account: ada.accounts[0].id.clone(),
        below: usd(below),
    };
    for below in [10_000, 20_000, 30_000] {
        bench.done("ada", set(below)).await;
    }
    let alerts = store.alerts(&customer("ada")).await.unwrap();
    let change = |below| Change::ChangeAlert {
        alert: alerts[0].clone(),
        below: usd(below),
    };
    assert_eq!(bench.change("eve", change(5_000)).await, UNKNOWN);
    assert_eq!(
        bench.change("ada", change(20_000)).await,
        STATE,
        "there is one"
    );
    bench.done("ada", change(5_000)).await;
    let now = store.alerts(&customer("ada")).await.unwrap();
    assert_eq!((&now[0].id, now[0].below), (&alerts[0].id, usd(5_000)));
    let remove = || Change::RemoveAlerts {
        alerts: alerts.clone(),
    };
    assert_eq!(bench.change("eve", remove()).await, UNKNOWN);
    let one = Change::RemoveAlert {
        alert: alerts[2].id.clone(),
    };
    bench.done("ada", one).await;
    assert_eq!(bench.change("ada", remove()).await, UNKNOWN, "one is gone");
    assert_eq!(store.alerts(&customer("ada")).await.unwrap().len(), 2);
    let rest = Change::RemoveAlerts {
        alerts: alerts[..2].to_vec(),
    };
    bench.done("ada", rest).await;
    assert_eq!(store.alerts(&customer("ada")).await.unwrap(), []);
    assert_eq!(bench.change("ada", change(1)).await, UNKNOWN, "it is gone");

    let mut payees: Vec<PayeeId> = ada.payees.iter().map(|it| it.id.clone()).collect();
    payees.push(eve.payees[0].id.clone());
    let all = |payees: &[PayeeId]| Change::RemovePayees {
        payees: payees.to_vec(),
    };
    assert_eq!(bench.change("ada", all(&payees)).await, UNKNOWN);
    assert_eq!(bench.portfolio("ada").await.payees, ada.payees);
    payees.pop();
    bench.done("ada", all(&payees)).await;
    assert_eq!(bench.portfolio("ada").await.payees, []);
    assert_eq!(bench.portfolio("eve").await.payees, eve.payees);
}

/// Cards are frozen, unfrozen, limited, blocked for good and replaced; another's are not there.
pub async fn cards_change_as_confirmed<B: Backend>() {
    use CardStatus::{Active, Blocked, Frozen, Ordered};
    let bench = Bench::<B>::new().await;
    let before = bench.opened("ada").await;
    let eves = bench.opened("eve").await;
    let (debit, credit) = (before.cards[0].id.clone(), before.cards[1].id.clone());
    assert_eq!(
        standing(&before),
        [("Debit Card", Active), ("Credit Card", Active)]
    );
    assert!(before.cards.iter().all(|card| card.last_four.len() == 4));
    let freeze = || Change::FreezeCard {
        card: debit.clone(),
    };
    bench.done("ada", freeze()).await;
    assert_eq!(standing(&bench.portfolio("ada").await)[0].1, Frozen);
    assert_eq!(bench.change("ada", freeze()).await, STATE);
    bench
        .done(
            "ada",
            Change::UnfreezeCard {
                card: debit.clone(),
            },
        )
        .await;
    let limit = Change::SetCardLimit {
        card: debit.clone(),
        limit: usd(50_000),
    };
    bench.done("ada", limit).await;
    let now = bench.portfolio("ada").await;
    assert_eq!(
        (now.cards[0].status, now.cards[0].daily_limit),
        (Active, usd(50_000))
    );
    let theirs = Change::FreezeCard {
        card: eves.cards[0].id.clone(),
    };
    assert_eq!(bench.change("ada", theirs).await, UNKNOWN);
    let absent = CardId::new("crd_none").unwrap();
    // One of the two is not there: neither is blocked.
    let both = vec![debit.clone(), absent];
    let half = Change::BlockCards {
        cards: both,
        loss: CardLoss::Stolen,
    };
    assert_eq!(bench.change("ada", half).await, UNKNOWN);
    assert_eq!(standing(&bench.portfolio("ada").await)[0].1, Active);
    let both = vec![debit.clone(), credit];
    let block = Change::BlockCards {
        cards: both,
        loss: CardLoss::Stolen,
    };
    let receipt = bench.done("ada", block).await;
    let now = bench.portfolio("ada").await;
    assert_eq!(
        standing(&now),
        [
            ("Debit Card", Blocked),
            ("Credit Card", Blocked),
            ("Debit Card", Ordered),
            ("Credit Card", Ordered)
        ]
    );
    let ends = format!("{},{}", now.cards[2].last_four, now.cards[3].last_four);
    assert_eq!(receipt.reference, Some(ends));
    assert_eq!(now.cards[2].arrives_on, Some(date(2026, 3, 18)));
    for change in [
        Change::UnfreezeCard {
            card: debit.clone(),
        },
        Change::ReplaceCard {
            card: debit.clone(),
        },
        freeze(),
    ] {
        assert_eq!(
            bench.change("ada", change.clone()).await,
            STATE,
            "{change:?}"
        );
    }
    let replace = || Change::ReplaceCard {
        card: eves.cards[0].id.clone(),
    };
    bench.done("eve", replace()).await;
    assert_eq!(
        bench.change("eve", replace()).await,
        STATE,
        "one is on its way"
    );
    assert_eq!(bench.count(AuditKind::ServiceChanged).await, 5);
}

/// Payees, contact details, trips and cases are kept, and read back.
pub async fn records_change_as_confirmed<B: Backend>() {
    let bench = Bench::<B>::new().await;
    let before = bench.opened("ada").await;
    let add = || Change::AddPayee {
        name: "Zoë".to_owned(),
        number: number("20304050"),
    };
    let id = bench.done("ada", add()).await.reference.unwrap();
    assert_eq!(
        bench.change("ada", add()).await,
        STATE,
        "the number is saved"
    );
    let now = bench.portfolio("ada").await;
    let saved = now.payees.last().unwrap();
    assert_eq!(
        (saved.id.as_str(), saved.name.as_str()),
        (id.as_str(), "Zoë")
    );
    let remove = || Change::RemovePayee {
        payee: PayeeId::new(id.as_str()).unwrap(),
    };
    bench.done("ada", remove()).await;
    assert_eq!(bench.change("ada", remove()).await, UNKNOWN);
    assert_eq!(bench.portfolio("ada").await.payees, before.payees);

    let store = bench.store();
    let email = "ada@example.org";
    let set = Change::SetContact {
        contact: ContactKind::Email,
        value: email.to_owned(),
    };
    bench.done("ada", set).await;
    let contacts = store.contacts(&customer("ada")).await.unwrap();
    assert_eq!(contacts.email.as_deref(), Some(email));
    assert!(contacts.phone.is_some() && contacts.address.is_some());
    let trip = |from, until| Change::AddTravel {
        place: "Lima".to_owned(),
        from,
        until,
    };
    bench
        .done("ada", trip(date(2026, 3, 1), date(2026, 3, 5)))
        .await;
    bench
        .done("ada", trip(date(2026, 4, 1), date(2026, 4, 5)))
        .await;
    let notices = store
        .travel_notices(&customer("ada"), date(2026, 3, 11))
        .await
        .unwrap();
    assert_eq!(notices.len(), 1, "one is over: {notices:?}");

    let trail = store.audit_trail(0, 100).await.unwrap();
    for row in trail.iter().filter(|row| row.kind == "service_changed") {
        let detail = row.detail.as_ref().unwrap().to_string();
        assert!(
            !detail.contains(email) && !detail.contains("20304050"),
            "{detail}"
        );
    }
}

/// A case is its customer's, one a transaction, with its id and time.
pub async fn a_case_is_opened_once<B: Backend>() {
    let bench = Bench::<B>::new().await;
    bench.opened("ada").await;
    let store = bench.store();
    let page = store
        .history(
            &customer("ada"),
            &HistoryQuery {
                limit: 1,
                ..HistoryQuery::default()
            },
        )
        .await;
    let item = page.unwrap().items[0].clone();
    let dispute = |transfer| Change::OpenDispute {
        transfer,
        reason: DisputeReason::NotMine,
    };
    let case = bench
        .done("ada", dispute(item.transfer.clone()))
        .await
        .reference
        .unwrap();
    assert_eq!(
        bench.change("ada", dispute(item.transfer.clone())).await,
        STATE,
        "it is open"
    );
    let none = TransferId::new("trf_none").unwrap();
    assert_eq!(bench.change("ada", dispute(none)).await, UNKNOWN);
    bench.opened("eve").await;
    assert_eq!(
        bench.change("eve", dispute(item.transfer.clone())).await,
        UNKNOWN
    );
    let cases = store.cases(&customer("ada")).await.unwrap();
    assert_eq!(cases.len(), 1);
    assert_eq!(
        (cases[0].id.as_str(), &cases[0].transfer),
        (case.as_str(), &item.transfer)
    );
    assert_eq!(
        (cases[0].amount, cases[0].opened_at),
        (item.amount, bench.now())
    );
    assert_eq!(bench.count(AuditKind::CaseOpened).await, 1);
}

/// The same confirmation does nothing twice, also at once; with other content it does nothing.
pub async fn a_change_is_made_once<B: Backend>() {
    let bench = Bench::<B>::new().await;
    bench.opened("ada").await;
    let add = |name: &str| Change::AddPayee {
        name: name.to_owned(),
        number: number("20304050"),
    };
    let changes: Vec<_> = (0..4)
        .map(|_| {
            let bench = Arc::clone(&bench);
            tokio::spawn(async move {
                let order = bench.service_order("cnf_one", "ada", add("Zoë"));
                let context = context(&customer("ada"));
                bench.store().carry_out(order, &context).await.unwrap()
            })
        })
        .collect();
    let (mut done, mut replayed) = (0, 0);
    for change in changes {
        match change.await.unwrap() {
            ChangeOutcome::Done(_) => done += 1,
            ChangeOutcome::Replayed(_) => replayed += 1,
            ChangeOutcome::Refused(why) => panic!("{why:?}"),
        }
    }
    assert_eq!((done, replayed), (1, 3));
    assert_eq!(bench.count(AuditKind::ServiceChanged).await, 1);
    let other = bench.service_order("cnf_one", "ada", add("Zoe"));
    let outcome = bench
        .store()
        .carry_out(other, &context(&customer("ada")))
        .await
        .unwrap();
    assert_eq!(outcome, STATE);
    let id = ConfirmationId::new("cnf_one").unwrap();
    let receipt = bench
        .store()
        .change_receipt(&customer("ada"), &id)
        .await
        .unwrap();
    assert_eq!(receipt.unwrap().change, add("Zoë"));
    bench.opened("eve").await;
    let eves = bench
        .store()
        .change_receipt(&customer("eve"), &id)
        .await
        .unwrap();
    assert_eq!(eves, None);
}

/// An alert is told of when the balance falls below it, and again only after the balance was back.
pub async fn an_alert_is_told_of_once_a_fall<B: Backend>() {
    let bench = Bench::<B>::new().await;
    let ada = bench.opened("ada").await;
    let account = ada.accounts[0].clone();
    let below = account.balance;
    let set = || Change::SetAlert {
        account: account.id.clone(),
        below,
    };
    bench.done("ada", set()).await;
    assert_eq!(bench.change("ada", set()).await, STATE, "it is set");
    let store = bench.store();
    let spend = || asks(&account, "ada", outside(), 100);
    assert_eq!(store.run_alerts(10).await.unwrap(), 0);
    bench.transfer(spend()).await.unwrap();
    assert_eq!(store.run_alerts(10).await.unwrap(), 1);
    assert_eq!(store.run_alerts(10).await.unwrap(), 0, "told of");
    bench.transfer(spend()).await.unwrap();
    assert_eq!(store.run_alerts(10).await.unwrap(), 0, "still below");
    assert_eq!(bench.count(AuditKind::AlertFired).await, 1);
    let alerts = store.alerts(&customer("ada")).await.unwrap();
    assert_eq!(alerts[0].below, below);
    let remove = Change::RemoveAlert {
        alert: alerts[0].id.clone(),
    };
    bench.done("ada", remove).await;
    assert_eq!(store.alerts(&customer("ada")).await.unwrap(), []);
    bench.done("ada", set()).await;
}
