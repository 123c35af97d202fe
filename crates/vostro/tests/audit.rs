//! `vostro audit` from outside: exit codes, files, the baseline, and the wrappers that pipelines call.

#![allow(
    clippy::unwrap_used,
    reason = "clippy.toml allows it in test functions, not in their helpers"
)]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn vostro() -> PathBuf {
    PathBuf::from(env!("CARGO_BIN_EXE_vostro"))
}

fn project(dockerfile: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("Dockerfile"), dockerfile).unwrap();
    folder
}

const WEAK: &str = "FROM debian\nUSER root\n";
const SOUND: &str = "FROM scratch\nUSER 1\nHEALTHCHECK CMD true\n";

fn run(program: &Path, folder: &Path, arguments: &[&str]) -> (i32, String, String) {
    let output: Output = Command::new(program)
        .args(arguments)
        .current_dir(folder)
        .env("VOSTRO_BIN", vostro())
        .env("CARGO_HOME", folder.join("no-such-folder"))
        .output()
        .unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (
        output.status.code().unwrap(),
        text(output.stdout),
        text(output.stderr),
    )
}

fn audit(folder: &Path, arguments: &[&str]) -> (i32, String, String) {
    run(&vostro(), folder, &[&["audit"], arguments].concat())
}

#[test]
fn the_exit_code_follows_the_threshold() {
    let (weak, sound) = (project(WEAK), project(SOUND));
    let cases: [(&Path, &[&str], i32); 7] = [
        (sound.path(), &["."], 0),
        (weak.path(), &["."], 1),
        (weak.path(), &[".", "--fail-on", "critical"], 0),
        (weak.path(), &["."], 1),
        (sound.path(), &[".", "--strict"], 1),
        (sound.path(), &["no-such-folder"], 2),
        (sound.path(), &[".", "--fail-on", "dreadful"], 2),
    ];
    for (folder, arguments, expected) in cases {
        let (code, out, err) = audit(folder, arguments);
        assert_eq!(code, expected, "{arguments:?}: {out}{err}");
    }
}

#[test]
fn without_a_path_this_programs_configuration_is_part_of_it() {
    let folder = project(SOUND);
    let (code, out, _) = audit(folder.path(), &[]);
    assert_eq!(code, 0, "{out}");
    assert!(
        out.contains("100 requests a minute, guardrails tried"),
        "{out}"
    );
    let open = [
        "--set",
        "server.host=0.0.0.0",
        "--set",
        "server.allow_non_loopback=true",
    ];
    let (code, out, _) = audit(folder.path(), &open);
    assert_eq!(code, 1, "{out}");
    assert!(out.contains("ENV-010 Vostro's configuration"), "{out}");
}

#[test]
fn a_baseline_accepts_what_it_gives_a_reason_for() {
    let folder = project(WEAK);
    let (code, suggested, _) = audit(folder.path(), &[".", "--suggest-baseline"]);
    assert_eq!(code, 0);
    let path = folder.path().join(".security-baseline.toml");
    std::fs::write(&path, &suggested).unwrap();
    let (code, _, err) = audit(folder.path(), &["."]);
    assert_eq!(code, 2, "{err}");
    assert!(err.contains("without a reason"), "{err}");
    std::fs::write(
        &path,
        suggested.replace("reason = \"\"", "reason = \"a test\""),
    )
    .unwrap();
    let (code, out, err) = audit(folder.path(), &["."]);
    assert_eq!(code, 0, "{out}{err}");
    assert!(out.contains("3 accepted"), "{out}");
}

#[test]
fn the_wrappers_write_the_page_and_pass_the_exit_code_on() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    for script in ["scripts/security_audit", "scripts/security_audit.py"] {
        let folder = project(WEAK);
        let script = root.join(script).canonicalize().unwrap();
        let (code, out, err) = run(&script, folder.path(), &["--sarif", "a.sarif", "--json"]);
        assert_eq!(code, 1, "{script:?}: {out}{err}");
        let page = std::fs::read_to_string(folder.path().join("SECURITY-AUDIT-REPORT.md")).unwrap();
        assert!(
            page.contains("## Checklist") && page.contains("CON-001"),
            "{page}"
        );
        let read = |text: &str| serde_json::from_str::<serde_json::Value>(text).unwrap();
        assert_eq!(read(&out)["checks"].as_array().unwrap().len(), 6);
        let sarif = std::fs::read_to_string(folder.path().join("a.sarif")).unwrap();
        assert_eq!(read(&sarif)["version"], "2.1.0");
    }
}
