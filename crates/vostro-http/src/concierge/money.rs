//! `GET` and `PUT /api/v1/admin/money`: the stop of all money commands, for operators.
//!
//! Who may ask is the table's (`Rule::Admin`). The switch is the store's, so that every replica obeys it
//! from the moment this is answered. Where an order takes two administrators, it waits here for the second
//! (`money_requests.rs`); which do is a setting ([`TwoPeople`]).

use axum::Json;
use axum::extract::{Extension, State};
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use vostro_bank::{MoneySwitch, Order, SwitchRequest as Asked};

use super::State as Shared;
use super::money_requests::{Decision, OperatorName, Reason};
use super::turns::store_problem;
use crate::docs::{BodyFailures, Failures};
use crate::edge::Caller;
use crate::extract::{Fields, FromFields, JsonBody};
use crate::problem::{ErrorBody, Problem};

/// An order to stop all money commands, or to let them go on.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(example = json!({"stopped": true, "by": "anna", "reason": "payments look wrong"}))]
#[allow(dead_code, reason = "the schema of what `SwitchOrder` reads")]
pub(crate) struct SwitchRequest {
    /// Whether they are to be stopped.
    stopped: bool,
    #[schema(inline)]
    by: OperatorName,
    #[schema(inline)]
    reason: Reason,
}

/// Whether money commands are carried out.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "stopped": true,
    "by_configuration": false,
    "by": "operator:anna",
    "reason": "payments look wrong",
    "at": "2026-11-20T14:00:00Z",
    "requests": []
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
    /// Orders that wait for a second administrator, oldest first.
    requests: Vec<WaitingOrder>,
}

/// An order that waits for a second administrator.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct WaitingOrder {
    /// The request: what is approved or taken back.
    request_id: String,
    /// Whether money is to be stopped, or to go on.
    stopped: bool,
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

impl From<Asked> for WaitingOrder {
    fn from(request: Asked) -> Self {
        Self {
            request_id: request.id.into(),
            stopped: request.stopped,
            by: request.by,
            reason: request.reason,
            at: request.at.to_string(),
            expires_at: request.expires_at.to_string(),
        }
    }
}

/// How the switch stands, with what waits.
pub(super) async fn standing(
    (edge, service): &Shared,
    switch: MoneySwitch,
) -> Result<Json<MoneyState>, Problem> {
    let requests = service.store.switch_requests().await;
    let requests = requests.map_err(|error| store_problem(&error))?;
    edge.metrics().money_stopped(switch.stopped);
    Ok(Json(MoneyState {
        stopped: switch.stopped,
        by_configuration: switch.by_configuration,
        by: switch.by,
        reason: switch.reason,
        at: switch.at.map(|at| at.to_string()),
        requests: requests.into_iter().map(WaitingOrder::from).collect(),
    }))
}

/// Tells the log that the switch was turned.
pub(super) fn tell(switch: &MoneySwitch, order: &Order) {
    let (by, reason) = (order.by(), order.reason());
    let stopped = switch.stopped;
    tracing::warn!(stopped, by, reason, "the money switch was turned");
}

/// The order, as the request says.
pub(super) struct SwitchOrder {
    stopped: bool,
    decision: Decision,
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
        Ok(Self {
            stopped,
            decision: Decision::from_fields(fields)?,
        })
    }
}

/// Whether money commands are carried out
///
/// For operators. Everything else goes on while they are stopped, `/ready` included.
#[utoipa::path(
    get, path = "/api/v1/admin/money", operation_id = "moneyState", tag = "admin",
    responses(
        (status = 200, description = "How it stands", body = MoneyState),
        (status = 503, description = "The records do not answer", body = ErrorBody, content_type = "application/problem+json"),
        Failures,
    ),
)]
pub(super) async fn money(State(shared): State<Shared>) -> Result<Json<MoneyState>, Problem> {
    let switch = shared.1.store.money_switch().await;
    standing(&shared, switch.map_err(|error| store_problem(&error))?).await
}

/// Stop all money commands, or let them go on
///
/// For operators. Nothing is proposed, posted, paid out or taken back while money is stopped, and customers are
/// told. Where the order takes two administrators the answer is 202: it is among `requests`, as the last, until
/// another approves it. Otherwise it holds for every replica from the moment it is answered (200); it waits for the
/// commands under way.
#[utoipa::path(
    put, path = "/api/v1/admin/money", operation_id = "switchMoney", tag = "admin",
    request_body(content = SwitchRequest, content_type = "application/json"),
    responses(
        (status = 200, description = "How it stands now", body = MoneyState),
        (status = 202, description = "The order waits for a second administrator", body = MoneyState),
        (status = 503, description = "The records do not answer", body = ErrorBody, content_type = "application/problem+json"),
        BodyFailures, Failures,
    ),
)]
pub(super) async fn switch_money(
    State(shared): State<Shared>,
    Extension(caller): Extension<Caller>,
    JsonBody(asked, _): JsonBody<SwitchOrder>,
) -> Result<(StatusCode, Json<MoneyState>), Problem> {
    let (edge, service) = &shared;
    let order = asked.decision.signed(&caller)?;
    let settings = edge.settings();
    if !settings.two_people.take(asked.stopped) {
        let switch = service.store.switch_money(asked.stopped, &order).await;
        let switch = switch.map_err(|error| store_problem(&error))?;
        tell(&switch, &order);
        return Ok((StatusCode::OK, standing(&shared, switch).await?));
    }
    let id = edge.new_approval_id();
    let expires_at = edge.instant() + settings.approval_ttl;
    let asking = service
        .store
        .request_switch(&id, asked.stopped, expires_at, &order);
    asking.await.map_err(|error| store_problem(&error))?;
    let switch = service.store.money_switch().await;
    let switch = switch.map_err(|error| store_problem(&error))?;
    Ok((StatusCode::ACCEPTED, standing(&shared, switch).await?))
}
