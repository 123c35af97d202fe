//! Secrets in the tree, in its history, and what other scanners find.
//!
//! A secret that was found is never written out: findings show its first characters and its length.

mod files;
mod history;
mod patterns;
mod scan;
mod scanners;

use std::collections::BTreeSet;

use super::{Context, count};
use crate::finding::{Check, Finding, Place};
use crate::report::Report;
use crate::rules::the;

const SEC: Check = Check::Secrets;

/// What names a secret wherever it stands: its rule and a hash of it.
type Known = BTreeSet<(&'static str, String)>;

pub(super) fn check(context: &Context<'_>, report: &mut Report) {
    let mut known = Known::new();
    let (mut texts, mut unread) = (0, 0);
    for (path, file) in context.project.files() {
        let Some(text) = &file.text else {
            unread += usize::from(file.large);
            continue;
        };
        texts += 1;
        for hit in scan::text(path, text) {
            known.insert((hit.rule, hit.name()));
            report.findings.push(finding(path, &hit, None));
        }
    }
    for (path, what) in files::of(context.project) {
        report
            .findings
            .push(Finding::new(the("SEC-018"), Place::file(path), what));
    }
    let mut looked_at = count(texts, "file");
    if unread > 0 {
        looked_at = format!("{looked_at}; {} too large to read", count(unread, "file"));
    }
    report.ran(SEC, "own rules over the tree", looked_at);
    history::check(context, &known, report);
    scanners::check(context, report);
}

fn finding(path: &str, hit: &scan::Hit, commit: Option<&str>) -> Finding {
    let mut place = Place::line(path, hit.line);
    let mut what = hit.shown();
    if let Some(commit) = commit {
        place.commit = Some(commit.to_owned());
        what.push_str(", in the history");
    }
    Finding::new(the(hit.rule), place, what).named_by(&hit.name())
}
