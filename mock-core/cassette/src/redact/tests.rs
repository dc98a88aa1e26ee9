//! What is replaced, and what stays.

use std::time::Duration;

use super::*;
use crate::compare_redacted_requests::Comparison;
use crate::{Interaction, RecordedFrame};

const KEY: &str = "sk-proj-Zb3kQ9vX2mLp7Rt5Wn8Yc1Df4";

fn redacted(interactions: Vec<Interaction>) -> Vec<Interaction> {
    let cassette = Redaction::default().apply(Cassette::new(interactions));
    cassette.interactions().to_vec()
}

fn with_bodies(request: &str, body: &str) -> Interaction {
    let mut interaction = Interaction::new("POST", "/v1/chat/completions");
    interaction.request_body = request.as_bytes().to_vec();
    interaction.body = body.as_bytes().to_vec();
    interaction
}

fn redacted_text(text: &str) -> String {
    let interaction = redacted(vec![with_bodies(text, "")]).remove(0);
    String::from_utf8(interaction.request_body).expect("it is a text")
}

#[test]
fn each_kind_has_its_replacement() {
    for (text, expected) in [
        (&*format!("the key {KEY}."), "the key [REDACTED]."),
        ("org-Zb3kQ9vX2mLp7Rt5Wn8Yc1Df", "REDACTED"),
        (
            "bob@acme.io, amy@acme.io, bob@acme.io",
            "redacted-1@example.com, redacted-2@example.com, redacted-1@example.com",
        ),
        (
            "/home/bsmith/a C:\\Users\\bsmith\\a",
            "/home/user/a C:\\Users\\user\\a",
        ),
        ("call_Zb3kQ9vX2mLp7Rt5Wn8Yc1Df", "call_REDACTED_1"),
        (
            r#"{"id":"chatcmpl-Zb3kQ9vX2mLp7Rt5"}"#,
            r#"{"id":"chatcmpl-REDACTED_1"}"#,
        ),
        (
            r#"{"id": "D681PevKs", "a": 1.50, "b":"\u00e9 \/"}"#,
            r#"{"id": "RED000001", "a": 1.50, "b":"\u00e9 \/"}"#,
        ),
        (
            r#"{"id": "1f0e3dad-9990-4f0f-bd0e-6b8c1f0e3dad"}"#,
            r#"{"id": "00000000-0000-4000-8000-000000000001"}"#,
        ),
        (
            r#"{"responseId": "Xq8Uaf2z-Hk_9"}"#,
            r#"{"responseId": "id_REDACTED_1"}"#,
        ),
        (
            r#"{"id": "gpt-4o-2024-08-06", "name": "call_weather_2"}"#,
            r#"{"id": "gpt-4o-2024-08-06", "name": "call_weather_2"}"#,
        ),
        (r#"{"id": "call_kqpofucm"}"#, r#"{"id": "call_REDACTED_1"}"#),
        (
            r#"{"a": "{\"password\": \"hunter2\"}"}"#,
            r#"{"a": "{\"password\": \"[REDACTED]\"}"}"#,
        ),
    ] {
        assert_eq!(redacted_text(text), expected);
    }
}

#[test]
fn an_id_in_an_answer_still_pairs_with_that_in_the_next_request() {
    let (one, two) = (
        "call_Zb3kQ9vX2mLp7Rt5Wn8Yc1Df",
        "call_Aa3kQ9vX2mLp7Rt5Wn8Yc1Df",
    );
    let answer = format!(
        "data: {{\"id\":\"chatcmpl-Zb3kQ9vX2mLp7\",\"tool_calls\":[{{\"id\":\"{one}\"}},{{\"id\":\"{two}\"}}]}}\n\n"
    );
    let request =
        format!(r#"{{"messages":[{{"tool_call_id":"{two}"}},{{"tool_call_id":"{one}"}}]}}"#);
    let read = redacted(vec![with_bodies("", &answer), with_bodies(&request, "")]);
    assert_eq!(
        String::from_utf8_lossy(&read[0].body),
        "data: {\"id\":\"chatcmpl-REDACTED_1\",\"tool_calls\":[{\"id\":\"call_REDACTED_1\"},{\"id\":\"call_REDACTED_2\"}]}\n\n"
    );
    assert_eq!(
        String::from_utf8_lossy(&read[1].request_body),
        r#"{"messages":[{"tool_call_id":"call_REDACTED_2"},{"tool_call_id":"call_REDACTED_1"}]}"#
    );
    // Later recordings get numbers of their own.
    let mut more = read.clone();
    more.push(with_bodies("", r#"{"id":"call_Cc3kQ9vX2mLp7Rt5Wn8Yc1Df"}"#));
    let more = redacted(more);
    assert_eq!(more[..2], read);
    assert_eq!(
        String::from_utf8_lossy(&more[2].body),
        r#"{"id":"call_REDACTED_3"}"#
    );
}

#[test]
fn a_text_that_is_split_between_events_is_replaced_in_the_first_one() {
    let event = |text: &str| {
        format!("data: {{\"choices\":[{{\"index\":0,\"delta\":{{\"content\":\"{text}\"}}}}]}}\n\n")
    };
    let body = [
        event("A sk-pr"),
        event("oj-Zb3kQ9vX2mLp"),
        event("7Rt5Wn8Yc1Df4 B"),
    ]
    .concat();
    let read = redacted(vec![with_bodies("", &body)]);
    let expected = [event("A [REDACTED]"), event(""), event(" B")].concat();
    assert_eq!(String::from_utf8_lossy(&read[0].body), expected);
}

#[test]
fn frames_follow_the_body_and_keep_their_gaps() {
    let body = format!("data: {{\"text\":\"{KEY}\"}}\n\ndata: {{\"text\":\" x\"}}\n\n");
    let at = body.find(KEY).expect("it is there");
    // The key is in three frames. The second frame has nothing else.
    let lengths = [at + 4, 10, body.len() - at - 14 - 21, 21];
    let mut interaction = with_bodies("", &body);
    interaction.frames = (1..)
        .zip(lengths)
        .map(|(ms, bytes)| RecordedFrame::new(bytes, Duration::from_millis(ms)))
        .collect();
    let read = redacted(vec![interaction]).remove(0);
    let frames: Vec<_> = read
        .frames
        .iter()
        .map(|frame| (frame.bytes, frame.gap.as_millis()))
        .collect();
    assert_eq!(
        String::from_utf8_lossy(&read.body),
        "data: {\"text\":\"[REDACTED]\"}\n\ndata: {\"text\":\" x\"}\n\n"
    );
    assert_eq!(frames, [(25, 1), (4, 5), (21, 4)]);
}

#[test]
fn kept_secrets_are_not_replaced() {
    let text = format!(
        r#"{{"id": "call_Zb3kQ9vX2mLp7Rt5", "a": "{KEY} bob@acme.io /home/bob/x org-Zb3kQ9vX2mLp7Rt5Wn8Yc1Df"}}"#
    );
    let all = [
        SecretKind::Credential,
        SecretKind::Organization,
        SecretKind::Email,
        SecretKind::LocalPath,
        SecretKind::GeneratedId,
    ];
    let changed = |redaction: Redaction| {
        let cassette = redaction.apply(Cassette::new([with_bodies(&text, "")]));
        String::from_utf8_lossy(&cassette.interactions()[0].request_body).into_owned()
    };
    let nothing = all.into_iter().fold(Redaction::default(), Redaction::keep);
    assert_eq!(changed(nothing), text);
    for (kind, kept) in
        all.into_iter()
            .zip([KEY, "org-Zb3k", "bob@acme.io", "/home/bob", "call_Zb3k"])
    {
        let redacted = changed(Redaction::default().keep(kind));
        assert!(redacted.contains(kept), "{redacted}");
        assert_eq!(
            redacted.matches("edacted").count() + redacted.matches("REDACTED").count(),
            4 - usize::from(kind != SecretKind::LocalPath),
            "{redacted}"
        );
    }
}

#[test]
fn own_rules_replace_in_each_part() {
    let mut interaction = with_bodies(
        r#"{"user": {"name": "Bob", "age": 7}, "n": "cust_9 Bob"}"#,
        "data: {\"n\": \"cust_9\"}\n\n",
    );
    interaction.path = "/v1/cust_9".into();
    interaction.query = vec![("team".into(), "blue".into())];
    interaction.headers = vec![("X-Team".into(), "blue".into())];
    interaction.frames = vec![RecordedFrame::new(interaction.body.len(), Duration::ZERO)];
    let redaction = Redaction::default()
        .json("user", "\"")
        .query("team")
        .header("x-team")
        .pattern("cust_*", "c")
        .text(|text| text.replace("Bob", "B\n"));
    let once = redaction.apply(Cassette::new([interaction]));
    let read = &once.interactions()[0];
    assert_eq!(
        String::from_utf8_lossy(&read.request_body),
        r#"{"user": {"name": "\"", "age": "\""}, "n": "c B\n"}"#
    );
    assert_eq!(
        (
            read.path.as_str(),
            read.query[0].1.as_str(),
            read.headers[0].1.as_str()
        ),
        ("/v1/c", "[REDACTED]", "[REDACTED]")
    );
    assert_eq!(read.body, b"data: {\"n\": \"c\"}\n\n");
    assert_eq!(read.frames[0].bytes, read.body.len());
    assert_eq!(redaction.apply(once.clone()), once);
}

/// A generator of numbers, the same in each run.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6364136223846793005)
            .wrapping_add(1442695040888963407);
        (self.0 >> 33) as usize % end
    }
}

const PIECES: &[&str] = &[
    KEY,
    "AIzaSyZb3kQ9vX2mLp7Rt5Wn8Yc1Df4Gh6Jk0Aa",
    "bob@acme.io",
    "/home/bob/x",
    "C:\\Users\\Bob Smith\\x",
    "call_Zb3kQ9vX2mLp7Rt5",
    "resp_9f86d081884c7d65",
    "1f0e3dad-9990-4f0f-bd0e-6b8c1f0e3dad",
    "D681PevKs",
    "org-Zb3kQ9vX2mLp7Rt5Wn8Yc1Df",
    " ",
    "\n",
    "\"",
    "\\",
    "é",
    "Bearer Zb3kQ9vX2mLp7Rt5",
    "?key=Zb3kQ9vX2mLp7Rt5&a=b",
    "://u:hunter2@h/",
    "-----BEGIN PRIVATE KEY-----",
    "-----END ",
    "tr0ub4dor",
    "redacted-1@example.com",
    "call_REDACTED_1",
    "[REDACTED]",
    "{",
    "}",
    ",",
    "sk-",
    "@",
    "/",
    ".",
    "a",
    "1",
    "_",
    "-",
    "&",
    "data: ",
    "\n\n",
];

fn text(numbers: &mut Numbers) -> String {
    (0..numbers.below(8))
        .map(|_| PIECES[numbers.below(PIECES.len())])
        .collect()
}

fn body(numbers: &mut Numbers) -> Vec<u8> {
    const NAMES: [&str; 8] = [
        "id",
        "content",
        "api_key",
        "tool_call_id",
        "password",
        "organization",
        "text",
        "arguments",
    ];
    let object = |numbers: &mut Numbers| {
        let mut fields = serde_json::Map::new();
        for _ in 0..numbers.below(4) {
            let name = NAMES[numbers.below(NAMES.len())];
            let value = match numbers.below(4) {
                0 => serde_json::json!({ name: text(numbers) }).to_string(),
                1 => PIECES[numbers.below(PIECES.len())].to_owned(),
                _ => text(numbers),
            };
            fields.insert(name.to_owned(), value.into());
        }
        serde_json::Value::Object(fields).to_string()
    };
    match numbers.below(5) {
        0 => text(numbers).into_bytes(),
        1 => object(numbers).into_bytes(),
        2 => (0..numbers.below(5))
            .map(|_| format!("data: {}\n\n", object(numbers)))
            .collect::<String>()
            .into_bytes(),
        3 => (0..numbers.below(5))
            .map(|_| object(numbers) + "\n")
            .collect::<String>()
            .into_bytes(),
        _ => [
            text(numbers).as_bytes(),
            b"\xff\0",
            text(numbers).as_bytes(),
        ]
        .concat(),
    }
}

#[test]
fn a_redacted_cassette_has_no_secrets_and_stays_as_it_is() {
    let mut numbers = Numbers(7);
    let redaction = Redaction::default().environment([("APP_KEY", "tr0ub4dor")]);
    for round in 0..1_000 {
        let mut interaction = Interaction::new("POST", text(&mut numbers));
        interaction.query = vec![
            ("key".into(), text(&mut numbers)),
            ("q".into(), text(&mut numbers)),
        ];
        interaction.request_headers = vec![
            ("authorization".into(), text(&mut numbers)),
            ("x".into(), text(&mut numbers)),
        ];
        interaction.headers = vec![
            ("set-cookie".into(), text(&mut numbers)),
            ("x-request-id".into(), text(&mut numbers)),
        ];
        interaction.request_body = body(&mut numbers);
        interaction.body = body(&mut numbers);
        let half = interaction.body.len() / 2;
        interaction.frames = [half, interaction.body.len() - half]
            .map(|bytes| RecordedFrame::new(bytes, Duration::ZERO))
            .to_vec();
        let shown = format!(
            "{round}: {interaction:#?} {:?} {:?}",
            String::from_utf8_lossy(&interaction.request_body),
            String::from_utf8_lossy(&interaction.body)
        );
        let once = redaction.apply(Cassette::new([interaction]));
        assert_eq!(once.secrets(), [], "{shown}\n{once:#?}");
        let read = &once.interactions()[0];
        assert_eq!(
            read.frames.iter().map(|frame| frame.bytes).sum::<usize>(),
            read.body.len(),
            "{shown}"
        );
        let twice = redaction.apply(once.clone());
        assert_eq!(
            twice,
            once,
            "{shown}\n{:?} {:?}",
            String::from_utf8_lossy(&read.request_body),
            String::from_utf8_lossy(&read.body)
        );
    }
}

#[test]
fn requests_are_compared_after_the_same_redaction() {
    let answer = r#"{"id": "call_Zb3kQ9vX2mLp7Rt5Wn8Yc1Df"}"#;
    let request = |id: &str, mail: &str, home: &str| {
        format!(r#"{{"id": "{id}", "a": "{id} {mail} {home}/x", "key": "{KEY}"}}"#)
    };
    let recorded = request("req_Zb3kQ9vX2mLp7Rt5", "bob@acme.io", "/home/bob");
    let cassette = Redaction::default().apply(Cassette::new([with_bodies(&recorded, answer)]));
    let comparison = Comparison::new(&cassette);
    let canonical = |body: &[u8]| comparison.request("/", &[], body).2;
    let recorded = canonical(&cassette.interactions()[0].request_body);
    let same = request("req_Yc3kQ9vX2mLp7Rt5", "amy@home.io", "/home/amy");
    assert_eq!(canonical(same.as_bytes()), recorded);
    // Another id in one of the two places.
    let other = same.replacen("req_Yc3k", "req_Xc3k", 1);
    assert_ne!(canonical(other.as_bytes()), recorded);
    // The ids that the provider made up are compared.
    let next = |id: &str| canonical(format!(r#"{{"tool_call_id": "{id}"}}"#).as_bytes());
    assert_ne!(next("call_REDACTED_1"), next("call_REDACTED_2"));
    assert_eq!(next("call_REDACTED_2"), next("call_REDACTED_3"));
}

#[cfg(feature = "compression")]
#[test]
fn a_compressed_body_is_searched_and_written_without_compression() {
    use std::io::Write as _;

    let compressed = |text: &str| {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
        encoder.write_all(text.as_bytes()).expect("it is in memory");
        let mut interaction = with_bodies("", "");
        interaction.body = encoder.finish().expect("it is in memory");
        interaction.headers = vec![("Content-Encoding".into(), "gzip".into())];
        interaction.frames = vec![RecordedFrame::new(
            interaction.body.len(),
            Duration::from_millis(5),
        )];
        interaction
    };
    let secret = compressed(&format!("the key {KEY}"));
    let plain = compressed("no key");
    let cassette = Cassette::new([secret, plain.clone()]);
    assert_eq!(cassette.secrets().len(), 1);
    let redacted = Redaction::default().apply(cassette);
    assert_eq!(redacted.secrets(), []);
    let [first, second] = redacted.interactions() else {
        panic!("{redacted:?}");
    };
    assert_eq!(
        (first.body.as_slice(), first.headers.len()),
        (&b"the key [REDACTED]"[..], 0)
    );
    assert_eq!(
        first.frames,
        [RecordedFrame::new(
            first.body.len(),
            Duration::from_millis(5)
        )]
    );
    assert_eq!(*second, plain);
}

#[test]
fn a_file_without_redaction_is_compared_as_it_is() {
    let request = |mail: &str, id: &str| format!(r#"{{"a": "{mail}", "id": "{id}"}}"#);
    let recorded = request("bob@acme.io", "req_Zb3kQ9vX2mLp7Rt5");
    let cassette = Cassette::new([with_bodies(&recorded, "")]);
    let comparison = Comparison::new(&cassette);
    let canonical = |text: &str| comparison.request("/", &[], text.as_bytes()).2;
    // The id is of the run, and the address is not.
    assert_eq!(
        canonical(&recorded),
        canonical(&request("bob@acme.io", "req_Yc3kQ9vX2mLp7Rt5"))
    );
    assert_ne!(
        canonical(&recorded),
        canonical(&request("amy@acme.io", "req_Zb3kQ9vX2mLp7Rt5"))
    );
    // Redacted files can contain the home folder `user`, which belongs to nobody.
    for text in [
        "/home/user/x",
        "/home/runner/x",
        "redacted-1@example.com",
        "nothing",
    ] {
        let comparison = Comparison::new(&Cassette::new([with_bodies(text, "")]));
        let text = |text: &str| comparison.text(text);
        assert_eq!(
            text("/home/bob/x bob@acme.io"),
            text("/Users/amy/x amy@acme.io")
        );
    }
}

#[test]
fn a_placeholder_fits_any_text_within_one_string() {
    for (recorded, sent, fits) in [
        ("team", "team", true),
        ("team", "teams", false),
        ("team [REDACTED]", "team [REDACTED]", true),
        ("team [REDACTED]", "team replayed", true),
        ("team [REDACTED]", "team ", true),
        ("team [REDACTED]", "a team x", false),
        ("[REDACTED] and [REDACTED].", "one and two.", true),
        ("[REDACTED] and [REDACTED].", "one or two.", false),
        ("[REDACTED][REDACTED]", "any", true),
        (r#"["a [REDACTED]"]"#, r#"["a \"b\""]"#, true),
        (r#"["a [REDACTED]"]"#, r#"["a b","c"]"#, false),
        (r#"["[REDACTED]","[REDACTED]"]"#, r#"["a\",\"b","c"]"#, true),
        (r#"["[REDACTED]","[REDACTED]"]"#, r#"["a","b","c"]"#, false),
        (r#"["[REDACTED]"]"#, r#"["\\"]"#, true),
    ] {
        assert_eq!(Comparison::fits(recorded, sent), fits, "{recorded} {sent}");
    }
}

/// One block that is not compressed.
#[cfg(feature = "compression")]
fn in_brotli(body: &[u8]) -> Vec<u8> {
    let length = u32::try_from(body.len()).expect("it is short");
    let head = 0x0b | ((length - 1) << 7) | (1 << 23);
    [&head.to_le_bytes()[..3], body, &[3]].concat()
}

/// One block that is not compressed.
#[cfg(feature = "compression")]
fn in_zstandard(body: &[u8]) -> Vec<u8> {
    let length = u8::try_from(body.len()).expect("it is short");
    let block = ((u32::from(length) << 3) | 1).to_le_bytes();
    let head = [0x28, 0xb5, 0x2f, 0xfd, 0x20, length];
    [&head, &block[..3], body].concat()
}

#[cfg(feature = "compression")]
#[test]
fn bodies_of_brotli_and_zstandard_are_searched_and_redacted() {
    let text = format!("the key {KEY}");
    for (encoding, body) in [
        ("br", in_brotli(text.as_bytes())),
        ("ZSTD", in_zstandard(text.as_bytes())),
        ("br, zstd", in_zstandard(&in_brotli(text.as_bytes()))),
    ] {
        let mut interaction = Interaction::new("GET", "/");
        interaction.headers = vec![("content-encoding".into(), encoding.into())];
        interaction.body = body;
        let cassette = Cassette::new([interaction]);
        assert_eq!(cassette.secrets().len(), 1, "{encoding}");
        let redacted = Redaction::default().apply(cassette);
        assert_eq!(redacted.secrets(), [], "{encoding}");
        let body = String::from_utf8_lossy(&redacted.interactions()[0].body);
        assert_eq!(body, "the key [REDACTED]", "{encoding}");
    }
}

#[test]
fn the_texts_of_fixtures_are_redacted_as_bodies_are() {
    let cassette = Cassette::parse(&format!(
        r#"{{"fixtures": [{{
            "match": {{"userMessage": "I am ada@corp.com"}},
            "response": {{"content": "{KEY} for ada@corp.com", "toolCalls": [
                {{"name": "look", "arguments": {{"api_key": "s3cr3t-and-long"}}}}
            ]}}
        }}, {{
            "match": {{"userMessage": "error"}},
            "response": {{"error": {{"message": "/home/ada/x", "type": "t"}}, "status": 500}}
        }}]}}"#
    ))
    .expect("it is of aimock");
    let redacted = Redaction::default().pattern("corp*", "c").apply(cassette);
    let yaml = redacted.to_yaml();
    for secret in [KEY, "ada@corp.com", "s3cr3t", "/home/ada"] {
        assert!(!yaml.contains(secret), "{secret}: {yaml}");
    }
    assert!(yaml.contains("[REDACTED] for "), "{yaml}");
    assert_eq!(redacted.fixtures().len(), 2);
    assert!(redacted.interactions().is_empty());
}

#[test]
fn a_length_in_the_headers_follows_its_body() {
    let length = |length: usize| vec![("Content-Length".to_owned(), length.to_string())];
    for text in ["nothing to replace", KEY, "bob@acme.io", "/home/bsmith/a"] {
        let mut interaction = with_bodies(text, &format!("{text} {text}"));
        interaction.request_headers = length(interaction.request_body.len());
        interaction.headers = length(interaction.body.len());
        let redacted = redacted(vec![interaction]).remove(0);
        assert_eq!(
            redacted.request_headers,
            length(redacted.request_body.len())
        );
        assert_eq!(redacted.headers, length(redacted.body.len()));
    }
    // The body of an answer to HEAD does not come, and has a length.
    let mut head = Interaction::new("HEAD", "/");
    head.headers = length(7);
    assert_eq!(redacted(vec![head]).remove(0).headers, length(7));
}

#[test]
fn a_path_in_which_a_rule_writes_a_space_is_read_again() {
    let interaction = Interaction::new("GET", "/v1/customers/cust_1");
    let redaction = Redaction::default().pattern("cust_*", "a customer");
    let cassette = redaction.clone().apply(Cassette::new([interaction]));
    let read = Cassette::parse(&cassette.to_yaml()).expect("no space is in the path");
    let comparison = Comparison::new(&read.redaction(redaction));
    let compared = |path: &str| comparison.request(path, &[], &[]).0;
    // Paths are decoded before they are compared.
    assert_eq!(
        compared("/v1/customers/a customer"),
        compared("/v1/customers/cust_1")
    );
}
