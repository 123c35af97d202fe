//! Limits that replicas share, against a real server of the protocol; without one the tests say that they were skipped.

use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use vostro_http::SharedLimits;
use vostro_types::Redacted;

use crate::encrypted::{Signed, signed};
use crate::world::{World, chat, post, send, with, world_with};

/// A loaded machine answers late, and that is not what is tested.
const PATIENCE: Duration = Duration::from_secs(5);

/// A server with nothing on disk, on a port of its own.
struct Valkey {
    child: Child,
    address: SocketAddr,
    authority: Option<String>,
}

impl Valkey {
    /// `None` where there is none; with `VOSTRO_REQUIRE_VALKEY` that is a failure.
    fn start() -> Option<Self> {
        let address = TcpListener::bind("127.0.0.1:0")
            .unwrap()
            .local_addr()
            .unwrap();
        let found = Self::at(address);
        if found.is_none() {
            assert!(
                std::env::var_os("VOSTRO_REQUIRE_VALKEY").is_none(),
                "no Valkey to be had"
            );
            eprintln!("skipped: neither valkey-server nor redis-server is there");
        }
        found
    }

    /// The same behind TLS, with files of its certificate in a folder.
    fn start_encrypting(by: &Signed, folder: &Path) -> Option<Self> {
        let named = |name: &str, text: &str| {
            let path = folder.join(name);
            std::fs::write(&path, text).unwrap();
            path.display().to_string()
        };
        let (certificate, key) = (named("c.pem", &by.certificate), named("k.pem", &by.key));
        let plain = Self::start()?;
        let address = plain.address;
        drop(plain);
        let port = address.port().to_string();
        let tls = [
            "--port",
            "0",
            "--tls-port",
            &port,
            "--tls-auth-clients",
            "no",
            "--tls-cert-file",
            &certificate,
            "--tls-key-file",
            &key,
            "--tls-ca-cert-file",
            &certificate,
        ];
        let mut found = Self::with(address, &tls)?;
        found.authority = Some(by.authority.clone());
        Some(found)
    }

    fn at(address: SocketAddr) -> Option<Self> {
        Self::with(address, &["--port", &address.port().to_string()])
    }

    fn with(address: SocketAddr, more: &[&str]) -> Option<Self> {
        let arguments = ["--bind", "127.0.0.1", "--save", "", "--appendonly", "no"];
        let child = ["valkey-server", "redis-server"]
            .iter()
            .find_map(|program| {
                let mut command = Command::new(program);
                command
                    .args(arguments)
                    .args(more)
                    .stdout(Stdio::null())
                    .stderr(Stdio::null());
                command.spawn().ok()
            })?;
        let began = Instant::now();
        while std::net::TcpStream::connect(address).is_err() {
            assert!(
                began.elapsed() < Duration::from_secs(30),
                "it does not listen"
            );
            std::thread::sleep(Duration::from_millis(20));
        }
        let authority = None;
        Some(Self {
            child,
            address,
            authority,
        })
    }

    fn url(&self) -> String {
        match self.authority {
            Some(_) => format!("rediss://localhost:{}", self.address.port()),
            None => format!("redis://{}", self.address),
        }
    }

    /// A replica that counts there.
    fn replica(&self, per_minute: u32) -> World {
        self.trusting(self.authority.as_deref(), per_minute)
    }

    /// The same with this authority.
    fn trusting(&self, authority: Option<&str>, per_minute: u32) -> World {
        let authority = authority.map(str::as_bytes);
        let shared = SharedLimits::with_deadline(&self.url(), authority, PATIENCE).unwrap();
        world_with(|settings| {
            settings.limits.per_minute = per_minute;
            settings.limits.money_per_minute = 1;
            settings.shared_limits = Some(Arc::new(shared));
            settings.service_token = Some(Redacted::new("a-token-of-services".to_owned()));
        })
    }
}

impl Drop for Valkey {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

async fn ask(world: &World, user: &str) -> (u16, String) {
    let answer = send(&world.concierge, chat(user, "", "hi")).await;
    (
        answer.status,
        answer.header("x-ratelimit-remaining").to_owned(),
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn two_replicas_share_one_limit() {
    let Some(valkey) = Valkey::start() else {
        return;
    };
    let (one, two) = (valkey.replica(3), valkey.replica(3));
    // A minute's three are three for both together, whoever is asked.
    for (replica, left) in [(&one, "2"), (&two, "1"), (&one, "0")] {
        assert_eq!(ask(replica, "ada").await, (200, left.to_owned()));
    }
    for replica in [&one, &two] {
        let refused = send(&replica.concierge, chat("ada", "", "hi")).await;
        assert_eq!(refused.status, 429);
        let wait: u64 = refused.header("retry-after").parse().unwrap();
        assert!((1..=20).contains(&wait), "{wait}");
    }
    assert_eq!(
        ask(&two, "eve").await,
        (200, "2".to_owned()),
        "customers are apart"
    );
    let search = |token: &str| {
        with(
            post("/api/v1/rag/search", r#"{"query":"fees"}"#),
            "authorization",
            token,
        )
    };
    for replica in [&one, &two, &one] {
        assert_eq!(send(&replica.rag, search("Bearer other")).await.status, 200);
    }
    assert_eq!(send(&two.rag, search("Bearer other")).await.status, 429);
    let of_services = search("Bearer a-token-of-services");
    assert_eq!(send(&two.rag, of_services).await.status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn sixteen_at_once_over_two_replicas_let_through_exactly_the_limit() {
    let Some(valkey) = Valkey::start() else {
        return;
    };
    let replicas = [valkey.replica(5), valkey.replica(5)];
    let asked = (0..16).map(|number| ask(&replicas[number % 2], "ada"));
    let answers = futures::future::join_all(asked).await;
    let good = answers.iter().filter(|(status, _)| *status == 200).count();
    assert_eq!(good, 5, "{answers:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn without_the_server_each_replicas_own_limit_goes_on() {
    let Some(valkey) = Valkey::start() else {
        return;
    };
    let address = valkey.address;
    let (one, two) = (valkey.replica(2), valkey.replica(2));
    assert_eq!(ask(&one, "ada").await.0, 200);
    drop(valkey);
    let began = Instant::now();
    assert_eq!(ask(&one, "ada").await.0, 200, "the second of its own two");
    assert_eq!(ask(&one, "ada").await.0, 429, "and no third");
    for expected in [200, 200, 429] {
        assert_eq!(ask(&two, "ada").await.0, expected);
    }
    assert!(
        began.elapsed() < Duration::from_secs(10),
        "a server that is away is not waited for"
    );
    // It comes back, having forgotten everything, and is found again.
    let back = Valkey::at(address).unwrap();
    for number in 0..200 {
        let user = format!("back_{number}");
        ask(&one, &user).await;
        if ask(&two, &user).await == (200, "0".to_owned()) {
            drop(back);
            return;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("it was not found again");
}

/// Over TLS the count is shared by those who trust the server's authority; who does not counts alone.
#[tokio::test(flavor = "multi_thread")]
async fn limits_are_shared_over_tls_with_a_server_of_the_authority() {
    let (by, folder) = (signed(), tempfile::tempdir().unwrap());
    let Some(valkey) = Valkey::start_encrypting(&by, folder.path()) else {
        return;
    };
    let (one, two) = (valkey.replica(2), valkey.replica(2));
    for (replica, expected) in [(&one, 200), (&two, 200), (&one, 429), (&two, 429)] {
        assert_eq!(ask(replica, "ada").await.0, expected);
    }
    let other = signed();
    for authority in [Some(other.authority.as_str()), None] {
        let alone = valkey.trusting(authority, 2);
        for expected in [200, 200, 429] {
            assert_eq!(ask(&alone, "ada").await.0, expected, "{authority:?}");
        }
    }
}
