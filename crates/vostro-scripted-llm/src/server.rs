//! The server: a queue of acts, a record of requests.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, Response};
use axum::routing::{get, post};
use axum::serve::ListenerExt as _;
use bytes::Bytes;
use futures::stream::{self, BoxStream, StreamExt};
use serde_json::{Value, json};
use tokio::task::JoinHandle;

use crate::act::{Act, Step};
use crate::check::check;
use crate::transport::RouterTransport;

/// The server. Clones are the same one.
#[derive(Debug, Clone)]
pub struct ScriptedServer {
    state: Arc<Mutex<Record>>,
}

#[derive(Debug)]
struct Record {
    key: Option<String>,
    models: Vec<String>,
    acts: VecDeque<Act>,
    usual: Act,
    requests: Vec<Value>,
    violations: Vec<String>,
}

/// A server at a port of this machine; it stops when this is dropped.
#[derive(Debug)]
pub struct Listening {
    /// Where it listens.
    pub address: SocketAddr,
    task: JoinHandle<()>,
}

impl Listening {
    /// The interface's root.
    pub fn base_url(&self) -> String {
        format!("http://{}/v1", self.address)
    }
}

impl Drop for Listening {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl ScriptedServer {
    /// A server that knows these models and wants this key. Beyond its script it says "OK.".
    pub fn new(key: Option<&str>, models: &[&str]) -> Self {
        let record = Record {
            key: key.map(ToOwned::to_owned),
            models: models.iter().map(|&model| model.to_owned()).collect(),
            acts: VecDeque::new(),
            usual: Act::says("OK."),
            requests: Vec::new(),
            violations: Vec::new(),
        };
        Self {
            state: Arc::new(Mutex::new(record)),
        }
    }

    /// Adds acts to the script: one for each request to come.
    pub fn then(&self, acts: impl IntoIterator<Item = Act>) {
        self.record().acts.extend(acts);
    }

    /// What is done beyond the script.
    pub fn otherwise(&self, act: Act) {
        self.record().usual = act;
    }

    /// The bodies of all requests so far.
    pub fn requests(&self) -> Vec<Value> {
        self.record().requests.clone()
    }

    /// What was wrong with them.
    pub fn violations(&self) -> Vec<String> {
        self.record().violations.clone()
    }

    /// The server as a router, below `/v1`.
    pub fn router(&self) -> Router {
        Router::new()
            .route("/v1/chat/completions", post(completions))
            .route("/v1/models", get(models))
            .fallback(elsewhere)
            .with_state(self.clone())
    }

    /// A way to call it without a socket.
    pub fn transport(&self) -> RouterTransport {
        RouterTransport::new(self.router())
    }

    /// Gives it a free port of this machine.
    ///
    /// # Panics
    /// When there is none.
    pub async fn listen(&self) -> Listening {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        // A token is a small write: Nagle's algorithm would keep it until the one before is acknowledged.
        let listener = listener.tap_io(|stream| {
            let _ = stream.set_nodelay(true);
        });
        let router = self.router();
        let task = tokio::spawn(async move {
            let _ = axum::serve(listener, router).await;
        });
        Listening { address, task }
    }

    fn record(&self) -> MutexGuard<'_, Record> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn completions(
    State(server): State<ScriptedServer>,
    headers: HeaderMap,
    body: Bytes,
) -> Response<Body> {
    let act = {
        let mut record = server.record();
        let wrong = check(&headers, record.key.as_deref(), &record.models, &body);
        record.violations.extend(wrong);
        let body = serde_json::from_slice(&body).unwrap_or_default();
        record.requests.push(body);
        record
            .acts
            .pop_front()
            .unwrap_or_else(|| record.usual.clone())
    };
    perform(act).await
}

async fn models(State(server): State<ScriptedServer>) -> axum::Json<Value> {
    let names = server.record().models.clone();
    let entries: Vec<Value> = names.iter().map(|name| json!({ "id": name })).collect();
    axum::Json(json!({ "object": "list", "data": entries }))
}

async fn elsewhere(
    State(server): State<ScriptedServer>,
    request: axum::extract::Request,
) -> Response<Body> {
    let what = format!("{} {} is not asked for", request.method(), request.uri());
    server.record().violations.push(what);
    Response::builder().status(404).body(Body::empty()).unwrap()
}

async fn perform(act: Act) -> Response<Body> {
    match act {
        Act::After(wait, act) => {
            tokio::time::sleep(wait).await;
            Box::pin(perform(*act)).await
        }
        Act::Stream(steps) => Response::builder()
            .header("content-type", "text/event-stream; charset=utf-8")
            .body(Body::from_stream(play(steps)))
            .unwrap(),
        Act::Reply {
            status,
            headers,
            body,
        } => {
            let mut response = Response::builder().status(status);
            for (name, value) in headers {
                response = response.header(name, value);
            }
            response.body(Body::from(body)).unwrap()
        }
    }
}

/// Plays the steps as a body. Each piece is given by itself, with a yield before it, as a network would.
fn play(steps: Vec<Step>) -> BoxStream<'static, std::io::Result<Bytes>> {
    stream::unfold(VecDeque::from(steps), |mut steps| async move {
        loop {
            tokio::task::yield_now().await;
            match steps.pop_front()? {
                Step::Send(bytes) => return Some((Ok(bytes.into()), steps)),
                Step::Wait(wait) => tokio::time::sleep(wait).await,
                Step::Break => {
                    return Some((
                        Err(std::io::ErrorKind::ConnectionReset.into()),
                        VecDeque::new(),
                    ));
                }
                Step::Forever(bytes, pause) => {
                    tokio::time::sleep(pause).await;
                    steps.push_front(Step::Forever(bytes.clone(), pause));
                    return Some((Ok(bytes.into()), steps));
                }
            }
        }
    })
    .boxed()
}
