//! Where the time goes, best of many runs: `cargo run --release -p vostro-guardrails --example latency`.

use std::time::Instant;
use vostro_guardrails::{CheckRequest, Engine};

const LETTER: &str = "Dear team, I have been a customer for nine years and I am writing about the fees on my \
    current account. Last month a transfer to my landlord was returned, although there was enough money, and \
    I was charged twice. Could you please explain how that came about? ";

fn best(check: impl Fn()) -> f64 {
    let time = |()| {
        let start = Instant::now();
        check();
        start.elapsed().as_secs_f64() * 1e6
    };
    std::iter::repeat_n((), 500)
        .map(time)
        .fold(f64::MAX, f64::min)
}

fn main() {
    let engine = Engine::builtin();
    let all = CheckRequest::default();
    let none = CheckRequest {
        safety: false,
        pii: false,
        injection: false,
        ..all
    };
    for length in [60, 1800] {
        let text: String = LETTER.chars().cycle().take(length).collect();
        for (name, request) in [
            ("all three", all),
            ("personal data", CheckRequest { pii: true, ..none }),
            (
                "safety",
                CheckRequest {
                    safety: true,
                    ..none
                },
            ),
            (
                "injection",
                CheckRequest {
                    injection: true,
                    ..none
                },
            ),
        ] {
            let micros = best(|| drop(std::hint::black_box(engine.check(&text, &request))));
            println!("{length:>5} characters, {name:<14} {micros:>8.1} µs");
        }
    }
}
