//! Over real sockets: what only they can do wrong.

use std::time::Duration;

use futures::StreamExt;
use vostro_dialogue::model::{LanguageModel, ModelError, ModelEvent, Wait};
use vostro_llm::{LlmClient, LlmSettings};
use vostro_scripted_llm::{Act, RawServer, RawStep, ScriptedServer, chunk, words};

use crate::support::{KEY, means, request, settings, within};

fn client(url: &str, change: impl FnOnce(&mut LlmSettings)) -> LlmClient {
    let settings = settings(url, &["a"], |settings| {
        settings.retries.attempts = 1;
        settings.timeouts.first_token = Duration::from_millis(300);
        settings.timeouts.next_token = Duration::from_millis(300);
        change(settings);
    });
    let (means, _) = means(&settings);
    LlmClient::new(settings, means).unwrap()
}

#[tokio::test]
async fn an_answer_comes_over_http() {
    let server = ScriptedServer::new(Some(KEY), &["a"]);
    let listening = server.listen().await;
    let client = client(&listening.base_url(), |_| {});
    server.then([
        Act::cut(words("Grüße 🙂"), 7),
        Act::says_slowly("one two", Duration::from_millis(5)),
    ]);
    assert_eq!(
        client
            .complete(&request("hi"), within(5))
            .await
            .unwrap()
            .text,
        "Grüße 🙂"
    );
    let stream = client.stream(&request("hi"), within(5)).await.unwrap();
    let events: Vec<_> = stream.collect().await;
    assert_eq!(events[0], Ok(ModelEvent::Text("one ".to_owned())));
    assert!(
        matches!(events.last(), Some(Ok(ModelEvent::Done(answer))) if answer.text == "one two")
    );
    assert_eq!(client.models(Duration::from_secs(5)).await.unwrap(), ["a"]);
    assert_eq!(server.violations(), Vec::<String>::new());
    assert!(!format!("{client:?}").contains("sk-"), "{client:?}");
}

#[tokio::test]
async fn broken_connections_are_typed_errors_in_time() {
    let head = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n";
    let send = |text: &str| RawStep::Send(text.into());
    let wait = || RawStep::Wait(Duration::from_secs(5));
    let open = format!("{head}connection: close\r\n\r\n");
    let token = format!("{open}{}", chunk("a"));
    let cases = [
        ("closed at once", vec![], ModelError::Cut),
        ("reset at once", vec![RawStep::Reset], ModelError::Cut),
        ("no HTTP", vec![send("SSH-2.0-x\r\n")], ModelError::Cut),
        (
            "a head that stalls",
            vec![send(head), wait()],
            ModelError::TimedOut(Wait::FirstToken),
        ),
        (
            "a head that never ends",
            vec![send(&format!("{head}x: {}", "x".repeat(1 << 20)))],
            ModelError::Cut,
        ),
        (
            "a body that stalls",
            vec![send(&token), wait()],
            ModelError::TimedOut(Wait::NextToken),
        ),
        (
            "reset in the body",
            vec![
                send(&token),
                RawStep::Wait(Duration::from_millis(50)),
                RawStep::Reset,
            ],
            ModelError::Cut,
        ),
        (
            "shorter than it said",
            vec![send(&format!(
                "{head}content-length: 9999\r\n\r\n{}",
                chunk("a")
            ))],
            ModelError::Cut,
        ),
        (
            "half a chunk",
            vec![send(&format!(
                "{head}transfer-encoding: chunked\r\n\r\nff\r\ndata: {{"
            ))],
            ModelError::Cut,
        ),
        (
            "a chunk of no size",
            vec![send(&format!(
                "{head}transfer-encoding: chunked\r\n\r\nzz\r\n"
            ))],
            ModelError::Cut,
        ),
    ];
    for (name, steps, expected) in cases {
        let server = RawServer::start(steps).await;
        let client = client(&server.base_url(), |_| {});
        let answer = tokio::time::timeout(
            Duration::from_secs(3),
            client.complete(&request("hi"), within(2)),
        )
        .await;
        assert_eq!(answer.expect(name), Err(expected), "{name}");
    }
}

#[tokio::test]
async fn nobody_at_the_address_and_nobody_elsewhere() {
    let nobody = {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        format!("http://{}/v1", listener.local_addr().unwrap())
    };
    let answer = client(&nobody, |_| {})
        .complete(&request("hi"), within(2))
        .await;
    assert_eq!(answer, Err(ModelError::Unreachable));
    // A redirect would carry the prompt, and to this machine also the key, to wherever it says.
    let target = ScriptedServer::new(None, &["a"]);
    let listening = target.listen().await;
    let location = format!(
        "HTTP/1.1 307 T\r\nlocation: {}/chat/completions\r\ncontent-length: 0\r\n\r\n",
        listening.base_url()
    );
    let server = RawServer::start(vec![RawStep::Send(location.into())]).await;
    let answer = client(&server.base_url(), |_| {})
        .complete(&request("hi"), within(2))
        .await;
    assert_eq!(answer, Err(ModelError::Malformed("it sends us elsewhere")));
    assert!(target.requests().is_empty());
    // Plain HTTP to another machine is refused before anything is sent.
    let settings = settings("http://llm.bank.example/v1", &["a"], |_| {});
    let (means, _) = means(&settings);
    assert!(LlmClient::new(settings, means).is_err());
}
