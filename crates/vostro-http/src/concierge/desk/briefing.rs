//! `GET /api/v1/desk/handoffs/{handoff_id}/briefing`: the conversation in a language model's few sentences.
//!
//! Apart from the entry itself, so that a colleague who opens it waits for no model.

use axum::Json;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use serde::Serialize;
use utoipa::ToSchema;
use vostro_dialogue::briefing::{Briefing, NoBriefing, Told};
use vostro_telemetry::ModelPurpose;

use super::super::State as Shared;
use super::super::turns::{store_problem, tell_use};
use super::{named, not_found};
use crate::docs::Failures;
use crate::problem::{ErrorBody, Problem};

/// A sentence about the conversation.
#[derive(Debug, Serialize, ToSchema)]
pub(in super::super) struct ToldView {
    /// The sentence.
    text: String,
    /// The turns that it tells, by their `version`.
    turns: Vec<u64>,
}

/// What a conversation was about.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "sentences": [{"text": "The customer reported a stolen card.", "turns": [1]}],
    "written_by": "meta-llama/Llama-3.3-70B-Instruct-Turbo"
}))]
pub(in super::super) struct BriefingView {
    /// The sentences; each was compared with the turns that it tells, and those that did not hold were left out.
    sentences: Vec<ToldView>,
    /// The model that wrote them.
    #[serde(skip_serializing_if = "Option::is_none")]
    written_by: Option<String>,
    /// Why there are none: `no_model`, `language`, `nothing_said`, `model_failed`, `nothing_holds`.
    #[serde(skip_serializing_if = "Option::is_none")]
    none_because: Option<&'static str>,
}

impl From<Result<Briefing, NoBriefing>> for BriefingView {
    fn from(made: Result<Briefing, NoBriefing>) -> Self {
        match made {
            Ok(briefing) => Self {
                sentences: briefing.sentences.into_iter().map(view).collect(),
                written_by: Some(briefing.model),
                none_because: None,
            },
            Err(why) => Self {
                sentences: Vec::new(),
                written_by: None,
                none_because: Some(match why {
                    NoBriefing::NoModel => "no_model",
                    NoBriefing::Language => "language",
                    NoBriefing::NothingSaid => "nothing_said",
                    NoBriefing::Failed => "model_failed",
                    NoBriefing::NothingHolds => "nothing_holds",
                }),
            },
        }
    }
}

fn view(told: Told) -> ToldView {
    ToldView {
        text: told.text,
        turns: told.turns,
    }
}

/// What a conversation for people was about
///
/// For colleagues. Written by the language model, if one is configured, from the last ten turns; each sentence names the
/// turns that it tells. The entry's own `summary` needs no model.
#[utoipa::path(
    get, path = "/api/v1/desk/handoffs/{handoff_id}/briefing", operation_id = "briefHandoff", tag = "desk",
    params(("handoff_id" = String, Path, description = "The entry", example = "hnd_00041061050r3gg28a1c60t3gf")),
    responses(
        (status = 200, description = "The sentences, or why there are none", body = BriefingView),
        (status = 404, description = "There is no such entry", body = ErrorBody, content_type = "application/problem+json"),
        (status = 503, description = "The records do not answer", body = ErrorBody, content_type = "application/problem+json"),
        Failures,
    ),
)]
pub(in super::super) async fn briefing(
    State(shared): State<Shared>,
    id: Result<Path<String>, PathRejection>,
) -> Result<Json<BriefingView>, Problem> {
    let (edge, service) = shared;
    let id = named(id)?;
    let found = service.store.hand_off(&id).await;
    let found = found
        .map_err(|error| store_problem(&error))?
        .ok_or_else(not_found)?;
    let briefed = service.concierge.brief(&found).await;
    let briefed = briefed.map_err(|error| store_problem(&error))?;
    if let Some(used) = &briefed.used {
        tell_use(edge.metrics(), ModelPurpose::Summary, used);
    }
    Ok(Json(briefed.briefing.into()))
}
