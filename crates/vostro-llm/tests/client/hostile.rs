//! Whatever a server sends ends in an answer or a typed error, within the deadline, both ways of asking.

use std::time::Duration;

use proptest::prelude::*;
use serde_json::json;
use vostro_dialogue::model::{AnswerForm, Bound, LanguageModel, ModelError, ToolCall, Wait};
use vostro_scripted_llm::{Act, Step, call_piece, chunk, done, finish, usage, words};

use crate::support::{Fixture, fixture, request, schema, within};

const HOUR: Duration = Duration::from_hours(1);

fn once(act: &Act) -> Fixture {
    let fixture = fixture(&["a"], |settings| settings.retries.attempts = 1, []);
    fixture.server.otherwise(act.clone());
    fixture
}

fn then(text: &str, step: Step) -> Act {
    Act::Stream(vec![Step::Send(text.into()), step])
}

fn data(json: &str) -> Act {
    Act::stream(format!(
        "{}data: {json}\n\n{}{}",
        chunk("a"),
        finish("stop"),
        done()
    ))
}

#[tokio::test(start_paused = true)]
#[allow(clippy::too_many_lines, reason = "a table")]
async fn every_fault_is_a_typed_error_in_time() {
    let no_json = ModelError::Malformed("it is no JSON of a completion");
    let count = ModelError::Malformed("its count of tokens cannot be");
    let goes_on = ModelError::Malformed("it goes on after its end");
    let strange = ModelError::Malformed("its content type is not one of ours");
    let deep = format!("{}1{}", "[".repeat(50_000), "]".repeat(50_000));
    let drip: Vec<Step> = words("hello")
        .bytes()
        .flat_map(|byte| [Step::Wait(Duration::from_secs(1)), Step::Send(vec![byte])])
        .collect();
    let cases = [
        ("nothing", Act::stream(""), ModelError::Cut),
        (
            "no end, no [DONE]",
            Act::stream(chunk("a")),
            ModelError::Cut,
        ),
        ("only [DONE]", Act::stream(done()), ModelError::Cut),
        (
            "[DONE] without an end",
            Act::stream(chunk("a") + &done()),
            ModelError::Cut,
        ),
        (
            "half an event",
            Act::stream("data: {\"choices\": [{\"del"),
            ModelError::Cut,
        ),
        (
            "broken off",
            then(&chunk("a"), Step::Break),
            ModelError::Cut,
        ),
        (
            "broken off in an event",
            then("data: {\"cho", Step::Break),
            ModelError::Cut,
        ),
        (
            "no words",
            Act::stream(finish("stop") + &done()),
            ModelError::Malformed("it is empty"),
        ),
        (
            "a giant line",
            Act::stream(format!("data: {}", "x".repeat(200_000))),
            ModelError::TooLarge(Bound::Line),
        ),
        (
            "a giant event",
            Act::stream("data: x\n".repeat(40_000)),
            ModelError::TooLarge(Bound::Event),
        ),
        (
            "endless comments",
            Act::Stream(vec![Step::Forever(
                b": on\n\n".into(),
                Duration::from_millis(10),
            )]),
            ModelError::TimedOut(Wait::FirstToken),
        ),
        (
            "endless comments at once",
            Act::Stream(vec![Step::Forever(
                ": on\n\n".repeat(100).into(),
                Duration::ZERO,
            )]),
            ModelError::TooLarge(Bound::Body),
        ),
        (
            "endless roles",
            Act::Stream(vec![Step::Forever(
                chunk("").into(),
                Duration::from_millis(10),
            )]),
            ModelError::TimedOut(Wait::FirstToken),
        ),
        (
            "endless words",
            Act::Stream(vec![Step::Forever(
                chunk("a").into(),
                Duration::from_millis(100),
            )]),
            ModelError::TimedOut(Wait::Answer),
        ),
        (
            "endless words at once",
            Act::Stream(vec![Step::Forever(
                chunk(&"a".repeat(1_000)).into(),
                Duration::ZERO,
            )]),
            ModelError::TooLarge(Bound::Text),
        ),
        (
            "no head",
            Act::After(HOUR, Box::new(Act::says("x"))),
            ModelError::TimedOut(Wait::FirstToken),
        ),
        (
            "no first token",
            Act::Stream(vec![Step::Wait(HOUR)]),
            ModelError::TimedOut(Wait::FirstToken),
        ),
        (
            "no next token",
            then(&chunk("a"), Step::Wait(HOUR)),
            ModelError::TimedOut(Wait::NextToken),
        ),
        (
            "a byte a second",
            Act::Stream(drip),
            ModelError::TimedOut(Wait::FirstToken),
        ),
        (
            "no UTF-8",
            Act::stream(b"data: \xff\xfe\n\n".to_vec()),
            ModelError::Malformed("it is no UTF-8"),
        ),
        (
            "half a character",
            Act::stream(b"data: {\"a\":\"\xc3\"}\n\n".to_vec()),
            ModelError::Malformed("it is no UTF-8"),
        ),
        ("deep JSON", data(&deep), no_json),
        (
            "deep JSON in a field",
            data(&format!("{{\"usage\":{deep}}}")),
            no_json,
        ),
        ("no JSON", data("{"), no_json),
        ("NaN", data("{\"usage\":{\"prompt_tokens\":NaN}}"), no_json),
        ("wrong types", data("{\"choices\":\"many\"}"), no_json),
        (
            "wrong types below",
            data("{\"choices\":[{\"delta\":{\"content\":5}}]}"),
            no_json,
        ),
        (
            "negative counts",
            data("{\"usage\":{\"prompt_tokens\":-5}}"),
            count,
        ),
        (
            "counts without end",
            data("{\"usage\":{\"completion_tokens\":99999999999}}"),
            count,
        ),
        (
            "words after the end",
            Act::stream(chunk("a") + &finish("stop") + &chunk("b")),
            goes_on,
        ),
        (
            "words after [DONE]",
            Act::stream(words("a") + &chunk("b")),
            goes_on,
        ),
        (
            "two ends",
            Act::stream(chunk("a") + &finish("stop") + &finish("length")),
            ModelError::Malformed("it ends twice"),
        ),
        (
            "an error inside",
            data("{\"error\":{\"message\":\"x\",\"code\":503}}"),
            ModelError::Overloaded,
        ),
        (
            "a page",
            Act::reply(200, "text/html", "<html>Log in</html>"),
            strange,
        ),
        (
            "a page as a stream",
            Act::stream("<html>\n<body>Log in</body>\n"),
            ModelError::Cut,
        ),
        (
            "no content type",
            Act::Reply {
                status: 200,
                headers: vec![],
                body: words("a").into(),
            },
            strange,
        ),
        (
            "half JSON",
            Act::reply(200, "application/json", "{\"choices\":["),
            no_json,
        ),
        (
            "large JSON",
            Act::reply(200, "application/json", " ".repeat(5 << 20)),
            ModelError::TooLarge(Bound::Body),
        ),
        (
            "a redirect",
            Act::status_after(302, "location", "https://elsewhere.example/"),
            ModelError::Malformed("it sends us elsewhere"),
        ),
        (
            "an empty status",
            Act::status(204),
            ModelError::Malformed("its status is not that of an answer"),
        ),
        (
            "money ran out",
            Act::reply(
                429,
                "application/json",
                "{\"error\":{\"code\":\"insufficient_quota\"}}",
            ),
            ModelError::Refused(429),
        ),
        (
            "an endless refusal",
            Act::Reply {
                status: 500,
                headers: vec![],
                body: "x".repeat(1 << 20).into(),
            },
            ModelError::Failed(500),
        ),
    ];
    for (name, act, expected) in cases {
        let fixture = once(&act);
        let began = tokio::time::Instant::now();
        assert_eq!(fixture.ask("hi").await, Err(expected), "{name}");
        let (_, streamed) = fixture.ask_streaming("hi").await;
        assert_eq!(streamed, Err(expected), "{name}, streaming");
        assert!(
            began.elapsed() <= Duration::from_secs(31),
            "{name}: {:?}",
            began.elapsed()
        );
        assert_eq!(fixture.asked(), 2, "{name}");
        fixture.check();
    }
}

#[tokio::test(start_paused = true)]
async fn good_answers_are_read_however_they_are_sent() {
    let text = "Grüße, 5 € 🙂 \"quoted\"\\n";
    let good = words(text);
    let mut acts: Vec<Act> = (1..60).map(|every| Act::cut(&good, every)).collect();
    acts.extend([
        Act::cut(good.replace('\n', "\r\n"), 3),
        Act::cut(good.replace('\n', "\r"), 5),
        Act::stream(format!("\u{feff}: hello\n\n{good}")),
        Act::stream(good.replace("data: ", "event: message\nid: 1\ndata:")),
        Act::stream(good.replace(&done(), "")),
        Act::stream(good.trim_end()),
        then(&good.replace(&done(), ""), Step::Break),
        then(&good.replace(&done(), ""), Step::Wait(HOUR)),
        then(&good, Step::Wait(HOUR)),
        Act::json(&json!({
            "choices": [{ "index": 0, "message": { "content": text }, "finish_reason": "stop" }],
            "usage": { "prompt_tokens": 12, "completion_tokens": 7 },
        })),
    ]);
    for act in acts {
        let fixture = once(&act);
        let (heard, streamed) = fixture.ask_streaming("hi").await;
        let answer = fixture.ask("hi").await.unwrap();
        let streamed = streamed.unwrap();
        assert_eq!(
            (heard.as_str(), streamed.text.as_str(), answer.text.as_str()),
            (text, text, text),
            "{act:?}"
        );
        assert_eq!(
            (answer.usage.prompt_tokens, answer.usage.completion_tokens),
            (12, 7)
        );
        assert_eq!(
            (answer.usage.cost_micro_dollars, answer.usage.estimated),
            (26, false)
        );
        assert!(
            answer.whole < Duration::from_secs(1),
            "the end is not waited for: {act:?}"
        );
        fixture.check();
    }
}

#[tokio::test(start_paused = true)]
async fn tools_and_schemas_are_asked_for_and_read() {
    let two = call_piece(0, Some(("1", "commands")), "{}")
        + &call_piece(1, Some(("2", "other")), "{\"a\":1}");
    let fixture = fixture(
        &["a"],
        |_| {},
        [
            Act::calls("commands", "{\"flow\":\"transfer\",\"to\":\"Zoë\"}"),
            Act::stream(two + &finish("tool_calls") + &usage(1, 1) + &done()),
            Act::says("{\"commands\":[]}"),
        ],
    );
    let mut asked = request("hi");
    asked.form = AnswerForm::Tools(vec![schema()]);
    let answer = fixture.client.complete(&asked, within(60)).await.unwrap();
    let call = |name: &str, arguments: &str| ToolCall {
        name: name.to_owned(),
        arguments: arguments.to_owned(),
    };
    assert_eq!(
        answer.tool_calls,
        [call("commands", "{\"flow\":\"transfer\",\"to\":\"Zoë\"}")]
    );
    let answer = fixture.client.complete(&asked, within(60)).await.unwrap();
    assert_eq!(
        answer.tool_calls,
        [call("commands", "{}"), call("other", "{\"a\":1}")]
    );
    asked.form = AnswerForm::Json(schema());
    let answer = fixture.client.complete(&asked, within(60)).await.unwrap();
    assert_eq!(answer.text, "{\"commands\":[]}");
    fixture.check();
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    /// Pieces of good and bad streams in any order and cutting: an end, never a panic, never past the deadline.
    #[test]
    fn any_bytes_come_to_an_end(pieces in prop::collection::vec(piece(), 0..12), every in 1_usize..40) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build().unwrap();
        runtime.block_on(async {
            let fixture = once(&Act::cut(pieces.concat(), every));
            let began = tokio::time::Instant::now();
            let (_, _) = fixture.ask_streaming("hi").await;
            assert!(began.elapsed() <= Duration::from_secs(15));
        });
    }
}

fn piece() -> impl Strategy<Value = Vec<u8>> {
    let known = [
        chunk("a"),
        chunk(""),
        finish("stop"),
        finish("length"),
        usage(1, 2),
        done(),
        words("ab"),
        call_piece(0, Some(("1", "t")), "{"),
        call_piece(3, None, "}"),
        ": c\n".into(),
        "\n".into(),
        "\r".into(),
        "data:".into(),
        "data: {\"choices\":[{}]}\n\n".into(),
        "data: {\"error\":{}}\n\n".into(),
        "event: x\nretry: 99999999999999999999\nid: \0\n".into(),
        "data: null\n\n".into(),
        "\u{feff}".into(),
    ];
    prop_oneof![
        4 => prop::sample::select(known.map(String::into_bytes).to_vec()),
        1 => prop::collection::vec(any::<u8>(), 0..30),
    ]
}
