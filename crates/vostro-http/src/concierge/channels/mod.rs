//! Channels: what customers write elsewhere, and whose their addresses are. Adapters are in `vostro-channels`.

pub(super) mod links;
pub(super) mod messages;

use std::sync::Arc;

use axum::extract::Path;
use axum::extract::rejection::PathRejection;
use vostro_channels::Channel;

use crate::problem::Problem;
use crate::services::ConciergeService;

/// The channel that a path names.
fn named(
    service: &ConciergeService,
    name: Result<Path<String>, PathRejection>,
) -> Result<Arc<dyn Channel>, Problem> {
    let name = name.map(|Path(name)| name).unwrap_or_default();
    let found = service.channels.iter().find(|it| it.name() == name);
    found
        .cloned()
        .ok_or(Problem::not_found("there is no such channel"))
}
