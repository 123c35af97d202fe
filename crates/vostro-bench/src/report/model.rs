//! A report as data: what the JSON file holds, and what the pages are made of.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::curves::Curve;
use crate::figures::{Figures, Moment};
use crate::findings::Finding;
use crate::goals::Goal;
use crate::machine::Machine;
use crate::money::Conservation;
use crate::profile::Phase;
use crate::samples::Process;
use crate::scrape::Spent;
use crate::slope::Slope;
use crate::verdict::{Level, Verdict};

/// When, where and from what a report was made.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Made {
    /// The version of this program.
    pub version: String,
    /// The commit that it was built from, as far as it is known.
    pub commit: String,
    /// The moment, RFC 3339.
    pub at: String,
    /// The command line.
    pub command: String,
    /// How the program was built: `release` or `debug`.
    pub build: String,
    /// The machine.
    pub machine: Machine,
    /// How long it all took, in seconds.
    pub seconds: f64,
}

/// A report.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// When, where and from what it was made.
    pub made: Made,
    /// The runs.
    pub runs: Vec<Run>,
    /// The project's goals beside what was measured.
    pub goals: Vec<Goal>,
    /// Cost curves.
    pub curves: Vec<Curve>,
}

impl Report {
    /// Whether every service level that was asked was met, no answer was wrong and all money is there.
    pub fn passes(&self) -> bool {
        self.runs.iter().all(Run::passes)
    }
}

/// A phase and its figures.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PhaseFigures {
    /// The phase.
    pub phase: Phase,
    /// Its figures.
    pub figures: Figures,
}

/// Figures under a name.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Named {
    /// The name.
    pub name: String,
    /// The figures.
    pub figures: Figures,
}

/// A scenario against a deployment.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Run {
    /// The scenario's name.
    pub scenario: String,
    /// The mix's name.
    pub mix: String,
    /// The deployment's name.
    pub target: String,
    /// The version that the deployment says it is.
    pub server_version: String,
    /// How long the load lasted, in seconds.
    pub seconds: f64,
    /// How long a user waits between two requests, in milliseconds.
    pub think_ms: u64,
    /// Customers that were played.
    pub customers: usize,
    /// The phases.
    pub phases: Vec<PhaseFigures>,
    /// All requests.
    pub totals: Figures,
    /// The requests by kind.
    pub kinds: Vec<Named>,
    /// The requests by the service that answers them.
    pub services: Vec<Named>,
    /// Routes, as the servers measured them.
    pub routes: Vec<Spent>,
    /// Steps of turns, as the servers measured them.
    pub steps: Vec<Spent>,
    /// What plans asked of the store, as the servers measured it.
    pub tools: Vec<Spent>,
    /// Counters that grew, by name and label.
    pub counters: BTreeMap<String, BTreeMap<String, f64>>,
    /// Why requests were not answered rightly.
    pub reasons: BTreeMap<String, u64>,
    /// The run over time.
    pub timeline: Vec<Moment>,
    /// The processes over time.
    pub processes: Vec<Process>,
    /// Processor time of the servers for a request, health checks aside, in milliseconds.
    pub cpu_ms_per_request: Option<f64>,
    /// The money.
    pub conservation: Option<Conservation>,
    /// The service levels.
    pub levels: Vec<Level>,
    /// Growth of memory (soak).
    pub slopes: Vec<Slope>,
    /// From the end of a spike until latencies are what they were.
    pub recovery_seconds: Option<f64>,
    /// Where the deployment cannot keep up (stress).
    pub knee: Option<String>,
    /// How long the server took to start.
    pub start_seconds: Option<f64>,
    /// Its memory before any load, in MB.
    pub idle_mb: Option<f64>,
    /// What limits it, and what to do about it.
    pub findings: Vec<Finding>,
}

impl Run {
    /// Whether every service level that was asked was met, no answer was wrong and all money is there.
    pub fn passes(&self) -> bool {
        let levels = self
            .levels
            .iter()
            .all(|level| level.verdict != Verdict::Missed);
        let money = self.conservation.as_ref().is_none_or(Conservation::holds);
        levels && money && self.totals.wrong == 0
    }

    /// The scenario, mix and deployment in words.
    pub fn title(&self) -> String {
        format!("{} · {} · {}", self.scenario, self.mix, self.target)
    }
}
