//! A receiver that answers as it is told, and keeps what it got.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

/// The secret of the receivers.
pub(crate) const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

/// What the receiver does with one request.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Reply {
    /// Answers with this status, and header lines.
    Status(u16, &'static str),
    /// Takes the request and never answers.
    Silence,
    /// Ends the connection in the middle of the request.
    Reset,
    /// Acknowledges with a body that does not end.
    Endless,
}

/// What the receiver got.
#[derive(Debug, Clone)]
pub(crate) struct Request {
    pub(crate) head: HashMap<String, String>,
    pub(crate) body: Vec<u8>,
}

impl Request {
    pub(crate) fn id(&self) -> &str {
        &self.head["webhook-id"]
    }

    /// Whether one of the signatures is what this secret gives, by the standard's rules.
    pub(crate) fn is_signed_by(&self, secret: &str) -> bool {
        let key = STANDARD
            .decode(secret.strip_prefix("whsec_").unwrap())
            .unwrap();
        let mut mac = Hmac::<Sha256>::new_from_slice(&key).unwrap();
        mac.update(self.id().as_bytes());
        mac.update(b".");
        mac.update(self.head["webhook-timestamp"].as_bytes());
        mac.update(b".");
        mac.update(&self.body);
        let expected = format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()));
        self.head["webhook-signature"]
            .split(' ')
            .any(|it| it == expected)
    }
}

#[derive(Default)]
struct State {
    replies: VecDeque<Reply>,
    requests: Vec<Request>,
    connections: usize,
    written: usize,
}

/// A receiver on a port of this machine. Answers 204 when it has nothing else to do.
pub(crate) struct Receiver {
    pub(crate) port: u16,
    state: Arc<Mutex<State>>,
}

impl Receiver {
    pub(crate) async fn start(replies: &[Reply]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let state = Arc::new(Mutex::new(State::default()));
        state.lock().unwrap().replies.extend(replies);
        let shared = Arc::clone(&state);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, Arc::clone(&shared)));
            }
        });
        Self { port, state }
    }

    pub(crate) fn requests(&self) -> Vec<Request> {
        self.state.lock().unwrap().requests.clone()
    }

    /// How often it was called.
    pub(crate) fn calls(&self) -> usize {
        self.state.lock().unwrap().connections
    }

    /// How many bytes of endless answers were taken off it.
    pub(crate) fn written(&self) -> usize {
        self.state.lock().unwrap().written
    }
}

async fn serve(mut stream: TcpStream, state: Arc<Mutex<State>>) -> Option<()> {
    let reply = {
        let mut state = state.lock().unwrap();
        state.connections += 1;
        state.replies.pop_front().unwrap_or(Reply::Status(204, ""))
    };
    if matches!(reply, Reply::Reset) {
        // What is not read makes the system reset the connection.
        stream.read_u8().await.ok()?;
        return None;
    }
    let request = read(&mut stream).await?;
    state.lock().unwrap().requests.push(request);
    match reply {
        Reply::Status(status, headers) => {
            let head = format!(
                "HTTP/1.1 {status} Said\r\ncontent-length: 0\r\nconnection: close\r\n{headers}\r\n"
            );
            stream.write_all(head.as_bytes()).await.ok()
        }
        Reply::Silence => stream.read_u8().await.ok().map(drop),
        Reply::Endless => {
            let head = "HTTP/1.1 200 OK\r\ncontent-length: 1073741824\r\n\r\n";
            stream.write_all(head.as_bytes()).await.ok()?;
            loop {
                stream.write_all(&[b'x'; 4096]).await.ok()?;
                state.lock().unwrap().written += 4096;
            }
        }
        Reply::Reset => None,
    }
}

async fn read(stream: &mut TcpStream) -> Option<Request> {
    let mut bytes = Vec::new();
    let end = loop {
        if let Some(end) = bytes.windows(4).position(|it| it == b"\r\n\r\n") {
            break end;
        }
        if stream.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
    };
    let text = String::from_utf8(bytes[..end].to_vec()).ok()?;
    let head: HashMap<String, String> = text
        .lines()
        .skip(1)
        .filter_map(|line| line.split_once(':'))
        .map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned()))
        .collect();
    let length: usize = head.get("content-length")?.parse().ok()?;
    while bytes.len() < end + 4 + length {
        if stream.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
    }
    let body = bytes[end + 4..end + 4 + length].to_vec();
    Some(Request { head, body })
}
