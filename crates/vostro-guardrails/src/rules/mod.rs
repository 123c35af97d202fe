//! Rules compiled together: one reading of the text, then only the rules that a word could start.

pub(crate) mod pattern;
pub(crate) mod words;

use crate::decode::Common;
use crate::verdict::{SafetyCategory, Severity, Technique};
use aho_corasick::AhoCorasick;
use pattern::Pattern;
use words::{Token, Vocabulary};

/// What a rule says when it matches.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Says {
    Safety(SafetyCategory, Severity),
    Injection(Technique),
    /// Reaches a human.
    Handoff,
    /// Out of scope.
    Topic,
}

/// A rule, ready to match.
#[derive(Debug)]
pub(crate) struct Rule {
    pub id: String,
    pub says: Says,
    pub score: f32,
    /// Only in texts that are data (documents, tool results).
    pub documents_only: bool,
    /// Not in documents: a bank's own guides speak of users and their data.
    pub messages_only: bool,
    /// A match counts only where the classifier does not find it harmless.
    pub agreed: bool,
    pub patterns: Vec<Pattern>,
    /// Patterns that take a match back when they stand close to it.
    pub except: Vec<Pattern>,
}

/// A match of a rule, in bytes of the text that was read.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Hit {
    pub rule: usize,
    pub start: usize,
    pub end: usize,
}

/// All rules of a policy.
#[derive(Debug)]
pub(crate) struct RuleSet {
    pub rules: Vec<Rule>,
    vocabulary: Vocabulary,
    /// For each word the patterns that start with it: rule, pattern.
    starts: Vec<Vec<(u16, u16)>>,
    literals: Option<AhoCorasick>,
    literal_rules: Vec<usize>,
    /// For each word whether it is a common one, and how spelled.
    spellings: Vec<u8>,
}

/// Matches reported of one text; a text that says it this often has said it.
const MAX_HITS: usize = 256;

/// How many words before a match an exception may start; half as many after it.
const EXCEPTION_WORDS: usize = 6;

impl RuleSet {
    pub(crate) fn new(
        rules: Vec<Rule>,
        mut vocabulary: Vocabulary,
        literals: Vec<(usize, String)>,
    ) -> Result<Self, String> {
        vocabulary.learn_common();
        let spellings: Vec<u8> = (0..=u16::MAX)
            .take(vocabulary.len())
            .map(|id| vocabulary.spelling(id))
            .collect();
        let mut starts = vec![Vec::new(); vocabulary.len()];
        for (r, rule) in rules.iter().enumerate() {
            for (p, pattern) in rule.patterns.iter().enumerate() {
                let key = (
                    u16::try_from(r).map_err(|e| e.to_string())?,
                    u16::try_from(p).map_err(|e| e.to_string())?,
                );
                for word in pattern.starts() {
                    if let Some(slot) = starts.get_mut(usize::from(*word))
                        && !slot.contains(&key)
                    {
                        slot.push(key);
                    }
                }
            }
        }
        let (literal_rules, texts): (Vec<usize>, Vec<String>) = literals.into_iter().unzip();
        let literals = if texts.is_empty() {
            None
        } else {
            Some(AhoCorasick::new(&texts).map_err(|e| e.to_string())?)
        };
        Ok(Self {
            rules,
            vocabulary,
            starts,
            literals,
            literal_rules,
            spellings,
        })
    }

    pub(crate) fn read(&self, folded: &str) -> Vec<Token> {
        self.vocabulary.read(folded)
    }

    /// How many tokens are common words, by spelling.
    pub(crate) fn common(&self, tokens: &[Token]) -> Common {
        let mut common = Common::default();
        for token in tokens {
            let flags = self
                .spellings
                .get(usize::from(token.word))
                .copied()
                .unwrap_or(0);
            common.plain += usize::from(flags & words::PLAIN != 0);
            common.rot13 += usize::from(flags & words::ROT13 != 0);
            common.reversed += usize::from(flags & words::REVERSED != 0);
        }
        common
    }

    /// Every match in a folded text, in order of its start; one per rule and place.
    pub(crate) fn find(&self, folded: &str, tokens: &[Token]) -> Vec<Hit> {
        let mut hits = Vec::new();
        for (at, token) in tokens.iter().enumerate() {
            if hits.len() >= MAX_HITS {
                break;
            }
            let Some(starts) = self.starts.get(usize::from(token.word)) else {
                continue;
            };
            for &(r, p) in starts {
                let rule = usize::from(r);
                let Some(end) = self.pattern(rule, p).and_then(|p| p.match_at(tokens, at)) else {
                    continue;
                };
                if self.excepted(rule, tokens, at, end) {
                    continue;
                }
                let stop = tokens.get(end - 1).map_or(token.end, |t| t.end);
                hits.push(Hit {
                    rule,
                    start: token.start,
                    end: stop,
                });
            }
        }
        if let Some(literals) = &self.literals {
            for found in literals.find_iter(folded).take(MAX_HITS) {
                if let Some(&rule) = self.literal_rules.get(found.pattern().as_usize()) {
                    hits.push(Hit {
                        rule,
                        start: found.start(),
                        end: found.end(),
                    });
                }
            }
        }
        hits.sort_by_key(|h| (h.start, h.rule));
        hits
    }

    fn pattern(&self, rule: usize, pattern: u16) -> Option<&Pattern> {
        self.rules.get(rule)?.patterns.get(usize::from(pattern))
    }

    fn excepted(&self, rule: usize, tokens: &[Token], start: usize, end: usize) -> bool {
        let Some(rule) = self.rules.get(rule) else {
            return false;
        };
        rule.except.iter().any(|except| {
            (start.saturating_sub(EXCEPTION_WORDS)..end + EXCEPTION_WORDS / 2)
                .any(|at| except.match_at(tokens, at).is_some())
        })
    }
}
