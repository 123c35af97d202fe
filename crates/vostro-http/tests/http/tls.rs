//! TLS over real sockets: the certificate, its replacement, and what is no handshake.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use rcgen::{CertifiedKey, generate_simple_self_signed};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::oneshot;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tokio_rustls::rustls::crypto::aws_lc_rs;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName};
use tokio_rustls::rustls::{ClientConfig, RootCertStore};
use vostro_http::{Drained, Tls, listen};

use crate::world::{World, world, world_with};

struct Made {
    certificate: String,
    key: String,
    der: CertificateDer<'static>,
}

fn made() -> Made {
    let CertifiedKey { cert, signing_key } =
        generate_simple_self_signed(vec!["bank.test".to_owned()]).unwrap();
    Made {
        certificate: cert.pem(),
        key: signing_key.serialize_pem(),
        der: cert.der().clone(),
    }
}

async fn connect(address: SocketAddr, trusted: &Made) -> std::io::Result<TlsStream<TcpStream>> {
    let mut roots = RootCertStore::empty();
    roots.add(trusted.der.clone()).unwrap();
    let provider = Arc::new(aws_lc_rs::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let stream = TcpStream::connect(address).await?;
    let name = ServerName::try_from("bank.test").unwrap();
    TlsConnector::from(Arc::new(config))
        .connect(name, stream)
        .await
}

async fn ask(stream: &mut TlsStream<TcpStream>) -> String {
    let request = "GET /health HTTP/1.1\r\nHost: bank.test\r\n\r\n";
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = vec![0; 64 << 10];
    let read = stream.read(&mut answer).await.unwrap();
    String::from_utf8_lossy(&answer[..read]).into_owned()
}

fn start(
    world: &World,
) -> (
    SocketAddr,
    oneshot::Sender<()>,
    tokio::task::JoinHandle<Drained>,
) {
    let listener = listen("127.0.0.1:0".parse().unwrap()).unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, told) = oneshot::channel::<()>();
    let (router, edge) = (world.concierge.clone(), world.edge.clone());
    let ended = tokio::spawn(async move {
        let told = async {
            let _ = told.await;
        };
        vostro_http::serve(listener, router, &edge, told, Duration::from_secs(10)).await
    });
    (address, stop, ended)
}

#[tokio::test]
async fn a_certificate_is_replaced_and_no_connection_is_dropped_for_it() {
    let (first, second) = (made(), made());
    let tls = Tls::new(first.certificate.as_bytes(), first.key.as_bytes()).unwrap();
    let kept = tls.clone();
    let world = world_with(move |settings| settings.tls = Some(tls));
    let (address, stop, ended) = start(&world);

    let mut old = connect(address, &first).await.unwrap();
    let answer = ask(&mut old).await;
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    let strict = "strict-transport-security: max-age=63072000; includeSubDomains";
    assert!(answer.contains(strict), "{answer}");
    assert!(connect(address, &second).await.is_err(), "not yet");

    kept.replace(second.certificate.as_bytes(), second.key.as_bytes())
        .unwrap();
    let mut new = connect(address, &second).await.unwrap();
    assert!(ask(&mut new).await.starts_with("HTTP/1.1 200"));
    assert!(ask(&mut old).await.starts_with("HTTP/1.1 200"), "goes on");
    assert!(connect(address, &first).await.is_err(), "no more");

    // What cannot be used changes nothing.
    for (certificate, key) in [
        (&first.certificate, &second.key),
        (&first.key, &first.key),
        (&first.certificate, &first.certificate),
    ] {
        assert!(
            kept.replace(certificate.as_bytes(), key.as_bytes())
                .is_err()
        );
    }
    assert!(connect(address, &second).await.is_ok());
    drop((old, new));
    stop.send(()).unwrap();
    assert_eq!(ended.await.unwrap(), Drained::Completely);
}

#[tokio::test]
async fn what_is_no_handshake_gets_nothing_and_holds_nothing_up() {
    let cert = made();
    let tls = Tls::new(cert.certificate.as_bytes(), cert.key.as_bytes()).unwrap();
    let world = world_with(|settings| {
        settings.tls = Some(tls);
        settings.deadlines.head = Duration::from_millis(100);
        settings.sizes.connections = 2;
    });
    let (address, stop, ended) = start(&world);
    // Plain HTTP, and two that never say anything: they are let go, and the next is served.
    for bytes in [
        b"GET /health HTTP/1.1\r\nHost: x\r\n\r\n".as_slice(),
        b"",
        b"\x16\x03",
    ] {
        let mut stream = TcpStream::connect(address).await.unwrap();
        stream.write_all(bytes).await.unwrap();
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer).await;
        assert!(!answer.starts_with(b"HTTP/"), "{answer:?}");
    }
    let mut stream = connect(address, &cert).await.unwrap();
    assert!(ask(&mut stream).await.starts_with("HTTP/1.1 200"));
    drop(stream);
    stop.send(()).unwrap();
    assert_eq!(ended.await.unwrap(), Drained::Completely);
}

#[tokio::test]
async fn without_a_certificate_no_browser_is_told_to_insist_on_one() {
    let world = world();
    let (address, stop, _ended) = start(&world);
    let mut stream = TcpStream::connect(address).await.unwrap();
    let request = b"GET /health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
    stream.write_all(request).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    assert!(!answer.contains("strict-transport-security"));
    drop(stop);
}
