//! TLS on a port: rustls with a certificate that can be replaced while connections go on.
//!
//! A new certificate holds for the handshakes after it; what was begun under the old one is finished. Reading the
//! files, and looking whether they changed, is left to the binary.

use std::fmt;
use std::sync::{Arc, PoisonError, RwLock};

use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::crypto::{CryptoProvider, aws_lc_rs};
use tokio_rustls::rustls::pki_types::pem::PemObject as _;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::rustls::server::{ClientHello, ResolvesServerCert};
use tokio_rustls::rustls::sign::CertifiedKey;
use tokio_rustls::rustls::{Error, ServerConfig};

/// Why a certificate cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// No certificate is in the file.
    #[error("the certificate file holds no certificate in PEM")]
    NoCertificate,
    /// No key is in the file.
    #[error("the key file holds no private key in PEM")]
    NoKey,
    /// They do not fit each other, or cannot be used.
    #[error("certificate and key cannot be used together")]
    Unfit(#[source] Error),
}

/// A certificate with its key, and how handshakes are made with it.
#[derive(Clone)]
pub struct Tls {
    current: Arc<Current>,
    acceptor: TlsAcceptor,
}

impl fmt::Debug for Tls {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Tls")
    }
}

/// The certificate of the moment.
#[derive(Debug)]
struct Current {
    provider: Arc<CryptoProvider>,
    key: RwLock<Arc<CertifiedKey>>,
}

impl ResolvesServerCert for Current {
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        let key = self.key.read().unwrap_or_else(PoisonError::into_inner);
        Some(Arc::clone(&key))
    }
}

fn certified(
    provider: &CryptoProvider,
    certificate: &[u8],
    key: &[u8],
) -> Result<Arc<CertifiedKey>, TlsError> {
    let chain: Vec<_> = CertificateDer::pem_slice_iter(certificate)
        .collect::<Result<_, _>>()
        .map_err(|_| TlsError::NoCertificate)?;
    if chain.is_empty() {
        return Err(TlsError::NoCertificate);
    }
    let key = PrivateKeyDer::from_pem_slice(key).map_err(|_| TlsError::NoKey)?;
    let certified = CertifiedKey::from_der(chain, key, provider).map_err(TlsError::Unfit)?;
    certified.keys_match().map_err(TlsError::Unfit)?;
    Ok(Arc::new(certified))
}

impl Tls {
    /// A certificate chain and its private key, in PEM.
    pub fn new(certificate: &[u8], key: &[u8]) -> Result<Self, TlsError> {
        let provider = Arc::new(aws_lc_rs::default_provider());
        let key = RwLock::new(certified(&provider, certificate, key)?);
        let current = Arc::new(Current {
            provider: Arc::clone(&provider),
            key,
        });
        let mut config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(TlsError::Unfit)?
            .with_no_client_auth()
            .with_cert_resolver(Arc::clone(&current) as _);
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(Self {
            current,
            acceptor: TlsAcceptor::from(Arc::new(config)),
        })
    }

    /// Puts another certificate in the place of this one; with an error the old one stays.
    pub fn replace(&self, certificate: &[u8], key: &[u8]) -> Result<(), TlsError> {
        let next = certified(&self.current.provider, certificate, key)?;
        let current = &self.current.key;
        *current.write().unwrap_or_else(PoisonError::into_inner) = next;
        Ok(())
    }

    pub(crate) fn acceptor(&self) -> &TlsAcceptor {
        &self.acceptor
    }
}
