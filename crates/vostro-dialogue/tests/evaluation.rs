//! The understanding's own texts, by words alone: none is trained on, what was reached is not lost again, and the
//! figures are those that the guide shows.

#![allow(
    clippy::unwrap_used,
    reason = "a test that cannot be set up has failed"
)]

use std::collections::HashMap;
use std::path::Path;

use vostro_dialogue::eval::{Half, Own, Report, intents, slots};

macro_rules! texts {
    ($name:literal) => {
        include_str!(concat!("../../../evals/understanding/", $name))
    };
}

const HALVES: [Half<'static>; 2] = [
    Half {
        name: "development",
        barred: true,
        held_out: false,
        intents: texts!("intents.txt"),
        out_of_scope: texts!("out_of_scope.txt"),
        slots: texts!("slots.txt"),
    },
    Half {
        name: "held out",
        barred: true,
        held_out: true,
        intents: texts!("held-out/intents.txt"),
        out_of_scope: texts!("held-out/out_of_scope.txt"),
        slots: texts!("held-out/slots.txt"),
    },
];

fn report() -> Report {
    let portfolio = serde_json::from_str(texts!("portfolio.json")).unwrap();
    let own = Own {
        halves: &HALVES,
        portfolio: &portfolio,
        embedder: None,
    };
    let mut report = intents(own);
    report.extend(slots(own));
    report
}

#[test]
fn what_was_reached_on_own_texts_is_kept() {
    let report = report();
    println!("{report}");
    let wrong = report.wrong.join("\n");
    let figure = |what: &str| {
        let row = report.rows.iter().find(|row| row.what == what).unwrap();
        row.without.unwrap()
    };
    for (what, least) in [
        ("intent, development", 89.0),
        ("intent, held out", 91.0),
        ("out of scope recognised, development", 91.0),
        ("out of scope recognised, held out", 90.0),
        ("slot values exact, development", 95.0),
        ("slot values exact, held out", 95.0),
    ] {
        assert!(figure(what) >= least, "{what}\n{report}{wrong}");
    }
    for what in [
        "in-scope refused, development",
        "in-scope refused, held out",
    ] {
        assert!(figure(what) <= 5.0, "{what}\n{report}{wrong}");
    }
}

#[test]
fn the_guide_shows_these_figures() {
    let guide = include_str!("../../../docs/understanding.md");
    for row in report().rows {
        let shown = format!("| {} | {:.1} % |", row.what, row.without.unwrap());
        let hint = "vostro eval intents (and slots) --markdown docs/understanding.md";
        assert!(guide.contains(&shown), "not in the guide: {shown}: {hint}");
    }
}

#[test]
fn no_text_to_measure_with_is_trained_on() {
    let plain = |text: &str| {
        let kept = text.to_lowercase();
        let words = kept.split(|c: char| !c.is_alphanumeric());
        words
            .filter(|word| !word.is_empty())
            .collect::<Vec<_>>()
            .join(" ")
    };
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("intents");
    let mut trained = HashMap::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let text = std::fs::read_to_string(&path).unwrap();
        for line in text.lines().skip(3) {
            trained.insert(plain(line), path.clone());
        }
    }
    for half in HALVES {
        for line in half.intents.lines().chain(half.out_of_scope.lines()) {
            let message = line.split(" | ").last().unwrap();
            let found = trained.get(&plain(message)).filter(|_| !message.is_empty());
            assert_eq!(found, None, "{message}");
        }
    }
}
