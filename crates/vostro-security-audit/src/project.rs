//! The tree that is audited: its files as git lists them, or as they lie in the folder.
//!
//! Links are listed and never followed. A file over [`BYTES_MAX`] is listed and not read. Everything is read once.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use ignore::WalkBuilder;
use ignore::gitignore::{Gitignore, GitignoreBuilder};

use crate::tools::Tools;

/// The largest file that is read, in bytes.
const BYTES_MAX: u64 = 4 << 20;

/// Folders of others' files, which have their own audits.
const FOREIGN: [&str; 6] = [
    ".git",
    "target",
    "node_modules",
    ".venv",
    "venv",
    "__pycache__",
];

/// Why a tree cannot be audited.
#[derive(Debug, thiserror::Error)]
pub enum ProjectError {
    /// The path is no folder.
    #[error("{} is no folder", .0.display())]
    NoFolder(PathBuf),
    /// A folder cannot be read.
    #[error("the folder cannot be read")]
    Unreadable(#[source] ignore::Error),
}

/// A file of the project.
#[derive(Debug)]
pub(crate) struct File {
    /// Its text; `None` when it is no text, too large, or no regular file.
    pub text: Option<String>,
    /// Unix permission bits with those for set-user-id; 0 where there are none.
    pub mode: u32,
    /// Where it leads, when it is a link.
    pub link: Option<PathBuf>,
    /// Whether it was too large to read.
    pub large: bool,
}

/// A project on disk.
#[derive(Debug)]
pub struct Project {
    root: PathBuf,
    files: BTreeMap<String, File>,
    ignored: Gitignore,
    git: bool,
}

impl Project {
    /// Reads a project. Git lists the files when the folder is the top of a work tree; otherwise every file counts that
    /// `.gitignore` does not leave out.
    pub fn read(root: &Path, tools: &dyn Tools) -> Result<Self, ProjectError> {
        if !root.is_dir() {
            return Err(ProjectError::NoFolder(root.to_owned()));
        }
        let git = root.join(".git").exists();
        let listed = if git {
            listed_by_git(root, tools)
        } else {
            None
        };
        let names = match listed {
            Some(names) => names,
            None => walked(root)?,
        };
        let files = names.into_iter().filter_map(|name| {
            let file = read(&root.join(&name))?;
            Some((name, file))
        });
        let mut builder = GitignoreBuilder::new(root);
        // What cannot be read as a pattern ignores nothing, which is the safe side here.
        let _ = builder.add(root.join(".gitignore"));
        Ok(Self {
            files: files.collect(),
            ignored: builder.build().unwrap_or_else(|_| Gitignore::empty()),
            root: root.to_owned(),
            git,
        })
    }

    /// The folder.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Number of files.
    pub fn len(&self) -> usize {
        self.files.len()
    }

    /// Whether there is no file at all.
    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
    }

    /// Whether it has a history.
    pub(crate) fn has_git(&self) -> bool {
        self.git
    }

    /// All files.
    pub(crate) fn files(&self) -> impl Iterator<Item = (&str, &File)> {
        self.files.iter().map(|(path, file)| (path.as_str(), file))
    }

    /// The files that hold text.
    pub(crate) fn texts(&self) -> impl Iterator<Item = (&str, &str)> {
        self.files()
            .filter_map(|(path, file)| Some((path, file.text.as_deref()?)))
    }

    /// One file's text.
    pub(crate) fn text(&self, path: &str) -> Option<&str> {
        self.files.get(path)?.text.as_deref()
    }

    /// Whether the project's `.gitignore` leaves a path out.
    pub(crate) fn ignores(&self, path: &str) -> bool {
        self.ignored
            .matched_path_or_any_parents(self.root.join(path), false)
            .is_ignore()
    }

    /// Files with this name, in any folder.
    pub(crate) fn named<'a>(&'a self, name: &'a str) -> impl Iterator<Item = (&'a str, &'a str)> {
        self.texts()
            .filter(move |(path, _)| file_name(path) == name)
    }
}

/// The last part of a path.
pub(crate) fn file_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// What is before the last part, with its `/`; empty at the root.
pub(crate) fn folder(path: &str) -> &str {
    path.strip_suffix(file_name(path)).unwrap_or_default()
}

/// Whether a path ends in one of these. Endings are compared as they are written, as build tools do.
pub(crate) fn ends(path: &str, endings: &[&str]) -> bool {
    endings.iter().any(|ending| path.ends_with(ending))
}

fn listed_by_git(root: &Path, tools: &dyn Tools) -> Option<Vec<String>> {
    let arguments = [
        "ls-files",
        "-z",
        "--cached",
        "--others",
        "--exclude-standard",
    ];
    let answer = tools.git(root, &arguments).ok()?;
    if !answer.success {
        return None;
    }
    let names = answer.stdout.split(|byte| *byte == 0);
    let names = names.filter(|name| !name.is_empty());
    Some(
        names
            .map(|name| String::from_utf8_lossy(name).into_owned())
            .collect(),
    )
}

fn walked(root: &Path) -> Result<Vec<String>, ProjectError> {
    let mut names = Vec::new();
    let mut walk = WalkBuilder::new(root);
    walk.hidden(false)
        .parents(false)
        .require_git(false)
        .git_global(false)
        .follow_links(false)
        .filter_entry(|entry| !FOREIGN.iter().any(|name| entry.file_name() == *name));
    for entry in walk.build() {
        let entry = entry.map_err(ProjectError::Unreadable)?;
        if entry.file_type().is_none_or(|kind| kind.is_dir()) {
            continue;
        }
        if let Ok(name) = entry.path().strip_prefix(root) {
            names.push(name.to_string_lossy().replace('\\', "/"));
        }
    }
    Ok(names)
}

fn read(path: &Path) -> Option<File> {
    let about = path.symlink_metadata().ok()?;
    if about.is_dir() {
        return None;
    }
    let mut file = File {
        text: None,
        mode: mode(&about),
        link: None,
        large: about.len() > BYTES_MAX,
    };
    if about.is_symlink() {
        file.link = std::fs::read_link(path).ok();
    } else if about.is_file() && !file.large {
        let bytes = std::fs::read(path).ok()?;
        if !bytes.contains(&0) {
            file.text = String::from_utf8(bytes).ok();
        }
    }
    Some(file)
}

#[cfg(unix)]
fn mode(about: &std::fs::Metadata) -> u32 {
    use std::os::unix::fs::MetadataExt as _;
    about.mode() & 0o7777
}

#[cfg(not(unix))]
fn mode(_: &std::fs::Metadata) -> u32 {
    0
}
