//! A server of bytes: for heads that stall, lengths that lie and connections that are reset.

use std::net::SocketAddr;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// A step of a connection, after the request was read.
#[derive(Debug, Clone)]
pub enum RawStep {
    /// Sends bytes.
    Send(Vec<u8>),
    /// Waits.
    Wait(Duration),
    /// Resets the connection, dropping what was not delivered.
    Reset,
}

/// A server that treats every connection alike. It stops when this is dropped.
#[derive(Debug)]
pub struct RawServer {
    /// Where it listens.
    pub address: SocketAddr,
    task: JoinHandle<()>,
}

impl RawServer {
    /// Listens at a free port of this machine.
    ///
    /// # Panics
    /// When there is none.
    pub async fn start(steps: Vec<RawStep>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(converse(stream, steps.clone()));
            }
        });
        Self { address, task }
    }

    /// The interface's root.
    pub fn base_url(&self) -> String {
        format!("http://{}/v1", self.address)
    }
}

impl Drop for RawServer {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn converse(mut stream: TcpStream, steps: Vec<RawStep>) {
    let mut request = Vec::new();
    // The client's body is one JSON object and sent whole; its last byte ends the request.
    while !request.ends_with(b"}") {
        let mut buffer = [0; 4096];
        match stream.read(&mut buffer).await {
            Ok(count) if count > 0 => request.extend_from_slice(&buffer[..count]),
            _ => return,
        }
    }
    for step in steps {
        match step {
            RawStep::Send(bytes) => {
                if stream.write_all(&bytes).await.is_err() {
                    return;
                }
            }
            RawStep::Wait(wait) => tokio::time::sleep(wait).await,
            RawStep::Reset => {
                let _ = stream.set_zero_linger();
                return;
            }
        }
    }
    let _ = stream.shutdown().await;
}
