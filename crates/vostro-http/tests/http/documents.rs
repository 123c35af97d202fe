//! The API's description: complete, consistent, current, and shown without anything from outside.

use std::collections::BTreeSet;

use serde_json::Value;
use vostro_http::{ServedBy, operations};

use crate::world::{get, send, world};

fn described(document: &Value) -> BTreeSet<(String, String)> {
    let paths = document["paths"].as_object().unwrap();
    let methods = |(path, item): (&String, &Value)| {
        let methods = item.as_object().unwrap().keys();
        let path = path.clone();
        methods
            .map(move |method| (method.to_uppercase(), path.clone()))
            .collect::<Vec<_>>()
    };
    paths.iter().flat_map(methods).collect()
}

fn all() -> Value {
    serde_json::from_str(&vostro_http::openapi_json()).unwrap()
}

#[test]
fn every_operation_has_a_row_and_every_row_an_operation() {
    let rows = operations().iter().filter(|row| row.published);
    let rows: BTreeSet<_> = rows
        .map(|row| (row.method.to_owned(), row.path.to_owned()))
        .collect();
    assert_eq!(described(&all()), rows);
}

#[tokio::test]
async fn each_port_describes_what_it_answers() {
    let world = world();
    for (router, role) in [
        (&world.rag, vostro_http::Role::Rag),
        (&world.guardrails, vostro_http::Role::Guardrails),
    ] {
        let document = send(router, get("/openapi.json")).await.json();
        let mine = operations().iter().filter(|row| {
            row.published && [ServedBy::Every, ServedBy::Only(role)].contains(&row.served_by)
        });
        let mine: BTreeSet<_> = mine
            .map(|row| (row.method.to_owned(), row.path.to_owned()))
            .collect();
        assert_eq!(described(&document), mine);
    }
    let document = send(&world.concierge, get("/openapi.json")).await.json();
    assert_eq!(described(&document), described(&all()));
    assert_eq!(document["paths"]["/"]["get"]["operationId"], "concierge");
    assert!(document["openapi"].as_str().unwrap().starts_with("3.1"));
}

/// Every `$ref` of a document.
fn references(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(members) => {
            if let Some(Value::String(target)) = members.get("$ref") {
                found.insert(target.clone());
            }
            members
                .values()
                .for_each(|member| references(member, found));
        }
        Value::Array(items) => items.iter().for_each(|item| references(item, found)),
        _ => {}
    }
}

#[test]
fn references_lead_somewhere_and_answers_are_described() {
    let document = all();
    let mut found = BTreeSet::new();
    references(&document, &mut found);
    assert!(found.len() > 10);
    for target in found {
        let pointer = target.strip_prefix('#').unwrap();
        assert!(document.pointer(pointer).is_some(), "{target}");
    }
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let shown = format!("{method} {path}");
            assert!(
                operation["summary"].is_string() && operation["operationId"].is_string(),
                "{shown}"
            );
            for (status, response) in operation["responses"].as_object().unwrap() {
                assert!(
                    response["headers"]["X-RateLimit-Limit"].is_object(),
                    "{shown} {status}"
                );
                if status.as_str() >= "400" {
                    assert!(
                        response["content"]["application/problem+json"].is_object(),
                        "{shown} {status}"
                    );
                }
            }
            assert!(operation["responses"]["500"].is_object(), "{shown}");
        }
    }
}

#[test]
fn the_committed_document_is_current_and_3_0() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/api/openapi.yaml");
    let committed = std::fs::read_to_string(path).unwrap_or_default();
    assert!(
        committed == vostro_http::openapi_yaml_3_0(),
        "run `vostro openapi --format yaml-3.0 > docs/api/openapi.yaml`"
    );
    let document: Value = yaml_serde::from_str(&committed).unwrap();
    assert_eq!(document["openapi"], "3.0.3");
    assert_eq!(described(&document), described(&all()));
    let mut found = BTreeSet::new();
    references(&document, &mut found);
    for target in found {
        assert!(
            document
                .pointer(target.strip_prefix('#').unwrap())
                .is_some(),
            "{target}"
        );
    }
    assert_no_null_type(&document);
}

fn assert_no_null_type(value: &Value) {
    match value {
        Value::Object(members) => {
            assert!(!members.get("type").is_some_and(Value::is_array), "{value}");
            assert_ne!(members.get("type"), Some(&Value::from("null")));
            members.values().for_each(assert_no_null_type);
        }
        Value::Array(items) => items.iter().for_each(assert_no_null_type),
        _ => {}
    }
}

#[tokio::test]
async fn the_pages_load_nothing_from_elsewhere() {
    let world = world();
    for path in ["/docs", "/docs/"] {
        let answer = send(&world.concierge, get(path)).await;
        assert_eq!(
            (answer.status, answer.header("location")),
            (308, "/docs/index.html")
        );
    }
    let page = send(&world.rag, get("/docs/index.html")).await;
    assert_eq!(page.status, 200);
    assert!(
        page.header("content-security-policy")
            .contains("script-src 'self'")
    );
    let links = page.text.split(['"', '\'']).filter(|part| {
        [Some("js"), Some("css")].contains(&part.rsplit_once('.').map(|(_, end)| end))
    });
    let links: Vec<_> = links.collect();
    assert!(links.len() >= 4, "{}", page.text);
    for link in links {
        assert!(!link.contains("//"), "{link}");
        let asset = send(
            &world.rag,
            get(&format!("/docs/{}", link.trim_start_matches("./"))),
        )
        .await;
        assert_eq!(asset.status, 200, "{link}");
    }
    let start = send(&world.rag, get("/docs/swagger-initializer.js")).await;
    assert!(start.text.contains("/openapi.json"), "{}", start.text);
    assert_eq!(send(&world.rag, get("/docs/nothing.js")).await.status, 404);
    assert_eq!(
        send(&world.rag, get("/docs/..%2f..%2fetc%2fpasswd"))
            .await
            .status,
        404
    );
}
