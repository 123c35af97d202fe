//! `[knowledge]`: the articles that answers about the bank come from.

use std::path::PathBuf;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use vostro_ingest::Quarantine;

use super::Problem;
use super::database::{Database, Location};
use super::problem::require_folder;

/// The articles that answers about the bank come from.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Knowledge {
    /// A folder of Markdown articles, read instead of the ones that come with Vostro. Documents that were
    /// ingested are found beside them.
    pub path: Option<PathBuf>,
    /// What nobody finds any more when the guardrails flagged a passage of a document that is ingested.
    pub quarantine: QuarantinePolicy,
    /// Where passages are searched by their meaning, where there is an embedding model.
    pub vectors: VectorPlace,
}

/// Where passages are searched by their meaning.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum VectorPlace {
    /// In each process, exactly: 2 KB of its memory a passage, and no question waits for the database. For up to some
    /// 100,000 passages.
    #[default]
    #[serde(rename = "in-process")]
    InProcess,
    /// In `PostgreSQL`, by its extension pgvector (0.8 or later), which is created where `database.url`'s user may;
    /// a start without it fails. Processes then hold the vectors of articles alone, not of ingested documents.
    Pgvector,
}

/// What is kept from everybody with a flagged passage.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum QuarantinePolicy {
    /// Its whole document: who hides an order in one passage is not believed in the others.
    #[default]
    Document,
    /// That passage alone.
    Passage,
}

impl From<QuarantinePolicy> for Quarantine {
    fn from(policy: QuarantinePolicy) -> Self {
        match policy {
            QuarantinePolicy::Document => Self::Document,
            QuarantinePolicy::Passage => Self::Passage,
        }
    }
}

impl Knowledge {
    /// The folder must be there; its articles are checked when they are read. That the database has the extension is
    /// seen when it is opened.
    pub(super) fn validate(&self, database: &Database, problems: &mut Vec<Problem>) {
        require_folder("knowledge.path", self.path.as_deref(), problems);
        let is_server = matches!(database.location(), Ok(Location::Server(_)));
        if self.vectors == VectorPlace::Pgvector && !is_server {
            problems.push(Problem::new(
                "knowledge.vectors",
                "`pgvector` is PostgreSQL's, and database.url names none; allowed beside it: `in-process`",
            ));
        }
    }
}
