//! Cutting a document into passages along its structure.
//!
//! A chunk is a run of whole blocks under one heading. A table, a list and the sentence that introduces
//! it stay together. Only a block far beyond the target size is cut, between items, rows or sentences.
//! Chunks never overlap, and each is exactly a span of the body, so that a citation can be checked.

use std::ops::Range;

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::Document;
use crate::markdown::{Block, Kind, blocks, trimmed};
use crate::text::sentences;

/// Size that a chunk grows to while whole blocks fit, in estimated tokens.
const TARGET_TOKENS: usize = 180;
/// A single block is kept whole up to this size, in estimated tokens.
const MAX_TOKENS: usize = 400;

/// A part of a document that makes sense on its own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Chunk {
    /// `<document id>#<number>`, counted from 1.
    pub id: String,
    /// Title of the document.
    pub title: String,
    /// Headings above it, outermost first; a first heading that repeats the title is left out.
    pub headings: Vec<String>,
    /// The text: exactly [`Chunk::bytes`] of the document's body.
    pub content: String,
    /// Span in the document's body, in bytes.
    pub bytes: Range<usize>,
    /// Span in the document's body, in Unicode code points.
    pub chars: Range<usize>,
    /// Estimated size in tokens of a common sub-word vocabulary.
    pub tokens: usize,
}

impl Chunk {
    /// The passage as a model reads it: title and headings first, because a passage alone often does not say
    /// what it is about.
    pub fn text(&self) -> String {
        let mut text = String::with_capacity(self.content.len() + 64);
        for heading in std::iter::once(&self.title).chain(&self.headings) {
            if !heading.is_empty() {
                text.push_str(heading);
                text.push_str(". ");
            }
        }
        text.push_str(&self.content);
        text
    }
}

/// The key of a passage's text as [`Chunk::text`] gives it: a hash of 32 hexadecimal digits. The same text, the same key.
pub fn passage_key(text: &str) -> String {
    let digest = Sha256::digest(text.as_bytes());
    hex::encode(digest.get(..16).unwrap_or_default())
}

/// Cuts a document into chunks. Every word of the body that is not a heading is in exactly one.
pub fn chunk(document: &Document) -> Vec<Chunk> {
    let body = document.body.as_str();
    let mut cutter = Cutter {
        document,
        headings: Vec::new(),
        open: None,
        chunks: Vec::new(),
    };
    for block in blocks(body) {
        match block.kind {
            Kind::Heading(level, title) => cutter.heading(level, title),
            _ => cutter.block(&block),
        }
    }
    cutter.close();
    number(cutter.chunks, document)
}

/// Estimated tokens: four characters of English are about one.
pub(crate) fn estimate_tokens(text: &str) -> usize {
    text.chars().count().div_ceil(4)
}

struct Cutter<'a> {
    document: &'a Document,
    headings: Vec<(u8, String)>,
    /// The chunk being filled: its span, and whether its last block introduces the next one.
    open: Option<(Range<usize>, bool)>,
    chunks: Vec<(Vec<String>, Range<usize>)>,
}

impl Cutter<'_> {
    fn heading(&mut self, level: u8, title: String) {
        self.close();
        self.headings.retain(|(above, _)| *above < level);
        if title.to_lowercase() != self.document.title.to_lowercase() {
            self.headings.push((level, title));
        }
    }

    fn block(&mut self, block: &Block) {
        let size = self.tokens(&block.span);
        if let Some((open, introduces)) = &self.open {
            let joint = open.start..block.span.end;
            let room = if *introduces {
                MAX_TOKENS
            } else {
                TARGET_TOKENS
            };
            if self.tokens(&joint) <= room {
                self.open = Some((joint, self.introduces(block)));
                return;
            }
        }
        self.close();
        if size <= MAX_TOKENS {
            self.open = Some((block.span.clone(), self.introduces(block)));
        } else {
            for piece in pieces(&self.document.body, block) {
                self.push(piece);
            }
        }
    }

    fn introduces(&self, block: &Block) -> bool {
        let text = self
            .document
            .body
            .get(block.span.clone())
            .unwrap_or_default();
        block.kind == Kind::Paragraph && text.ends_with(':')
    }

    fn close(&mut self) {
        if let Some((span, _)) = self.open.take() {
            self.push(span);
        }
    }

    fn push(&mut self, span: Range<usize>) {
        let headings = self
            .headings
            .iter()
            .map(|(_, title)| title.clone())
            .collect();
        self.chunks.push((headings, span));
    }

    fn tokens(&self, span: &Range<usize>) -> usize {
        self.document
            .body
            .get(span.clone())
            .map_or(0, estimate_tokens)
    }
}

/// An oversized block in pieces of at most the target size where its structure allows it.
fn pieces(body: &str, block: &Block) -> Vec<Range<usize>> {
    let parts = if block.parts.is_empty() {
        let text = body.get(block.span.clone()).unwrap_or_default();
        let at = block.span.start;
        sentences(text)
            .into_iter()
            .map(|span| at + span.start..at + span.end)
            .collect()
    } else {
        block.parts.clone()
    };
    let mut pieces: Vec<Range<usize>> = Vec::new();
    for part in parts.into_iter().flat_map(|part| lengths(body, part)) {
        match pieces.last_mut() {
            Some(last)
                if body
                    .get(last.start..part.end)
                    .is_some_and(|joint| estimate_tokens(joint) <= TARGET_TOKENS) =>
            {
                last.end = part.end;
            }
            _ => pieces.push(part),
        }
    }
    pieces
}

/// A part without any inner structure, in lengths of at most [`MAX_TOKENS`], cut at white space
/// where there is some.
fn lengths(body: &str, part: Range<usize>) -> Vec<Range<usize>> {
    let mut lengths = Vec::new();
    let mut rest = part;
    while let Some(text) = body.get(rest.clone()) {
        let Some((limit, _)) = text.char_indices().nth(MAX_TOKENS * 4) else {
            break;
        };
        let head = text.get(..limit).unwrap_or_default();
        let cut = head
            .rfind(char::is_whitespace)
            .filter(|&at| at > 0)
            .unwrap_or(limit);
        lengths.push(trimmed(body, rest.start..rest.start + cut));
        rest.start += cut;
    }
    lengths.push(trimmed(body, rest));
    lengths.retain(|span| !span.is_empty());
    lengths
}

fn number(spans: Vec<(Vec<String>, Range<usize>)>, document: &Document) -> Vec<Chunk> {
    // Spans come in order, so code points are counted once along the body.
    let (mut byte, mut char) = (0, 0);
    let mut advance = |to: usize| {
        char += document
            .body
            .get(byte..to)
            .map_or(0, |text| text.chars().count());
        byte = to;
        char
    };
    let mut chunks = Vec::with_capacity(spans.len());
    for (headings, bytes) in spans {
        let Some(content) = document.body.get(bytes.clone()) else {
            continue;
        };
        chunks.push(Chunk {
            id: format!("{}#{}", document.id, chunks.len() + 1),
            title: document.title.clone(),
            headings,
            content: content.to_owned(),
            chars: advance(bytes.start)..advance(bytes.end),
            tokens: estimate_tokens(content),
            bytes,
        });
    }
    chunks
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::Audience;

    fn document(body: &str) -> Document {
        Document {
            id: "doc".into(),
            title: "The title".into(),
            category: "test".into(),
            tags: vec![],
            audience: Audience::Public,
            language: "en".into(),
            version: 1,
            updated: "2026-11-01".into(),
            valid_from: None,
            valid_until: None,
            body: body.into(),
            source: "doc.md".into(),
        }
    }

    #[test]
    fn keeps_headings_lists_and_tables() {
        let table = format!(
            "| fee | amount |\n|---|---|\n{}",
            "| one | $1.00 |\n".repeat(60)
        );
        let body = format!(
            "# The title\n\nIntroduction.\n\n## Limits\n\nThese apply:\n\n- one\n- two\n\n\
             ### Per day\n\nTen.\n\n## Fees \u{20ac}\n\nNone.\n\n{table}"
        );
        let chunks = chunk(&document(&body));
        let found: Vec<_> = chunks
            .iter()
            .map(|chunk| {
                (
                    chunk.id.as_str(),
                    chunk.headings.join("/"),
                    chunk.content.as_str(),
                )
            })
            .collect();
        assert_eq!(
            found,
            [
                ("doc#1", String::new(), "Introduction."),
                ("doc#2", "Limits".into(), "These apply:\n\n- one\n- two"),
                ("doc#3", "Limits/Per day".into(), "Ten."),
                ("doc#4", "Fees \u{20ac}".into(), "None."),
                ("doc#5", "Fees \u{20ac}".into(), table.trim()),
            ]
        );
    }

    #[test]
    fn cuts_only_what_is_oversized() {
        let rows = "| one | $1.00 |\n".repeat(500);
        let list = "- an item of the list\n".repeat(500);
        let prose = "A sentence of some length. ".repeat(500);
        let run = "x".repeat(20_000);
        for body in [
            format!("| fee | amount |\n|---|---|\n{rows}"),
            list,
            prose,
            run,
        ] {
            let chunks = chunk(&document(&body));
            assert!(chunks.len() > 5, "{} chunks of {:.20}", chunks.len(), body);
            assert!(chunks.iter().all(|chunk| chunk.tokens <= MAX_TOKENS));
        }
    }

    proptest! {
        #[test]
        fn spans_are_true_and_in_order(body in "([#\\-|>*0-9. a-z\u{e9}\u{1f600}\n]|\n\n|## ){0,300}") {
            let document = document(&body);
            let points: Vec<char> = body.chars().collect();
            let mut last = 0;
            for chunk in chunk(&document) {
                prop_assert_eq!(&body[chunk.bytes.clone()], &chunk.content);
                let by_points: String = points[chunk.chars.clone()].iter().collect();
                prop_assert_eq!(&by_points, &chunk.content);
                prop_assert!(chunk.chars.start >= last);
                prop_assert!(!chunk.content.trim().is_empty());
                last = chunk.chars.end;
            }
        }
    }
}
