//! The server: accepts connections, speaks HTTP/1.1 on them, and drains when it is told to end.
//!
//! Not `axum::serve`, because a bank's port needs what that leaves out: a deadline for a request's head,
//! a bound on connections, and an end that waits for turns whose clients have hung up. With a certificate
//! ([`crate::Tls`]) it speaks TLS; without one that is left to what stands before it.

use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::{ConnectInfo, Request};
use axum::response::Response;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::Semaphore;
use tower::ServiceExt;

use crate::edge::Edge;

/// Connections that wait to be accepted.
const BACKLOG: u32 = 4_096;
/// After the system had no room for another connection.
const PAUSE: Duration = Duration::from_millis(50);

/// How the server ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Drained {
    /// Every request was answered and every turn recorded.
    Completely,
    /// Time was over; what was still under way is left to the end of the process.
    OutOfTime,
}

/// A listener with room for bursts of connections.
///
/// # Errors
/// The system's: the address is taken, not ours, or not allowed.
pub fn listen(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = match address {
        SocketAddr::V4(_) => TcpSocket::new_v4()?,
        SocketAddr::V6(_) => TcpSocket::new_v6()?,
    };
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    socket.listen(BACKLOG)
}

/// Serves a router until `shutdown` is done, then lets requests and turns in flight end, for at most
/// `drain_timeout`. No new connection is accepted from then on.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    edge: &Edge,
    shutdown: impl Future<Output = ()>,
    drain_timeout: Duration,
) -> Drained {
    let connections = Arc::new(Semaphore::new(edge.settings().sizes.connections.max(1)));
    let graceful = GracefulShutdown::new();
    let http = protocol(edge);
    let mut shutdown = pin!(shutdown);
    loop {
        let accepted = async {
            let slot = Arc::clone(&connections).acquire_owned().await;
            (slot, accept(&listener).await)
        };
        let (slot, (stream, peer)) = tokio::select! {
            () = &mut shutdown => break,
            accepted = accepted => accepted,
        };
        let connection = Connection {
            router: router.clone(),
            http: http.clone(),
            watcher: graceful.watcher(),
            peer,
        };
        let (tls, patience) = (edge.settings().tls.clone(), edge.settings().deadlines.head);
        tokio::spawn(async move {
            match tls {
                None => connection.speak(stream).await,
                Some(tls) => {
                    // A handshake takes no longer than a head may.
                    let shaken = tls.acceptor().accept(stream);
                    if let Ok(Ok(stream)) = tokio::time::timeout(patience, shaken).await {
                        connection.speak(stream).await;
                    } else {
                        tracing::debug!("a handshake failed");
                    }
                }
            }
            drop(slot);
        });
    }
    drop(listener);
    edge.begin_to_drain();
    let drained = async {
        graceful.shutdown().await;
        edge.tasks().close();
        edge.tasks().wait().await;
    };
    match tokio::time::timeout(drain_timeout, drained).await {
        Ok(()) => Drained::Completely,
        Err(_) => Drained::OutOfTime,
    }
}

/// A connection on which nothing was said yet.
struct Connection {
    router: Router,
    http: http1::Builder,
    watcher: Watcher,
    peer: SocketAddr,
}

impl Connection {
    /// Answers requests until either side ends it, or the server is told to.
    async fn speak(self, stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static) {
        let Self {
            router,
            http,
            watcher,
            peer,
        } = self;
        let service = service_fn(move |request| answer(router.clone(), request, peer));
        let connection = http.serve_connection(TokioIo::new(stream), service);
        if let Err(error) = watcher.watch(connection).await {
            tracing::debug!(%error, "a connection ended early");
        }
    }
}

fn protocol(edge: &Edge) -> http1::Builder {
    let settings = edge.settings();
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new())
        .header_read_timeout(settings.deadlines.head)
        // Heads a little too large reach the layer that answers them with a problem; hyper itself
        // answers those beyond with a bare 431.
        .max_buf_size(settings.sizes.header_bytes.max(16 << 10) * 8)
        .max_headers(256);
    http
}

/// The next connection. An error concerns one connection that is gone, or a shortage that passes.
async fn accept(listener: &TcpListener) -> (TcpStream, SocketAddr) {
    loop {
        match listener.accept().await {
            Ok((stream, peer)) => {
                // Without it, small answers would wait for the client's acknowledgements.
                let _ = stream.set_nodelay(true);
                return (stream, peer);
            }
            Err(error) if is_of_one_connection(&error) => {}
            Err(error) => {
                tracing::warn!(%error, "no connection can be accepted for the moment");
                tokio::time::sleep(PAUSE).await;
            }
        }
    }
}

fn is_of_one_connection(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    matches!(
        error.kind(),
        ConnectionAborted | ConnectionRefused | ConnectionReset
    )
}

async fn answer(
    router: Router,
    request: Request<Incoming>,
    peer: SocketAddr,
) -> Result<Response, Infallible> {
    let mut request = request.map(Body::new);
    request.extensions_mut().insert(ConnectInfo(peer));
    router.oneshot(request).await
}
