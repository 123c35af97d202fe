//! Traces as a collector gets them, and as none does: a small server that takes OTLP over HTTP.

#![allow(clippy::unwrap_used, reason = "what fails here fails the test")]

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc;
use std::time::Duration;

use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use prost::Message as _;
use tracing::field::Empty;
use vostro_telemetry::{Listeners, LogSettings, TraceSettings, Traces, subscriber};

/// Listens, and passes on each request's head and body.
fn collector() -> (String, mpsc::Receiver<(String, Vec<u8>)>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let (sender, receiver) = mpsc::channel();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let request = read(stream.unwrap());
            if sender.send(request).is_err() {
                return;
            }
        }
    });
    (address, receiver)
}

fn read(mut stream: TcpStream) -> (String, Vec<u8>) {
    let mut bytes = Vec::new();
    let mut chunk = [0; 4_096];
    loop {
        let count = stream.read(&mut chunk).unwrap();
        bytes.extend_from_slice(&chunk[..count]);
        let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") else {
            continue;
        };
        let head = String::from_utf8_lossy(&bytes[..end]).to_lowercase();
        let length = head
            .lines()
            .find_map(|line| line.strip_prefix("content-length: "));
        let length: usize = length.unwrap().trim().parse().unwrap();
        if count == 0 || bytes.len() >= end + 4 + length {
            let answer = "HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";
            stream.write_all(answer.as_bytes()).unwrap();
            return (head, bytes.split_off(end + 4));
        }
    }
}

fn settings(endpoint: &str) -> TraceSettings {
    TraceSettings {
        endpoint: endpoint.to_owned(),
        service: "concierge".to_owned(),
        version: "1.2.3".to_owned(),
        sample_percent: 100,
    }
}

/// A request with a turn of two steps, and spans that are not ours.
fn work(traces: &Traces) {
    let quiet = LogSettings {
        filter: "off".to_owned(),
        ..LogSettings::default()
    };
    let listeners = Listeners {
        traces: Some(traces),
        ..Listeners::default()
    };
    let subscriber = subscriber(&quiet, std::io::sink, false, listeners).unwrap();
    tracing::subscriber::with_default(subscriber, || {
        let request = tracing::info_span!(target: "vostro_http", "request", request_id = "req_1");
        request.in_scope(|| {
            tracing::info!(target: "vostro", "my SSN is 123-45-6789");
            tracing::info_span!(target: "reqwest", "http://secret/").in_scope(|| {});
            tracing::debug_span!(target: "vostro::step", "screen", outcome = Empty).in_scope(|| {});
            let failed = tracing::debug_span!(target: "vostro::step", "record", outcome = Empty);
            failed.record("outcome", "failed");
        });
    });
}

#[test]
fn a_collector_gets_one_span_for_each_step_below_its_request() {
    let (address, requests) = collector();
    let traces = Traces::start(&settings(&address)).unwrap();
    work(&traces);
    traces.shutdown();
    let (head, body) = requests.recv_timeout(Duration::from_secs(10)).unwrap();
    assert!(head.starts_with("post /v1/traces http/1.1"), "{head}");
    assert!(
        head.contains("content-type: application/x-protobuf"),
        "{head}"
    );
    let sent = ExportTraceServiceRequest::decode(body.as_slice()).unwrap();
    let resource = sent.resource_spans.first().unwrap();
    let told = format!("{:?}", resource.resource);
    assert!(
        told.contains("concierge") && told.contains("1.2.3"),
        "{told}"
    );
    let spans = &resource.scope_spans[0].spans;
    let mut names: Vec<&str> = spans.iter().map(|one| one.name.as_str()).collect();
    names.sort_unstable();
    assert_eq!(names, ["record", "request", "screen"], "ours, and no other");
    let span = |name: &str| spans.iter().find(|one| one.name == name).unwrap();
    let request = span("request");
    for step in ["screen", "record"] {
        assert_eq!(span(step).parent_span_id, request.span_id);
        assert_eq!(span(step).trace_id, request.trace_id);
    }
    assert!(format!("{:?}", span("record").attributes).contains("failed"));
    let all = format!("{sent:?}");
    for secret in ["123-45-6789", "http://secret"] {
        assert!(!all.contains(secret), "{secret}");
    }
}

#[test]
fn a_collector_that_is_gone_stops_nothing() {
    let unused = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let traces = Traces::start(&settings(&format!("http://{unused}"))).unwrap();
    work(&traces);
    traces.shutdown();
}

#[test]
fn what_is_not_sampled_is_not_sent() {
    let (address, requests) = collector();
    let mut settings = settings(&address);
    settings.sample_percent = 0;
    let traces = Traces::start(&settings).unwrap();
    work(&traces);
    traces.shutdown();
    assert!(requests.try_recv().is_err());
}
