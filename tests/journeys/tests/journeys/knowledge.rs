//! The bank's own documents: kept by one process, found by it and by another, and told to whom they are for.

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use vostro_journeys::{Database, Deployment, Response, Role, Shape};

const SECRET: &str = "an-operators-secret-of-the-tests";
/// In which another replica must have followed; under load a build takes its time.
const SECONDS: Duration = Duration::from_secs(20);

const RECALL: &str = "How much does it cost to recall a quokka wire?";

async fn operator(bank: &Deployment, method: &str, path: &str, body: &Value) -> Response {
    let url = format!("{}/api/v1/rag/documents{path}", bank.url(Role::Rag));
    let method = method.parse().unwrap();
    let request = reqwest::Client::new().request(method, url);
    Response::of(request.bearer_auth(SECRET).json(body)).await
}

async fn search(bank: &Deployment, query: &str) -> Vec<String> {
    let url = format!("{}/api/v1/rag/search", bank.url(Role::Rag));
    let found = Response::post(url, &json!({"query": query, "limit": 20}))
        .await
        .json();
    let results = found["results"].as_array().unwrap().iter();
    results
        .map(|it| it["document_id"].as_str().unwrap().to_owned())
        .collect()
}

fn recall(audience: &str) -> Value {
    json!({
        "id": "quokka-recall", "title": "Recalling a quokka wire", "audience": audience,
        "content": "A quokka wire can be recalled until it is sent. A recall costs $17.50.",
    })
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_document_is_told_to_whom_it_is_for_until_it_is_taken_out() {
    let settings = [("VOSTRO__AUTH__ADMIN_TOKEN", SECRET)];
    let bank = Deployment::start_with(Shape::OneProcess, &settings).await;
    let added = operator(&bank, "POST", "", &recall("staff")).await;
    assert_eq!(
        (added.status, &added.json()["searchable"]),
        (201, &json!(true))
    );
    // What is for the bank's own people reaches no customer, by search or in a reply.
    assert!(
        !search(&bank, RECALL)
            .await
            .contains(&"quokka-recall".to_owned())
    );
    let mut ada = bank.customer("demo_001");
    let reply = ada.say(RECALL).await;
    reply.has_none(&["17.50"]);
    assert!(
        reply
            .citations()
            .iter()
            .all(|it| it["document_id"] != "quokka-recall")
    );

    let opened = operator(&bank, "POST", "", &recall("customer")).await;
    assert_eq!(
        (opened.status, &opened.json()["searchable"]),
        (200, &json!(true))
    );
    assert_eq!(
        search(&bank, RECALL).await.first().map(String::as_str),
        Some("quokka-recall")
    );
    let reply = bank.customer("demo_001").say(RECALL).await;
    reply.has_any(&["17.50"]);
    assert_eq!(reply.citations()[0]["document_id"], "quokka-recall");
    // The articles of the demo bank are still there.
    assert!(
        search(&bank, "How do I transfer money?")
            .await
            .contains(&"transfer-money".to_owned())
    );

    let gone = operator(&bank, "DELETE", "/quokka-recall", &json!({})).await;
    assert_eq!(
        (gone.status, &gone.json()["searchable"]),
        (200, &json!(true))
    );
    assert!(
        !search(&bank, RECALL)
            .await
            .contains(&"quokka-recall".to_owned())
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
    operator(&one, "POST", "", &recall("public")).await;
    let (mut found, began) = (false, Instant::now());
    while !found && began.elapsed() < SECONDS {
        tokio::time::sleep(Duration::from_millis(200)).await;
        found = search(&other, RECALL)
            .await
            .contains(&"quokka-recall".to_owned());
    }
    assert!(
        found,
        "the other replica does not know of it: {}",
        other.logs()
    );
    // And back: taken out there, gone here.
    let gone = operator(&other, "DELETE", "/quokka-recall", &json!({})).await;
    assert_eq!(gone.status, 200, "{}", gone.text);
    while found && began.elapsed() < 2 * SECONDS {
        tokio::time::sleep(Duration::from_millis(200)).await;
        found = search(&one, RECALL)
            .await
            .contains(&"quokka-recall".to_owned());
    }
    assert!(!found, "the first replica still has it: {}", one.logs());
}
