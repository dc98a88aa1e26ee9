//! HTTP archives.

use super::{converted, pairs, read, unread};

pub(super) const HAR: &str = r#"{
  "log": {
    "version": "1.2",
    "creator": {"name": "browser", "version": "1"},
    "entries": [
      {
        "startedDateTime": "2026-01-01T00:00:00Z",
        "request": {
          "method": "POST",
          "url": "https://api.example.com/v1/messages?beta=true&q=a%20b#x",
          "headers": [{"name": ":path", "value": "/v1/messages"}, {"name": "content-type", "value": "application/json"}],
          "queryString": [{"name": "beta", "value": "true"}],
          "postData": {"mimeType": "application/json", "text": "{\"a\": \"\u00e9 \ud83d\ude00\"}"}
        },
        "response": {
          "status": 201,
          "statusText": "Created",
          "headers": [{"name": "Content-Encoding", "value": "gzip"}, {"name": "x", "value": "1"}, {"name": "x", "value": "2"}],
          "content": {"size": 3, "mimeType": "text/plain", "text": "aGkh", "encoding": "base64"}
        }
      },
      {"request": {"method": "GET", "url": "https://api.example.com"}, "response": {"status": 0}},
      {"request": {"method": "GET", "url": "/v1/models"}, "response": {"status": 200, "content": {"size": 10}}}
    ]
  }
}"#;

#[test]
fn an_http_archive_is_read() {
    let cassette = read(HAR);
    let [first, second] = cassette.interactions() else {
        panic!("{cassette:?}");
    };
    assert_eq!(
        (first.line, first.method.as_str(), first.path.as_str()),
        (6, "POST", "/v1/messages")
    );
    assert_eq!(first.query, pairs(&[("beta", "true"), ("q", "a b")]));
    assert_eq!(
        first.request_headers,
        pairs(&[("content-type", "application/json")])
    );
    assert_eq!(first.request_body, "{\"a\": \"é 😀\"}".as_bytes());
    assert_eq!((first.status, &*first.body), (201, &b"hi!"[..]));
    assert_eq!(first.headers, pairs(&[("x", "1"), ("x", "2")]));
    assert_eq!((second.path.as_str(), second.status), ("/v1/models", 200));
    assert_eq!(
        unread(&cassette),
        [
            (10, "log.entries[0].request.url (the host)"),
            (
                15,
                "log.entries[0].response.headers.Content-Encoding (the body is recorded without it)"
            ),
            (17, "log.entries[0].response.statusText"),
            (7, "log.entries[0].startedDateTime"),
            (22, "log.entries[1] (it has no response)"),
            (
                23,
                "log.entries[2].response.content.text (the body was not exported)"
            ),
            (4, "log.creator"),
        ]
    );
    converted(&cassette);
}
