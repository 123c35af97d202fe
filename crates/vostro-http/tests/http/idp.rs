//! An identity provider in miniature: keys that sign, and the set that says which they are.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair};
use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD as BASE64;
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use serde_json::{Value, json};
use vostro_http::{Jwt, JwtAlgorithm, JwtSettings, KeySource};

use crate::world::NOW;

pub(crate) const ISSUER: &str = "https://idp.bank.example";
pub(crate) const AUDIENCE: &str = "vostro";

/// A pair of keys with its id.
pub(crate) struct SigningKey {
    id: String,
    private: EncodingKey,
    point: Vec<u8>,
}

impl SigningKey {
    pub(crate) fn new(id: &str) -> Self {
        let random = SystemRandom::new();
        let pkcs8 =
            EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &random).unwrap();
        let pair =
            EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, pkcs8.as_ref()).unwrap();
        Self {
            id: id.to_owned(),
            private: EncodingKey::from_ec_der(pkcs8.as_ref()),
            point: pair.public_key().as_ref().to_vec(),
        }
    }

    /// The public half, as a set lists it (RFC 7518, section 6.2.1).
    pub(crate) fn public(&self) -> Value {
        let (x, y) = (&self.point[1..33], &self.point[33..65]);
        json!({
            "kty": "EC", "crv": "P-256", "kid": self.id, "use": "sig", "alg": "ES256",
            "x": BASE64.encode(x), "y": BASE64.encode(y),
        })
    }

    /// The bytes of the public key, for who would use them as a secret.
    pub(crate) fn point(&self) -> &[u8] {
        &self.point
    }

    pub(crate) fn sign(&self, claims: &Value) -> String {
        let mut header = Header::new(Algorithm::ES256);
        header.kid = Some(self.id.clone());
        self.sign_with(&header, claims)
    }

    pub(crate) fn sign_with(&self, header: &Header, claims: &Value) -> String {
        encode(header, claims, &self.private).unwrap()
    }
}

/// The claims of a good token.
pub(crate) fn claims(subject: &str, scope: &str) -> Value {
    json!({
        "iss": ISSUER, "aud": AUDIENCE, "sub": subject, "scope": scope,
        "exp": NOW + 300, "nbf": NOW - 300, "iat": NOW - 300,
    })
}

pub(crate) fn set(keys: &[&SigningKey]) -> Value {
    json!({ "keys": keys.iter().map(|key| key.public()).collect::<Vec<_>>() })
}

pub(crate) fn settings(keys: KeySource) -> JwtSettings {
    JwtSettings {
        issuer: ISSUER.to_owned(),
        audience: AUDIENCE.to_owned(),
        algorithms: vec![JwtAlgorithm::named("ES256").unwrap()],
        keys,
        keys_max_age: Duration::from_mins(10),
        leeway: Duration::from_secs(30),
    }
}

/// A verifier that reads its keys from a file with this set.
pub(crate) fn verifier(set: &Value) -> (Arc<Jwt>, tempfile::TempPath) {
    let file = tempfile::NamedTempFile::new().unwrap().into_temp_path();
    std::fs::write(&file, set.to_string()).unwrap();
    let source = KeySource::File(PathBuf::from(&*file));
    (Arc::new(Jwt::new(settings(source)).unwrap()), file)
}
