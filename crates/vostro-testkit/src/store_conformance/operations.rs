//! The audit trail, and the store's own health.

use vostro_bank::{AuditKind, AuditRecord};

use super::Backend;
use super::bench::{Bench, asks, checking, context, customer, first_payee, outside};
use super::conversations::turn;

/// Every row fits its commitment; erasing one customer takes only that one's detail.
pub async fn audit_commitments_survive_erasure<B: Backend>() {
    let bench = Bench::<B>::new().await;
    for name in ["ada", "bob"] {
        let portfolio = bench.opened(name).await;
        let intent = asks(checking(&portfolio), name, outside(), 100);
        bench.transfer(intent).await.unwrap();
    }
    let before = bench.audit().await;
    assert!(before.len() >= 8);
    assert!(
        before
            .windows(2)
            .all(|pair| pair[0].sequence < pair[1].sequence)
    );
    assert!(before.iter().all(|row| row.fits_commitment() == Some(true)));
    let (ada, bob) = (customer("ada"), customer("bob"));
    let of = |rows: &[AuditRecord], who| {
        rows.iter()
            .filter(|row| row.customer.as_ref() == Some(who))
            .count()
    };
    let adas = of(&before, &ada);
    assert_eq!(
        bench.store().erase_audit_detail(&ada).await.unwrap(),
        adas as u64
    );
    assert_eq!(bench.store().erase_audit_detail(&ada).await.unwrap(), 0);
    let after = bench.audit().await;
    assert_eq!((of(&after, &ada), of(&after, &bob)), (0, of(&before, &bob)));
    assert_eq!(after.len(), before.len());
    for (was, is) in before.iter().zip(&after) {
        assert_eq!(
            (was.sequence, &was.commitment),
            (is.sequence, &is.commitment)
        );
        assert_eq!((&was.kind, was.at), (&is.kind, is.at));
        let erased = was.customer.as_ref() == Some(&ada);
        assert_eq!(is.fits_commitment(), (!erased).then_some(true));
        assert_eq!(is.detail.is_none(), erased);
        assert_eq!(is.salt.is_none(), erased);
    }
    let mut commitments: Vec<_> = before.iter().map(|row| &row.commitment).collect();
    commitments.sort();
    commitments.dedup();
    assert_eq!(
        commitments.len(),
        before.len(),
        "salted: equal details do not show"
    );
    let page = bench
        .store()
        .audit_trail(before[2].sequence, 2)
        .await
        .unwrap();
    let expected: Vec<_> = after[3..5].to_vec();
    assert_eq!(page, expected);
}

/// Proposed, confirmed, posted: in order, from the caller's turn, without an account number or a name.
pub async fn each_decision_is_on_record<B: Backend>() {
    let bench = Bench::<B>::new().await;
    let ada = bench.opened("ada").await;
    let intent = asks(checking(&ada), "ada", first_payee(&ada), 8_200);
    let receipt = bench.transfer(intent).await.unwrap();
    let (id, commit) = (customer("ada"), turn(&bench, "ada", "ses_1", 1));
    bench.store().commit_turn(commit.clone()).await.unwrap();
    let trail = bench.audit().await;
    let kinds: Vec<&str> = trail.iter().map(|row| row.kind.as_str()).collect();
    assert_eq!(
        kinds,
        [
            "customer_opened",
            "proposed",
            "confirmed",
            "posted",
            "blocked"
        ]
    );
    let payee = ada.payees.first().unwrap();
    for row in &trail[1..4] {
        assert_eq!(row.customer.as_ref(), Some(&id));
        assert_eq!(
            (row.session.clone(), row.turn.clone()),
            (context(&id).session, context(&id).turn)
        );
        let detail = row.detail.as_ref().unwrap();
        assert_eq!(detail["amount_minor"], 8_200);
        assert_eq!(detail["currency"], "USD");
        assert_eq!(detail["kind"], "payee_transfer");
        assert_eq!(detail["confirmation"], receipt.confirmation.as_str());
        assert_eq!(detail["target"]["number"], payee.number.masked());
        let text = detail.to_string();
        assert!(!text.contains(payee.number.as_str()) && !text.contains(&payee.name));
    }
    assert_eq!(
        trail[3].detail.as_ref().unwrap()["transfer"],
        receipt.transfer.as_str()
    );
    assert_eq!(trail[4].turn.as_ref(), Some(&commit.turn.id));
    assert_eq!(bench.count(AuditKind::Declined).await, 0);
}

/// A fresh store answers and its books balance; so they do with customers in it.
pub async fn the_store_answers<B: Backend>() {
    let bench = Bench::<B>::new().await;
    bench.store().ping().await.unwrap();
    bench.assert_balanced().await;
    for name in ["ada", "Zoë \u{1F600}", "x'; DROP TABLE customers; --"] {
        let portfolio = bench.opened(name).await;
        assert_eq!(portfolio.customer.id, customer(name));
    }
    bench.store().ping().await.unwrap();
    bench.assert_balanced().await;
}
