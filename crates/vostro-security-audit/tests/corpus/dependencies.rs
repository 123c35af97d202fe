//! Planted faults: what comes in from others.

use crate::world::Fault;

const LOCK: &str =
    "version = 4\n\n[[package]]\nname = \"app\"\nversion = \"0.1.0\"\n\n[[package]]\n";
const INDEX: &str = "registry+https://github.com/rust-lang/crates.io-index";

fn lock(package: &str) -> String {
    format!("{LOCK}{package}")
}

fn manifest(dependency: &str) -> String {
    format!("[package]\nname = \"app\"\nversion = \"0.1.0\"\n\n[dependencies]\n{dependency}\n")
}

fn npm_lock(package: &str) -> String {
    format!("{{\"packages\": {{\"\": {{}},\n\"node_modules/a\": {package}}}}}\n")
}

fn npm(version: &str) -> String {
    format!("{{\"dependencies\": {{\n\"a\": \"{version}\"}}}}\n")
}

pub(crate) fn faults() -> Vec<Fault> {
    let sum = "9f86d081884c7d65".repeat(4);
    let locked = |name: &str, version: &str| {
        lock(&format!(
            "name = \"{name}\"\nversion = \"{version}\"\nsource = \"{INDEX}\"\nchecksum = \"{sum}\"\n"
        ))
    };
    vec![
        Fault::at("DEP-001", "Cargo.lock", 8, &locked("leaky", "1.1.9")),
        Fault::at("DEP-002", "Cargo.lock", 8, &locked("forgotten", "3.0.0")),
        Fault::new("a Pipfile without a lock file")
            .file("tool/Pipfile", "[packages]\n")
            .expect("DEP-003 tool/Pipfile"),
        Fault::new("a package.json without a lock file")
            .file("site/package.json", &npm("^1"))
            .expect("DEP-003 site/package.json"),
        Fault::new("a go.mod without a lock file")
            .file("go/go.mod", "module a\n")
            .expect("DEP-003 go/go.mod"),
        Fault::at(
            "DEP-004",
            "requirements-dev.txt",
            2,
            "# tools\nsound>=1.0\n",
        ),
        Fault::at("DEP-004", "requirements/ci.txt", 1, "sound\n"),
        Fault::at(
            "DEP-005",
            "requirements-dev.txt",
            1,
            "sound==1.0.0\nother==2.0\n",
        ),
        Fault::at(
            "DEP-006",
            "Cargo.toml",
            6,
            &manifest("sound = { git = \"https://git.example/sound\", branch = \"main\" }"),
        ),
        Fault::at("DEP-006", "web/package.json", 2, &npm("github:a/a#main")),
        Fault::at(
            "DEP-006",
            "requirements-dev.txt",
            1,
            "a @ git+https://git.example/a.git@v1\n",
        ),
        Fault::at("DEP-007", "Cargo.toml", 6, &manifest("sound = \"*\"")),
        Fault::at("DEP-007", "web/package.json", 2, &npm("latest")),
        Fault::at(
            "DEP-008",
            "requirements-dev.txt",
            1,
            "--index-url http://mirror.example/simple\n",
        ),
        Fault::at(
            "DEP-008",
            "web/package.json",
            2,
            &npm("http://mirror.example/a.tgz"),
        ),
        Fault::at(
            "DEP-008",
            "Cargo.lock",
            8,
            &lock(
                "name = \"a\"\nversion = \"1.0.0\"\nsource = \"registry+http://mirror.example/index\"\n",
            ),
        ),
        Fault::at(
            "DEP-008",
            "web/package-lock.json",
            2,
            &npm_lock(
                "{\"resolved\": \"http://mirror.example/a.tgz\", \"integrity\": \"sha512-x\"}",
            ),
        ),
        Fault::at(
            "DEP-009",
            "Cargo.lock",
            8,
            &lock(&format!(
                "name = \"a\"\nversion = \"1.0.0\"\nsource = \"{INDEX}\"\n"
            )),
        ),
        Fault::at(
            "DEP-009",
            "web/package-lock.json",
            2,
            &npm_lock("{\"resolved\": \"https://mirror.example/a.tgz\"}"),
        ),
    ]
}
