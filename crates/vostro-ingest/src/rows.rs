//! Files of many documents: CSV with a question and its answer a row, and JSON lines.

use serde_json::{Map, Value};

use crate::Fault;
use crate::draft::Draft;

/// A row of a file: its line, what was read, and what its hash is made of.
pub(crate) struct Row {
    pub(crate) line: usize,
    pub(crate) draft: Result<Draft, Fault>,
    pub(crate) content: String,
}

/// Names that a column or field of the text has.
const BODY: [&str; 7] = [
    "answer", "content", "body", "text", "response", "a", "answers",
];
/// Names that a column of the title has, beside `title` and `question`.
const TITLE: [&str; 3] = ["query", "q", "questions"];

/// Reads CSV; the first row names the columns, and the mark between them is the one that it has most of.
pub(crate) fn csv(text: &str, said: &Map<String, Value>) -> Result<Vec<Row>, Fault> {
    let broken = |reason: &dyn std::fmt::Display| Fault::broken("CSV", reason);
    let first = text.lines().next().unwrap_or_default();
    let count = |mark: u8| first.bytes().filter(|byte| *byte == mark).count();
    let delimiter = [b',', b';', b'\t']
        .into_iter()
        .max_by_key(|mark| (count(*mark), *mark == b','));
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(delimiter.unwrap_or(b','))
        .trim(csv::Trim::All)
        .from_reader(text.as_bytes());
    let names: Vec<String> = reader
        .headers()
        .map_err(|error| broken(&error))?
        .iter()
        .map(|name| named(&name.to_lowercase()))
        .collect();
    if !names.iter().any(|name| name == "content") {
        return Err(broken(
            &"the first row names no column `answer` or `content`",
        ));
    }
    if !names.iter().any(|name| name == "title") {
        return Err(broken(
            &"the first row names no column `question` or `title`",
        ));
    }
    let mut rows = Vec::new();
    for record in reader.records() {
        let (line, fields) = match record {
            Ok(record) => {
                let line = record
                    .position()
                    .map_or(0, |at| usize::try_from(at.line()).unwrap_or_default());
                let cells = names.iter().zip(record.iter());
                let fields = cells
                    .map(|(name, cell)| (name.clone(), Value::from(cell)))
                    .collect();
                (line, Ok(fields))
            }
            Err(error) => {
                let line = error
                    .position()
                    .map_or(0, |at| usize::try_from(at.line()).unwrap_or_default());
                (line, Err(broken(&reason(&error))))
            }
        };
        rows.push(row(line, fields, said));
    }
    Ok(rows)
}

fn reason(error: &csv::Error) -> String {
    match error.kind() {
        csv::ErrorKind::UnequalLengths {
            expected_len, len, ..
        } => {
            format!("the row has {len} fields, the first row has {expected_len}")
        }
        _ => error.to_string(),
    }
}

/// The name under which a column is known here.
fn named(name: &str) -> String {
    if BODY.contains(&name) {
        "content".into()
    } else if TITLE.contains(&name) || name == "question" {
        "title".into()
    } else {
        name.into()
    }
}

/// Reads JSON lines.
pub(crate) fn json_lines(text: &str, said: &Map<String, Value>) -> Vec<Row> {
    let lines = text
        .lines()
        .zip(1..)
        .filter(|(line, _)| !line.trim().is_empty());
    lines
        .map(|(text, line)| {
            let fields = match serde_json::from_str(text) {
                Ok(Value::Object(fields)) => Ok(fields),
                Ok(_) => Err(Fault::broken("JSON lines", "the line is no object")),
                Err(error) => Err(Fault::broken("JSON lines", error)),
            };
            row(line, fields, said)
        })
        .collect()
}

fn row(line: usize, fields: Result<Map<String, Value>, Fault>, said: &Map<String, Value>) -> Row {
    let beside = said
        .iter()
        .filter(|(name, _)| !matches!(name.as_str(), "id" | "title"));
    let fields = fields.map(|mut fields| {
        fields.extend(beside.map(|(name, value)| (name.clone(), value.clone())));
        fields
    });
    let content = match &fields {
        Ok(fields) => Value::Object(fields.clone()).to_string(),
        Err(_) => String::new(),
    };
    let draft = fields.and_then(|fields| {
        let mut texts = BODY.iter().filter_map(|name| fields.get(*name)?.as_str());
        let body = texts
            .find(|text| !text.trim().is_empty())
            .ok_or_else(|| Fault::field("answer", "or `content` is missing or empty"))?;
        Draft::of(&fields, crate::text::lines(body).into())
    });
    Row {
        line,
        draft,
        content,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(rows: &[Row]) -> Vec<(usize, String)> {
        rows.iter()
            .map(|row| match &row.draft {
                Ok(draft) => (
                    row.line,
                    format!(
                        "{}: {}",
                        draft.title.clone().unwrap_or_default(),
                        draft.body
                    ),
                ),
                Err(fault) => (row.line, format!("! {fault}")),
            })
            .collect()
    }

    #[test]
    fn rows_are_questions_and_answers() {
        let text = "Question;Answer;category\n\"What; is \"\"it\"\"?\";\"Two\nlines\";fees\nq2;a2;\nonly one\nq4;;fees\n";
        assert_eq!(
            told(&csv(text, &Map::new()).unwrap()),
            [
                (2, "What; is \"it\"?: Two\nlines".into()),
                (4, "q2: a2".into()),
                (
                    5,
                    "! cannot be read as CSV: the row has 1 fields, the first row has 3".into()
                ),
                (6, "! `answer` or `content` is missing or empty".into()),
            ]
        );
        assert_eq!(
            told(&csv("title,content\nA,b", &Map::new()).unwrap()),
            [(2, "A: b".into())]
        );
        for text in ["", "a,b\n1,2", "question\nx", "answer\nx"] {
            assert!(csv(text, &Map::new()).is_err(), "{text:?}");
        }
    }

    #[test]
    fn lines_are_objects() {
        let text = "{\"id\": \"a\", \"title\": \"A\", \"content\": \"b\"}\n\n[1]\n{\"title\": \"A\"}\n{broken";
        let rows = json_lines(text, &Map::new());
        let told = told(&rows);
        assert_eq!(told[0], (1, "A: b".into()));
        assert_eq!(
            told.iter().map(|(line, _)| *line).collect::<Vec<_>>(),
            [1, 3, 4, 5]
        );
        assert!(
            told[1..].iter().all(|(_, words)| words.starts_with('!')),
            "{told:?}"
        );
    }
}
