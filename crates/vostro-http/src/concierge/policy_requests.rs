//! `POST /api/v1/admin/policies/requests/{request_id}/approve` and `…/withdraw`: the second of four eyes on a policy.
//!
//! What is approved is the text that was asked for, which nobody can change in between. It is read once more before, since
//! another version of the program may have taken the request.

use axum::Json;
use axum::extract::rejection::PathRejection;
use axum::extract::{Extension, Path, State};
use vostro_bank::PolicyApproval;

use super::State as Shared;
use super::money_requests::{Decision, DecisionRequest, named, not_open, same_person};
use super::policies::{PolicyState, standing};
use super::turns::store_problem;
use crate::docs::{BodyFailures, Failures};
use crate::edge::Caller;
use crate::extract::JsonBody;
use crate::problem::{ErrorBody, Problem};

/// Approve a change of a policy
///
/// For a second administrator. It is in force with the answer for the process that gives it, and for every other one
/// within seconds.
#[utoipa::path(
    post, path = "/api/v1/admin/policies/requests/{request_id}/approve", operation_id = "approvePolicy", tag = "admin",
    params(("request_id" = String, Path, description = "The request", example = "apr_00041061050r3gg28a1c60t3gf")),
    request_body(content = DecisionRequest, content_type = "application/json"),
    responses(
        (status = 200, description = "How policies stand now", body = PolicyState),
        (status = 404, description = "There is no such request, it was decided, or its time is over", body = ErrorBody, content_type = "application/problem+json"),
        (status = 409, description = "Who approves is who asked", body = ErrorBody, content_type = "application/problem+json"),
        (status = 503, description = "The records do not answer", body = ErrorBody, content_type = "application/problem+json"),
        BodyFailures, Failures,
    ),
)]
pub(super) async fn approve(
    State(shared): State<Shared>,
    Extension(caller): Extension<Caller>,
    id: Result<Path<String>, PathRejection>,
    JsonBody(decision, _): JsonBody<Decision>,
) -> Result<Json<PolicyState>, Problem> {
    let (store, rules) = (&shared.1.store, &shared.1.policies);
    let order = decision.signed(&caller)?;
    let id = named(id)?;
    let waiting = store.policy_requests().await;
    let waiting = waiting.map_err(|error| store_problem(&error))?;
    let asked = waiting.into_iter().find(|request| request.id == id);
    let asked = asked.ok_or_else(not_open)?;
    let checked = rules.check(asked.kind, &asked.content).await;
    checked.map_err(|why| Problem::invalid(format!("what was asked for: {why}")))?;
    let approval = store.approve_policy(&id, &order).await;
    match approval.map_err(|error| store_problem(&error))? {
        PolicyApproval::InForce(now) => {
            let (policy, version) = (now.kind.as_str(), now.version);
            let (by, reason) = (order.by(), order.reason());
            tracing::warn!(policy, version, by, reason, "a policy was changed");
            standing(&shared).await
        }
        PolicyApproval::SamePerson => Err(same_person()),
        PolicyApproval::NotOpen => Err(not_open()),
    }
}

/// Take a change of a policy back, or turn it down
///
/// For any administrator of policies, who asked among them.
#[utoipa::path(
    post, path = "/api/v1/admin/policies/requests/{request_id}/withdraw", operation_id = "withdrawPolicy", tag = "admin",
    params(("request_id" = String, Path, description = "The request", example = "apr_00041061050r3gg28a1c60t3gf")),
    request_body(content = DecisionRequest, content_type = "application/json"),
    responses(
        (status = 200, description = "How policies stand now", body = PolicyState),
        (status = 404, description = "There is no such request, it was decided, or its time is over", body = ErrorBody, content_type = "application/problem+json"),
        (status = 503, description = "The records do not answer", body = ErrorBody, content_type = "application/problem+json"),
        BodyFailures, Failures,
    ),
)]
pub(super) async fn withdraw(
    State(shared): State<Shared>,
    Extension(caller): Extension<Caller>,
    id: Result<Path<String>, PathRejection>,
    JsonBody(decision, _): JsonBody<Decision>,
) -> Result<Json<PolicyState>, Problem> {
    let order = decision.signed(&caller)?;
    let withdrawn = shared.1.store.withdraw_policy(&named(id)?, &order).await;
    if !withdrawn.map_err(|error| store_problem(&error))? {
        return Err(not_open());
    }
    standing(&shared).await
}
