//! The bank's own documents: kept by one process, found by it and by another, and told to whom they are for.

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use vostro_journeys::{Database, Deployment, Response, Role, Shape};

const SECRET: &str = "an-operators-secret-of-the-tests";
/// In which a change must be found; under load a build of the index takes its time.
const SECONDS: Duration = Duration::from_secs(30);

const QUESTION: &str = "What does a quokka wire cost?";
const ID: &str = "quokka-wires";

async fn operator(bank: &Deployment, method: &str, path: &str, body: &Value) -> Response {
    let url = format!("{}/api/v1/rag/documents{path}", bank.url(Role::Rag));
    let request = reqwest::Client::new().request(method.parse().unwrap(), url);
    Response::of(request.bearer_auth(SECRET).json(body)).await
}

async fn search(bank: &Deployment, query: &str) -> Vec<String> {
    let url = format!("{}/api/v1/rag/search", bank.url(Role::Rag));
    let found = Response::post(url, &json!({"query": query, "limit": 20})).await;
    let found = found.json();
    let results = found["results"].as_array().unwrap().iter();
    results
        .map(|it| it["document_id"].as_str().unwrap().to_owned())
        .collect()
}

/// Waits until the search finds the document, or no longer does.
async fn until(bank: &Deployment, is_found: bool) {
    let began = Instant::now();
    while search(bank, QUESTION).await.contains(&ID.to_owned()) != is_found {
        assert!(began.elapsed() < SECONDS, "not in time: {}", bank.logs());
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}

fn wires(audience: &str) -> Value {
    json!({
        "id": ID, "title": "Quokka wires", "audience": audience,
        "content": "A quokka wire costs $17.50. It arrives on the same day.",
    })
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_document_is_told_to_whom_it_is_for_until_it_is_taken_out() {
    let settings = [("VOSTRO__AUTH__ADMIN_TOKEN", SECRET)];
    let bank = Deployment::start_with(Shape::OneProcess, &settings).await;
    assert_eq!(
        operator(&bank, "POST", "", &wires("customer")).await.status,
        201
    );
    until(&bank, true).await;
    assert_eq!(
        search(&bank, QUESTION).await.first().map(String::as_str),
        Some(ID)
    );
    let reply = bank.customer("demo_001").say(QUESTION).await;
    reply.has_any(&["17.50"]);
    assert_eq!(reply.citations()[0]["document_id"], ID);
    // The articles of the demo bank are still there.
    let others = search(&bank, "How do I transfer money?").await;
    assert!(others.contains(&"transfer-money".to_owned()), "{others:?}");

    // What is for the bank's own people reaches no customer, by search or in a reply.
    assert_eq!(
        operator(&bank, "POST", "", &wires("staff")).await.status,
        200
    );
    until(&bank, false).await;
    let reply = bank.customer("demo_002").say(QUESTION).await;
    reply.has_none(&["17.50"]);
    assert!(reply.citations().iter().all(|it| it["document_id"] != ID));

    assert_eq!(
        operator(&bank, "DELETE", "/quokka-wires", &json!({}))
            .await
            .status,
        200
    );
    assert_eq!(
        operator(&bank, "GET", "/quokka-wires", &json!({}))
            .await
            .status,
        404
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_replica_finds_a_document_within_seconds() {
    let Some(database) = Database::create().await else {
        return;
    };
    let url = database.url();
    let settings = [
        ("VOSTRO__DATABASE__URL", url.as_str()),
        ("VOSTRO__AUTH__ADMIN_TOKEN", SECRET),
        ("VOSTRO__DEMO__CUSTOMERS", "1"),
        ("VOSTRO__LIMITS__REQUESTS_PER_MINUTE", "100000"),
    ];
    let (one, other) = tokio::join!(
        Deployment::start_with(Shape::OneProcess, &settings),
        Deployment::start_with(Shape::ThreeProcesses, &settings),
    );
    assert_eq!(
        operator(&one, "POST", "", &wires("public")).await.status,
        201
    );
    until(&other, true).await;
    // And back: taken out there, gone here.
    assert_eq!(
        operator(&other, "DELETE", "/quokka-wires", &json!({}))
            .await
            .status,
        200
    );
    until(&one, false).await;
}
