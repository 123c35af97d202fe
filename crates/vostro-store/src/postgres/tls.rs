//! TLS to the server: `sslmode` and `sslrootcert` of an address, with the meaning that libpq gives them.
//!
//! | `sslmode` | encrypted | the server's certificate |
//! |---|---|---|
//! | `disable` | no | |
//! | `prefer` (when nothing is said) | where the server can | is not looked at |
//! | `require` | always | is not looked at; with `sslrootcert`, as `verify-ca` |
//! | `verify-ca` | always | is signed by an authority in `sslrootcert` |
//! | `verify-full` | always | the same, and is for the address's host; without `sslrootcert`, or with `system`, by the system's authorities |
//!
//! A Unix socket is not encrypted, whatever is said. `allow` is refused: it asks for the weaker of two. The library
//! reads what is left of the address, which knows neither `verify-…` nor `sslrootcert`.

use std::borrow::Cow;
use std::error::Error as _;
use std::path::PathBuf;
use std::str::FromStr as _;
use std::sync::Arc;

use percent_encoding::percent_decode_str;
use rustls::client::WebPkiServerVerifier;
use rustls::crypto::{CryptoProvider, aws_lc_rs};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use rustls::{CertificateError, ClientConfig, RootCertStore};
use tokio_postgres::Config;
use tokio_postgres::config::{Host, SslMode};
use tokio_postgres_rustls::MakeRustlsConnect;

use super::tls_certificates::{AnyName, Anybody};

/// What is looked at in the server's certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Check {
    Nothing,
    Authority,
    AuthorityAndName,
}

/// Whose signature on it counts.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Authorities {
    System,
    File(PathBuf),
}

/// How a connection is to be encrypted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Encryption {
    check: Check,
    authorities: Authorities,
}

const MODES: &str = "allowed: disable, prefer, require, verify-ca, verify-full";

/// Reads an address: what the library knows of it, and how the connection is to be encrypted.
pub(super) fn read(url: &str) -> Result<(Config, Encryption), String> {
    let (rest, mode, root) = taken_apart(url)?;
    let form = "write it as postgres://user:password@host:5432/database";
    let mut config = Config::from_str(&rest).map_err(|_| form.to_owned())?;
    // One given as a key and a value, beside no URL, was left to the library.
    let mode = mode.unwrap_or_else(|| match config.get_ssl_mode() {
        SslMode::Disable => "disable".to_owned(),
        SslMode::Require => "require".to_owned(),
        _ => "prefer".to_owned(),
    });
    let authorities = match root.as_deref() {
        None | Some("system") => Authorities::System,
        Some(path) => Authorities::File(PathBuf::from(path)),
    };
    let (strength, check) = match (mode.as_str(), &root) {
        ("disable", _) => (SslMode::Disable, Check::Nothing),
        ("prefer", _) => (SslMode::Prefer, Check::Nothing),
        ("require", None) => (SslMode::Require, Check::Nothing),
        ("require" | "verify-ca", Some(path)) if path != "system" => {
            (SslMode::Require, Check::Authority)
        }
        ("verify-full", _) => (SslMode::Require, Check::AuthorityAndName),
        ("require" | "verify-ca", _) => {
            return Err(format!(
                "sslmode={mode} with the system's authorities lets anybody with a certificate in between; \
                 name one with sslrootcert=FILE, or give sslmode=verify-full"
            ));
        }
        ("allow", _) => {
            return Err(format!(
                "sslmode=allow asks for no encryption first; {MODES}"
            ));
        }
        _ => return Err(format!("there is no such sslmode; {MODES}")),
    };
    let is_socket = |host: &Host| !matches!(host, Host::Tcp(_));
    let only_sockets = !config.get_hosts().is_empty() && config.get_hosts().iter().all(is_socket);
    config.ssl_mode(if only_sockets {
        SslMode::Disable
    } else {
        strength
    });
    Ok((config, Encryption { check, authorities }))
}

/// The address without `sslmode` and `sslrootcert`, and these two.
type Apart = (String, Option<String>, Option<String>);

fn taken_apart(url: &str) -> Result<Apart, String> {
    if !url.contains("://") {
        if url.contains("sslrootcert") || url.contains("verify-") {
            return Err("sslrootcert and sslmode=verify-… are read in a URL only".to_owned());
        }
        return Ok((url.to_owned(), None, None));
    }
    // A question mark in the password is the password's.
    let after_user = url.find('@').map_or(0, |at| at + 1);
    let Some(mark) = url[after_user..].find('?').map(|at| after_user + at) else {
        return Ok((url.to_owned(), None, None));
    };
    let (mut mode, mut root, mut others) = (None, None, Vec::new());
    for pair in url[mark + 1..].split('&') {
        let value = |text: &str| {
            let decoded = percent_decode_str(text).decode_utf8();
            decoded
                .map(Cow::into_owned)
                .map_err(|_| "it is not UTF-8".to_owned())
        };
        match pair.split_once('=') {
            Some(("sslmode", text)) => mode = Some(value(text)?),
            Some(("sslrootcert", text)) => root = Some(value(text)?),
            _ if pair.is_empty() => {}
            _ => others.push(pair),
        }
    }
    let root = root.filter(|path| !path.is_empty());
    let mut rest = url[..mark].to_owned();
    if !others.is_empty() {
        rest.push('?');
        rest.push_str(&others.join("&"));
    }
    Ok((rest, mode, root))
}

impl Encryption {
    /// What makes the handshakes; reads the authorities' certificates where they count.
    pub(super) fn connector(&self) -> Result<MakeRustlsConnect, String> {
        let provider = Arc::new(aws_lc_rs::default_provider());
        let builder = ClientConfig::builder_with_provider(Arc::clone(&provider))
            .with_safe_default_protocol_versions()
            .map_err(|error| error.to_string())?;
        let config = match self.check {
            Check::Nothing => builder
                .dangerous()
                .with_custom_certificate_verifier(Arc::new(Anybody(
                    provider.signature_verification_algorithms,
                )))
                .with_no_client_auth(),
            Check::Authority => builder
                .dangerous()
                .with_custom_certificate_verifier(Arc::new(AnyName(self.verifier(provider)?)))
                .with_no_client_auth(),
            Check::AuthorityAndName => builder
                .with_webpki_verifier(self.verifier(provider)?)
                .with_no_client_auth(),
        };
        Ok(MakeRustlsConnect::new(config))
    }

    fn verifier(&self, provider: Arc<CryptoProvider>) -> Result<Arc<WebPkiServerVerifier>, String> {
        let roots = Arc::new(self.authorities.read()?);
        WebPkiServerVerifier::builder_with_provider(roots, provider)
            .build()
            .map_err(|error| error.to_string())
    }
}

impl Authorities {
    fn read(&self) -> Result<RootCertStore, String> {
        let mut roots = RootCertStore::empty();
        match self {
            Self::System => {
                roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
                if roots.is_empty() {
                    return Err(
                        "the system has no authorities; name one with sslrootcert".to_owned()
                    );
                }
            }
            Self::File(path) => {
                let shown = path.display();
                let unusable = || format!("sslrootcert: {shown} holds no certificate in PEM");
                let pem = std::fs::read(path)
                    .map_err(|error| format!("sslrootcert: {shown} cannot be read: {error}"))?;
                for certificate in CertificateDer::pem_slice_iter(&pem) {
                    let certificate = certificate.map_err(|_| unusable())?;
                    roots.add(certificate).map_err(|_| unusable())?;
                }
                if roots.is_empty() {
                    return Err(unusable());
                }
            }
        }
        Ok(roots)
    }
}

/// What is wrong with the encryption, where that is why a connection failed.
pub(super) fn fault(error: &tokio_postgres::Error) -> Option<String> {
    let source = error.source()?;
    // The library has no kind for it.
    if source.to_string() == "server does not support TLS" {
        return Some("the server does not encrypt, and sslmode asks for it".to_owned());
    }
    let said = source.downcast_ref::<std::io::Error>()?.get_ref()?;
    let said = said.downcast_ref::<rustls::Error>()?;
    let rustls::Error::InvalidCertificate(why) = said else {
        return Some(format!("the handshake failed: {said}"));
    };
    Some(match why {
        CertificateError::UnknownIssuer => {
            "no authority in sslrootcert has signed the server's certificate".to_owned()
        }
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
            "the server's certificate is not for the host in the address".to_owned()
        }
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => {
            "the server's certificate has expired".to_owned()
        }
        other => format!("the server's certificate is refused: {other}"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn modes_mean_what_they_mean_to_libpq() {
        let file = || Authorities::File("/etc/bank/ca one.pem".into());
        for (query, mode, check, authorities) in [
            ("", SslMode::Prefer, Check::Nothing, Authorities::System),
            (
                "?sslmode=disable",
                SslMode::Disable,
                Check::Nothing,
                Authorities::System,
            ),
            (
                "?sslmode=prefer",
                SslMode::Prefer,
                Check::Nothing,
                Authorities::System,
            ),
            (
                "?sslmode=require",
                SslMode::Require,
                Check::Nothing,
                Authorities::System,
            ),
            (
                "?sslmode=require&sslrootcert=%2Fetc/bank/ca%20one.pem",
                SslMode::Require,
                Check::Authority,
                file(),
            ),
            (
                "?sslrootcert=/etc/bank/ca%20one.pem&connect_timeout=3&sslmode=verify-ca",
                SslMode::Require,
                Check::Authority,
                file(),
            ),
            (
                "?sslmode=verify-full&sslrootcert=/etc/bank/ca one.pem",
                SslMode::Require,
                Check::AuthorityAndName,
                file(),
            ),
            (
                "?sslmode=verify-full",
                SslMode::Require,
                Check::AuthorityAndName,
                Authorities::System,
            ),
        ] {
            let url = format!("postgres://u:p?x@db.bank.test:5433/d{query}");
            let (config, encryption) = read(&url).unwrap();
            assert_eq!(config.get_ssl_mode(), mode, "{query}");
            assert_eq!(encryption, Encryption { check, authorities }, "{query}");
            assert_eq!(config.get_password(), Some(b"p?x".as_slice()), "{query}");
            assert_eq!(config.get_dbname(), Some("d"), "{query}");
        }
        let (config, _) = read("postgres://u@%2Frun%2Fpg/d?sslmode=verify-full").unwrap();
        assert_eq!(config.get_ssl_mode(), SslMode::Disable, "a Unix socket");
    }

    #[test]
    fn what_would_be_weaker_than_it_looks_is_refused() {
        for (url, why) in [
            (
                "postgres://u:secret@h/d?sslmode=allow",
                "no encryption first",
            ),
            ("postgres://u:secret@h/d?sslmode=verify", "no such sslmode"),
            (
                "postgres://u:secret@h/d?sslmode=verify-ca",
                "sslrootcert=FILE",
            ),
            (
                "postgres://u:secret@h/d?sslmode=require&sslrootcert=system",
                "sslrootcert=FILE",
            ),
            (
                "host=h password=secret sslmode=verify-full",
                "in a URL only",
            ),
            ("postgres://u:secret@h/d?sslrootcert=%FF", "UTF-8"),
        ] {
            let said = read(url).map(drop).unwrap_err();
            assert!(
                said.contains(why) && !said.contains("secret"),
                "{url}: {said}"
            );
        }
    }
}
