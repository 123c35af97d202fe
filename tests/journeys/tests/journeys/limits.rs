//! Rate limits: announced on every answer, enforced per customer, told with a time to come back.

use vostro_journeys::{Deployment, Response, Role, Shape};

/// The limit is a setting; what is over it gets 429, and only who is over it.
#[tokio::test]
async fn requests_over_the_limit_are_refused() {
    let settings = [("VOSTRO__LIMITS__REQUESTS_PER_MINUTE", "5")];
    let bank = Deployment::start_with(Shape::OneProcess, &settings).await;
    let ada = bank.customer("journey_limited");
    let mut remaining = Vec::new();
    for _ in 0..5 {
        let response = ada.send("What's my balance?").await;
        assert_eq!(response.status, 200, "{}", response.text);
        assert_eq!(response.header("x-ratelimit-limit"), "5");
        remaining.push(
            response
                .header("x-ratelimit-remaining")
                .parse::<u32>()
                .unwrap(),
        );
        assert!(response.header("x-ratelimit-reset").parse::<u64>().is_ok());
    }
    assert!(
        remaining.is_sorted_by(|a, b| a >= b),
        "counts down: {remaining:?}"
    );
    assert_eq!(remaining.last(), Some(&0));

    let refused = ada.send("What's my balance?").await;
    refused.is_problem(429, "RateLimitExceeded");
    assert!(
        refused
            .header("retry-after")
            .parse::<u32>()
            .is_ok_and(|s| s >= 1)
    );
    assert_eq!(refused.header("x-ratelimit-remaining"), "0");

    let other = bank
        .customer("journey_not_limited")
        .send("What's my balance?")
        .await;
    assert_eq!(
        other.status, 200,
        "another customer is not held back: {}",
        other.text
    );
    let health = Response::get(format!("{}/health", bank.url(Role::Concierge))).await;
    assert_eq!(health.status, 200, "nor are the operators");
}

/// The headers are on refusals and on the other two services' answers, too.
#[tokio::test]
async fn every_answer_tells_the_limit() {
    let bank = Deployment::start(Shape::OneProcess).await;
    for role in Role::ALL {
        let url = bank.url(role);
        for path in ["/", "/health", "/ready", "/live", "/metrics", "/nothing"] {
            let response = Response::get(format!("{url}{path}")).await;
            for header in [
                "x-ratelimit-limit",
                "x-ratelimit-remaining",
                "x-ratelimit-reset",
            ] {
                assert!(
                    !response.header(header).is_empty(),
                    "{role:?} {path}: no {header}"
                );
            }
        }
    }
    let chat = bank
        .customer("journey_default_limit")
        .send("What's my balance?")
        .await;
    assert_eq!(
        chat.header("x-ratelimit-limit"),
        "100",
        "the contract's default"
    );
}
