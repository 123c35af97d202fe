//! What goes wrong at the other end, and what becomes of the delivery.

use jiff::SignedDuration;
use vostro_bank::{Outbox as _, Verdict};
use vostro_webhooks::RetryPolicy;

use crate::bench::{Bench, endpoint, here, until};
use crate::receiver::{Receiver, Reply};

/// A fault, and the outcome that it is counted as. Each is retried, and the next attempt arrives under
/// the same id.
#[tokio::test]
async fn every_fault_is_tried_again() {
    let faults = [
        (Reply::Status(500, ""), "refused"),
        (Reply::Status(404, ""), "refused"),
        (
            Reply::Status(302, "location: http://127.0.0.1:1/\r\n"),
            "redirected",
        ),
        (Reply::Status(429, "retry-after: 120\r\n"), "refused"),
        (Reply::Status(503, "retry-after: soon\r\n"), "refused"),
        (Reply::Silence, "timed_out"),
        (Reply::Reset, "interrupted"),
    ];
    for (fault, outcome) in faults {
        let (bench, receiver) = (Bench::new(), Receiver::start(&[fault]).await);
        bench.post().await;
        let running = bench.run(vec![here(receiver.port)]);
        bench.until_owed((1, 1, 0)).await;
        let line =
            format!(r#"vostro_webhook_attempts_total{{endpoint="core",outcome="{outcome}"}}"#);
        assert_eq!(bench.metric(&line), 1, "{fault:?}");
        assert_eq!(receiver.calls(), 1, "{fault:?}");
        bench.clock.advance(SignedDuration::from_mins(3));
        bench.until_owed((0, 0, 0)).await;
        running.stop().await;
        let ids: Vec<_> = receiver
            .requests()
            .iter()
            .map(|it| it.id().to_owned())
            .collect();
        assert!(ids.iter().all(|id| *id == ids[0]), "{fault:?} {ids:?}");
        assert_eq!(receiver.calls(), 2, "{fault:?}");
    }
}

#[tokio::test]
async fn what_an_endpoint_asks_for_is_waited_for() {
    let (bench, receiver) = (
        Bench::new(),
        Receiver::start(&[Reply::Status(429, "retry-after: 120\r\n")]).await,
    );
    bench.post().await;
    let running = bench.run(vec![here(receiver.port)]);
    bench.until_owed((1, 1, 0)).await;
    bench.clock.advance(SignedDuration::from_secs(119));
    let lease = SignedDuration::from_secs(1);
    assert_eq!(
        bench
            .store
            .claim_deliveries("core", lease, 9)
            .await
            .unwrap(),
        []
    );
    bench.clock.advance(SignedDuration::from_secs(1));
    bench.until_owed((0, 0, 0)).await;
    running.stop().await;
    assert_eq!(receiver.calls(), 2);
}

/// Nobody listens, or not with TLS: no attempt gets through.
#[tokio::test]
async fn what_cannot_be_called_is_counted_as_that() {
    let closed = {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        listener.local_addr().unwrap().port()
    };
    let cases = [
        (format!("http://127.0.0.1:{closed}/"), "unreachable"),
        (format!("https://127.0.0.1:{}/", plain().await), "untrusted"),
        (format!("http://localhost:{closed}/"), "unreachable"),
    ];
    for (url, outcome) in cases {
        let bench = Bench::new();
        bench.post().await;
        let running = bench.run(vec![endpoint("core", &url)]);
        bench.until_owed((1, 1, 0)).await;
        running.stop().await;
        let line =
            format!(r#"vostro_webhook_attempts_total{{endpoint="core",outcome="{outcome}"}}"#);
        assert_eq!(
            bench.metric(&line),
            1,
            "{url} {}",
            bench
                .metrics
                .render(vostro_telemetry::Exposition::Prometheus)
        );
    }
}

/// A port that answers TLS's greeting with plain text.
async fn plain() -> u16 {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut greeting = [0; 512];
            let _ = stream.read(&mut greeting).await;
            let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").await;
        }
    });
    port
}

#[tokio::test]
async fn an_endless_answer_is_not_read() {
    let (bench, receiver) = (Bench::new(), Receiver::start(&[Reply::Endless]).await);
    bench.post().await;
    let running = bench.run(vec![here(receiver.port)]);
    bench.until_owed((0, 0, 0)).await;
    running.stop().await;
    let buffers = 16 << 20;
    assert!(receiver.written() < buffers, "{} bytes", receiver.written());
}

#[tokio::test]
async fn an_endpoint_that_is_gone_gets_nothing_until_the_next_start() {
    let (bench, receiver) = (
        Bench::new(),
        Receiver::start(&[Reply::Status(410, "")]).await,
    );
    let enabled = r#"vostro_webhook_enabled{endpoint="core"}"#;
    bench.post().await;
    let running = bench.run(vec![here(receiver.port)]);
    bench.until_owed((1, 1, 0)).await;
    until(|| bench.metric(enabled) == 0).await;
    bench.post().await;
    bench.until_owed((2, 1, 0)).await;
    bench.clock.advance(SignedDuration::from_hours(24));
    running.stop().await;
    assert_eq!(receiver.calls(), 1);
    let running = bench.run(vec![here(receiver.port)]);
    bench.until_owed((0, 0, 0)).await;
    running.stop().await;
    assert_eq!((receiver.calls(), bench.metric(enabled)), (3, 1));
}

#[tokio::test]
async fn a_delivery_dies_after_its_last_attempt_and_comes_back_when_told() {
    let last = RetryPolicy::default().attempts;
    let refusals = [Reply::Status(500, "")];
    let (bench, receiver) = (Bench::new(), Receiver::start(&refusals).await);
    bench.post().await;
    // All attempts but the last are made elsewhere, by claims that are settled as failed.
    let topics = vec!["*".to_owned()];
    let endpoint = "core".to_owned();
    let to = vostro_bank::Subscription { endpoint, topics };
    bench.store.hand_over(&[to], 9).await.unwrap();
    for attempt in 1..last {
        let lease = SignedDuration::from_secs(1);
        let claimed = bench
            .store
            .claim_deliveries("core", lease, 1)
            .await
            .unwrap();
        assert_eq!(claimed[0].attempt, attempt);
        let failed = vostro_webhooks::Outcome::TimedOut.record();
        let again = Verdict::RetryAt(jiff::Timestamp::MIN);
        let key = &claimed[0].key;
        bench
            .store
            .settle(key, attempt, again, &failed)
            .await
            .unwrap();
    }
    let running = bench.run(vec![here(receiver.port)]);
    bench.until_owed((0, 0, 1)).await;
    assert_eq!(
        bench.metric(r#"vostro_webhook_died_total{endpoint="core"}"#),
        1
    );
    let dead = bench.store.dead_deliveries(None, 9).await.unwrap();
    assert_eq!((dead.len(), dead[0].attempts), (1, last));
    assert_eq!(dead[0].last.as_ref().unwrap().status, Some(500));
    assert_eq!(bench.store.redeliver(Some(&dead[0].key)).await.unwrap(), 1);
    bench.clock.advance(SignedDuration::from_mins(1));
    bench.until_owed((0, 0, 0)).await;
    running.stop().await;
    let requests = receiver.requests();
    assert_eq!(requests.len(), 2);
    assert_eq!(requests[0].id(), requests[1].id());
}
