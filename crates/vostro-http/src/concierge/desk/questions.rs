//! Questions that got no answer, put together where they ask for much the same. Pure.
//!
//! Two questions are alike when they share at least half of their telling words. Each joins the first group
//! whose first question it is like, so the same questions give the same groups. Words that tell nothing in
//! English or Spanish do not count; word endings are cut, not analysed.

use std::collections::BTreeSet;

/// Words of fewer letters tell nothing.
const SHORTEST: usize = 3;
/// This many letters of a word count: enough to tell words, few enough to bridge their endings.
const STEM: usize = 6;

#[rustfmt::skip]
const TELL_NOTHING: &[&str] = &[
    "about", "and", "any", "are", "can", "could", "did", "does", "for", "from", "get", "have", "how", "into", "need",
    "please", "should", "tell", "that", "the", "there", "this", "want", "was", "what", "when", "where", "which", "who",
    "why", "will", "with", "would", "you", "your",
    "algo", "como", "cómo", "con", "cuál", "cuándo", "cuánto", "del", "dónde", "esta", "este", "favor", "las", "los",
    "mis", "para", "por", "puede", "puedo", "que", "qué", "quiero", "una", "uno",
];

/// Questions that ask for much the same: the places of the given ones, the first of them first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Group {
    words: BTreeSet<String>,
    /// Which of the given questions.
    pub(super) members: Vec<usize>,
}

/// Groups, the largest first; of equal ones, the one that began first.
pub(super) fn group<'a>(questions: impl IntoIterator<Item = &'a str>) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    for (place, question) in questions.into_iter().enumerate() {
        let words = telling(question);
        match groups.iter_mut().find(|group| alike(&group.words, &words)) {
            Some(group) => group.members.push(place),
            None => groups.push(Group {
                words,
                members: vec![place],
            }),
        }
    }
    groups.sort_by_key(|group| std::cmp::Reverse(group.members.len()));
    groups
}

/// At least half of the words of both together are words of each.
fn alike(one: &BTreeSet<String>, other: &BTreeSet<String>) -> bool {
    let shared = one.intersection(other).count();
    let all = one.union(other).count();
    shared * 2 >= all
}

fn telling(question: &str) -> BTreeSet<String> {
    question
        .split(|c: char| !c.is_alphanumeric())
        .map(str::to_lowercase)
        .filter(|word| word.chars().count() >= SHORTEST && !TELL_NOTHING.contains(&word.as_str()))
        .map(|word| word.chars().take(STEM).collect())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn members(questions: &[&str]) -> Vec<Vec<usize>> {
        let groups = group(questions.iter().copied());
        groups.into_iter().map(|group| group.members).collect()
    }

    #[test]
    fn questions_of_the_same_words_are_one_group() {
        let questions = [
            "Do you sell gold coins?",
            "Can I rent a safe deposit box?",
            "how do I rent safe deposit boxes",
            "I want a safe deposit box!!",
            "¿Puedo comprar oro?",
            "gold coin selling",
        ];
        assert_eq!(
            members(&questions),
            [vec![1, 2, 3], vec![0], vec![4], vec![5]]
        );
    }

    #[test]
    fn nothing_and_no_words_are_groups_too() {
        assert_eq!(members(&[]), Vec::<Vec<usize>>::new());
        assert_eq!(members(&["???", "", "what?"]), [vec![0, 1, 2]]);
        let huge = "wort ".repeat(50_000);
        assert_eq!(members(&[&huge, "wort"]), [vec![0, 1]]);
    }
}
