//! Nothing of somebody's machine, no registry's address, and nothing large is in the repository.
//!
//! Secrets are not looked for here: nothing in the tree may need one, and the configuration takes them from the environment.

use super::Finding;
use super::tree::Tree;

const BYTES_MAX: usize = 1024 * 1024;

/// Written by cargo, which names its registry in it.
const EXEMPT: [&str; 1] = ["Cargo.lock"];

/// Folders of a machine. Put together, so that this file does not hold what it looks for.
const MACHINE: [&str; 4] = [
    concat!("/wo", "rk/"),
    concat!("/ro", "ot/"),
    concat!("/ho", "me/"),
    concat!("/Us", "ers/"),
];

const REGISTRIES: [&str; 7] = [
    concat!("index.crates", ".io"),
    concat!("static.crates", ".io"),
    concat!("pypi", ".org"),
    concat!("pythonhosted", ".org"),
    concat!("npmjs", ".org"),
    concat!("deb.debian", ".org"),
    concat!("proxy.golang", ".org"),
];

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (path, bytes) in tree.files() {
        if bytes.len() > BYTES_MAX {
            let what = format!("has {} bytes; the limit is {BYTES_MAX}", bytes.len());
            findings.push(Finding::new(path, what));
        }
        if EXEMPT.contains(&path) {
            continue;
        }
        let Ok(text) = std::str::from_utf8(bytes) else {
            continue;
        };
        for (index, line) in text.lines().enumerate() {
            if MACHINE.iter().any(|folder| names_folder(line, folder)) {
                findings.push(Finding::at_line(
                    path,
                    index + 1,
                    "names a folder of somebody's machine",
                ));
            }
            if REGISTRIES.iter().any(|host| line.contains(host)) {
                findings.push(Finding::at_line(path, index + 1, "names a registry's host"));
            }
        }
    }
    findings
}

/// Whether `folder` stands in the line as the start of a path, not as part of a longer one (`$x/work/`, `a/home/`).
fn names_folder(line: &str, folder: &str) -> bool {
    line.match_indices(folder).any(|(at, _)| {
        let before = line.get(..at).and_then(|text| text.chars().next_back());
        !before.is_some_and(|c| c.is_alphanumeric() || "_-.})*".contains(c))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_breach_is_found_once() {
        let [work, root, home, users] = MACHINE;
        let rows = MACHINE.iter().map(|folder| (format!("cd {folder}x"), 1));
        let hosts = REGISTRIES
            .iter()
            .map(|host| (format!("from https://{host}/"), 1));
        let harmless = [
            "make test".to_owned(),
            format!("net{work}x, the{root}x, a-{users}x"),
            format!("${{base}}{home}x and *{users}x"),
        ];
        let rows = rows
            .chain(hosts)
            .chain(harmless.into_iter().map(|text| (text, 0)));
        for (text, findings) in rows {
            assert_eq!(
                check(&Tree::of(&[("a.md", &text)])).len(),
                findings,
                "{text}"
            );
            assert_eq!(check(&Tree::of(&[("Cargo.lock", &text)])), [], "{text}");
        }
    }

    #[test]
    fn large_files_are_found_wherever_they_are() {
        let text = "x".repeat(BYTES_MAX + 1);
        assert_eq!(check(&Tree::of(&[("a.bin", &text)])).len(), 1);
        assert_eq!(check(&Tree::of(&[("Cargo.lock", &text)])).len(), 1);
        assert_eq!(
            check(&Tree::of(&[("a.bin", text.get(1..).unwrap_or_default())])),
            []
        );
    }
}
