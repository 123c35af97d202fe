//! `POST /api/v1/factor-answers`: the bank's own identity provider says whether a customer approved.
//!
//! The answer is signed, and the signature is all that it is believed for: it covers the challenge, what the
//! challenge is about, the word and the time (`vostro_step_up::provider`). A challenge is answered once. Who
//! is refused is not told why, so that nobody learns which challenges there are.

use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use vostro_bank::FactorOutcome;
use vostro_step_up::Answer;
use vostro_types::ChallengeId;

use super::State as Shared;
use super::turns::store_problem;
use crate::docs::{BodyFailures, Failures};
use crate::extract::{Fields, FromFields, JsonBody};
use crate::problem::{ErrorBody, Problem};

/// The longest signature, in characters of base64.
const LONGEST: usize = 512;

/// The provider's answer to a challenge.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(example = json!({
    "challenge": "chl_00041061050r3gg28a1c60t3gf",
    "approved": true,
    "at": 1_703_347_200,
    "signature": "k2a1…="
}))]
#[allow(dead_code, reason = "the schema of what `SignedAnswer` reads")]
pub(crate) struct FactorAnswerRequest {
    /// The challenge, as the event `factor.asked` named it.
    #[schema(
        min_length = 1,
        max_length = 128,
        pattern = r"^[^\x00-\x1f\x7f-\x9f]+$"
    )]
    challenge: String,
    /// Whether the customer approved.
    approved: bool,
    /// When, in Unix seconds; at most two minutes from now.
    #[schema(minimum = 0)]
    at: i64,
    /// Base64 of the signature over five lines: `vostro.factor-answer.v1`, the challenge, its hash in hexadecimal,
    /// `approved` or `denied`, and `at`.
    #[schema(min_length = 1, max_length = 512, pattern = r"^[^\x00]+$")]
    signature: String,
}

/// The answer was taken.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({ "accepted": true }))]
pub(crate) struct FactorAnswered {
    /// Whether the customer's yes counts now. `false` after a refusal, or while too much was wrong.
    accepted: bool,
}

pub(super) struct SignedAnswer {
    answer: Answer,
    signature: String,
}

impl FromFields for SignedAnswer {
    fn from_fields(fields: &Fields) -> Result<Self, Problem> {
        let challenge = ChallengeId::new(fields.required_text(&["challenge"])?)
            .map_err(|error| Problem::invalid(format!("`challenge`: {error}")))?;
        let (approved, given) = (
            fields.flag("approved", false)?,
            fields.flag("approved", true)?,
        );
        if approved != given {
            return Err(Problem::invalid("`approved` is missing"));
        }
        let at = second(fields.value("at"))
            .ok_or_else(|| Problem::invalid("`at` is to be a whole number, zero or more"))?;
        let signature = fields.required_text(&["signature"])?;
        if signature.is_empty() || signature.len() > LONGEST {
            return Err(Problem::invalid(format!(
                "`signature` has from 1 to {LONGEST} characters"
            )));
        }
        let answer = Answer {
            challenge,
            approved,
            at,
        };
        Ok(Self {
            answer,
            signature: signature.to_owned(),
        })
    }
}

/// A whole number of seconds, also one that is written with a fraction of zero; beyond what is counted in, the
/// last, which is never near enough.
fn second(value: Option<&Value>) -> Option<i64> {
    let value = value?;
    if let Some(second) = value.as_u64() {
        return Some(i64::try_from(second).unwrap_or(i64::MAX));
    }
    let float = value.as_f64();
    let float = float.filter(|float| *float >= 0.0 && float.fract() == 0.0)?;
    Some(format!("{float:.0}").parse().unwrap_or(i64::MAX))
}

fn refused() -> Problem {
    Problem::forbidden("this answer is not accepted")
}

/// Say whether a customer approved
///
/// For the bank's own identity provider, whose key is `step_up.provider_key_file`. Once a challenge was
/// approved, the customer's yes in the conversation counts.
#[utoipa::path(
    post, path = "/api/v1/factor-answers", operation_id = "answerFactor", tag = "concierge",
    request_body(content = FactorAnswerRequest, content_type = "application/json"),
    responses(
        (status = 200, description = "The answer was taken", body = FactorAnswered),
        (status = 403, description = "No such challenge waits, its time is over, the signature is not the provider's, or there is no provider", body = ErrorBody, content_type = "application/problem+json"),
        (status = 503, description = "The records do not answer", body = ErrorBody, content_type = "application/problem+json"),
        BodyFailures, Failures,
    ),
)]
pub(super) async fn answer_factor(
    State((edge, service)): State<Shared>,
    JsonBody(given, _): JsonBody<SignedAnswer>,
) -> Result<Json<FactorAnswered>, Problem> {
    let provider = service.provider.as_ref().ok_or_else(refused)?;
    let SignedAnswer { answer, signature } = given;
    let store = &service.store;
    let open = store.open_challenge(&answer.challenge).await;
    let open = open
        .map_err(|error| store_problem(&error))?
        .ok_or_else(refused)?;
    let now = jiff::Timestamp::try_from(edge.now()).map_err(|_| Problem::internal())?;
    if !provider.verifies(&answer, &open.hash, &signature, now) {
        return Err(refused());
    }
    let rules = service.concierge.factor_rules();
    let taken = store
        .answer_challenge(&answer.challenge, answer.approved, rules)
        .await;
    let outcome = taken
        .map_err(|error| store_problem(&error))?
        .ok_or_else(refused)?;
    Ok(Json(FactorAnswered {
        accepted: outcome == FactorOutcome::Passed,
    }))
}
