//! What both drivers share in delivering the outbox.

use jiff::Timestamp;
use vostro_bank::{Backlog, Verdict};

/// A verdict as its columns: the status, and when the delivery is due again.
pub(crate) const fn columns(verdict: Verdict) -> (&'static str, Option<Timestamp>) {
    match verdict {
        Verdict::Delivered => ("delivered", None),
        Verdict::RetryAt(at) => ("pending", Some(at)),
        Verdict::Dead => ("dead", None),
    }
}

/// What endpoints are owed, and what they did not take, as one list by name.
pub(crate) fn joined(mut owed: Vec<Backlog>, dead: Vec<(String, u64)>) -> Vec<Backlog> {
    for (endpoint, dead) in dead {
        match owed.iter_mut().find(|it| it.endpoint == endpoint) {
            Some(found) => found.dead = dead,
            None => owed.push(Backlog {
                endpoint,
                pending: 0,
                retrying: 0,
                oldest: None,
                dead,
            }),
        }
    }
    owed.sort_by(|a, b| a.endpoint.cmp(&b.endpoint));
    owed
}
