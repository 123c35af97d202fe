//! The formats, by the names of files and by media types.

use std::path::Path;

/// What bytes are to be read as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Markdown, with front matter in YAML (`---`) or TOML (`+++`) if there is some.
    Markdown,
    /// A page.
    Html,
    /// PDF with text in it.
    Pdf,
    /// A document of a word processor, Office Open XML.
    Docx,
    /// Plain text.
    Text,
    /// Questions and answers, one a row, under a heading.
    Csv,
    /// One JSON object a line, one document each.
    JsonLines,
}

const NAMES: [(&str, Format); 13] = [
    ("md", Format::Markdown),
    ("markdown", Format::Markdown),
    ("html", Format::Html),
    ("htm", Format::Html),
    ("xhtml", Format::Html),
    ("pdf", Format::Pdf),
    ("docx", Format::Docx),
    ("txt", Format::Text),
    ("text", Format::Text),
    ("csv", Format::Csv),
    ("tsv", Format::Csv),
    ("jsonl", Format::JsonLines),
    ("ndjson", Format::JsonLines),
];

const MEDIA_TYPES: [(&str, Format); 9] = [
    ("text/markdown", Format::Markdown),
    ("text/html", Format::Html),
    ("application/xhtml+xml", Format::Html),
    ("application/pdf", Format::Pdf),
    (
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        Format::Docx,
    ),
    ("text/plain", Format::Text),
    ("text/csv", Format::Csv),
    ("application/jsonl", Format::JsonLines),
    ("application/x-ndjson", Format::JsonLines),
];

impl Format {
    /// By the end of a file's name, whatever its case.
    pub fn of_path(path: &Path) -> Option<Self> {
        let extension = path.extension()?.to_str()?.to_ascii_lowercase();
        let found = NAMES.iter().find(|(name, _)| *name == extension)?;
        Some(found.1)
    }

    /// By a media type, without its parameters.
    pub fn of_media_type(name: &str) -> Option<Self> {
        let name = name.split(';').next()?.trim().to_ascii_lowercase();
        let found = MEDIA_TYPES.iter().find(|(media, _)| *media == name)?;
        Some(found.1)
    }

    /// Whether one file is many documents.
    pub fn has_rows(self) -> bool {
        matches!(self, Self::Csv | Self::JsonLines)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_media_types_tell_the_format() {
        let of = |name: &str| Format::of_path(Path::new(name));
        assert_eq!(of("a/B.MD"), Some(Format::Markdown));
        assert_eq!(of("x.tar.docx"), Some(Format::Docx));
        assert_eq!((of("md"), of("a.exe"), of("")), (None, None, None));
        let of = Format::of_media_type;
        assert_eq!(of("Text/HTML; charset=utf-8"), Some(Format::Html));
        assert_eq!((of("image/png"), of("")), (None, None));
    }
}
