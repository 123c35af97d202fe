//! A channel: a gateway brings customers' messages, signed, and is sent replies and colleagues' words, signed; over
//! real HTTP, with a gateway that is away and a server that is killed.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde_json::{Value, json};
use sha2::Sha256;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use vostro_journeys::{Deployment, Response, Role, Shape};
use vostro_types::{Clock as _, SystemClock};

/// What the gateway signs with, and what replies are signed with.
const INBOUND: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const OUTBOUND: &str = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYX";
const TOKEN: &str = "a-token-of-operators";
const PATIENCE: Duration = Duration::from_secs(40);

fn signature(secret: &str, id: &str, at: u64, body: &[u8]) -> String {
    let key = STANDARD
        .decode(secret.strip_prefix("whsec_").unwrap())
        .unwrap();
    let mut mac = Hmac::<Sha256>::new_from_slice(&key).unwrap();
    mac.update(format!("{id}.{at}.").as_bytes());
    mac.update(body);
    format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()))
}

/// A reply as the gateway got it: its id, and its frame.
type Got = (String, Value);

/// The bank's gateway.
struct Gateway {
    port: u16,
    got: Arc<Mutex<Vec<Got>>>,
    serving: JoinHandle<()>,
}

impl Gateway {
    async fn open(port: u16) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", port)).await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let got = Arc::new(Mutex::new(Vec::new()));
        let kept = Arc::clone(&got);
        let serving = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let read = take(stream).await;
                kept.lock().unwrap().extend(read);
            }
        });
        Self { port, got, serving }
    }

    fn close(self) -> u16 {
        self.serving.abort();
        self.port
    }

    fn got(&self) -> Vec<Got> {
        self.got.lock().unwrap().clone()
    }

    /// The `count`-th thing that the customer is told.
    async fn told(&self, count: usize) -> Value {
        let began = Instant::now();
        loop {
            let got = self.got();
            if let Some((_, frame)) = got.get(count - 1) {
                return frame["data"].clone();
            }
            assert!(began.elapsed() < PATIENCE, "told {}: {got:?}", got.len());
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }
}

/// Takes a request, if it is signed as it should be, and acknowledges it.
async fn take(mut stream: TcpStream) -> Option<Got> {
    let mut bytes = Vec::new();
    let (head, body) = loop {
        let mut part = [0; 4_096];
        let count = stream.read(&mut part).await.ok().filter(|it| *it > 0)?;
        bytes.extend_from_slice(&part[..count]);
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let Some((head, _)) = text.split_once("\r\n\r\n") else {
            continue;
        };
        let headers: HashMap<String, String> = head
            .lines()
            .skip(1)
            .filter_map(|line| line.split_once(": "))
            .map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()))
            .collect();
        let length: usize = headers.get("content-length")?.parse().ok()?;
        let begin = head.len() + 4;
        if bytes.len() >= begin + length {
            break (headers, bytes[begin..begin + length].to_vec());
        }
    };
    let (id, at) = (
        head["webhook-id"].clone(),
        head["webhook-timestamp"].parse(),
    );
    let expected = signature(OUTBOUND, &id, at.ok()?, &body);
    assert_eq!(head["webhook-signature"], expected);
    let answer = b"HTTP/1.1 204 No Content\r\nconnection: close\r\n\r\n";
    stream.write_all(answer).await.ok()?;
    Some((id, serde_json::from_slice(&body).ok()?))
}

async fn start(port: u16) -> Deployment {
    let gateways = json!([{
        "name": "sms", "url": format!("http://127.0.0.1:{port}/vostro"), "timeout_ms": 1_000,
        "secret_env": "OUTBOUND", "inbound_secret_env": "INBOUND",
    }]);
    let settings = [
        ("VOSTRO__CHANNELS__GATEWAYS", gateways.to_string()),
        ("VOSTRO__AUTH__ADMIN_TOKEN", TOKEN.to_owned()),
        ("INBOUND", INBOUND.to_owned()),
        ("OUTBOUND", OUTBOUND.to_owned()),
    ];
    let settings = settings
        .each_ref()
        .map(|(name, value)| (*name, value.as_str()));
    Deployment::start_with(Shape::OneProcess, &settings).await
}

async fn bring(bank: &Deployment, id: &str, text: &str) -> Response {
    let body = json!({"type": "message.received", "data": {"from": "+15550100", "text": text}});
    let body = body.to_string();
    let now = SystemClock.now().as_second();
    let now = u64::try_from(now).unwrap();
    let url = format!("{}/api/v1/channels/sms/messages", bank.url(Role::Concierge));
    let request = reqwest::Client::new()
        .post(url)
        .header("webhook-id", id)
        .header("webhook-timestamp", now)
        .header(
            "webhook-signature",
            signature(INBOUND, id, now, body.as_bytes()),
        )
        .body(body);
    Response::of(request).await
}

/// An operator's order.
async fn order(bank: &Deployment, method: reqwest::Method, path: &str, body: &Value) -> Value {
    let url = format!("{}{path}", bank.url(Role::Concierge));
    let request = reqwest::Client::new()
        .request(method, url)
        .bearer_auth(TOKEN)
        .json(body);
    let answer = Response::of(request).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    answer.json()
}

async fn link(bank: &Deployment, user: Value) {
    let body = json!({"address": "+15550100", "user_id": user, "by": "anna"});
    order(
        bank,
        reqwest::Method::PUT,
        "/api/v1/channels/sms/links",
        &body,
    )
    .await;
}

/// Balance, a transfer with its yes, a person, and the end of the link.
#[tokio::test]
async fn a_customer_writes_from_a_channel() {
    let gateway = Gateway::open(0).await;
    let bank = start(gateway.port).await;
    link(&bank, json!("channel_ada")).await;

    let taken = bring(&bank, "m1", "Send $25 to Anna").await;
    assert_eq!(taken.status, 202, "{}", taken.text);
    let proposed = gateway.told(1).await;
    assert_eq!(
        (&proposed["to"], &proposed["by"]),
        (&json!("+15550100"), &json!("assistant"))
    );
    assert_eq!(proposed["turn_id"], taken.json()["turn_id"]);
    assert_eq!(proposed["cards"][0]["type"], "confirmation", "{proposed}");
    for _ in 0..3 {
        let yes = bring(&bank, "m2", "yes").await;
        assert_eq!(yes.status, 202, "{}", yes.text);
    }
    let receipt = gateway.told(2).await;
    assert_eq!(receipt["cards"][0]["type"], "receipt", "{receipt}");
    // The message came three times, and money moved once.
    let ada = bank
        .customer("channel_ada")
        .say("Show my recent transactions")
        .await;
    let items = &ada.cards("transactions")[0]["items"];
    let sent = items.as_array().unwrap().iter();
    assert_eq!(
        sent.filter(|it| it["amount"]["minor"] == -2_500).count(),
        1,
        "{items}"
    );

    bring(&bank, "m3", "I want to talk to a person").await;
    gateway.told(3).await;
    let (get, post) = (reqwest::Method::GET, reqwest::Method::POST);
    let queue = order(&bank, get, "/api/v1/desk/handoffs", &Value::Null).await;
    let id = queue["handoffs"][0]["id"].as_str().unwrap();
    let by = json!({"by": "anna", "message": "Hello, this is Anna."});
    let path = |what: &str| format!("/api/v1/desk/handoffs/{id}/{what}");
    order(&bank, post.clone(), &path("claim"), &by).await;
    order(&bank, post, &path("reply"), &by).await;
    let told = gateway.told(4).await;
    assert_eq!(
        (&told["by"], &told["text"]),
        (&json!("colleague"), &by["message"])
    );

    link(&bank, Value::Null).await;
    assert_eq!(bring(&bank, "m4", "hello?").await.status, 404);
    let mut ids: Vec<String> = gateway.got().into_iter().map(|(id, _)| id).collect();
    ids.dedup();
    assert_eq!(
        ids.len(),
        gateway.got().len(),
        "each reply came once: {ids:?}"
    );
}

/// A reply to a gateway that is away outlives the server, and comes when the gateway is back.
#[tokio::test]
async fn a_reply_outlives_gateway_and_server() {
    let gateway = Gateway::open(0).await;
    let mut bank = start(gateway.port).await;
    link(&bank, json!("channel_eve")).await;
    let port = gateway.close();
    let taken = bring(&bank, "m1", "What's my account balance?").await;
    assert_eq!(taken.status, 202, "{}", taken.text);
    bank.process_mut(Role::Concierge).kill();
    let gateway = Gateway::open(port).await;
    bank.reopen().await;
    let told = gateway.told(1).await;
    assert_eq!(told["turn_id"], taken.json()["turn_id"]);
    assert!(told["text"].as_str().unwrap().contains('$'), "{told}");
}
