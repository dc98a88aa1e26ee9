//! A provider that speaks TLS, on the loopback address.

use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::path::Path;
use std::sync::Arc;
use std::thread;

use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::pem::PemObject as _;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::rustls::{ServerConfig, ServerConnection, Stream};

use crate::helpers::{Run, folder};

fn file(name: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("recorder")
        .join(name)
}

/// Serves one chat answer to each connection, and returns the port.
fn provider() -> u16 {
    let certificate =
        CertificateDer::from_pem_file(file("certificate.pem")).expect("a certificate");
    let key = PrivateKeyDer::from_pem_file(file("key.pem")).expect("a key");
    let config = ServerConfig::builder_with_provider(ring::default_provider().into())
        .with_safe_default_protocol_versions()
        .and_then(|config| {
            config
                .with_no_client_auth()
                .with_single_cert(vec![certificate], key)
        })
        .expect("they fit");
    let config = Arc::new(config);
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("it is bound").port();
    thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.expect("a client");
            let mut session = ServerConnection::new(Arc::clone(&config)).expect("a session");
            let mut tls = Stream::new(&mut session, &mut stream);
            let mut request = Vec::new();
            while !request.ends_with(b"}") {
                let mut bytes = [0; 1_024];
                match tls.read(&mut bytes) {
                    Ok(read @ 1..) => request.extend_from_slice(&bytes[..read]),
                    _ => break,
                }
            }
            let body = r#"{"model":"gpt-4o","choices":[{"index":0,"message":{"role":"assistant","content":"over TLS"},"finish_reason":"stop"}]}"#;
            let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n", body.len());
            let _ = tls.write_all(format!("{head}{body}").as_bytes());
            let _ = tls.flush();
        }
    });
    port
}

#[test]
fn s100_a_provider_that_speaks_tls_is_checked_by_the_certificates_of_the_system() {
    let folder = folder("tls");
    let url = format!("https://localhost:{}/v1", provider());
    let run = Run::new(&folder, &["swallows"]).upstream(&url);
    // The system does not know the certificate.
    let ended = run.mode("record").go();
    ended.assert_fails();
    ended.assert_says("does not answer");
    ended.assert_says("certificate");

    let certificate = file("certificate.pem");
    let run = run.variable("SSL_CERT_FILE", &certificate.to_string_lossy());
    run.mode("record").go().assert_passes();
    let recorded = folder.join("tests/cassettes/recorder__child_tests__swallows.yaml");
    let text = std::fs::read_to_string(recorded).expect("it is recorded");
    assert!(text.contains("over TLS"), "{text}");
    run.go().assert_passes();
}
