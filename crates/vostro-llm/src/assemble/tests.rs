//! Answers in the dialects that servers speak, and everything that is no answer.

use serde_json::json;

use super::*;

fn run(chunks: &[Value], wants_json: bool) -> Result<Assembled, ModelError> {
    let mut assembler = Assembler::new(Bounds::default());
    for chunk in chunks {
        assembler.feed(serde_json::from_value(chunk.clone()).unwrap())?;
    }
    assembler.end(wants_json)
}

fn says(delta: &Value) -> Value {
    json!({ "choices": [{ "delta": delta }] })
}

fn ends(reason: &str) -> Value {
    json!({ "choices": [{ "delta": {}, "finish_reason": reason }] })
}

fn call(piece: &Value) -> Value {
    says(&json!({ "tool_calls": [piece] }))
}

#[test]
fn answers_of_many_dialects_are_read() {
    let cases = [
        (
            vec![
                says(&json!({ "content": "a", "x": [1] })),
                says(&json!({ "content": null })),
                ends("stop"),
            ],
            "a",
            Finish::Stop,
        ),
        // The reason again beside the counts, as Together sends it.
        (
            vec![
                says(&json!({ "content": "a" })),
                ends("eos"),
                json!({ "choices": [{ "delta": { "content": "" }, "finish_reason": "stop" }], "usage": { "prompt_tokens": 1, "completion_tokens": 1 } }),
            ],
            "a",
            Finish::Stop,
        ),
        (
            vec![
                json!({ "choices": [{ "index": 1, "delta": { "content": "b" } }, { "index": 0, "delta": { "content": "a" }, "finish_reason": "length" }] }),
            ],
            "a",
            Finish::Length,
        ),
        (
            vec![
                json!({ "choices": [{ "message": { "role": "assistant", "content": "whole" }, "finish_reason": "stop" }] }),
            ],
            "whole",
            Finish::Stop,
        ),
        (
            vec![
                json!({ "choices": null, "usage": null, "error": null }),
                says(&json!({ "content": "a" })),
                ends("new_reason"),
            ],
            "a",
            Finish::Other,
        ),
    ];
    for (chunks, text, finish) in cases {
        let answer = run(&chunks, false).unwrap();
        assert_eq!(
            (answer.text.as_str(), answer.finish),
            (text, finish),
            "{chunks:?}"
        );
    }
}

#[test]
fn tool_calls_come_together_from_pieces() {
    let cases = [
        // By index, interleaved.
        vec![
            call(
                &json!({ "index": 0, "id": "a", "function": { "name": "pay", "arguments": "{\"x\"" } }),
            ),
            call(&json!({ "index": 1, "id": "b", "function": { "name": "ask", "arguments": "" } })),
            call(&json!({ "index": 0, "function": { "arguments": ":1}" } })),
            call(&json!({ "index": 1, "function": { "arguments": "{}" } })),
        ],
        // Without an index: an id begins a call.
        vec![
            call(&json!({ "id": "a", "function": { "name": "pay", "arguments": "{\"x\":" } })),
            call(&json!({ "function": { "arguments": "1}" } })),
            call(&json!({ "id": "b", "function": { "name": "ask", "arguments": {} } })),
        ],
    ];
    for mut chunks in cases {
        chunks.push(ends("tool_calls"));
        let answer = run(&chunks, false).unwrap();
        let calls: Vec<_> = answer
            .tool_calls
            .iter()
            .map(|c| (c.name.as_str(), c.arguments.as_str()))
            .collect();
        assert_eq!(calls, [("pay", "{\"x\":1}"), ("ask", "{}")], "{chunks:?}");
    }
}

#[test]
fn what_is_no_answer_is_an_error() {
    let word = || says(&json!({ "content": "a" }));
    let usage = |usage: Value| json!({ "choices": [], "usage": usage });
    let count = ModelError::Malformed("its count of tokens cannot be");
    let cases = [
        (vec![], ModelError::Cut),
        (vec![word()], ModelError::Cut),
        (vec![ends("stop")], ModelError::Malformed("it is empty")),
        (
            vec![says(&json!({ "content": " \n" })), ends("stop")],
            ModelError::Malformed("it is empty"),
        ),
        (
            vec![word(), ends("stop"), word()],
            ModelError::Malformed("it goes on after its end"),
        ),
        (
            vec![word(), ends("stop"), ends("length")],
            ModelError::Malformed("it ends twice"),
        ),
        (vec![word(), usage(json!({ "prompt_tokens": -1 }))], count),
        (vec![word(), usage(json!({ "prompt_tokens": 1.5 }))], count),
        (
            vec![word(), usage(json!({ "completion_tokens": 1e18 }))],
            count,
        ),
        (vec![word(), usage(json!("many"))], count),
        (vec![json!({ "error": "x" })], ModelError::Failed(500)),
        (
            vec![json!({ "error": { "code": "429" } })],
            ModelError::RateLimited,
        ),
        (
            vec![json!({ "error": { "code": 503 } })],
            ModelError::Overloaded,
        ),
        (
            vec![json!({ "error": { "code": 7 } })],
            ModelError::Failed(500),
        ),
        (
            vec![
                call(&json!({ "index": 0, "function": { "arguments": "{}" } })),
                ends("tool_calls"),
            ],
            ModelError::Malformed("it calls a tool without a name"),
        ),
        (
            (0..17)
                .map(|i| call(&json!({ "index": i, "function": { "name": "t" } })))
                .collect(),
            ModelError::TooLarge(Bound::ToolCalls),
        ),
        (
            vec![call(
                &json!({ "function": { "name": "t", "arguments": "x".repeat(33 << 10) } }),
            )],
            ModelError::TooLarge(Bound::ToolCalls),
        ),
        (
            vec![says(&json!({ "content": "x".repeat(65 << 10) }))],
            ModelError::TooLarge(Bound::Text),
        ),
    ];
    for (chunks, expected) in cases {
        assert_eq!(run(&chunks, false).unwrap_err(), expected);
    }
}

#[test]
fn json_is_an_object_or_an_error() {
    let deep = format!("{{\"a\":{}1{}}}", "[".repeat(5_000), "]".repeat(5_000));
    for (text, expected) in [
        ("{\"a\":1}", Some("{\"a\":1}")),
        (" \n{\"a\":1}\n", Some("{\"a\":1}")),
        ("```json\n{\"a\":1}\n```", Some("{\"a\":1}")),
        ("```\n{}\n```", Some("{}")),
        ("Here it is: {\"a\":1}", None),
        ("[1]", None),
        ("{\"a\":1", None),
        ("{\"a\":NaN}", None),
        (deep.as_str(), None),
    ] {
        let answer = run(&[says(&json!({ "content": text })), ends("stop")], true);
        assert_eq!(
            answer.ok().map(|answer| answer.text).as_deref(),
            expected,
            "{text:.30}"
        );
    }
}
