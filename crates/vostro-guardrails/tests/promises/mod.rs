//! What holds for every text, whatever it is. Used by the fuzz target and by the replay of its corpus.

use vostro_guardrails::{CheckRequest, Direction, Engine, Pseudonyms, Redactor, Released};

/// Panics when a promise is broken.
pub(crate) fn keep(engine: &Engine, text: &str) {
    for direction in [Direction::Input, Direction::Output, Direction::Document] {
        verdict(engine, text, direction);
    }
    stream(engine, text);
    pseudonyms(engine, text);
}

fn verdict(engine: &Engine, text: &str, direction: Direction) {
    let request = CheckRequest::all(direction);
    let verdict = engine.check(text, &request);
    let length = text.chars().count();
    let mut end = 0;
    for found in &verdict.pii_matches {
        assert!(
            found.start >= end && found.start < found.end && found.end <= length,
            "{found:?}"
        );
        assert!((0.0..=1.0).contains(&found.confidence), "{found:?}");
        end = found.end;
    }
    let violations = verdict
        .safety_violations
        .iter()
        .map(|v| (v.start, v.end, v.score));
    let injections = verdict.injections.iter().map(|i| (i.start, i.end, i.score));
    for (start, end, score) in violations.chain(injections) {
        assert!(start <= end && end <= length && (0.0..=1.0).contains(&score));
    }
    assert!((0.0..=1.0).contains(&verdict.safety_score));
    assert!((0.0..=1.0).contains(&verdict.injection_score));
    let again = engine.check(text, &request);
    assert_eq!(verdict, again, "the same text, the same verdict");
    let again = engine.check(&verdict.masked_text, &request);
    assert_eq!(
        again.masked_text, verdict.masked_text,
        "masking twice changes nothing"
    );
}

/// A stream in two chunks, cut anywhere, lets through what the whole text would.
fn stream(engine: &Engine, text: &str) {
    let request = CheckRequest::all(Direction::Output);
    let whole = engine.mask_in_pieces(text, &request);
    let cuts: Vec<usize> = text.char_indices().map(|c| c.0).collect();
    for cut in cuts.iter().step_by(cuts.len() / 7 + 1) {
        let (head, tail) = text.split_at(*cut);
        let mut redactor = Redactor::new(engine, request);
        let released = [redactor.push(head), redactor.push(tail), redactor.finish()];
        let parts = released.iter().map(|r| match r {
            Released::Text(part) => Some(part.as_str()),
            Released::Blocked => None,
        });
        assert_eq!(
            parts.collect::<Option<String>>(),
            whole,
            "cut at byte {cut}"
        );
    }
}

/// What is hidden behind pseudonyms comes back, a value that is repeated as it was written first.
fn pseudonyms(engine: &Engine, text: &str) {
    if text.contains('<') {
        return;
    }
    let mut pseudonyms = Pseudonyms::default();
    let hidden = pseudonyms.hide(engine, text, &CheckRequest::all(Direction::Input));
    let letters = |text: &str| -> String {
        let letters = text.chars().filter(|c| c.is_alphanumeric());
        letters.flat_map(char::to_lowercase).collect()
    };
    assert_eq!(letters(&pseudonyms.restore(&hidden)), letters(text));
}

/// Any text as a policy file is read, or refused with a line of it and a reason.
pub(crate) fn policy(text: &str) {
    let file = ("own.toml".to_owned(), text.to_owned());
    let Err(error) = Engine::from_policies(&[file]) else {
        return;
    };
    // Where another file's rule no longer holds with this one's words, that file is named.
    if error.file == "own.toml" {
        assert!(
            (1..=text.matches('\n').count() + 1).contains(&error.line),
            "{error}"
        );
    }
    assert!(!error.reason.is_empty());
}
