//! Safety: ranking of offensive against other texts, and false alarms on banking questions.

use super::{Data, Report, average_precision, first_column, labelled, share};
use crate::{CheckRequest, Direction, Engine};

pub(super) fn measure(engine: &Engine, data: &Data, report: &mut Report) {
    report.add(
        "safety AUPRC, public moderation set",
        None,
        "≥ .75",
        "held back",
    );
    if let Some(lines) = &data.offensive {
        let rows = labelled(lines);
        let scored: Vec<(f32, bool)> = rows
            .iter()
            .step_by(5)
            .map(|(text, value)| {
                let offensive = value.get("label").and_then(serde_json::Value::as_u64) == Some(1);
                (engine.safety_score(text), offensive)
            })
            .collect();
        let note = format!(
            "{} tweets, development part, 83 % positive: a proxy",
            scored.len()
        );
        report.add("safety AUPRC, tweets", average_precision(&scored), "", note);
    }
    if let Some(csv) = &data.banking {
        let texts = first_column(csv);
        let request = CheckRequest {
            pii: false,
            injection: false,
            ..CheckRequest::all(Direction::Input)
        };
        let blocked = texts
            .iter()
            .filter(|t| engine.check(t, &request).blocks())
            .count();
        report.add(
            "safety blocks, banking questions",
            share(blocked, texts.len()),
            "0",
            format!("{} questions", texts.len()),
        );
    }
}
