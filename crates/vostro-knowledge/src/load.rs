//! Reading a folder of articles: the only module of this crate that does I/O.

use std::fs;
use std::path::{Path, PathBuf};

use crate::document::MAX_DOCUMENT_BYTES;
use crate::{Document, KnowledgeError, parse};

/// Deepest folder that is looked into; a loop of links ends here.
const MAX_DEPTH: usize = 8;

/// What a folder held: what could be read, and what could not. One bad article does not keep the
/// others from the customers, and is not passed over in silence either.
#[derive(Debug, Default)]
pub struct Loaded {
    /// The documents, in the order of their paths.
    pub documents: Vec<Document>,
    /// One error for each file or folder that could not be taken in.
    pub errors: Vec<KnowledgeError>,
}

/// Reads every `.md` file below a folder; `README.md` and names that begin with a dot are left out.
/// Of two documents with one id the first by path is kept, the other is an error.
///
/// # Errors
/// [`KnowledgeError::Read`] when the folder itself cannot be read. A fault in one file is in
/// [`Loaded::errors`].
pub fn load_dir(path: impl AsRef<Path>) -> Result<Loaded, KnowledgeError> {
    let root = path.as_ref();
    let mut loaded = Loaded::default();
    let mut files = Vec::new();
    find(root, 0, &mut files, &mut loaded.errors)?;
    files.sort();
    for file in files {
        match read(root, &file) {
            Ok(document) => match loaded
                .documents
                .iter()
                .find(|known| known.id == document.id)
            {
                Some(known) => loaded.errors.push(KnowledgeError::DuplicateId {
                    id: document.id,
                    first: known.source.clone(),
                    second: document.source,
                }),
                None => loaded.documents.push(document),
            },
            Err(error) => loaded.errors.push(error),
        }
    }
    Ok(loaded)
}

fn find(
    folder: &Path,
    depth: usize,
    files: &mut Vec<PathBuf>,
    errors: &mut Vec<KnowledgeError>,
) -> Result<(), KnowledgeError> {
    let failed = |source| KnowledgeError::Read {
        path: folder.to_owned(),
        source,
    };
    for entry in fs::read_dir(folder).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if name.starts_with('.') {
            continue;
        }
        if path.is_dir() {
            if depth < MAX_DEPTH
                && let Err(error) = find(&path, depth + 1, files, errors)
            {
                errors.push(error);
            }
        } else if name.ends_with(".md") && name != "README.md" {
            files.push(path);
        }
    }
    Ok(())
}

fn read(root: &Path, file: &Path) -> Result<Document, KnowledgeError> {
    let failed = |source| KnowledgeError::Read {
        path: file.to_owned(),
        source,
    };
    let name = file.strip_prefix(root).unwrap_or(file).to_string_lossy();
    let too_long = |size| usize::try_from(size).is_ok_and(|size| size > MAX_DOCUMENT_BYTES);
    if too_long(fs::metadata(file).map_err(failed)?.len()) {
        return Err(KnowledgeError::Malformed {
            name: name.into_owned(),
            line: 1,
            reason: "is over 1 MiB long".into(),
        });
    }
    parse(&name, &fs::read_to_string(file).map_err(failed)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn article(id: &str) -> String {
        format!(
            "+++\nid = \"{id}\"\ntitle = \"T\"\ncategory = \"c\"\naudience = \"public\"\n\
             language = \"en\"\nversion = 1\nupdated = 2026-11-01\n+++\nText.\n"
        )
    }

    #[test]
    fn reads_what_is_good_and_names_what_is_not() {
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str, bytes: &[u8]| {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, bytes).unwrap();
        };
        write("b.md", article("b").as_bytes());
        write("sub/a.md", article("a").as_bytes());
        write("z-twin.md", article("a").as_bytes());
        write("README.md", b"not an article");
        write(".hidden.md", b"not an article");
        write("notes.txt", b"not an article");
        write("broken.md", b"no front matter");
        write("latin1.md", b"+++\n\xe9");
        write("huge.md", &vec![b'x'; MAX_DOCUMENT_BYTES + 1]);
        let loaded = load_dir(folder.path()).unwrap();
        let ids: Vec<_> = loaded
            .documents
            .iter()
            .map(|document| document.id.as_str())
            .collect();
        assert_eq!(ids, ["b", "a"]);
        assert_eq!(loaded.documents[1].source, "sub/a.md");
        let errors: Vec<_> = loaded.errors.iter().map(ToString::to_string).collect();
        assert_eq!(errors.len(), 4, "{errors:#?}");
        for (error, part) in
            errors
                .iter()
                .zip(["broken.md:1", "huge.md:1", "latin1.md", "taken by"])
        {
            assert!(error.contains(part), "{error:?} lacks {part:?}");
        }
    }

    #[test]
    fn a_missing_folder_is_an_error() {
        let folder = tempfile::tempdir().unwrap();
        assert!(load_dir(folder.path().join("nowhere")).is_err());
    }
}
