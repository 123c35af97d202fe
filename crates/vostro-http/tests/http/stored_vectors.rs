//! A search whose vectors are in the store: what it finds, and what it does when the store is away, broken or silent.

use std::sync::Arc;
use std::time::Duration;

use jiff::civil::date;
use serde_json::{Value, json};
use vostro_bank::{DocumentMeta, DocumentRecord, Documents as _, PassageRecord, PassageVector};
use vostro_dialogue::ports::Knowledge as _;
use vostro_embed::{EmbedError, Embedder, unit};
use vostro_http::client::{LocalKnowledge, StoredVectors};
use vostro_knowledge::{Document, Meaning, VectorCache, chunk, passage_key};

use crate::store::Health;
use crate::world::{World, post, send, world};

/// Texts about what something costs are in one direction, all others in the other.
struct Costs;

impl Embedder for Costs {
    fn dimensions(&self) -> usize {
        2
    }

    fn model(&self) -> &'static str {
        "costs"
    }

    fn embed(&self, text: &str) -> Result<Vec<f32>, EmbedError> {
        let is_cost = ["cost", "moolah"].iter().any(|word| text.contains(word));
        Ok(unit(if is_cost {
            vec![1.0, 0.1]
        } else {
            vec![0.1, 1.0]
        }))
    }
}

/// The store has every vector.
struct InTheStore;

impl VectorCache for InTheStore {
    fn get(&mut self, _: &str, _: &str) -> Option<Vec<f32>> {
        None
    }

    fn put(&mut self, _: &str, _: &str, _: &[f32]) {}

    fn is_elsewhere(&mut self, _: &str, _: &str) -> bool {
        true
    }
}

fn record(document: &Document) -> DocumentRecord {
    let passages = chunk(document).into_iter().map(|chunk| PassageRecord {
        key: passage_key(&chunk.text()),
        headings: vec![],
        start: 0,
        end: 0,
        tokens: 1,
        flagged: None,
        vector: Some(PassageVector {
            model: "costs".into(),
            values: Costs.embed(&chunk.text()).unwrap(),
        }),
    });
    DocumentRecord {
        meta: DocumentMeta {
            id: document.id.clone(),
            source: "test".into(),
            title: document.title.clone(),
            category: document.category.clone(),
            tags: vec![],
            audience: "public".into(),
            language: "en".into(),
            version: 1,
            updated: date(2026, 11, 1),
            valid_from: None,
            valid_until: None,
            content_hash: "00".into(),
            quarantined: None,
        },
        body: document.body.clone(),
        passages: passages.collect(),
    }
}

/// A world whose vectors are in its store.
async fn apart() -> World {
    let world = world();
    let base = world.knowledge.base();
    for document in base.documents() {
        world.store.put_document(&record(document)).await.unwrap();
    }
    let (meaning, missing) = Meaning::known(&base, Arc::new(Costs), &mut InTheStore);
    assert_eq!(missing, 0);
    let vectors = StoredVectors::new(world.store.clone(), "costs".into(), date(2026, 11, 26));
    let base = Arc::new(base.with_meaning(meaning));
    world.knowledge.replace(base, Some(vectors));
    world
}

async fn search(world: &World, query: &str) -> Vec<Value> {
    let answer = send(
        &world.rag,
        post("/api/v1/rag/search", json!({"query": query}).to_string()),
    )
    .await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    answer.json()["results"].as_array().unwrap().clone()
}

fn version(world: &World) -> String {
    LocalKnowledge(world.knowledge.clone()).version().unwrap()
}

#[tokio::test]
async fn the_store_is_asked_for_the_nearest() {
    let world = apart().await;
    // No word of it is in the articles.
    let found = search(&world, "moolah").await;
    assert_eq!(found[0]["document_id"], "fees");
    assert!(!world.knowledge.goes_by_words() && version(&world).ends_with("meaning"));
    // What the store tells of, the guardrails still keep back.
    assert!(
        found.iter().all(|it| it["document_id"] != "poisoned"),
        "{found:?}"
    );
    let context = post(
        "/api/v1/rag/context",
        json!({"query": "what does a wire transfer cost"}).to_string(),
    );
    let context = send(&world.rag, context).await.json();
    assert!(
        context["text"].as_str().unwrap().contains("$25.00"),
        "{context}"
    );
}

/// A store that is away or broken costs the meaning of a question, and is asked again a moment later.
#[tokio::test]
async fn without_the_store_words_are_searched() {
    let world = apart().await;
    for health in [Health::Unreachable, Health::Broken] {
        world.store.set(health);
        assert_eq!(search(&world, "moolah").await, [Value::Null; 0]);
        let found = search(&world, "what does a wire transfer cost").await;
        assert_eq!(found[0]["document_id"], "fees");
        assert!(world.knowledge.goes_by_words());
        assert!(
            version(&world).ends_with("words"),
            "answers are remembered apart"
        );
        world.store.set(Health::Well);
        let again = async {
            while search(&world, "moolah").await.is_empty() {
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(20), again)
            .await
            .unwrap();
        assert!(!world.knowledge.goes_by_words());
    }
}

/// A store that says nothing is waited for once; those who ask after do not wait.
#[tokio::test]
async fn a_silent_store_is_left_alone() {
    let world = apart().await;
    world.store.set(Health::Silent);
    let began = std::time::Instant::now();
    let found = search(&world, "what does a wire transfer cost").await;
    let waited = began.elapsed();
    assert_eq!(found[0]["document_id"], "fees");
    assert!(
        waited >= Duration::from_millis(900),
        "it was waited for: {waited:?}"
    );
    let began = std::time::Instant::now();
    search(&world, "what does a wire transfer cost").await;
    assert!(began.elapsed() < waited, "{:?}", began.elapsed());
}
