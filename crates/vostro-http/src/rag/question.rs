//! A question to the knowledge base: what is checked of it, for whom it may be, and how it is answered. The same for
//! every operation that searches.

use vostro_dialogue::principal::Scope;
use vostro_knowledge::{Audience, Passage};

use crate::client::Search;
use crate::edge::{Caller, Edge};
use crate::extract::{Fields, expect_chars};
use crate::problem::Problem;
use crate::services::RagService;

/// A question, its shape checked.
pub(super) struct Question {
    pub(super) query: String,
    audience: Audience,
    category: Option<String>,
}

impl Question {
    /// Reads `query`, `audience` and `category`.
    pub(super) fn read(fields: &Fields) -> Result<Self, Problem> {
        let query = fields.required_text(&["query"])?;
        if query.trim().is_empty() {
            return Err(Problem::invalid("`query` is empty"));
        }
        let category = fields.text(&["category"])?;
        Ok(Self {
            query: query.to_owned(),
            audience: audience(fields)?,
            category: category.filter(|name| !name.is_empty()).map(str::to_owned),
        })
    }

    /// The best passages that this caller may see, best first.
    pub(super) async fn find(
        &self,
        edge: &Edge,
        caller: &Caller,
        service: &RagService,
        limit: usize,
        min_score: Option<f32>,
    ) -> Result<Vec<Passage>, Problem> {
        expect_chars("query", &self.query, edge.settings().sizes.query_chars)?;
        // What is for the bank's own people is shown to those who look after documents, and to nobody else.
        if self.audience == Audience::Staff {
            edge.require(&caller.identity, caller.address, Scope::Documents)?;
        }
        let search = Search {
            query: self.query.clone(),
            limit,
            category: self.category.clone(),
            audience: self.audience,
            min_score,
        };
        service.knowledge.find(search).await.map_err(|error| {
            tracing::error!(error = &error as &dyn std::error::Error, "a search failed");
            Problem::internal()
        })
    }
}

/// The audience that is asked for; customers when none is.
pub(in crate::rag) fn audience(fields: &Fields) -> Result<Audience, Problem> {
    let Some(name) = fields.text(&["audience"])? else {
        return Ok(Audience::Customer);
    };
    let mut all = Audience::ALL.into_iter();
    let found = all.find(|audience| audience.as_str() == name);
    found.ok_or_else(|| Problem::invalid("`audience` is to be public, customer or staff"))
}
