//! Policies under four eyes.

use jiff::SignedDuration;
use vostro_bank::{Order, PolicyApproval, PolicyKind};
use vostro_types::ApprovalId;

use super::Backend;
use super::bench::Bench;

fn by(name: &str, reason: &str) -> Order {
    Order::operator(name, reason).unwrap()
}

fn id(text: &str) -> ApprovalId {
    ApprovalId::new(text).unwrap()
}

/// A policy changes when a second administrator approves, in time and once; who asked cannot. Each step is on the
/// trail with its name and the text's hash, and the latest of a kind holds.
pub async fn changing_a_policy_takes_two<B: Backend>() {
    let bench = Bench::<B>::new().await;
    let store = bench.store();
    let in_an_hour = bench.now() + SignedDuration::from_hours(1);
    let (change, anna) = (id("apr_one"), by("anna", "more is asked of them"));
    let text = "above = \"500.00\"\n# \u{e9}\n";
    let kind = PolicyKind::StepUp;
    let request = store.request_policy(&change, kind, text, in_an_hour, &anna);
    let asked = request.await.unwrap();
    assert_eq!(
        (asked.by.as_str(), asked.content.as_str()),
        ("operator:anna", text)
    );
    let row = bench.last_row().await;
    assert_eq!(row.kind, "policy_requested");
    let detail = row.detail.unwrap();
    assert_eq!(
        (&detail["request"], &detail["policy"]),
        (&"apr_one".into(), &"step_up".into())
    );
    assert_eq!(detail["sha256"].as_str().unwrap().len(), 64);
    assert!(!detail.to_string().contains("500"), "{detail}");
    let eve = by("eve", "other");
    let again = store.request_policy(&change, PolicyKind::Guardrails, "", in_an_hour, &eve);
    assert_eq!(again.await.unwrap(), asked, "an id stays what it was");
    assert_eq!(store.policy_requests().await.unwrap(), [asked]);
    assert_eq!(store.policies().await.unwrap(), []);
    assert_eq!(store.policy_version().await.unwrap(), 0);

    let own = store.approve_policy(&change, &by("anna", "it is me")).await;
    assert_eq!(own.unwrap(), PolicyApproval::SamePerson);
    let none = store
        .approve_policy(&id("apr_none"), &by("ben", "what?"))
        .await;
    assert_eq!(none.unwrap(), PolicyApproval::NotOpen);
    assert_eq!(store.policy_version().await.unwrap(), 0);
    let ben = by("ben", "seen it too");
    let PolicyApproval::InForce(now) = store.approve_policy(&change, &ben).await.unwrap() else {
        panic!("not in force");
    };
    assert_eq!(
        (now.kind, now.version, now.content.as_str()),
        (kind, 1, text)
    );
    assert_eq!(
        (now.by.as_str(), now.approved_by.as_str()),
        ("operator:anna", "operator:ben")
    );
    assert_eq!(store.policies().await.unwrap(), [*now]);
    assert_eq!(store.policy_version().await.unwrap(), 1);
    let row = bench.last_row().await;
    assert_eq!(row.kind, "policy_changed");
    let detail = row.detail.unwrap();
    assert_eq!(detail["by"], "operator:ben");
    assert_eq!(detail["requested_by"], "operator:anna");
    assert_eq!(detail["requested_for"], "more is asked of them");
    assert_eq!(detail["version"], 1);
    let twice = store.approve_policy(&change, &by("cleo", "me too")).await;
    assert_eq!(twice.unwrap(), PolicyApproval::NotOpen);

    // Another kind beside it, and the next of the same in its place.
    for (name, kind, text) in [
        ("apr_two", PolicyKind::Guardrails, "[settings]\n"),
        ("apr_three", PolicyKind::StepUp, ""),
    ] {
        let name = id(name);
        let asked = store.request_policy(&name, kind, text, in_an_hour, &anna);
        asked.await.unwrap();
        let approved = store.approve_policy(&name, &ben).await.unwrap();
        assert!(
            matches!(approved, PolicyApproval::InForce(_)),
            "{approved:?}"
        );
    }
    let held = store.policies().await.unwrap();
    let held: Vec<_> = held
        .iter()
        .map(|it| (it.kind, it.version, it.content.as_str()))
        .collect();
    assert_eq!(
        held,
        [
            (PolicyKind::Guardrails, 2, "[settings]\n"),
            (PolicyKind::StepUp, 3, "")
        ]
    );
    assert_eq!(store.policy_requests().await.unwrap(), []);
}

/// A change that was taken back, or whose time is over, changes nothing; of approvals at once one counts.
pub async fn a_change_of_policy_ends_once<B: Backend>() {
    let bench = Bench::<B>::new().await;
    let store = bench.store();
    let soon = bench.now() + SignedDuration::from_mins(10);
    let (anna, ben, cleo) = (by("anna", "a test"), by("ben", "yes"), by("cleo", "yes"));
    for name in ["apr_back", "apr_late", "apr_race"] {
        let (request, kind) = (id(name), PolicyKind::Guardrails);
        let asked = store.request_policy(&request, kind, name, soon, &anna);
        asked.await.unwrap();
    }
    assert!(store.withdraw_policy(&id("apr_back"), &anna).await.unwrap());
    assert_eq!(bench.last_row().await.kind, "policy_withdrawn");
    assert!(!store.withdraw_policy(&id("apr_back"), &anna).await.unwrap());
    let back = store.approve_policy(&id("apr_back"), &ben).await.unwrap();
    assert_eq!(back, PolicyApproval::NotOpen);
    let race = id("apr_race");
    let (one, two) = tokio::join!(
        store.approve_policy(&race, &ben),
        store.approve_policy(&race, &cleo)
    );
    let in_force = [one.unwrap(), two.unwrap()];
    let counts = |it: &&PolicyApproval| matches!(it, PolicyApproval::InForce(_));
    assert_eq!(in_force.iter().filter(counts).count(), 1, "{in_force:?}");
    bench.clock.advance(SignedDuration::from_mins(10));
    let late = store.approve_policy(&id("apr_late"), &ben).await.unwrap();
    assert_eq!(late, PolicyApproval::NotOpen);
    assert!(!store.withdraw_policy(&id("apr_late"), &anna).await.unwrap());
    assert_eq!(store.policy_requests().await.unwrap(), []);
    assert_eq!(store.policy_version().await.unwrap(), 1);
}
