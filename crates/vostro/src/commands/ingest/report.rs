//! What an ingest did, for people and for programs.

use std::fmt;

use serde::Serialize;

/// Lines of a list that are shown to people; programs get all of them.
const SHOWN: usize = 50;

/// What an ingest did.
#[derive(Debug, Default, PartialEq, Serialize)]
pub(super) struct Report {
    /// Whether nothing was done, only looked at.
    pub(super) dry_run: bool,
    /// Files that were looked at.
    pub(super) files: usize,
    /// Files of other kinds, which were passed over.
    pub(super) others: usize,
    /// Documents that are new.
    pub(super) created: usize,
    /// Documents that took the place of an older edition.
    pub(super) replaced: usize,
    /// Documents that had not changed.
    pub(super) unchanged: usize,
    /// Documents that are gone with their files.
    pub(super) removed: usize,
    /// Passages of the new and replaced documents.
    pub(super) passages: usize,
    /// Of these, the ones with a vector.
    pub(super) embedded: usize,
    /// How long it took, in seconds.
    pub(super) seconds: f64,
    /// What nobody finds, and why.
    pub(super) quarantined: Vec<Told>,
    /// What was not taken in, and why.
    pub(super) failed: Vec<Told>,
    /// What else is to be known.
    pub(super) notes: Vec<String>,
}

/// A place and what is to be said of it.
#[derive(Debug, PartialEq, Serialize)]
pub(super) struct Told {
    /// A file, with its line where it has many documents, or a document.
    pub(super) place: String,
    /// What is to be said.
    pub(super) reason: String,
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let would = if self.dry_run { "would be: " } else { "" };
        writeln!(
            f,
            "{would}{} new, {} replaced, {} unchanged, {} removed",
            self.created, self.replaced, self.unchanged, self.removed
        )?;
        let others = match self.others {
            0 => String::new(),
            count => format!(", {count} of other kinds passed over"),
        };
        writeln!(
            f,
            "{} files{others}; {} passages, {} embedded, in {:.1} s",
            self.files, self.passages, self.embedded, self.seconds
        )?;
        for note in &self.notes {
            writeln!(f, "note: {note}")?;
        }
        list(f, "kept from everybody", &self.quarantined)?;
        list(f, "not taken in", &self.failed)
    }
}

fn list(f: &mut fmt::Formatter<'_>, what: &str, all: &[Told]) -> fmt::Result {
    if all.is_empty() {
        return Ok(());
    }
    writeln!(f, "\n{what} ({}):", all.len())?;
    for Told { place, reason } in all.iter().take(SHOWN) {
        writeln!(f, "  {place}: {reason}")?;
    }
    match all.len().saturating_sub(SHOWN) {
        0 => Ok(()),
        more => writeln!(f, "  … and {more} more; --json has them all"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_lists_are_cut_for_people() {
        let told = |number: usize| Told {
            place: format!("{number}.pdf"),
            reason: "is empty".into(),
        };
        let report = Report {
            created: 2,
            others: 1,
            failed: (0..SHOWN + 3).map(told).collect(),
            ..Report::default()
        };
        let text = report.to_string();
        assert!(text.starts_with("2 new, 0 replaced"), "{text}");
        assert!(
            text.contains("1 of other kinds") && text.contains("  0.pdf: is empty\n"),
            "{text}"
        );
        assert!(
            text.ends_with("… and 3 more; --json has them all\n"),
            "{text}"
        );
        assert!(!text.contains("kept from everybody"), "{text}");
    }
}
