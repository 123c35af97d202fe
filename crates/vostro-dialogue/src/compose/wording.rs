//! The words of replies: Fluent messages (`wording/<language>/*.ftl`), compiled in.
//!
//! Templates are data, so that a bank's translators need no Rust and both languages are held to the same
//! keys by a test. Values are put in as they are: amounts, names and dates are made by [`crate::words`].

use std::sync::LazyLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use unic_langid::{LanguageIdentifier, langid};

use crate::language::Language;

type Bundle = FluentBundle<FluentResource>;

static ENGLISH: LazyLock<Bundle> = LazyLock::new(|| {
    bundle(
        langid!("en-US"),
        &[
            include_str!("../../wording/en/words.ftl"),
            include_str!("../../wording/en/talk.ftl"),
            include_str!("../../wording/en/movement.ftl"),
            include_str!("../../wording/en/lookups.ftl"),
            include_str!("../../wording/en/services.ftl"),
        ],
    )
});
static SPANISH: LazyLock<Bundle> = LazyLock::new(|| {
    bundle(
        langid!("es-US"),
        &[
            include_str!("../../wording/es/words.ftl"),
            include_str!("../../wording/es/talk.ftl"),
            include_str!("../../wording/es/movement.ftl"),
            include_str!("../../wording/es/lookups.ftl"),
            include_str!("../../wording/es/services.ftl"),
        ],
    )
});

/// What cannot be read of a file is left out here; a test reads every file strictly.
fn bundle(language: LanguageIdentifier, files: &[&str]) -> Bundle {
    let mut bundle = FluentBundle::new_concurrent(vec![language]);
    // No marks around values: replies are compared, stored and shown as plain text.
    bundle.set_use_isolating(false);
    for file in files {
        let resource = match FluentResource::try_new((*file).to_owned()) {
            Ok(resource) | Err((resource, _)) => resource,
        };
        bundle.add_resource_overriding(resource);
    }
    bundle
}

/// A value to be put into a message.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Arg<'a> {
    /// A text, as it is.
    Text(&'a str),
    /// How many; chooses between forms.
    Count(u64),
}

impl<'a> From<&'a str> for Arg<'a> {
    fn from(text: &'a str) -> Self {
        Self::Text(text)
    }
}

impl<'a> From<&'a String> for Arg<'a> {
    fn from(text: &'a String) -> Self {
        Self::Text(text)
    }
}

impl From<u64> for Arg<'_> {
    fn from(count: u64) -> Self {
        Self::Count(count)
    }
}

/// The words of one language.
#[derive(Clone, Copy)]
pub(crate) struct Wording {
    language: Language,
    bundle: &'static Bundle,
}

impl std::fmt::Debug for Wording {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.language.code())
    }
}

impl Wording {
    /// Of a language.
    pub(crate) fn of(language: Language) -> Self {
        let bundle = match language {
            Language::English => &*ENGLISH,
            Language::Spanish => &*SPANISH,
        };
        Self { language, bundle }
    }

    /// Which language.
    pub(crate) const fn language(self) -> Language {
        self.language
    }

    /// A message without values.
    pub(crate) fn text(self, key: &str) -> String {
        self.say(key, &[])
    }

    /// A message with values. One that is not there is its key: a test finds every key that is used.
    pub(crate) fn say(self, key: &str, values: &[(&'static str, Arg<'_>)]) -> String {
        let pattern = self.bundle.get_message(key).and_then(|it| it.value());
        let Some(pattern) = pattern else {
            return key.to_owned();
        };
        let mut arguments = FluentArgs::with_capacity(values.len());
        for (name, value) in values {
            let value = match value {
                Arg::Text(text) => FluentValue::from(*text),
                Arg::Count(count) => FluentValue::from(*count),
            };
            arguments.set(*name, value);
        }
        let mut errors = Vec::new();
        let text = self
            .bundle
            .format_pattern(pattern, Some(&arguments), &mut errors);
        text.into_owned()
    }
}

/// A message: the wording, the key, and its values as `name = value`.
macro_rules! say {
    ($wording:expr, $key:expr $(, $name:ident = $value:expr)* $(,)?) => {
        $wording.say($key, &[$((stringify!($name), $crate::compose::wording::Arg::from($value))),*])
    };
}
pub(crate) use say;

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};
    use std::path::{Path, PathBuf};

    use fluent_bundle::FluentResource;
    use regex::Regex;

    use super::*;

    fn root() -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).to_owned()
    }

    fn files(folder: &Path, ending: &str, into: &mut Vec<PathBuf>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                files(&path, ending, into);
            } else if path.extension().is_some_and(|it| it == ending) {
                into.push(path);
            }
        }
    }

    /// Every message of a language with the values that it takes.
    fn messages(language: Language) -> BTreeMap<String, BTreeSet<String>> {
        let value = Regex::new(r"\$([a-z_]+)").unwrap();
        let key = Regex::new(r"(?m)^([a-z][a-z0-9-]*) =").unwrap();
        let mut all = BTreeMap::new();
        let mut paths = Vec::new();
        files(
            &root().join("wording").join(language.code()),
            "ftl",
            &mut paths,
        );
        assert!(!paths.is_empty());
        for path in paths {
            let text = std::fs::read_to_string(&path).unwrap();
            if let Err((_, errors)) = FluentResource::try_new(text.clone()) {
                panic!("{}: {errors:?}", path.display());
            }
            let starts: Vec<_> = key.captures_iter(&text).collect();
            for (at, found) in starts.iter().enumerate() {
                let from = found.get(0).unwrap().end();
                let until = starts
                    .get(at + 1)
                    .map_or(text.len(), |next| next.get(0).unwrap().start());
                let values = value.captures_iter(&text[from..until]);
                let values = values.map(|it| it[1].to_owned()).collect();
                let before = all.insert(found[1].to_owned(), values);
                assert_eq!(before, None, "{} stands twice", &found[1]);
            }
        }
        all
    }

    #[test]
    fn both_languages_have_the_same_messages_with_the_same_values() {
        assert_eq!(messages(Language::English), messages(Language::Spanish));
    }

    #[test]
    fn every_message_that_is_used_is_there_with_its_values() {
        let known = messages(Language::English);
        let said = Regex::new(r#"say!\(\s*[^,"]+,\s*"([^"]+)"((?:[^;"]|"[^"]*")*?)\)"#).unwrap();
        let text = Regex::new(r#"\.text\(\s*"([^"]+)""#).unwrap();
        // `key("what-…", "done-…")` chooses one of two.
        let first = Regex::new(r#"key\(\s*"([^"]+)""#).unwrap();
        let second = Regex::new(r#"key\(\s*"[^"]+",\s*"([^"]+)""#).unwrap();
        let mut paths = Vec::new();
        files(&root().join("src"), "rs", &mut paths);
        let mut used = BTreeSet::new();
        for path in paths {
            let code = std::fs::read_to_string(&path).unwrap();
            let code = code.split("#[cfg(test)]").next().unwrap();
            let all = [&said, &text, &first, &second].into_iter();
            for found in all.flat_map(|it| it.captures_iter(code)) {
                assert!(
                    known.contains_key(&found[1]),
                    "{}: {}",
                    path.display(),
                    &found[1]
                );
                used.insert(found[1].to_owned());
            }
        }
        assert!(used.len() > 100, "only {} were found", used.len());
    }

    #[test]
    fn values_are_put_in_as_they_are() {
        let english = Wording::of(Language::English);
        let several = say!(english, "end-after", count = 12_u64);
        assert_eq!(several, "12 times");
        assert_eq!(say!(english, "end-after", count = 1_u64), "once");
        let spanish = Wording::of(Language::Spanish);
        assert_eq!(
            say!(spanish, "date", day = "20", month = 11_u64, year = "2026"),
            "20 nov 2026"
        );
        assert_eq!(english.text("no-such-message"), "no-such-message");
    }
}
