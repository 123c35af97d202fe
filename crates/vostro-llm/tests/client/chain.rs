//! Retries, other models, breakers: what is asked again, when, and what never is.

use std::time::Duration;

use vostro_dialogue::model::{AnswerForm, LanguageModel, ModelError, Wait};
use vostro_scripted_llm::{Act, Step, chunk};

use crate::support::{fixture, request, schema, within};

#[tokio::test(start_paused = true)]
#[allow(clippy::too_many_lines, reason = "a table")]
async fn what_is_asked_again_whom_and_after_how_long() {
    let cut = || Act::Stream(vec![Step::Send(chunk("a").into()), Step::Break]);
    // (script, models, which model answers or the error, attempts, seconds at least and at most)
    let cases = [
        (
            vec![Act::status_after(429, "retry-after", "2")],
            1,
            Ok("a"),
            2,
            (2.0, 2.1),
        ),
        (
            vec![Act::status_after(
                429,
                "retry-after",
                "Sun, 22 Nov 2026 20:00:04 GMT",
            )],
            1,
            Ok("a"),
            2,
            (4.0, 4.1),
        ),
        (
            vec![Act::status_after(429, "x-ratelimit-reset", "3")],
            1,
            Ok("a"),
            2,
            (3.0, 3.1),
        ),
        (vec![Act::status(429)], 1, Ok("a"), 2, (0.5, 1.1)),
        (
            vec![Act::status_after(429, "retry-after", "3600")],
            1,
            Err(ModelError::RateLimited),
            1,
            (0.0, 0.1),
        ),
        (
            vec![Act::status_after(429, "retry-after", "3600")],
            2,
            Ok("b"),
            2,
            (0.0, 0.1),
        ),
        (vec![Act::status(503)], 1, Ok("a"), 2, (0.1, 0.3)),
        (
            vec![Act::status_after(503, "retry-after", "1")],
            1,
            Ok("a"),
            2,
            (1.0, 1.1),
        ),
        (
            vec![Act::status(503), Act::status(503)],
            2,
            Ok("b"),
            3,
            (0.1, 0.3),
        ),
        (
            vec![Act::status(502), Act::status(500), Act::status(504)],
            1,
            Err(ModelError::Failed(504)),
            3,
            (0.3, 1.0),
        ),
        (vec![cut()], 1, Ok("a"), 2, (0.0, 0.1)),
        (vec![Act::stream("<html>")], 1, Ok("a"), 2, (0.0, 0.1)),
        (
            vec![Act::Stream(vec![Step::Wait(Duration::from_secs(99))])],
            2,
            Ok("b"),
            2,
            (5.0, 5.1),
        ),
        (vec![Act::status(404)], 2, Ok("b"), 2, (0.0, 0.1)),
        (
            vec![Act::status(404)],
            1,
            Err(ModelError::Refused(404)),
            1,
            (0.0, 0.1),
        ),
        (
            vec![Act::status(401)],
            2,
            Err(ModelError::Refused(401)),
            1,
            (0.0, 0.1),
        ),
        (
            vec![Act::status(400)],
            2,
            Err(ModelError::Refused(400)),
            1,
            (0.0, 0.1),
        ),
    ];
    for (script, models, expected, attempts, (least, most)) in cases {
        let name = format!("{script:?}, {models}");
        let fixture = fixture(&["a", "b"][..models], |_| {}, script);
        let began = tokio::time::Instant::now();
        let answer = fixture.ask("hi").await;
        let took = began.elapsed().as_secs_f64();
        let answered = answer
            .as_ref()
            .map(|answer| answer.model.as_str())
            .map_err(|error| *error);
        assert_eq!(answered, expected, "{name}");
        assert_eq!(fixture.asked(), attempts, "{name}");
        if let Ok(answer) = answer {
            assert_eq!(
                usize::try_from(answer.attempts).unwrap(),
                attempts,
                "{name}"
            );
        }
        assert!((least..=most).contains(&took), "{name}: {took}");
        fixture.check();
    }
}

#[tokio::test(start_paused = true)]
async fn nothing_is_asked_again_once_words_were_told() {
    let fixture = fixture(
        &["a", "b"],
        |_| {},
        [Act::Stream(vec![
            Step::Send(chunk("a").into()),
            Step::Break,
        ])],
    );
    let (heard, ended) = fixture.ask_streaming("hi").await;
    assert_eq!((heard.as_str(), ended), ("a", Err(ModelError::Cut)));
    assert_eq!(fixture.asked(), 1);
    // A fault before the first word is nobody's loss.
    fixture
        .server
        .then([Act::status(503), Act::Stream(vec![Step::Break])]);
    let (heard, ended) = fixture.ask_streaming("hi").await;
    assert_eq!((heard.as_str(), ended.unwrap().attempts), ("OK.", 3));
    assert!(fixture.has_metric(r#"vostro_model_retries_total{reason="overloaded"} 1"#));
    assert!(fixture.has_metric(r#"vostro_model_attempts_total{model="a",outcome="cut"} 2"#));
}

#[tokio::test(start_paused = true)]
async fn a_deadline_is_kept_and_not_waited_beyond() {
    let fixture = fixture(&["a"], |_| {}, [Act::status_after(503, "retry-after", "3")]);
    fixture.server.otherwise(Act::says_slowly(
        "one two three four",
        Duration::from_secs(2),
    ));
    let began = tokio::time::Instant::now();
    let past = fixture.client.complete(&request("hi"), within(0)).await;
    assert_eq!(past, Err(ModelError::TimedOut(Wait::Answer)));
    assert_eq!(fixture.asked(), 0, "there was no time to ask");
    let short = fixture.client.complete(&request("hi"), within(2)).await;
    assert_eq!(short, Err(ModelError::Overloaded), "the wait does not fit");
    assert_eq!(began.elapsed(), Duration::ZERO);
    let slow = fixture.client.complete(&request("hi"), within(5)).await;
    assert_eq!(slow, Err(ModelError::TimedOut(Wait::Answer)));
    assert_eq!(began.elapsed(), Duration::from_secs(5));
}

#[tokio::test(start_paused = true)]
async fn a_server_without_schemas_is_asked_loosely_and_remembered() {
    let refusal = "{\"error\":{\"message\":\"response_format json_schema is not supported\"}}";
    let fixture = fixture(
        &["a"],
        |settings| settings.retries.percent = 0,
        [
            Act::reply(400, "application/json", refusal),
            Act::says("```json\n{\"x\":1}\n```"),
            Act::says("{\"x\":2}"),
            Act::says("no JSON"),
            Act::says("no JSON"),
        ],
    );
    let mut asked = request("hi");
    asked.form = AnswerForm::Json(schema());
    for expected in ["{\"x\":1}", "{\"x\":2}"] {
        let answer = fixture.client.complete(&asked, within(60)).await.unwrap();
        assert_eq!(answer.text, expected);
    }
    let answer = fixture.client.complete(&asked, within(60)).await;
    assert_eq!(answer, Err(ModelError::Malformed("it is no JSON object")));
    let requests = fixture.server.requests();
    let forms: Vec<_> = requests
        .iter()
        .map(|body| body["response_format"]["type"].as_str().unwrap())
        .collect();
    assert_eq!(
        forms,
        [
            "json_schema",
            "json_object",
            "json_object",
            "json_object",
            "json_object"
        ]
    );
    let system = requests[1]["messages"][0]["content"].as_str().unwrap();
    assert!(
        system.starts_with("You help.") && system.contains("{\"type\":\"object\"}"),
        "{system}"
    );
    fixture.check();
}

#[tokio::test(start_paused = true)]
async fn a_failing_model_is_left_alone_and_tried_again() {
    let fixture = fixture(&["a"], |settings| settings.retries.attempts = 1, []);
    fixture.server.otherwise(Act::status(500));
    for _ in 0..5 {
        assert_eq!(fixture.ask("hi").await, Err(ModelError::Failed(500)));
    }
    assert!(fixture.has_metric(r#"vostro_model_breaker_state{model="a"} 2"#));
    assert_eq!(fixture.ask("hi").await, Err(ModelError::Resting));
    assert_eq!(fixture.asked(), 5, "it is not asked");
    tokio::time::advance(Duration::from_secs(5)).await;
    assert_eq!(
        fixture.ask("hi").await,
        Err(ModelError::Failed(500)),
        "one tries"
    );
    fixture.server.otherwise(Act::says("better"));
    tokio::time::advance(Duration::from_secs(9)).await;
    assert_eq!(
        fixture.ask("hi").await,
        Err(ModelError::Resting),
        "the rest is longer"
    );
    tokio::time::advance(Duration::from_secs(1)).await;
    assert_eq!(fixture.ask("hi").await.unwrap().text, "better");
    assert!(fixture.has_metric(r#"vostro_model_breaker_state{model="a"} 0"#));
    // Refusals say nothing about the model.
    fixture.server.otherwise(Act::status(401));
    for _ in 0..9 {
        assert_eq!(fixture.ask("hi").await, Err(ModelError::Refused(401)));
    }
}

#[tokio::test(start_paused = true)]
async fn retries_do_not_multiply_an_outage() {
    let fixture = fixture(&["a"], |settings| settings.breaker.failures = 1_000, []);
    fixture.server.otherwise(Act::status(503));
    for number in 0..100 {
        assert_eq!(
            fixture.ask(&format!("hi {number}")).await,
            Err(ModelError::Overloaded)
        );
    }
    // Ten in reserve and twenty for a hundred requests.
    assert_eq!(
        fixture.asked(),
        100 + 10 + 20 - 1,
        "the reserve is full at first"
    );
}
