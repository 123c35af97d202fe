//! `PUT /api/v1/channels/{channel}/links`: the bank says whose an address of a channel is.
//!
//! Whoever writes from a linked address speaks as its customer, so a bank links what it has verified, and takes the
//! link away when a number changes hands. The address stands in the body, since paths end up in logs. Each change
//! is on the audit trail with who ordered it.

use axum::Json;
use axum::extract::rejection::PathRejection;
use axum::extract::{Extension, Path, State};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;
use vostro_bank::{AuditEvent, AuditKind, ChannelLink, Linking};
use vostro_types::CustomerId;

use super::super::State as Shared;
use super::super::desk::{Colleague, ColleagueName};
use super::super::turns::store_problem;
use super::named;
use crate::docs::{BodyFailures, Failures};
use crate::edge::{Caller, Edge};
use crate::extract::{Fields, FromFields, JsonBody, expect_chars};
use crate::problem::{ErrorBody, Problem};
use crate::services::ConciergeService;

/// The most characters of an address.
const ADDRESS_CHARS: usize = 128;

/// Whose an address is.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(example = json!({"address": "+15550100", "user_id": "test_user_12345", "by": "anna"}))]
#[allow(dead_code, reason = "the schema of what `Asked` reads")]
pub(crate) struct LinkRequest {
    /// The address, exactly as the channel writes it in its messages.
    #[schema(
        min_length = 1,
        max_length = 128,
        pattern = r"^[^\x00-\x1f\x7f-\x9f]+$"
    )]
    address: String,
    /// The customer; null or missing: nobody's from now on.
    #[schema(
        min_length = 1,
        max_length = 128,
        nullable,
        pattern = r"^[^\x00-\x1f\x7f-\x9f]+$"
    )]
    user_id: Option<String>,
    /// Who orders it, on one line; outside the sandbox the name of the credential.
    #[schema(inline)]
    by: Option<ColleagueName>,
}

/// The order, checked.
pub(in super::super) struct Asked {
    address: String,
    customer: Option<CustomerId>,
    by: Colleague,
}

impl FromFields for Asked {
    fn from_fields(fields: &Fields) -> Result<Self, Problem> {
        let address = fields.required_text(&["address"])?;
        expect_chars("address", address, ADDRESS_CHARS)?;
        if address.is_empty() || address.chars().any(char::is_control) {
            return Err(Problem::invalid("`address` is to be one line of text"));
        }
        let customer = fields.text(&["user_id"])?.map(CustomerId::new).transpose();
        Ok(Self {
            address: address.to_owned(),
            customer: customer.map_err(|error| Problem::invalid(format!("`user_id`: {error}")))?,
            by: Colleague::from_fields(fields)?,
        })
    }
}

/// Whose an address is now.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "channel": "sms", "address": "+15550100", "user_id": "test_user_12345",
    "session_id": "ses_00041061050r3gg28a1c60t3gf", "linked_at": "2026-11-20T14:00:00Z"
}))]
pub(crate) struct LinkView {
    /// The channel.
    channel: String,
    /// The address.
    address: String,
    /// The customer; null where it is nobody's.
    user_id: Option<String>,
    /// The conversation that is led there.
    session_id: Option<String>,
    /// Since when it is linked.
    #[schema(format = DateTime)]
    linked_at: Option<String>,
}

impl From<ChannelLink> for LinkView {
    fn from(link: ChannelLink) -> Self {
        Self {
            channel: link.channel,
            address: link.address,
            user_id: Some(link.customer.into()),
            session_id: Some(link.session.into()),
            linked_at: Some(link.linked_at.to_string()),
        }
    }
}

/// Say whose an address is
///
/// For the bank's back office, once it knows that an address is a customer's. Said again it changes nothing. An
/// address that is another customer's is first taken from them, with `user_id` null; linking anew begins a new
/// conversation.
#[utoipa::path(
    put, path = "/api/v1/channels/{channel}/links", operation_id = "linkAddress", tag = "channels",
    request_body(content = LinkRequest, content_type = "application/json"),
    params(("channel" = String, Path, description = "The channel, as the configuration names it", example = "sms")),
    responses(
        (status = 200, description = "How it stands now", body = LinkView),
        (status = 404, description = "There is no such channel, or no such customer", body = ErrorBody, content_type = "application/problem+json"),
        (status = 409, description = "The address is another customer's", body = ErrorBody, content_type = "application/problem+json"),
        (status = 503, description = "The records do not answer", body = ErrorBody, content_type = "application/problem+json"),
        BodyFailures, Failures,
    ),
)]
pub(in super::super) async fn link(
    State((edge, service)): State<Shared>,
    channel: Result<Path<String>, PathRejection>,
    Extension(caller): Extension<Caller>,
    JsonBody(asked, _): JsonBody<Asked>,
) -> Result<Json<LinkView>, Problem> {
    let channel = named(&service, channel)?.name().to_owned();
    let by = asked.by.signed(&caller)?;
    match asked.customer {
        Some(customer) => {
            let address = asked.address;
            linked(&edge, &service, (channel, address), customer, &by).await
        }
        None => unlinked(&service, channel, asked.address, &by).await,
    }
    .map(Json)
}

async fn linked(
    edge: &Edge,
    service: &ConciergeService,
    (channel, address): (String, String),
    customer: CustomerId,
    by: &str,
) -> Result<LinkView, Problem> {
    let store = &service.store;
    // In the sandbox a customer is opened by their first message.
    if !edge.settings().auth.is_sandbox() {
        let known = store.portfolio(&customer).await;
        known
            .map_err(|error| store_problem(&error))?
            .ok_or(Problem::not_found("there is no such customer"))?;
    }
    let link = ChannelLink {
        channel,
        address,
        customer,
        session: edge.new_session_id(),
        linked_at: edge.instant(),
    };
    let context = event(AuditKind::ChannelLinked, &link, by);
    match store.link_channel(&link, &context).await {
        Ok(Linking::Linked(link) | Linking::AsBefore(link)) => Ok(link.into()),
        Ok(Linking::Taken) => Err(Problem::conflict(
            "this address is another customer's; it is first to be taken from them",
        )),
        Err(error) => Err(store_problem(&error)),
    }
}

async fn unlinked(
    service: &ConciergeService,
    channel: String,
    address: String,
    by: &str,
) -> Result<LinkView, Problem> {
    let store = &service.store;
    let found = store.channel_link(&channel, &address).await;
    if let Some(link) = found.map_err(|error| store_problem(&error))? {
        let context = event(AuditKind::ChannelUnlinked, &link, by);
        let removed = store.unlink_channel(&link, &context).await;
        removed.map_err(|error| store_problem(&error))?;
    }
    Ok(LinkView {
        channel,
        address,
        user_id: None,
        session_id: None,
        linked_at: None,
    })
}

fn event(kind: AuditKind, link: &ChannelLink, by: &str) -> AuditEvent {
    AuditEvent {
        kind,
        customer: link.customer.clone(),
        session: Some(link.session.clone()),
        turn: None,
        detail: json!({ "channel": link.channel, "by": by }),
    }
}
