//! The text of a PDF, page by page.
//!
//! lopdf reads it and bounds what its streams may inflate to. A page's lines become a paragraph; a PDF knows no
//! headings. A page that cannot be read is a fault of the whole: half a document is worse than none.

use std::panic::{AssertUnwindSafe, catch_unwind};

use lopdf::{Document, Error, LoadOptions, Object};

use crate::Fault;
use crate::draft::Text;
use crate::text::{MAX_TEXT_BYTES, lines};

/// What one stream may inflate to.
const MAX_STREAM_BYTES: usize = 32 << 20;
const MAX_PAGES: usize = 5_000;

/// Reads a PDF.
pub(crate) fn read(bytes: &[u8]) -> Result<Text, Fault> {
    // The parser returns errors; should it fall over a file all the same, that file is broken and nothing else.
    catch_unwind(AssertUnwindSafe(|| extract(bytes)))
        .unwrap_or_else(|_| Err(Fault::broken("PDF", "its structure cannot be followed")))
}

fn extract(bytes: &[u8]) -> Result<Text, Fault> {
    let options = LoadOptions::with_max_decompressed_size(MAX_STREAM_BYTES);
    let document =
        Document::load_mem_with_options(bytes, options).map_err(|error| fault(&error))?;
    if document.is_encrypted() {
        return Err(Fault::Encrypted);
    }
    let pages: Vec<u32> = document.get_pages().into_keys().collect();
    if pages.len() > MAX_PAGES {
        return Err(Fault::TooLarge(format!("over {MAX_PAGES} pages; split it")));
    }
    let mut text = String::new();
    for page in pages {
        let page_text = document
            .extract_text_with_limit(&[page], MAX_STREAM_BYTES)
            .map_err(|error| fault(&error))?;
        text.push_str(lines(&page_text).trim());
        text.push_str("\n\n");
        if text.len() > MAX_TEXT_BYTES {
            return Err(Fault::TooLarge(format!(
                "over {} MiB of text; split it",
                MAX_TEXT_BYTES >> 20
            )));
        }
    }
    if !text.chars().any(char::is_alphanumeric) {
        return Err(Fault::NoText);
    }
    Ok(Text {
        title: title(&document),
        body: text,
    })
}

fn fault(error: &Error) -> Fault {
    match error {
        Error::InvalidPassword | Error::Decryption(_) => Fault::Encrypted,
        error => Fault::broken("PDF", error),
    }
}

/// What the file's own description calls it.
fn title(document: &Document) -> Option<String> {
    let info = document
        .trailer
        .get(b"Info")
        .and_then(Object::as_reference)
        .ok()?;
    let info = document.get_dictionary(info).ok()?;
    let title = lopdf::decode_text_string(info.get(b"Title").ok()?).ok()?;
    let title = lines(title.trim());
    (!title.is_empty()).then_some(title)
}

#[cfg(test)]
pub(crate) mod tests {
    use lopdf::content::{Content, Operation};
    use lopdf::{Stream, dictionary};

    use super::*;

    /// A PDF with a page for each text.
    pub(crate) fn pdf(pages: &[&str]) -> Document {
        let mut document = Document::with_version("1.5");
        let tree = document.new_object_id();
        let font = document.add_object(
            dictionary! {"Type" => "Font", "Subtype" => "Type1", "BaseFont" => "Courier"},
        );
        let resources = document.add_object(dictionary! {"Font" => dictionary! {"F1" => font}});
        let kids: Vec<Object> = pages
            .iter()
            .map(|text| {
                let operations = vec![
                    Operation::new("BT", vec![]),
                    Operation::new("Tf", vec!["F1".into(), 12.into()]),
                    Operation::new("Td", vec![100.into(), 600.into()]),
                    Operation::new("Tj", vec![Object::string_literal(*text)]),
                    Operation::new("ET", vec![]),
                ];
                let content = Content { operations }.encode().unwrap();
                let content = document.add_object(Stream::new(dictionary! {}, content));
                let page = dictionary! {"Type" => "Page", "Parent" => tree, "Contents" => content};
                document.add_object(page).into()
            })
            .collect();
        let count = i64::try_from(kids.len()).unwrap();
        let pages = dictionary! {
            "Type" => "Pages", "Kids" => kids, "Count" => count, "Resources" => resources,
            "MediaBox" => vec![0.into(), 0.into(), 595.into(), 842.into()],
        };
        document.objects.insert(tree, Object::Dictionary(pages));
        let catalog = document.add_object(dictionary! {"Type" => "Catalog", "Pages" => tree});
        document.trailer.set("Root", catalog);
        document
    }

    pub(crate) fn bytes(mut document: Document) -> Vec<u8> {
        let mut bytes = Vec::new();
        document.save_to(&mut bytes).unwrap();
        bytes
    }

    #[test]
    fn pages_become_paragraphs_and_the_title_is_known() {
        let mut document = pdf(&["A wire costs $25.00.", "It takes a day."]);
        let info =
            document.add_object(dictionary! {"Title" => Object::string_literal("Wire fees")});
        document.trailer.set("Info", info);
        let draft = read(&bytes(document)).unwrap();
        assert_eq!(draft.title.as_deref(), Some("Wire fees"));
        assert_eq!(draft.body.trim(), "A wire costs $25.00.\n\nIt takes a day.");
    }

    #[test]
    fn what_cannot_be_read_is_a_fault() {
        let whole = bytes(pdf(&["A wire costs $25.00."]));
        assert_eq!(read(&bytes(pdf(&["", " "]))).unwrap_err(), Fault::NoText);
        assert_eq!(read(&bytes(pdf(&[]))).unwrap_err(), Fault::NoText);
        for broken in [&b"%PDF-1.5"[..], b"", b"not one", whole.get(..40).unwrap()] {
            let fault = read(broken).unwrap_err();
            assert!(
                matches!(fault, Fault::Broken { .. } | Fault::NoText),
                "{fault:?}"
            );
        }
        let nested = [
            b"%PDF-1.4\n1 0 obj\n".to_vec(),
            b"[".repeat(50_000),
            b"\nendobj\ntrailer <</Root 1 0 R>>\n%%EOF".to_vec(),
        ]
        .concat();
        assert!(read(&nested).is_err());
        // Any cut of a good file ends in words.
        for cut in (0..whole.len()).step_by(37) {
            let _ = read(whole.get(..cut).unwrap());
        }
    }
}
