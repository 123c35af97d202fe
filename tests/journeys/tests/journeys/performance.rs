//! Many customers at once: no error, no wrong figure. Times are printed, not judged: this runs an
//! unoptimised binary on whatever machine is at hand. `make bench` judges.

use std::time::{Duration, Instant};

use tokio::task::JoinSet;
use vostro_journeys::{Deployment, Shape, journeys};

journeys! {
    /// Twenty customers, ten messages each, all at the same time.
    async fn twenty_customers_at_once(bank: &Deployment) {
        let mut customers = JoinSet::new();
        for number in 0..20 {
            let mut ada = bank.customer(&format!("journey_load_{number}"));
            customers.spawn(async move {
                let mut times = Vec::new();
                let mut seen = Vec::new();
                for _ in 0..10 {
                    let began = Instant::now();
                    let reply = ada.say("What are the balances of all my accounts?").await;
                    times.push(began.elapsed());
                    seen.push(reply.balances());
                }
                assert!(seen.windows(2).all(|pair| pair[0] == pair[1]), "{}: {seen:?}", ada.user);
                times
            });
        }
        let mut times: Vec<Duration> = customers.join_all().await.into_iter().flatten().collect();
        assert_eq!(times.len(), 200);
        report(&mut times);
    }

    /// One customer pays twenty times from as many conversations: every cent is accounted for.
    async fn one_customer_in_many_conversations(bank: &Deployment) {
        let ada = bank.customer("journey_many");
        let before = ada.balances().await;
        let mut payments = JoinSet::new();
        for _ in 0..10 {
            let mut conversation = ada.elsewhere();
            payments.spawn(async move {
                conversation.say("Send $1 to Anna").await.proposes();
                conversation.say("yes").await.posts(100);
            });
        }
        payments.join_all().await;
        let after = ada.balances().await;
        assert_eq!(after["Everyday Checking"], before["Everyday Checking"] - 1_000);
    }
}

fn report(times: &mut [Duration]) {
    times.sort_unstable();
    let at = |percent: usize| times[(times.len() - 1) * percent / 100];
    println!(
        "{} turns by 20 customers: p50 {:?}, p95 {:?}, p99 {:?}, max {:?}",
        times.len(),
        at(50),
        at(95),
        at(99),
        at(100)
    );
}
