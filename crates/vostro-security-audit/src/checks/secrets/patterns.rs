//! Providers' own formats of secrets. Each is narrow enough to stand for itself, without a name beside it.

use std::sync::LazyLock;

use regex::{Regex, RegexSet};

/// A format: the rule, what to call it, its pattern. The pattern's first group, or else all of it, is the secret.
pub(super) struct Format {
    pub(super) rule: &'static str,
    pub(super) name: &'static str,
    pattern: &'static str,
}

const fn format(rule: &'static str, name: &'static str, pattern: &'static str) -> Format {
    Format {
        rule,
        name,
        pattern,
    }
}

#[rustfmt::skip]
pub(super) const FORMATS: &[Format] = &[
    format("SEC-001", "an age key", r"\bAGE-SECRET-KEY-1[0-9A-Z]{58}\b"),
    format("SEC-001", "a PuTTY key", r"^PuTTY-User-Key-File-[23]: \S+"),
    format("SEC-002", "an access key id", r"\b(?:AKIA|ASIA|ABIA|ACCA)[A-Z2-7]{16}\b"),
    format("SEC-002", "a secret access key", r#"(?i)\baws_?secret_?(?:access_?)?key(?:_id)?["']?\s*(?:=|:|=>)\s*["']?([A-Za-z0-9/+]{40})\b"#),
    format("SEC-003", "a token", r"\bgh[opsur]_[A-Za-z0-9]{36,255}\b"),
    format("SEC-003", "a fine-grained token", r"\bgithub_pat_[A-Za-z0-9_]{82}\b"),
    format("SEC-004", "a token", r"\bgl(?:pat|dt|rt|cbt|ptt|ft|imt|agent|oas|soat)-[A-Za-z0-9_-]{20,}"),
    format("SEC-005", "a token", r"\bxox[abeoprs]-[A-Za-z0-9-]{10,}"),
    format("SEC-005", "an app token", r"\bxapp-[0-9]-[A-Z0-9]{8,}-[0-9]{8,}-[a-z0-9]{32,}"),
    format("SEC-005", "a webhook", r"hooks\.slack\.com/(?:services|workflows)/[A-Za-z0-9+/]{40,}"),
    format("SEC-006", "a Stripe key", r"\b[sr]k_live_[A-Za-z0-9]{16,}\b"),
    format("SEC-006", "a Square token", r"\bsq0(?:atp|csp)-[A-Za-z0-9_-]{22,}"),
    format("SEC-006", "a Braintree token", r"\baccess_token\$production\$[0-9a-z]{16}\$[0-9a-f]{32}\b"),
    format("SEC-007", "an API key", r"\bAIza[A-Za-z0-9_-]{35}"),
    format("SEC-007", "a client secret", r"\bGOCSPX-[A-Za-z0-9_-]{28}"),
    format("SEC-007", "an OAuth token", r"\bya29\.[A-Za-z0-9_-]{30,}"),
    format("SEC-008", "an Anthropic key", r"\bsk-ant-[A-Za-z0-9_-]{32,}"),
    format("SEC-008", "an OpenAI key", r"\bsk-(?:proj-|svcacct-|admin-)[A-Za-z0-9_-]{40,}|\bsk-[A-Za-z0-9]{20}T3BlbkFJ[A-Za-z0-9]{20}"),
    format("SEC-008", "a Hugging Face token", r"\bhf_[A-Za-z]{34}\b"),
    format("SEC-008", "a Groq key", r"\bgsk_[A-Za-z0-9]{52}\b"),
    format("SEC-008", "a Replicate token", r"\br8_[A-Za-z0-9]{37}\b"),
    format("SEC-008", "a Together key", r"\btgp_v1_[A-Za-z0-9_-]{40,}"),
    format("SEC-009", "an npm token", r"\bnpm_[A-Za-z0-9]{36}\b"),
    format("SEC-009", "a PyPI token", r"\bpypi-AgE[A-Za-z0-9_-]{60,}"),
    format("SEC-009", "a crates.io token", r"\bcio[A-Za-z0-9]{32}\b"),
    format("SEC-009", "a RubyGems key", r"\brubygems_[0-9a-f]{48}\b"),
    format("SEC-009", "a Docker Hub token", r"\bdckr_[op]at_[A-Za-z0-9_-]{27,}"),
    format("SEC-010", "a token", r"\beyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{20,}"),
    format("SEC-011", "a password", r#"\b[a-z][a-z0-9+.-]*://[^\s:@/'"<>{}$\\]+:([^\s:@/'"<>{}$\\]{3,})@[A-Za-z0-9\[]"#),
    format("SEC-014", "a SendGrid key", r"\bSG\.[A-Za-z0-9_-]{22}\.[A-Za-z0-9_-]{43}"),
    format("SEC-014", "a Twilio key", r"\bSK[0-9a-f]{32}\b"),
    format("SEC-014", "a Mailgun key", r"\bkey-[0-9a-f]{32}\b"),
    format("SEC-014", "a Discord webhook", r"discord(?:app)?\.com/api/webhooks/[0-9]{17,20}/[A-Za-z0-9_-]{60,}"),
    format("SEC-014", "a Telegram bot's token", r"\b[0-9]{8,10}:AA[A-Za-z0-9_-]{33}\b"),
    format("SEC-015", "an account key", r"\bAccountKey=([A-Za-z0-9+/]{86}==)"),
    format("SEC-016", "a token", r"\bhv[sbr]\.[A-Za-z0-9_-]{24,}"),
    format("SEC-017", "a DigitalOcean token", r"\bdo[opr]_v1_[0-9a-f]{64}\b"),
    format("SEC-017", "a Heroku key", r"\bHRKU-[A-Za-z0-9_-]{36,}"),
    format("SEC-017", "a Cloudflare key", r"\bv1\.0-[0-9a-f]{24}-[0-9a-f]{146}\b"),
];

/// The formats as one set, and one by one.
pub(super) struct Compiled {
    pub(super) set: RegexSet,
    pub(super) each: Vec<Regex>,
}

/// Patterns are constants; a test compiles them all. One that would not compile finds nothing.
pub(super) static COMPILED: LazyLock<Compiled> = LazyLock::new(|| Compiled {
    set: RegexSet::new(FORMATS.iter().map(|format| format.pattern)).unwrap_or_default(),
    each: FORMATS
        .iter()
        .filter_map(|format| Regex::new(format.pattern).ok())
        .collect(),
});

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_patterns_compile() {
        assert_eq!(COMPILED.set.len(), FORMATS.len());
        assert_eq!(COMPILED.each.len(), FORMATS.len());
    }
}
