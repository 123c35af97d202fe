//! Request smuggling, compressed bodies and slow bodies, over real sockets: what a proxy and this server could read
//! differently is answered once, and then nothing more is read from the connection.

use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::oneshot;
use vostro_http::listen;

use crate::world::{World, world, world_with};

/// Sends bytes to a server of its own and reads until it closes, or says nothing for a while.
async fn exchange(world: &World, bytes: &[u8]) -> String {
    let listener = listen("127.0.0.1:0".parse().unwrap()).unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, told) = oneshot::channel::<()>();
    let (router, edge) = (world.concierge.clone(), world.edge.clone());
    let server = tokio::spawn(async move {
        let told = async {
            let _ = told.await;
        };
        vostro_http::serve(listener, router, &edge, told, Duration::ZERO).await
    });
    let mut stream = TcpStream::connect(address).await.unwrap();
    let _ = stream.write_all(bytes).await;
    let mut answer = Vec::new();
    let reading = stream.read_to_end(&mut answer);
    let _ = tokio::time::timeout(Duration::from_secs(2), reading).await;
    drop(stop);
    server.abort();
    String::from_utf8_lossy(&answer).into_owned()
}

/// The smuggled request would be answered 404, which nothing else here is.
const SMUGGLED: &str = "GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n";

#[tokio::test]
async fn nothing_is_smuggled_behind_a_request() {
    let world = world();
    let post = |headers: &str, body: &str| {
        format!("POST /api/v1/chat HTTP/1.1\r\nHost: x\r\n{headers}\r\n{body}")
    };
    let inner = SMUGGLED.len();
    let cases = [
        // RFC 9112, section 6.1: both lengths.
        (
            "both, chunked wins",
            post(
                "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n",
                &format!("0\r\n\r\n{SMUGGLED}"),
            ),
        ),
        (
            "both, the other way",
            post(
                "Transfer-Encoding: chunked\r\nContent-Length: 4\r\n",
                &format!("0\r\n\r\n{SMUGGLED}"),
            ),
        ),
        (
            "two lengths",
            post(
                &format!("Content-Length: 0\r\nContent-Length: {inner}\r\n"),
                SMUGGLED,
            ),
        ),
        (
            "a list of lengths",
            post(&format!("Content-Length: 0, {inner}\r\n"), SMUGGLED),
        ),
        ("a signed length", post("Content-Length: +0\r\n", SMUGGLED)),
        (
            "an obscured coding",
            post("Transfer-Encoding: xchunked\r\n", SMUGGLED),
        ),
        (
            "chunked not last",
            post(
                "Transfer-Encoding: chunked, identity\r\n",
                &format!("0\r\n\r\n{SMUGGLED}"),
            ),
        ),
        (
            "a tab before the colon",
            post(
                "Transfer-Encoding\t: chunked\r\n",
                &format!("0\r\n\r\n{SMUGGLED}"),
            ),
        ),
        (
            "a folded header",
            post(
                "X: a\r\n Transfer-Encoding: chunked\r\n",
                &format!("0\r\n\r\n{SMUGGLED}"),
            ),
        ),
        (
            "chunked in HTTP/1.0",
            format!(
                "POST /api/v1/chat HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n{SMUGGLED}"
            ),
        ),
        (
            "a chunk's size too large",
            post(
                "Transfer-Encoding: chunked\r\n",
                &format!("fffffffffffffffff\r\n{SMUGGLED}"),
            ),
        ),
        (
            "a chunk's size signed",
            post(
                "Transfer-Encoding: chunked\r\n",
                &format!("-1\r\n\r\n{SMUGGLED}"),
            ),
        ),
        (
            "a bare line feed in a chunk",
            post(
                "Transfer-Encoding: chunked\r\n",
                &format!("0;\n\r\n{SMUGGLED}"),
            ),
        ),
    ];
    let mut smuggled = Vec::new();
    for (what, bytes) in cases {
        let answer = exchange(&world, bytes.as_bytes()).await;
        if answer.contains("HTTP/1.1 404") {
            smuggled.push(what);
        }
    }
    assert_eq!(smuggled, Vec::<&str>::new());
    // The same behind a request of one clear length is a second request, and answered.
    let clear = post("Content-Length: 2\r\n", &format!("{{}}{SMUGGLED}"));
    let answer = exchange(&world, clear.as_bytes()).await;
    assert!(answer.contains("HTTP/1.1 404"), "{answer}");
}

/// Nothing is ever unpacked: a small body that would become a large one stays what it is.
#[tokio::test]
async fn a_packed_body_is_not_unpacked() {
    let world = world();
    // gzip of 10 MB of zeros is 10 KB; its first bytes are enough to see that they are not JSON.
    let bomb: Vec<u8> = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 2, 3]
        .into_iter()
        .chain(std::iter::repeat_n(0xec, 10_000))
        .collect();
    for coding in ["gzip", "deflate", "br", "zstd", "gzip, gzip"] {
        let mut bytes = format!(
            "POST /api/v1/chat HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/json\r\n\
             Content-Encoding: {coding}\r\nContent-Length: {}\r\n\r\n",
            bomb.len()
        )
        .into_bytes();
        bytes.extend(&bomb);
        let answer = exchange(&world, &bytes).await;
        assert!(
            answer.starts_with("HTTP/1.1 400"),
            "{coding}: {answer:.120}"
        );
    }
}

/// A body that comes byte by byte is given up in time, and many of them hold nobody else up.
#[tokio::test]
async fn slow_clients_are_let_go() {
    let world = world_with(|settings| {
        settings.deadlines.head = Duration::from_millis(200);
        settings.deadlines.body = Duration::from_millis(200);
    });
    let head = "POST /api/v1/chat HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{";
    let slow = exchange(&world, head.as_bytes());
    let slower = exchange(&world, b"POST /api/v1/chat HTTP/1.1\r\nHost: x\r\nX-A: ");
    let (slow, slower) = tokio::join!(slow, slower);
    assert!(slow.starts_with("HTTP/1.1 408"), "{slow:.120}");
    assert!(!slower.contains("HTTP/1.1 200"), "{slower:.120}");
}
