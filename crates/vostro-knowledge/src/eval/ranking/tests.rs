//! The measures on small sets, and the forms of sets.

use vostro_embed::{RerankError, Reranker};

use super::*;

fn ids(names: &str) -> Vec<String> {
    names.split(' ').map(str::to_owned).collect()
}

#[test]
fn measures_are_those_of_the_books() {
    let close = |found: &str, relevant: &str, expected: [f64; 5]| {
        let judged = judge(&ids(found), &ids(relevant));
        for (a, b) in judged.iter().zip(expected) {
            assert!((a - b).abs() < 1e-3, "{judged:?} for {found}");
        }
    };
    close("a b c", "a", [1.0; 5]);
    close("b a c", "a", [0.0, 1.0, 1.0, 0.631, 0.5]);
    close("b c d", "a", [0.0; 5]);
    close("x x x x x a b", "a b", [0.0, 0.0, 1.0, 0.422, 0.167]);
}

#[test]
fn a_small_set_is_ranked() {
    let documents = r#"{"id": "fees", "title": "Fees", "content": "A wire costs $25.00."}
        {"id": "cards", "title": "Cards", "text": "Freeze a card that is lost."}"#;
    let queries = r#"{"query": "what does a wire cost", "relevant": ["fees"]}

        {"instructions": "my card is lost", "required_documents": ["cards", "gone"]}
        {"question": "?", "articles": ["nowhere"]}"#;
    let report = rank(
        parse_lines("documents", documents).unwrap(),
        &parse_lines("queries", queries).unwrap(),
        (None, None),
        &mut (),
        Duration::default,
    )
    .unwrap();
    assert_eq!((report.documents, report.queries), (2, 2));
    for row in &report.rows {
        assert!((row.mrr - 1.0).abs() < 1e-9, "{row:?}");
        assert!((row.recall_at_10 - 0.75).abs() < 1e-9, "{row:?}");
    }
    assert!(
        report.to_string().contains("| BM25 | 0.750 | 0.750 |"),
        "{report}"
    );
}

/// The longest text first, or the shortest.
struct ByLength(f32);

impl Reranker for ByLength {
    fn model(&self) -> &'static str {
        "length"
    }

    fn scores(
        &self,
        _: &str,
        texts: &[&str],
        _: &(dyn Fn() -> bool + Sync),
    ) -> Result<Vec<f32>, RerankError> {
        let lengths = texts.iter().map(|text| u16::try_from(text.len()));
        Ok(lengths
            .map(|length| self.0 * f32::from(length.unwrap()))
            .collect())
    }
}

#[test]
fn a_models_order_is_a_row_of_its_own() {
    let documents = r#"{"id": "short", "title": "Wires", "content": "A wire costs $25.00."}
        {"id": "long", "title": "Wires", "content": "A wire costs nothing in a branch on Sundays."}"#;
    let queries = r#"{"query": "what does a wire cost", "relevant": ["short"]}"#;
    let of = |by: f32, candidates: usize| {
        let model = ByLength(by);
        let reranking = Reranking {
            model: &model,
            candidates,
        };
        let report = rank(
            parse_lines("documents", documents).unwrap(),
            &parse_lines("queries", queries).unwrap(),
            (None, Some(reranking)),
            &mut (),
            Duration::default,
        );
        report.unwrap().rows.pop().unwrap()
    };
    assert_eq!(of(1.0, 5).way, "reranked");
    let first = |by, candidates| of(by, candidates).recall_at_1 > 0.5;
    assert_eq!([first(1.0, 5), first(-1.0, 5)], [false, true]);
    // With one candidate there is nothing to put in order.
    assert_eq!(first(1.0, 1), first(-1.0, 1));
}

#[test]
fn sets_come_in_several_forms() {
    let mut judged: Vec<SetQuery> = parse_lines(
        "queries",
        r#"{"_id": "q1", "text": "a"}
        {"id": "q2", "query": "b", "relevant": {"d1": 1, "d2": 0}}
        {"query": "c", "document_id": "d3"}"#,
    )
    .unwrap();
    judge_by(
        &mut judged,
        "query-id\tcorpus-id\tscore\nq1\td1\t1\nq1\td2\t0\nq1 0 d4 2\n",
    );
    let relevant: Vec<_> = judged
        .iter()
        .map(|query| query.relevant.join(" "))
        .collect();
    assert_eq!(relevant, ["d1 d4", "d1", "d3"]);
    let error = parse_lines::<SetQuery>("queries", "{}").unwrap_err();
    assert!(error.to_string().starts_with("queries:1: "), "{error}");
}
