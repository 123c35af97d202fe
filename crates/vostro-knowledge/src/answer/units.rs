//! A passage as the smallest parts that may be quoted alone.
//!
//! A sentence; a list item; a numbered list as a whole, because a step alone misleads; a table row.
//! A sentence that ends with a colon stays with the list or table that it introduces.

use std::ops::Range;

use crate::markdown::{Block, Kind, blocks, plain};
use crate::text::sentences;

/// A list is kept whole with its introduction up to this length, in bytes.
const MAX_WHOLE: usize = 900;

/// A sentence up to this length, in bytes, is an interjection such as "No." or "Not always."
const MAX_INTERJECTION: usize = 12;

/// What may be quoted alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Unit {
    /// Bytes of the passage.
    pub(super) span: Range<usize>,
    /// How it is told.
    pub(super) text: String,
    pub(super) shape: Shape,
    /// Number of the block that it is from.
    pub(super) block: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    Sentence,
    /// An item of a list, or a row of a table told as one.
    Item,
    /// Steps, or a list with its introduction.
    Whole,
}

/// The units of a passage, in order.
pub(super) fn units(content: &str) -> Vec<Unit> {
    let mut units: Vec<Unit> = Vec::new();
    for (number, block) in blocks(content).iter().enumerate() {
        let introduced = units.last().is_some_and(|unit| {
            unit.shape == Shape::Sentence && unit.text.ends_with(':') && unit.block + 1 == number
        });
        let list = matches!(block.kind, Kind::Steps | Kind::Bullets);
        if introduced
            && list
            && let Some(unit) = units.last_mut()
            && block.span.end - unit.span.start <= MAX_WHOLE
            && let Some(text) = content.get(unit.span.start..block.span.end)
        {
            unit.span.end = block.span.end;
            text.clone_into(&mut unit.text);
            unit.shape = Shape::Whole;
            unit.block = number;
            continue;
        }
        match block.kind {
            Kind::Heading(..) => {}
            Kind::Bullets => units.extend(items(content, block, number)),
            Kind::Steps if block.span.len() > MAX_WHOLE => {
                units.extend(items(content, block, number));
            }
            Kind::Steps | Kind::Other => {
                let text = content
                    .get(block.span.clone())
                    .unwrap_or_default()
                    .to_owned();
                units.push(Unit {
                    span: block.span.clone(),
                    text,
                    shape: Shape::Whole,
                    block: number,
                });
            }
            Kind::Table => units.extend(rows(content, block, number)),
            Kind::Paragraph => units.extend(told(content, block, number)),
        }
    }
    units
}

/// The sentences of a paragraph; "No." and its like stay with what follows.
fn told(content: &str, block: &Block, number: usize) -> Vec<Unit> {
    let text = content.get(block.span.clone()).unwrap_or_default();
    let mut spans: Vec<Range<usize>> = Vec::new();
    for span in sentences(text) {
        match spans.last_mut() {
            Some(last) if last.len() <= MAX_INTERJECTION => last.end = span.end,
            _ => spans.push(span),
        }
    }
    spans
        .into_iter()
        .map(|span| Unit {
            text: text
                .get(span.clone())
                .unwrap_or_default()
                .replace('\n', " "),
            span: block.span.start + span.start..block.span.start + span.end,
            shape: Shape::Sentence,
            block: number,
        })
        .collect()
}

fn items(content: &str, block: &Block, number: usize) -> Vec<Unit> {
    let unit = |span: &Range<usize>| Unit {
        text: content.get(span.clone()).unwrap_or_default().to_owned(),
        span: span.clone(),
        shape: Shape::Item,
        block: number,
    };
    block.parts.iter().map(unit).collect()
}

/// The rows of a table below its header, each told as `- **first cell**: …`.
fn rows(content: &str, block: &Block, number: usize) -> Vec<Unit> {
    let mut rows = block
        .parts
        .iter()
        .filter_map(|span| Some((span, cells(content.get(span.clone())?))));
    let Some((_, header)) = rows.next() else {
        return Vec::new();
    };
    rows.filter_map(|(span, cells)| {
        let (first, rest) = cells.split_first()?;
        let told: Vec<String> = rest
            .iter()
            .zip(header.iter().skip(1))
            .filter(|(cell, _)| !cell.is_empty())
            .map(|(cell, name)| {
                if rest.len() == 1 {
                    cell.clone()
                } else {
                    format!("{name} {cell}")
                }
            })
            .collect();
        let text = format!("- **{first}**: {}", told.join("; "));
        Some(Unit {
            span: span.clone(),
            text,
            shape: Shape::Item,
            block: number,
        })
    })
    .collect()
}

fn cells(row: &str) -> Vec<String> {
    let row = row.trim().trim_start_matches('|');
    let row = row.strip_suffix('|').unwrap_or(row);
    row.split('|').map(plain).collect()
}

/// Units told one after the other: sentences of one paragraph run on, items stand in lines.
pub(super) fn join(run: &[Unit]) -> String {
    let mut text = String::new();
    let mut last: Option<&Unit> = None;
    for unit in run {
        if let Some(last) = last {
            text.push_str(match (last.block == unit.block, unit.shape) {
                (true, Shape::Sentence) => " ",
                (true, _) => "\n",
                (false, _) => "\n\n",
            });
        }
        text.push_str(&unit.text);
        last = Some(unit);
    }
    text
}
