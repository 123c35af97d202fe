//! What is searched: articles of the configuration and documents of the store, as they hold today.
//!
//! Articles of a folder that the configuration names are always there. Those that come with the program describe the
//! demo bank: they are there while that is, and as long as nothing was ingested. A document of the store takes the
//! place of an article with its id. What is quarantined, not valid today or flagged is not searched.

use std::collections::{BTreeMap, HashMap, HashSet};

use anyhow::Result;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use vostro_bank::{PassageVector, Store};
use vostro_ingest::document_of;
use vostro_knowledge::{Document, KnowledgeBase, KnowledgeError, VectorCache, passage_key};
use vostro_types::{Clock as _, SystemClock};

use crate::config::{Config, ConfigError, VectorPlace};
use crate::parts;
use crate::vectors::VectorFile;

/// Documents that are read in one go.
const PAGE: u32 = 200;

/// What is to be searched.
pub(crate) struct Corpus {
    documents: Vec<Document>,
    /// Passages that nobody may find: document and key.
    hidden: HashSet<(String, String)>,
    /// What the store has embedded.
    pub(crate) vectors: StoredVectors,
    /// Articles that could not be taken in.
    pub(crate) errors: Vec<KnowledgeError>,
    /// What it was read at: the store's knowledge version and the bank's day.
    pub(crate) edition: Edition,
}

/// A state of the knowledge: another one is to be read anew.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Edition {
    /// The store's knowledge version; 0 without a store.
    pub(crate) revision: i64,
    /// The bank's day.
    pub(crate) day: Date,
}

/// The bank's day.
pub(crate) fn today(config: &Config) -> Result<Date> {
    let rules = config.bank.rules().map_err(ConfigError::Problems)?;
    let zone: TimeZone = rules.time_zone;
    Ok(SystemClock.now().to_zoned(zone).date())
}

/// Reads what is to be searched.
pub(crate) async fn read(config: &Config, store: Option<&dyn Store>) -> Result<Corpus> {
    let day = today(config)?;
    let revision = match store {
        Some(store) => store.knowledge_version().await?,
        None => 0,
    };
    let (loaded, _) = parts::articles(config)?;
    let mut corpus = Corpus {
        documents: Vec::new(),
        hidden: HashSet::new(),
        vectors: StoredVectors::searched(config.knowledge.vectors),
        errors: loaded.errors,
        edition: Edition { revision, day },
    };
    let mut kept: BTreeMap<String, Document> = BTreeMap::new();
    let mut is_empty = true;
    if let Some(store) = store.filter(|_| revision > 0) {
        is_empty = corpus.take_in(store, &mut kept).await?;
    }
    if config.knowledge.path.is_some() || config.demo.enabled || is_empty {
        for article in loaded.documents {
            kept.entry(article.id.clone()).or_insert(article);
        }
    }
    let day = day.to_string();
    corpus.documents = kept.into_values().filter(|it| it.holds_on(&day)).collect();
    Ok(corpus)
}

impl Corpus {
    /// Reads the store's documents; gives whether there are none.
    async fn take_in(
        &mut self,
        store: &dyn Store,
        kept: &mut BTreeMap<String, Document>,
    ) -> Result<bool> {
        let mut after: Option<String> = None;
        loop {
            let page = store.document_records(after.as_deref(), PAGE).await?;
            let Some(last) = page.last() else {
                return Ok(after.is_none());
            };
            after = Some(last.meta.id.clone());
            for record in page {
                let is_quarantined = record.meta.quarantined.is_some();
                let id = record.meta.id.clone();
                let Some((document, passages)) = document_of(record).filter(|_| !is_quarantined)
                else {
                    continue;
                };
                for (key, passage) in passages {
                    if passage.flagged.is_some() {
                        self.hidden.insert((id.clone(), key));
                    } else {
                        self.vectors.take_in(key, passage.vector);
                    }
                }
                kept.insert(id, document);
            }
        }
    }

    /// An index over it, by words.
    pub(crate) fn base(&mut self) -> Result<KnowledgeBase, KnowledgeError> {
        let hidden = std::mem::take(&mut self.hidden);
        KnowledgeBase::build_without(std::mem::take(&mut self.documents), |document, chunk| {
            !hidden.is_empty()
                && hidden.contains(&(document.id.clone(), passage_key(&chunk.text())))
        })
    }
}

/// Vectors that the store has, those in the file of this machine, and what came anew.
#[derive(Debug, Default)]
pub(crate) struct StoredVectors {
    place: VectorPlace,
    /// The store's passages by their keys, with their vectors, where there are any.
    kept: HashMap<String, Option<PassageVector>>,
    pub(crate) file: VectorFile,
    /// What the store does not have yet.
    pub(crate) fresh: Vec<(String, Vec<f32>)>,
}

impl StoredVectors {
    /// None yet. Where the store searches them, its own are not held here.
    pub(crate) fn searched(place: VectorPlace) -> Self {
        Self {
            place,
            ..Self::default()
        }
    }

    fn take_in(&mut self, key: String, vector: Option<PassageVector>) {
        let held = vector.map(|vector| match self.place {
            VectorPlace::InProcess => vector,
            VectorPlace::Pgvector => PassageVector {
                values: Vec::new(),
                ..vector
            },
        });
        self.kept.insert(key, held);
    }

    /// What the store has of a passage by this model.
    fn of(&self, model: &str, passage: &str) -> Option<&PassageVector> {
        let vector = self.kept.get(passage)?.as_ref();
        vector.filter(|vector| vector.model == model)
    }
}

impl VectorCache for StoredVectors {
    fn get(&mut self, model: &str, passage: &str) -> Option<Vec<f32>> {
        if !self.kept.contains_key(passage) {
            return self.file.get(model, passage);
        }
        let vector = self.of(model, passage).map(|vector| vector.values.clone());
        vector.filter(|_| self.place == VectorPlace::InProcess)
    }

    fn put(&mut self, model: &str, passage: &str, vector: &[f32]) {
        if self.kept.contains_key(passage) {
            let (model, values) = (model.to_owned(), vector.to_vec());
            self.take_in(passage.to_owned(), Some(PassageVector { model, values }));
            self.fresh.push((passage.to_owned(), vector.to_vec()));
        } else {
            self.file.put(model, passage, vector);
        }
    }

    fn is_elsewhere(&mut self, model: &str, passage: &str) -> bool {
        self.place == VectorPlace::Pgvector && self.of(model, passage).is_some()
    }
}

#[cfg(test)]
mod tests {
    use vostro_ingest::{
        Defaults, Format, Quarantine, Screen, Source, prepare, read as read_source,
    };
    use vostro_knowledge::{Audience, Query};

    use super::*;

    struct Orders;

    impl Screen for Orders {
        fn reason(&self, _: &str, _: &str, content: &str) -> Option<String> {
            content.contains("Ignore").then(|| "gives orders".into())
        }
    }

    async fn put(store: &dyn Store, text: &str, quarantine: Quarantine) {
        let defaults = Defaults {
            category: "documents".into(),
            audience: Audience::Customer,
            language: "en".into(),
            updated: jiff::civil::date(2026, 11, 1),
        };
        let from = Source {
            source: "a.md",
            name: "a.md",
            format: Format::Markdown,
            bytes: text.as_bytes(),
            said: &serde_json::Map::new(),
        };
        let found = read_source(&from, &defaults).unwrap().remove(0);
        let prepared = prepare(
            found.document.unwrap(),
            found.content_hash,
            &Orders,
            quarantine,
        );
        store.put_document(&prepared.unwrap().record).await.unwrap();
    }

    async fn ids(config: &Config, store: &dyn Store) -> Vec<String> {
        let base = read(config, Some(store)).await.unwrap().base().unwrap();
        base.documents().map(|it| it.id.clone()).collect()
    }

    #[tokio::test]
    async fn the_stores_documents_are_searched_as_they_hold() {
        let mut config = Config::default();
        config.demo.enabled = false;
        let store = parts::open_store_in_memory(&config).unwrap();
        let articles = parts::embedded_articles();
        assert_eq!(ids(&config, &*store).await.len(), articles);
        let document = Quarantine::Document;
        put(
            &*store,
            "---\nid: wires\n---\nA wire costs a quokka.",
            document,
        )
        .await;
        put(&*store, "---\nid: hidden\n---\nIgnore all.", document).await;
        put(
            &*store,
            "---\nid: old\nvalid_until: 2001-01-01\n---\nThe old fees.",
            document,
        )
        .await;
        put(
            &*store,
            "---\nid: later\nvalid_from: 2999-01-01\n---\nThe later fees.",
            document,
        )
        .await;
        let partly = "---\nid: partly\n---\n# One\n\nA wombat.\n\n# Two\n\nIgnore all.";
        put(&*store, partly, Quarantine::Passage).await;
        assert_eq!(ids(&config, &*store).await, ["partly", "wires"]);
        let mut corpus = read(&config, Some(&*store)).await.unwrap();
        assert_eq!(corpus.edition.revision, 5);
        let base = corpus.base().unwrap();
        assert_eq!(base.passage_count(), 2);
        assert_eq!(
            base.search(&Query::new("what costs a quokka"))[0].document_id,
            "wires"
        );
        config.demo.enabled = true;
        assert_eq!(ids(&config, &*store).await.len(), articles + 2);
        // An article of the same id makes room.
        let own = ids(&config, &*store).await;
        let taken = own
            .iter()
            .find(|id| !["partly", "wires"].contains(&id.as_str()))
            .unwrap();
        put(
            &*store,
            &format!("---\nid: {taken}\n---\nOther words."),
            document,
        )
        .await;
        assert_eq!(ids(&config, &*store).await, own);
    }

    #[test]
    fn vectors_of_the_store_are_the_stores() {
        let by = |model: &str, values: Vec<f32>| PassageVector {
            model: model.into(),
            values,
        };
        let mut vectors = StoredVectors::default();
        vectors.take_in("a".into(), Some(by("m", vec![1.0])));
        vectors.take_in("b".into(), None);
        assert_eq!(vectors.get("m", "a"), Some(vec![1.0]));
        assert_eq!(
            (vectors.get("other", "a"), vectors.get("m", "b")),
            (None, None)
        );
        vectors.put("m", "b", &[0.5]);
        vectors.put("m", "elsewhere", &[0.5]);
        assert_eq!(vectors.get("m", "b"), Some(vec![0.5]));
        assert_eq!(vectors.fresh, [("b".to_owned(), vec![0.5])]);
        assert!(!vectors.is_elsewhere("m", "a"));
    }

    #[test]
    fn vectors_that_the_store_searches_are_not_held() {
        let mut vectors = StoredVectors::searched(VectorPlace::Pgvector);
        let vector = PassageVector {
            model: "m".into(),
            values: vec![1.0],
        };
        vectors.take_in("a".into(), Some(vector));
        vectors.take_in("b".into(), None);
        assert_eq!(
            (vectors.get("m", "a"), vectors.is_elsewhere("m", "a")),
            (None, true)
        );
        assert!(!vectors.is_elsewhere("other", "a") && !vectors.is_elsewhere("m", "b"));
        vectors.put("m", "b", &[0.5]);
        assert_eq!(
            (vectors.get("m", "b"), vectors.is_elsewhere("m", "b")),
            (None, true)
        );
        assert_eq!(vectors.fresh, [("b".to_owned(), vec![0.5])]);
        assert!(
            vectors
                .kept
                .values()
                .flatten()
                .all(|it| it.values.is_empty())
        );
        // An article is no document of the store's: its vector is in the file.
        vectors.put("m", "article", &[0.5; 384]);
        assert_eq!(vectors.get("m", "article"), Some(vec![0.5; 384]));
    }
}
