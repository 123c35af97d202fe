//! The connections that Vostro itself makes, over TLS: to the other roles and to Valkey. Whose certificate is not one of the
//! named authority is not talked to.

use std::sync::Arc;
use std::time::Duration;

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use vostro_dialogue::ports::{Guard as _, GuardRequest};
use vostro_guardrails::Direction;
use vostro_http::client::{
    ClientSettings, ClientSetupError, FallbackPolicy, RemoteGuard, RemoteKnowledge,
};
use vostro_http::{Tls, listen};

use crate::world::world_with;

/// An authority, and a certificate of it for `localhost` with its key, all in PEM.
pub(crate) struct Signed {
    pub(crate) authority: String,
    pub(crate) certificate: String,
    pub(crate) key: String,
}

pub(crate) fn signed() -> Signed {
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let issuer = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
    let key = KeyPair::generate().unwrap();
    let params = CertificateParams::new(vec!["localhost".to_owned()]).unwrap();
    Signed {
        authority: issuer.pem(),
        certificate: params.signed_by(&key, &issuer).unwrap().pem(),
        key: key.serialize_pem(),
    }
}

/// A role behind TLS; how it is called with this authority.
fn served(by: &Signed, authority: &Signed) -> ClientSettings {
    let tls = Tls::new(by.certificate.as_bytes(), by.key.as_bytes()).unwrap();
    let world = world_with(|settings| settings.tls = Some(tls));
    let listener = listen("127.0.0.1:0".parse().unwrap()).unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        let never = std::future::pending();
        vostro_http::serve(
            listener,
            world.guardrails.clone(),
            &world.edge,
            never,
            Duration::ZERO,
        )
        .await
    });
    ClientSettings {
        timeout: Duration::from_secs(20),
        connect_timeout: Duration::from_secs(5),
        authority: Some(authority.authority.clone().into_bytes()),
        ..ClientSettings::new(format!("https://localhost:{port}"))
    }
}

#[tokio::test]
async fn another_role_is_called_over_tls_and_only_with_a_certificate_of_the_authority() {
    let (ours, other) = (signed(), signed());
    let metrics = Arc::new(vostro_telemetry::Metrics::new("1.2.3"));
    let guard = |settings: &ClientSettings| {
        RemoteGuard::new(settings, FallbackPolicy::Closed, Arc::clone(&metrics)).unwrap()
    };
    let request = || GuardRequest {
        text: "My SSN is 123-45-6789",
        direction: Direction::Input,
    };
    let right = served(&ours, &ours);
    let verdict = guard(&right).check(request()).await.unwrap();
    assert!(verdict.has_pii && !verdict.masked_text.contains("6789"));

    let wrong = served(&ours, &other);
    assert!(guard(&wrong).check(request()).await.is_err(), "another's");
    let systems = ClientSettings {
        authority: None,
        ..right.clone()
    };
    assert!(
        guard(&systems).check(request()).await.is_err(),
        "the system's"
    );
    let by_address = right.base_url.replace("localhost", "127.0.0.1");
    let renamed = ClientSettings {
        base_url: by_address,
        ..right.clone()
    };
    assert!(
        guard(&renamed).check(request()).await.is_err(),
        "another name"
    );
    let plain = right.base_url.replace("https", "http");
    let plain = ClientSettings {
        base_url: plain,
        ..right.clone()
    };
    assert!(
        guard(&plain).check(request()).await.is_err(),
        "not over TLS"
    );

    let none = ClientSettings {
        authority: Some(b"no PEM".to_vec()),
        ..right
    };
    let error = RemoteKnowledge::new(&none, Arc::new(vostro_telemetry::Metrics::new("1")))
        .map(drop)
        .unwrap_err();
    assert!(matches!(error, ClientSetupError::Authority), "{error}");
}
