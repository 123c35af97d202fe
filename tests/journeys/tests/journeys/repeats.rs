//! The same request many times at once: one effect, and every client reads the same answer.

use std::collections::HashSet;

use vostro_journeys::{Deployment, Shape};

const AT_ONCE: usize = 64;
const CHECKING: &str = "Everyday Checking";

/// A client that lost its patience 63 times. Limits are raised, so that they are not what is tested.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn identical_requests_at_once_have_one_effect() {
    let settings = [
        ("VOSTRO__LIMITS__REQUESTS_PER_MINUTE", "10000"),
        ("VOSTRO__LIMITS__CONCURRENT_TURNS", "1000"),
    ];
    let bank = Deployment::start_with(Shape::OneProcess, &settings).await;
    let mut ada = bank.customer("journey_repeats");
    let before = ada.balances().await;
    ada.say("Send $25 to Anna").await.proposes();
    let requests: Vec<_> = (0..AT_ONCE)
        .map(|_| {
            let ada = ada.clone();
            tokio::spawn(async move {
                loop {
                    let response = ada.send_keyed("yes", "the-same-key").await;
                    // Still being answered after a while: the client is told to ask again.
                    if response.status != 409 {
                        return response;
                    }
                }
            })
        })
        .collect();
    let mut answers = HashSet::new();
    for request in requests {
        let response = request.await.unwrap();
        assert_eq!(response.status, 200, "{}", response.text);
        answers.insert(response.text);
    }
    assert_eq!(answers.len(), 1, "all answers are equal: {answers:?}");
    let after = ada.balances().await;
    let moved = before[CHECKING] - after[CHECKING];
    println!("faults: identical-http requests={AT_ONCE} equal={AT_ONCE} moved_minor={moved}");
    assert_eq!(moved, 2_500);
}
