//! What the suite runs on: a bank's store in one of the places, and replicas that search it.

use std::collections::HashSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use tokio_postgres::NoTls;
use vostro_bank::Store;
use vostro_embed::{EmbedError, Embedder, unit};
use vostro_http::client::{InProcessGuard, InProcessKnowledge, Search};
use vostro_ingest::{
    Defaults, Format, Prepared, Quarantine, Screen, Source, embed, prepare, read as read_source,
};
use vostro_knowledge::{Audience, Passage};
use vostro_telemetry::Metrics;
use vostro_types::Redacted;

use crate::config::{Config, VectorPlace};
use crate::keeper::Kept;
use crate::late_embedder::LateEmbedder;
use crate::vectors::DIMENSIONS;
use crate::{parts, roles};

/// Longer than any machine needs; a replica follows within seconds.
const PATIENCE: Duration = Duration::from_secs(30);

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    Embedded,
    Server,
    Pgvector,
}

/// Words of one topic are one direction; every other word has its own.
struct Topics;

impl Embedder for Topics {
    fn dimensions(&self) -> usize {
        DIMENSIONS.into()
    }

    fn model(&self) -> &'static str {
        "topics"
    }

    fn embed(&self, text: &str) -> Result<Vec<f32>, EmbedError> {
        let mut vector = vec![0.0; self.dimensions()];
        let words = text.split(|c: char| !c.is_alphanumeric());
        for word in words.filter(|word| !word.is_empty()) {
            let word = word.to_lowercase();
            let (place, weight) = match word.as_str() {
                "quokka" | "marsupial" => (0, 4.0),
                "card" | "plastic" => (1, 4.0),
                _ => {
                    let sum = word
                        .bytes()
                        .fold(7_usize, |sum, byte| sum * 31 % 9_973 + usize::from(byte));
                    (2 + sum % (self.dimensions() - 2), 1.0)
                }
            };
            vector[place] += weight;
        }
        Ok(unit(vector))
    }
}

struct Orders;

impl Screen for Orders {
    fn reason(&self, _: &str, _: &str, content: &str) -> Option<String> {
        content.contains("Ignore").then(|| "gives orders".into())
    }
}

/// A bank whose replicas share a store.
pub(super) struct Bank {
    config: Config,
    /// Of the embedded store there is one, in memory.
    shared: Option<Arc<dyn Store>>,
    _folder: tempfile::TempDir,
    _database: Option<Database>,
}

/// A process that searches.
pub(super) struct Replica {
    pub(super) knowledge: Arc<InProcessKnowledge>,
    pub(super) store: Arc<dyn Store>,
    kept: Kept,
}

impl Bank {
    /// `None`, which is said, where there is no server, or none with the extension.
    pub(super) async fn open(place: Place) -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let mut config = Config::default();
        config.demo.enabled = false;
        config.embedding.folder = Some(folder.path().to_owned());
        let mut database = None;
        let mut shared = None;
        if place == Place::Embedded {
            shared = Some(parts::open_store_in_memory(&config).unwrap() as Arc<dyn Store>);
        } else {
            let made = Database::create().await?;
            config.database.url = Redacted::new(made.url());
            database = Some(made);
        }
        if place == Place::Pgvector {
            if !database.as_ref()?.has_pgvector().await {
                eprintln!("skipped: the server has no pgvector");
                return None;
            }
            config.knowledge.vectors = VectorPlace::Pgvector;
        }
        Some(Self {
            config,
            shared,
            _folder: folder,
            _database: database,
        })
    }

    pub(super) fn config(&self) -> &Config {
        &self.config
    }

    pub(super) fn is_pgvector(&self) -> bool {
        self.config.knowledge.vectors == VectorPlace::Pgvector
    }

    /// One more process that searches.
    pub(super) async fn replica(&self) -> Replica {
        let store = match &self.shared {
            Some(store) => Arc::clone(store),
            None => parts::open_store(&self.config).await.unwrap() as Arc<dyn Store>,
        };
        let late = LateEmbedder::default();
        let _ = late.0.set(Arc::new(Topics));
        let metrics = Arc::new(Metrics::new("1.2.3"));
        let engine = Arc::new(parts::engine(&self.config).unwrap());
        let guard = Arc::new(InProcessGuard::new(engine, Arc::clone(&metrics)));
        let searched = roles::search(
            &self.config,
            &guard,
            &metrics,
            Some(Arc::clone(&store)),
            &late,
        );
        let (knowledge, kept) = searched.await.unwrap();
        Replica {
            knowledge,
            store,
            kept,
        }
    }

    /// Keeps a document, as ingesting does it, and waits until this replica searches it.
    pub(super) async fn put(&self, replica: &Replica, text: &str, quarantine: Quarantine) -> i64 {
        let mut prepared = prepared(text, quarantine);
        embed(&mut prepared, &Topics).unwrap();
        self.keep(replica, &prepared[0]).await
    }

    pub(super) async fn put_without_vectors(&self, replica: &Replica, text: &str) -> i64 {
        self.keep(replica, &prepared(text, Quarantine::Document)[0])
            .await
    }

    async fn keep(&self, replica: &Replica, prepared: &Prepared) -> i64 {
        let put = replica.store.put_document(&prepared.record).await.unwrap();
        replica.until(put.revision).await;
        put.revision
    }

    pub(super) async fn remove(&self, replica: &Replica, id: &str) -> i64 {
        replica.store.remove_document(id).await.unwrap().unwrap()
    }
}

fn prepared(text: &str, quarantine: Quarantine) -> Vec<Prepared> {
    let defaults = Defaults {
        updated: jiff::civil::date(2026, 11, 1),
        ..parts::document_defaults()
    };
    let from = Source {
        source: "a.md",
        name: "a.md",
        format: Format::Markdown,
        bytes: text.as_bytes(),
        said: &serde_json::Map::new(),
    };
    let found = read_source(&from, &defaults).unwrap().remove(0);
    let document = found.document.unwrap();
    vec![prepare(document, found.content_hash, &Orders, quarantine).unwrap()]
}

impl Replica {
    /// Waits until this replica searches a knowledge version.
    pub(super) async fn until(&self, revision: i64) {
        let mut searched = self.kept.searched.clone();
        let reached = searched.wait_for(|version| *version >= revision);
        let reached = tokio::time::timeout(PATIENCE, reached).await;
        assert!(
            reached.is_ok_and(|it| it.is_ok()),
            "version {revision} is not searched"
        );
    }

    /// Waits until a customer's question that shares no word with it finds a document first.
    pub(super) async fn until_meaning_finds(&self, question: &str, id: &str) {
        let found = async {
            while self
                .ids(question, Audience::Customer)
                .await
                .first()
                .is_none_or(|it| it != id)
            {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        let found = tokio::time::timeout(PATIENCE, found).await;
        assert!(found.is_ok(), "{question} does not find {id}");
    }

    pub(super) async fn find(&self, query: &str, audience: Audience) -> Vec<Passage> {
        let search = Search {
            query: query.to_owned(),
            limit: 10,
            category: None,
            min_score: None,
            audience,
        };
        self.knowledge.find(search).await.unwrap()
    }

    /// The documents found, each once, best first.
    pub(super) async fn ids(&self, query: &str, audience: Audience) -> Vec<String> {
        let mut seen = HashSet::new();
        let found = self.find(query, audience).await.into_iter();
        let ids = found.map(|passage| passage.document_id);
        ids.filter(|id| seen.insert(id.clone())).collect()
    }

    pub(super) async fn find_in(&self, query: &str, category: &str) -> Vec<String> {
        let search = Search {
            query: query.to_owned(),
            limit: 10,
            category: Some(category.to_owned()),
            min_score: None,
            audience: Audience::Staff,
        };
        let found = self.knowledge.find(search).await.unwrap();
        found.into_iter().map(|it| it.document_id).collect()
    }

    /// Vectors of passages in this process.
    pub(super) fn vectors_held(&self) -> usize {
        self.knowledge.base().vectors_here()
    }
}

/// A fresh database, dropped afterwards.
struct Database {
    server: String,
    name: String,
}

impl Database {
    async fn create() -> Option<Self> {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let Ok(server) = std::env::var("VOSTRO_TEST_DATABASE_URL") else {
            eprintln!("skipped: VOSTRO_TEST_DATABASE_URL is not set");
            return None;
        };
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = format!("vostro_search_{}_{count}", std::process::id());
        let client = client(&server).await;
        client
            .batch_execute(&format!("CREATE DATABASE {name}"))
            .await
            .unwrap();
        Some(Self { server, name })
    }

    fn url(&self) -> String {
        let (base, _) = self.server.rsplit_once('/').unwrap();
        format!("{base}/{}", self.name)
    }

    async fn has_pgvector(&self) -> bool {
        let asked = "SELECT FROM pg_available_extensions WHERE name = 'vector'";
        let found = client(&self.server).await.query_opt(asked, &[]).await;
        found.unwrap().is_some()
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        let (server, name) = (self.server.clone(), self.name.clone());
        let dropping = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build();
            runtime.unwrap().block_on(async {
                let drop = format!("DROP DATABASE {name} WITH (FORCE)");
                let _ = client(&server).await.batch_execute(&drop).await;
            });
        });
        let _ = dropping.join();
    }
}

async fn client(server: &str) -> tokio_postgres::Client {
    let (client, connection) = tokio_postgres::connect(server, NoTls).await.unwrap();
    tokio::spawn(connection);
    client
}
