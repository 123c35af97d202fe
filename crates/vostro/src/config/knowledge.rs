//! `[knowledge]`: the articles that answers about the bank come from.

use std::path::PathBuf;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Problem;
use super::problem::require_folder;

/// The articles that answers about the bank come from.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Knowledge {
    /// A folder of Markdown articles, read instead of the ones that come with Vostro.
    pub path: Option<PathBuf>,
}

impl Knowledge {
    /// The folder must be there; its articles are checked when they are read.
    pub(super) fn validate(&self, problems: &mut Vec<Problem>) {
        require_folder("knowledge.path", self.path.as_deref(), problems);
    }
}
