//! The house rules that a machine can hold: each rule is a file here, a pure function over the [`Tree`],
//! with tests that show that it can fail.
//!
//! A rule reports every breach as a [`Finding`]; none repairs anything. What may be written down anew
//! (long files that shrank, migrations that came) is in [`bless`]. What clippy, rustfmt, cargo-deny or the
//! type system already hold is left to them.

mod architecture;
mod hygiene;
mod migrations;
mod purity;
mod sizes;
mod source;
mod threats;
mod tree;
mod weights;

use std::fmt;
use std::path::Path;
use std::process::ExitCode;

use self::tree::Tree;

/// One breach of a house rule.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Finding {
    /// Path from the root, with a line number where there is one.
    place: String,
    /// What is wrong, and what to do.
    what: String,
}

impl Finding {
    fn new(place: impl Into<String>, what: impl Into<String>) -> Self {
        Self {
            place: place.into(),
            what: what.into(),
        }
    }

    fn at_line(path: &str, line: usize, what: impl Into<String>) -> Self {
        Self::new(format!("{path}:{line}"), what)
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.what)
    }
}

type Rule = (&'static str, fn(&Tree) -> Vec<Finding>);

/// The rules that need only the files.
const RULES: [Rule; 7] = [
    ("architecture", architecture::check),
    ("file sizes", sizes::check),
    ("sources", source::check),
    ("hygiene", hygiene::check),
    ("migrations", migrations::check),
    ("threat model", threats::check),
    ("weights", weights::check),
];

/// Runs all rules over the tree at `root` and prints what they found.
pub(crate) fn command(root: &Path, blessing: bool) -> anyhow::Result<ExitCode> {
    if blessing {
        bless(root)?;
    }
    let tree = Tree::of_repository(root)?;
    let mut findings: Vec<(&str, Finding)> = Vec::new();
    for (name, rule) in RULES {
        findings.extend(rule(&tree).into_iter().map(|finding| (name, finding)));
    }
    findings.extend(
        purity::check(root)?
            .into_iter()
            .map(|finding| ("pure crates", finding)),
    );

    for (name, finding) in &findings {
        println!("{finding}  [{name}]");
    }
    if let Some(note) = weights::note(&tree) {
        println!("note: {note}");
    }
    println!(
        "tidy: {} files, {} rules, {} findings",
        tree.len(),
        RULES.len() + 1,
        findings.len()
    );
    Ok(if findings.is_empty() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// Writes down what may change: long files that shrank or went, migrations that were added.
fn bless(root: &Path) -> anyhow::Result<()> {
    let tree = Tree::of_repository(root)?;
    std::fs::write(root.join(sizes::ALLOWED), sizes::blessed(&tree))?;
    std::fs::write(root.join(migrations::FROZEN), migrations::blessed(&tree))?;
    Ok(())
}
