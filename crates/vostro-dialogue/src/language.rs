//! The customer's language: told from a message, and kept for the conversation.
//!
//! Words that only one of the languages has decide, and a message that has none changes nothing: "ok",
//! "67890" and "John" are in every language. Left out: any third language, which is answered in the one
//! that the conversation has, and region; amounts are shown as in the United States in both (`es-US`).

mod words;

use serde::{Deserialize, Serialize};

use words::{ENGLISH, SPANISH};

/// A language that replies are written in.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Language {
    /// English.
    #[default]
    #[serde(rename = "en")]
    English,
    /// Spanish.
    #[serde(rename = "es")]
    Spanish,
}

impl Language {
    /// Every language.
    pub const ALL: [Self; 2] = [Self::English, Self::Spanish];

    /// Its code (ISO 639-1).
    pub const fn code(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Spanish => "es",
        }
    }
}

/// The language of a message; `None` when its words do not tell.
///
/// ```
/// use vostro_dialogue::language::{Language, detect};
/// assert_eq!(detect("¿Cuál es mi saldo?"), Some(Language::Spanish));
/// assert_eq!(detect("what is my balance"), Some(Language::English));
/// assert_eq!(detect("ok 67890"), None);
/// ```
pub fn detect(message: &str) -> Option<Language> {
    let (mut english, mut spanish) = (0_u32, 0_u32);
    let mut count = 0_u32;
    let words = message
        .split(|c: char| !c.is_alphabetic() && c != '\'')
        .filter(|word| !word.is_empty())
        .take(60);
    for word in words {
        let plain = plain(word);
        count += 1;
        english += u32::from(ENGLISH.binary_search(&plain.as_str()).is_ok());
        spanish += u32::from(SPANISH.binary_search(&plain.as_str()).is_ok());
    }
    // "Y" alone is short for yes.
    if count == 1 && spanish == 1 && message.trim().eq_ignore_ascii_case("y") {
        return None;
    }
    // Marks that only Spanish has.
    if message.contains(['¿', '¡', 'ñ', 'Ñ']) {
        spanish += 1;
    }
    match english.cmp(&spanish) {
        std::cmp::Ordering::Greater => Some(Language::English),
        std::cmp::Ordering::Less => Some(Language::Spanish),
        std::cmp::Ordering::Equal => None,
    }
}

/// In lower case, without accents.
fn plain(word: &str) -> String {
    use unicode_normalization::UnicodeNormalization;
    word.nfd()
        .filter(|c| !unicode_normalization::char::is_combining_mark(*c))
        .flat_map(char::to_lowercase)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_can_be_searched() {
        for list in [ENGLISH, SPANISH] {
            assert!(list.is_sorted(), "{list:?}");
        }
    }

    #[test]
    fn words_of_one_language_tell() {
        let cases = [
            ("¿Cuál es mi saldo?", Some(Language::Spanish)),
            ("hola", Some(Language::Spanish)),
            ("Transfiere 50 dólares a Anna", Some(Language::Spanish)),
            ("sí", Some(Language::Spanish)),
            ("si", Some(Language::Spanish)),
            ("Transfer $50 to account 67890", Some(Language::English)),
            ("yes please", Some(Language::English)),
            ("no", None),
            ("ok", None),
            ("John", None),
            ("", None),
            ("send 20 to mi amigo", Some(Language::English)),
        ];
        for (message, expected) in cases {
            assert_eq!(detect(message), expected, "{message}");
        }
    }
}
