//! Every operation under every kind of credential, in each mode: what the table says is what happens.

use std::collections::BTreeSet;
use std::net::SocketAddr;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::Request;
use jiff::Timestamp;
use serde_json::{Value, json};
use vostro_dialogue::principal::Scope;
use vostro_http::{ApiKey, AuthMode, KeyHash, OperationRule, Role, Rule, ServedBy, operations};
use vostro_types::Redacted;

use crate::idp::{SigningKey, claims, set, verifier};
use crate::world::{Answer, NOW, World, send, with, world_with};

/// How a caller shows who they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shown {
    Nothing,
    Wrong,
    Expired,
    WithoutScope,
    /// Another customer's, or where no customer is asked for, a customer's.
    Anothers,
    Right,
}

const ALL: [Shown; 6] = [
    Shown::Nothing,
    Shown::Wrong,
    Shown::Expired,
    Shown::WithoutScope,
    Shown::Anothers,
    Shown::Right,
];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mode {
    Jwt,
    ApiKey,
}

/// A bank with customers and administrators, and what `ada` has in it.
pub(crate) struct Bank {
    mode: Mode,
    signing: SigningKey,
    pub(crate) world: World,
    turn: String,
    pub(crate) hand_off: String,
    request: String,
    policy_request: String,
    _keys: Option<tempfile::TempPath>,
}

pub(crate) fn key(name: &str, scopes: &[Scope], ends: Option<i64>) -> ApiKey {
    ApiKey {
        name: name.to_owned(),
        hash: KeyHash::of(&format!("vk_{name}")),
        scopes: scopes.iter().copied().collect(),
        expires_at: ends.map(|second| Timestamp::from_second(second).unwrap()),
    }
}

impl Bank {
    pub(crate) async fn open(mode: Mode) -> Self {
        let signing = SigningKey::new("k1");
        let (jwt, file) = verifier(&set(&[&signing]));
        let world = world_with(|settings| {
            settings.limits.failed_auth_per_minute = 100_000;
            settings.service_token = Some(Redacted::new("a-token-of-services".to_owned()));
            match mode {
                Mode::Jwt => settings.auth = AuthMode::Jwt(jwt),
                Mode::ApiKey => {
                    settings.auth = AuthMode::ApiKey;
                    settings.api_keys = vec![
                        key("backend", &[Scope::Chat], None),
                        key("backend", &Scope::ALL, Some(NOW)),
                        key("reader", &[Scope::Search, Scope::Check], None),
                        key(
                            "anna",
                            &[
                                Scope::Desk,
                                Scope::Money,
                                Scope::Documents,
                                Scope::Policies,
                                Scope::Channels,
                                Scope::Customers,
                            ],
                            None,
                        ),
                        key("ben", &[Scope::Money, Scope::Policies], None),
                        key("hooks", &[Scope::Webhooks], None),
                    ];
                    settings.api_keys[1].hash = KeyHash::of("vk_expired");
                }
            }
        });
        let mut bank = Self {
            mode,
            signing,
            world,
            turn: String::new(),
            hand_off: String::new(),
            request: String::new(),
            policy_request: String::new(),
            _keys: (mode == Mode::Jwt).then_some(file),
        };
        let as_ada = bank.bearer(Rule::Customer, Shown::Right).unwrap();
        let said = bank.say(&as_ada, "hi", "ses_ada").await;
        said.json()["turn_id"]
            .as_str()
            .unwrap()
            .clone_into(&mut bank.turn);
        bank.say(&as_ada, "I want to talk to a human", "ses_ada")
            .await;
        let as_anna = bank.bearer(Rule::Admin(Scope::Desk), Shown::Right).unwrap();
        let queue = with(
            crate::world::get("/api/v1/desk/handoffs"),
            "authorization",
            &as_anna,
        );
        let queue = send(&bank.world.concierge, queue).await.json();
        bank.hand_off = queue["handoffs"][0]["id"].as_str().unwrap().to_owned();
        let stop = json!({"stopped": true, "reason": "a test"});
        bank.request = bank.asked_by_another("/api/v1/admin/money", &stop).await;
        let change = json!({"content": "above = \"1.00\"", "reason": "a test"});
        let path = "/api/v1/admin/policies/step_up";
        bank.policy_request = bank.asked_by_another(path, &change).await;
        bank
    }

    /// An order that waits for its second administrator.
    async fn asked_by_another(&self, path: &str, order: &Value) -> String {
        let bearer = match self.mode {
            Mode::Jwt => {
                let token = self.signing.sign(&claims("ben", "money policies"));
                format!("Bearer {token}")
            }
            Mode::ApiKey => "Bearer vk_ben".to_owned(),
        };
        let mut request = crate::world::post(path, order.to_string());
        *request.method_mut() = axum::http::Method::PUT;
        let request = with(request, "authorization", &bearer);
        let answer = send(&self.world.concierge, request).await;
        assert_eq!(answer.status, 202, "{}", answer.text);
        answer.json()["requests"][0]["request_id"]
            .as_str()
            .unwrap()
            .to_owned()
    }

    async fn say(&self, bearer: &str, message: &str, session: &str) -> Answer {
        let request = crate::world::chat("ada", session, message);
        let request = with(request, "authorization", bearer);
        let answer = send(&self.world.concierge, request).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        answer
    }

    /// What is shown for an operation of this rule.
    pub(crate) fn bearer(&self, rule: Rule, shown: Shown) -> Option<String> {
        let (who, scope) = match rule {
            Rule::Open | Rule::Operational | Rule::Signed | Rule::Customer => ("ada", Scope::Chat),
            Rule::Caller(scope) => ("reader", scope),
            Rule::Admin(scope) => ("anna", scope),
        };
        let token = |who: &str, scope: &str, ends: i64| {
            let mut claims = claims(who, scope);
            claims["exp"] = json!(ends);
            self.signing.sign(&claims)
        };
        let shown = match (self.mode, shown) {
            (_, Shown::Nothing) => return None,
            (_, Shown::Wrong) => "vk_guessed".to_owned(),
            (Mode::Jwt, Shown::Expired) => token(who, scope.name(), NOW - 60),
            (Mode::Jwt, Shown::WithoutScope) => token(who, "webhooks profile", NOW + 60),
            (Mode::Jwt, Shown::Anothers) => token("eve", "chat", NOW + 60),
            (Mode::Jwt, Shown::Right) => token(who, scope.name(), NOW + 60),
            (Mode::ApiKey, Shown::Expired) => "vk_expired".to_owned(),
            (Mode::ApiKey, Shown::WithoutScope) => "vk_hooks".to_owned(),
            (Mode::ApiKey, Shown::Anothers) => "vk_backend".to_owned(),
            (Mode::ApiKey, Shown::Right) if who == "ada" => "vk_backend".to_owned(),
            (Mode::ApiKey, Shown::Right) => format!("vk_{who}"),
        };
        Some(format!("Bearer {shown}"))
    }

    /// A request that this operation answers well, for `user` about what is ada's.
    fn request(&self, row: &OperationRule, user: &str) -> Request<Body> {
        let waiting = if row.path.contains("/policies/") {
            &self.policy_request
        } else {
            &self.request
        };
        let path = row
            .path
            .replace("{turn_id}", &self.turn)
            .replace("{session_id}", "ses_ada")
            .replace("{account_id}", "acc_1")
            .replace("{month}", "2026-10")
            .replace("{handoff_id}", &self.hand_off)
            .replace("{request_id}", waiting)
            .replace("{policy}", "step_up")
            .replace("{document_id}", "a")
            .replace("{channel}", "sms")
            .replace("{asset}", "index.html");
        let body = match (row.method, row.path) {
            ("POST", "/api/v1/chat") => {
                json!({"message": "hi", "session_id": "ses_ada", "user_id": user})
            }
            ("POST", "/v1/chat/completions") => json!({
                "user": user, "messages": [{"role": "user", "content": "hi"}],
                "metadata": {"session_id": "ses_ada"},
            }),
            ("PUT", "/api/v1/admin/money") => {
                json!({"stopped": true, "by": "anna", "reason": "a test"})
            }
            ("PUT", "/api/v1/admin/policies/{policy}") => {
                json!({"content": "", "by": "anna", "reason": "a test"})
            }
            ("POST", path) if path.starts_with("/api/v1/admin/customers/") => {
                json!({"user_id": user, "reason": "a test"})
            }
            ("POST", path) if path.starts_with("/api/v1/admin/") => {
                json!({"reason": "a test"})
            }
            ("POST", path) if path.starts_with("/api/v1/desk/") => {
                json!({"by": "anna", "message": "Hello"})
            }
            ("POST", "/api/v1/rag/search" | "/api/v1/rag/context") => json!({"query": "fees"}),
            ("POST", "/api/v1/rag/documents") => json!({"id": "a", "content": "A text."}),
            ("POST", "/api/v1/guardrails/check") => json!({"text": "hi"}),
            ("POST", path) if path.starts_with("/api/v1/channels/") => {
                json!({"type": "message.received", "data": {"from": "+1", "text": "hi"}})
            }
            ("PUT", path) if path.starts_with("/api/v1/channels/") => {
                json!({"address": "+1", "user_id": "ada", "by": "anna"})
            }
            ("POST", "/api/v1/factor-answers") => json!({"answer": "none"}),
            ("GET" | "DELETE", _) => Value::Null,
            (method, path) => panic!("{method} {path} has no example here"),
        };
        let path = match row.rule {
            Rule::Customer if row.method == "GET" => {
                let after = if path.contains('?') { '&' } else { '?' };
                let session = if path.ends_with("/handoff") {
                    "&session_id=ses_ada"
                } else {
                    ""
                };
                format!("{path}{after}user_id={user}{session}")
            }
            _ => path,
        };
        let mut request = Request::builder()
            .method(row.method)
            .uri(path)
            .header("content-type", "application/json")
            .body(match body {
                Value::Null => Body::empty(),
                body => Body::from(body.to_string()),
            })
            .unwrap();
        let elsewhere: SocketAddr = "192.0.2.7:9".parse().unwrap();
        request.extensions_mut().insert(ConnectInfo(elsewhere));
        request
    }

    fn port(&self, row: &OperationRule) -> &Router {
        match row.served_by {
            ServedBy::Only(Role::Rag) => &self.world.rag,
            ServedBy::Only(Role::Guardrails) => &self.world.guardrails,
            _ => &self.world.concierge,
        }
    }

    pub(crate) async fn call(
        &self,
        row: &OperationRule,
        user: &str,
        bearer: Option<&String>,
    ) -> Answer {
        let mut request = self.request(row, user);
        if let Some(bearer) = bearer {
            request = with(request, "authorization", bearer);
        }
        send(self.port(row), request).await
    }

    /// What has to have happened before, for this operation to go well.
    async fn prepare(&self, row: &OperationRule) {
        if row.path.ends_with("{document_id}") {
            let add = operations()
                .iter()
                .find(|row| row.method == "POST" && row.path.ends_with("/documents"));
            let add = add.unwrap();
            let bearer = self.bearer(add.rule, Shown::Right);
            assert_eq!(self.call(add, "ada", bearer.as_ref()).await.status, 201);
        }
        if row.path.ends_with("/reply") {
            let claim = operations().iter().find(|row| row.path.ends_with("/claim"));
            let claim = claim.unwrap();
            let bearer = self.bearer(claim.rule, Shown::Right);
            assert_eq!(self.call(claim, "ada", bearer.as_ref()).await.status, 200);
        }
    }
}

/// What an operation answers to whom.
fn expected(row: &OperationRule, mode: Mode, shown: Shown) -> &'static [u16] {
    let good: &[u16] = &[200, 201, 202, 204];
    match (row.rule, shown) {
        (Rule::Open | Rule::Operational, _) => &[200, 308, 404],
        // What is not signed as it should be is refused by the endpoint, whoever sends it.
        (Rule::Signed, _) => &[401, 403, 404, 422],
        (_, Shown::Nothing | Shown::Wrong | Shown::Expired) => &[401],
        (_, Shown::Right) => good,
        // A back end acts for any customer; what is another's is the next test's matter.
        (Rule::Customer, Shown::Anothers) if mode == Mode::ApiKey => good,
        (_, Shown::WithoutScope | Shown::Anothers) => &[403],
    }
}

#[tokio::test]
async fn each_operation_asks_for_what_its_row_says() {
    let mut calls = 0;
    for mode in [Mode::Jwt, Mode::ApiKey] {
        for row in operations() {
            // A world of its own: what one call changes is not there for the next.
            let bank = Bank::open(mode).await;
            bank.prepare(row).await;
            for shown in ALL {
                let bearer = bank.bearer(row.rule, shown);
                let answer = bank.call(row, "ada", bearer.as_ref()).await;
                let expected = expected(row, mode, shown);
                assert!(
                    expected.contains(&answer.status),
                    "{mode:?} {} {} with {shown:?}: {} instead of {expected:?}: {}",
                    row.method,
                    row.path,
                    answer.status,
                    answer.text
                );
                calls += 1;
            }
        }
    }
    let all = 2 * operations().len() * ALL.len();
    assert_eq!(calls, all);
    println!(
        "{} operations × {} credentials × 2 modes = {calls} calls",
        operations().len(),
        ALL.len()
    );
}

#[tokio::test]
async fn what_is_another_customers_is_not_there() {
    for mode in [Mode::Jwt, Mode::ApiKey] {
        let rows = operations().iter().filter(|row| row.rule == Rule::Customer);
        let mut seen = BTreeSet::new();
        for row in rows {
            let bank = Bank::open(mode).await;
            // Eve's own credential and name, and ada's conversation, turn and account.
            let bearer = match mode {
                Mode::Jwt => bank.bearer(Rule::Customer, Shown::Anothers),
                Mode::ApiKey => bank.bearer(Rule::Customer, Shown::Right),
            };
            let answer = bank.call(row, "eve", bearer.as_ref()).await;
            let shown = format!("{mode:?} {} {}: {}", row.method, row.path, answer.text);
            match answer.status {
                403 | 404 => {}
                200 => assert_eq!(answer.json(), json!({"conversations": []}), "{shown}"),
                _ => panic!("{shown}"),
            }
            assert!(
                !answer.text.contains("Everyday") && !answer.text.contains("2,450"),
                "{shown}"
            );
            seen.insert(row.path);
        }
        assert!(seen.len() >= 7, "{seen:?}");
    }
}
