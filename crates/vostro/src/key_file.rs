//! Files with keys: read whole, never long, and refused where others on the machine can read them.

use std::fs::File;
use std::io::Read as _;
use std::path::Path;

use anyhow::{Context as _, Result};
use zeroize::Zeroizing;

use crate::failure::Failure;

/// More than any key file has.
const MOST_BYTES: u64 = 64 * 1024;

/// Reads a secret key. A file that everybody can read holds no secret, and stops the start.
pub(crate) fn secret(setting: &str, path: &Path) -> Result<Zeroizing<Vec<u8>>> {
    let (bytes, file) = read(setting, path)?;
    refuse_if_open_to_all(setting, path, &file)?;
    Ok(bytes)
}

/// Reads a key that is no secret.
pub(crate) fn public(setting: &str, path: &Path) -> Result<Zeroizing<Vec<u8>>> {
    Ok(read(setting, path)?.0)
}

/// Reads an authority's certificates, where there is a file of them.
pub(crate) fn authority(setting: &str, path: Option<&Path>) -> Result<Option<Vec<u8>>> {
    let Some(path) = path else {
        return Ok(None);
    };
    let pem = std::fs::read(path).with_context(|| {
        Failure::usage(
            format!("{setting}: {} cannot be read", path.display()),
            "give a file that is there and that this program may read",
        )
    })?;
    Ok(Some(pem))
}

fn read(setting: &str, path: &Path) -> Result<(Zeroizing<Vec<u8>>, File)> {
    let unreadable = || {
        Failure::usage(
            format!("{setting}: {} cannot be read", path.display()),
            "give a file that is there and that this program may read",
        )
    };
    let file = File::open(path).with_context(unreadable)?;
    let mut bytes = Zeroizing::new(Vec::new());
    let mut limited = (&file).take(MOST_BYTES);
    limited.read_to_end(&mut bytes).with_context(unreadable)?;
    Ok((bytes, file))
}

/// Refuses a file that everybody on the machine can read.
pub(crate) fn refuse_if_open_to_all(setting: &str, path: &Path, file: &File) -> Result<()> {
    #[cfg(unix)]
    if let Ok(about) = file.metadata()
        && std::os::unix::fs::MetadataExt::mode(&about) & 0o007 != 0
    {
        let path = path.display();
        return Err(Failure::usage(
            format!("{setting}: everybody on this machine can read {path}"),
            format!("chmod 600 {path}"),
        )
        .into());
    }
    Ok(())
}

#[cfg(all(test, unix))]
mod tests {
    use std::fs::Permissions;
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    #[test]
    fn a_key_that_everybody_can_read_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("key");
        std::fs::write(&path, "secret").unwrap();
        for (mode, fits) in [(0o600, true), (0o640, true), (0o644, false), (0o602, false)] {
            std::fs::set_permissions(&path, Permissions::from_mode(mode)).unwrap();
            let found = secret("step_up.key_file", &path);
            assert_eq!(found.is_ok(), fits, "{mode:o}");
            if let Err(error) = found {
                let said = error.to_string();
                assert!(said.starts_with("step_up.key_file: everybody"), "{said}");
            }
            assert!(public("x", &path).is_ok());
        }
        let missing = secret("step_up.key_file", &folder.path().join("none"));
        assert!(missing.unwrap_err().to_string().contains("cannot be read"));
    }
}
