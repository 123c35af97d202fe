//! Finding files and reading them: the only I/O of this crate.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use ignore::WalkBuilder;

use crate::{Format, MAX_FILE_BYTES};

/// Deepest folder that is looked into.
const MAX_DEPTH: usize = 32;

/// What is below a path.
#[derive(Debug, Default)]
pub struct Files {
    /// Files of a format that is read, in the order of their paths.
    pub files: Vec<PathBuf>,
    /// How many others there are.
    pub others: usize,
    /// What could not be looked at, in words.
    pub errors: Vec<String>,
}

/// The files below a folder; hidden ones are passed over and links are not followed. Of a file, itself.
pub fn find(path: &Path) -> Files {
    let mut found = Files::default();
    let walk = WalkBuilder::new(path)
        .standard_filters(false)
        .hidden(true)
        .follow_links(false)
        .max_depth(Some(MAX_DEPTH))
        .sort_by_file_path(Path::cmp)
        .build();
    for entry in walk {
        match entry {
            Ok(entry) if !entry.file_type().is_some_and(|kind| kind.is_file()) => {}
            Ok(entry) if Format::of_path(entry.path()).is_some() => {
                found.files.push(entry.into_path());
            }
            Ok(_) => found.others += 1,
            Err(error) => found.errors.push(error.to_string()),
        }
    }
    found
}

/// The bytes of a file, at most one more than are accepted.
///
/// # Errors
/// The operating system's.
pub fn bytes_of(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let most = u64::try_from(MAX_FILE_BYTES)
        .unwrap_or(u64::MAX)
        .saturating_add(1);
    File::open(path)?.take(most).read_to_end(&mut bytes)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_what_is_read_and_counts_the_rest() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        std::fs::create_dir_all(root.join("a/b")).unwrap();
        std::fs::create_dir_all(root.join(".git")).unwrap();
        for name in [
            "z.md",
            "a/b/c.PDF",
            "a/d.txt",
            "a/e.png",
            ".git/f.md",
            "noextension",
        ] {
            std::fs::write(root.join(name), "x").unwrap();
        }
        #[cfg(unix)]
        std::os::unix::fs::symlink(root, root.join("a/loop")).unwrap();
        let found = find(root);
        let names: Vec<_> = found
            .files
            .iter()
            .map(|it| {
                it.strip_prefix(root)
                    .unwrap()
                    .to_string_lossy()
                    .into_owned()
            })
            .collect();
        assert_eq!(names, ["a/b/c.PDF", "a/d.txt", "z.md"]);
        assert!(found.others >= 2 && found.errors.is_empty(), "{found:?}");
        assert_eq!(find(&root.join("z.md")).files, [root.join("z.md")]);
        let none = find(&root.join("gone"));
        assert!(none.files.is_empty() && none.errors.len() == 1);
        assert!(bytes_of(&root.join("gone")).is_err());
    }
}
