//! For the tests of this crate: articles in one line, and a model that counts letters.

use vostro_embed::{EmbedError, Embedder, unit};

use crate::{Document, parse};

/// An article with a title made of its id.
pub(crate) fn article(id: &str, category: &str, audience: &str, body: &str) -> Document {
    let front = format!(
        "id = \"{id}\"\ntitle = \"About {id}\"\ncategory = \"{category}\"\n\
         audience = \"{audience}\"\nlanguage = \"en\"\nversion = 1\nupdated = 2026-11-01"
    );
    parse(&format!("{id}.md"), &format!("+++\n{front}\n+++\n{body}")).unwrap()
}

/// Texts with the same letters are near.
pub(crate) struct Letters;

impl Embedder for Letters {
    fn dimensions(&self) -> usize {
        26
    }

    fn model(&self) -> &'static str {
        "letters"
    }

    fn embed(&self, text: &str) -> Result<Vec<f32>, EmbedError> {
        let mut counts = vec![0.01; 26];
        for byte in text.bytes().filter(u8::is_ascii_alphabetic) {
            counts[usize::from(byte.to_ascii_lowercase() - b'a')] += 1.0;
        }
        Ok(unit(counts))
    }
}
