//! Putting the `OpenAPI` document together from the endpoints' own descriptions.

use serde_json::{Map, Value, json};
use utoipa::openapi::OpenApi as Described;
use utoipa::{IntoResponses, OpenApi};
use vostro_dialogue::principal::Scope;

use super::failures::AccessFailures;
use super::v3_0;
use crate::auth::{Rule, operations};
use crate::problem::ErrorBody;
use crate::role::Role;
use crate::{concierge, guardrails, ops, rag};

/// What all roles have in common.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "Vostro",
        description = "A conversational banking assistant that a bank runs itself: chat with a deterministic \
            money engine, knowledge search, and guardrails.\n\nEvery error is `application/problem+json` with `error`, \
            `detail` and `timestamp`. Every answer carries `X-Request-Id` and the `X-RateLimit-…` headers. Times are Unix seconds.",
        license(name = "Apache-2.0", identifier = "Apache-2.0"),
    ),
    tags(
        (name = "concierge", description = "Talking to the assistant (port 8000)"),
        (name = "connections", description = "For clients that speak another interface (port 8000)"),
        (name = "desk", description = "Conversations for people: the colleagues' queue"),
        (name = "channels", description = "Where customers write beside the bank's own pages, through a gateway"),
        (name = "rag", description = "Searching the knowledge base (port 8001, and 8000 when one process serves all)"),
        (name = "guardrails", description = "Checking texts (port 8002, and 8000 when one process serves all)"),
        (name = "operations", description = "For operators, on every port"),
    ),
    components(schemas(ErrorBody)),
)]
struct Common;

/// The `OpenAPI` 3.1 document of all roles, as JSON.
pub fn openapi_json() -> String {
    format!("{:#}\n", document(&Role::ALL, "http://localhost:8000"))
}

/// The same as `OpenAPI` 3.0.3 in YAML: what is committed as `docs/api/openapi.yaml`.
pub fn openapi_yaml_3_0() -> String {
    let document = v3_0::convert(document(&Role::ALL, "http://localhost:8000"));
    let mut ordered = yaml_serde::Mapping::new();
    for name in ["openapi", "info", "servers", "tags", "paths", "components"] {
        if let Ok(value) = yaml_serde::to_value(&document[name]) {
            ordered.insert(name.into(), value);
        }
    }
    let yaml = yaml_serde::to_string(&ordered).unwrap_or_default();
    format!("# Written by `vostro openapi` from the endpoints' code. Do not edit.\n{yaml}")
}

/// The document of a port that answers these roles' operations.
pub(super) fn document(roles: &[Role], server: &str) -> Value {
    let mut api: Described = Common::openapi();
    env!("CARGO_PKG_VERSION").clone_into(&mut api.info.version);
    for role in roles {
        api.merge(match role {
            Role::Concierge => concierge::described(),
            Role::Rag => rag::described(),
            Role::Guardrails => guardrails::described(),
        });
    }
    api.merge(ops::described());
    api.merge(super::described());
    let mut document = serde_json::to_value(api).unwrap_or_default();
    document["servers"] = json!([{ "url": server }]);
    add_access(&mut document);
    add_headers(&mut document);
    document
}

/// Says of each operation what the table says: which scope it takes, and what happens without.
fn add_access(document: &mut Value) {
    document["components"]["securitySchemes"] = json!({
        "bearer": {
            "type": "http",
            "scheme": "bearer",
            "description": "A token of the bank's identity provider, or an API key; see docs/security/access.md. \
                The sandbox takes customers' requests without.",
        }
    });
    let failures = serde_json::to_value(AccessFailures::responses()).unwrap_or_default();
    for row in operations() {
        let (scope, is_optional) = match row.rule {
            Rule::Open | Rule::Operational | Rule::Signed => continue,
            Rule::Customer => (Scope::Chat, true),
            Rule::Caller(scope) => (scope, true),
            Rule::Admin(scope) => (scope, false),
        };
        let method = row.method.to_ascii_lowercase();
        let path = document["paths"].get_mut(row.path);
        let Some(operation) = path.and_then(|path| path.get_mut(&method)) else {
            continue;
        };
        operation["x-scope"] = json!(scope.name());
        operation["security"] = if is_optional {
            json!([{}, { "bearer": [] }])
        } else {
            json!([{ "bearer": [] }])
        };
        let Some(responses) = operation["responses"].as_object_mut() else {
            continue;
        };
        for (status, failure) in failures.as_object().into_iter().flatten() {
            responses
                .entry(status.clone())
                .or_insert_with(|| failure.clone());
        }
    }
}

/// Names of headers, and what they hold; all of them whole numbers but the first.
const HEADERS: [(&str, &str); 5] = [
    (
        "X-Request-Id",
        "Names the request in logs; yours, when it was fit, else a new one",
    ),
    ("X-RateLimit-Limit", "Requests a minute"),
    ("X-RateLimit-Remaining", "Requests that are left at once"),
    (
        "X-RateLimit-Reset",
        "The Unix second from which all are left again",
    ),
    (
        "Retry-After",
        "Seconds to wait before asking again, at least 1",
    ),
];

/// Describes the headers that every answer has.
fn add_headers(document: &mut Value) {
    let components: Map<String, Value> = HEADERS
        .iter()
        .map(|(name, description)| {
            let kind = if *name == "X-Request-Id" {
                "string"
            } else {
                "integer"
            };
            let header = json!({"description": description, "schema": {"type": kind}});
            ((*name).to_owned(), header)
        })
        .collect();
    document["components"]["headers"] = Value::Object(components);
    for (status, response) in responses(document) {
        let waits = status == "429" || status == "503";
        for (name, _) in HEADERS {
            if name != "Retry-After" || waits {
                response["headers"][name] = json!({"$ref": format!("#/components/headers/{name}")});
            }
        }
    }
}

/// Every response of every operation, with its status.
fn responses(document: &mut Value) -> impl Iterator<Item = (String, &mut Value)> {
    let paths = document["paths"].as_object_mut().into_iter().flatten();
    paths
        .filter_map(|(_, path)| path.as_object_mut())
        .flatten()
        .filter_map(|(_, operation)| operation.get_mut("responses")?.as_object_mut())
        .flatten()
        .map(|(status, response)| (status.clone(), response))
}
