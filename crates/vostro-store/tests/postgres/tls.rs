//! The connection encrypted as libpq's `sslmode` asks, against a server of the test's own; what is in the way is told,
//! and no password is repeated.

use std::fs;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, chown};
use std::path::{Path, PathBuf};

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use vostro_bank::Operations as _;
use vostro_store::{OpenError, PostgresStore};

use crate::database::config;
use crate::own_server::{Server, data_folder};

/// What no error may tell.
const PASSWORD: &str = "s3cret";

/// An authority whose certificate is kept in a file.
struct Authority {
    issuer: CertifiedIssuer<'static, KeyPair>,
    file: PathBuf,
}

impl Authority {
    fn new(folder: &Path, name: &str) -> Self {
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params
            .distinguished_name
            .push(rcgen::DnType::CommonName, name);
        let issuer = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
        let file = folder.join(format!("{name}.pem"));
        fs::write(&file, issuer.pem()).unwrap();
        Self { issuer, file }
    }

    /// Gives the server a certificate for `localhost`.
    fn certify(&self, data: &Path) {
        let key = KeyPair::generate().unwrap();
        let params = CertificateParams::new(vec!["localhost".to_owned()]).unwrap();
        let certificate = params.signed_by(&key, &self.issuer).unwrap();
        give(data, "server.crt", &certificate.pem());
        give(data, "server.key", &key.serialize_pem());
    }
}

/// A file of the server's own, which nobody else may read.
fn give(data: &Path, name: &str, text: &str) {
    let (path, owner) = (data.join(name), fs::metadata(data).unwrap());
    fs::write(&path, text).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
    chown(&path, Some(owner.uid()), Some(owner.gid())).unwrap();
}

fn free_port() -> u16 {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().port()
}

/// Whether the session of a fresh store is encrypted; else why there is none.
async fn opened(url: &str) -> Result<bool, String> {
    let told = |error: OpenError| {
        let mut said = format!("{error} {error:?}");
        let mut cause = std::error::Error::source(&error);
        while let Some(source) = cause {
            said.push_str(&source.to_string());
            cause = source.source();
        }
        assert!(!said.contains(PASSWORD), "{said}");
        assert!(
            matches!(
                error,
                OpenError::Encryption { .. } | OpenError::Address { .. }
            ),
            "{said}"
        );
        error.to_string()
    };
    let store = PostgresStore::connect(url, config()).await.map_err(told)?;
    store.ping().await.unwrap();
    let inspection = PostgresStore::inspect(url).await.map_err(told)?;
    store.close().await;
    Ok(inspection.is_encrypted.unwrap())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_connection_is_encrypted_as_asked_or_refused_with_the_reason() {
    let Some((server, url)) = Server::start_encrypting("tls") else {
        return;
    };
    let (data, folder) = (data_folder(&url), tempfile::tempdir().unwrap());
    let ours = Authority::new(folder.path(), "ours");
    let other = Authority::new(folder.path(), "other");
    let port = free_port();
    let restart = |settings: &str| {
        server.run("crash");
        fs::write(data.join("postgresql.auto.conf"), settings).unwrap();
        server.run("resume");
    };
    let at = |host: &str, query: &str| {
        format!("postgres://vostro:{PASSWORD}@{host}:{port}/postgres{query}")
    };
    let tcp = format!("listen_addresses = '127.0.0.1'\nport = {port}\n");

    // A server that does not encrypt.
    restart(&tcp);
    assert_eq!(opened(&at("localhost", "")).await, Ok(false), "prefers to");
    assert_eq!(
        opened(&at("localhost", "?sslmode=disable")).await,
        Ok(false)
    );
    for mode in ["require", "verify-full"] {
        let said = opened(&at("localhost", &format!("?sslmode={mode}"))).await;
        assert!(
            said.clone()
                .is_err_and(|it| it.contains("does not encrypt")),
            "{mode}: {said:?}"
        );
    }

    // One that does.
    ours.certify(&data);
    restart(&format!("{tcp}ssl = on\n"));
    let (right, wrong) = (ours.file.display(), other.file.display());
    for (query, expected) in [
        (String::new(), true),
        ("?sslmode=prefer".to_owned(), true),
        ("?sslmode=disable".to_owned(), false),
        ("?sslmode=require".to_owned(), true),
        (format!("?sslmode=require&sslrootcert={right}"), true),
        (format!("?sslmode=verify-ca&sslrootcert={right}"), true),
        (format!("?sslmode=verify-full&sslrootcert={right}"), true),
    ] {
        assert_eq!(
            opened(&at("localhost", &query)).await,
            Ok(expected),
            "{query}"
        );
    }
    for (host, query, why) in [
        (
            "localhost",
            format!("?sslmode=require&sslrootcert={wrong}"),
            "no authority",
        ),
        (
            "localhost",
            format!("?sslmode=verify-ca&sslrootcert={wrong}"),
            "no authority",
        ),
        (
            "localhost",
            format!("?sslmode=verify-full&sslrootcert={wrong}"),
            "no authority",
        ),
        ("localhost", "?sslmode=verify-full".to_owned(), "authorit"),
        (
            "127.0.0.1",
            format!("?sslmode=verify-full&sslrootcert={right}"),
            "not for the host",
        ),
        (
            "localhost",
            format!("?sslmode=verify-full&sslrootcert={right}.gone"),
            "cannot be read",
        ),
        (
            "localhost",
            format!(
                "?sslmode=verify-full&sslrootcert={}",
                data.join("server.key").display()
            ),
            "holds no certificate",
        ),
    ] {
        let said = opened(&at(host, &query)).await;
        assert!(
            said.clone().is_err_and(|it| it.contains(why)),
            "{query}: {said:?}"
        );
    }
    let by_name_only = format!("?sslmode=verify-ca&sslrootcert={right}");
    assert_eq!(
        opened(&at("127.0.0.1", &by_name_only)).await,
        Ok(true),
        "for another name"
    );
}
