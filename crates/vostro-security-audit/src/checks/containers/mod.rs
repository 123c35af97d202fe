//! Images, compose files and Kubernetes manifests: own rules, and other scanners where they are installed.

mod compose;
mod dockerfile;
mod image_rules;
mod kubernetes;
mod scanners;
mod yaml;

use super::{Context, count};
use crate::finding::{Check, Finding, Place};
use crate::project::file_name;
use crate::report::Report;
use crate::rules::the;

const CON: Check = Check::Containers;

/// What a rule saw: the rule, the line from 0, what.
type Seen = (&'static str, usize, String);

pub(super) fn check(context: &Context<'_>, report: &mut Report) {
    let images: Vec<_> = context
        .project
        .texts()
        .filter(|(path, _)| is_dockerfile(path))
        .collect();
    for (path, text) in &images {
        let seen = image_rules::breaches(path, text, context.project);
        add(report, path, seen);
    }
    told(
        report,
        "own rules over Dockerfiles",
        images.len(),
        "Dockerfile",
    );
    let (mut composes, mut manifests) = (0, 0);
    for (path, text) in context
        .project
        .texts()
        .filter(|(path, _)| yaml::is_yaml(path))
    {
        for document in yaml::documents(text) {
            if compose::is_one(path, &document) {
                composes += 1;
                add(report, path, compose::breaches(text, &document));
            } else if kubernetes::is_one(&document) {
                manifests += 1;
                add(report, path, kubernetes::breaches(text, &document));
            }
        }
    }
    told(
        report,
        "own rules over compose files",
        composes,
        "compose file",
    );
    told(
        report,
        "own rules over Kubernetes manifests",
        manifests,
        "manifest",
    );
    scanners::check(context, &images, report);
}

fn is_dockerfile(path: &str) -> bool {
    let name = file_name(path);
    ["Dockerfile", "Containerfile"].iter().any(|kind| {
        name == *kind
            || name.starts_with(&format!("{kind}."))
            || name
                .to_ascii_lowercase()
                .ends_with(&format!(".{}", kind.to_ascii_lowercase()))
    }) && !name.ends_with(".dockerignore")
}

fn add(report: &mut Report, path: &str, seen: Vec<Seen>) {
    for (rule, line, what) in seen {
        report
            .findings
            .push(Finding::new(the(rule), Place::line(path, line), what));
    }
}

fn told(report: &mut Report, name: &'static str, number: usize, one: &str) {
    if number == 0 {
        report.nothing_there(CON, name, one);
    } else {
        report.ran(CON, name, count(number, one));
    }
}

/// What is wrong with a reference to an image that is pulled.
fn image_breach(image: &str) -> Option<(&'static str, String)> {
    if image.contains("@sha256:") || image.contains('$') {
        return None;
    }
    let last = image.rsplit('/').next().unwrap_or(image);
    let what = format!("`{image}`");
    match last.split_once(':') {
        None | Some((_, "latest")) => Some(("CON-003", what)),
        Some(_) => Some(("CON-002", what)),
    }
}

/// Whether a variable of this name with this value is a secret that is written down.
fn is_secret(name: &str, value: &str) -> bool {
    const NAMES: [&str; 9] = [
        "PASSWORD",
        "PASSWD",
        "SECRET",
        "TOKEN",
        "API_KEY",
        "APIKEY",
        "PRIVATE_KEY",
        "ACCESS_KEY",
        "CREDENTIAL",
    ];
    let name = name.to_ascii_uppercase();
    let of_file = ["_FILE", "_PATH", "_URL", "_NAME", "_TTL", "_ID"]
        .iter()
        .any(|end| name.ends_with(end));
    let value = value.trim_matches(['"', '\'']);
    NAMES.iter().any(|word| name.contains(word))
        && !of_file
        && !value.is_empty()
        && !value.contains('$')
        && !value.starts_with(['/', '<'])
        && !["true", "false", "null", "~"].contains(&value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn images_are_judged_by_their_version() {
        let digest = format!("debian:12@sha256:{}", "a".repeat(64));
        let cases = [
            ("debian", Some("CON-003")),
            ("debian:latest", Some("CON-003")),
            ("registry:5000/debian", Some("CON-003")),
            ("debian:12", Some("CON-002")),
            ("registry:5000/team/debian:12", Some("CON-002")),
            (&digest, None),
            ("${BASE}", None),
        ];
        for (image, expected) in cases {
            assert_eq!(image_breach(image).map(|it| it.0), expected, "{image}");
        }
    }

    #[test]
    fn dockerfiles_are_known_by_their_names() {
        let cases = [
            ("Dockerfile", true),
            ("deploy/Dockerfile.prod", true),
            ("deploy/api.Dockerfile", true),
            ("Containerfile", true),
            ("Dockerfile.dockerignore", false),
            ("docs/Dockerfiles.md", false),
        ];
        for (path, expected) in cases {
            assert_eq!(is_dockerfile(path), expected, "{path}");
        }
    }
}
