//! A proxy between the driver and the server that breaks connections in chosen ways.
//!
//! It understands one thing of the protocol: which messages of the client's are the text of a fault's choosing,
//! by looking for it in the bytes. What was broken stays broken; new connections start with the fault in
//! force, so a test mends the proxy by setting [`Fault::None`].

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream, UnixStream};
use tokio::sync::watch;

use crate::server_url;

/// What the proxy does to what passes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// Nothing.
    None,
    /// Every piece of the server's answers is held for so long.
    Delay(Duration),
    /// The connection is reset instead of passing on what the client sends.
    ResetBeforeSending,
    /// What the client sends is passed on; the connection is reset instead of passing on the answer.
    ResetBeforeAnswer,
    /// The answer is passed on, then the connection is reset.
    ResetAfterAnswer,
    /// Nothing is passed on any more in either direction, and nobody is told.
    HalfOpenBeforeSending,
    /// What the client sends is passed on, the answer is not, and nobody is told.
    HalfOpenBeforeAnswer,
}

/// A proxy on a local port, ended when it is dropped.
#[derive(Debug)]
pub struct Proxy {
    port: u16,
    fault: watch::Sender<Fault>,
    struck: Arc<AtomicU64>,
    accepting: tokio::task::JoinHandle<()>,
}

impl Proxy {
    /// Starts one in front of the test server.
    pub async fn start() -> Result<Self, String> {
        let url = server_url()?;
        let config: tokio_postgres::Config = url.parse().unwrap();
        let port_of_server = config.get_ports().first().copied().unwrap_or(5432);
        let host = config.get_hosts()[0].clone();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let (fault, seen) = watch::channel(Fault::None);
        let struck = Arc::new(AtomicU64::new(0));
        let counted = Arc::clone(&struck);
        let accepting = tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let line = Line {
                    fault: seen.clone(),
                    struck: Arc::clone(&counted),
                };
                let host = host.clone();
                tokio::spawn(async move {
                    match host {
                        tokio_postgres::config::Host::Tcp(name) => {
                            let server = TcpStream::connect((name.as_str(), port_of_server)).await;
                            line.carry(client, server.unwrap()).await;
                        }
                        tokio_postgres::config::Host::Unix(folder) => {
                            let socket = folder.join(format!(".s.PGSQL.{port_of_server}"));
                            let server = UnixStream::connect(socket).await;
                            line.carry(client, server.unwrap()).await;
                        }
                    }
                });
            }
        });
        Ok(Self {
            port,
            fault,
            struck,
            accepting,
        })
    }

    /// The port it listens on.
    pub const fn port(&self) -> u16 {
        self.port
    }

    /// From now on, this fault.
    pub fn set(&self, fault: Fault) {
        self.fault.send_replace(fault);
    }

    /// How often a fault came over a connection so far.
    pub fn struck(&self) -> u64 {
        self.struck.load(Ordering::SeqCst)
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

/// One connection's way through the proxy.
struct Line {
    fault: watch::Receiver<Fault>,
    struck: Arc<AtomicU64>,
}

impl Line {
    async fn carry<S>(self, mut client: TcpStream, mut server: S)
    where
        S: AsyncRead + AsyncWrite + Unpin,
    {
        let (mut asked, mut answered) = (vec![0; 65_536], vec![0; 65_536]);
        loop {
            tokio::select! {
                read = client.read(&mut asked) => {
                    let Ok(count @ 1..) = read else { return };
                    match *self.fault.borrow() {
                        Fault::ResetBeforeSending => return self.reset(&client),
                        Fault::HalfOpenBeforeSending => { self.strike(); }
                        _ => {}
                    }
                    if *self.fault.borrow() == Fault::HalfOpenBeforeSending {
                        return hold(client, server).await;
                    }
                    if server.write_all(&asked[..count]).await.is_err() {
                        return;
                    }
                }
                read = server.read(&mut answered) => {
                    let Ok(count @ 1..) = read else { return };
                    let fault = *self.fault.borrow();
                    match fault {
                        Fault::Delay(time) => {
                            self.strike();
                            tokio::time::sleep(time).await;
                        }
                        Fault::ResetBeforeAnswer => return self.reset(&client),
                        Fault::HalfOpenBeforeAnswer => {
                            self.strike();
                            return hold(client, server).await;
                        }
                        _ => {}
                    }
                    if client.write_all(&answered[..count]).await.is_err() {
                        return;
                    }
                    if fault == Fault::ResetAfterAnswer {
                        return self.reset(&client);
                    }
                }
            }
        }
    }

    fn strike(&self) {
        self.struck.fetch_add(1, Ordering::SeqCst);
    }

    /// Has the connection end with a reset when it is dropped, not with a farewell.
    fn reset(&self, client: &TcpStream) {
        self.strike();
        client.set_zero_linger().unwrap();
    }
}

/// Keeps both ends open and silent until the client gives up.
async fn hold<S: AsyncRead + Unpin>(mut client: TcpStream, server: S) {
    let mut ignored = [0; 4_096];
    while let Ok(1..) = client.read(&mut ignored).await {}
    drop(server);
}
