//! Tokens of the identity provider: which are accepted, and how its keys are read again.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use axum::Router;
use axum::http::StatusCode;
use axum::routing::get as route;
use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD as BASE64;
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use serde_json::{Value, json};
use vostro_http::{AuthMode, Jwt, KeySource};

use crate::idp::{SigningKey, claims, set, settings, verifier};
use crate::world::{NOW, World, chat, send, with, world_at, world_with};

async fn status(world: &World, token: &str) -> u16 {
    let request = with(
        chat("ada", "", "hi"),
        "authorization",
        &format!("Bearer {token}"),
    );
    send(&world.concierge, request).await.status
}

#[tokio::test]
#[expect(clippy::too_many_lines, reason = "a table")]
async fn only_a_token_that_is_right_in_every_way_is_accepted() {
    let (key, other) = (SigningKey::new("k1"), SigningKey::new("k1"));
    let (jwt, _file) = verifier(&set(&[&key]));
    let world = world_with(|settings| {
        settings.auth = AuthMode::Jwt(jwt);
        settings.limits.failed_auth_per_minute = 10_000;
    });
    let change = |name: &str, value: Value| {
        let mut claims = claims("ada", "chat");
        match value {
            Value::Null => claims.as_object_mut().unwrap().remove(name),
            value => claims
                .as_object_mut()
                .unwrap()
                .insert(name.to_owned(), value),
        };
        key.sign(&claims)
    };
    let good = key.sign(&claims("ada", "chat"));
    let parts: Vec<&str> = good.split('.').collect();
    let part = |value: &Value| BASE64.encode(value.to_string());
    let mut with_secret = Header::new(Algorithm::HS256);
    with_secret.kid = Some("k1".to_owned());
    let shared = encode(
        &with_secret,
        &claims("ada", "chat"),
        &EncodingKey::from_secret(key.point()),
    );
    let mut nameless = Header::new(Algorithm::ES256);
    nameless.kid = None;
    let mut unknown = Header::new(Algorithm::ES256);
    unknown.kid = Some("k2".to_owned());
    let critical = json!({"alg": "ES256", "kid": "k1", "crit": ["b64"], "b64": false});
    let cases = [
        ("good", good.clone(), 200),
        (
            "no key named, and there is one",
            key.sign_with(&nameless, &claims("ada", "chat")),
            200,
        ),
        (
            "an audience among several",
            change("aud", json!(["other", "vostro"])),
            200,
        ),
        (
            "scopes as a list",
            {
                let mut claims = claims("ada", "");
                claims["scp"] = json!(["profile", "chat"]);
                key.sign(&claims)
            },
            200,
        ),
        (
            "over, within the leeway",
            change("exp", json!(NOW - 29)),
            200,
        ),
        ("over", change("exp", json!(NOW - 31)), 401),
        (
            "over, as a fraction",
            change("exp", json!(f64::from(i32::MIN))),
            401,
        ),
        ("an end that is a text", change("exp", json!("never")), 401),
        ("without an end", change("exp", Value::Null), 401),
        ("not yet", change("nbf", json!(NOW + 31)), 401),
        (
            "another issuer",
            change("iss", json!("https://idp.bank.example/")),
            401,
        ),
        ("without an issuer", change("iss", Value::Null), 401),
        ("another audience", change("aud", json!("other")), 401),
        ("without an audience", change("aud", Value::Null), 401),
        ("without a subject", change("sub", Value::Null), 401),
        ("a subject that is a number", change("sub", json!(7)), 401),
        ("another customer", change("sub", json!("eve")), 403),
        ("another customer, nearly", change("sub", json!("Ada")), 403),
        (
            "without the scope",
            change("scope", json!("profile desk")),
            403,
        ),
        ("no scope at all", change("scope", Value::Null), 403),
        (
            "a scope that only begins so",
            change("scope", json!("chatter")),
            403,
        ),
        (
            "another key of the same name",
            other.sign(&claims("ada", "chat")),
            401,
        ),
        (
            "a key that is not in the set",
            key.sign_with(&unknown, &claims("ada", "chat")),
            401,
        ),
        ("the public key as a shared secret", shared.unwrap(), 401),
        (
            "no signature",
            format!("{}.{}.", part(&json!({"alg": "none"})), parts[1]),
            401,
        ),
        (
            "no signature, said in capitals",
            format!("{}.{}.", part(&json!({"alg": "NONE"})), parts[1]),
            401,
        ),
        (
            "a signature left away",
            format!("{}.{}.", parts[0], parts[1]),
            401,
        ),
        (
            "other claims under the signature",
            format!(
                "{}.{}.{}",
                parts[0],
                part(&claims("ada", "chat money")),
                parts[2]
            ),
            401,
        ),
        (
            "an extension that must be understood",
            format!("{}.{}.{}", part(&critical), parts[1], parts[2]),
            401,
        ),
        ("two parts", format!("{}.{}", parts[0], parts[1]), 401),
        (
            "five parts, as encrypted ones have",
            format!("{good}.x.y"),
            401,
        ),
        ("nothing but dots", "..".to_owned(), 401),
        ("no token", "x".to_owned(), 401),
        ("much", "a.".repeat(5_000), 401),
    ];
    for (what, token, expected) in cases {
        assert_eq!(status(&world, &token).await, expected, "{what}");
    }
    let bare = send(&world.concierge, chat("ada", "", "hi")).await;
    assert_eq!(
        (bare.status, bare.header("www-authenticate")),
        (401, "Bearer")
    );
    let basic = with(chat("ada", "", "hi"), "authorization", "Basic YWRhOmFkYQ==");
    assert_eq!(send(&world.concierge, basic).await.status, 401);
}

#[tokio::test]
async fn a_set_with_shared_secrets_or_keys_for_other_uses_is_no_set() {
    let key = SigningKey::new("k1");
    let mut for_encryption = key.public();
    for_encryption["use"] = json!("enc");
    let mut of_another_kind = key.public();
    of_another_kind["alg"] = json!("ES384");
    let unusable = [
        json!({"keys": [{"kty": "oct", "kid": "k1", "k": "c2VjcmV0"}]}),
        json!({"keys": [for_encryption]}),
        json!({"keys": [{"kty": "new", "kid": "k1"}, 7, null]}),
        json!({"keys": []}),
        json!({"keys": {}}),
        json!([]),
    ];
    for set in unusable {
        let (jwt, _file) = verifier(&set);
        let world = world_with(|settings| settings.auth = AuthMode::Jwt(jwt));
        let token = key.sign(&claims("ada", "chat"));
        assert_eq!(status(&world, &token).await, 503, "{set}: nobody can say");
    }
    let (jwt, _file) = verifier(&json!({"keys": [of_another_kind]}));
    let world = world_with(|settings| settings.auth = AuthMode::Jwt(jwt));
    assert_eq!(status(&world, &key.sign(&claims("ada", "chat"))).await, 401);
}

/// A provider that answers with what it is told to, and counts.
struct Provider {
    address: String,
    asked: Arc<AtomicU64>,
    answer: Arc<std::sync::Mutex<(StatusCode, String)>>,
}

impl Provider {
    fn start(set: &Value) -> Self {
        let asked = Arc::new(AtomicU64::new(0));
        let answer = Arc::new(std::sync::Mutex::new((StatusCode::OK, set.to_string())));
        let (count, said) = (asked.clone(), answer.clone());
        let router = Router::new().route(
            "/keys",
            route(move || {
                count.fetch_add(1, Ordering::SeqCst);
                let said = said.lock().unwrap().clone();
                async move { said }
            }),
        );
        let listener = vostro_http::listen("127.0.0.1:0".parse().unwrap()).unwrap();
        let address = format!("http://{}/keys", listener.local_addr().unwrap());
        let edge = world_with(|_| {}).edge;
        tokio::spawn(async move {
            let ever = std::future::pending();
            vostro_http::serve(listener, router, &edge, ever, std::time::Duration::ZERO).await
        });
        Self {
            address,
            asked,
            answer,
        }
    }

    fn say(&self, status: StatusCode, text: &str) {
        *self.answer.lock().unwrap() = (status, text.to_owned());
    }

    fn asked(&self) -> u64 {
        self.asked.load(Ordering::SeqCst)
    }
}

#[tokio::test]
async fn a_rotation_is_followed_and_invented_names_cost_nothing() {
    let (old, new) = (SigningKey::new("old"), SigningKey::new("new"));
    let provider = Provider::start(&set(&[&old]));
    let jwt = Jwt::new(settings(KeySource::Url(provider.address.clone()))).unwrap();
    let clock = Arc::new(AtomicU64::new(0));
    let world = world_at(clock.clone(), |settings| {
        settings.auth = AuthMode::Jwt(Arc::new(jwt));
        settings.limits.failed_auth_per_minute = 10_000;
    });
    let wait = |seconds| clock.fetch_add(seconds, Ordering::SeqCst);
    let good = |key: &SigningKey| {
        let mut claims = claims("ada", "chat");
        claims["exp"] = json!(NOW + 1_000_000);
        key.sign(&claims)
    };
    for _ in 0..3 {
        assert_eq!(status(&world, &good(&old)).await, 200);
    }
    assert_eq!(provider.asked(), 1, "the keys are remembered");
    // A new key: not known, so the set is read again, once for all who ask within ten seconds.
    provider.say(StatusCode::OK, &set(&[&old, &new]).to_string());
    wait(11);
    assert_eq!(status(&world, &good(&new)).await, 200);
    assert_eq!(provider.asked(), 2);
    for name in 0..50 {
        let invented = SigningKey::new(&format!("invented-{name}"));
        assert_eq!(status(&world, &good(&invented)).await, 401);
    }
    assert_eq!(
        provider.asked(),
        2,
        "invented names are not looked up again and again"
    );
    // The provider is away: what was read goes on, and it is not asked with every token.
    provider.say(StatusCode::INTERNAL_SERVER_ERROR, "");
    wait(601);
    for _ in 0..3 {
        assert_eq!(status(&world, &good(&new)).await, 200);
    }
    assert_eq!(provider.asked(), 3);
    provider.say(StatusCode::OK, "<html>");
    wait(11);
    assert_eq!(status(&world, &good(&new)).await, 200);
    provider.say(StatusCode::OK, &"x".repeat(300 << 10));
    wait(11);
    assert_eq!(status(&world, &good(&new)).await, 200);
    // The old key is taken out: its tokens end with the next reading.
    provider.say(StatusCode::OK, &set(&[&new]).to_string());
    wait(11);
    assert_eq!(status(&world, &good(&new)).await, 200);
    assert_eq!(status(&world, &good(&old)).await, 401);
}
