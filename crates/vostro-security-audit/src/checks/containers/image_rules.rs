//! Rules over the instructions of a Dockerfile.

use std::sync::LazyLock;

use regex::Regex;

use super::dockerfile::{Instruction, read};
use super::{Seen, image_breach, is_secret};
use crate::project::{Project, file_name, folder};

static PIPED: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?:curl|wget)\b[^|;&]*\|\s*(?:sudo\s+(?:-\S+\s+)*)?(?:env\s+\S+\s+)?(?:ba|z|da|k)?sh\b|(?:curl|wget)\b[^|;&]*\|\s*(?:sudo\s+(?:-\S+\s+)*)?(?:python3?|perl|node)\b|\b(?:ba)?sh\s+(?:-c\s+)?[\x22']?(?:<\(|\$\()\s*(?:curl|wget)\b").ok()
});
static UNCHECKED: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"--no-check-certificate|--allow-unauthenticated|--trusted-host|--nogpgcheck|--allow-untrusted|--force-yes|NODE_TLS_REJECT_UNAUTHORIZED=0|http\.sslVerify[= ]false|strict-ssl[= ]false|GIT_SSL_NO_VERIFY=(?:1|true)|\bcurl\s+(?:\S+\s+)*?(?:-[a-zA-Z]*k\b|--insecure)").ok()
});
static WRITABLE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"\bchmod\s+(?:-\S+\s+)*(?:[0-7]?[0-7][0-7][2367]\b|(?:a|o|ugo)\+[rx]*w|\+w\b)").ok()
});
static SUDO: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"\b(?:apt-get|apt|apk|yum|dnf)\b.*\b(?:install|add)\b.*\bsudo\b|(?:^|[;&|]\s*)sudo\s",
    )
    .ok()
});
static INLINE: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r#"\b([A-Za-z_][A-Za-z0-9_]*)=("[^"]*"|'[^']*'|[^\s;&|]+)"#).ok());

fn hits(pattern: &LazyLock<Option<Regex>>, text: &str) -> Option<String> {
    let found = pattern.as_ref()?.find(text)?;
    Some(format!("`{}`", found.as_str().trim()))
}

/// What is wrong with a Dockerfile.
pub(super) fn breaches(path: &str, text: &str, project: &Project) -> Vec<Seen> {
    let instructions = read(text);
    let mut seen = Vec::new();
    let mut stages: Vec<String> = Vec::new();
    for instruction in &instructions {
        match instruction.name.as_str() {
            "FROM" => from(instruction, &mut stages, &mut seen),
            "ENV" | "ARG" => variables(instruction, &mut seen),
            "COPY" | "ADD" => copied(path, instruction, project, &mut seen),
            "RUN" => run(instruction, &mut seen),
            "EXPOSE" => exposed(instruction, &mut seen),
            _ => {}
        }
    }
    last_stage(&instructions, &mut seen);
    seen
}

fn from(instruction: &Instruction, stages: &mut Vec<String>, seen: &mut Vec<Seen>) {
    let words: Vec<&str> = instruction.words().collect();
    let image = words.first().copied().unwrap_or_default();
    let is_stage = stages.iter().any(|stage| stage.eq_ignore_ascii_case(image));
    if !is_stage && image != "scratch" {
        let breach = image_breach(image);
        seen.extend(breach.map(|(rule, what)| (rule, instruction.line, what)));
    }
    if let [_, word, name, ..] = words.as_slice()
        && word.eq_ignore_ascii_case("as")
    {
        stages.push((*name).to_owned());
    }
}

fn variables(instruction: &Instruction, seen: &mut Vec<Seen>) {
    let value = &instruction.value;
    let mut pairs: Vec<(&str, &str)> = INLINE
        .iter()
        .flat_map(|pattern| pattern.captures_iter(value))
        .filter_map(|found| Some((found.get(1)?.as_str(), found.get(2)?.as_str())))
        .collect();
    // The old form: `ENV NAME the value`.
    if pairs.is_empty() && instruction.name == "ENV" {
        pairs.extend(value.split_once(char::is_whitespace));
    }
    for (name, value) in pairs {
        if is_secret(name, value) {
            seen.push((
                "CON-004",
                instruction.line,
                format!("`{} {name}`", instruction.name),
            ));
        }
        if name == "NODE_TLS_REJECT_UNAUTHORIZED" && value.trim_matches('"') == "0" {
            seen.push(("CON-010", instruction.line, format!("`{name}`")));
        }
    }
}

fn copied(path: &str, instruction: &Instruction, project: &Project, seen: &mut Vec<Seen>) {
    let words: Vec<&str> = instruction.words().collect();
    let sources = words
        .split_last()
        .map_or(&[] as &[&str], |(_, sources)| sources);
    for source in sources {
        let at = |rule: &'static str| (rule, instruction.line, format!("`{source}`"));
        let remote = source.starts_with("http://") || source.starts_with("https://");
        if remote && instruction.name == "ADD" && instruction.flag("checksum").is_none() {
            seen.push(at("CON-006"));
        } else if instruction.flag("from").is_none() && is_secret_file(source) {
            seen.push(at("CON-005"));
        } else if instruction.flag("from").is_none()
            && [".", "./", "*", "./*"].contains(source)
            && !leaves_out_what_is_private(path, project)
        {
            seen.push(at("CON-008"));
        }
    }
    let open = instruction
        .flag("chmod")
        .is_some_and(|mode| mode.ends_with(['2', '3', '6', '7']));
    if open {
        seen.push(("CON-009", instruction.line, "`--chmod`".to_owned()));
    }
}

fn is_secret_file(source: &str) -> bool {
    let name = file_name(source.trim_end_matches('/'));
    let env = name == ".env"
        || (name.starts_with(".env.") && !crate::checks::environment::is_template(name));
    env || [
        ".netrc",
        ".npmrc",
        ".pypirc",
        ".pgpass",
        "id_rsa",
        "id_ed25519",
        ".ssh",
        ".aws",
        ".git-credentials",
        "kubeconfig",
    ]
    .contains(&name)
        || [".pem", ".key", ".p12", ".pfx", ".jks"]
            .iter()
            .any(|ending| name.ends_with(ending))
}

/// Whether a `.dockerignore` beside the Dockerfile, of it, or at the root leaves out `.git` and `.env`.
fn leaves_out_what_is_private(path: &str, project: &Project) -> bool {
    let own = format!("{path}.dockerignore");
    let beside = format!("{}.dockerignore", folder(path));
    let text = [own.as_str(), beside.as_str(), ".dockerignore"]
        .into_iter()
        .find_map(|file| project.text(file));
    let Some(text) = text else {
        return false;
    };
    let has = |names: &[&str]| {
        text.lines()
            .any(|line| names.contains(&line.trim().trim_start_matches("**/").trim_matches('/')))
    };
    has(&["*"]) || (has(&[".git", ".*"]) && has(&[".env", ".env*", ".env.*", ".*", "*.env"]))
}

fn run(instruction: &Instruction, seen: &mut Vec<Seen>) {
    let value = &instruction.value;
    let rules = [
        ("CON-007", &PIPED),
        ("CON-010", &UNCHECKED),
        ("CON-009", &WRITABLE),
        ("CON-013", &SUDO),
    ];
    for (rule, pattern) in rules {
        seen.extend(hits(pattern, value).map(|what| (rule, instruction.line, what)));
    }
    for found in INLINE
        .iter()
        .flat_map(|pattern| pattern.captures_iter(value))
    {
        if let (Some(name), Some(value)) = (found.get(1), found.get(2))
            && is_secret(name.as_str(), value.as_str())
        {
            seen.push((
                "CON-004",
                instruction.line,
                format!("`RUN … {}=`", name.as_str()),
            ));
        }
    }
}

fn exposed(instruction: &Instruction, seen: &mut Vec<Seen>) {
    for port in instruction.words() {
        if ["22", "23", "3389", "5900"].contains(&port.split('/').next().unwrap_or(port)) {
            seen.push(("CON-011", instruction.line, format!("`EXPOSE {port}`")));
        }
    }
}

/// Rules on the image that comes out: its user, and how to tell that it is well.
fn last_stage(instructions: &[Instruction], seen: &mut Vec<Seen>) {
    let Some(start) = instructions.iter().rposition(|it| it.name == "FROM") else {
        return;
    };
    let stage = instructions.get(start..).unwrap_or_default();
    let base = stage
        .first()
        .map(|it| it.value.as_str())
        .unwrap_or_default();
    let line = stage.first().map_or(0, |it| it.line);
    let user = stage.iter().rev().find(|it| it.name == "USER");
    let name = user.and_then(|it| it.value.split(':').next());
    match name {
        Some(name) if !["root", "0"].contains(&name) => {}
        Some(name) => {
            let line = user.map_or(line, |it| it.line);
            seen.push(("CON-001", line, format!("`USER {name}`")));
        }
        // Images that come with a user of their own say so in their tag.
        None if base.contains("nonroot") || base.contains("rootless") => {}
        None => seen.push(("CON-001", line, "no `USER`".to_owned())),
    }
    if !stage.iter().any(|it| it.name == "HEALTHCHECK") {
        seen.push(("CON-012", line, "no `HEALTHCHECK`".to_owned()));
    }
}
