//! Tests of the knowledge base as a whole: filters, spans, order, hostile questions, vectors that are kept.

use super::*;
use crate::Audience;
use crate::testing::{Letters, article};

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
fn vectors_are_asked_of_the_cache_first() {
    #[derive(Default)]
    struct Counted(std::collections::HashMap<String, Vec<f32>>, usize);
    impl crate::VectorCache for Counted {
        fn get(&mut self, _: &str, key: &str) -> Option<Vec<f32>> {
            self.0.get(key).cloned()
        }
        fn put(&mut self, _: &str, key: &str, vector: &[f32]) {
            self.1 += 1;
            self.0.insert(key.to_owned(), vector.to_vec());
        }
    }
    let mut cache = Counted::default();
    let mut of = |documents| {
        let base = KnowledgeBase::build(documents).unwrap();
        let meaning = Meaning::of(&base, Arc::new(Letters), &mut cache).unwrap();
        assert_eq!(meaning.neighbours().len(), base.passage_count());
        assert!(base.with_meaning(meaning).has_meaning() && !base.has_meaning());
        cache.1
    };
    assert_eq!(of(articles()), 4);
    assert_eq!(of(articles()), 4);
    let mut changed = articles();
    changed[1].body.push('!');
    assert_eq!(of(changed), 5);
}

#[test]
fn a_base_may_have_vectors_of_some_passages_only() {
    #[derive(Default)]
    struct Some(std::collections::HashMap<String, Vec<f32>>);
    impl crate::VectorCache for Some {
        fn get(&mut self, _: &str, key: &str) -> Option<Vec<f32>> {
            self.0.get(key).cloned()
        }
        fn put(&mut self, _: &str, key: &str, vector: &[f32]) {
            self.0.insert(key.to_owned(), vector.to_vec());
        }
    }
    let base = KnowledgeBase::build(articles()).unwrap();
    let mut cache = Some::default();
    let all = base.passage_count();
    let (meaning, missing) = Meaning::known(&base, Arc::new(Letters), &mut cache);
    assert_eq!((meaning.neighbours().len(), missing), (0, all));
    assert_eq!(
        Meaning::embed_missing(&base, &Letters, &mut cache, 1).unwrap(),
        all - 1
    );
    let (meaning, missing) = Meaning::known(&base, Arc::new(Letters), &mut cache);
    assert_eq!(missing, all - 1);
    let mixed = base.with_meaning(meaning);
    for document in base.documents() {
        let found = mixed.search(&Query {
            audience: Audience::Staff,
            ..Query::new(&document.body)
        });
        assert_eq!(found[0].document_id, document.id);
    }
    assert_eq!(
        Meaning::embed_missing(&base, &Letters, &mut cache, 99).unwrap(),
        0
    );
    assert_eq!(Meaning::known(&base, Arc::new(Letters), &mut cache).1, 0);
}

#[test]
fn hidden_passages_are_not_found() {
    let all = KnowledgeBase::build(articles()).unwrap().passage_count();
    let base =
        KnowledgeBase::build_without(articles(), |document, _| document.id == "wires").unwrap();
    assert!(base.passage_count() < all && base.document("wires").is_some());
    let found = base.search(&Query {
        audience: Audience::Staff,
        ..Query::new("wires")
    });
    assert!(found.iter().all(|passage| passage.document_id != "wires"));
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
