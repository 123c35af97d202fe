//! Tests of the search by words and by meaning: filters, parts, hostile questions, vectors that are elsewhere.

use super::*;
use crate::testing::{Letters, article};
use crate::{Audience, KnowledgeBase};

fn base() -> KnowledgeBase {
    let base = KnowledgeBase::build(vec![
        article(
            "wires",
            "transfers",
            "public",
            "A wire costs $25.00 and takes a day.",
        ),
        article(
            "cards",
            "cards",
            "customer",
            "A lost card is frozen at once.",
        ),
        article("desk", "transfers", "staff", "The wire desk calls back."),
    ])
    .unwrap();
    let meaning = Meaning::of(&base, Arc::new(Letters), &mut ()).unwrap();
    base.with_meaning(meaning)
}

fn found(query: &Query<'_>) -> Vec<String> {
    let passages = base().try_search(query).unwrap();
    passages
        .into_iter()
        .map(|passage| passage.document_id)
        .collect()
}

#[test]
fn filters_hold_for_both_halves() {
    let all = Query {
        audience: Audience::Staff,
        ..Query::new("what does a wire cost")
    };
    assert_eq!(found(&all).len(), 3);
    assert_eq!(found(&all)[0], "wires");
    let customer = Query::new("the wire desk calls back");
    assert!(!found(&customer).contains(&"desk".to_owned()));
    let cards = Query {
        category: Some("cards"),
        ..all
    };
    assert_eq!(found(&cards), ["cards"]);
    let most = Query { limit: 1, ..all };
    assert_eq!(found(&most), ["wires"]);
    let sure = Query {
        min_score: Some(1.1),
        ..all
    };
    assert_eq!(found(&sure), [""; 0]);
}

#[test]
fn a_long_question_is_taken_apart() {
    assert_eq!(parts("A wire costs money. My card is lost.").len(), 1);
    let long = "Well, you know how it is. A wire transfer costs money. ".repeat(10);
    let parts = parts(&long);
    assert_eq!(parts[0], long);
    assert_eq!(parts[1], "A wire transfer costs money.");
    let endless = "A wire transfer costs money. ".repeat(10_000);
    assert!(super::parts(cut(&endless, MAX_BYTES)).len() <= MAX_PARTS + 1);
}

#[test]
fn any_question_is_harmless() {
    let many = "wire card desk ".repeat(20_000);
    for text in [
        "",
        " ",
        "\u{0}",
        "\u{1f600}",
        "(((",
        "\u{4e2d}\u{6587}",
        &many,
    ] {
        for passage in base().try_search(&Query::new(text)).unwrap() {
            assert!(
                (0.0..=1.0).contains(&passage.score),
                "{text:.10}: {passage:?}"
            );
        }
    }
}

/// A cache that has no vector, and knows who has.
struct Elsewhere;

impl crate::VectorCache for Elsewhere {
    fn get(&mut self, _: &str, _: &str) -> Option<Vec<f32>> {
        None
    }
    fn put(&mut self, _: &str, _: &str, _: &[f32]) {}
    fn is_elsewhere(&mut self, _: &str, _: &str) -> bool {
        true
    }
}

/// A base whose vectors are all elsewhere, and who has them.
fn apart() -> (KnowledgeBase, impl Fn(&Inquiry) -> Vec<Near>) {
    let near = base();
    let (meaning, missing) = Meaning::known(&near, Arc::new(Letters), &mut Elsewhere);
    assert_eq!((missing, meaning.neighbours().len()), (0, 0));
    let far = near.with_meaning(meaning);
    let tell = move |inquiry: &Inquiry| {
        let of_text = |(_, text): (&str, String)| Near {
            key: passage_key(&text),
            cosines: {
                let row = vostro_embed::Embedder::embed(&Letters, &text).unwrap();
                let asked = inquiry.vectors().iter();
                asked.map(|vector| cosine(vector, &row)).collect()
            },
        };
        near.passage_texts().map(of_text).collect()
    };
    (far, tell)
}

#[test]
fn vectors_that_are_elsewhere_give_the_same_answer() {
    let (far, tell) = apart();
    assert!(far.asks_elsewhere() && !base().asks_elsewhere());
    let long = "Well, you know how it is. A wire transfer costs money. ".repeat(10);
    for text in [
        "what does a wire cost",
        "is a lost card frozen",
        &long,
        "",
        "zzz",
    ] {
        for audience in [Audience::Public, Audience::Customer, Audience::Staff] {
            let query = Query {
                audience,
                ..Query::new(text)
            };
            let inquiry = far.inquire(&query).unwrap();
            // Whoever has the vectors may tell of passages that this reader may not find.
            let told = tell(&inquiry);
            let found = far.conclude(inquiry, &told).unwrap();
            assert_eq!(
                found,
                base().try_search(&query).unwrap(),
                "{text:.30} {audience:?}"
            );
        }
    }
}

#[test]
fn what_is_told_of_other_passages_or_wrongly_changes_nothing() {
    let (far, _) = apart();
    let query = Query::new("what does a wire cost");
    let by_words = far.conclude(far.inquire(&query).unwrap(), &[]).unwrap();
    assert_eq!(by_words[0].document_id, "wires");
    let key = |text: &str| passage_key(text);
    let texts: Vec<String> = far.passage_texts().map(|(_, text)| text).collect();
    let wrong = [
        Near {
            key: key("another text"),
            cosines: vec![1.0],
        },
        Near {
            key: "no key".into(),
            cosines: vec![1.0],
        },
        Near {
            key: key(&texts[0]),
            cosines: vec![1.0, 1.0],
        },
        Near {
            key: key(&texts[0]),
            cosines: vec![f32::NAN],
        },
        Near {
            key: key(&texts[0]),
            cosines: vec![],
        },
    ];
    let found = far.conclude(far.inquire(&query).unwrap(), &wrong).unwrap();
    assert_eq!(found, by_words);
}

#[test]
fn without_whoever_has_the_vectors_words_alone_are_searched() {
    let (far, _) = apart();
    let words = KnowledgeBase::build(far.documents().cloned().collect()).unwrap();
    let query = Query::new("what does a wire cost");
    assert_eq!(
        far.try_search(&query).unwrap(),
        words.try_search(&query).unwrap()
    );
    assert!(words.inquire(&query).is_err());
    let keys = far.inquire(&query).unwrap().keys().len();
    assert!(keys > 0, "what words found is asked about");
    let nothing = far.inquire(&Query { limit: 0, ..query }).unwrap();
    assert!(nothing.vectors().is_empty() && nothing.keys().is_empty());
}
