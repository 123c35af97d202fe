//! `[step_up]`: when a second factor is asked for, and what it is checked with.

use std::path::PathBuf;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use vostro_bank::FactorRules;
use vostro_dialogue::StepUpPolicy;
use vostro_types::{Currency, Money};

use super::Problem;

/// When a second factor is asked for, and what it is checked with. Nothing is asked for by default; a customer
/// who has no second factor cannot do here what needs one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct StepUp {
    /// Movements of more than this need one, in `bank.currency`. Empty for none.
    pub above: String,
    /// Movements to others need one with which more than this leaves a customer's accounts in one day, in
    /// `bank.currency`. Empty for none.
    pub per_day: String,
    /// Movements to others of more than this are left to a person, in `bank.currency`: nothing is proposed, and
    /// the conversation is put in the queue. Empty for none.
    pub person_above: String,
    /// Movements to an account number that is not saved need one.
    pub new_payee: bool,
    /// Saving a payee and changing a contact detail need one; an account's whole number is not shown.
    pub sensitive: bool,
    /// The file with the key that seals the secrets of one-time codes: 64 hexadecimal digits, readable to its
    /// owner alone. Without it there are no codes.
    pub key_file: Option<PathBuf>,
    /// The file with the key of the bank's own identity provider, which approves for customers without codes:
    /// an ed25519 public key in PEM, or a shared secret of at least 64 hexadecimal digits.
    pub provider_key_file: Option<PathBuf>,
    /// After so many wrong factors in a row none is accepted for a while.
    #[schemars(range(min = 1, max = 100))]
    pub most_failures: u32,
    /// For how many minutes.
    #[schemars(range(min = 1, max = 1_440))]
    pub block_minutes: u32,
}

impl Default for StepUp {
    fn default() -> Self {
        Self {
            above: String::new(),
            per_day: String::new(),
            person_above: String::new(),
            new_payee: false,
            sensitive: false,
            key_file: None,
            provider_key_file: None,
            most_failures: 5,
            block_minutes: 15,
        }
    }
}

/// What administrators may say of a running bank's policy: when a factor is asked for, not with what it is checked.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Change {
    above: Option<String>,
    per_day: Option<String>,
    person_above: Option<String>,
    new_payee: Option<bool>,
    sensitive: Option<bool>,
}

/// The rules.
pub(crate) struct StepUpRules {
    /// When one is asked for.
    pub policy: StepUpPolicy,
    /// How often somebody may be wrong.
    pub rules: FactorRules,
}

impl StepUp {
    /// The rules, or everything that is wrong with them.
    pub(crate) fn rules(&self, currency: &str) -> Result<StepUpRules, Vec<Problem>> {
        let mut problems = Vec::new();
        // A currency that there is not is the bank section's problem.
        let currency = Currency::from_code(currency);
        let mut amount = |key, text: &str| {
            let text = text.trim();
            let currency = currency.filter(|_| !text.is_empty())?;
            let money = Money::parse_decimal(text, currency).ok();
            let money = money.filter(|money| money.minor >= 0);
            if money.is_none() {
                problems.push(Problem::new(
                    key,
                    format!("`{text}` is no amount; allowed: zero or more, such as `500.00`"),
                ));
            }
            money
        };
        let policy = StepUpPolicy {
            above: amount("step_up.above", &self.above),
            per_day: amount("step_up.per_day", &self.per_day),
            person_above: amount("step_up.person_above", &self.person_above),
            new_payee: self.new_payee,
            sensitive: self.sensitive,
        };
        if !problems.is_empty() {
            return Err(problems);
        }
        Ok(StepUpRules {
            policy,
            rules: FactorRules {
                most_failures: self.most_failures,
                block: jiff::SignedDuration::from_mins(i64::from(self.block_minutes)),
            },
        })
    }

    /// The policy with what an administrator said of it laid over these settings: TOML with `above`, `per_day`,
    /// `person_above`, `new_payee` and `sensitive`, each of which may be left out. Else what is wrong, with its line.
    pub(crate) fn changed(&self, content: &str, currency: &str) -> Result<StepUpPolicy, String> {
        let said: Change = toml::from_str(content).map_err(|error| {
            let before = error.span().map_or("", |span| &content[..span.start]);
            let line = before.matches('\n').count() + 1;
            format!("line {line}: {}", error.message())
        })?;
        let changed = Self {
            above: said.above.unwrap_or_else(|| self.above.clone()),
            per_day: said.per_day.unwrap_or_else(|| self.per_day.clone()),
            person_above: said
                .person_above
                .unwrap_or_else(|| self.person_above.clone()),
            new_payee: said.new_payee.unwrap_or(self.new_payee),
            sensitive: said.sensitive.unwrap_or(self.sensitive),
            ..self.clone()
        };
        let mut problems = Vec::new();
        changed.validate(currency, &mut problems);
        if let Some(problem) = problems.first() {
            let key = problem.key.strip_prefix("step_up.").unwrap_or(&problem.key);
            let is_it = |line: &str| line.trim_start().starts_with(key);
            let place = match content.lines().position(is_it) {
                Some(above) => format!("line {}: `{key}`", above + 1),
                None => format!("`{}`", problem.key),
            };
            return Err(format!("{place} {}", problem.reason));
        }
        match changed.rules(currency) {
            Ok(rules) => Ok(rules.policy),
            Err(_) => Err("the amounts cannot be read".to_owned()),
        }
    }

    /// Amounts must be real, and what is asked for must be possible to give.
    pub(super) fn validate(&self, currency: &str, problems: &mut Vec<Problem>) {
        match self.rules(currency) {
            Err(found) => problems.extend(found),
            Ok(it) => {
                let possible = self.key_file.is_some() || self.provider_key_file.is_some();
                if it.policy.is_active() && !possible {
                    problems.push(Problem::new(
                        "step_up.key_file",
                        "is missing, and so is `step_up.provider_key_file`: a second factor is asked for \
                         that nobody can give",
                    ));
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files() -> StepUp {
        StepUp {
            per_day: "1000.00".to_owned(),
            key_file: Some("/etc/vostro/factor.key".into()),
            ..StepUp::default()
        }
    }

    #[test]
    fn what_an_administrator_says_is_laid_over_the_files() {
        let usd = |minor| Some(Money::new(minor, Currency::USD));
        let policy = files().changed(
            "above = \"500.00\"\nperson_above = \"3000.00\"\nsensitive = true\n",
            "USD",
        );
        let expected = StepUpPolicy {
            above: usd(50_000),
            per_day: usd(100_000),
            person_above: usd(300_000),
            new_payee: false,
            sensitive: true,
        };
        assert_eq!(policy, Ok(expected));
        let none = files().changed("per_day = ''", "USD").unwrap();
        assert!(!none.is_active());
        assert_eq!(files().changed("", "USD").unwrap().per_day, usd(100_000));
    }

    #[test]
    fn a_bad_one_is_refused_with_line_and_reason() {
        for (content, line, reason) in [
            ("# more\nabove = 500\n", "line 2", "invalid type"),
            (
                "new_payee = true\nabove = \"lots\"\n",
                "line 2",
                "is no amount",
            ),
            ("per_day = \"-1\"\n", "line 1", "is no amount"),
            ("\n\nabvoe = \"1.00\"\n", "line 3", "unknown field"),
            ("most_failures = 100\n", "line 1", "unknown field"),
            ("above\n", "line 1", ""),
        ] {
            let said = files().changed(content, "USD").unwrap_err();
            assert!(
                said.starts_with(line) && said.contains(reason),
                "{content}: {said}"
            );
        }
        let nobody = StepUp::default()
            .changed("new_payee = true", "USD")
            .unwrap_err();
        assert!(nobody.contains("nobody can give"), "{nobody}");
    }
}
