//! The understanding's own texts, none of which is trained on; misses among them were read, so they are development
//! texts. What was reached is not lost again.

#![allow(
    clippy::unwrap_used,
    reason = "a test that cannot be set up has failed"
)]

use vostro_dialogue::eval::{Own, own};

#[test]
fn what_was_reached_on_own_texts_is_kept() {
    let portfolio =
        serde_json::from_str(include_str!("../../../evals/understanding/portfolio.json")).unwrap();
    let report = own(Own {
        intents: include_str!("../../../evals/understanding/intents.txt"),
        out_of_scope: include_str!("../../../evals/understanding/out_of_scope.txt"),
        slots: include_str!("../../../evals/understanding/slots.txt"),
        portfolio: &portfolio,
    });
    println!("{report}");
    let figure = |what: &str| {
        let row = report.rows.iter().find(|row| row.what == what).unwrap();
        row.without.unwrap()
    };
    let wrong = report.wrong.join("\n");
    assert!(figure("intent, own messages") >= 86.0, "{report}{wrong}");
    assert!(figure("in-scope refused") <= 5.0, "{report}{wrong}");
    assert!(figure("out of scope recognised") >= 90.0, "{report}{wrong}");
    assert!(figure("slot values exact") >= 93.0, "{report}{wrong}");
}
