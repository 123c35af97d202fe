//! The sealing key's file: where it is, how it is made, read and replaced.
//!
//! A new key is written beside the old one before the chain names it and takes its place afterwards, so
//! that whatever happens in between, the key that the chain names is on the disk.

use std::fs::{File, OpenOptions};
use std::io::{ErrorKind, Read as _, Write as _};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use vostro_audit::{KeyId, SealingKey};
use vostro_types::SystemEntropy;
use zeroize::Zeroizing;

use crate::config::{Config, Location};
use crate::failure::Failure;

/// More than any key file has.
const MOST_BYTES: u64 = 16 * 1024;

/// Where the key is: as configured, or beside a `SQLite` file. `None` where it has to be configured.
pub(crate) fn place(config: &Config) -> Option<PathBuf> {
    if let Some(file) = &config.audit.key_file {
        return Some(file.clone());
    }
    match config.database.location() {
        Ok(Location::File(path)) => Some(path.with_file_name("audit-key.pem")),
        _ => None,
    }
}

/// Where a new key waits until the chain names it.
fn next(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".next");
    PathBuf::from(name)
}

/// Reads a key; `None` where there is no such file.
pub(crate) fn read(path: &Path) -> Result<Option<SealingKey>> {
    let mut file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => {
            let reason = format!("the audit key {} cannot be read", path.display());
            return Err(error).context(reason);
        }
    };
    crate::key_file::refuse_if_open_to_all("audit.key_file", path, &file)?;
    warn_if_open_to_others(path, &file);
    let mut bytes = Zeroizing::new(Vec::new());
    std::io::Read::by_ref(&mut file)
        .take(MOST_BYTES)
        .read_to_end(&mut bytes)
        .with_context(|| format!("the audit key {} cannot be read", path.display()))?;
    let key = SealingKey::read(&bytes).map_err(|error| {
        Failure::new(
            format!("audit.key_file: {}: {error}", path.display()),
            "docs/operations/audit.md says how to make one",
        )
    })?;
    Ok(Some(key))
}

fn warn_if_open_to_others(path: &Path, file: &File) {
    #[cfg(unix)]
    if let Ok(about) = file.metadata()
        && std::os::unix::fs::MetadataExt::mode(&about) & 0o077 != 0
    {
        let path = path.display();
        tracing::warn!(target: "vostro", "the audit key {path} can be read by others; make it 0600");
    }
}

/// Makes a key in this place, readable to its owner alone. Never replaces one.
pub(crate) fn create(path: &Path) -> Result<SealingKey> {
    let key = SealingKey::generate(&SystemEntropy);
    write_new(path, &key)
        .with_context(|| format!("the audit key {} cannot be written", path.display()))?;
    Ok(key)
}

/// Makes the key that is to follow, in the place where it waits.
pub(crate) fn create_next(path: &Path) -> Result<SealingKey> {
    let waiting = next(path);
    // One that the chain never came to name is of no use.
    match std::fs::remove_file(&waiting) {
        Err(error) if error.kind() != ErrorKind::NotFound => {
            Err(error).with_context(|| waiting.display().to_string())
        }
        _ => create(&waiting),
    }
}

fn write_new(path: &Path, key: &SealingKey) -> Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    file.write_all(key.to_pem()?.as_bytes())?;
    file.sync_all()?;
    sync_folder(path);
    Ok(())
}

/// Puts the waiting key in the other's place, which is gone then: nothing can be signed with it any more.
pub(crate) fn put_in_place(path: &Path) -> Result<()> {
    std::fs::rename(next(path), path)
        .with_context(|| format!("the audit key {} cannot be replaced", path.display()))?;
    sync_folder(path);
    Ok(())
}

fn sync_folder(path: &Path) {
    if let Some(folder) = path.parent().and_then(|folder| File::open(folder).ok()) {
        let _ = folder.sync_all();
    }
}

/// The key that the chain names: the file's, or the waiting one, which then takes its place.
pub(crate) fn current(path: &Path, named: &KeyId) -> Result<Option<SealingKey>> {
    if let Some(key) = read(path)?.filter(|key| key.public().id() == *named) {
        return Ok(Some(key));
    }
    let waiting = read(&next(path))?.filter(|key| key.public().id() == *named);
    if waiting.is_some() {
        put_in_place(path)?;
    }
    Ok(waiting)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_made_once_and_for_its_owner_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("audit-key.pem");
        assert!(read(&path).unwrap().is_none());
        let made = create(&path).unwrap().public();
        assert_eq!(read(&path).unwrap().unwrap().public(), made);
        assert!(create(&path).is_err(), "a key is never overwritten");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            let permissions = std::fs::metadata(&path).unwrap().permissions();
            assert_eq!(permissions.mode() & 0o777, 0o600);
        }
        std::fs::write(&path, "no key").unwrap();
        assert!(
            read(&path)
                .unwrap_err()
                .to_string()
                .contains("audit.key_file")
        );
    }

    #[test]
    fn a_rotation_that_was_cut_short_is_made_good() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("audit-key.pem");
        let old = create(&path).unwrap().public().id();
        let dropped = create_next(&path).unwrap().public().id();
        let new = create_next(&path).unwrap().public().id();
        // The chain still names the old one, and then the new one: both are there.
        assert!(current(&path, &old).unwrap().is_some());
        assert!(current(&path, &dropped).unwrap().is_none());
        assert!(current(&path, &new).unwrap().is_some());
        assert!(
            current(&path, &old).unwrap().is_none(),
            "the old key is gone"
        );
        assert_eq!(read(&path).unwrap().unwrap().public().id(), new);
    }
}
