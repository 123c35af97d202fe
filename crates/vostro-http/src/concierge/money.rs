//! `GET` and `PUT /api/v1/admin/money`: the stop of all money commands, for operators.
//!
//! Who may ask is the table's (`Rule::Admin`). The switch is the store's, so that every replica obeys it
//! from the moment this is answered. Four eyes are left to sign-in: with one shared secret there is no second person.

use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use vostro_bank::{MoneySwitch, Order};

use super::State as Shared;
use super::turns::store_problem;
use crate::docs::{BodyFailures, Failures};
use crate::extract::{Fields, FromFields, JsonBody};
use crate::problem::{ErrorBody, Problem};

/// An order to stop all money commands, or to let them go on.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(example = json!({"stopped": true, "by": "anna", "reason": "payments look wrong"}))]
#[allow(dead_code, reason = "the schema of what `SwitchOrder` reads")]
pub(crate) struct SwitchRequest {
    /// Whether they are to be stopped.
    stopped: bool,
    /// Who orders it: one line of at most 64 characters.
    #[schema(
        min_length = 1,
        max_length = 64,
        pattern = r"^[^\x00-\x1f\x7f-\x9f]*[^\s\x00-\x1f\x7f-\x9f][^\x00-\x1f\x7f-\x9f]*$"
    )]
    by: String,
    /// Why: one line of at most 200 characters.
    #[schema(
        min_length = 1,
        max_length = 200,
        pattern = r"^[^\x00-\x1f\x7f-\x9f]*[^\s\x00-\x1f\x7f-\x9f][^\x00-\x1f\x7f-\x9f]*$"
    )]
    reason: String,
}

/// Whether money commands are carried out.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "stopped": true,
    "by_configuration": false,
    "by": "operator:anna",
    "reason": "payments look wrong",
    "at": "2026-11-20T14:00:00Z"
}))]
pub(crate) struct MoneyState {
    /// Whether they are stopped: by an order, or by this process's configuration.
    stopped: bool,
    /// Whether this process's configuration stops them, whatever was ordered.
    by_configuration: bool,
    /// Who gave the last order; null when nobody ever did.
    by: Option<String>,
    /// Why.
    reason: Option<String>,
    /// When.
    #[schema(value_type = Option<String>, format = DateTime)]
    at: Option<String>,
}

impl From<MoneySwitch> for MoneyState {
    fn from(switch: MoneySwitch) -> Self {
        Self {
            stopped: switch.stopped,
            by_configuration: switch.by_configuration,
            by: switch.by,
            reason: switch.reason,
            at: switch.at.map(|at| at.to_string()),
        }
    }
}

/// The order, checked.
pub(super) struct SwitchOrder {
    stopped: bool,
    order: Order,
}

impl FromFields for SwitchOrder {
    fn from_fields(fields: &Fields) -> Result<Self, Problem> {
        let (stopped, given) = (
            fields.flag("stopped", false)?,
            fields.flag("stopped", true)?,
        );
        if stopped != given {
            return Err(Problem::invalid("`stopped` is missing"));
        }
        let by = fields.required_text(&["by"])?;
        let reason = fields.required_text(&["reason"])?;
        let order = Order::operator(by, reason)
            .map_err(|error| Problem::invalid(format!("`by` and `reason`: {error}")))?;
        Ok(Self { stopped, order })
    }
}

/// Whether money commands are carried out
///
/// For operators. Everything else goes on while they are stopped, `/ready` included.
#[utoipa::path(
    get, path = "/api/v1/admin/money", operation_id = "moneyState", tag = "admin",
    responses(
        (status = 200, description = "How it stands", body = MoneyState),
        (status = 401, description = "The operators' secret is missing or wrong", body = ErrorBody, content_type = "application/problem+json"),
        (status = 403, description = "There is no such secret, or in the sandbox the call is not from this machine", body = ErrorBody, content_type = "application/problem+json"),
        (status = 503, description = "The records do not answer", body = ErrorBody, content_type = "application/problem+json"),
        Failures,
    ),
)]
pub(super) async fn money(
    State((edge, service)): State<Shared>,
) -> Result<Json<MoneyState>, Problem> {
    let switch = service.store.money_switch().await;
    let switch = switch.map_err(|error| store_problem(&error))?;
    edge.metrics().money_stopped(switch.stopped);
    Ok(Json(switch.into()))
}

/// Stop all money commands, or let them go on
///
/// For operators. Holds for every replica from the moment it is answered; it waits for the commands under
/// way. Nothing is proposed, posted, paid out or taken back while money is stopped, and customers are told.
#[utoipa::path(
    put, path = "/api/v1/admin/money", operation_id = "switchMoney", tag = "admin",
    request_body(content = SwitchRequest, content_type = "application/json"),
    responses(
        (status = 200, description = "How it stands now", body = MoneyState),
        (status = 401, description = "The operators' secret is missing or wrong", body = ErrorBody, content_type = "application/problem+json"),
        (status = 403, description = "There is no such secret, or in the sandbox the call is not from this machine", body = ErrorBody, content_type = "application/problem+json"),
        (status = 503, description = "The records do not answer", body = ErrorBody, content_type = "application/problem+json"),
        BodyFailures, Failures,
    ),
)]
pub(super) async fn switch_money(
    State((edge, service)): State<Shared>,
    JsonBody(asked, _): JsonBody<SwitchOrder>,
) -> Result<Json<MoneyState>, Problem> {
    let switch = service
        .store
        .switch_money(asked.stopped, &asked.order)
        .await;
    let switch = switch.map_err(|error| store_problem(&error))?;
    edge.metrics().money_stopped(switch.stopped);
    let (by, reason) = (asked.order.by(), asked.order.reason());
    tracing::warn!(
        stopped = switch.stopped,
        by,
        reason,
        "the money switch was turned"
    );
    Ok(Json(switch.into()))
}
