//! "Did you mean John?": a name that fits nobody saved and is nearly somebody's. It is asked about, and never taken for
//! them: Jon may be somebody else.

use strsim::osa_distance;
use vostro_bank::Portfolio;

use super::lexicon::Lexicon;
use crate::command::{BillerMention, Command, SlotValue, TargetMention};
use crate::entities::words_of_name;

/// Words of a name that tell nothing about whose it is.
const GENERIC: &[&str] = &[
    "demo", "mr", "mrs", "ms", "dr", "the", "and", "of", "inc", "llc", "ltd", "co", "company",
    "city", "bill", "my", "account", "'s",
];

/// Puts the one who is meant, perhaps, beside words that fit nobody.
pub(super) fn look_up(portfolio: &Portfolio, commands: &mut [Command]) {
    for command in commands {
        let nearly = match command {
            Command::SetSlot(SlotValue::Target(TargetMention::UnknownName(words))) => {
                let near = portfolio.payees.iter().filter(|payee| {
                    let mut names = std::iter::once(&payee.name).chain(&payee.aliases);
                    names.any(|name| is_near(words, name))
                });
                only(near).map(|payee| {
                    SlotValue::Target(TargetMention::Nearly {
                        words: words.clone(),
                        payee: payee.id.clone(),
                    })
                })
            }
            Command::SetSlot(SlotValue::Biller(BillerMention::Unknown(words))) => {
                let near = portfolio.billers.iter().filter(|biller| {
                    let mut names = std::iter::once(&biller.name).chain(&biller.aliases);
                    names.any(|name| !is_plain(words) && is_near(words, name))
                });
                only(near).map(|biller| {
                    SlotValue::Biller(BillerMention::Nearly {
                        words: words.clone(),
                        biller: biller.id.clone(),
                    })
                })
            }
            _ => None,
        };
        if let Some(value) = nearly {
            *command = Command::SetSlot(value);
        }
    }
}

/// Whether the words are ordinary ones, spelled right: "rent" is not a typo of "renters".
fn is_plain(words: &str) -> bool {
    let lexicon = Lexicon::get();
    words_of_name(words)
        .iter()
        .all(|word| lexicon.is_ordinary(word))
}

fn only<T>(mut near: impl Iterator<Item = T>) -> Option<T> {
    let one = near.next()?;
    near.next().is_none().then_some(one)
}

/// Whether each word that was said is nearly one of the name's.
fn is_near(said: &str, name: &str) -> bool {
    let telling = |text: &str| -> Vec<String> {
        let words = words_of_name(text).into_iter();
        words
            .filter(|word| !GENERIC.contains(&word.as_str()))
            .collect()
    };
    let (said, name) = (telling(said), telling(name));
    let fits = |word: &String| name.iter().any(|other| is_alike(word, other));
    !said.is_empty() && said.iter().all(fits)
}

/// One letter apart, or two of a long name, or the beginning of it: "jon", "marya", "alex" for John, Maria, Alexandra.
fn is_alike(said: &str, name: &str) -> bool {
    let (short, long) = (
        said.chars().count().min(name.chars().count()),
        said.chars().count().max(name.chars().count()),
    );
    if short < 2 {
        return false;
    }
    let begins = short >= 3 && (name.starts_with(said) || said.starts_with(name));
    let most = match long {
        0..=2 => 0,
        3..=6 => 1,
        _ => 2,
    };
    let same_start = said.chars().next() == name.chars().next();
    let alike = said.chars().zip(name.chars()).take_while(|(a, b)| a == b);
    let stem = short >= 4 && alike.count() >= 3 && osa_distance(said, name) <= 2;
    begins || stem || (osa_distance(said, name) <= most && (same_start || long > 4))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_names_are_a_letter_apart_or_begin_alike() {
        let cases = [
            ("jon", "John Smith", true),
            ("Jon Smyth", "John Smith", true),
            ("mario", "Maria", true),
            ("annie", "Anna", true),
            ("alex", "Alexandra Demo", true),
            ("catherine", "Katherine", true),
            ("jane", "John Smith", false),
            ("bob", "Rob", false),
            ("jon miller", "John Smith", false),
            ("watr", "Demo City Water", true),
            ("demo", "Demo City Water", false),
            ("al", "Anna", false),
            ("", "Anna", false),
        ];
        for (said, name, near) in cases {
            assert_eq!(is_near(said, name), near, "{said} for {name}");
        }
    }
}
