//! The knowledge base: documents, their chunks and an index over them, as one immutable snapshot.
//!
//! Replacing a knowledge base is building another one and swapping the pointer; there is no update in
//! place, so a search never sees half of a change.

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

use crate::engine::TantivyIndex;
use crate::{Chunk, Document, Hit, KnowledgeError, Passage, PassageIndex, Query, chunk};

/// Documents and the index over their passages. Cheap to share behind an `Arc`.
pub struct KnowledgeBase {
    documents: BTreeMap<String, Document>,
    chunks: Vec<(Chunk, String)>,
    index: Box<dyn PassageIndex>,
    version: String,
}

impl KnowledgeBase {
    /// Chunks and indexes documents; their order does not matter. An empty list is an empty base.
    ///
    /// # Errors
    /// [`KnowledgeError::DuplicateId`], or [`KnowledgeError::Index`] when the engine fails.
    pub fn build(documents: Vec<Document>) -> Result<Self, KnowledgeError> {
        let mut by_id: BTreeMap<String, Document> = BTreeMap::new();
        for document in documents {
            if let Some(first) = by_id.get(&document.id) {
                return Err(KnowledgeError::DuplicateId {
                    id: document.id,
                    first: first.source.clone(),
                    second: document.source,
                });
            }
            by_id.insert(document.id.clone(), document);
        }
        let chunks: Vec<(Chunk, String)> = by_id
            .values()
            .flat_map(|document| {
                chunk(document)
                    .into_iter()
                    .map(|chunk| (chunk, document.id.clone()))
            })
            .collect();
        let entries = chunks
            .iter()
            .filter_map(|(chunk, id)| by_id.get(id).map(|document| (chunk, document)));
        let index = Box::new(TantivyIndex::build(entries)?);
        let version = version(by_id.values());
        Ok(Self {
            documents: by_id,
            chunks,
            index,
            version,
        })
    }

    /// The passages that answer best, best first. Any text is harmless and quick.
    ///
    /// # Errors
    /// [`KnowledgeError::Index`] when the engine fails; nothing found is an empty list.
    pub fn try_search(&self, query: &Query<'_>) -> Result<Vec<Passage>, KnowledgeError> {
        let hits = self.index.search(query)?;
        Ok(hits
            .into_iter()
            .filter_map(|hit| self.passage(hit))
            .collect())
    }

    /// As [`KnowledgeBase::try_search`], for an index in memory, which has no way to fail: should it
    /// fail all the same, nothing is found.
    pub fn search(&self, query: &Query<'_>) -> Vec<Passage> {
        self.try_search(query).unwrap_or_default()
    }

    /// A document by its id.
    pub fn document(&self, id: &str) -> Option<&Document> {
        self.documents.get(id)
    }

    /// All documents, by id.
    pub fn documents(&self) -> impl Iterator<Item = &Document> {
        self.documents.values()
    }

    /// Hash of all that the documents say (32 hexadecimal digits): the same documents, the same version.
    pub fn version(&self) -> &str {
        &self.version
    }

    /// Number of documents.
    pub fn document_count(&self) -> usize {
        self.documents.len()
    }

    /// Number of passages that can be found.
    pub fn passage_count(&self) -> usize {
        self.chunks.len()
    }

    fn passage(&self, hit: Hit) -> Option<Passage> {
        let (chunk, document_id) = self.chunks.get(hit.chunk)?;
        let document = self.documents.get(document_id)?;
        Some(Passage {
            document_id: document_id.clone(),
            chunk_id: chunk.id.clone(),
            title: chunk.title.clone(),
            category: document.category.clone(),
            heading: chunk.headings.join(" \u{203a} "),
            content: chunk.content.clone(),
            score: hit.score,
            start: chunk.chars.start,
            end: chunk.chars.end,
        })
    }
}

impl std::fmt::Debug for KnowledgeBase {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("KnowledgeBase")
            .field("version", &self.version)
            .field("documents", &self.documents.len())
            .field("passages", &self.chunks.len())
            .finish_non_exhaustive()
    }
}

/// SHA-256 over every field that a reader can see, each with its length, so that none runs into another.
fn version<'a>(documents: impl Iterator<Item = &'a Document>) -> String {
    let mut hash = Sha256::new();
    let mut field = |text: &str| {
        hash.update((text.len() as u64).to_be_bytes());
        hash.update(text.as_bytes());
    };
    for document in documents {
        for text in [
            &document.id,
            &document.title,
            &document.category,
            &document.tags.join("\n"),
            &format!("{:?}", document.audience),
            &document.language,
            &document.version.to_string(),
            &document.updated,
            &document.body,
        ] {
            field(text);
        }
    }
    let digest = hash.finalize();
    hex::encode(digest.get(..16).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Audience, parse};

    fn article(id: &str, category: &str, audience: &str, body: &str) -> Document {
        let front = format!(
            "id = \"{id}\"\ntitle = \"About {id}\"\ncategory = \"{category}\"\n\
             audience = \"{audience}\"\nlanguage = \"en\"\nversion = 1\nupdated = 2026-11-01"
        );
        parse(&format!("{id}.md"), &format!("+++\n{front}\n+++\n{body}")).unwrap()
    }

    fn articles() -> Vec<Document> {
        vec![
            article(
                "wires",
                "transfers",
                "public",
                "A wire costs \u{20ac}20.\n\n## Abroad\n\nA wire takes days.",
            ),
            article(
                "checks",
                "accounts",
                "customer",
                "A paper check takes days to clear.",
            ),
            article(
                "desk",
                "staff",
                "staff",
                "Call the wire desk before releasing a wire.",
            ),
        ]
    }

    fn found(base: &KnowledgeBase, query: &Query<'_>) -> Vec<String> {
        base.search(query)
            .into_iter()
            .map(|passage| passage.document_id)
            .collect()
    }

    #[test]
    fn filters_hold() {
        let base = KnowledgeBase::build(articles()).unwrap();
        let all = Query {
            audience: Audience::Staff,
            ..Query::new("wire takes days")
        };
        let cases: [(Query<'_>, &[&str]); 7] = [
            (all, &["wires", "checks", "desk", "wires"]),
            (
                Query {
                    audience: Audience::Customer,
                    ..all
                },
                &["wires", "checks", "wires"],
            ),
            (
                Query {
                    audience: Audience::Public,
                    ..all
                },
                &["wires", "wires"],
            ),
            (
                Query {
                    category: Some("accounts"),
                    ..all
                },
                &["checks"],
            ),
            (
                Query {
                    category: Some("no such"),
                    ..all
                },
                &[],
            ),
            (
                Query {
                    min_score: Some(1.1),
                    ..all
                },
                &[],
            ),
            (Query { limit: 0, ..all }, &[]),
        ];
        for (query, expected) in cases {
            let (mut found, mut expected) = (found(&base, &query), expected.to_vec());
            found.sort_unstable();
            expected.sort_unstable();
            assert_eq!(found, expected, "{query:?}");
        }
        assert_eq!(found(&base, &Query { limit: 1, ..all }).len(), 1);
    }

    #[test]
    fn passages_are_spans_of_the_body_with_scores_in_order() {
        let base = KnowledgeBase::build(articles()).unwrap();
        let passages = base.search(&Query::new("how long does a wire abroad take"));
        assert_eq!(passages[0].heading, "Abroad");
        assert!(
            passages
                .windows(2)
                .all(|pair| pair[0].score >= pair[1].score)
        );
        for passage in passages {
            let body = &base.document(&passage.document_id).unwrap().body;
            let span: String = body
                .chars()
                .skip(passage.start)
                .take(passage.end - passage.start)
                .collect();
            assert_eq!(span, passage.content);
            assert!((0.0..=1.0).contains(&passage.score));
        }
    }

    #[test]
    fn the_order_of_documents_changes_nothing() {
        let forward = KnowledgeBase::build(articles()).unwrap();
        let backward = KnowledgeBase::build(articles().into_iter().rev().collect()).unwrap();
        assert_eq!(forward.version(), backward.version());
        for text in ["wire", "check days", "wrie clears"] {
            let query = Query::new(text);
            assert_eq!(forward.search(&query), backward.search(&query), "{text}");
        }
        let mut changed = articles();
        changed[0].body.push('!');
        assert_ne!(
            forward.version(),
            KnowledgeBase::build(changed).unwrap().version()
        );
    }

    #[test]
    fn hostile_questions_are_harmless() {
        let base = KnowledgeBase::build(articles()).unwrap();
        let harmless = [
            String::new(),
            " \t\n".into(),
            "\u{0}".into(),
            "the of and".into(),
            "\u{1f600}\u{200d}\u{1f525}".into(),
            "*:* AND (title:\"x\" OR -y)^5~2 [a TO b] \\ /re.*/".into(),
            "\"".repeat(5_000),
            "(".repeat(100_000),
            "a".repeat(100_000),
            "\u{4e2d}".repeat(100_000),
            "e\u{301}".repeat(50_000),
        ];
        for text in harmless {
            assert_eq!(base.search(&Query::new(&text)), [], "{text:.40}");
        }
        // What is meant is still found beside the noise.
        for text in [
            "wire\u{0}\" OR 1=1 --".to_owned(),
            format!("wire {}", "noise ".repeat(20_000)),
        ] {
            assert_eq!(found(&base, &Query::new(&text))[0], "wires", "{text:.40}");
        }
        let category = Query {
            category: Some("\u{0}\u{20ac}"),
            ..Query::new("wire")
        };
        assert_eq!(base.search(&category), []);
        let endless = Query {
            limit: usize::MAX,
            ..Query::new("wire")
        };
        assert_eq!(base.search(&endless).len(), 2);
    }

    #[test]
    fn twins_are_refused_and_nothing_is_fine() {
        let mut twins = articles();
        twins.push(article("wires", "transfers", "public", "Again."));
        let error = KnowledgeBase::build(twins).unwrap_err().to_string();
        assert!(error.contains("wires"), "{error}");
        let empty = KnowledgeBase::build(Vec::new()).unwrap();
        assert_eq!((empty.document_count(), empty.passage_count()), (0, 0));
        assert_eq!(empty.search(&Query::new("wire")), []);
    }
}
