//! Ingested documents: whole or not at all, and a number that each change raises.

use jiff::civil::date;
use vostro_bank::{DocumentMeta, DocumentRecord, PassageRecord, PassageVector};

use super::Backend;
use super::bench::Bench;

fn document(id: &str, passages: usize) -> DocumentRecord {
    let passage = |number: usize| PassageRecord {
        key: format!("{number:032x}"),
        headings: vec!["Limits".into(), "Per day \u{1f4b6}".into()],
        start: 0,
        end: 5,
        tokens: 2,
        flagged: (number == 1).then(|| "gives orders".into()),
        vector: (number == 0).then(|| PassageVector {
            model: "letters".into(),
            values: vec![0.25, -1.0, 0.0],
        }),
    };
    DocumentRecord {
        meta: DocumentMeta {
            id: id.into(),
            source: format!("articles/{id}.md"),
            title: "What does a wire cost?".into(),
            category: "transfers".into(),
            tags: vec!["wire".into(), "fee, \"big\" or small".into()],
            audience: "staff".into(),
            language: "en".into(),
            version: 3,
            updated: date(2026, 11, 1),
            valid_from: Some(date(2026, 1, 1)),
            valid_until: None,
            content_hash: "00ff".into(),
            quarantined: None,
        },
        body: "$5 \u{20ac}\nper day".into(),
        passages: (0..passages).map(passage).collect(),
    }
}

/// A document comes back as it was written, replaces the one before it with all its passages, and goes whole.
pub async fn a_document_is_written_and_removed_whole<B: Backend>() {
    let bench = Bench::<B>::new().await;
    let store = bench.store();
    assert_eq!(store.knowledge_version().await.unwrap(), 0);
    let first = document("wires", 3);
    let put = store.put_document(&first).await.unwrap();
    assert!(put.created && put.revision == 1, "{put:?}");
    let entry = store.document_entry("wires").await.unwrap().unwrap();
    assert_eq!((entry.passages, entry.flagged, entry.revision), (3, 1, 1));
    assert_eq!((&entry.meta, entry.ingested_at), (&first.meta, bench.now()));
    assert_eq!(store.document_records(None, 9).await.unwrap(), [first]);

    let mut second = document("wires", 1);
    second.meta.quarantined = Some("instructions in it".into());
    second.body = "other".into();
    let put = store.put_document(&second).await.unwrap();
    assert!(!put.created && put.revision == 2, "{put:?}");
    assert_eq!(store.document_records(None, 9).await.unwrap(), [second]);

    let bare = document("bare", 0);
    store.put_document(&bare).await.unwrap();
    assert_eq!(store.document_records(None, 1).await.unwrap(), [bare]);

    assert_eq!(store.remove_document("wires").await.unwrap(), Some(4));
    assert_eq!(store.remove_document("wires").await.unwrap(), None);
    assert_eq!(store.remove_document("\0").await.unwrap(), None);
    assert_eq!(store.document_entry("wires").await.unwrap(), None);
    assert_eq!(store.knowledge_version().await.unwrap(), 4);
    assert_eq!(
        store
            .keep_vectors("letters", &[(format!("{:032x}", 2), vec![1.0])])
            .await
            .unwrap(),
        0
    );
}

/// A document that breaks a rule leaves what was there, and the version.
pub async fn a_document_is_refused_whole<B: Backend>() {
    let bench = Bench::<B>::new().await;
    let store = bench.store();
    let good = document("wires", 2);
    store.put_document(&good).await.unwrap();
    let mut wrong = document("wires", 3);
    wrong.meta.audience = "everyone".into();
    assert!(store.put_document(&wrong).await.is_err());
    let mut wrong = document("wires", 3);
    wrong.passages[2].end = 0;
    wrong.passages[2].start = 7;
    assert!(store.put_document(&wrong).await.is_err());
    assert_eq!(store.document_records(None, 9).await.unwrap(), [good]);
    assert_eq!(store.knowledge_version().await.unwrap(), 1);
}

/// Pages of documents hold each once, in the order of their ids.
pub async fn documents_are_read_in_pages<B: Backend>() {
    let bench = Bench::<B>::new().await;
    let store = bench.store();
    for id in ["b", "a-2", "a", "B", "a-10"] {
        store.put_document(&document(id, 1)).await.unwrap();
    }
    let (mut after, mut ids) = (None, Vec::new());
    loop {
        let page = store.document_entries(after.as_deref(), 2).await.unwrap();
        let records = store.document_records(after.as_deref(), 2).await.unwrap();
        assert!(
            page.iter()
                .map(|it| &it.meta)
                .eq(records.iter().map(|it| &it.meta))
        );
        let Some(last) = page.last() else { break };
        after = Some(last.meta.id.clone());
        ids.extend(page.into_iter().map(|it| it.meta.id));
    }
    assert_eq!(ids, ["B", "a", "a-10", "a-2", "b"]);
    assert_eq!(store.document_entries(None, 0).await.unwrap(), []);
}

/// Vectors are kept for the passages that lack them, and are no change of a document.
pub async fn vectors_are_kept_with_their_passages<B: Backend>() {
    let bench = Bench::<B>::new().await;
    let store = bench.store();
    store.put_document(&document("a", 3)).await.unwrap();
    store.put_document(&document("b", 3)).await.unwrap();
    let key = |number: usize| format!("{number:032x}");
    let vectors = [
        (key(0), vec![9.0]),
        (key(2), vec![0.5]),
        (key(7), vec![1.0]),
    ];
    assert_eq!(store.keep_vectors("letters", &vectors).await.unwrap(), 2);
    let vectors_of = |record: &DocumentRecord| -> Vec<Option<Vec<f32>>> {
        let all = record.passages.iter();
        all.map(|it| it.vector.as_ref().map(|it| it.values.clone()))
            .collect()
    };
    for record in store.document_records(None, 9).await.unwrap() {
        let expected = [Some(vec![0.25, -1.0, 0.0]), None, Some(vec![0.5])];
        assert_eq!(vectors_of(&record), expected);
    }
    assert_eq!(
        store
            .keep_vectors("words", &[(key(2), vec![2.0])])
            .await
            .unwrap(),
        2
    );
    assert_eq!(store.knowledge_version().await.unwrap(), 2);
}

/// Documents written at once all arrive, each with a version of its own.
pub async fn documents_at_once_have_a_version_each<B: Backend>() {
    let bench = Bench::<B>::new().await;
    let writing: Vec<_> = (0..8)
        .map(|number| {
            let bench = bench.clone();
            tokio::spawn(async move {
                let id = format!("d{}", number % 4);
                bench
                    .store()
                    .put_document(&document(&id, 2))
                    .await
                    .unwrap()
                    .revision
            })
        })
        .collect();
    let mut revisions = Vec::new();
    for one in writing {
        revisions.push(one.await.unwrap());
    }
    revisions.sort_unstable();
    assert_eq!(revisions, (1..=8).collect::<Vec<_>>());
    assert_eq!(
        bench.store().document_entries(None, 9).await.unwrap().len(),
        4
    );
}
