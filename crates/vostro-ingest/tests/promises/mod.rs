//! What holds for all bytes as a file of any format. Used by the fuzz target and by the replay of its corpus.

use serde_json::Map;
use vostro_ingest::{Defaults, Format, Source, read};
use vostro_knowledge::Audience;

const FORMATS: [Format; 7] = [
    Format::Markdown,
    Format::Html,
    Format::Pdf,
    Format::Docx,
    Format::Text,
    Format::Csv,
    Format::JsonLines,
];

/// Reads the bytes after the first, which tells the format: documents that can be cut into passages and name themselves,
/// or a fault in words.
pub(crate) fn keep(data: &[u8]) {
    let Some((format, bytes)) = data.split_first() else {
        return;
    };
    let defaults = Defaults {
        category: "documents".to_owned(),
        audience: Audience::Customer,
        language: "en".to_owned(),
        updated: jiff::civil::date(2026, 11, 1),
    };
    let said = Map::new();
    let source = Source {
        source: "upload",
        name: "upload",
        format: FORMATS[usize::from(*format) % FORMATS.len()],
        bytes,
        said: &said,
    };
    let Ok(found) = read(&source, &defaults).map_err(|fault| in_words(&fault.to_string())) else {
        return;
    };
    for one in &found {
        assert_eq!(one.content_hash.len(), 64);
        match &one.document {
            Ok(document) => {
                assert!(!document.id.is_empty() && !document.title.trim().is_empty());
                for chunk in vostro_knowledge::chunk(document) {
                    assert!(!chunk.content.is_empty());
                }
            }
            Err(fault) => in_words(&fault.to_string()),
        }
    }
}

/// A fault is short and steers no terminal.
fn in_words(fault: &str) {
    assert!((1..=400).contains(&fault.chars().count()), "{fault}");
    assert!(!fault.chars().any(char::is_control), "{fault:?}");
}
