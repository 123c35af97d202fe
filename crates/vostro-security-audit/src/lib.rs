//! A security audit of a project's tree: six checks, each finding with a stable id, a place, why it matters and how
//! to mend it.
//!
//! The checks are [`Check`]; what they look for is in [`rules`]. [`audit`] reads the tree and answers with a
//! [`Report`], which renders as Markdown, JSON and SARIF 2.1.0 ([`render`]). What was looked over and accepted stands
//! in a [`Baseline`] with a day on which that ends. [`sbom`] lists the components as `CycloneDX`.
//!
//! Two rules hold throughout. **What was not looked at is never a pass**: a missing tool, database or lock file is a
//! part that reads "not run", with the reason. **The project is hostile until shown otherwise**: nothing of it is
//! executed unless the caller asks for it (building it for clippy runs its build scripts), links are not followed,
//! files are read up to a size, a secret that was found is never written out.
//!
//! Left to others: the terminal and exit codes (the binary), and fetching databases (the tools that own them).

mod baseline;
mod checks;
mod finding;
mod options;
mod project;
pub mod render;
mod report;
pub mod rules;
pub mod sbom;
pub mod standards;
mod tools;

pub use baseline::{Accepted, Baseline, BaselineError};
pub use checks::Posture;
pub use finding::{Check, Finding, Place, Severity};
pub use options::Options;
pub use project::{Project, ProjectError};
pub use report::{Outcome, Part, Report, Status};
pub use tools::{Answer, Installed, ToolError, Tools};

use jiff::civil::Date;

/// Runs all six checks over a project. `today` ages databases and ends what the baseline accepted.
pub fn audit(project: &Project, options: &Options, tools: &dyn Tools, today: Date) -> Report {
    let mut report = Report::new(project, today);
    let context = checks::Context {
        project,
        options,
        tools,
        today,
    };
    for check in checks::ALL {
        check(&context, &mut report);
    }
    report.settle(&options.baseline);
    report
}
