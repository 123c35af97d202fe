//! `POST /api/v1/admin/money/requests/{request_id}/approve` and `…/withdraw`: the second of four eyes.
//!
//! Who approves is never who asked; the store holds that in the transaction that turns the switch, and so does the
//! database. A request that is decided or too old is not there any more.

use axum::Json;
use axum::extract::rejection::PathRejection;
use axum::extract::{Extension, Path, State};
use serde::Deserialize;
use utoipa::ToSchema;
use vostro_bank::{Approval, Order};
use vostro_types::ApprovalId;

use super::State as Shared;
use super::money::{MoneyState, standing, tell};
use super::turns::store_problem;
use crate::docs::{BodyFailures, Failures};
use crate::edge::Caller;
use crate::extract::{Fields, FromFields, JsonBody};
use crate::problem::{ErrorBody, Problem};

/// Who decides, and why.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(example = json!({"by": "ben", "reason": "seen it too"}))]
#[allow(dead_code, reason = "the schema of what `Decision` reads")]
pub(crate) struct DecisionRequest {
    #[schema(inline)]
    by: OperatorName,
    #[schema(inline)]
    reason: Reason,
}

/// Who orders, asks for or decides it, on one line; outside the sandbox the name of the credential.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(
    min_length = 1,
    max_length = 64,
    pattern = r"^[^\x00-\x1f\x7f-\x9f]*[^\s\x00-\x1f\x7f-\x9f][^\x00-\x1f\x7f-\x9f]*$"
)]
#[allow(dead_code, reason = "the schema of what `Decision` reads")]
pub(super) struct OperatorName(String);

/// Why: one line of at most 200 characters.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(
    min_length = 1,
    max_length = 200,
    pattern = r"^[^\x00-\x1f\x7f-\x9f]*[^\s\x00-\x1f\x7f-\x9f][^\x00-\x1f\x7f-\x9f]*$"
)]
#[allow(dead_code, reason = "the schema of what `Decision` reads")]
pub(super) struct Reason(String);

/// Who decides or orders something and why, as the request says.
pub(super) struct Decision {
    by: Option<String>,
    reason: String,
}

impl Decision {
    /// The order, under the name of the caller's credential.
    pub(super) fn signed(&self, caller: &Caller) -> Result<Order, Problem> {
        let by = caller.identity.signs(self.by.as_deref())?;
        Order::operator(&by, &self.reason)
            .map_err(|error| Problem::invalid(format!("`by` and `reason`: {error}")))
    }
}

impl FromFields for Decision {
    fn from_fields(fields: &Fields) -> Result<Self, Problem> {
        Ok(Self {
            by: fields.text(&["by"])?.map(str::to_owned),
            reason: fields.required_text(&["reason"])?.to_owned(),
        })
    }
}

/// Approve an order to stop all money, or to let it go on
///
/// For a second administrator. The switch is turned in the same transaction, for every replica.
#[utoipa::path(
    post, path = "/api/v1/admin/money/requests/{request_id}/approve", operation_id = "approveMoneySwitch", tag = "admin",
    params(("request_id" = String, Path, description = "The request", example = "apr_00041061050r3gg28a1c60t3gf")),
    request_body(content = DecisionRequest, content_type = "application/json"),
    responses(
        (status = 200, description = "How it stands now", body = MoneyState),
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
) -> Result<Json<MoneyState>, Problem> {
    let order = decision.signed(&caller)?;
    let approval = shared.1.store.approve_switch(&named(id)?, &order).await;
    match approval.map_err(|error| store_problem(&error))? {
        Approval::Turned(switch) => {
            tell(&switch, &order);
            standing(&shared, switch).await
        }
        Approval::SamePerson => Err(same_person()),
        Approval::NotOpen => Err(not_open()),
    }
}

/// Take an order back, or turn it down
///
/// For any administrator of money, who asked among them.
#[utoipa::path(
    post, path = "/api/v1/admin/money/requests/{request_id}/withdraw", operation_id = "withdrawMoneySwitch", tag = "admin",
    params(("request_id" = String, Path, description = "The request", example = "apr_00041061050r3gg28a1c60t3gf")),
    request_body(content = DecisionRequest, content_type = "application/json"),
    responses(
        (status = 200, description = "How it stands now", body = MoneyState),
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
) -> Result<Json<MoneyState>, Problem> {
    let store = &shared.1.store;
    let order = decision.signed(&caller)?;
    let withdrawn = store.withdraw_switch(&named(id)?, &order).await;
    if !withdrawn.map_err(|error| store_problem(&error))? {
        return Err(not_open());
    }
    let switch = store.money_switch().await;
    standing(&shared, switch.map_err(|error| store_problem(&error))?).await
}

pub(super) fn named(id: Result<Path<String>, PathRejection>) -> Result<ApprovalId, Problem> {
    let id = id.ok().and_then(|Path(id)| ApprovalId::new(id).ok());
    id.ok_or_else(not_open)
}

pub(super) fn same_person() -> Problem {
    Problem::conflict("this takes two administrators: who approves is not who asked")
}

pub(super) fn not_open() -> Problem {
    Problem::not_found("there is no such request that could still be decided")
}
