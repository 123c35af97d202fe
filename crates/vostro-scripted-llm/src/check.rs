//! What is wrong with a request: everything that a strict server would refuse, and what a sloppy client
//! would get away with.

use serde_json::Value;

/// The fields that are sent; all are in the documented interface of Together.AI, `OpenAI`, vLLM and llama.cpp.
const FIELDS: [&str; 9] = [
    "model",
    "messages",
    "stream",
    "stream_options",
    "max_tokens",
    "temperature",
    "response_format",
    "tools",
    "tool_choice",
];

/// The violations of a request's head and body, in words.
pub fn check(
    headers: &axum::http::HeaderMap,
    key: Option<&str>,
    models: &[String],
    body: &[u8],
) -> Vec<String> {
    let mut wrong = Vec::new();
    let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let bearer = key.map(|key| format!("Bearer {key}"));
    if header("authorization") != bearer.as_deref() {
        wrong.push("the key is missing, wrong, or sent where none is wanted".to_owned());
    }
    if header("content-type") != Some("application/json") {
        wrong.push("the content type is not application/json".to_owned());
    }
    if !header("accept").is_some_and(|accept| accept.contains("text/event-stream")) {
        wrong.push("a stream is not accepted".to_owned());
    }
    match serde_json::from_slice::<Value>(body) {
        Ok(body) => check_body(&body, models, &mut wrong),
        Err(error) => wrong.push(format!("the body is no JSON: {error}")),
    }
    wrong
}

fn check_body(body: &Value, models: &[String], wrong: &mut Vec<String>) {
    let Some(object) = body.as_object() else {
        wrong.push("the body is no object".to_owned());
        return;
    };
    for name in object
        .keys()
        .filter(|name| !FIELDS.contains(&name.as_str()))
    {
        wrong.push(format!("the field {name} is unknown"));
    }
    if !object.values().all(|value| !value.is_null()) {
        wrong.push("a field is null".to_owned());
    }
    let model = body["model"].as_str().unwrap_or_default();
    if !models.iter().any(|known| known == model) {
        wrong.push(format!("the model {model:?} is unknown"));
    }
    if body["stream"] != true
        || body["temperature"]
            .as_f64()
            .is_none_or(|t| !(0.0..=2.0).contains(&t))
    {
        wrong.push("stream or temperature".to_owned());
    }
    if body["max_tokens"].as_u64().is_none_or(|tokens| tokens == 0) {
        wrong.push("max_tokens".to_owned());
    }
    check_messages(&body["messages"], wrong);
    check_form(body, wrong);
}

fn check_messages(messages: &Value, wrong: &mut Vec<String>) {
    let none = Vec::new();
    let mut turn = "user";
    let messages = messages.as_array().unwrap_or(&none);
    for (index, message) in messages.iter().enumerate() {
        let role = message["role"].as_str().unwrap_or_default();
        let content = message["content"].as_str().unwrap_or_default();
        if content.is_empty() || content.contains('\0') {
            wrong.push(format!("message {index} says nothing, or U+0000"));
        }
        if message.as_object().is_none_or(|fields| fields.len() != 2) {
            wrong.push(format!("message {index} has other fields"));
        }
        match role {
            "system" if index == 0 => {}
            role if role == turn => turn = if turn == "user" { "assistant" } else { "user" },
            _ => wrong.push(format!("message {index} is out of turn: {role}")),
        }
    }
    if messages.last().is_none_or(|last| last["role"] != "user") {
        wrong.push("the last message is not the user's".to_owned());
    }
}

fn check_form(body: &Value, wrong: &mut Vec<String>) {
    let name_is_sound = |name: &Value| {
        name.as_str().is_some_and(|name| {
            let sound = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
            (1..=64).contains(&name.len()) && name.chars().all(sound)
        })
    };
    if let Some(format) = body.get("response_format") {
        let sound = match format["type"].as_str() {
            Some("json_object") => true,
            Some("json_schema") => {
                let schema = &format["json_schema"];
                name_is_sound(&schema["name"]) && schema["schema"].is_object()
            }
            _ => false,
        };
        if !sound {
            wrong.push("response_format".to_owned());
        }
    }
    if body.get("tools").is_some() != body.get("tool_choice").is_some() {
        wrong.push("tools and tool_choice go together".to_owned());
    }
    for tool in body["tools"].as_array().into_iter().flatten() {
        let function = &tool["function"];
        let sound = tool["type"] == "function"
            && name_is_sound(&function["name"])
            && function["parameters"].is_object();
        if !sound {
            wrong.push("a tool's form".to_owned());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderMap;
    use serde_json::json;

    /// The checker itself can object: each of these breaks one thing.
    #[test]
    fn it_objects_to_what_is_wrong() {
        let good = json!({
            "model": "m", "stream": true, "max_tokens": 5, "temperature": 0,
            "messages": [{ "role": "system", "content": "s" }, { "role": "user", "content": "u" }],
        });
        let mut headers = HeaderMap::new();
        for (name, value) in [
            ("authorization", "Bearer k"),
            ("content-type", "application/json"),
            ("accept", "text/event-stream"),
        ] {
            headers.insert(name, value.parse().unwrap());
        }
        let models = ["m".to_owned()];
        let faults =
            |body: &Value| check(&headers, Some("k"), &models, body.to_string().as_bytes());
        assert_eq!(faults(&good), Vec::<String>::new());
        assert_eq!(
            check(&headers, Some("x"), &models, good.to_string().as_bytes()).len(),
            1
        );
        assert_eq!(check(&HeaderMap::new(), Some("k"), &models, b"{").len(), 4);
        let user = |text: &str| json!({ "role": "user", "content": text });
        let assistant = json!({ "role": "assistant", "content": "a" });
        for (field, value) in [
            ("model", json!("other")),
            ("seed", json!(1)),
            ("stream", json!(false)),
            ("max_tokens", json!(0)),
            ("temperature", json!(3)),
            ("tools", json!([])),
            ("response_format", json!({ "type": "xml" })),
            (
                "response_format",
                json!({ "type": "json_schema", "json_schema": { "name": "a b", "schema": {} } }),
            ),
            ("messages", json!([])),
            ("messages", json!([user("")])),
            ("messages", json!([user("a\u{0}")])),
            ("messages", json!([user("a"), user("b")])),
            ("messages", json!([user("a"), assistant])),
            ("messages", json!([assistant, user("a")])),
        ] {
            let mut body = good.clone();
            body[field] = value.clone();
            assert!(!faults(&body).is_empty(), "{field}: {value}");
        }
    }
}
