//! Standing orders: confirmed once, paid once a due day, whoever runs them, when and how often.

use jiff::SignedDuration;
use jiff::civil::Date;
use vostro_bank::{
    AuditKind, Change, Delivery, ProposeOutcome, ScheduleChange, ScheduleOutcome, ScheduleRuns,
    Subscription,
};
use vostro_ledger::{
    Confirmed, Decline, End, Frequency, MoneyIntent, Proposal, RunRules, Schedule, StandingOrder,
};
use vostro_types::ConfirmationId;

use super::Backend;
use super::bench::{Bench, STANDS, asks, checking, context, customer, outside, own_id, savings};
use super::services::{STATE, UNKNOWN};

const DAY: SignedDuration = SignedDuration::from_hours(24);
/// More steps than any case needs.
pub(super) const ENOUGH: u32 = 1_000;

pub(super) fn day(month: i8, day: i8) -> Date {
    Date::constant(2026, month, day)
}

fn monthly(first: Date, end: End) -> Schedule {
    Schedule::new(first, Frequency::Monthly, end).unwrap()
}

fn yes(proposal: &Proposal<StandingOrder>) -> Confirmed<StandingOrder> {
    let customer = proposal.intent.intent.customer.clone();
    let in_time = proposal.expires_at - SignedDuration::from_secs(1);
    proposal.clone().confirm(&customer, in_time).unwrap()
}

impl<B: Backend> Bench<B> {
    fn order(&self, intent: MoneyIntent, schedule: Schedule) -> Proposal<StandingOrder> {
        let id = ConfirmationId::new(self.name("std")).unwrap();
        let order = StandingOrder {
            intent,
            schedule,
            replaces: None,
        };
        Proposal::new(id, order, self.now().checked_add(STANDS).unwrap())
    }

    async fn put(&self, proposal: &Proposal<StandingOrder>) -> ProposeOutcome {
        let context = context(&proposal.intent.intent.customer);
        self.store()
            .propose_schedule(proposal, &context)
            .await
            .unwrap()
    }

    async fn agree(&self, confirmed: Confirmed<StandingOrder>) -> ScheduleOutcome {
        let context = context(&confirmed.get().intent.customer);
        self.store()
            .confirm_schedule(confirmed, &context)
            .await
            .unwrap()
    }

    /// Proposes and confirms.
    pub(super) async fn ordered(&self, intent: MoneyIntent, schedule: Schedule) -> ConfirmationId {
        let proposal = self.order(intent, schedule);
        assert_eq!(self.put(&proposal).await, ProposeOutcome::Proposed);
        let outcome = self.agree(yes(&proposal)).await;
        assert!(
            matches!(outcome, ScheduleOutcome::Scheduled(_)),
            "{outcome:?}"
        );
        proposal.id
    }

    pub(super) async fn run(&self, most: u32) -> ScheduleRuns {
        self.store()
            .run_schedules(RunRules::default(), most)
            .await
            .unwrap()
    }

    pub(super) fn at(&self, text: &str) {
        self.clock.set(text.parse().unwrap());
    }

    async fn due(&self, id: &str) -> Vec<Option<Date>> {
        let schedules = self.store().schedules(&customer(id)).await.unwrap();
        schedules.iter().map(|schedule| schedule.next_due).collect()
    }

    /// The events that were published.
    async fn told(&self) -> Vec<Delivery> {
        let all = Subscription {
            endpoint: "e".to_owned(),
            topics: vec!["*".to_owned()],
        };
        self.store().hand_over(&[all], 100).await.unwrap();
        let lease = SignedDuration::from_secs(1);
        self.store()
            .claim_deliveries("e", lease, 100)
            .await
            .unwrap()
    }

    pub(super) async fn money(&self, id: &str) -> i64 {
        checking(&self.portfolio(id).await).balance.minor
    }
}

pub(super) fn runs(posted: u64, failed: u64, waiting: u64) -> ScheduleRuns {
    ScheduleRuns {
        posted,
        failed,
        waiting,
        expired: 0,
    }
}

/// From the proposal to the last occurrence: a yes said twice, runs said often, a clock that goes back.
pub async fn a_standing_order_is_paid_once_a_due_day<B: Backend>() {
    let bench = Bench::<B>::new().await;
    let ada = bench.opened("ada").await;
    let before = checking(&ada).balance.minor;
    let schedule = monthly(day(3, 31), End::After { count: 3 });
    let proposal = bench.order(asks(checking(&ada), "ada", outside(), 1_000), schedule);
    assert_eq!(bench.put(&proposal).await, ProposeOutcome::Proposed);
    assert_eq!(bench.put(&proposal).await, ProposeOutcome::Proposed);
    let open = bench
        .store()
        .open_schedule(&customer("ada"), &proposal.id)
        .await;
    assert_eq!(open.unwrap().as_ref(), Some(&proposal));
    assert_eq!(bench.due("ada").await, []);
    let ScheduleOutcome::Scheduled(view) = bench.agree(yes(&proposal)).await else {
        panic!("not scheduled");
    };
    assert_eq!(
        (view.order.clone(), view.next_due),
        (proposal.intent.clone(), Some(day(3, 31)))
    );
    assert_eq!(
        bench.agree(yes(&proposal)).await,
        ScheduleOutcome::Replayed(view)
    );
    let open = bench
        .store()
        .open_schedule(&customer("ada"), &proposal.id)
        .await;
    assert_eq!(open.unwrap(), None);

    // A second before the day begins in New York, and as it begins.
    bench.at("2026-03-31T03:59:59Z");
    assert_eq!(bench.run(ENOUGH).await, runs(0, 0, 0));
    bench.at("2026-03-31T04:00:00Z");
    assert_eq!(bench.run(ENOUGH).await, runs(1, 0, 0));
    for wrong in [SignedDuration::ZERO, -DAY, DAY, DAY, -DAY] {
        bench.clock.advance(wrong);
        assert_eq!(bench.run(ENOUGH).await, runs(0, 0, 0));
    }
    assert_eq!(bench.money("ada").await, before - 1_000);
    assert_eq!(bench.due("ada").await, [Some(day(4, 30))]);
    bench.at("2026-04-30T12:00:00Z");
    assert_eq!(bench.run(ENOUGH).await, runs(1, 0, 0));
    assert_eq!(bench.due("ada").await, [Some(day(5, 31))]);
    bench.at("2026-05-31T12:00:00Z");
    assert_eq!(bench.run(ENOUGH).await, runs(1, 0, 0));
    assert_eq!(bench.due("ada").await, [], "the third was the last");
    bench.at("2027-05-31T12:00:00Z");
    assert_eq!(bench.run(ENOUGH).await, runs(0, 0, 0));
    assert_eq!(bench.money("ada").await, before - 3_000);

    for (kind, rows) in [
        (AuditKind::Proposed, 1),
        (AuditKind::Confirmed, 1),
        (AuditKind::Posted, 3),
    ] {
        assert_eq!(bench.count(kind).await, rows, "{kind:?}");
    }
    let told = bench.told().await;
    let due: Vec<_> = told
        .iter()
        .filter(|message| message.topic == "transfer.posted")
        .map(|message| message.payload["due_on"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(due, ["2026-03-31", "2026-04-30", "2026-05-31"]);
    bench.assert_balanced().await;
}

/// Short of funds: tried again until nine in the evening, then given up; the order goes on.
pub async fn an_occurrence_without_funds_is_tried_again_and_given_up<B: Backend>() {
    let bench = Bench::<B>::with_limits(i64::MAX, i64::MAX).await;
    let ada = bench.opened("ada").await;
    let funds = checking(&ada).available.minor;
    let weekly = |first| Schedule::new(first, Frequency::Weekly, End::Never).unwrap();
    bench
        .ordered(
            asks(checking(&ada), "ada", outside(), funds + 1),
            weekly(day(3, 12)),
        )
        .await;
    bench.at("2026-03-12T12:00:00Z");
    assert_eq!(bench.run(ENOUGH).await, runs(0, 0, 1));
    assert_eq!(
        bench.run(ENOUGH).await,
        runs(0, 0, 0),
        "not before half an hour"
    );
    bench.clock.advance(SignedDuration::from_mins(30));
    assert_eq!(bench.run(ENOUGH).await, runs(0, 0, 1));
    assert_eq!(bench.count(AuditKind::OccurrenceFailed).await, 0);
    bench.at("2026-03-13T00:45:00Z");
    assert_eq!(bench.run(ENOUGH).await, runs(0, 1, 0));
    assert_eq!(bench.due("ada").await, [Some(day(3, 19))]);
    assert_eq!(bench.count(AuditKind::OccurrenceFailed).await, 1);
    let told = bench.told().await;
    let failed = told
        .iter()
        .find(|message| message.topic == "schedule.occurrence_failed");
    let payload = &failed.unwrap().payload;
    assert_eq!(payload["decline"]["reason"], "insufficient_funds");
    assert_eq!(
        (payload["due_on"].as_str(), payload["customer"].as_str()),
        (Some("2026-03-12"), Some("ada"))
    );

    // The next week there is enough, in the afternoon.
    bench.at("2026-03-19T12:00:00Z");
    assert_eq!(bench.run(ENOUGH).await, runs(0, 0, 1));
    let now = bench.portfolio("ada").await;
    let intent = asks(savings(&now), "ada", own_id(&checking(&now).id), 1);
    bench.transfer(intent).await.unwrap();
    bench.clock.advance(SignedDuration::from_hours(5));
    assert_eq!(bench.run(ENOUGH).await, runs(1, 0, 0));
    assert_eq!(bench.money("ada").await, 0);
    bench.assert_balanced().await;
}

/// Skipped, cancelled, refused, expired, changed, another customer's: nothing is paid that should not be.
pub async fn standing_orders_end_and_are_refused<B: Backend>() {
    let bench = Bench::<B>::new().await;
    let (ada, bob) = (bench.opened("ada").await, bench.opened("bob").await);
    let before = checking(&ada).balance.minor;
    let intent = |minor| asks(checking(&ada), "ada", outside(), minor);
    let schedule = monthly(day(4, 1), End::Never);

    let id = bench.ordered(intent(1_000), schedule).await;
    let (mine, theirs) = (context(&ada.customer.id), context(&bob.customer.id));
    let store = bench.store();
    let foreign = store.cancel_schedule(&bob.customer.id, &id, &theirs);
    assert_eq!(foreign.await.unwrap(), ScheduleChange::NotActive);
    let terms = |amount| {
        Box::new(StandingOrder {
            intent: intent(amount),
            schedule,
            replaces: None,
        })
    };
    let skip = |due, next| Change::SkipPayment {
        order: id.clone(),
        terms: terms(1_000),
        due,
        next: Some(next),
    };
    let end = || Change::EndOrder {
        order: id.clone(),
        terms: terms(1_000),
    };
    for change in [skip(day(4, 1), day(5, 1)), end()] {
        assert_eq!(bench.change("bob", change).await, UNKNOWN);
    }
    let not_next = skip(day(5, 1), day(6, 1));
    assert_eq!(bench.change("ada", not_next).await, STATE);
    bench.done("ada", skip(day(4, 1), day(5, 1))).await;
    let again = skip(day(4, 1), day(5, 1));
    assert_eq!(bench.change("ada", again).await, STATE, "left out once");
    let orders = store.schedules(&ada.customer.id).await.unwrap();
    assert_eq!(orders[0].next_due, Some(day(5, 1)));
    assert_eq!(bench.count(AuditKind::OccurrenceSkipped).await, 1);
    bench.at("2026-04-02T12:00:00Z");
    assert_eq!(bench.run(ENOUGH).await, runs(0, 0, 0));
    let cancelled = bench.count(AuditKind::Cancelled).await;
    bench.done("ada", end()).await;
    assert_eq!(bench.count(AuditKind::Cancelled).await, cancelled + 1);
    assert_eq!(store.schedules(&ada.customer.id).await.unwrap(), []);
    for change in [skip(day(5, 1), day(6, 1)), end()] {
        assert_eq!(bench.change("ada", change).await, STATE, "it has ended");
    }
    let over = store.cancel_schedule(&ada.customer.id, &id, &mine);
    assert_eq!(over.await.unwrap(), ScheduleChange::NotActive);
    bench.at("2026-05-02T12:00:00Z");
    assert_eq!(bench.run(ENOUGH).await, runs(0, 0, 0));

    // Refused when it is ordered: everything but funds and the day's limit.
    let later = monthly(day(6, 1), End::Never);
    let declined = bench.put(&bench.order(intent(500_001), later)).await;
    assert!(matches!(
        declined,
        ProposeOutcome::Declined(Decline::OverTransferLimit { .. })
    ));
    let foreign = asks(checking(&bob), "ada", outside(), 1);
    let declined = bench.put(&bench.order(foreign, later)).await;
    assert_eq!(declined, ProposeOutcome::Declined(Decline::SourceUnknown));
    assert_eq!(
        bench.put(&bench.order(intent(490_000), later)).await,
        ProposeOutcome::Proposed
    );

    // A proposal that is cancelled, that expires, that nobody answers; terms that are not the ones proposed.
    let refused = bench.order(intent(1), later);
    bench.put(&refused).await;
    store
        .cancel_schedule(&ada.customer.id, &refused.id, &mine)
        .await
        .unwrap();
    assert_eq!(bench.agree(yes(&refused)).await, ScheduleOutcome::NotOpen);
    let forged = Proposal::new(
        refused.id.clone(),
        bench.order(intent(2), later).intent,
        refused.expires_at,
    );
    assert_eq!(bench.agree(yes(&forged)).await, ScheduleOutcome::NotOpen);
    let late = bench.order(intent(1), later);
    bench.put(&late).await;
    bench.clock.advance(STANDS);
    assert_eq!(bench.agree(yes(&late)).await, ScheduleOutcome::Expired);
    assert_eq!(
        bench.run(ENOUGH).await.expired,
        1,
        "the one that nobody answered"
    );
    assert_eq!(bench.run(ENOUGH).await.expired, 0);
    assert_eq!(bench.due("ada").await, []);
    assert_eq!(bench.money("ada").await, before);
    bench.assert_balanced().await;
}

/// An order that takes another's place: the other ends in the same command, and nothing takes a place twice.
pub async fn a_changed_order_takes_the_place_of_the_old_one<B: Backend>() {
    let bench = Bench::<B>::new().await;
    let (ada, bob) = (bench.opened("ada").await, bench.opened("bob").await);
    let intent = |minor| asks(checking(&ada), "ada", outside(), minor);
    let old = bench
        .ordered(intent(1_000), monthly(day(4, 1), End::Never))
        .await;
    let instead = |minor, replaced: &ConfirmationId| {
        let mut proposal = bench.order(intent(minor), monthly(day(4, 5), End::Never));
        proposal.intent.replaces = Some(replaced.clone());
        Proposal::new(proposal.id, proposal.intent, proposal.expires_at)
    };
    let (new, second) = (instead(1_200, &old), instead(1_300, &old));
    for proposal in [&new, &second] {
        assert_eq!(bench.put(proposal).await, ProposeOutcome::Proposed);
    }
    assert_eq!(
        bench.due("ada").await,
        [Some(day(4, 1))],
        "until the yes the old one stands"
    );
    let outcome = bench.agree(yes(&new)).await;
    assert!(
        matches!(outcome, ScheduleOutcome::Scheduled(_)),
        "{outcome:?}"
    );
    assert_eq!(bench.due("ada").await, [Some(day(4, 5))]);
    let outcome = bench.agree(yes(&new)).await;
    assert!(
        matches!(outcome, ScheduleOutcome::Replayed(_)),
        "{outcome:?}"
    );
    assert_eq!(bench.agree(yes(&second)).await, ScheduleOutcome::NotOpen);
    assert_eq!(bench.due("ada").await, [Some(day(4, 5))]);

    // Somebody else's order is nobody's to replace.
    let theirs = asks(checking(&bob), "bob", outside(), 500);
    let theirs = bench.ordered(theirs, monthly(day(4, 9), End::Never)).await;
    let stolen = instead(1, &theirs);
    assert_eq!(bench.put(&stolen).await, ProposeOutcome::Proposed);
    assert_eq!(bench.agree(yes(&stolen)).await, ScheduleOutcome::NotOpen);
    assert_eq!(bench.due("bob").await, [Some(day(4, 9))]);
    assert_eq!(bench.due("ada").await, [Some(day(4, 5))]);

    let before = bench.money("ada").await;
    bench.at("2026-04-06T12:00:00Z");
    let done = bench.run(ENOUGH).await;
    assert_eq!((done.posted, done.failed, done.waiting), (1, 0, 0));
    assert_eq!(
        before - bench.money("ada").await,
        1_200,
        "only the new one is paid"
    );
    bench.assert_balanced().await;
}
