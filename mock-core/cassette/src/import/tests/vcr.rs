//! The cassettes of vcrpy, VCR for Ruby and go-vcr.

use super::{converted, pairs, read, unread};

#[test]
fn a_cassette_of_vcrpy_is_read() {
    let cassette = read(
        r#"interactions:
- request:
    body: '{"a": 1}'
    headers:
      Accept: ['*/*']
      Content-Type:
      - application/json
    method: POST
    uri: https://api.example.com/v1/messages?a=1
  response:
    body:
      string: !!binary |
        H4sIAAAAAAAA
        /w==
    headers:
      Content-Encoding: [gzip]
      Set-Cookie: [a, b]
    status: {code: 200, message: OK}
- request: {body: null, headers: {}, method: GET, uri: 'http://a/'}
  response:
    content: plain
    headers: {content-encoding: [gzip]}
    http_version: HTTP/1.1
    status_code: 404
version: 1
"#,
    );
    let [first, second] = cassette.interactions() else {
        panic!("{cassette:?}");
    };
    assert_eq!(
        (first.path.as_str(), &*first.request_body),
        ("/v1/messages", &br#"{"a": 1}"#[..])
    );
    assert_eq!(first.body, [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff]);
    assert_eq!(
        first.headers,
        pairs(&[
            ("Content-Encoding", "gzip"),
            ("Set-Cookie", "a"),
            ("Set-Cookie", "b")
        ])
    );
    assert_eq!(
        (second.status, &*second.body, second.headers.len()),
        (404, &b"plain"[..], 0)
    );
    let keys: Vec<_> = unread(&cassette).into_iter().map(|(_, key)| key).collect();
    assert_eq!(
        keys,
        [
            "interactions[0].request.uri (the host)",
            "interactions[0].response.status.message",
            "interactions[1].request.uri (the host)",
            "interactions[1].response.headers.content-encoding (the body is recorded without it)",
            "interactions[1].response.http_version",
        ]
    );
    converted(&cassette);
    // The same in JSON.
    let json = read(
        r#"{"version": 1, "interactions": [{"request": {"method": "GET", "uri": "/a", "body": null, "headers": {"a": ["b"]}}, "response": {"status": {"code": 200}, "headers": {}, "body": {"string": "hi"}}}]}"#,
    );
    assert_eq!(json.interactions()[0].body, b"hi");
    assert_eq!(unread(&json), []);
}

#[test]
fn a_cassette_of_vcr_for_ruby_is_read() {
    let cassette = read(
        r#"---
http_interactions:
- request:
    method: post
    uri: https://api.example.com/v1/chat/completions
    body:
      encoding: UTF-8
      string: '{"a":1}'
    headers:
      Accept:
      - "*/*"
  response:
    status:
      code: 200
      message: OK
    headers:
      Etag:
      - ! '"1"'
    body:
      encoding: ASCII-8BIT
      base64_string: "aGkh\n"
    http_version: null
  recorded_at: Tue, 01 Nov 2011 04:49:54 GMT
recorded_with: VCR 6.0.0
"#,
    );
    let interaction = &cassette.interactions()[0];
    assert_eq!(
        (interaction.method.as_str(), &*interaction.body),
        ("POST", &b"hi!"[..])
    );
    assert_eq!(interaction.headers, pairs(&[("Etag", "\"1\"")]));
    let keys: Vec<_> = unread(&cassette).into_iter().map(|(_, key)| key).collect();
    assert_eq!(
        keys,
        [
            "http_interactions[0].request.uri (the host)",
            "http_interactions[0].response.status.message",
            "http_interactions[0].response.http_version",
            "http_interactions[0].recorded_at",
            "recorded_with",
        ]
    );
    converted(&cassette);
}

#[test]
fn a_cassette_of_go_vcr_is_read() {
    let cassette = read(
        "---\nversion: 2\ninteractions:\n- id: 0\n  request: {method: POST, url: 'https://a/v1?x=1', body: q, headers: {A: [b]}}\n  response: {status: 200 OK, code: 200, body: answer, duration: 12ms}\n",
    );
    let interaction = &cassette.interactions()[0];
    assert_eq!(
        (interaction.path.as_str(), &*interaction.body),
        ("/v1", &b"answer"[..])
    );
    converted(&cassette);
}
