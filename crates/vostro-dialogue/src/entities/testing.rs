//! A small portfolio and a shortcut for the tests of the finders.

#![allow(
    clippy::unwrap_used,
    reason = "a test that cannot be set up has failed"
)]

use vostro_bank::Portfolio;

#[cfg(test)]
use super::{Mention, Surroundings, find};
#[cfg(test)]
use crate::understand::{lexicon::Lexicon, text::Text};

/// Three accounts, four payees of whom two are called John, three billers.
pub(crate) fn portfolio() -> Portfolio {
    serde_json::from_str(include_str!("../../tests/understand/portfolio.json")).unwrap()
}

/// The entities of a message, on Wednesday, 18 March 2026, with nothing asked.
#[cfg(test)]
pub(crate) fn found(message: &str, portfolio: &Portfolio) -> Vec<Mention> {
    let around = Surroundings {
        portfolio,
        today: jiff::civil::date(2026, 3, 18),
        asked: None,
        flow: None,
        schedule: None,
    };
    find(&Text::read(message, Lexicon::get()), around)
}
