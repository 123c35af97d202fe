//! A clean project in a folder of its own, a fault put into it, and the audit of both.

use std::path::Path;
use std::process::Command;

use jiff::civil::Date;
use vostro_security_audit::{Answer, Installed, Options, Project, Report, ToolError, Tools};

/// The day of the audits.
pub(crate) const TODAY: Date = Date::constant(2026, 11, 22);

/// What is put into the clean project, and what must be found: `RULE path:line`.
#[derive(Debug, Clone, Default)]
pub(crate) struct Fault {
    pub(crate) name: String,
    files: Vec<(String, String)>,
    mode: Option<(String, u32)>,
    link: Option<(String, String)>,
    /// Whether the project is a git repository; the texts of one commit each, the last of which stays.
    commits: Option<Vec<Vec<(String, String)>>>,
    pub(crate) expected: Vec<String>,
}

impl Fault {
    pub(crate) fn none() -> Self {
        Self::default()
    }

    pub(crate) fn new(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            ..Self::default()
        }
    }

    /// One file, and one finding on one of its lines.
    pub(crate) fn at(rule: &str, path: &str, line: u32, text: &str) -> Self {
        Self::new(&format!("{rule} in {path}: {:.60}", text.trim()))
            .file(path, text)
            .expect(&format!("{rule} {path}:{line}"))
    }

    pub(crate) fn named(mut self, name: &str) -> Self {
        name.clone_into(&mut self.name);
        self
    }

    pub(crate) fn file(mut self, path: &str, text: &str) -> Self {
        self.files.push((path.to_owned(), text.to_owned()));
        self
    }

    pub(crate) fn mode(mut self, path: &str, mode: u32) -> Self {
        self.mode = Some((path.to_owned(), mode));
        self
    }

    pub(crate) fn link(mut self, path: &str, target: &str) -> Self {
        self.link = Some((path.to_owned(), target.to_owned()));
        self
    }

    /// Makes it a repository with one more commit that writes these files.
    pub(crate) fn commit(mut self, files: &[(&str, &str)]) -> Self {
        let files = files
            .iter()
            .map(|(path, text)| ((*path).to_owned(), (*text).to_owned()));
        self.commits.get_or_insert_default().push(files.collect());
        self
    }

    pub(crate) fn expect(mut self, finding: &str) -> Self {
        self.expected.push(finding.to_owned());
        self
    }
}

/// Git, and no other program.
pub(crate) struct OnlyGit;

impl Tools for OnlyGit {
    fn run(&self, folder: &Path, program: &str, arguments: &[&str]) -> Result<Answer, ToolError> {
        if program == "git" {
            let timeout = std::time::Duration::from_mins(5);
            return Installed { timeout }.run(folder, program, arguments);
        }
        Err(ToolError::Missing(program.to_owned()))
    }
}

pub(crate) fn audit(fault: &Fault) -> Report {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("project");
    let advisories = folder.path().join("advisories");
    database(&advisories);
    plant(&root, fault);
    let options = Options {
        advisory_dbs: vec![advisories],
        ..Options::default()
    };
    let project = Project::read(&root, &OnlyGit).unwrap();
    vostro_security_audit::audit(&project, &options, &OnlyGit, TODAY)
}

/// Every finding as `RULE path:line`, in order of the text.
pub(crate) fn told(report: &Report) -> Vec<String> {
    let one = |finding: &vostro_security_audit::Finding| {
        let commit = if finding.place.commit.is_some() {
            "history:"
        } else {
            ""
        };
        let line = finding
            .place
            .line
            .map(|line| format!(":{line}"))
            .unwrap_or_default();
        format!("{} {commit}{}{line}", finding.rule.id, finding.place.path)
    };
    let mut all: Vec<String> = report.findings.iter().map(one).collect();
    all.sort();
    all
}

pub(crate) fn plant(root: &Path, fault: &Fault) {
    write_all(root, &clean());
    for files in fault.commits.iter().flatten() {
        write_all(root, files);
        commit(root);
    }
    write_all(root, &fault.files);
    if let Some((path, mode)) = &fault.mode {
        set_mode(&root.join(path), *mode);
    }
    if let Some((path, target)) = &fault.link {
        std::os::unix::fs::symlink(target, root.join(path)).unwrap();
    }
}

fn write_all(root: &Path, files: &[(String, String)]) {
    for (path, text) in files {
        let path = root.join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, text).unwrap();
        let script = text.starts_with("#!");
        set_mode(&path, if script { 0o755 } else { 0o600 });
    }
}

fn set_mode(path: &Path, mode: u32) {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
}

fn commit(root: &Path) {
    let git = |arguments: &[&str]| {
        let done = Command::new("git")
            .args(arguments)
            .current_dir(root)
            .output()
            .unwrap();
        assert!(
            done.status.success(),
            "{}",
            String::from_utf8_lossy(&done.stderr)
        );
    };
    if !root.join(".git").exists() {
        git(&["init", "--quiet"]);
    }
    git(&["add", "--all", "--force"]);
    let who = [
        "-c",
        "user.name=a",
        "-c",
        "user.email=a@b.example",
        "-c",
        "commit.gpgsign=false",
    ];
    git(&[&who[..], &["commit", "--quiet", "--message", "work"]].concat());
}

/// An advisory database with two advisories about packages that do not exist.
fn database(folder: &Path) {
    let advisory = |id: &str, package: &str, more: &str| {
        let at = folder.join("crates").join(package);
        std::fs::create_dir_all(&at).unwrap();
        let text = format!(
            "```toml\n[advisory]\nid = \"{id}\"\npackage = \"{package}\"\ndate = \"2026-11-01\"\n{more}\n```\n\n# It leaks\n\nIt does.\n"
        );
        std::fs::write(at.join(format!("{id}.md")), text).unwrap();
    };
    let versions = "[versions]\npatched = [\">= 1.2.0\"]";
    let cvss = "cvss = \"CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H\"";
    advisory(
        "RUSTSEC-2026-9001",
        "leaky",
        &format!("{cvss}\n\n{versions}"),
    );
    let kind = "informational = \"unmaintained\"\n\n[versions]\npatched = []";
    advisory("RUSTSEC-2026-9002", "forgotten", kind);
}

pub(crate) fn digest() -> String {
    format!("sha256:{}", "3a7b".repeat(16))
}

/// A project without a fault.
fn clean() -> Vec<(String, String)> {
    let digest = digest();
    let dockerfile = format!(
        "FROM rust:1.92@{digest} AS build\nCOPY . /src\nRUN cargo build --release\n\nFROM debian:12@{digest}\n\
         COPY --from=build /src/target/release/app /usr/bin/app\nUSER 10001:10001\nEXPOSE 8000\n\
         HEALTHCHECK CMD [\"/usr/bin/app\", \"ping\"]\nENTRYPOINT [\"/usr/bin/app\"]\n"
    );
    let compose = format!(
        "services:\n  app:\n    image: registry.example/app:1@{digest}\n    read_only: true\n    mem_limit: 256m\n    \
         security_opt: [\"no-new-privileges:true\"]\n    ports: [\"8000:8000\", \"127.0.0.1:5432:5432\"]\n    environment:\n      \
         DATABASE_PASSWORD_FILE: /run/secrets/db\n      API_TOKEN: ${{API_TOKEN}}\n"
    );
    let manifest = format!(
        "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: app\nspec:\n  template:\n    spec:\n      containers:\n        \
         - name: app\n          image: registry.example/app:1@{digest}\n          securityContext:\n            \
         runAsNonRoot: true\n            allowPrivilegeEscalation: false\n            readOnlyRootFilesystem: true\n          \
         resources:\n            limits:\n              memory: 256Mi\n          env:\n            - name: API_TOKEN\n              \
         valueFrom:\n                secretKeyRef: {{name: app, key: token}}\n"
    );
    let hash = "9f86d081884c7d65".repeat(4);
    let files: [(&str, &str); 17] = [
        ("README.md", "# An app\n\nSet `API_TOKEN`.\n"),
        (".gitignore", "/.env\n/target/\n"),
        (".dockerignore", ".git\n.env*\ntarget\n"),
        (
            ".env.template",
            "# API_TOKEN=\nDATABASE_PASSWORD=\nPORT=8000\n",
        ),
        (
            "Cargo.toml",
            "[package]\nname = \"app\"\nversion = \"0.1.0\"\n\n[dependencies]\nsound = \"1\"\n",
        ),
        (
            "Cargo.lock",
            &format!(
                "version = 4\n\n[[package]]\nname = \"app\"\nversion = \"0.1.0\"\ndependencies = [\"sound\"]\n\n[[package]]\nname = \"sound\"\nversion = \"1.0.0\"\nsource = \"registry+https://github.com/rust-lang/crates.io-index\"\nchecksum = \"{hash}\"\n"
            ),
        ),
        (
            "src/lib.rs",
            "//! An app.\n\n/// One more.\npub fn next(n: u8) -> Option<u8> {\n    n.checked_add(1)\n}\n",
        ),
        (
            "web/package.json",
            "{\"dependencies\": {\"sound\": \"^1.0.0\"}}\n",
        ),
        (
            "web/package-lock.json",
            "{\"lockfileVersion\": 3, \"packages\": {\"\": {}, \"node_modules/sound\": {\"version\": \"1.0.0\", \"resolved\": \"https://registry.example/sound.tgz\", \"integrity\": \"sha512-x\"}}}\n",
        ),
        (
            "web/page.ts",
            "export const show = (at: Element, text: string) => { at.textContent = text; };\n",
        ),
        (
            "requirements.txt",
            &format!("sound==1.0.0 \\\n    --hash=sha256:{hash}\n"),
        ),
        (
            "app.py",
            "\"\"\"An app.\"\"\"\nimport secrets\n\nname = secrets.token_hex(16)\n",
        ),
        ("scripts/run.sh", "#!/bin/sh\nset -eu\nexec app\n"),
        (
            "settings.toml",
            "[server]\nhost = \"127.0.0.1\"\ndebug = false\n",
        ),
        ("Dockerfile", &dockerfile),
        ("compose.yaml", &compose),
        ("deploy/app.yaml", &manifest),
    ];
    files
        .iter()
        .map(|(path, text)| ((*path).to_owned(), (*text).to_owned()))
        .collect()
}
