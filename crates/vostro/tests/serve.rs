//! The server as a process: it starts on ports of the system's choice, answers, keeps its data, says
//! what is in its way, and ends when it is told to.

#![allow(
    clippy::unwrap_used,
    reason = "helpers of tests are not within a test function"
)]

use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

/// Where a server's own words go, in its folder.
const SAID: &str = "said.txt";

/// A server process, killed when the test ends whatever happens.
struct Server {
    child: Child,
    ports: Value,
    took: Duration,
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn command(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_vostro"));
    command
        .current_dir(folder)
        .env("VOSTRO__DEMO__CUSTOMERS", "2");
    command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

impl Server {
    /// Starts it, and waits until it says that it is ready by writing its ports.
    async fn start(folder: &Path, args: &[&str]) -> Self {
        let file = folder.join("ports.json");
        let _ = std::fs::remove_file(&file);
        let began = Instant::now();
        let mut child = command(folder)
            .args(["serve", "--port", "0", "--ports-file", "ports.json"])
            .args(args)
            .stdout(std::fs::File::create(folder.join(SAID)).unwrap())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut beat = tokio::time::interval(Duration::from_millis(20));
        loop {
            beat.tick().await;
            if let Ok(text) = std::fs::read_to_string(&file) {
                let ports = serde_json::from_str(&text).unwrap();
                return Self {
                    child,
                    ports,
                    took: began.elapsed(),
                };
            }
            assert_eq!(child.try_wait().unwrap(), None, "the server ended early");
            assert!(
                began.elapsed() < Duration::from_mins(1),
                "the server is not ready"
            );
        }
    }

    fn url(&self, role: &str, path: &str) -> String {
        format!(
            "http://127.0.0.1:{}{path}",
            self.ports[role].as_u64().unwrap()
        )
    }

    /// SIGTERM, and whether it ended well in time.
    async fn stop(mut self) -> bool {
        let told = Command::new("kill")
            .arg(self.child.id().to_string())
            .status()
            .unwrap();
        assert!(told.success());
        let began = Instant::now();
        let mut beat = tokio::time::interval(Duration::from_millis(20));
        loop {
            beat.tick().await;
            if let Some(status) = self.child.try_wait().unwrap() {
                return status.success();
            }
            assert!(
                began.elapsed() < Duration::from_secs(30),
                "the server does not end"
            );
        }
    }
}

fn client() -> reqwest::Client {
    reqwest::Client::builder().no_proxy().build().unwrap()
}

async fn post(url: String, body: Value) -> (u16, Value) {
    let answer = client().post(url).json(&body).send().await.unwrap();
    (answer.status().as_u16(), answer.json().await.unwrap())
}

async fn say(server: &Server, session: &str, message: &str) -> Value {
    let body = json!({"message": message, "session_id": session, "user_id": "demo_001"});
    let (status, reply) = post(server.url("concierge", "/api/v1/chat"), body).await;
    assert_eq!(status, 200, "{reply:#}");
    reply
}

#[tokio::test]
async fn all_roles_answer_and_money_moved_is_there_after_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(folder.path(), &[]).await;
    let reply = say(&server, "", "What's my account balance?").await;
    assert!(
        reply["message"].as_str().unwrap().contains('$'),
        "{reply:#}"
    );
    let session = reply["session_id"].as_str().unwrap().to_owned();
    let proposal = say(&server, &session, "Transfer $50 to account 67890").await;
    assert!(
        proposal["receipts"].as_array().unwrap().is_empty(),
        "{proposal:#}"
    );
    let receipt = say(&server, &session, "yes").await["receipts"][0].clone();
    assert_eq!(receipt["movement"]["amount"]["minor"], 5_000, "{receipt:#}");

    let text = json!({"text": "My SSN is 123-45-6789"});
    let (_, verdict) = post(server.url("guardrails", "/api/v1/guardrails/check"), text).await;
    assert_eq!(verdict["has_pii"], true);
    let query = json!({"query": "How do I transfer money?", "limit": 3});
    let (_, found) = post(server.url("rag", "/api/v1/rag/search"), query.clone()).await;
    assert!(found["count"].as_u64().unwrap() >= 1, "{found:#}");
    let (status, _) = post(server.url("concierge", "/api/v1/rag/search"), query).await;
    assert_eq!(
        status, 200,
        "the concierge's port answers for the roles beside it"
    );
    assert!(server.stop().await, "the first server ended badly");
    let said = std::fs::read_to_string(folder.path().join(SAID)).unwrap();
    let warned = "sandbox: any user id is believed, from this machine only";
    assert!(said.contains(warned), "{said}");

    let server = Server::start(folder.path(), &[]).await;
    assert!(
        server.took < Duration::from_secs(5),
        "the second start took {:?}",
        server.took
    );
    let reply = say(&server, &session, "Show me my recent transactions").await;
    assert!(
        reply
            .to_string()
            .contains(receipt["transfer_id"].as_str().unwrap()),
        "{reply:#}"
    );
    assert!(server.stop().await, "the second server ended badly");
}

#[tokio::test]
async fn the_roles_work_apart_and_a_lost_one_is_borne() {
    let folder = tempfile::tempdir().unwrap();
    let guardrails = Server::start(folder.path(), &["--role", "guardrails"]).await;
    let rag = Server::start(folder.path(), &["--role", "rag"]).await;
    let urls = [guardrails.url("guardrails", ""), rag.url("rag", "")];
    let args = [
        "--role",
        "concierge",
        "--guardrails-url",
        &urls[0],
        "--rag-url",
        &urls[1],
    ];
    let concierge = Server::start(folder.path(), &args).await;
    assert!(concierge.ports.get("rag").is_none(), "{}", concierge.ports);
    let answer = say(&concierge, "", "How do I transfer money?").await;
    assert!(
        answer["message"].as_str().unwrap().chars().count() > 50,
        "{answer:#}"
    );
    assert!(
        !answer["citations"].as_array().unwrap().is_empty(),
        "{answer:#}"
    );
    let text = json!({"query": "fees"});
    let (status, _) = post(concierge.url("concierge", "/api/v1/rag/search"), text).await;
    assert_eq!(
        status, 404,
        "a concierge by itself answers only its own paths"
    );
    assert!(guardrails.stop().await && rag.stop().await);
    let balance = say(&concierge, "", "What's my balance?").await;
    assert_eq!(balance["guardrails_passed"], true, "{balance:#}");
    assert!(
        balance["message"].as_str().unwrap().contains('$'),
        "{balance:#}"
    );
    let blocked = say(&concierge, "", "I want to harm someone").await;
    assert_eq!(blocked["guardrails_passed"], false, "{blocked:#}");
}

#[tokio::test]
async fn what_is_in_the_way_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let output = command(folder.path())
        .args(["serve", "--port", "0", "--rag-port", &port])
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{text}");
    assert!(
        text.contains(&port) && text.contains("--rag-port"),
        "{text}"
    );
    assert!(
        !folder.path().join("data").exists(),
        "a store was made before the ports were had"
    );

    let server = Server::start(folder.path(), &[]).await;
    let output = command(folder.path())
        .args(["serve", "--port", "0"])
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{text}");
    assert!(
        text.contains("vostro.db") && text.contains("in use"),
        "{text}"
    );
    assert!(server.stop().await);
}

/// Reading goes on beside a server; what writes says that the file is held, and works when the server is asked, under an
/// operator's name that stands on the trail. The trail verifies afterwards.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_customer_is_exported_and_erased_beside_a_server() {
    const SECRET: &str = "an-operators-secret";
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(
        folder.path(),
        &["--set", "auth.admin_token=an-operators-secret"],
    )
    .await;
    let url = server.url("concierge", "");
    say(&server, "", "What's my account balance?").await;
    let run = |args: &[&str]| {
        let mut command = command(folder.path());
        let output = command
            .env("VOSTRO__AUTH__ADMIN_TOKEN", SECRET)
            .args(args)
            .output()
            .unwrap();
        let told = String::from_utf8_lossy(&output.stdout).into_owned();
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        (output.status.success(), told, said)
    };
    let export = ["customer", "export", "demo_001"];
    let (is_good, told, said) = run(&export);
    assert!(is_good, "{said}");
    let data: Value = serde_json::from_str(&told).unwrap();
    assert_eq!(
        data["conversations"][0]["turns"][0]["message"],
        "What's my account balance?"
    );
    let erase = ["customer", "erase", "demo_001", "--reason", "their request"];
    let (is_good, _, said) = run(&erase);
    assert!(
        !is_good && said.contains("a server holds the database"),
        "{said}"
    );
    assert!(said.contains("--url"), "{said}");
    assert!(run(&export).0, "nothing was erased");
    let ended = run(&[
        "customer",
        "end-sessions",
        "demo_001",
        "--reason",
        "telephone stolen",
        "--by",
        "anna",
        "--url",
        &url,
    ]);
    assert!(ended.0 && ended.1.contains("ended: 1"), "{ended:?}");
    let beside = [erase.as_slice(), &["--by", "anna", "--url", &url]].concat();
    let (is_good, told, said) = run(&beside);
    assert!(is_good && told.contains("erased"), "{told} {said}");
    assert!(!run(&export).0, "there is no such customer any more");
    let again = run(&[
        "customer", "erase", "nobody", "--reason", "a test", "--url", &url,
    ]);
    assert!(
        !again.0 && again.2.contains("there is no such customer"),
        "{again:?}"
    );
    assert!(server.stop().await);
    let (_, listed, _) = run(&["audit-log", "list", "--customer", "demo_001"]);
    assert!(
        listed.contains("customer_erased") && listed.contains("operator:anna"),
        "{listed}"
    );
    let (is_good, told, said) = run(&["audit-log", "verify"]);
    assert!(is_good, "{told} {said}");
}
