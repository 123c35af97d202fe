//! The API documents: served, complete, and without anything from outside.

use vostro_journeys::{Deployment, Response, Role, Shape};

/// `/openapi.json` describes every path of the contract.
#[tokio::test]
async fn the_api_document_is_served() {
    let bank = Deployment::start(Shape::OneProcess).await;
    let document = Response::get(format!("{}/openapi.json", bank.url(Role::Concierge)))
        .await
        .json();
    assert!(
        document["openapi"]
            .as_str()
            .is_some_and(|version| version.starts_with("3.1"))
    );
    for (path, method) in [
        ("/api/v1/chat", "post"),
        ("/api/v1/chat/{turn_id}/events", "get"),
        ("/api/v1/rag/search", "post"),
        ("/api/v1/guardrails/check", "post"),
        ("/health", "get"),
        ("/ready", "get"),
        ("/live", "get"),
        ("/metrics", "get"),
        ("/", "get"),
    ] {
        assert!(
            document["paths"][path][method].is_object(),
            "{method} {path} is not described"
        );
    }
}

/// `/docs` and everything it refers to comes from this server.
#[tokio::test]
async fn the_docs_load_nothing_from_outside() {
    let bank = Deployment::start(Shape::OneProcess).await;
    let url = bank.url(Role::Concierge);
    let page = Response::get(format!("{url}/docs")).await;
    assert_eq!(page.status, 200, "{}", page.text);
    assert!(
        page.header("content-type").starts_with("text/html"),
        "{:?}",
        page.headers
    );
    let policy = page.header("content-security-policy");
    assert!(
        policy.contains("default-src"),
        "a content policy of its own: {policy}"
    );
    assert!(
        !policy.contains("http"),
        "which allows no other host: {policy}"
    );
    let references = references(&page.text);
    assert!(
        !references.is_empty(),
        "the page loads its script and style: {}",
        page.text
    );
    for reference in references {
        assert!(!reference.contains("//"), "{reference} is outside");
        let path = reference.trim_start_matches("./");
        let address = if path.starts_with('/') {
            format!("{url}{path}")
        } else {
            format!("{url}/docs/{path}")
        };
        let asset = Response::get(address).await;
        assert_eq!(asset.status, 200, "{reference}");
    }
}

/// The customer's page for those who ask for HTML, the service's description for the others.
#[tokio::test]
async fn the_root_answers_both() {
    let bank = Deployment::start(Shape::OneProcess).await;
    let url = bank.url(Role::Concierge);
    let request = reqwest::Client::new()
        .get(url)
        .header("accept", "text/html");
    let page = Response::of(request).await;
    assert_eq!(page.status, 200);
    assert!(
        page.header("content-type").starts_with("text/html"),
        "{:?}",
        page.headers
    );
    let info = Response::get(url.to_owned()).await;
    assert!(
        info.header("content-type").starts_with("application/json"),
        "{:?}",
        info.headers
    );
}

/// What `src` and `href` name.
fn references(html: &str) -> Vec<&str> {
    ["src=\"", "href=\""]
        .iter()
        .flat_map(|attribute| html.split(attribute).skip(1))
        .filter_map(|rest| rest.split('"').next())
        .filter(|reference| !reference.starts_with("data:") && !reference.starts_with('#'))
        .collect()
}
