//! What the report says: nothing that did not run counts as passed, the baseline ends, no secret is shown.

use std::path::Path;

use jiff::ToSpan as _;
use serde_json::Value;
use vostro_security_audit::{
    Accepted, Answer, Baseline, Check, Options, Outcome, Posture, Project, Report, Severity,
    Status, ToolError, Tools, audit, render,
};

use crate::world::{self, Fault, OnlyGit, TODAY};

fn audited(fault: &Fault, options: &Options, tools: &dyn Tools) -> Report {
    let folder = tempfile::tempdir().unwrap();
    world::plant(folder.path(), fault);
    let project = Project::read(folder.path(), &OnlyGit).unwrap();
    audit(&project, options, tools, TODAY)
}

#[test]
fn what_did_not_run_is_no_pass() {
    let report = audited(&Fault::none(), &Options::default(), &OnlyGit);
    assert_eq!(report.findings, []);
    let reason = |name: &str| {
        let part = report.parts.iter().find(|part| part.name == name).unwrap();
        match &part.outcome {
            Outcome::NotRun { reason } => reason.clone(),
            other => panic!("{name}: {other:?}"),
        }
    };
    assert!(reason("RustSec advisories").contains("no RustSec database"));
    assert!(reason("clippy").contains("--clippy"));
    assert!(reason("npm's advisories").contains("--online"));
    assert_eq!(reason("hadolint"), "hadolint is not installed");
    for (check, expected) in [
        (Check::Dependencies, Status::Incomplete),
        (Check::Secrets, Status::Incomplete),
        (Check::Containers, Status::Incomplete),
        (Check::Code, Status::Incomplete),
        (Check::Environment, Status::Passed),
        (Check::Permissions, Status::Passed),
    ] {
        assert_eq!(report.status(check, Severity::Low), expected, "{check:?}");
    }
    let page = render::markdown(&report, Severity::Low);
    assert!(page.contains(
        "- [ ] No known vulnerability in a dependency: nothing found, but parts did not run"
    ));
    assert!(page.contains("not run: no RustSec database"));
    assert!(page.contains("- [x] File permissions are tight"));
}

#[test]
fn a_package_of_tests_says_so_and_is_left_out() {
    let manifest = |more: &str| format!("[package]\nname = \"fake\"\n{more}");
    let panicking = "//! A.\npub fn f(a: Option<u8>) -> u8 { a.unwrap() }\n";
    let found = |more: &str| {
        let fault = Fault::new("a package")
            .file("fake/Cargo.toml", &manifest(more))
            .file("fake/src/lib.rs", panicking);
        world::told(&audited(&fault, &Options::default(), &OnlyGit))
    };
    assert_eq!(found(""), ["COD-004 fake/src/lib.rs:2"]);
    assert_eq!(
        found("[package.metadata.audit]\ntests-only = true\n"),
        Vec::<String>::new()
    );
}

#[test]
fn a_module_for_tests_is_left_out_and_its_neighbour_is_not() {
    let panicking = "//! A.\npub fn f(a: Option<u8>) -> u8 { a.unwrap() }\n";
    let root = "//! A.\n#[cfg(test)]\npub(crate) mod fakes;\nmod real;\n";
    let fault = Fault::new("two modules")
        .file("src/lib.rs", root)
        .file("src/fakes.rs", panicking)
        .file("src/fakes/more.rs", panicking)
        .file("src/real.rs", panicking);
    let report = audited(&fault, &Options::default(), &OnlyGit);
    assert_eq!(world::told(&report), ["COD-004 src/real.rs:2"]);
}

#[test]
fn what_is_merged_into_a_service_counts() {
    let compose = format!(
        "x-all: &all\n  image: a:1@{}\n  read_only: true\n  mem_limit: 1g\n  security_opt: [no-new-privileges:true]\nservices:\n  \
         a:\n    <<: *all\n  b:\n    <<: *all\n    privileged: true\n",
        world::digest()
    );
    let fault = Fault::new("merged").file("ops/compose.yaml", &compose);
    let report = audited(&fault, &Options::default(), &OnlyGit);
    assert_eq!(world::told(&report), ["CON-014 ops/compose.yaml:11"]);
}

#[test]
fn a_broken_database_is_not_run() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir_all(folder.path().join("crates/a")).unwrap();
    std::fs::write(
        folder.path().join("crates/a/RUSTSEC-2026-0001.md"),
        "nonsense",
    )
    .unwrap();
    let options = Options {
        advisory_dbs: vec![folder.path().to_owned()],
        ..Options::default()
    };
    let report = audited(&Fault::none(), &options, &OnlyGit);
    let told: Vec<_> = report
        .not_run_parts()
        .map(|(_, reason)| reason.to_owned())
        .collect();
    assert!(
        told.iter().any(|it| it.contains("cannot be read")),
        "{told:?}"
    );
}

#[test]
fn the_database_is_dated() {
    let report = world::audit(&Fault::none());
    let part = report
        .parts
        .iter()
        .find(|part| part.name == "RustSec advisories")
        .unwrap();
    let words = render::outcome(part);
    assert_eq!(
        words,
        "2 packages, 2 advisories, the newest of 2026-11-01 (21 days old)"
    );
}

fn accepting(report: &Report, until: jiff::civil::Date) -> Baseline {
    let accepted = report.findings.iter().map(|finding| Accepted {
        fingerprint: finding.fingerprint.clone(),
        rule: finding.rule.id.to_owned(),
        reason: "looked over".to_owned(),
        until,
    });
    Baseline {
        accepted: accepted.collect(),
    }
}

#[test]
fn what_was_accepted_counts_again_when_its_time_is_over() {
    let fault = Fault::new("two").file(
        "ops/Dockerfile",
        "FROM debian\nUSER 1\nHEALTHCHECK CMD true\n",
    );
    let found = audited(&fault, &Options::default(), &OnlyGit);
    assert_eq!(found.open_at(Severity::Medium), 1);
    let at = |until| {
        let options = Options {
            baseline: accepting(&found, until),
            ..Options::default()
        };
        audited(&fault, &options, &OnlyGit)
    };
    let accepted = at(TODAY);
    assert_eq!(
        (accepted.open_at(Severity::Info), accepted.findings.len()),
        (0, 1)
    );
    assert!(accepted.notes.is_empty());
    let over = at(TODAY - 1.day());
    assert_eq!(over.open_at(Severity::Medium), 1);
    assert!(
        over.notes[0].contains("which has passed"),
        "{:?}",
        over.notes
    );
    let stale = Options {
        baseline: accepting(&found, TODAY),
        ..Options::default()
    };
    let clean = audited(&Fault::none(), &stale, &OnlyGit);
    assert!(
        clean.notes[0].contains("was not found"),
        "{:?}",
        clean.notes
    );
}

#[test]
fn no_rendering_shows_a_secret() {
    let secret = format!("ghp_{}", "Ab3dEf6hIj9k".repeat(3));
    let fault = Fault::new("a token").file("notes.md", &format!("{secret}\n"));
    let report = audited(&fault, &Options::default(), &OnlyGit);
    assert_eq!(report.findings.len(), 1);
    let renderings = [
        render::markdown(&report, Severity::Low),
        render::json(&report, Severity::Low).to_string(),
        render::sarif(&report, "1.0.0").to_string(),
        format!("{report:?}"),
    ];
    for text in renderings {
        assert!(
            text.contains("SEC-003") && !text.contains(&secret),
            "{text}"
        );
    }
}

#[test]
fn sarif_has_what_the_standard_requires() {
    let fault = Fault::new("two files")
        .file("a b/Dockerfile", "FROM debian\nUSER root\n")
        .file("src/a.rs", "fn f() { unsafe { g() } }\n");
    let report = audited(&fault, &Options::default(), &OnlyGit);
    let sarif = render::sarif(&report, "0.1.0");
    assert_eq!(sarif["version"], "2.1.0");
    let run = &sarif["runs"][0];
    let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
    let results = run["results"].as_array().unwrap();
    assert_eq!(results.len(), report.findings.len());
    for result in results {
        let index = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
        assert_eq!(rules[index]["id"], result["ruleId"]);
        assert!(["note", "warning", "error"].contains(&result["level"].as_str().unwrap()));
        assert!(!result["message"]["text"].as_str().unwrap().is_empty());
        let place = &result["locations"][0]["physicalLocation"];
        let uri = place["artifactLocation"]["uri"].as_str().unwrap();
        assert!(!uri.contains(' ') && !uri.starts_with('/'), "{uri}");
        let line = &place["region"]["startLine"];
        assert!(*line == Value::Null || line.as_u64() >= Some(1));
    }
    let told = run["invocations"][0]["toolExecutionNotifications"]
        .as_array()
        .unwrap();
    assert_eq!(told.len(), report.not_run_parts().count());
}

#[test]
fn this_programs_own_settings_are_judged() {
    let posture = |authenticated, loopback, requests_per_minute, passed: &[&str]| Options {
        posture: Some(Posture {
            source: "vostro.toml".to_owned(),
            authenticated,
            loopback,
            requests_per_minute,
            passed_the_guardrails: passed.iter().map(|it| (*it).to_owned()).collect(),
        }),
        ..Options::default()
    };
    let cases: [(Options, &[&str]); 5] = [
        (posture(false, true, 100, &[]), &[]),
        (posture(true, false, 100, &[]), &[]),
        (posture(false, false, 100, &[]), &["ENV-010 vostro.toml"]),
        (
            posture(true, true, 1_000_000, &[]),
            &["ENV-011 vostro.toml"],
        ),
        (
            posture(true, true, 100, &["a threat"]),
            &["ENV-012 vostro.toml"],
        ),
    ];
    for (options, expected) in cases {
        let report = audited(&Fault::none(), &options, &OnlyGit);
        assert_eq!(world::told(&report), expected);
    }
}

/// Plays what other programs say.
struct Played;

impl Tools for Played {
    fn run(&self, folder: &Path, program: &str, arguments: &[&str]) -> Result<Answer, ToolError> {
        let said = |stdout: &str, stderr: &str| {
            Ok(Answer {
                success: true,
                stdout: stdout.as_bytes().to_vec(),
                stderr: stderr.as_bytes().to_vec(),
            })
        };
        match (program, arguments.first().copied()) {
            ("npm", _) => said(
                r#"{"vulnerabilities": {"sound": {"severity": "high", "range": "<2", "via": [{"title": "It leaks"}]}}}"#,
                "",
            ),
            ("pip-audit", _) => said(
                r#"{"dependencies": [{"name": "sound", "version": "1.0.0", "vulns": [{"id": "PYSEC-1", "fix_versions": ["2.0"]}]}]}"#,
                "",
            ),
            ("cargo", Some("update")) => said("", "    Updating sound v1.0.0 -> v1.1.0\n"),
            ("cargo", Some("clippy")) => said(
                r#"{"message": {"level": "warning", "message": "useless", "code": {"code": "clippy::x"}, "spans": [{"is_primary": true, "file_name": "src/lib.rs", "line_start": 4}]}}"#,
                "",
            ),
            ("bandit", _) => said(
                r#"{"results": [{"filename": "./app.py", "line_number": 4, "test_id": "B1", "issue_text": "x", "issue_severity": "LOW"}]}"#,
                "",
            ),
            ("gitleaks", _) => said(
                r#"[{"RuleID": "k", "File": "README.md", "StartLine": 1, "Fingerprint": "f"}]"#,
                "",
            ),
            ("hadolint", _) => said(
                r#"[{"file": "Dockerfile", "line": 3, "code": "DL1", "message": "x", "level": "warning"}]"#,
                "",
            ),
            ("trivy", _) => said("no JSON at all", "the database is gone"),
            _ => OnlyGit.run(folder, program, arguments),
        }
    }
}

#[test]
fn other_programs_are_asked_and_their_words_taken_up() {
    let options = Options {
        clippy: true,
        online: true,
        image: Some("app:1".to_owned()),
        ..Options::default()
    };
    let report = audited(&Fault::none(), &options, &Played);
    let expected = [
        "COD-001 src/lib.rs:4",
        "COD-015 app.py:4",
        "CON-022 Dockerfile:3",
        "DEP-001 requirements.txt:1",
        "DEP-001 web/package-lock.json:1",
        "DEP-010 Cargo.lock:9",
        "SEC-019 README.md:1",
    ];
    assert_eq!(world::told(&report), expected);
    let trivy = report
        .not_run_parts()
        .find(|(part, _)| part.name.contains("Trivy"));
    assert_eq!(
        trivy.unwrap().1,
        "trivy gave no report: the database is gone"
    );
}
