//! The block structure of a Markdown text, with byte spans: what chunking and answering stand on.
//!
//! Only the outermost blocks are told apart; what is inside a list item or a quote stays with it.
//! Rendering to HTML is left to whoever shows the text.

use std::ops::Range;

use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd};

/// One outermost block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Block {
    pub(crate) kind: Kind,
    /// Bytes of the text, without trailing white space.
    pub(crate) span: Range<usize>,
    /// The items of a list, the rows of a table (the header is the first); else empty.
    pub(crate) parts: Vec<Range<usize>>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A heading with its level (1–6) and its plain text.
    Heading(u8, String),
    Paragraph,
    /// A bulleted list.
    Bullets,
    /// A numbered list: steps.
    Steps,
    Table,
    /// A quote, code, HTML or anything else that is kept whole.
    Other,
}

/// The outermost blocks of a Markdown text, in order.
pub(crate) fn blocks(text: &str) -> Vec<Block> {
    let mut blocks: Vec<Block> = Vec::new();
    let mut depth = 0_usize;
    for (event, span) in Parser::new_ext(text, Options::ENABLE_TABLES).into_offset_iter() {
        match event {
            Event::Start(tag) => {
                if depth == 0 {
                    blocks.push(Block {
                        kind: kind(&tag),
                        span: trimmed(text, span),
                        parts: vec![],
                    });
                } else if depth == 1
                    && matches!(tag, Tag::Item | Tag::TableRow | Tag::TableHead)
                    && let Some(block) = blocks.last_mut()
                {
                    block.parts.push(trimmed(text, span));
                }
                depth += 1;
            }
            Event::End(end) => {
                depth = depth.saturating_sub(1);
                if let (0, TagEnd::Heading(_), Some(block)) = (depth, end, blocks.last_mut())
                    && let Kind::Heading(_, title) = &mut block.kind
                {
                    *title = title.split_whitespace().collect::<Vec<_>>().join(" ");
                }
            }
            Event::Text(words) | Event::Code(words) => {
                if let Some(Block {
                    kind: Kind::Heading(_, title),
                    ..
                }) = blocks.last_mut()
                    && depth > 0
                {
                    title.push_str(&words);
                }
            }
            _ => {}
        }
    }
    blocks
}

fn kind(tag: &Tag<'_>) -> Kind {
    match tag {
        Tag::Heading { level, .. } => Kind::Heading(number(*level), String::new()),
        Tag::Paragraph => Kind::Paragraph,
        Tag::List(None) => Kind::Bullets,
        Tag::List(Some(_)) => Kind::Steps,
        Tag::Table(_) => Kind::Table,
        _ => Kind::Other,
    }
}

fn number(level: HeadingLevel) -> u8 {
    match level {
        HeadingLevel::H1 => 1,
        HeadingLevel::H2 => 2,
        HeadingLevel::H3 => 3,
        HeadingLevel::H4 => 4,
        HeadingLevel::H5 => 5,
        HeadingLevel::H6 => 6,
    }
}

/// The span without white space at its ends.
pub(crate) fn trimmed(text: &str, span: Range<usize>) -> Range<usize> {
    let Some(inside) = text.get(span.clone()) else {
        return span;
    };
    let start = span.start + (inside.len() - inside.trim_start().len());
    start..(start + inside.trim().len())
}

/// Inline Markdown as plain words: no emphasis marks, link targets or code marks.
pub(crate) fn plain(text: &str) -> String {
    let mut words = String::with_capacity(text.len());
    for event in Parser::new(text) {
        match event {
            Event::Text(part) | Event::Code(part) => words.push_str(&part),
            Event::SoftBreak | Event::HardBreak | Event::End(TagEnd::Paragraph | TagEnd::Item) => {
                words.push(' ');
            }
            _ => {}
        }
    }
    words.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_the_outermost_blocks_apart() {
        let text = "# The *one*  title\n\nA para\ngraph.\n\n- a\n  - nested\n- b\n\n1. x\n2. y\n\n\
            | h | i |\n|---|---|\n| 1 | 2 |\n\n> quote\n";
        let found: Vec<_> = blocks(text)
            .into_iter()
            .map(|block| (block.kind, text[block.span].len(), block.parts.len()))
            .collect();
        assert_eq!(
            found,
            [
                (Kind::Heading(1, "The one title".into()), 18, 0),
                (Kind::Paragraph, 13, 0),
                (Kind::Bullets, 18, 2),
                (Kind::Steps, 9, 2),
                (Kind::Table, 29, 2),
                (Kind::Other, 7, 0),
            ]
        );
    }

    #[test]
    fn plain_words_have_no_marks() {
        assert_eq!(
            plain("Say **yes** to [it](https://x.example), or `no`."),
            "Say yes to it, or no."
        );
    }
}
