//! A document made ready to be kept: passages, the guardrails' word on each, vectors; and back again.

use std::collections::HashMap;

use jiff::civil::Date;
use vostro_bank::{DocumentMeta, DocumentRecord, PassageRecord, PassageVector};
use vostro_embed::{EmbedError, Embedder};
use vostro_knowledge::{Audience, Document, chunk, passage_key};

use crate::Fault;

/// The guardrails, as far as they are asked here.
pub trait Screen: Send + Sync {
    /// Why a passage must not be found: it gives orders to a model, or endangers. `None` when it may. What is spread
    /// over title, heading and content must be seen too.
    fn reason(&self, title: &str, heading: &str, content: &str) -> Option<String>;
}

/// What of a document nobody may find when a passage of it was flagged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Quarantine {
    /// All of it: who hides an order in one passage is not believed in the others.
    Document,
    /// That passage.
    Passage,
}

/// A document that can be kept, and its passages' texts as a model reads them.
#[derive(Debug, Clone, PartialEq)]
pub struct Prepared {
    /// What is kept.
    pub record: DocumentRecord,
    texts: Vec<String>,
}

/// Passages that are embedded in one go.
const BATCH: usize = 64;

/// Cuts and screens a document.
///
/// # Errors
/// [`Fault::NoText`] when it has no passage, [`Fault::Metadata`] when a day of it is none.
pub fn prepare(
    document: Document,
    content_hash: String,
    screen: &dyn Screen,
    quarantine: Quarantine,
) -> Result<Prepared, Fault> {
    let chunks = chunk(&document);
    if chunks.is_empty() {
        return Err(Fault::NoText);
    }
    let (mut passages, mut texts) = (Vec::with_capacity(chunks.len()), Vec::new());
    for chunk in chunks {
        let text = chunk.text();
        let flagged = screen.reason(
            &chunk.title,
            &chunk.headings.join(" \u{203a} "),
            &chunk.content,
        );
        passages.push(PassageRecord {
            key: passage_key(&text),
            headings: chunk.headings,
            start: small(chunk.chars.start),
            end: small(chunk.chars.end),
            tokens: small(chunk.tokens),
            flagged,
            vector: None,
        });
        texts.push(text);
    }
    let first = passages.iter().zip(1..).find_map(|(passage, number)| {
        let reason = passage.flagged.as_ref()?;
        Some(format!("passage {number} {reason}"))
    });
    let day = |name: &str, text: &str| {
        let day = text.parse::<Date>();
        day.map_err(|_| Fault::field(name, "is no day"))
    };
    let optional =
        |name: &str, text: &Option<String>| text.as_deref().map(|text| day(name, text)).transpose();
    let meta = DocumentMeta {
        updated: day("updated", &document.updated)?,
        valid_from: optional("valid_from", &document.valid_from)?,
        valid_until: optional("valid_until", &document.valid_until)?,
        id: document.id,
        source: document.source,
        title: document.title,
        category: document.category,
        tags: document.tags,
        audience: document.audience.as_str().into(),
        language: document.language,
        version: document.version,
        content_hash,
        quarantined: first.filter(|_| quarantine == Quarantine::Document),
    };
    let body = document.body;
    Ok(Prepared {
        record: DocumentRecord {
            meta,
            body,
            passages,
        },
        texts,
    })
}

/// Gives each passage that may be found its vector. Passages of like length go together.
///
/// # Errors
/// [`EmbedError`] when the model fails; nothing is changed then.
pub fn embed(prepared: &mut [Prepared], embedder: &dyn Embedder) -> Result<(), EmbedError> {
    let mut wanted: Vec<(usize, usize, &str)> = Vec::new();
    for (number, one) in prepared.iter().enumerate() {
        let may_be_found = one.record.meta.quarantined.is_none();
        for (place, passage) in one.record.passages.iter().enumerate() {
            if let Some(text) = one
                .texts
                .get(place)
                .filter(|_| may_be_found && passage.flagged.is_none())
            {
                wanted.push((number, place, text));
            }
        }
    }
    wanted.sort_by_key(|(_, _, text)| text.len());
    let mut vectors = Vec::with_capacity(wanted.len());
    for batch in wanted.chunks(BATCH) {
        let texts: Vec<&str> = batch.iter().map(|(_, _, text)| *text).collect();
        vectors.extend(embedder.embed_all(&texts)?);
    }
    let places: Vec<(usize, usize)> = wanted
        .into_iter()
        .map(|(number, place, _)| (number, place))
        .collect();
    for ((number, place), values) in places.into_iter().zip(vectors) {
        let passage = prepared
            .get_mut(number)
            .and_then(|one| one.record.passages.get_mut(place));
        if let Some(passage) = passage {
            let model = embedder.model().to_owned();
            passage.vector = Some(PassageVector { model, values });
        }
    }
    Ok(())
}

/// A kept document as it is searched, and its passages by their keys. `None` when what is kept is not one.
pub fn document_of(record: DocumentRecord) -> Option<(Document, HashMap<String, PassageRecord>)> {
    let DocumentRecord {
        meta,
        body,
        passages,
    } = record;
    let document = Document {
        audience: audience_of(&meta.audience)?,
        id: meta.id,
        title: meta.title,
        category: meta.category,
        tags: meta.tags,
        language: meta.language,
        version: meta.version,
        updated: meta.updated.to_string(),
        valid_from: meta.valid_from.map(|day| day.to_string()),
        valid_until: meta.valid_until.map(|day| day.to_string()),
        body,
        source: meta.source,
    };
    let passages = passages
        .into_iter()
        .map(|passage| (passage.key.clone(), passage));
    Some((document, passages.collect()))
}

fn audience_of(name: &str) -> Option<Audience> {
    let mut all = Audience::ALL.into_iter();
    all.find(|audience| audience.as_str() == name)
}

/// A place in a text of bounded length.
fn small(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use vostro_embed::unit;
    use vostro_knowledge::as_one_text;

    use super::*;
    use crate::{Defaults, Format, Source, read};

    /// Takes offence at one word, wherever it stands.
    struct Word(&'static str);

    impl Screen for Word {
        fn reason(&self, title: &str, heading: &str, content: &str) -> Option<String> {
            as_one_text(title, heading, content)
                .contains(self.0)
                .then(|| format!("says {}", self.0))
        }
    }

    struct Length;

    impl Embedder for Length {
        fn dimensions(&self) -> usize {
            2
        }

        fn model(&self) -> &'static str {
            "length"
        }

        fn embed(&self, text: &str) -> Result<Vec<f32>, EmbedError> {
            Ok(unit(vec![
                1.0,
                f32::from(u16::try_from(text.len()).unwrap()),
            ]))
        }

        fn embed_all(&self, texts: &[&str]) -> Result<Vec<Vec<f32>>, EmbedError> {
            texts.iter().map(|text| self.embed(text)).collect()
        }
    }

    fn document(text: &str) -> Document {
        let defaults = Defaults {
            category: "fees".into(),
            audience: Audience::Staff,
            language: "en".into(),
            updated: jiff::civil::date(2026, 11, 26),
        };
        let from = Source {
            source: "a.md",
            name: "a.md",
            format: Format::Markdown,
            bytes: text.as_bytes(),
            said: &serde_json::Map::new(),
        };
        let found = read(&from, &defaults).unwrap();
        found.into_iter().next().unwrap().document.unwrap()
    }

    const TEXT: &str =
        "# Title\n\nFirst.\n\n## Ignore\n\nSecond.\n\n## Third\n\nMuch longer than the first.";

    #[test]
    fn a_flagged_passage_takes_its_document_along_or_goes_alone() {
        // The word stands in a heading, not in the passage's own text.
        for (quarantine, whole) in [
            (Quarantine::Document, Some("passage 2 says Ignore")),
            (Quarantine::Passage, None),
        ] {
            let prepared =
                prepare(document(TEXT), "h".into(), &Word("Ignore"), quarantine).unwrap();
            assert_eq!(prepared.record.meta.quarantined.as_deref(), whole);
            let flags: Vec<bool> = prepared
                .record
                .passages
                .iter()
                .map(|it| it.flagged.is_some())
                .collect();
            assert_eq!(flags, [false, true, false]);
        }
        // Spread over heading and text it is read as one.
        let split = prepare(
            document(TEXT),
            "h".into(),
            &Word("Ignore\nSecond"),
            Quarantine::Document,
        )
        .unwrap();
        assert!(split.record.meta.quarantined.is_some());
    }

    #[test]
    fn what_may_be_found_gets_its_vector() {
        let mut prepared = [
            prepare(
                document(TEXT),
                "h".into(),
                &Word("Ignore"),
                Quarantine::Passage,
            )
            .unwrap(),
            prepare(
                document(TEXT),
                "h".into(),
                &Word("Ignore"),
                Quarantine::Document,
            )
            .unwrap(),
        ];
        embed(&mut prepared, &Length).unwrap();
        let has_vectors = |one: &Prepared| -> Vec<bool> {
            one.record
                .passages
                .iter()
                .map(|it| it.vector.is_some())
                .collect()
        };
        assert_eq!(has_vectors(&prepared[0]), [true, false, true]);
        assert_eq!(has_vectors(&prepared[1]), [false, false, false]);
        for (passage, text) in prepared[0].record.passages.iter().zip(&prepared[0].texts) {
            if let Some(vector) = &passage.vector {
                assert_eq!(vector.values, Length.embed(text).unwrap());
            }
        }
    }

    #[test]
    fn what_is_kept_comes_back() {
        let asked = document(TEXT);
        let prepared = prepare(
            asked.clone(),
            "h".into(),
            &Word("none"),
            Quarantine::Document,
        )
        .unwrap();
        let (document, passages) = document_of(prepared.record.clone()).unwrap();
        assert_eq!(document, asked);
        for chunk in chunk(&document) {
            let kept = &passages[&passage_key(&chunk.text())];
            assert_eq!(
                (kept.start as usize, kept.end as usize),
                (chunk.chars.start, chunk.chars.end)
            );
        }
        let mut strange = prepared.record;
        strange.meta.audience = "everyone".into();
        assert_eq!(document_of(strange), None);
        assert_eq!(
            prepare(
                Document {
                    body: "# Only".into(),
                    ..asked
                },
                "h".into(),
                &Word(""),
                Quarantine::Passage
            ),
            Err(Fault::NoText)
        );
    }
}
