//! The six checks. Each notes its parts and findings in the report; none stops another.

mod code;
mod containers;
mod dependencies;
mod environment;
mod permissions;
mod secrets;

use jiff::civil::Date;

pub use environment::Posture;

use crate::options::Options;
use crate::project::Project;
use crate::report::Report;
use crate::tools::{Answer, ToolError, Tools};

/// What a check works with.
pub(crate) struct Context<'a> {
    pub(crate) project: &'a Project,
    pub(crate) options: &'a Options,
    pub(crate) tools: &'a dyn Tools,
    pub(crate) today: Date,
}

impl Context<'_> {
    /// Runs another tool in the project's folder. The error is the reason to tell.
    fn run(&self, program: &str, arguments: &[&str]) -> Result<Answer, String> {
        let answer = self.tools.run(self.project.root(), program, arguments);
        answer.map_err(|error: ToolError| error.to_string())
    }

    /// Runs a tool whose findings are JSON, whatever status it ends with.
    fn run_json(&self, program: &str, arguments: &[&str]) -> Result<serde_json::Value, String> {
        let answer = self.run(program, arguments)?;
        serde_json::from_slice(&answer.stdout)
            .map_err(|_| format!("{program} gave no report: {}", answer.last_word()))
    }
}

type CheckFn = fn(&Context<'_>, &mut Report);

/// All checks, in the order of the report.
pub(crate) const ALL: [CheckFn; 6] = [
    dependencies::check,
    secrets::check,
    containers::check,
    code::check,
    environment::check,
    permissions::check,
];

/// `1 file`, `2 files`.
fn count(number: usize, one: &str) -> String {
    let ending = if number == 1 { "" } else { "s" };
    format!("{number} {one}{ending}")
}
