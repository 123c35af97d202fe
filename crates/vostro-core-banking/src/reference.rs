//! An adapter to learn from: the contract over a Vostro store, as a router.
//!
//! It shows what an adapter of a bank's own ledger has to do, and nothing more: each request is one command of
//! the store, the key is the name of a confirmation, and rules on money are the ledger's. What it leaves to the
//! bank's own: who may call it (a token at its door), encryption, limits on requests.

use std::sync::Arc;

use axum::extract::rejection::{JsonRejection, QueryRejection};
use axum::extract::{Path, Query, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use vostro_bank::{
    AuditEvent, AuditKind, HistoryQuery, Order, PendingTransfer, PostOutcome, ProposeOutcome,
    Store, StoreError,
};
use vostro_ledger::{Decline, MoneyIntent, Proposal, Settlement, TransferStatus};
use vostro_types::{Clock, ConfirmationId, CustomerId};

use crate::contract::{PROBLEM_JSON, Posted, TransferKey, TransferOrder, TransferState};

/// How long what was placed is held when nobody posts or voids it.
const HELD: SignedDuration = SignedDuration::from_hours(24);

/// A ledger behind the contract.
#[derive(Clone)]
struct Core {
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
}

/// The contract over a store.
pub fn reference_router(store: Arc<dyn Store>, clock: Arc<dyn Clock>) -> Router {
    Router::new()
        .route("/v1/ready", get(ready))
        .route("/v1/customers/{customer}", get(portfolio))
        .route("/v1/customers/{customer}/transactions", get(history))
        .route("/v1/customers/{customer}/spending", get(spending))
        .route(
            "/v1/customers/{customer}/transfers/{key}",
            get(transfer).put(place),
        )
        .route(
            "/v1/customers/{customer}/transfers/{key}/post",
            post(order_post),
        )
        .route(
            "/v1/customers/{customer}/transfers/{key}/void",
            post(order_void),
        )
        .with_state(Core { store, clock })
}

/// A refusal as problem details.
struct Refusal(StatusCode, &'static str);

const UNREADABLE: Refusal = Refusal(StatusCode::BAD_REQUEST, "the query cannot be read");
const ABSENT: Refusal = Refusal(StatusCode::NOT_FOUND, "there is nothing of this name");

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let Self(status, detail) = self;
        let title = status.canonical_reason().unwrap_or_default();
        let body = json!({ "title": title, "status": status.as_u16(), "detail": detail });
        let kind = [(header::CONTENT_TYPE, PROBLEM_JSON)];
        (status, kind, body.to_string()).into_response()
    }
}

impl From<StoreError> for Refusal {
    fn from(error: StoreError) -> Self {
        tracing::error!(
            error = &error as &dyn std::error::Error,
            "the store gave no answer"
        );
        match error {
            StoreError::Unavailable(_) => Self(
                StatusCode::SERVICE_UNAVAILABLE,
                "the ledger does not answer; give the request again",
            ),
            StoreError::Corrupt { .. } | StoreError::Failed(_) => {
                Self(StatusCode::INTERNAL_SERVER_ERROR, "the ledger failed")
            }
        }
    }
}

async fn ready(State(core): State<Core>) -> Result<StatusCode, Refusal> {
    core.store.ping().await?;
    Ok(StatusCode::OK)
}

async fn portfolio(
    State(core): State<Core>,
    Path(customer): Path<String>,
) -> Result<Response, Refusal> {
    let found = core.store.portfolio(&owner(customer)?).await?;
    Ok(Json(found.ok_or(ABSENT)?).into_response())
}

async fn history(
    State(core): State<Core>,
    Path(customer): Path<String>,
    query: Result<Query<HistoryQuery>, QueryRejection>,
) -> Result<Response, Refusal> {
    let Query(query) = query.map_err(|_| UNREADABLE)?;
    let page = core.store.history(&owner(customer)?, &query).await?;
    Ok(Json(page).into_response())
}

async fn spending(
    State(core): State<Core>,
    Path(customer): Path<String>,
    query: Result<Query<HistoryQuery>, QueryRejection>,
) -> Result<Response, Refusal> {
    let Query(query) = query.map_err(|_| UNREADABLE)?;
    let sum = core.store.spending(&owner(customer)?, &query).await?;
    Ok(Json(sum).into_response())
}

async fn transfer(
    State(core): State<Core>,
    Path((customer, key)): Path<(String, String)>,
) -> Result<Json<TransferState>, Refusal> {
    let (customer, key) = (owner(customer)?, named(key)?);
    Ok(Json(core.standing(&customer, &key).await?.ok_or(ABSENT)?))
}

async fn place(
    State(core): State<Core>,
    Path((customer, key)): Path<(String, String)>,
    body: Result<Json<TransferOrder>, JsonRejection>,
) -> Result<Json<TransferState>, Refusal> {
    let (customer, key) = (owner(customer)?, named(key)?);
    let Json(TransferOrder { intent }) = body.map_err(|_| {
        Refusal(
            StatusCode::UNPROCESSABLE_ENTITY,
            "the body is no transfer order",
        )
    })?;
    if intent.customer != customer {
        return Err(Refusal(
            StatusCode::UNPROCESSABLE_ENTITY,
            "the order is another customer's",
        ));
    }
    core.place(&key, intent).await.map(Json)
}

async fn order_post(
    State(core): State<Core>,
    Path((customer, key)): Path<(String, String)>,
) -> Result<Json<TransferState>, Refusal> {
    let (customer, key) = (owner(customer)?, named(key)?);
    let placed = core.placed(&customer, &key).await?.ok_or(ABSENT)?;
    let order = Order::customer(&context(&customer), "posted by the concierge");
    core.store
        .post_pending(&placed.transfer, None, &order)
        .await?;
    Ok(Json(core.standing(&customer, &key).await?.ok_or(ABSENT)?))
}

async fn order_void(
    State(core): State<Core>,
    Path((customer, key)): Path<(String, String)>,
) -> Result<Json<TransferState>, Refusal> {
    let (customer, key) = (owner(customer)?, named(key)?);
    let placed = core.placed(&customer, &key).await?.ok_or(ABSENT)?;
    let order = Order::customer(&context(&customer), "voided by the concierge");
    core.store.void_pending(&placed.transfer, &order).await?;
    Ok(Json(core.standing(&customer, &key).await?.ok_or(ABSENT)?))
}

fn owner(text: String) -> Result<CustomerId, Refusal> {
    CustomerId::new(text).map_err(|_| ABSENT)
}

fn named(text: String) -> Result<TransferKey, Refusal> {
    TransferKey::try_from(text).map_err(|_| {
        Refusal(
            StatusCode::BAD_REQUEST,
            "a key has 64 hexadecimal digits in lower case",
        )
    })
}

/// The confirmation that a key names.
fn confirmation(key: &TransferKey) -> Result<ConfirmationId, Refusal> {
    ConfirmationId::new(format!("cnf_{key}")).map_err(|_| ABSENT)
}

fn context(customer: &CustomerId) -> AuditEvent {
    AuditEvent {
        kind: AuditKind::Confirmed,
        customer: customer.clone(),
        session: None,
        turn: None,
        detail: json!({}),
    }
}

impl Core {
    async fn placed(
        &self,
        customer: &CustomerId,
        key: &TransferKey,
    ) -> Result<Option<PendingTransfer>, Refusal> {
        Ok(self.store.placed(customer, &confirmation(key)?).await?)
    }

    /// How what was placed under a key stands.
    async fn standing(
        &self,
        customer: &CustomerId,
        key: &TransferKey,
    ) -> Result<Option<TransferState>, Refusal> {
        let Some(placed) = self.placed(customer, key).await? else {
            return Ok(None);
        };
        let posted = if placed.status == TransferStatus::Posted {
            let receipt = self.store.receipt(customer, &confirmation(key)?).await?;
            receipt.map(|receipt| Posted {
                at: receipt.posted_at,
                source_balance: receipt.source_balance,
                source_available: receipt.source_available,
            })
        } else {
            None
        };
        Ok(Some(TransferState {
            key: key.clone(),
            intent: placed.intent,
            transfer: Some(placed.transfer),
            status: Some(placed.status),
            decline: None,
            posted,
        }))
    }

    /// Places once under a key; whoever asks again is told how it stands, and another content is refused.
    async fn place(
        &self,
        key: &TransferKey,
        intent: MoneyIntent,
    ) -> Result<TransferState, Refusal> {
        let customer = intent.customer.clone();
        if let Some(standing) = self.standing(&customer, key).await? {
            return same(standing, &intent);
        }
        let now = self.clock.now();
        let until = now.saturating_add(HELD).unwrap_or(Timestamp::MAX);
        let proposal = Proposal::new(confirmation(key)?, intent.clone(), until);
        let context = context(&customer);
        let offered = self.store.propose(&proposal, &context).await;
        if !matches!(offered, Ok(ProposeOutcome::Proposed)) {
            // The same order, delivered twice at once: the other delivery placed it since, so that its id is
            // taken, and the funds that it holds may be those that are missing here.
            if let Some(standing) = self.standing(&customer, key).await? {
                return same(standing, &intent);
            }
        }
        if let ProposeOutcome::Declined(decline) = offered? {
            return Ok(declined(key.clone(), intent, decline));
        }
        let confirmed = proposal.confirm(&customer, now).map_err(|_| ABSENT)?;
        let settlement = Settlement {
            settles_at: until,
            expires_at: until,
        };
        let outcome = self.store.place_pending(confirmed, settlement, &context);
        if let PostOutcome::Declined(decline) = outcome.await? {
            return Ok(declined(key.clone(), intent, decline));
        }
        match self.standing(&customer, key).await? {
            Some(standing) => same(standing, &intent),
            // The key names a proposal with another content, which was never placed.
            None => Err(OTHER_CONTENT),
        }
    }
}

const OTHER_CONTENT: Refusal = Refusal(
    StatusCode::CONFLICT,
    "something else was ordered under this key",
);

fn same(standing: TransferState, intent: &MoneyIntent) -> Result<TransferState, Refusal> {
    if standing.intent == *intent {
        Ok(standing)
    } else {
        Err(OTHER_CONTENT)
    }
}

const fn declined(key: TransferKey, intent: MoneyIntent, decline: Decline) -> TransferState {
    TransferState {
        key,
        intent,
        transfer: None,
        status: None,
        decline: Some(decline),
        posted: None,
    }
}
