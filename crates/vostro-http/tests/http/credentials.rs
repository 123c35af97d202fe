//! What a credential is good for beside its operation: names of orders, whose failures and requests are counted.

use std::net::SocketAddr;

use axum::extract::ConnectInfo;
use serde_json::json;
use vostro_dialogue::principal::Scope;
use vostro_http::{AuthMode, Rule, operations};

use crate::access::{Bank, Mode, Shown, key};
use crate::idp::{SigningKey, claims, set, verifier};
use crate::world::{send, with, world_with};

#[tokio::test]
async fn a_services_token_searches_and_checks_and_nothing_else() {
    for mode in [Mode::Jwt, Mode::ApiKey] {
        let bank = Bank::open(mode).await;
        let bearer = "Bearer a-token-of-services".to_owned();
        for row in operations().iter().filter(|row| row.rule != Rule::Signed) {
            let answer = bank.call(row, "ada", Some(&bearer)).await;
            let may = !matches!(row.rule, Rule::Customer | Rule::Admin(_));
            assert_eq!(
                answer.status != 403,
                may,
                "{} {}: {}",
                row.method,
                row.path,
                answer.status
            );
        }
    }
}

#[tokio::test]
async fn an_order_stands_under_the_name_of_its_credential() {
    for mode in [Mode::Jwt, Mode::ApiKey] {
        let bank = Bank::open(mode).await;
        let claim = operations()
            .iter()
            .find(|row| row.path.ends_with("/claim"))
            .unwrap();
        let bearer = bank.bearer(claim.rule, Shown::Right).unwrap();
        let claim = |body: &'static str| {
            let path = format!("/api/v1/desk/handoffs/{}/claim", bank.hand_off);
            let request = with(crate::world::post(&path, body), "authorization", &bearer);
            send(&bank.world.concierge, request)
        };
        assert_eq!(claim(r#"{"by": "ben"}"#).await.status, 403);
        let answer = claim("{}").await;
        assert_eq!(
            (answer.status, &answer.json()["colleague"]),
            (200, &json!("anna"))
        );
    }
}

#[tokio::test]
async fn failures_are_counted_by_address_and_never_stop_who_is_right() {
    let world = world_with(|settings| {
        settings.auth = AuthMode::ApiKey;
        settings.api_keys = vec![key("backend", &[Scope::Chat], None)];
        settings.limits.failed_auth_per_minute = 3;
    });
    let call = |key: &str, from: &str| {
        let mut request = crate::world::chat("ada", "", "hi");
        let address: SocketAddr = from.parse().unwrap();
        request.extensions_mut().insert(ConnectInfo(address));
        send(
            &world.concierge,
            with(request, "authorization", &format!("Bearer {key}")),
        )
    };
    for _ in 0..3 {
        assert_eq!(call("vk_guess", "192.0.2.1:1").await.status, 401);
    }
    let refused = call("vk_guess", "192.0.2.1:2").await;
    assert_eq!(
        (refused.status, refused.error().as_str()),
        (429, "RateLimitExceeded")
    );
    assert!(refused.header("retry-after").parse::<u64>().unwrap() >= 1);
    assert_eq!(call("vk_backend", "192.0.2.1:1").await.status, 200);
    assert_eq!(call("vk_guess", "192.0.2.2:1").await.status, 401);
    let metrics = world
        .edge
        .metrics()
        .render(vostro_telemetry::Exposition::Prometheus);
    let line = "vostro_rate_limited_total{limit=\"failed_authentication\"} 1";
    assert!(metrics.contains(line), "{metrics}");
}

#[tokio::test]
async fn who_asks_for_another_is_counted_and_not_the_other() {
    let signing = SigningKey::new("k1");
    let (jwt, _file) = verifier(&set(&[&signing]));
    let world = world_with(|settings| {
        settings.auth = AuthMode::Jwt(jwt);
        settings.limits.per_minute = 2;
    });
    let call = |of: &str| {
        let token = signing.sign(&claims(of, "chat"));
        let request = crate::world::chat("ada", "", "hi");
        send(
            &world.concierge,
            with(request, "authorization", &format!("Bearer {token}")),
        )
    };
    for expected in [403, 403, 429] {
        assert_eq!(call("eve").await.status, expected);
    }
    assert_eq!(call("ada").await.status, 200);
}
