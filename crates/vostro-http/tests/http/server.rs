//! The server over real sockets: raw bytes, and how it ends.

use std::net::SocketAddr;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use vostro_http::{Drained, listen};

use crate::world::{World, world, world_with};

struct Server {
    address: SocketAddr,
    stop: oneshot::Sender<()>,
    ended: JoinHandle<Drained>,
}

fn start(world: &World, drain: Duration) -> Server {
    let listener = listen("127.0.0.1:0".parse().unwrap()).unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, told) = oneshot::channel::<()>();
    let (router, edge) = (world.concierge.clone(), world.edge.clone());
    let ended = tokio::spawn(async move {
        let told = async {
            let _ = told.await;
        };
        vostro_http::serve(listener, router, &edge, told, drain).await
    });
    Server {
        address,
        stop,
        ended,
    }
}

/// Sends bytes and reads until the server closes.
async fn exchange(address: SocketAddr, bytes: &[u8]) -> String {
    let mut stream = TcpStream::connect(address).await.unwrap();
    // The server may close before it has read all.
    let _ = stream.write_all(bytes).await;
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer).await;
    String::from_utf8_lossy(&answer).into_owned()
}

fn request(head: &str, body: &str) -> String {
    format!(
        "{head} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )
}

#[tokio::test]
async fn raw_bytes() {
    let world = world();
    let server = start(&world, Duration::from_secs(10));
    let chat = request("POST /api/v1/chat", r#"{"message":"hi","user_id":"ada"}"#);
    let big_header = |size: usize| {
        format!(
            "GET /health HTTP/1.1\r\nHost: x\r\nConnection: close\r\nX-Big: {}\r\n\r\n",
            "x".repeat(size)
        )
    };
    let many = format!(
        "GET /health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n{}\r\n",
        "A: b\r\n".repeat(200)
    );
    let cases = [
        (chat.clone().into_bytes(), "HTTP/1.1 200"),
        (request("GET /health", "").into_bytes(), "HTTP/1.1 200"),
        (many.into_bytes(), "HTTP/1.1 200"),
        (big_header(20_000).into_bytes(), "HTTP/1.1 431"),
        (big_header(1 << 20).into_bytes(), "HTTP/1.1 431"),
        (b"\x16\x03\x01\x02\x00\x01\x00".to_vec(), "HTTP/1.1 400"),
        (b"GET\r\n\r\n".to_vec(), "HTTP/1.1 400"),
        (b"GET / HTTP/9.9\r\n\r\n".to_vec(), "HTTP/1.1 400"),
        (b"POST /api/v1/chat HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 99999999\r\n\r\n{".to_vec(), "HTTP/1.1 413"),
        (b"POST /api/v1/chat HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n{".to_vec(), "HTTP/1.1 400"),
    ];
    for (bytes, expected) in cases {
        let answer = exchange(server.address, &bytes).await;
        let shown = String::from_utf8_lossy(&bytes);
        assert!(answer.starts_with(expected), "{shown:.60}: {answer:.200}");
        assert!(!answer.contains("panicked"));
    }
    let large = exchange(server.address, big_header(20_000).as_bytes()).await;
    assert!(large.contains("HeadersTooLarge"), "{large}");
    server.stop.send(()).unwrap();
    assert_eq!(server.ended.await.unwrap(), Drained::Completely);
}

#[tokio::test]
async fn a_head_that_never_ends_is_cut_off() {
    let world = world_with(|settings| settings.deadlines.head = Duration::from_millis(50));
    let server = start(&world, Duration::ZERO);
    let answer = exchange(
        server.address,
        b"GET /health HTTP/1.1\r\nHost: x\r\nX-Slow: ",
    )
    .await;
    assert!(!answer.starts_with("HTTP/1.1 200"), "{answer}");
}

#[tokio::test]
async fn the_end_waits_for_turns_in_flight_even_without_a_client() {
    let world = world();
    let server = start(&world, Duration::from_mins(1));
    world.guard.hold();
    let chat = |session: &str| {
        request(
            "POST /api/v1/chat",
            &format!(r#"{{"message":"hi","user_id":"ada","session_id":"{session}"}}"#),
        )
    };
    let asked = tokio::spawn({
        let (address, chat) = (server.address, chat("s1"));
        async move { exchange(address, chat.as_bytes()).await }
    });
    let mut hung_up = TcpStream::connect(server.address).await.unwrap();
    hung_up.write_all(chat("s2").as_bytes()).await.unwrap();
    in_flight(&world, 2).await;
    drop(hung_up);
    server.stop.send(()).unwrap();
    while !world.edge.is_draining() {
        tokio::task::yield_now().await;
    }
    assert!(!server.ended.is_finished());
    assert!(
        TcpStream::connect(server.address).await.is_err(),
        "no new connections"
    );
    world.guard.release();
    assert!(asked.await.unwrap().starts_with("HTTP/1.1 200"));
    assert_eq!(server.ended.await.unwrap(), Drained::Completely);
    assert_eq!(world.store.turns().len(), 2);
}

#[tokio::test]
async fn the_end_does_not_wait_for_ever() {
    let world = world();
    let server = start(&world, Duration::from_millis(50));
    world.guard.hold();
    let mut stream = TcpStream::connect(server.address).await.unwrap();
    let chat = request("POST /api/v1/chat", r#"{"message":"hi","user_id":"ada"}"#);
    stream.write_all(chat.as_bytes()).await.unwrap();
    in_flight(&world, 1).await;
    server.stop.send(()).unwrap();
    assert_eq!(server.ended.await.unwrap(), Drained::OutOfTime);
}

async fn in_flight(world: &World, turns: u32) {
    let line = format!("vostro_turns_in_flight {turns}\n");
    while !world
        .edge
        .metrics()
        .render(vostro_telemetry::Exposition::Prometheus)
        .contains(&line)
    {
        tokio::task::yield_now().await;
    }
}
