//! A word processor's document (Office Open XML, ECMA-376) as Markdown: headings, lists, tables and plain paragraphs.
//!
//! What was deleted, commented, or stands in headers and footers is left out. The archive is bounded before it is
//! unpacked: what inflates beyond the bound is refused, whatever it says of its own size.

use std::fmt::Write as _;
use std::io::{Cursor, Read as _};

use quick_xml::Reader;
use quick_xml::escape::resolve_xml_entity;
use quick_xml::events::{BytesStart, Event};
use zip::ZipArchive;

use crate::Fault;
use crate::draft::Text;
use crate::text::{MAX_TEXT_BYTES, lines};

/// What one part may inflate to: marks are many times the text.
const MAX_PART_BYTES: u64 = 64 << 20;
const MAX_PARTS: usize = 10_000;
/// How a file begins that Office has encrypted, or an older one than this format.
const OLE: &[u8] = b"\xd0\xcf\x11\xe0";

/// Reads a document.
pub(crate) fn read(bytes: &[u8]) -> Result<Text, Fault> {
    if bytes.starts_with(OLE) {
        return Err(Fault::broken(
            "DOCX",
            "it is encrypted or in an older format; save it as .docx without a password",
        ));
    }
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|error| broken(&error))?;
    if archive.len() > MAX_PARTS {
        return Err(broken(&"it has too many parts"));
    }
    let main = part(&mut archive, "word/document.xml")?;
    let main = main.ok_or_else(|| broken(&"it has no word/document.xml"))?;
    let body = Converter::default().convert(&main)?;
    if !body.chars().any(char::is_alphanumeric) {
        return Err(Fault::NoText);
    }
    let about = part(&mut archive, "docProps/core.xml")?;
    Ok(Text {
        title: about.as_deref().and_then(title),
        body,
    })
}

fn broken(reason: &dyn std::fmt::Display) -> Fault {
    Fault::broken("DOCX", reason)
}

/// A part of the archive as text; `None` when there is none of that name.
fn part(archive: &mut ZipArchive<Cursor<&[u8]>>, name: &str) -> Result<Option<String>, Fault> {
    let file = match archive.by_name(name) {
        Ok(file) => file,
        Err(zip::result::ZipError::FileNotFound) => return Ok(None),
        Err(error) => return Err(broken(&error)),
    };
    let mut bytes = Vec::new();
    let mut bounded = file.take(MAX_PART_BYTES + 1);
    bounded
        .read_to_end(&mut bytes)
        .map_err(|error| broken(&error))?;
    if bytes.len() as u64 > MAX_PART_BYTES {
        return Err(Fault::TooLarge(format!(
            "{name} inflates to over {} MiB",
            MAX_PART_BYTES >> 20
        )));
    }
    String::from_utf8(bytes)
        .map(Some)
        .map_err(|_| Fault::Encoding)
}

/// What the document's properties call it.
fn title(core: &str) -> Option<String> {
    let mut reader = Reader::from_str(core);
    let (mut inside, mut title) = (false, String::new());
    loop {
        match reader.read_event().ok()? {
            Event::Start(tag) if tag.local_name().as_ref() == "title" => inside = true,
            Event::Text(text) if inside => title.push_str(&text.xml10_content()),
            Event::GeneralRef(entity) if inside => title.push_str(&character(&entity)),
            Event::End(_) if inside => break,
            Event::Eof => break,
            _ => {}
        }
    }
    let title = lines(title.trim());
    (!title.is_empty()).then_some(title)
}

/// What `&…;` stands for; nothing when it is unknown.
fn character(entity: &quick_xml::events::BytesRef<'_>) -> String {
    if let Ok(Some(character)) = entity.resolve_char_ref() {
        return character.to_string();
    }
    resolve_xml_entity(entity).unwrap_or_default().to_owned()
}

#[derive(Default)]
struct Converter {
    markdown: String,
    paragraph: String,
    style: String,
    is_item: bool,
    /// Whether the characters that come are the text's.
    in_text: bool,
    /// Parts that are another program's variant of what stands beside them.
    skipped: usize,
    /// Tables that are open: one in another is read as text of its cell.
    tables: usize,
    cell: String,
    row: Vec<String>,
    rows: Vec<Vec<String>>,
}

impl Converter {
    fn convert(mut self, xml: &str) -> Result<String, Fault> {
        let mut reader = Reader::from_str(xml);
        loop {
            match reader.read_event().map_err(|error| broken(&error))? {
                Event::Start(tag) => self.begin(&tag),
                Event::Empty(tag) => {
                    self.begin(&tag);
                    self.end(tag.local_name().as_ref());
                }
                Event::End(tag) => self.end(tag.local_name().as_ref()),
                Event::Text(text) if self.in_text => {
                    self.paragraph.push_str(&text.xml10_content());
                }
                Event::CData(text) if self.in_text => {
                    self.paragraph.push_str(&text.xml10_content());
                }
                Event::GeneralRef(entity) if self.in_text => {
                    self.paragraph.push_str(&character(&entity));
                }
                Event::Eof => break,
                _ => {}
            }
            if self.markdown.len() > MAX_TEXT_BYTES {
                return Err(Fault::TooLarge(format!(
                    "over {} MiB of text; split it",
                    MAX_TEXT_BYTES >> 20
                )));
            }
        }
        Ok(self.markdown)
    }

    fn begin(&mut self, tag: &BytesStart<'_>) {
        match tag.local_name().as_ref() {
            "Fallback" => self.skipped += 1,
            _ if self.skipped > 0 => {}
            "p" => {
                self.paragraph.clear();
                self.style.clear();
                self.is_item = false;
            }
            "pStyle" => self.style = value(tag),
            "numPr" => self.is_item = true,
            "t" => self.in_text = true,
            "tab" | "br" | "cr" => self.paragraph.push(' '),
            "tbl" => self.tables += 1,
            "tr" if self.tables == 1 => self.row.clear(),
            "tc" if self.tables == 1 => self.cell.clear(),
            _ => {}
        }
    }

    fn end(&mut self, name: &str) {
        match name {
            "Fallback" => self.skipped = self.skipped.saturating_sub(1),
            _ if self.skipped > 0 => {}
            "t" => self.in_text = false,
            "p" => self.end_paragraph(),
            "tc" if self.tables == 1 => self.row.push(std::mem::take(&mut self.cell)),
            "tr" if self.tables == 1 => self.rows.push(std::mem::take(&mut self.row)),
            "tbl" => {
                self.tables = self.tables.saturating_sub(1);
                if self.tables == 0 {
                    self.end_table();
                }
            }
            _ => {}
        }
    }

    fn end_paragraph(&mut self) {
        let paragraph = std::mem::take(&mut self.paragraph);
        let text = paragraph.split_whitespace().collect::<Vec<_>>().join(" ");
        if text.is_empty() {
            return;
        }
        if self.tables > 0 {
            let between = if self.cell.is_empty() { "" } else { " " };
            self.cell.push_str(between);
            self.cell.push_str(&text.replace('|', "\\|"));
            return;
        }
        let level = level(&self.style);
        let (mark, end) = match level {
            Some(level) => (format!("\n{} ", "#".repeat(level)), "\n\n"),
            None if self.is_item => ("- ".to_owned(), "\n"),
            None => ("\n".to_owned(), "\n"),
        };
        let _ = write!(self.markdown, "{mark}{text}{end}");
    }

    fn end_table(&mut self) {
        let mut rows = std::mem::take(&mut self.rows).into_iter();
        let Some(head) = rows.next() else { return };
        let line = |cells: &[String]| format!("| {} |\n", cells.join(" | "));
        self.markdown.push('\n');
        self.markdown.push_str(&line(&head));
        self.markdown
            .push_str(&line(&vec!["---".to_owned(); head.len()]));
        for row in rows {
            self.markdown.push_str(&line(&row));
        }
        self.markdown.push('\n');
    }
}

/// The value of `w:val`.
fn value(tag: &BytesStart<'_>) -> String {
    let mut attributes = tag.attributes();
    attributes.with_checks(false);
    let found = attributes
        .flatten()
        .find(|attribute| attribute.key.local_name().as_ref() == "val");
    found
        .map(|attribute| attribute.value.into_owned())
        .unwrap_or_default()
}

/// The level of a heading's style, such as `Heading2`; the title's is 1.
fn level(style: &str) -> Option<usize> {
    let style = style.to_ascii_lowercase().replace(' ', "");
    if style == "title" {
        return Some(1);
    }
    let level = style.strip_prefix("heading")?.parse().ok()?;
    (1..=6).contains(&level).then_some(level)
}

#[cfg(test)]
pub(crate) mod tests {
    use std::io::Write as _;

    use zip::ZipWriter;
    use zip::write::SimpleFileOptions;

    use super::*;

    /// An archive with these parts.
    pub(crate) fn archive(parts: &[(&str, &[u8])]) -> Vec<u8> {
        let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
        for (name, content) in parts {
            writer
                .start_file(*name, SimpleFileOptions::default())
                .unwrap();
            writer.write_all(content).unwrap();
        }
        writer.finish().unwrap().into_inner()
    }

    fn document(body: &str) -> Vec<u8> {
        let xml = format!("<w:document xmlns:w=\"w\"><w:body>{body}</w:body></w:document>");
        archive(&[("word/document.xml", xml.as_bytes())])
    }

    fn paragraph(properties: &str, text: &str) -> String {
        format!(
            "<w:p><w:pPr>{properties}</w:pPr><w:r><w:t xml:space=\"preserve\">{text}</w:t></w:r></w:p>"
        )
    }

    #[test]
    fn structure_becomes_markdown() {
        let item = "<w:numPr><w:ilvl w:val=\"0\"/></w:numPr>";
        let cell = |text: &str| format!("<w:tc>{}</w:tc>", paragraph("", text));
        let body = [
            paragraph("<w:pStyle w:val=\"Heading1\"/>", "Wire fees &amp; limits"),
            paragraph("", "A wire <w:br/>costs $25."),
            paragraph(item, "one"),
            paragraph(item, "two"),
            format!(
                "<w:tbl><w:tr>{}{}</w:tr><w:tr>{}{}</w:tr></w:tbl>",
                cell("fee"),
                cell("amount"),
                cell("wire|ach"),
                cell("$25")
            ),
            "<w:p><w:del><w:r><w:delText>gone</w:delText></w:r></w:del></w:p>".into(),
        ]
        .concat();
        let draft = read(&document(&body)).unwrap();
        let expected = "\n# Wire fees & limits\n\n\nA wire costs $25.\n- one\n- two\n\n| fee | amount |\n| --- | --- |\n| wire\\|ach | $25 |\n\n";
        assert_eq!(draft.body, expected);
    }

    #[test]
    fn what_cannot_be_read_is_a_fault() {
        let bomb = archive(&[(
            "word/document.xml",
            &vec![b' '; usize::try_from(MAX_PART_BYTES).unwrap() + 2],
        )]);
        assert!(bomb.len() < 200_000, "{}", bomb.len());
        assert!(matches!(read(&bomb), Err(Fault::TooLarge(_))));
        let whole = document(&paragraph("", "text"));
        let cases: [&[u8]; 5] = [
            b"",
            b"PK\x03\x04",
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
            &archive(&[("mimetype", b"other")]),
            &archive(&[("word/document.xml", b"<w:p><w:t>text</w:p>")]),
        ];
        for bytes in cases {
            assert!(
                matches!(read(bytes), Err(Fault::Broken { .. })),
                "{bytes:?}"
            );
        }
        assert_eq!(read(&document("")).unwrap_err(), Fault::NoText);
        assert_eq!(
            read(&archive(&[("word/document.xml", b"\xff\xfe")])).unwrap_err(),
            Fault::Encoding
        );
        for cut in (0..whole.len()).step_by(13) {
            assert!(read(whole.get(..cut).unwrap()).is_err());
        }
    }
}
