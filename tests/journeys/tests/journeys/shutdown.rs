//! Told to stop, the process finishes what it began and ends with success.

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use vostro_journeys::{Deployment, Role, Shape};

/// A chat request whose head the server has taken in and whose body is still to come.
struct HalfSent {
    stream: TcpStream,
    body: String,
}

impl HalfSent {
    /// Sends the head and waits for the server's `100 Continue`: from then on the request is in flight.
    async fn begin(address: &str, user: &str) -> Self {
        let body = format!(
            r#"{{"message": "What's my balance?", "session_id": "", "user_id": "{user}"}}"#
        );
        let mut stream = TcpStream::connect(address).await.unwrap();
        let head = format!(
            "POST /api/v1/chat HTTP/1.1\r\nHost: {address}\r\nContent-Type: application/json\r\n\
             Content-Length: {}\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n",
            body.len()
        );
        stream.write_all(head.as_bytes()).await.unwrap();
        let mut answer = [0; 25];
        stream.read_exact(&mut answer).await.unwrap();
        assert_eq!(&answer, b"HTTP/1.1 100 Continue\r\n\r\n");
        Self { stream, body }
    }

    async fn finish(mut self) -> String {
        self.stream.write_all(self.body.as_bytes()).await.unwrap();
        let mut answer = String::new();
        self.stream.read_to_string(&mut answer).await.unwrap();
        answer
    }
}

/// Every turn in flight when the signal comes is answered, and recorded.
#[tokio::test]
async fn turns_in_flight_are_finished() {
    let mut bank = Deployment::start(Shape::OneProcess).await;
    let address = bank
        .url(Role::Concierge)
        .trim_start_matches("http://")
        .to_owned();
    let mut requests = Vec::new();
    for number in 0..8 {
        requests.push(HalfSent::begin(&address, &format!("journey_in_flight_{number}")).await);
    }
    bank.process(Role::Concierge).terminate();
    // The signal has arrived when nobody new is let in.
    while TcpStream::connect(&address).await.is_ok() {
        tokio::task::yield_now().await;
    }
    for request in requests {
        let answer = request.finish().await;
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
        assert!(answer.contains("guardrails_passed"), "{answer}");
    }
    let process = bank.process_mut(Role::Concierge);
    let status = process.wait().await;
    assert!(status.success(), "{status}:\n{}", process.log());
}
