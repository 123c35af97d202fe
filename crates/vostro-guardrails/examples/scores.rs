//! Scores of texts, one JSON line a text: `{"text"}` in, score and the words that count most out.
use std::io::BufRead as _;
use vostro_guardrails::model::Model;
fn main() {
    let path = std::env::args().nth(1).unwrap();
    let head: usize = std::env::args().nth(2).unwrap().parse().unwrap();
    let model = Model::read(&std::fs::read(path).unwrap()).unwrap();
    for line in std::io::stdin().lock().lines() {
        let line = line.unwrap();
        let v: serde_json::Value = serde_json::from_str(&line).unwrap();
        let folded = vostro_guardrails::fold(v["text"].as_str().unwrap());
        let s = model.score(&folded)[head];
        let cut = &folded[s.start..s.end];
        let mut e = model.explain(cut, head);
        e.sort_by(|a, b| b.1.total_cmp(&a.1));
        e.truncate(6);
        println!(
            "{}",
            serde_json::json!({"p": s.probability, "top": e, "text": v["text"], "variant": v["variant"], "type": v["type"]})
        );
    }
}
