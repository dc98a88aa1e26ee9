//! Requests with compressed bodies.

use mock_core::{MockServer, provider_test};

use crate::raw_client::{CHAT, Client, MESSAGES, Reply, chat, message};

async fn post(
    server: &MockServer,
    path: &str,
    encoding: &'static str,
    body: impl Into<Vec<u8>>,
) -> Reply {
    let mut client = Client::new(server)
        .await
        .header("content-encoding", encoding);
    let body: Vec<u8> = body.into();
    client.ask("POST", path, body).await.expect("an answer")
}

fn assert_rejected(reply: &Reply, status: u16, parts: &[&str]) {
    assert_eq!(reply.status, status, "{}", reply.text);
    for part in parts {
        assert!(reply.text.contains(part), "{part}: {}", reply.text);
    }
}

#[provider_test]
async fn an_unknown_encoding_is_rejected_by_its_name(
    #[mock(reply("Hi."), allow = [unused_turns])] server: MockServer,
) {
    for path in [CHAT, MESSAGES] {
        let reply = post(&server, path, "gzip, snappy", "x").await;
        assert_rejected(&reply, 415, &["`content-encoding: snappy`"]);
    }
    assert!(server.calls().is_empty());
}

#[provider_test]
async fn a_body_with_no_encoding_or_identity_is_read_as_it_is(
    #[mock(reply("Hi.").times(4))] server: MockServer,
) {
    for encoding in ["", " ", "identity, identity"] {
        let reply = post(&server, CHAT, encoding, chat("a").to_string()).await;
        assert_eq!(reply.status, 200, "{encoding:?}: {}", reply.text);
    }
    let reply = post(&server, MESSAGES, "identity", message("a").to_string()).await;
    assert_eq!(reply.status, 200, "{}", reply.text);
}

#[cfg(not(feature = "compression"))]
#[provider_test]
async fn without_the_feature_the_message_names_the_encoding_and_the_feature(
    #[mock(reply("Hi."), allow = [unused_turns])] server: MockServer,
) {
    for (encoding, name) in [
        ("gzip", "gzip"),
        ("deflate", "deflate"),
        ("br", "br"),
        ("identity, ZSTD", "zstd"),
    ] {
        for path in [CHAT, MESSAGES] {
            let reply = post(&server, path, encoding, [31, 139, 8]).await;
            let encoding = format!("`content-encoding: {name}`");
            assert_rejected(&reply, 415, &[&encoding, "`compression`"]);
        }
    }
}

#[cfg(feature = "compression")]
mod decoded {
    use super::*;

    /// One block that is not compressed.
    fn raw_deflate(body: &[u8]) -> Vec<u8> {
        let length = u16::try_from(body.len()).expect("it is short");
        let head = [length.to_le_bytes(), (!length).to_le_bytes()].concat();
        [&[1], &head[..], body].concat()
    }

    fn zlib(body: &[u8]) -> Vec<u8> {
        let (mut low, mut high) = (1_u32, 0_u32);
        for byte in body {
            low = (low + u32::from(*byte)) % 65_521;
            high = (high + low) % 65_521;
        }
        let checksum = ((high << 16) | low).to_be_bytes();
        [&[0x78, 1], &raw_deflate(body)[..], &checksum].concat()
    }

    /// One block that is not compressed.
    fn brotli(body: &[u8]) -> Vec<u8> {
        let length = u32::try_from(body.len()).expect("it is short");
        let head = 0x0b | ((length - 1) << 7) | (1 << 23);
        [&head.to_le_bytes()[..3], body, &[3]].concat()
    }

    /// One block that is not compressed.
    fn zstd(body: &[u8]) -> Vec<u8> {
        let length = u8::try_from(body.len()).expect("it is short");
        let block = ((u32::from(length) << 3) | 1).to_le_bytes();
        let head = [0x28, 0xb5, 0x2f, 0xfd, 0x20, length];
        [&head, &block[..3], body].concat()
    }

    /// `{"model":"gpt-4o","messages":[{"role":"user","content":"hi"}]}`
    const GZIP: &[u8] = &[
        31, 139, 8, 0, 0, 0, 0, 0, 2, 255, 171, 86, 202, 205, 79, 73, 205, 81, 178, 82, 74, 47, 40,
        209, 53, 201, 87, 210, 81, 202, 77, 45, 46, 78, 76, 79, 45, 86, 178, 138, 174, 86, 42, 202,
        207, 73, 5, 74, 150, 22, 167, 22, 1, 165, 146, 243, 243, 74, 82, 243, 74, 128, 2, 25, 153,
        74, 181, 177, 181, 0, 88, 101, 249, 163, 62, 0, 0, 0,
    ];

    #[provider_test]
    async fn each_encoding_is_decoded(#[mock(reply("Hi.").times(7))] server: MockServer) {
        let body = chat("hi").to_string().into_bytes();
        for (encoding, body) in [
            ("gzip", GZIP.to_vec()),
            ("X-Gzip", GZIP.to_vec()),
            ("deflate", zlib(&body)),
            ("deflate", raw_deflate(&body)),
            ("br", brotli(&body)),
            ("zstd", zstd(&body)),
            // The encoding that was applied last is the last in the header.
            ("deflate, br", brotli(&zlib(&body))),
        ] {
            let reply = post(&server, CHAT, encoding, body).await;
            assert_eq!(reply.status, 200, "{encoding}: {}", reply.text);
        }
        for call in server.calls().iter() {
            assert_eq!(call.request().messages[0].text(), "hi");
        }
    }

    #[provider_test]
    async fn a_body_that_does_not_have_its_encoding_is_rejected(
        #[mock(reply("Hi."), allow = [unused_turns])] server: MockServer,
    ) {
        for encoding in ["gzip", "deflate", "br", "zstd"] {
            for body in [&b""[..], b"hello", &[31, 139, 8]] {
                let reply = post(&server, CHAT, encoding, body).await;
                let problem = format!("`content-encoding: {encoding}`, and cannot be decoded");
                assert_rejected(&reply, 400, &[&problem]);
            }
        }
    }

    #[provider_test]
    async fn a_body_is_at_most_as_long_as_the_limit_once_it_is_decoded(
        #[mock(reply("Hi."), allow = [unused_turns])] server: MockServer,
    ) {
        // 2,000 zeros.
        let bomb = [
            31, 139, 8, 0, 0, 0, 0, 0, 2, 3, 99, 96, 24, 5, 163, 96, 20, 140, 130, 81, 48, 10, 70,
            193, 80, 7, 0, 68, 244, 201, 2, 208, 7, 0, 0,
        ];
        server.max_body(1_000);
        let reply = post(&server, CHAT, "gzip", bomb).await;
        assert_rejected(&reply, 413, &["longer than 1000 bytes once it is decoded"]);
    }
}
