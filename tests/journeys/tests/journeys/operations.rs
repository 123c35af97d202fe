//! What operators ask: info, health, readiness, liveness, metrics, with measured values.

use serde_json::Value;
use vostro_journeys::{Deployment, Response, Role, Shape, journeys};

journeys! {
    /// The five endpoints on each port.
    async fn the_operational_endpoints(bank: &Deployment) {
        for role in Role::ALL {
            let url = bank.url(role);
            let info = Response::get(format!("{url}/")).await.json();
            for member in ["name", "version", "status", "capabilities", "endpoints"] {
                assert!(!info[member].is_null(), "{role:?}: no {member} in {info}");
            }
            let health = Response::get(format!("{url}/health")).await.json();
            assert_eq!(health["status"], "healthy");
            assert!(health["timestamp"].is_f64() && health["version"].is_string(), "{health}");
            assert!(health["uptime"].as_f64().is_some_and(|uptime| uptime >= 0.0), "{health}");
            let ready = Response::get(format!("{url}/ready")).await;
            assert_eq!(ready.status, 200);
            assert_eq!(ready.json()["ready"], true);
            assert!(ready.json()["checks"].as_object().is_some_and(|checks| !checks.is_empty()));
            let live = Response::get(format!("{url}/live")).await.json();
            assert_eq!(live["alive"], true);
            assert!(live["memory_usage_mb"].as_f64().is_some_and(|mb| mb > 1.0), "{live}");
            assert!(live["cpu_percent"].is_number(), "{live}");
        }
    }

    /// Metrics count what happened.
    async fn metrics_are_measured(bank: &Deployment) {
        let url = format!("{}/metrics", bank.url(Role::Concierge));
        let requests = async || -> f64 {
            let metrics = Response::get(url.clone()).await;
            assert_eq!(metrics.status, 200);
            let lines = metrics.text.lines().filter(|line| !line.starts_with('#'));
            lines
                .filter(|line| line.contains("/api/v1/chat\"") && line.contains("_total{"))
                .filter_map(|line| line.rsplit(' ').next()?.parse::<f64>().ok())
                .sum()
        };
        let before = requests().await;
        let mut ada = bank.customer("journey_metrics");
        ada.say("What's my balance?").await;
        ada.say("What's my balance?").await;
        assert!(requests().await >= before + 2.0, "two more turns are counted");
    }
}

/// One process answers the others' paths on the concierge's port, and theirs on their ports.
#[tokio::test]
async fn one_process_answers_all_paths_on_the_first_port() {
    let bank = Deployment::start(Shape::OneProcess).await;
    let url = bank.url(Role::Concierge);
    let search = serde_json::json!({"query": "fees"});
    let search = Response::post(format!("{url}/api/v1/rag/search"), &search).await;
    assert_eq!(search.status, 200, "{}", search.text);
    let check = serde_json::json!({"text": "hello"});
    let check = Response::post(format!("{url}/api/v1/guardrails/check"), &check).await;
    assert_eq!(check.status, 200, "{}", check.text);
}

/// A concierge without its database says that it is not ready, or answers 503; it never says all is well.
#[tokio::test]
async fn readiness_names_its_checks() {
    let bank = Deployment::start(Shape::ThreeProcesses).await;
    let checks = Response::get(format!("{}/ready", bank.url(Role::Concierge)))
        .await
        .json();
    let checks: &Value = &checks["checks"];
    assert_eq!(checks["database"], "ready", "{checks}");
    assert_eq!(checks["ai_service"], "disabled", "{checks}");
    for name in ["rag", "guardrails"] {
        assert!(checks[name].is_string(), "{name}: {checks}");
    }
}
