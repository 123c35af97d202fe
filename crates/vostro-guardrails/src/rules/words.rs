//! The vocabulary that rules are made of, and texts read as its words.
//!
//! A text becomes a list of tokens with word numbers; a rule is a sequence of word sets, so matching
//! is set lookups and never a regular expression. Look-ups forgive leet spelling and letters swapped
//! inside a word. English inflections are spelled out when a rule says so (`kill~`).

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

/// The number of a word in the vocabulary; 0 is any other word.
pub(crate) type WordId = u16;

/// FNV-1a: short keys, no adversary inside (the vocabulary is fixed; only look-ups are hostile).
#[derive(Clone, Copy)]
pub(crate) struct Fnv(u64);

impl Default for Fnv {
    fn default() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }
}

impl Hasher for Fnv {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for b in bytes {
            self.0 = (self.0 ^ u64::from(*b)).wrapping_mul(0x0100_0000_01b3);
        }
    }
}

type Map = HashMap<Box<str>, WordId, BuildHasherDefault<Fnv>>;

/// A word of the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Token {
    pub start: usize,
    pub end: usize,
    pub word: WordId,
    /// The sentence that it stands in, counted from the start.
    pub sentence: u32,
}

/// Words by number.
#[derive(Debug, Default)]
pub(crate) struct Vocabulary {
    exact: Map,
    /// First letter and the sorted rest, for words of seven letters and more.
    shuffled: Map,
    /// For common words how they are written: plain, in rot13, reversed.
    common: Vec<(WordId, u8)>,
}

/// Words that nearly every sentence has, in the languages that are looked at, and words of orders.
const COMMON: &str = "the and you your are that this with for have was what how can not all from tell me show give \
    will would please ignore previous instructions system prompt password secret key they them there their which who where \
    when about into than then could should just like want need know make write answer question say do does is it of to in \
    my we he she be been has had but if an any some our out up de la que el los las una por con para como est les des une \
    pour dans vous der die das und ist nicht ein eine mit ich sie il che non per di een het van niet voor nao uma";

pub(crate) const PLAIN: u8 = 1;
pub(crate) const ROT13: u8 = 2;
pub(crate) const REVERSED: u8 = 4;

impl Vocabulary {
    /// The number of a word, given one if it is new; `None` when the vocabulary is full.
    pub(crate) fn intern(&mut self, word: &str) -> Option<WordId> {
        if let Some(&id) = self.exact.get(word) {
            return Some(id);
        }
        let id = WordId::try_from(self.exact.len() + 1).ok()?;
        self.exact.insert(word.into(), id);
        if word.len() >= 7 {
            self.shuffled.entry(shuffle(word).into()).or_insert(id);
        }
        Some(id)
    }

    /// Learns the common words in their three spellings; those that are words in two are left out.
    pub(crate) fn learn_common(&mut self) {
        let plain: Vec<&str> = COMMON.split_whitespace().collect();
        for word in &plain {
            let rot13: String = word
                .bytes()
                .map(|b| char::from((b - b'a' + 13) % 26 + b'a'))
                .collect();
            let reversed: String = word.chars().rev().collect();
            for (form, flag) in [
                ((*word).to_owned(), PLAIN),
                (rot13, ROT13),
                (reversed, REVERSED),
            ] {
                if flag != PLAIN && (plain.contains(&form.as_str()) || form.len() < 2) {
                    continue;
                }
                if let Some(id) = self.intern(&form) {
                    self.common.push((id, flag));
                }
            }
        }
        self.common.sort_unstable();
    }

    /// How a common word is written; 0 for any other.
    pub(crate) fn spelling(&self, word: WordId) -> u8 {
        let from = self.common.partition_point(|c| c.0 < word);
        let same = self
            .common
            .get(from..)
            .unwrap_or_default()
            .iter()
            .take_while(|c| c.0 == word);
        same.fold(0, |flags, c| flags | c.1)
    }

    pub(crate) fn len(&self) -> usize {
        self.exact.len() + 1
    }

    fn look_up(&self, word: &str) -> WordId {
        if let Some(&id) = self.exact.get(word) {
            return id;
        }
        if word.len() > 24 {
            return 0;
        }
        if let Some(id) = self.unleet(word) {
            return id;
        }
        if word.len() >= 7 && word.is_ascii() {
            return self
                .shuffled
                .get(shuffle(word).as_str())
                .copied()
                .unwrap_or(0);
        }
        0
    }

    fn unleet(&self, word: &str) -> Option<WordId> {
        let letters = word.bytes().filter(u8::is_ascii_alphabetic).count();
        if letters == 0 || letters == word.len() || word.len() < 3 {
            return None;
        }
        let plain = |one: char| word.chars().map(|c| unleet(c, one)).collect::<String>();
        ['i', 'l']
            .into_iter()
            .find_map(|one| self.exact.get(plain(one).as_str()).copied())
    }

    /// The tokens of a folded text.
    pub(crate) fn read(&self, folded: &str) -> Vec<Token> {
        let mut tokens = Vec::with_capacity(folded.len() / 5);
        let mut buffer = String::new();
        let (mut sentence, mut last) = (0, 0);
        for (start, end) in spans(folded) {
            let Some(word) = folded.get(start..end) else {
                continue;
            };
            let id = if word.contains('\'') {
                buffer.clear();
                buffer.extend(word.chars().filter(|c| *c != '\''));
                self.look_up(&buffer)
            } else {
                self.look_up(word)
            };
            let gap = folded.get(last..start).unwrap_or_default();
            sentence += u32::from(ends_sentence(gap));
            last = end;
            tokens.push(Token {
                start,
                end,
                word: id,
                sentence,
            });
        }
        tokens
    }
}

/// Whether what stands between two words ends a sentence: a stop and a space, or an empty line.
fn ends_sentence(gap: &str) -> bool {
    gap.len() > 1
        && (gap.contains("\n\n")
            || gap.contains("\n-")
            || gap.contains("\n#")
            || gap.ends_with([' ', '\n']) && gap.starts_with(['.', '!', '?', ';']))
}

/// A letter for a digit or sign that looks like one.
pub(crate) fn unleet(c: char, one: char) -> char {
    match c {
        '0' => 'o',
        '1' | '|' => one,
        '!' => 'i',
        '3' | '€' => 'e',
        '4' | '@' => 'a',
        '5' | '$' => 's',
        '7' | '+' => 't',
        '8' => 'b',
        '9' => 'g',
        c => c,
    }
}

fn shuffle(word: &str) -> String {
    let mut bytes: Vec<u8> = word.bytes().collect();
    if let Some(rest) = bytes.get_mut(1..) {
        rest.sort_unstable();
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Words: letters and digits, with apostrophes and leet signs between them.
pub(crate) fn spans(text: &str) -> impl Iterator<Item = (usize, usize)> + '_ {
    let bytes = text.as_bytes();
    let mut at = 0;
    std::iter::from_fn(move || {
        while at < bytes.len() && !word_byte(*bytes.get(at)?) {
            at += 1;
        }
        let start = at;
        while let Some(&b) = bytes.get(at) {
            let inner = matches!(b, b'\'' | b'@' | b'$' | b'!' | b'|')
                && at > start
                && bytes.get(at + 1).is_some_and(|n| word_byte(*n));
            if !word_byte(b) && !inner {
                break;
            }
            at += 1;
        }
        (at > start).then_some((start, at))
    })
}

fn word_byte(b: u8) -> bool {
    b.is_ascii_alphanumeric() || b >= 0x80
}

/// English inflections of a verb or noun, regular ones only.
pub(crate) fn inflect(stem: &str) -> Vec<String> {
    let mut forms = vec![
        stem.to_owned(),
        format!("{stem}s"),
        format!("{stem}ing"),
        format!("{stem}ed"),
    ];
    let vowel = |c: char| "aeiou".contains(c);
    let mut tail = stem.chars().rev();
    let (last, before, third) = (tail.next(), tail.next(), tail.next());
    if let Some(root) = stem.strip_suffix('e') {
        forms.extend([
            format!("{root}ing"),
            format!("{stem}d"),
            format!("{stem}r"),
            format!("{stem}rs"),
        ]);
    } else if let Some(root) = stem.strip_suffix('y') {
        forms.extend([format!("{root}ies"), format!("{root}ied")]);
    } else {
        forms.extend([
            format!("{stem}es"),
            format!("{stem}er"),
            format!("{stem}ers"),
        ]);
    }
    if let (Some(l), Some(b), Some(t)) = (last, before, third)
        && !vowel(l)
        && vowel(b)
        && !vowel(t)
        && !"wxy".contains(l)
    {
        forms.extend([
            format!("{stem}{l}ing"),
            format!("{stem}{l}ed"),
            format!("{stem}{l}er"),
        ]);
    }
    forms
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_words_through_disguises() {
        let mut vocabulary = Vocabulary::default();
        let id = vocabulary.intern("ignore").unwrap();
        let all = vocabulary.intern("dont").unwrap();
        for (text, expect) in [
            ("ignore", id),
            ("1gn0re", id),
            ("!gnore", 0),
            ("ig!nore", 0),
            ("ignroe", 0),
            ("don't", all),
            ("ignores", 0),
            ("i9nor3", id),
        ] {
            let tokens = vocabulary.read(text);
            assert_eq!(tokens.first().map(|t| t.word), Some(expect), "{text}");
        }
    }

    #[test]
    fn inflects() {
        assert!(inflect("kill").contains(&"killing".to_owned()));
        assert!(inflect("make").contains(&"making".to_owned()));
        assert!(inflect("stab").contains(&"stabbed".to_owned()));
        assert!(inflect("bully").contains(&"bullied".to_owned()));
    }
}
