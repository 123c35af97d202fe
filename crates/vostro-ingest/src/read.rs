//! One file of any format as documents.

use std::collections::HashMap;
use std::path::Path;

use serde_json::{Map, Value};
use sha2::{Digest as _, Sha256};
use vostro_knowledge::Document;

use crate::draft::{Draft, short_hash};
use crate::rows::Row;
use crate::{Defaults, Fault, Format, derived_id, docx, front, html, pdf, rows, text};

/// Largest file that is read.
pub const MAX_FILE_BYTES: usize = 64 << 20;
/// Raised when the same bytes become another document than before, so that they are read again.
const READER: &str = "1";

/// A document of a file.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    /// The line that it begins on, in a file of many.
    pub line: Option<usize>,
    /// The document, or why it is none.
    pub document: Result<Document, Fault>,
    /// What tells it from other versions of itself.
    pub content_hash: String,
}

/// The hash of content together with what is filled in where it says nothing: 64 hexadecimal digits.
pub fn content_hash(content: &[u8], said: &Map<String, Value>, defaults: &Defaults) -> String {
    let mut hash = Sha256::new();
    let (category, language) = (&defaults.category, &defaults.language);
    hash.update(format!(
        "{READER} {category} {:?} {language}
",
        defaults.audience
    ));
    hash.update(serde_json::to_vec(said).unwrap_or_default());
    hash.update(content);
    hex::encode(hash.finalize())
}

/// Bytes that may be documents.
#[derive(Debug, Clone, Copy)]
pub struct Source<'a> {
    /// Where they are from; kept with the document.
    pub source: &'a str,
    /// What ids and titles are made of where there is none.
    pub name: &'a str,
    /// What they are to be read as.
    pub format: Format,
    /// The bytes.
    pub bytes: &'a [u8],
    /// What is said of the document beside them, and counts before what they say themselves. A file of many
    /// documents takes neither `id` nor `title` from it.
    pub said: &'a Map<String, Value>,
}

/// Reads a file.
///
/// # Errors
/// [`Fault`] when the file as a whole cannot be read; of a file of many documents each can have its own.
pub fn read(from: &Source<'_>, defaults: &Defaults) -> Result<Vec<Found>, Fault> {
    let (bytes, said) = (from.bytes, from.said);
    if bytes.len() > MAX_FILE_BYTES {
        return Err(Fault::TooLarge(format!(
            "over {} MiB",
            MAX_FILE_BYTES >> 20
        )));
    }
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Err(Fault::Empty);
    }
    let rows = match from.format {
        Format::Csv => Some(rows::csv(&text::decode(bytes)?, said)?),
        Format::JsonLines => Some(rows::json_lines(&text::decode(bytes)?, said)),
        _ => None,
    };
    if let Some(rows) = rows {
        return Ok(many(from, rows, defaults));
    }
    let mut draft = match from.format {
        Format::Markdown => front::read(&text::decode(bytes)?, said)?,
        Format::Html => Draft::of(said, html::read(&text::decode(bytes)?)?)?,
        Format::Pdf => Draft::of(said, pdf::read(bytes)?)?,
        Format::Docx => Draft::of(said, docx::read(bytes)?)?,
        _ => Draft::of(said, text::decode(bytes)?.into())?,
    };
    if draft.title.is_none() && from.format != Format::Text {
        draft.title = front::first_heading(&draft.body);
    }
    Ok(vec![Found {
        line: None,
        document: draft.document(
            from.source,
            &derived_id(from.name),
            &title_of(from.name),
            defaults,
        ),
        content_hash: content_hash(bytes, said, defaults),
    }])
}

/// The documents of rows. A row without an id gets one from its title, so that it keeps it when others come and go.
fn many(from: &Source<'_>, rows: Vec<Row>, defaults: &Defaults) -> Vec<Found> {
    let file = derived_id(from.name);
    let mut taken: HashMap<String, usize> = HashMap::new();
    let mut found = Vec::with_capacity(rows.len());
    for row in rows {
        let document = row.draft.and_then(|draft| {
            let title = draft.title.clone().unwrap_or_default();
            let mut id = format!("{file}-{}", short_hash(&title));
            if taken.contains_key(&id) || title.is_empty() {
                id = format!("{file}-{}", short_hash(&row.content));
            }
            let document = draft.document(from.source, &id, &file, defaults)?;
            match taken.insert(document.id.clone(), row.line) {
                None => Ok(document),
                Some(first) => {
                    taken.insert(document.id.clone(), first);
                    Err(Fault::field(
                        "id",
                        format!("`{}` is line {first}'s already", document.id),
                    ))
                }
            }
        });
        found.push(Found {
            line: Some(row.line),
            document,
            content_hash: content_hash(row.content.as_bytes(), &Map::new(), defaults),
        });
    }
    found
}

/// The last part of a name as a title: `wire_fees.pdf` is `wire fees`.
fn title_of(name: &str) -> String {
    let stem = Path::new(name)
        .file_stem()
        .unwrap_or_default()
        .to_string_lossy();
    let words = stem.replace(['-', '_'], " ");
    if words.trim().is_empty() {
        name.to_owned()
    } else {
        words
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use vostro_knowledge::Audience;

    use super::*;

    fn defaults() -> Defaults {
        Defaults {
            category: "documents".into(),
            audience: Audience::Customer,
            language: "en".into(),
            updated: date(2026, 11, 26),
        }
    }

    fn of(name: &str, bytes: &[u8]) -> Result<Vec<Found>, Fault> {
        said(name, bytes, &Map::new())
    }

    fn said(name: &str, bytes: &[u8], said: &Map<String, Value>) -> Result<Vec<Found>, Fault> {
        let format = Format::of_path(Path::new(name)).unwrap();
        let from = Source {
            source: name,
            name,
            format,
            bytes,
            said,
        };
        read(&from, &defaults())
    }

    #[test]
    fn every_format_becomes_a_document() {
        let pdf = pdf::tests::bytes(pdf::tests::pdf(&["A wire costs $25.00."]));
        let xml = b"<w:document xmlns:w='w'><w:p><w:r><w:t>A wire costs $25.00.</w:t></w:r></w:p></w:document>";
        let docx = docx::tests::archive(&[("word/document.xml", xml)]);
        let files: [(&str, &[u8]); 7] = [
            ("wire_fees.md", b"A wire costs $25.00."),
            ("wire_fees.txt", b"A wire costs $25.00."),
            ("wire_fees.html", b"<p>A wire costs $25.00."),
            ("wire_fees.pdf", &pdf),
            ("wire_fees.docx", &docx),
            (
                "wire_fees.csv",
                b"question,answer\nwire fees,A wire costs $25.00.",
            ),
            (
                "wire_fees.jsonl",
                br#"{"title": "wire fees", "text": "A wire costs $25.00."}"#,
            ),
        ];
        for (name, bytes) in files {
            let found = of(name, bytes).unwrap();
            let [found] = found.as_slice() else {
                panic!("{name}: {found:?}")
            };
            let document = found.document.as_ref().unwrap();
            assert_eq!(
                (document.title.as_str(), document.body.as_str()),
                ("wire fees", "A wire costs $25.00."),
                "{name}"
            );
            assert!(document.id.starts_with("wire-fees"), "{name}");
            assert_eq!(found.content_hash.len(), 64);
        }
    }

    #[test]
    fn what_says_it_is_something_else_is_a_fault() {
        let zeros = [0_u8; 100];
        for name in ["a.md", "a.txt", "a.html", "a.csv", "a.jsonl"] {
            assert_eq!(of(name, b"\x7fELF\0\0\0\x01"), Err(Fault::Binary), "{name}");
        }
        for name in ["a.md", "a.pdf", "a.docx", "a.csv"] {
            assert_eq!(of(name, b" \n"), Err(Fault::Empty), "{name}");
            assert!(of(name, &zeros).is_err(), "{name}");
        }
        assert!(matches!(
            of("a.pdf", b"just text"),
            Err(Fault::Broken { .. } | Fault::NoText)
        ));
        assert!(matches!(
            of("a.txt", &vec![b'x'; MAX_FILE_BYTES + 1]),
            Err(Fault::TooLarge(_))
        ));
    }

    #[test]
    fn rows_keep_their_ids_and_one_bad_row_is_alone() {
        let ids = |text: &str| -> Vec<String> {
            let found = of("faq.csv", text.as_bytes()).unwrap();
            found
                .into_iter()
                .map(|it| {
                    it.document
                        .map_or_else(|fault| fault.to_string(), |it| it.id)
                })
                .collect()
        };
        let both = ids("question,answer\none?,1\ntwo?,2\n");
        assert_eq!(ids("question,answer\ntwo?,2b\n"), both[1..]);
        let odd = ids("question,answer\none?,1\none?,other\none?,other\nx\n");
        assert_eq!(odd[0], both[0]);
        assert!(
            odd[1].starts_with("faq-csv-") && odd[1] != odd[0],
            "{odd:?}"
        );
        assert!(odd[2].contains("line 3's already"), "{odd:?}");
        assert!(odd[3].contains("1 fields"), "{odd:?}");
    }

    #[test]
    fn another_content_or_default_is_another_hash() {
        let staff = Defaults {
            audience: Audience::Staff,
            ..defaults()
        };
        let none = Map::new();
        let hash = |content: &[u8], defaults: &Defaults| content_hash(content, &none, defaults);
        let first = hash(b"a", &defaults());
        assert!(first != hash(b"b", &defaults()) && first != hash(b"a", &staff));
        let later = Defaults {
            updated: date(2027, 1, 1),
            ..defaults()
        };
        assert_eq!(hash(b"a", &later), first);
    }

    #[test]
    fn what_is_said_beside_the_bytes_counts_first() {
        let beside = serde_json::json!({"id": "own", "title": "Own", "tags": ["x"]});
        let beside = beside.as_object().unwrap();
        for (name, bytes) in [
            ("a.md", "---\ntitle: File\nid: file\n---\nText."),
            ("a.txt", "Text."),
            ("a.html", "<h1>File</h1>Text."),
        ] {
            let found = said(name, bytes.as_bytes(), beside).unwrap();
            let document = found[0].document.as_ref().unwrap();
            assert_eq!(
                (document.id.as_str(), document.title.as_str()),
                ("own", "Own"),
                "{name}"
            );
            assert_ne!(
                found[0].content_hash,
                of(name, bytes.as_bytes()).unwrap()[0].content_hash
            );
        }
        let found = said("a.csv", b"question,answer\none?,1", beside).unwrap();
        let document = found[0].document.as_ref().unwrap();
        assert_eq!(
            (document.title.as_str(), document.tags.as_slice()),
            ("one?", ["x".to_owned()].as_slice())
        );
    }
}
