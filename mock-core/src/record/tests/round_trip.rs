//! What a client gets from a provider, from a recorder in front of it, and from the recording.

use super::provider::{Got, ask, chunked, request};
use super::*;

/// How a body is framed.
#[derive(Debug, Clone, Copy)]
enum Framing {
    Length,
    Chunks(usize),
    Close,
}

fn bodies() -> Vec<(&'static str, Vec<u8>)> {
    let events = "data: {\"a\":\"18 °C\"}\n\ndata: {\"b\":\"\u{1f600}\"}\n\ndata: [DONE]\n\n";
    let lines = "{\"done\":false}\n{\"done\":true}\n";
    let all_bytes: Vec<u8> = (0..=255).collect();
    vec![
        ("application/json", Vec::new()),
        (
            "application/json",
            b"{\"id\": \"1\",  \"text\": \"\xc2\xb0\"}".to_vec(),
        ),
        ("text/event-stream", events.into()),
        (
            "text/event-stream; charset=utf-8",
            events.replace('\n', "\r\n").into(),
        ),
        ("application/x-ndjson", lines.into()),
        ("text/plain", b"  no end of line, \ttabs \x07".to_vec()),
        ("text/plain", b"\n\n\n".to_vec()),
        ("text/plain", "a\u{2028}b\u{feff}c\r\n--- \n...\n".into()),
        ("audio/mpeg", all_bytes.repeat(3)),
        ("application/octet-stream", vec![0xff; 300 * 1024]),
        ("text/html", "<p>é</p>\n".repeat(40_000).into()),
    ]
}

fn answer(status: &str, content_type: &str, framing: Framing, body: &[u8]) -> Answer {
    let mut head = format!(
        "HTTP/1.1 {status}\r\ncontent-type: {content_type}\r\nX-Served-By: Me\r\nX-Twice: a=1\r\nx-twice: b=2\r\nDate: Sun, 29 Nov 2026 16:00:00 GMT\r\nconnection: close\r\n"
    );
    let body = match framing {
        Framing::Length => {
            head += &format!("content-length: {}\r\n", body.len());
            body.to_vec()
        }
        Framing::Chunks(size) => {
            head += "transfer-encoding: chunked\r\n";
            chunked(body.chunks(size))
        }
        Framing::Close => body.to_vec(),
    };
    head += "\r\n";
    Answer::whole([head.as_bytes(), &body].concat())
}

/// What a client gets directly, from the recorder, and from the recording.
async fn three_ways(name: &str, answer: Answer, request: &[u8]) -> [Got; 3] {
    let provider = Provider::new(vec![answer]).await;
    let file = new_file(name);
    let direct = ask(provider.address, request).await;
    let (recorder, server) = record(&file, RecordMode::Record, &provider);
    let recorded = ask(server.addr(), request).await;
    recorder.finish().await.expect("it is written");
    server.verify().expect("nothing is wrong");
    assert_eq!(server.calls().len(), 1);
    drop((recorder, server));

    let (_, server) = record(&file, RecordMode::Replay, &provider);
    let replayed = ask(server.addr(), request).await;
    server.verify().expect("it is what was recorded");
    assert_eq!(server.calls().len(), 1);
    assert_eq!(provider.requests().len(), 2, "a replay asks nobody");
    [direct, recorded, replayed]
}

#[tokio::test]
async fn s100_bytes_status_and_headers_are_those_of_the_provider_and_a_replay_repeats_them() {
    let mut tried = 0;
    for (content_type, body) in bodies() {
        let framings = match body.len() {
            0..2_000 => vec![
                Framing::Length,
                Framing::Chunks(1),
                Framing::Chunks(7),
                Framing::Chunks(4_000),
                Framing::Close,
            ],
            _ => vec![Framing::Length, Framing::Chunks(5_000), Framing::Close],
        };
        for framing in framings {
            let statuses = ["200 OK", "429 Too Many Requests", "201 Created", "529 "];
            let statuses = match body.len() {
                0..2_000 => &statuses[..],
                _ => &statuses[..2],
            };
            for status in statuses {
                tried += 1;
                let name = format!("{tried}: {status} {content_type} {framing:?}");
                let answer = answer(status, content_type, framing, &body);
                let request = request("POST /v1/x?a=b%20c", "", b"{\"q\": 1}");
                let [direct, recorded, replayed] =
                    three_ways(&format!("spread{tried}"), answer, &request).await;
                assert!(direct.is_whole && direct.body() == body, "{name}");
                if let Framing::Chunks(..=4_000) = framing {
                    assert_eq!(recorded.chunks, direct.chunks, "{name}");
                }
                for got in [&recorded, &replayed] {
                    assert_eq!(got.status.trim_end(), direct.status.trim_end(), "{name}");
                    assert_eq!(got.headers, direct.headers, "{name}");
                    assert!(got.is_whole && got.body() == body, "{name}");
                }
            }
        }
    }
}

#[tokio::test]
async fn s100_any_method_and_path_is_passed_on() {
    let lengths =
        "HTTP/1.1 200 OK\r\ncontent-length: 5\r\netag: \"1\"\r\nconnection: close\r\n\r\n";
    let compressed = "HTTP/1.1 200 OK\r\ncontent-encoding: br\r\ncontent-length: 5\r\nconnection: close\r\n\r\n\x0b\x01\x1a\x03\x7f";
    let cases: [(&str, &[u8], String); 8] = [
        ("GET /compressed", b"", compressed.to_owned()),
        ("GET /", b"", format!("{lengths}hello")),
        ("HEAD /v1/files/a%3Ab", b"", lengths.to_owned()),
        ("PUT /v1/x", b"\x00\xff", format!("{lengths}hello")),
        ("PATCH /v1/x?alt=sse", b"{}", format!("{lengths}hello")),
        ("DELETE /v1/x", b"", "HTTP/1.1 204 No Content\r\nconnection: close\r\n\r\n".into()),
        ("GET /v1/x", b"", "HTTP/1.1 304 Not Modified\r\netag: \"1\"\r\ncontent-length: 5\r\nconnection: close\r\n\r\n".into()),
        ("GET /unknown", b"", "HTTP/1.1 404 Nope\r\ncontent-length: 0\r\nconnection: close\r\n\r\n".into()),
    ];
    for (index, (line, body, answer)) in cases.into_iter().enumerate() {
        let request = request(line, "", body);
        let [direct, recorded, replayed] =
            three_ways(&format!("method{index}"), Answer::whole(answer), &request).await;
        for got in [&recorded, &replayed] {
            assert_eq!(got.body(), direct.body(), "{line}");
            assert_eq!(got.headers, direct.headers, "{line}");
            let code = |got: &Got| got.status.split(' ').nth(1).map(str::to_owned);
            assert_eq!(code(got), code(&direct), "{line}");
        }
        assert_eq!(recorded.status, direct.status, "{line}");
    }
}

#[cfg(feature = "compression")]
#[tokio::test]
async fn s105_a_compressed_request_is_passed_on_as_it_is_and_written_as_a_text() {
    use std::io::Write as _;

    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder
        .write_all(b"{\"q\": \"Weather?\"}")
        .expect("it has room");
    let body = encoder.finish().expect("it has room");
    let asked = request("POST /v1/x", "content-encoding: gzip\r\n", &body);
    let answer =
        Answer::whole("HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\nok");
    let provider = Provider::new(vec![answer]).await;
    let file = new_file("compressed");
    for mode in [RecordMode::Record, RecordMode::Replay, RecordMode::Missing] {
        let (recorder, server) = record(&file, mode, &provider);
        assert_eq!(ask(server.addr(), &asked).await.text(), "ok");
        recorder.finish().await.expect("it is written");
        server.verify().expect("nothing is wrong");
    }
    assert_eq!(provider.requests().len(), 1);
    let cassette = Cassette::load(&file).expect("it is written");
    let recorded = &cassette.interactions()[0];
    assert_eq!(recorded.request_body, b"{\"q\": \"Weather?\"}");
    let mut names = recorded
        .request_headers
        .iter()
        .map(|(name, _)| name.as_str());
    assert!(names.all(|name| name != "content-encoding"));
}

#[tokio::test]
async fn s105_a_request_that_cannot_be_decoded_is_not_recorded() {
    let answer = || {
        let answer = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\nok";
        Answer::whole(answer)
    };
    let encodings: &[&str] = match cfg!(feature = "compression") {
        true => &["aws-chunked"],
        false => &["aws-chunked", "gzip", "br"],
    };
    for encoding in encodings {
        let provider = Provider::new(vec![answer()]).await;
        let file = new_file(&format!("undecoded-{encoding}"));
        let (recorder, server) = record(&file, RecordMode::Record, &provider);
        let encoded = format!("content-encoding: {encoding}\r\n");
        let asked = request("POST /v1/x", &encoded, b"\x1f\x8b");
        assert_eq!(ask(server.addr(), &asked).await.text(), "ok");
        let error = recorder.finish().await.expect_err("it is not written");
        assert_eq!(error.problem(), RecordProblem::Broken);
        for part in [*encoding, "turn off the compression of requests"] {
            assert!(error.to_string().contains(part), "{error}");
        }
        assert!(!file.exists());
    }
}

#[tokio::test]
async fn s100_an_error_ends_its_call_equally_while_recording_and_in_a_replay() {
    use crate::Outcome;

    let body = r#"{"error":{"message":"Slow down.","type":"requests","param":null,"code":"rate_limit_exceeded"}}"#;
    let question = br#"{"model": "gpt-4o", "messages": [{"role": "user", "content": "a"}]}"#;
    let mut tried = 0;
    for status in ["429 Too Many Requests", "500 Internal Server Error"] {
        for framing in [Framing::Length, Framing::Chunks(7), Framing::Close] {
            for reads_body in [true, false] {
                tried += 1;
                let answer = answer(status, "application/json", framing, body.as_bytes());
                let provider = Provider::new(vec![answer]).await;
                let file = new_file(&format!("rejected{tried}"));
                let mut outcomes = Vec::new();
                for mode in [RecordMode::Record, RecordMode::Replay] {
                    let (recorder, server) = record(&file, mode, &provider);
                    let request = request("POST /v1/chat/completions", "", question);
                    match reads_body {
                        true => drop(ask(server.addr(), &request).await),
                        false => ask_for_head(server.addr(), &request).await,
                    }
                    recorder.finish().await.expect("it is written");
                    outcomes.push(server.calls()[0].outcome().cloned());
                }
                let name = format!("{status} {framing:?} {reads_body}");
                assert!(
                    matches!(outcomes[0], Some(Outcome::Failed(_))),
                    "{name}: {outcomes:?}"
                );
                assert_eq!(outcomes[0], outcomes[1], "{name}");
            }
        }
    }
}

/// Sends a request, and goes as soon as the answer begins.
async fn ask_for_head(address: std::net::SocketAddr, request: &[u8]) {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    let mut client = tokio::net::TcpStream::connect(address)
        .await
        .expect("it listens");
    client.write_all(request).await.expect("it is open");
    let read = client.read(&mut [0; 16]).await.expect("it is open");
    assert_ne!(read, 0);
}
