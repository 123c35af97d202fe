//! The crate's word analysis as a tantivy tokenizer: stems of content words.
//!
//! Stop words leave no gap in the positions, so "dispute a charge" has the pair "dispute charge".

use std::sync::Arc;

use tantivy::tokenizer::{Token, TokenStream, Tokenizer};

use crate::text::{Stems, is_stop_word, words};

/// Name under which the tokenizer is registered.
pub(super) const NAME: &str = "stems";

#[derive(Clone)]
pub(super) struct StemTokenizer(Arc<Stems>);

impl Default for StemTokenizer {
    fn default() -> Self {
        Self(Arc::new(Stems::new()))
    }
}

impl Tokenizer for StemTokenizer {
    type TokenStream<'a> = StemStream;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> StemStream {
        let tokens: Vec<Token> = words(text)
            .filter(|word| !is_stop_word(&word.surface))
            .enumerate()
            .map(|(position, word)| Token {
                offset_from: word.span.start,
                offset_to: word.span.end,
                position,
                text: self.0.stem(&word.surface),
                position_length: 1,
            })
            .collect();
        StemStream {
            tokens: tokens.into_iter(),
            token: Token::default(),
        }
    }
}

pub(super) struct StemStream {
    tokens: std::vec::IntoIter<Token>,
    token: Token,
}

impl TokenStream for StemStream {
    fn advance(&mut self) -> bool {
        match self.tokens.next() {
            Some(token) => {
                self.token = token;
                true
            }
            None => false,
        }
    }

    fn token(&self) -> &Token {
        &self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        &mut self.token
    }
}
