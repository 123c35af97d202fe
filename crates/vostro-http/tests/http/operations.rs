//! What operators ask, and what a service says of itself.

use crate::store::Health;
use crate::world::{get, send, with, world};

#[tokio::test]
async fn health_live_and_metrics_are_measured() {
    let world = world();
    for router in [&world.concierge, &world.rag, &world.guardrails] {
        let health = send(router, get("/health")).await.json();
        assert_eq!(
            (health["status"].as_str(), health["version"].as_str()),
            (Some("healthy"), Some("1.2.3"))
        );
        assert!(health["uptime"].as_f64().unwrap() >= 0.0);
        let live = send(router, get("/live")).await.json();
        assert_eq!(live["alive"], true);
        assert!(live["memory_usage_mb"].as_f64().unwrap() > 1.0, "{live}");
        assert!(live["cpu_percent"].as_f64().unwrap() >= 0.0);
        let metrics = send(router, get("/metrics")).await;
        assert_eq!(
            metrics.header("content-type"),
            "text/plain; version=0.0.4; charset=utf-8"
        );
        assert!(
            metrics
                .text
                .contains("vostro_build_info{version=\"1.2.3\"} 1")
        );
        let open = send(
            router,
            with(get("/metrics"), "accept", "application/openmetrics-text"),
        )
        .await;
        assert!(open.text.ends_with("# EOF\n"));
    }
}

#[tokio::test]
async fn ready_tells_what_is_missing() {
    let world = world();
    let ready = send(&world.concierge, get("/ready")).await;
    assert_eq!(ready.status, 200);
    let body = ready.json();
    assert_eq!(body["ready"], true);
    for (name, state) in [
        ("database", "ready"),
        ("ai_service", "disabled"),
        ("rag", "ready"),
        ("guardrails", "ready"),
    ] {
        assert_eq!(body["checks"][name], state, "{name}");
    }
    world.store.set(Health::Unreachable);
    let not_ready = send(&world.concierge, get("/ready")).await;
    assert_eq!(not_ready.status, 503);
    let body = not_ready.json();
    assert_eq!(body["ready"], false);
    assert_eq!(body["checks"]["database"], "unavailable");
    assert_eq!(body["error"], "ServiceUnavailable");
    assert_eq!(
        send(&world.rag, get("/ready")).await.status,
        200,
        "another role does not need the store"
    );
    world.store.set(Health::Well);
    assert_eq!(send(&world.concierge, get("/ready")).await.status, 200);
}

#[tokio::test]
async fn the_root_says_what_the_service_is() {
    let world = world();
    let info = send(&world.concierge, get("/")).await;
    assert_eq!(
        (info.status, info.header("content-type")),
        (200, "application/json")
    );
    let info = info.json();
    assert_eq!(
        (&info["name"], &info["version"], &info["status"]),
        (
            &"vostro-concierge".into(),
            &"1.2.3".into(),
            &"running".into()
        )
    );
    assert!(info["capabilities"].as_array().unwrap().len() > 2);
    assert_eq!(info["endpoints"]["/api/v1/chat"], "POST");
    let rag = send(&world.rag, with(get("/"), "accept", "text/html")).await;
    assert_eq!(rag.header("content-type"), "application/json");
}
