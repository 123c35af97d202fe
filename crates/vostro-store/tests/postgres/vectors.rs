//! Searching vectors in the database: what is found, for whom, how it follows documents, and where it cannot be.

use jiff::civil::date;
use vostro_bank::{
    DocumentMeta, DocumentRecord, Documents as _, NearestQuery, PassageRecord, PassageVector,
    VectorSearch,
};
use vostro_store::PostgresStore;

use crate::database::{config, database_or_skip};

const DIMENSIONS: usize = 8;

/// A vector of length 1 at this angle.
fn at(degrees: f32) -> Vec<f32> {
    let mut vector = vec![0.0; DIMENSIONS];
    (vector[1], vector[0]) = degrees.to_radians().sin_cos();
    vector
}

fn key(id: &str, number: usize) -> String {
    use std::hash::{DefaultHasher, Hash as _, Hasher as _};
    let mut hash = DefaultHasher::new();
    (id, number).hash(&mut hash);
    format!("{:032x}", hash.finish())
}

/// A document with a passage at each of these angles.
fn document(id: &str, angles: &[f32]) -> DocumentRecord {
    let passage = |(number, angle): (usize, &f32)| PassageRecord {
        key: key(id, number),
        headings: vec![],
        start: 0,
        end: 4,
        tokens: 1,
        flagged: None,
        vector: Some(PassageVector {
            model: "angles".into(),
            values: at(*angle),
        }),
    };
    DocumentRecord {
        meta: DocumentMeta {
            id: id.into(),
            source: "test".into(),
            title: "Test".into(),
            category: "fees".into(),
            tags: vec![],
            audience: "customer".into(),
            language: "en".into(),
            version: 1,
            updated: date(2026, 11, 1),
            valid_from: None,
            valid_until: None,
            content_hash: "00".into(),
            quarantined: None,
        },
        body: "Text".into(),
        passages: angles.iter().enumerate().map(passage).collect(),
    }
}

fn query(angle: f32) -> NearestQuery {
    NearestQuery {
        model: "angles".into(),
        questions: vec![at(angle)],
        audiences: vec!["public".into(), "customer".into()],
        category: None,
        day: date(2026, 11, 26),
        wanted: 2,
        keys: vec![],
    }
}

async fn found(store: &PostgresStore, query: &NearestQuery) -> Vec<(String, Vec<f32>)> {
    let near = store.nearest_passages(query).await.unwrap();
    let mut near: Vec<_> = near.into_iter().map(|it| (it.key, it.cosines)).collect();
    near.sort_by(|a, b| b.1[0].total_cmp(&a.1[0]));
    near
}

async fn keys(store: &PostgresStore, query: &NearestQuery) -> Vec<String> {
    found(store, query)
        .await
        .into_iter()
        .map(|it| it.0)
        .collect()
}

async fn ready(store: &PostgresStore) -> bool {
    let found = store.prepare_vector_search(8).await.unwrap();
    if found == VectorSearch::Absent {
        assert!(
            std::env::var_os("VOSTRO_REQUIRE_POSTGRES").is_none(),
            "pgvector is required"
        );
        eprintln!("skipped: the server has no pgvector");
    }
    found == VectorSearch::Ready
}

/// Documents that came before are found, those that come are found at once, and what goes is gone.
#[tokio::test]
async fn the_nearest_follow_every_change() {
    let database = database_or_skip!();
    let store = database.store(config()).await;
    store
        .put_document(&document("before", &[0.0, 90.0]))
        .await
        .unwrap();
    if !ready(&store).await {
        return;
    }
    assert!(ready(&store).await, "once more changes nothing");
    store
        .put_document(&document("after", &[10.0, 20.0]))
        .await
        .unwrap();
    let near = found(&store, &query(0.0)).await;
    let names: Vec<_> = near.iter().map(|it| it.0.clone()).collect();
    assert_eq!(names, [key("before", 0), key("after", 0)]);
    for (found, expected) in near.iter().zip([1.0, 10_f32.to_radians().cos()]) {
        assert!((found.1[0] - expected).abs() < 1e-3, "{near:?}");
    }
    // Replaced, embedded later, taken out.
    let mut bare = document("after", &[10.0, 0.0]);
    bare.passages[1].vector = None;
    store.put_document(&bare).await.unwrap();
    assert_eq!(
        keys(&store, &query(0.0)).await,
        [key("before", 0), key("after", 0)]
    );
    let late = [(key("after", 1), at(1.0))];
    assert_eq!(store.keep_vectors("angles", &late).await.unwrap(), 1);
    assert_eq!(
        keys(&store, &query(1.0)).await,
        [key("after", 1), key("before", 0)]
    );
    store.remove_document("after").await.unwrap();
    assert_eq!(
        keys(&store, &query(1.0)).await,
        [key("before", 0), key("before", 1)]
    );
}

/// The statement itself holds to the filters, however far it has to look.
#[tokio::test]
async fn filters_are_held_and_starve_nobody() {
    let database = database_or_skip!();
    let store = database.store(config()).await;
    if !ready(&store).await {
        return;
    }
    // Far more near passages that may not be found than an index scan looks at by itself.
    let angles: Vec<f32> = (0..100_u16).map(|n| f32::from(n) / 50.0).collect();
    for number in 0..6 {
        let mut hidden = document(&format!("hidden-{number}"), &angles);
        match number {
            0 => hidden.meta.audience = "staff".into(),
            1 => hidden.meta.quarantined = Some("gives orders".into()),
            2 => hidden.meta.valid_from = Some(date(2026, 11, 27)),
            3 => hidden.meta.valid_until = Some(date(2026, 11, 25)),
            4 => {
                for passage in &mut hidden.passages {
                    passage.flagged = Some("gives orders".into());
                }
            }
            _ => hidden.meta.category = "cards".into(),
        }
        store.put_document(&hidden).await.unwrap();
    }
    let mut open = document("open", &[40.0, 50.0, 60.0]);
    open.meta.valid_from = Some(date(2026, 11, 26));
    open.meta.valid_until = Some(date(2026, 11, 26));
    store.put_document(&open).await.unwrap();
    let fees = NearestQuery {
        category: Some("fees".into()),
        ..query(0.0)
    };
    assert_eq!(keys(&store, &fees).await, [key("open", 0), key("open", 1)]);
    let staff = NearestQuery {
        audiences: vec!["staff".into()],
        ..query(0.0)
    };
    assert_eq!(
        keys(&store, &staff).await,
        [key("hidden-0", 0), key("hidden-0", 1)]
    );
    let other = NearestQuery {
        model: "another".into(),
        ..query(0.0)
    };
    assert_eq!(keys(&store, &other).await, [""; 0]);
    let nowhere = NearestQuery {
        category: Some("\0".into()),
        ..query(0.0)
    };
    assert_eq!(keys(&store, &nowhere).await, [""; 0]);
}

/// Each part of a question has its nearest, and every passage its cosine to each of them.
#[tokio::test]
async fn parts_and_passages_that_are_named_are_told_of() {
    let database = database_or_skip!();
    let store = database.store(config()).await;
    if !ready(&store).await {
        return;
    }
    let angles = [0.0, 30.0, 60.0, 90.0, 180.0];
    store.put_document(&document("a", &angles)).await.unwrap();
    let parts = NearestQuery {
        questions: vec![at(0.0), at(90.0)],
        wanted: 1,
        keys: vec![key("a", 4), "no such key".into(), String::new()],
        ..query(0.0)
    };
    let near = found(&store, &parts).await;
    let names: Vec<_> = near.iter().map(|it| it.0.clone()).collect();
    assert_eq!(names, [key("a", 0), key("a", 3), key("a", 4)]);
    let expected = [[1.0, 0.0], [0.0, 1.0], [-1.0, 0.0]];
    for ((_, cosines), expected) in near.iter().zip(expected) {
        for (found, expected) in cosines.iter().zip(expected) {
            assert!((found - expected).abs() < 1e-3, "{near:?}");
        }
    }
    // Hostile sizes are an error or nothing, and the store goes on.
    for questions in [vec![], vec![vec![]], vec![vec![0.5; 7]]] {
        let odd = NearestQuery {
            questions,
            ..query(0.0)
        };
        let answer = store.nearest_passages(&odd).await;
        assert!(answer.is_err() || answer.unwrap().is_empty());
    }
    assert_eq!(found(&store, &query(0.0)).await.len(), 2);
}

/// A vector that is none of the model's, or no numbers, is kept as it was and not searched.
#[tokio::test]
async fn odd_vectors_stop_no_document() {
    let database = database_or_skip!();
    let store = database.store(config()).await;
    if !ready(&store).await {
        return;
    }
    let mut odd = document("odd", &[0.0, 10.0, 20.0, 30.0]);
    let values = |number: usize, values: Vec<f32>, odd: &mut DocumentRecord| {
        odd.passages[number].vector.as_mut().unwrap().values = values;
    };
    values(0, vec![1.0; 3], &mut odd);
    values(1, vec![1e30; DIMENSIONS], &mut odd);
    values(2, vec![0.0; DIMENSIONS], &mut odd);
    store.put_document(&odd).await.unwrap();
    let most = NearestQuery {
        wanted: 9,
        ..query(30.0)
    };
    assert_eq!(keys(&store, &most).await, [key("odd", 3), key("odd", 2)]);
    assert_eq!(store.document_records(None, 9).await.unwrap(), [odd]);
    // Another model has other dimensions: what is derived is made anew.
    assert_eq!(
        store.prepare_vector_search(3).await.unwrap(),
        VectorSearch::Ready
    );
    let three = NearestQuery {
        questions: vec![vec![1.0; 3]],
        ..query(0.0)
    };
    assert_eq!(keys(&store, &three).await, [key("odd", 0)]);
}

/// What is derived may be dropped, with the extension too: documents are kept all the same, and it is made anew.
#[tokio::test]
async fn what_is_derived_may_be_dropped() {
    let database = database_or_skip!();
    let store = database.store(config()).await;
    if !ready(&store).await {
        return;
    }
    let client = database.client().await;
    let ways = [
        "DROP TABLE knowledge_vectors",
        "DROP EXTENSION vector CASCADE",
        "DROP EXTENSION vector CASCADE; CREATE EXTENSION vector",
    ];
    for (number, way) in (0_u8..).zip(ways) {
        client.batch_execute(way).await.unwrap();
        let id = format!("after-{number}");
        let angle = f32::from(number);
        store.put_document(&document(&id, &[angle])).await.unwrap();
        assert!(store.nearest_passages(&query(angle)).await.is_err());
        assert!(ready(&store).await);
        assert_eq!(keys(&store, &query(angle)).await[0], key(&id, 0));
    }
}

/// Replicas that start at once take turns, and one that may not create the extension is told so.
#[tokio::test]
async fn replicas_prepare_at_once_and_rights_are_needed() {
    let database = database_or_skip!();
    let store = database.store(config()).await;
    let other = database.store(config()).await;
    let client = database.client().await;
    let user = format!("narrow_{}", std::process::id());
    let make = format!(
        "CREATE ROLE {user} LOGIN; REVOKE CREATE ON DATABASE \"{0}\" FROM PUBLIC; GRANT ALL ON ALL TABLES IN SCHEMA public TO {user}",
        client
            .query_one("SELECT current_database()", &[])
            .await
            .unwrap()
            .get::<_, String>(0)
    );
    client.batch_execute(&make).await.unwrap();
    client
        .batch_execute(&format!("SET ROLE {user}"))
        .await
        .unwrap();
    let outcome: String = client
        .query_one("SELECT prepare_knowledge_vectors(8)", &[])
        .await
        .unwrap()
        .get(0);
    client.batch_execute("RESET ROLE").await.unwrap();
    client
        .batch_execute(&format!("DROP OWNED BY {user}; DROP ROLE {user}"))
        .await
        .unwrap();
    if outcome == "absent" {
        return;
    }
    assert_eq!(outcome, "forbidden");
    let (one, two) = tokio::join!(
        store.prepare_vector_search(8),
        other.prepare_vector_search(8)
    );
    assert_eq!(
        (one.unwrap(), two.unwrap()),
        (VectorSearch::Ready, VectorSearch::Ready)
    );
}
