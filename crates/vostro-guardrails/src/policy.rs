//! Policy files: rules, word lists and settings as data, each rule beside the cases that prove it.
//!
//! A file is refused as a whole, with its name, line and reason: an unknown key, a bad pattern, a
//! case that its rule does not meet. The built-in policy is read the same way. See
//! `docs/guardrails.md` for the format.

use crate::pii::MaskStyle;
use crate::rules::pattern::{Lists, Pattern};
use crate::rules::words::Vocabulary;
use crate::rules::{Rule, RuleSet, Says};
use crate::text::Text;
use crate::verdict::{PiiScope, SafetyCategory, Severity, Technique};
use serde::Deserialize;
use toml::Spanned;

/// Why a policy file was refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{file}:{line}: {reason}")]
pub struct PolicyError {
    /// The file's name as given.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// What is wrong.
    pub reason: String,
}

/// Settings that a policy may change.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Settings {
    pub mask: MaskStyle,
    pub pii: PiiScope,
    /// From this severity on a text is unsafe and blocked.
    pub unsafe_from: Severity,
    /// From this score on a text is an injection.
    pub injection: f32,
    /// The same for documents, which hold data only.
    pub injection_in_documents: f32,
    /// From this score of the classifier on a rule that asks for its agreement counts.
    pub agreement: f32,
    /// From this score on the safety classifier reports.
    pub safety: f32,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            mask: MaskStyle::Full,
            pii: PiiScope::Identifying,
            unsafe_from: Severity::Medium,
            injection: 0.5,
            injection_in_documents: 0.5,
            agreement: 0.1,
            safety: 0.5,
        }
    }
}

/// A compiled policy.
#[derive(Debug)]
pub(crate) struct Policy {
    pub settings: Settings,
    pub rules: RuleSet,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    settings: Option<SettingsSection>,
    #[serde(default)]
    words: Lists,
    #[serde(default)]
    rule: Vec<RuleSection>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SettingsSection {
    mask: Option<Spanned<String>>,
    pii: Option<PiiScope>,
    unsafe_from: Option<Severity>,
    injection: Option<f32>,
    injection_in_documents: Option<f32>,
    agreement: Option<f32>,
    safety: Option<f32>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RuleSection {
    id: Spanned<String>,
    kind: Kind,
    category: Option<SafetyCategory>,
    severity: Option<Severity>,
    technique: Option<Technique>,
    score: Option<f32>,
    #[serde(default)]
    documents_only: bool,
    #[serde(default)]
    messages_only: bool,
    #[serde(default)]
    agreed: bool,
    #[serde(default)]
    any: Vec<Spanned<String>>,
    #[serde(default)]
    except: Vec<Spanned<String>>,
    #[serde(default)]
    literal: Vec<Spanned<String>>,
    #[serde(default)]
    hit: Vec<Spanned<String>>,
    #[serde(default)]
    miss: Vec<Spanned<String>>,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Kind {
    Safety,
    Injection,
    Handoff,
    Topic,
}

/// A file's name and text, to say where something stands.
#[derive(Clone, Copy)]
struct Place<'a> {
    file: &'a str,
    text: &'a str,
}

impl Place<'_> {
    fn error(&self, at: usize, reason: impl Into<String>) -> PolicyError {
        let before = self.text.get(..at).unwrap_or(self.text);
        PolicyError {
            file: self.file.to_owned(),
            line: before.matches('\n').count() + 1,
            reason: reason.into(),
        }
    }
}

/// A case of a rule: where it stands, its text and whether the rule is to match.
struct Case<'a> {
    place: Place<'a>,
    at: usize,
    rule: usize,
    text: String,
    hit: bool,
}

impl Policy {
    /// Reads files in order; later settings and word lists replace earlier ones, rules add up.
    pub(crate) fn read(files: &[(String, String)]) -> Result<Self, PolicyError> {
        let (policy, failed) = Self::read_and_prove(files)?;
        failed.into_iter().next().map_or(Ok(policy), Err)
    }

    /// Reads files and lists every case that its rule does not meet.
    fn read_and_prove(files: &[(String, String)]) -> Result<(Self, Vec<PolicyError>), PolicyError> {
        let mut settings = Settings::default();
        let mut lists = Lists::new();
        let mut sections = Vec::new();
        for (name, text) in files {
            let place = Place { file: name, text };
            let file: File = toml::from_str(text)
                .map_err(|e| place.error(e.span().map_or(0, |s| s.start), e.message()))?;
            if let Some(section) = file.settings {
                section.apply(&mut settings, place)?;
            }
            lists.extend(file.words);
            sections.extend(file.rule.into_iter().map(|r| (place, r)));
        }
        Self::compile(settings, &lists, sections, files)
    }

    fn compile(
        settings: Settings,
        lists: &Lists,
        sections: Vec<(Place<'_>, RuleSection)>,
        files: &[(String, String)],
    ) -> Result<(Self, Vec<PolicyError>), PolicyError> {
        let mut vocabulary = Vocabulary::default();
        let (mut rules, mut literals, mut cases) = (Vec::new(), Vec::new(), Vec::new());
        for (place, section) in sections {
            let index = rules.len();
            if rules.iter().any(|r: &Rule| r.id == *section.id.get_ref()) {
                return Err(place.error(
                    section.id.span().start,
                    format!("rule `{}` is there twice", section.id.get_ref()),
                ));
            }
            for literal in &section.literal {
                literals.push((index, Text::new(literal.get_ref()).folded.text.into_owned()));
            }
            for (texts, hit) in [(&section.hit, true), (&section.miss, false)] {
                cases.extend(texts.iter().map(|t| Case {
                    place,
                    at: t.span().start,
                    rule: index,
                    text: t.get_ref().clone(),
                    hit,
                }));
            }
            rules.push(section.compile(place, lists, &mut vocabulary)?);
        }
        let rules = RuleSet::new(rules, vocabulary, literals).map_err(|reason| PolicyError {
            file: files.last().map_or_else(String::new, |f| f.0.clone()),
            line: 1,
            reason,
        })?;
        let failed = cases
            .iter()
            .filter_map(|case| case.prove(&rules).err())
            .collect();
        Ok((Self { settings, rules }, failed))
    }
}

impl Case<'_> {
    fn prove(&self, rules: &RuleSet) -> Result<(), PolicyError> {
        let text = Text::new(&self.text);
        let tokens = rules.read(&text.folded.text);
        let found = rules
            .find(&text.folded.text, &tokens)
            .iter()
            .any(|h| h.rule == self.rule);
        let id = rules.rules.get(self.rule).map_or("", |r| r.id.as_str());
        match (found, self.hit) {
            (false, true) => Err(self.place.error(
                self.at,
                format!("rule `{id}` does not match its case {:?}", self.text),
            )),
            (true, false) => Err(self.place.error(
                self.at,
                format!(
                    "rule `{id}` matches a case that it must not: {:?}",
                    self.text
                ),
            )),
            _ => Ok(()),
        }
    }
}

impl SettingsSection {
    fn apply(self, settings: &mut Settings, place: Place<'_>) -> Result<(), PolicyError> {
        if let Some(mask) = self.mask {
            settings.mask = match mask.get_ref().as_str() {
                "full" => MaskStyle::Full,
                "last_four" => MaskStyle::LastFour,
                other => {
                    return Err(place.error(
                        mask.span().start,
                        format!("mask `{other}`: `full` or `last_four`"),
                    ));
                }
            };
        }
        settings.pii = self.pii.unwrap_or(settings.pii);
        settings.unsafe_from = self.unsafe_from.unwrap_or(settings.unsafe_from);
        settings.injection = self.injection.unwrap_or(settings.injection);
        settings.injection_in_documents = self
            .injection_in_documents
            .unwrap_or(settings.injection_in_documents);
        settings.agreement = self.agreement.unwrap_or(settings.agreement);
        settings.safety = self.safety.unwrap_or(settings.safety);
        Ok(())
    }
}

impl RuleSection {
    fn compile(
        self,
        place: Place<'_>,
        lists: &Lists,
        vocabulary: &mut Vocabulary,
    ) -> Result<Rule, PolicyError> {
        let at = self.id.span().start;
        let missing =
            |what: &str| place.error(at, format!("rule `{}` needs `{what}`", self.id.get_ref()));
        let says = match self.kind {
            Kind::Safety => Says::Safety(
                self.category.ok_or_else(|| missing("category"))?,
                self.severity.ok_or_else(|| missing("severity"))?,
            ),
            Kind::Injection => Says::Injection(self.technique.ok_or_else(|| missing("technique"))?),
            Kind::Handoff => Says::Handoff,
            Kind::Topic => Says::Topic,
        };
        if self.hit.is_empty() {
            return Err(missing("hit"));
        }
        let mut parse = |lines: &[Spanned<String>]| {
            lines
                .iter()
                .map(|line| {
                    Pattern::parse(line.get_ref(), lists, vocabulary)
                        .map_err(|e| place.error(line.span().start, e))
                })
                .collect::<Result<Vec<_>, _>>()
        };
        Ok(Rule {
            patterns: parse(&self.any)?,
            except: parse(&self.except)?,
            id: self.id.into_inner(),
            says,
            score: self.score.unwrap_or(0.9),
            documents_only: self.documents_only,
            messages_only: self.messages_only,
            agreed: self.agreed,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Policy, PolicyError> {
        Policy::read(&[("bank.toml".to_owned(), text.to_owned())])
    }

    #[test]
    fn bad_files_are_refused_with_line_and_reason() {
        for (text, line, reason) in [
            ("[settings]\nmask = 'half'\n", 2, "mask `half`"),
            ("[settings]\nmaks = 'full'\n", 2, "maks"),
            (
                "\n\n[[rule]]\nid = 'a'\nkind = 'topic'\nany = ['x']\n",
                4,
                "needs `hit`",
            ),
            (
                "[[rule]]\nid = 'a'\nkind = 'topic'\nany = ['{nope}']\nhit = ['x']\n",
                4,
                "unknown word list",
            ),
            (
                "[[rule]]\nid = 'a'\nkind = 'topic'\nany = ['x y']\nhit = ['x y',\n 'y x']\n",
                6,
                "does not match",
            ),
            (
                "[[rule]]\nid = 'a'\nkind = 'topic'\nany = ['x']\nhit = ['x']\nmiss = ['an x']\n",
                6,
                "must not",
            ),
            (
                "[[rule]]\nid = 'a'\nkind = 'safety'\nany = ['x']\nhit = ['x']\n",
                2,
                "needs `category`",
            ),
            ("[[rule]\n", 1, ""),
        ] {
            let error = read(text).map(|_| ()).unwrap_err();
            assert_eq!(error.line, line, "{text} {error}");
            assert!(error.reason.contains(reason), "{text} {error}");
        }
    }

    #[test]
    fn every_built_in_rule_meets_its_cases() {
        let files = crate::engine::BUILTIN.map(|(n, t)| (n.to_owned(), t.to_owned()));
        let (_, failed) = Policy::read_and_prove(&files).unwrap();
        let lines: Vec<String> = failed.iter().map(ToString::to_string).collect();
        assert!(lines.is_empty(), "{}", lines.join("\n"));
    }

    #[test]
    fn later_files_win_and_rules_add_up() {
        let rule = |id: &str| {
            format!("[[rule]]\nid = '{id}'\nkind = 'topic'\nany = ['{{w}}']\nhit = ['zebra']\n")
        };
        let files = [
            (
                "a".to_owned(),
                format!("[words]\nw = ['horse']\n{}", rule("one")),
            ),
            (
                "b".to_owned(),
                format!(
                    "[settings]\nmask = 'last_four'\n[words]\nw = ['zebra']\n{}",
                    rule("two")
                ),
            ),
        ];
        let policy = Policy::read(&files).unwrap();
        assert_eq!(policy.rules.rules.len(), 2);
        assert_eq!(policy.settings.mask, MaskStyle::LastFour);
    }
}
