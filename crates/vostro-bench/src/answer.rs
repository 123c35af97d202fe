//! An answer to one request, and what it counts as.

use serde_json::{Value, json};

use crate::figures::Outcome;
use crate::target::told;

/// An answer as it came.
pub(crate) struct Answer {
    /// Its status.
    pub(crate) status: u16,
    /// Its body; null when that is no JSON.
    pub(crate) body: Value,
}

/// Sends a request and reads its whole answer; a body that is no JSON is null.
pub(crate) async fn send(request: reqwest::RequestBuilder) -> Result<Answer, String> {
    let answer = request.send().await.map_err(|error| told(&error))?;
    let status = answer.status().as_u16();
    let retries = answer.headers().contains_key("retry-after");
    let bytes = answer.bytes().await.map_err(|error| told(&error))?;
    let mut body: Value = serde_json::from_slice(&bytes).unwrap_or_default();
    if status == 503 && retries {
        body["retry_after"] = json!(true);
    }
    Ok(Answer { status, body })
}

/// What became of a request, by its answer and what was expected of it.
pub(crate) fn judge(
    answer: Result<&Answer, &String>,
    expected: impl FnOnce(&Value) -> Result<(), &'static str>,
) -> Result<(), (Outcome, String)> {
    match answer {
        Ok(Answer { status: 200, body }) => {
            expected(body).map_err(|wrong| (Outcome::Wrong, wrong.to_owned()))
        }
        Ok(Answer { status: 429, .. }) => Err((Outcome::Shed, "429".to_owned())),
        Ok(Answer { status: 503, body }) if body["retry_after"] == true => {
            Err((Outcome::Shed, "503 with Retry-After".to_owned()))
        }
        Ok(Answer { status, .. }) => Err((Outcome::Failed, format!("status {status}"))),
        Err(reason) => Err((Outcome::Failed, reason.clone())),
    }
}
