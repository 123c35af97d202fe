//! What came of playing: as text, JSON and HTML, and compared with what came of it before.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use serde::{Deserialize, Serialize};

use crate::play::Played;
use crate::silent_model::Asked;

/// The ways in which a skill is exercised, in the order of the table.
pub const SHAPES: [&str; 8] = [
    "straight",
    "missing_slots",
    "correction",
    "digression",
    "cancel",
    "ambiguity",
    "error",
    "refusal",
];

/// What is kept to compare with: which conversations held.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Baseline {
    /// Their names.
    pub held: BTreeSet<String>,
}

/// What came of playing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Report {
    /// How many conversations were played.
    pub conversations: usize,
    /// How many held in every line.
    pub held: usize,
    /// How many messages were said.
    pub turns: u32,
    /// How many expectations were looked up.
    pub expectations: u32,
    /// How often a language model was asked, which no conversation needs.
    pub asked: Asked,
    /// By skill and shape: how many held, of how many.
    pub coverage: BTreeMap<String, BTreeMap<String, (u32, u32)>>,
    /// Conversations that held before and do not now.
    pub regressions: Vec<String>,
    /// Conversations of the baseline that are gone.
    pub missing: Vec<String>,
    /// What did not hold.
    pub failures: Vec<String>,
    #[serde(skip)]
    baseline: Baseline,
}

impl Report {
    /// Of what was played, compared with a baseline if there is one.
    pub fn of(played: &[Played], before: Option<&Baseline>) -> Self {
        let mut coverage: BTreeMap<String, BTreeMap<String, (u32, u32)>> = BTreeMap::new();
        let mut held = BTreeSet::new();
        for it in played {
            let holds = it.failures.is_empty();
            if holds {
                held.insert(it.name.clone());
            }
            if let (Some(skill), Some(shape)) = (&it.skill, &it.shape) {
                let shapes = coverage.entry(skill.clone()).or_default();
                let count = shapes.entry(shape.clone()).or_default();
                count.0 += u32::from(holds);
                count.1 += 1;
            }
        }
        let names: BTreeSet<&str> = played.iter().map(|it| it.name.as_str()).collect();
        let known = before.map(|before| &before.held);
        let lost = known
            .into_iter()
            .flatten()
            .filter(|name| !held.contains(*name));
        let (regressions, missing) = lost
            .cloned()
            .partition(|name| names.contains(name.as_str()));
        Self {
            conversations: played.len(),
            held: held.len(),
            turns: played.iter().map(|it| it.turns).sum(),
            expectations: played.iter().map(|it| it.expectations).sum(),
            asked: played.iter().map(|it| it.asked).sum(),
            coverage,
            regressions,
            missing,
            failures: played.iter().flat_map(|it| it.failures.clone()).collect(),
            baseline: Baseline { held },
        }
    }

    /// What to compare the next report with.
    pub const fn baseline(&self) -> &Baseline {
        &self.baseline
    }

    /// Whether every conversation held.
    pub fn holds(&self) -> bool {
        self.held == self.conversations
    }

    /// As a page that stands by itself.
    pub fn html(&self) -> String {
        let mut page = String::from(
            "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n<title>Transcripts</title>\n\
             <style>body{font:14px sans-serif;margin:2em}td,th{padding:.2em .6em;text-align:right}\
             th:first-child,td:first-child{text-align:left}.bad{background:#fdd}pre{white-space:pre-wrap}</style>\n",
        );
        let _ = writeln!(
            page,
            "<h1>Transcripts</h1>\n<p>{}</p>",
            escaped(&self.summary())
        );
        let _ = writeln!(page, "<p>{}</p>", escaped(&self.model()));
        page.push_str("<table>\n<tr><th>skill</th>");
        for shape in SHAPES {
            let _ = write!(page, "<th>{shape}</th>");
        }
        page.push_str("</tr>\n");
        for (skill, shapes) in &self.coverage {
            let _ = write!(page, "<tr><td>{}</td>", escaped(skill));
            for shape in SHAPES {
                let _ = match shapes.get(shape) {
                    Some((held, of)) if held == of => write!(page, "<td>{held}</td>"),
                    Some((held, of)) => write!(page, "<td class=\"bad\">{held} of {of}</td>"),
                    None => write!(page, "<td></td>"),
                };
            }
            page.push_str("</tr>\n");
        }
        page.push_str("</table>\n");
        for failure in &self.failures {
            let _ = writeln!(page, "<pre>{}</pre>", escaped(failure));
        }
        page.push_str("</html>\n");
        page
    }

    /// What a model would cost: the share of messages, and how long a prompt is.
    fn model(&self) -> String {
        let Asked {
            understanding,
            wording,
            characters,
        } = self.asked;
        let per_mille = |asks: u64| 1_000 * asks / u64::from(self.turns).max(1);
        let tenths = |it: u64| format!("{}.{} %", it / 10, it % 10);
        format!(
            "a language model would be asked to understand {understanding} messages ({}) and to word {wording} answers ({}); \
             {} characters a prompt",
            tenths(per_mille(understanding)),
            tenths(per_mille(wording)),
            characters / (understanding + wording).max(1),
        )
    }

    fn summary(&self) -> String {
        format!(
            "{} of {} conversations held, {} messages, {} expectations; {} regressions, {} missing",
            self.held,
            self.conversations,
            self.turns,
            self.expectations,
            self.regressions.len(),
            self.missing.len()
        )
    }
}

impl std::fmt::Display for Report {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        writeln!(
            f,
            "{:<22}{}",
            "skill",
            SHAPES.map(|it| format!("{it:>14}")).concat()
        )?;
        for (skill, shapes) in &self.coverage {
            write!(f, "{skill:<22}")?;
            for shape in SHAPES {
                let cell = match shapes.get(shape) {
                    Some((held, of)) if held == of => held.to_string(),
                    Some((held, of)) => format!("{held} of {of}"),
                    None => "-".to_owned(),
                };
                write!(f, "{cell:>14}")?;
            }
            writeln!(f)?;
        }
        for failure in &self.failures {
            writeln!(f, "\n{failure}")?;
        }
        for name in &self.regressions {
            writeln!(f, "held before: {name}")?;
        }
        for name in &self.missing {
            writeln!(f, "gone: {name}")?;
        }
        writeln!(f, "\n{}", self.summary())?;
        writeln!(f, "{}", self.model())
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn played(name: &str, failures: &[&str]) -> Played {
        Played {
            name: name.to_owned(),
            skill: Some("freeze_card".to_owned()),
            shape: Some("straight".to_owned()),
            turns: 2,
            expectations: 3,
            asked: Asked {
                understanding: 1,
                wording: 0,
                characters: 900,
            },
            failures: failures.iter().map(|it| (*it).to_owned()).collect(),
        }
    }

    #[test]
    fn what_held_before_and_does_not_is_told() {
        let before = Report::of(
            &[played("a", &[]), played("b", &[]), played("c", &[])],
            None,
        );
        let now = [played("a", &[]), played("b", &["b.txt:1 <b>"])];
        let report = Report::of(&now, Some(before.baseline()));
        assert_eq!(report.regressions, ["b"]);
        assert_eq!(report.missing, ["c"]);
        assert_eq!(report.coverage["freeze_card"]["straight"], (1, 2));
        assert!(!report.holds());
        assert!(report.html().contains("1 of 2") && report.html().contains("&lt;b&gt;"));
        let text = report.to_string();
        assert!(text.contains("held before: b"));
        assert!(text.contains("understand 2 messages (50.0 %)"), "{text}");
        assert!(text.contains("900 characters a prompt"), "{text}");
    }
}
