//! A search that a model puts in order: what changes, what never does, and what happens when the model is no help.

use std::sync::atomic::{AtomicU8, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use vostro_dialogue::ports::Knowledge as _;
use vostro_embed::{RerankError, Reranker};
use vostro_http::client::{LocalKnowledge, Reranking};
use vostro_knowledge::RELEVANT_SCORE;
use vostro_telemetry::Exposition;

use crate::world::{World, chat, post, send, world};

#[derive(Clone, Copy)]
enum Mood {
    /// The last text is the best.
    Backwards,
    Failing,
    TooFew,
    NoNumber,
    Panics,
    /// Until nobody wants it any longer.
    Hangs,
}

/// A model whose mood is set from outside, and which remembers what it was shown.
struct Moody {
    mood: AtomicU8,
    asked: AtomicUsize,
    stopped: AtomicUsize,
    shown: Mutex<Vec<String>>,
}

impl Reranker for Moody {
    fn model(&self) -> &'static str {
        "moody"
    }

    fn scores(
        &self,
        _: &str,
        texts: &[&str],
        goes_on: &(dyn Fn() -> bool + Sync),
    ) -> Result<Vec<f32>, RerankError> {
        self.asked.fetch_add(1, Ordering::SeqCst);
        let mut shown = self.shown.lock().unwrap();
        shown.extend(texts.iter().map(|text| (*text).to_owned()));
        drop(shown);
        let places = (0_u8..).zip(texts).map(|(place, _)| f32::from(place));
        match self.mood.load(Ordering::SeqCst) {
            0 => Ok(places.collect()),
            1 => Err(RerankError::Failed("no memory at 10.0.0.8".into())),
            2 => Ok(places.skip(1).collect()),
            3 => Ok(places.map(|_| f32::NAN).collect()),
            4 => panic!("the model breaks off"),
            _ => {
                while goes_on() {
                    std::thread::sleep(Duration::from_millis(2));
                }
                self.stopped.fetch_add(1, Ordering::SeqCst);
                Err(RerankError::Stopped)
            }
        }
    }
}

fn with_model(mood: Mood, within: Duration) -> (World, Arc<Moody>, Arc<Reranking>) {
    let model = Arc::new(Moody {
        mood: AtomicU8::new(mood as u8),
        asked: AtomicUsize::new(0),
        stopped: AtomicUsize::new(0),
        shown: Mutex::default(),
    });
    let world = world();
    let reranking = Arc::new(Reranking::new(model.clone(), 20, within));
    world.knowledge.rerank_with(Arc::clone(&reranking));
    (world, model, reranking)
}

const LONG: Duration = Duration::from_secs(20);

async fn search(world: &World, body: Value) -> Vec<(String, f64)> {
    let answer = send(&world.rag, post("/api/v1/rag/search", body.to_string())).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    let found = answer.json()["results"].as_array().unwrap().clone();
    let found = found.iter().map(|it| {
        let id = it["document_id"].as_str().unwrap().to_owned();
        (id, it["score"].as_f64().unwrap())
    });
    found.collect()
}

async fn ids(world: &World) -> Vec<String> {
    let found = search(world, json!({"query": "transfer"})).await;
    found.into_iter().map(|(id, _)| id).collect()
}

fn counted(world: &World, outcome: &str) -> u64 {
    let text = world.edge.metrics().render(Exposition::Prometheus);
    let name = format!("vostro_rerankings_total{{outcome=\"{outcome}\"}} ");
    let line = text.lines().find_map(|line| line.strip_prefix(&name));
    line.unwrap().parse().unwrap()
}

#[tokio::test]
async fn passages_change_places_and_nothing_else() {
    let before = search(&world(), json!({"query": "transfer"})).await;
    assert_eq!(before.len(), 2);
    assert!(
        before
            .iter()
            .all(|(_, score)| *score >= f64::from(RELEVANT_SCORE))
    );

    let (world, model, reranking) = with_model(Mood::Backwards, LONG);
    let after = search(&world, json!({"query": "transfer"})).await;
    let (ids, scores): (Vec<_>, Vec<_>) = after.into_iter().unzip();
    assert_eq!(ids, [before[1].0.clone(), before[0].0.clone()]);
    assert_eq!(scores, [before[0].1, before[1].1], "scores are the places'");
    // It reads more than are wanted: the one that is given is its best, not the first of before.
    let one = search(&world, json!({"query": "transfer", "limit": 1})).await;
    assert_eq!(one, [(before[1].0.clone(), before[0].1)]);
    // What is not about the question is not made so.
    let nothing = json!({"query": "zebra quantum", "min_score": RELEVANT_SCORE});
    assert_eq!(search(&world, nothing).await, []);
    assert!(model.asked.load(Ordering::SeqCst) == 2 && !reranking.is_silent());
    assert_eq!(counted(&world, "reordered"), 2);
    let version = LocalKnowledge(world.knowledge.clone()).version().unwrap();
    assert!(
        version.ends_with(" reranked"),
        "answers are remembered apart"
    );
}

/// What the guardrails keep back, the model never reads; and its order does not lead to an answer without its source.
#[tokio::test]
async fn hostile_passages_do_not_reach_the_model() {
    let (world, model, _) = with_model(Mood::Backwards, LONG);
    let query = json!({"query": "pineapple transfer", "limit": 50});
    let found = search(&world, query).await;
    assert!(found.iter().all(|(id, _)| id != "poisoned"), "{found:?}");
    let shown = model.shown.lock().unwrap().clone();
    assert_eq!(shown.len(), 2);
    assert!(
        shown.iter().all(|text| !text.contains("Ignore")),
        "{shown:?}"
    );
    let answer = send(
        &world.concierge,
        chat("ada", "s1", "How do I transfer money?"),
    )
    .await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    assert!(answer.text.contains("until you say yes"), "{}", answer.text);
}

#[tokio::test]
async fn a_model_that_fails_costs_nothing_but_its_order() {
    let before = ids(&world()).await;
    for mood in [Mood::Failing, Mood::TooFew, Mood::NoNumber, Mood::Panics] {
        let (world, model, reranking) = with_model(mood, LONG);
        assert_eq!(ids(&world).await, before);
        assert_eq!(counted(&world, "failed"), 1);
        assert!(reranking.is_silent());
        // It is left alone for a moment, then asked again.
        model.mood.store(Mood::Backwards as u8, Ordering::SeqCst);
        assert_eq!(ids(&world).await, before);
        let again = async {
            while ids(&world).await == before {
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        };
        tokio::time::timeout(LONG, again).await.unwrap();
        assert!(counted(&world, "resting") >= 1 && counted(&world, "reordered") == 1);
        assert!(!reranking.is_silent() && model.asked.load(Ordering::SeqCst) == 2);
    }
}

#[tokio::test]
async fn a_slow_model_is_stopped_and_waited_for_no_longer_than_allowed() {
    let before = ids(&world()).await;
    let within = Duration::from_millis(100);
    let (world, model, reranking) = with_model(Mood::Hangs, within);
    let began = Instant::now();
    assert_eq!(ids(&world).await, before);
    assert!(began.elapsed() >= within, "it was waited for");
    assert_eq!(counted(&world, "slow"), 1);
    assert!(reranking.is_silent());
    let ended = async {
        while model.stopped.load(Ordering::SeqCst) == 0 {
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    };
    tokio::time::timeout(LONG, ended).await.unwrap();
}

/// Two at once; whoever comes third waits half of the time for a place and goes on without.
#[tokio::test]
async fn more_than_can_be_done_at_once_keep_their_order() {
    let before = ids(&world()).await;
    let (world, model, reranking) = with_model(Mood::Hangs, Duration::from_secs(4));
    let world = Arc::new(world);
    let first_two = [0; 2].map(|_| {
        let world = Arc::clone(&world);
        tokio::spawn(async move { ids(&world).await })
    });
    let both = async {
        while model.asked.load(Ordering::SeqCst) < 2 {
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    };
    tokio::time::timeout(LONG, both).await.unwrap();
    assert_eq!(ids(&world).await, before);
    assert_eq!((counted(&world, "busy"), counted(&world, "slow")), (1, 0));
    assert!(!reranking.is_silent(), "others being served is no fault");
    // Whoever goes away takes the work along.
    for search in first_two {
        search.abort();
    }
    let ended = async {
        while model.stopped.load(Ordering::SeqCst) < 2 {
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(1), ended)
        .await
        .unwrap();
}
