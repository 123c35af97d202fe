//! What comes in from others: known vulnerabilities, and how it comes in.

mod cargo;
mod npm;
mod python;
mod registries;

use super::Context;
use crate::finding::{Check, Finding, Place};
use crate::project::folder;
use crate::report::Report;
use crate::rules::the;

const DEP: Check = Check::Dependencies;

pub(super) fn check(context: &Context<'_>, report: &mut Report) {
    cargo::check(context, report);
    npm::check(context, report);
    python::check(context, report);
    registries::check(context, report);
}

/// A manifest whose package manager writes a lock file, and there is none beside or above it.
fn lock_missing(context: &Context<'_>, manifest: &str, locks: &[&str]) -> Option<Finding> {
    let mut at = folder(manifest);
    loop {
        if locks
            .iter()
            .any(|lock| context.project.text(&format!("{at}{lock}")).is_some())
        {
            return None;
        }
        if at.is_empty() {
            break;
        }
        at = folder(at.trim_end_matches('/'));
    }
    let what = format!("no {} for it", locks.join(" or "));
    Some(Finding::new(the("DEP-003"), Place::file(manifest), what))
}

/// The line on which `needle` first stands, from 0; the first line when it does not.
fn line_of(text: &str, needle: &str) -> usize {
    text.lines()
        .position(|line| line.contains(needle))
        .unwrap_or(0)
}

/// Whether the part of a Git address after `#` or `@` is a whole commit.
fn is_commit(reference: &str) -> bool {
    reference.len() == 40 && reference.bytes().all(|byte| byte.is_ascii_hexdigit())
}
