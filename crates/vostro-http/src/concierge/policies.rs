//! `GET /api/v1/admin/policies` and `PUT /api/v1/admin/policies/{policy}`: what a running bank's administrators say of
//! the guardrails and of the second factor.
//!
//! A change always waits for a second administrator (`policy_requests.rs`). It is kept in the store, and every replica goes
//! by it within seconds; a text that is no policy is refused here, before anybody is asked to approve it.

use axum::Json;
use axum::extract::rejection::PathRejection;
use axum::extract::{Extension, Path, State};
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use vostro_bank::{PolicyInForce, PolicyKind, PolicyRequest as Asked};

use super::State as Shared;
use super::money_requests::{Decision, OperatorName, Reason};
use super::turns::store_problem;
use crate::docs::{BodyFailures, Failures};
use crate::edge::Caller;
use crate::extract::{Fields, FromFields, JsonBody};
use crate::problem::{ErrorBody, Problem};

/// What a policy is to say.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(example = json!({"content": "above = \"500.00\"\n", "by": "anna", "reason": "a wave of fraud"}))]
#[allow(dead_code, reason = "the schema of what `Change` reads")]
pub(crate) struct PolicyChange {
    /// The policy as a file of it would be written (TOML), laid over what the files of each process say; empty to go
    /// back to those.
    content: String,
    #[schema(inline)]
    by: OperatorName,
    #[schema(inline)]
    reason: Reason,
}

/// The change, as the request says.
pub(super) struct Change {
    content: String,
    decision: Decision,
}

impl FromFields for Change {
    fn from_fields(fields: &Fields) -> Result<Self, Problem> {
        Ok(Self {
            content: fields.required_text(&["content"])?.to_owned(),
            decision: Decision::from_fields(fields)?,
        })
    }
}

/// The policies that administrators changed, and the changes that wait.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({"version": 0, "applied_version": 0, "policies": [], "requests": []}))]
pub(crate) struct PolicyState {
    /// The version of the latest change; 0 where nothing was ever changed.
    version: i64,
    /// The version that the process which answers goes by.
    applied_version: i64,
    /// What is in force beside the files, a kind at most once.
    policies: Vec<ChangedPolicy>,
    /// Changes that wait for a second administrator, oldest first.
    requests: Vec<WaitingChange>,
}

/// A policy that was changed.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ChangedPolicy {
    /// `guardrails` or `step_up`.
    #[schema(value_type = String)]
    policy: PolicyKind,
    /// Counts the changes of all policies.
    version: i64,
    /// What it says; empty where the files count again.
    content: String,
    /// Who asked for it.
    by: String,
    /// Why.
    reason: String,
    /// Who approved it.
    approved_by: String,
    /// When.
    #[schema(format = DateTime)]
    at: String,
}

/// A change that waits for a second administrator.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct WaitingChange {
    /// The request: what is approved or taken back.
    request_id: String,
    /// `guardrails` or `step_up`.
    #[schema(value_type = String)]
    policy: PolicyKind,
    /// What the policy is to say.
    content: String,
    /// Who asks.
    by: String,
    /// Why.
    reason: String,
    /// When it was asked.
    #[schema(format = DateTime)]
    at: String,
    /// Until when it can be approved.
    #[schema(format = DateTime)]
    expires_at: String,
}

impl From<PolicyInForce> for ChangedPolicy {
    fn from(policy: PolicyInForce) -> Self {
        Self {
            policy: policy.kind,
            version: policy.version,
            content: policy.content,
            by: policy.by,
            reason: policy.reason,
            approved_by: policy.approved_by,
            at: policy.at.to_string(),
        }
    }
}

impl From<Asked> for WaitingChange {
    fn from(request: Asked) -> Self {
        Self {
            request_id: request.id.into(),
            policy: request.kind,
            content: request.content,
            by: request.by,
            reason: request.reason,
            at: request.at.to_string(),
            expires_at: request.expires_at.to_string(),
        }
    }
}

/// How policies stand, with what waits.
pub(super) async fn standing((_, service): &Shared) -> Result<Json<PolicyState>, Problem> {
    let applied_version = service.policies.follow().await;
    let store = &service.store;
    let policies = store
        .policies()
        .await
        .map_err(|error| store_problem(&error))?;
    let requests = store.policy_requests().await;
    let requests = requests.map_err(|error| store_problem(&error))?;
    Ok(Json(PolicyState {
        version: policies
            .iter()
            .map(|policy| policy.version)
            .max()
            .unwrap_or(0),
        applied_version,
        policies: policies.into_iter().map(ChangedPolicy::from).collect(),
        requests: requests.into_iter().map(WaitingChange::from).collect(),
    }))
}

/// The policies that administrators changed
///
/// For operators: what is in force beside the files of each process, and the changes that wait for a second
/// administrator.
#[utoipa::path(
    get, path = "/api/v1/admin/policies", operation_id = "policyState", tag = "admin",
    responses(
        (status = 200, description = "How they stand", body = PolicyState),
        (status = 503, description = "The records do not answer", body = ErrorBody, content_type = "application/problem+json"),
        Failures,
    ),
)]
pub(super) async fn policies(State(shared): State<Shared>) -> Result<Json<PolicyState>, Problem> {
    standing(&shared).await
}

/// Ask for a change of a policy
///
/// For operators. It is among `requests`, as the last, until another administrator approves it; nothing changes before.
/// A text that is no policy is refused with its line and the reason.
#[utoipa::path(
    put, path = "/api/v1/admin/policies/{policy}", operation_id = "changePolicy", tag = "admin",
    params(("policy" = String, Path, description = "`guardrails` or `step_up`", example = "step_up")),
    request_body(content = PolicyChange, content_type = "application/json"),
    responses(
        (status = 202, description = "The change waits for a second administrator", body = PolicyState),
        (status = 404, description = "There is no such policy", body = ErrorBody, content_type = "application/problem+json"),
        (status = 503, description = "The records do not answer", body = ErrorBody, content_type = "application/problem+json"),
        BodyFailures, Failures,
    ),
)]
pub(super) async fn change_policy(
    State(shared): State<Shared>,
    Extension(caller): Extension<Caller>,
    policy: Result<Path<String>, PathRejection>,
    JsonBody(asked, _): JsonBody<Change>,
) -> Result<(StatusCode, Json<PolicyState>), Problem> {
    let (edge, service) = &shared;
    let kind = policy
        .ok()
        .and_then(|Path(policy)| PolicyKind::parse(&policy));
    let kind = kind.ok_or_else(|| {
        Problem::not_found("there is no such policy; there are `guardrails` and `step_up`")
    })?;
    let order = asked.decision.signed(&caller)?;
    let checked = service.policies.check(kind, &asked.content).await;
    checked.map_err(|why| Problem::invalid(format!("`content`: {why}")))?;
    let id = edge.new_approval_id();
    let expires_at = edge.instant() + edge.settings().approval_ttl;
    let asking = service
        .store
        .request_policy(&id, kind, &asked.content, expires_at, &order);
    asking.await.map_err(|error| store_problem(&error))?;
    let (policy, by) = (kind.as_str(), order.by());
    tracing::info!(
        policy,
        by,
        request = id.as_str(),
        "a change of a policy waits for approval"
    );
    Ok((StatusCode::ACCEPTED, standing(&shared).await?))
}
