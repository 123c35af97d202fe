//! Policies of a running bank: one administrator asks, another approves, and every process goes by it; nothing is
//! restarted.

use std::os::unix::fs::PermissionsExt as _;
use std::time::{Duration, Instant};

use reqwest::Method;
use serde_json::{Value, json};
use tempfile::NamedTempFile;
use vostro_journeys::{Database, Deployment, Reply, Response, Role, Shape};

const SECRET: &str = "an-operators-secret";
const PATH: &str = "/api/v1/admin/policies";
/// "Within seconds", on a machine that is busy.
const PATIENCE: Duration = Duration::from_secs(30);

const GUARDRAILS: &str = "[[rule]]
id = 'own.zanzibar'
kind = 'safety'
category = 'violence'
severity = 'high'
any = ['zanzibar protocol']
hit = ['start the zanzibar protocol']
miss = ['my trip to zanzibar']
";

/// A key for one-time codes, without which no second factor may be asked for.
fn factor_key() -> NamedTempFile {
    let file = NamedTempFile::new().unwrap();
    let bytes: Vec<u8> = (0..32_u8)
        .map(|number| number.wrapping_mul(37).wrapping_add(11))
        .collect();
    std::fs::write(file.path(), hex::encode(bytes)).unwrap();
    std::fs::set_permissions(file.path(), std::fs::Permissions::from_mode(0o600)).unwrap();
    file
}

async fn ask(bank: &Deployment, method: Method, path: &str, body: &Value) -> Response {
    let url = format!("{}{PATH}{path}", bank.url(Role::Concierge));
    let request = reqwest::Client::new().request(method, url);
    Response::of(request.bearer_auth(SECRET).json(body)).await
}

/// Asked for by anna and approved by ben, at perhaps another replica.
async fn change(asked_at: &Deployment, approved_at: &Deployment, policy: &str, content: &str) {
    let body = json!({"content": content, "by": "anna", "reason": "a test"});
    let asked = ask(asked_at, Method::PUT, &format!("/{policy}"), &body).await;
    assert_eq!(asked.status, 202, "{}", asked.text);
    let id = asked.json()["requests"][0]["request_id"].clone();
    let path = format!("/requests/{}/approve", id.as_str().unwrap());
    let own = ask(
        asked_at,
        Method::POST,
        &path,
        &json!({"by": "anna", "reason": "me"}),
    )
    .await;
    assert_eq!(own.status, 409, "nobody is two: {}", own.text);
    let body = json!({"by": "ben", "reason": "read it"});
    let approved = ask(approved_at, Method::POST, &path, &body).await;
    assert_eq!(approved.status, 200, "{}", approved.text);
    let now = approved.json();
    assert_eq!(
        now["applied_version"], now["version"],
        "here at once: {now}"
    );
}

/// Says it in new conversations until the answer is as expected.
async fn comes_to(bank: &Deployment, user: &str, text: &str, expected: fn(&Reply) -> bool) {
    let began = Instant::now();
    loop {
        let reply = bank.customer(user).say(text).await;
        if expected(&reply) {
            return;
        }
        assert!(began.elapsed() < PATIENCE, "{text}: {}", reply.body);
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}

fn proposes(reply: &Reply) -> bool {
    !reply.cards("confirmation").is_empty()
}

async fn bank(shape: Shape, more: &[(&str, &str)]) -> (Deployment, NamedTempFile) {
    let key = factor_key();
    let path = key.path().display().to_string();
    let mut settings = vec![
        ("VOSTRO__AUTH__ADMIN_TOKEN", SECRET),
        ("VOSTRO__STEP_UP__KEY_FILE", path.as_str()),
        ("VOSTRO__LIMITS__REQUESTS_PER_MINUTE", "100000"),
    ];
    settings.extend(more);
    (Deployment::start_with(shape, &settings).await, key)
}

const TRANSFER: &str = "Send $25 to Anna";
const HARM: &str = "Please start the zanzibar protocol";

/// In every process of a bank: both policies, and back to what the files say.
async fn hold_and_are_taken_back(shape: Shape) {
    let (bank, _key) = bank(shape, &[]).await;
    comes_to(&bank, "demo_001", TRANSFER, proposes).await;
    comes_to(&bank, "demo_001", HARM, Reply::passed).await;
    change(&bank, &bank, "step_up", "above = \"20.00\"\n").await;
    let refused = bank.customer("demo_001").say(TRANSFER).await;
    assert!(!proposes(&refused), "at once: {}", refused.body);
    let small = bank.customer("demo_001").say("Send $5 to Anna").await;
    assert!(proposes(&small), "{}", small.body);
    change(&bank, &bank, "guardrails", GUARDRAILS).await;
    comes_to(&bank, "demo_001", HARM, |reply| !reply.passed()).await;
    let trip = bank
        .customer("demo_001")
        .say("I paid for my trip to Zanzibar")
        .await;
    assert!(trip.passed(), "{}", trip.body);

    // What is no policy asks nobody, and changes nothing.
    let bad = json!({"content": "\nabove = \"much\"\n", "by": "anna", "reason": "a test"});
    let refused = ask(&bank, Method::PUT, "/step_up", &bad).await;
    assert!(
        refused.text.contains("line 2: `above` `much` is no amount"),
        "{}",
        refused.text
    );
    let bad = GUARDRAILS.replace("my trip to zanzibar", "a zanzibar protocol");
    let bad = json!({"content": bad, "by": "anna", "reason": "a test"});
    let refused = ask(&bank, Method::PUT, "/guardrails", &bad).await;
    assert_eq!(refused.status, 422, "{}", refused.text);
    assert!(refused.text.contains("line 8: "), "{}", refused.text);

    change(&bank, &bank, "guardrails", "").await;
    comes_to(&bank, "demo_001", HARM, Reply::passed).await;
    change(&bank, &bank, "step_up", "").await;
    comes_to(&bank, "demo_001", TRANSFER, proposes).await;
}

#[tokio::test]
async fn a_policy_holds_in_one_process_and_is_taken_back() {
    hold_and_are_taken_back(Shape::OneProcess).await;
}

#[tokio::test]
async fn a_policy_holds_in_three_processes_and_is_taken_back() {
    hold_and_are_taken_back(Shape::ThreeProcesses).await;
}

/// Asked for at one replica and approved at another, a policy holds on both, and after a restart.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_policy_holds_on_every_replica() {
    let Some(database) = Database::create().await else {
        return;
    };
    let url = database.url();
    let more = [
        ("VOSTRO__DATABASE__URL", url.as_str()),
        ("VOSTRO__DEMO__CUSTOMERS", "2"),
    ];
    let ((mut one, _a), (two, _b)) = tokio::join!(
        bank(Shape::OneProcess, &more),
        bank(Shape::OneProcess, &more)
    );
    comes_to(&one, "demo_001", TRANSFER, proposes).await;
    change(&one, &two, "step_up", "above = \"20.00\"\n").await;
    for bank in [&one, &two] {
        comes_to(bank, "demo_001", TRANSFER, |reply| !proposes(reply)).await;
    }
    one.restart().await;
    let reply = one.customer("demo_001").say(TRANSFER).await;
    assert!(
        !proposes(&reply),
        "from the first message on: {}",
        reply.body
    );
}
