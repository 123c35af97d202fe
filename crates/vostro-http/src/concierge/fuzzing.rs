//! The concierge's parsers, for the fuzz targets.

use axum::extract::{Path, Query};
use axum::http::{HeaderMap, HeaderValue};

use super::{chat, events};
use crate::extract::{Fields, FromFields as _};
use crate::problem::Problem;

/// Reads a chat message's body: its text and its user.
pub(crate) fn read_chat(data: &[u8]) -> Result<(String, String), Problem> {
    let message = chat::ChatMessage::from_fields(&Fields::parse(data)?)?;
    Ok(message.said())
}

/// Reads where a client wants to go on; `None` where that cannot stand in a header.
pub(crate) fn read_resume(turn: &str, last: &str) -> Result<Option<u32>, Option<Problem>> {
    let Ok(value) = HeaderValue::from_str(last) else {
        return Ok(None);
    };
    let headers: HeaderMap = [(events::LAST_EVENT_ID, value)]
        .into_iter()
        .map(|(name, value)| (axum::http::HeaderName::from_static(name), value))
        .collect();
    let (turn, query) = (Path(turn.to_owned()), Query(events::EventsQuery::of("ada")));
    let read = events::read(Some(turn), Some(query), &headers);
    read.map(|(_, _, after)| Some(after)).map_err(Some)
}
