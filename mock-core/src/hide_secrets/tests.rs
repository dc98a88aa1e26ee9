//! Tests of what is hidden as a secret.

use serde_json::json;

use super::*;
use crate::chat::message::Role;
use crate::test_effort::tries;

#[test]
fn names_of_credentials_are_known_in_any_spelling() {
    let names = [
        "api_key",
        "apiKey",
        "API-KEY",
        "x-api-key",
        "Authorization",
        "token",
        "accessToken",
        "auth_tokens",
        "client-secret",
        "PASSWORD",
    ];
    for name in names {
        assert!(is_credential(name, &json!("value")), "{name}");
    }
    for name in [
        "top_k",
        "seed",
        "max_tokens",
        "maxCompletionTokens",
        "author",
    ] {
        assert!(!is_credential(name, &json!(40)), "{name}");
    }
}

#[cfg(feature = "server")]
#[test]
fn credentials_in_headers_are_hidden() {
    for (name, value, shown) in [
        ("authorization", "Bearer abc", "Bearer [redacted]"),
        ("authorization", "abc", "[redacted]"),
        ("authorization", "sk-one two", "[redacted]"),
        ("proxy-authorization", "basic YTpi", "Basic [redacted]"),
        ("x-api-key", "my secret", "[redacted]"),
        ("x-api-key", "abc", "[redacted]"),
        ("cookie", "a=b; c=d", "[redacted]"),
        ("x-note", "sk-abcdef", "[redacted]"),
        ("accept", "application/json", "application/json"),
    ] {
        assert_eq!(hide_header(name, value), shown, "{name}");
    }
}

#[test]
fn credentials_are_hidden_at_any_depth() {
    let headers =
        json!({ "headers": [{ "Api-Key": "abc", "accept": "json" }], "note": "sk-abcdef" });
    let hidden =
        json!({ "headers": [{ "Api-Key": "[redacted]", "accept": "json" }], "note": "[redacted]" });
    assert_eq!(hide_value("options", &headers), hidden);
    assert_eq!(hide_value("token", &Value::Null), Value::Null);
    assert_eq!(hide_value("secrets", &headers), "[redacted]");
}

#[test]
fn no_place_of_a_request_shows_a_key() {
    let key = || "sk-abcdef".to_owned();
    let extra: Map<_, _> = [("password".into(), "x".into()), ("a".into(), key().into())]
        .into_iter()
        .collect();
    let reasoning = Reasoning {
        text: key(),
        signature: Some(key()),
    };
    let result = ToolResult::new(key(), r#"{"password":"x"}"#).with(Part::Text(key()));
    let (media_type, data) = (key(), key());
    let mut message = Message::new(
        Role::User,
        vec![
            Part::Text(key()),
            Part::Image(Image::Url(key())),
            Part::Image(Image::File(key())),
            Part::Image(Image::Base64 { media_type, data }),
            Part::Reasoning(reasoning),
            Part::RedactedReasoning(key()),
            Part::Refusal(key()),
            Part::ToolCall(
                ToolCall::new(key(), key(), r#"{"password":"x"}"#).with_extra("a", key()),
            ),
            Part::ToolResult(result),
            Part::Extra(extra.clone()),
            Part::Other(json!({ "password": "x", "a": [key()] })),
        ],
    );
    message.name = Some(key());
    message.extra.clone_from(&extra);
    let mut tool = ToolDefinition::new(key()).with_description(key());
    tool.parameters = json!({ "default": key() });
    tool.extra.clone_from(&extra);
    let mut request = Request::new(key()).with_message(message).with_tool(tool);
    request.extra = extra;
    let hidden = hidden_request(&request);
    let shown = format!("{hidden:?}");
    assert!(!shown.contains("sk-"), "{shown}");
    assert!(!shown.contains(r#""x""#), "{shown}");
    assert_eq!(shown.matches(HIDDEN).count(), 31, "{shown}");
}

#[test]
fn secrets_in_texts_are_hidden() {
    for (text, hidden) in [
        // Keys that are known by their beginning.
        ("my key is sk-proj-abc_123.", "my key is [redacted]."),
        ("sk-one sk-two", "[redacted] [redacted]"),
        ("\"sk-abcd\"", "\"[redacted]\""),
        ("AKIAIOSFODNN7EXAMPLE, of AKIA", "[redacted], of AKIA"),
        (
            "at postgres://ada:p4ss@host:5432/db, or http://localhost:8080/a@b:c",
            "at postgres://ada:[redacted]@host:5432/db, or http://localhost:8080/a@b:c",
        ),
        (
            "{\"url\": \"redis://:p@ss@host\", \"git\": \"ssh://git@host\"}",
            "{\"url\": \"redis://:[redacted]@host\", \"git\": \"ssh://git@host\"}",
        ),
        (
            "-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY----- -----BEGIN PUBLIC KEY-----\nMIIB",
            "-----BEGIN RSA PRIVATE KEY-----[redacted]-----END RSA PRIVATE KEY----- -----BEGIN PUBLIC KEY-----\nMIIB",
        ),
        (
            "-----BEGIN PRIVATE KEY-----\\nMIIE\\nabc",
            "-----BEGIN PRIVATE KEY-----[redacted]",
        ),
        ("glpat-abcdefgh1234", "[redacted]"),
        ("{half sk-abcd", "{half [redacted]"),
        // Tokens behind their scheme.
        (
            "Authorization: Bearer abc.def-123",
            "Authorization: Bearer [redacted]",
        ),
        ("bearer  x9", "bearer  [redacted]"),
        (
            "authorization: Basic YTpi\naccept: json",
            "authorization: Basic [redacted]\naccept: json",
        ),
        (
            "Authorization: Digest username=\"u\", response=\"r\"\nx: y",
            "Authorization: Digest [redacted]\nx: y",
        ),
        // Headers, assignments, flags, queries.
        (
            "x-api-key: abc\r\naccept: */*",
            "x-api-key: [redacted]\r\naccept: */*",
        ),
        ("Cookie: a=b; c=d\nx: y", "Cookie: [redacted]\nx: y"),
        (
            "I set password=hunter2, then left.",
            "I set password=[redacted], then left.",
        ),
        ("my api key: abc (old)", "my api key: [redacted] (old)"),
        (
            "export OPENAI_API_KEY='abc'",
            "export OPENAI_API_KEY='[redacted]'",
        ),
        (
            "curl --token abc --data x",
            "curl --token [redacted] --data x",
        ),
        (
            "api_key: Some(\"abc\"), top_k: 4",
            "api_key: [redacted], top_k: 4",
        ),
        (
            "see https://h/f?sig=a%2Bb&page=2#top",
            "see https://h/f?sig=[redacted]&page=2#top",
        ),
        (
            "https://h/?api%5Fkey=abc",
            "https://h/?api%5Fkey=[redacted]",
        ),
        // JSON, at any depth and with any white space.
        (r#"{"password": "x"}"#, r#"{"password": "[redacted]"}"#),
        (
            " \n {\"password\"\t:\n\"x\"}",
            " \n {\"password\"\t:\n\"[redacted]\"}",
        ),
        (
            r#"He sent {"a": [{"clientSecret": "x \" y"}]} to me"#,
            r#"He sent {"a": [{"clientSecret": "[redacted]"}]} to me"#,
        ),
        (
            r#"{"pin": 1, "passcode": 1234}"#,
            r#"{"pin": 1, "passcode": "[redacted]"}"#,
        ),
        (
            r#"{"secrets": {"a": ["x", "}"]}, "b": 1}"#,
            r#"{"secrets": "[redacted]", "b": 1}"#,
        ),
        (r#"{"password": "half"#, r#"{"password": "[redacted]"#),
        (
            r#"{"body": "{\"password\": \"x \\\" y\", \"a\": 1}"}"#,
            r#"{"body": "{\"password\": \"[redacted]\", \"a\": 1}"}"#,
        ),
        (
            r#"{"a": "{\n  \"token\":\n\t\"x\"\n}"}"#,
            r#"{"a": "{\n  \"token\":\n\t\"[redacted]\"\n}"}"#,
        ),
        (
            r#""{\"a\": \"{\\\"token\\\": \\\"x\\\"}\"}""#,
            r#""{\"a\": \"{\\\"token\\\": \\\"[redacted]\\\"}\"}""#,
        ),
        (r#"{"\u0070assword": "x"}"#, r#"{"password":"[redacted]"}"#),
        (r#"{"a":"\u0073k-abcdef"}"#, r#"{"a":"[redacted]"}"#),
        (
            "{'password': 'x', 'a': 1}",
            "{'password': '[redacted]', 'a': 1}",
        ),
    ] {
        assert_eq!(hide(text), hidden, "{text}");
        assert_eq!(hide(hidden), hidden, "a second time");
    }
}

#[test]
fn texts_without_secrets_are_not_changed() {
    for text in [
        "",
        "ein Schlüssel: sk-äöü",
        "risk-averse, a bearer of news",
        "Use bearer authentication.",
        "ünïcode",
        r#"{"temp": 18 }"#,
        "token_count: 5",
        "max_tokens: field required",
        r#"{"token_count": 5, "max_tokens": 40, "maxTokens": "40", "tokenizer": "cl100k"}"#,
        r#"{"prompt_tokens_details": {"cached_tokens": 5}, "token_type": "bearer"}"#,
        r#"{"password": null, "has_password": true, "token": ""}"#,
        "x-ratelimit-remaining-tokens: 6m0s",
        r#"{"tokens": [9906, 1917], "next_page_token": "CAUQAA", "eos_token": "</s>"}"#,
        "https://host/list?pageToken=CAUQAA&size=5",
        "The secretary: Bob. The token budget: 100.",
        "Is your password, or the secret, lost?",
        "the field \"token:\" is missing",
        "src/secret.rs:5: secret::hide(text)",
        "primary_key=7, sort-key=name",
        r#"["password:", "x"]"#,
        "Cookie: with chocolate",
        "fn set(password: ) -> a = b",
    ] {
        assert!(matches!(hide(text), Cow::Borrowed(_)), "{}", hide(text));
    }
}

/// SplitMix64.
struct Chance(u64);

impl Chance {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) % end as u64) as usize
    }

    fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.below(from.len())]
    }

    fn pieces(&mut self, from: &[&str], most: usize) -> String {
        let count = self.below(most);
        (0..count).map(|_| self.pick(from)).collect()
    }

    /// Letters and digits that no other text has.
    fn secret(&mut self) -> String {
        let signs: Vec<char> = "abcdefXYZ0123456789".chars().collect();
        let length = 12 + self.below(20);
        (0..length).map(|_| self.pick(&signs)).collect()
    }

    fn space(&mut self) -> String {
        self.pieces(&[" ", "\n", "\t", "\r\n"], 4)
    }
}

const NAMES: &[&str] = &[
    "password",
    "api_key",
    "apiKey",
    "X-Api-Key",
    "client-secret",
    "accessToken",
    "AUTH_TOKEN",
    "aws_secret_access_key",
    "private_key",
    "passphrase",
    "credentials",
];

/// What may stand around a secret.
const NOISE: &[&str] = &[
    "Hello, ",
    "the weather ",
    "ünï ",
    "日本 ",
    "👋 ",
    "a: b, ",
    "x=1 ",
    "(y) ",
    "it's ",
    "\n",
    "{} ",
    "[1, 2] ",
    "\"quoted\" ",
    "1.5 ",
    "e.g. ",
    "C:\\dir ",
];

/// A secret in one of the shapes that are known.
fn shape(chance: &mut Chance, secret: &str) -> String {
    let name = chance.pick(NAMES);
    let prefix = chance.pick(&[
        "sk-",
        "AKIA",
        "ghp_",
        "xoxb-",
        "eyJhbGciOi.",
        "hf_",
        "glpat-",
    ]);
    match chance.below(9) {
        0 => format!("\n{name}: {secret}\n"),
        1 => format!("{name}={secret} "),
        2 => format!("https://host/path?a=1&{name}={secret}&b=2 "),
        3 => format!("https://host/path?key={secret} "),
        4 => format!("{}{secret} ", chance.pick(&["Bearer ", "bearer  "])),
        5 => format!(
            "\n{}: {} {secret}\n",
            chance.pick(&["Authorization", "proxy-authorization"]),
            chance.pick(&["Bearer", "Basic", "Negotiate"])
        ),
        6 => format!("{prefix}{secret} "),
        _ => {
            let (a, b) = (chance.space(), chance.space());
            let value = match chance.below(3) {
                0 => format!("\"{secret}\""),
                1 => format!("\"a \\\" b {secret}\""),
                _ => format!("[{{\"x\": \"]\", \"y\": \"{secret}\"}}]"),
            };
            let mut json = format!("{{{a}\"{name}\"{a}:{b}{value}{a}, \"z\": 1}}");
            for _ in 0..chance.below(4) {
                json = match chance.below(3) {
                    0 => format!("[1, {json}]"),
                    1 => format!("{{\"inner\":{a}{json}}}"),
                    _ => format!("{{\"text\": {}}}", Value::from(json)),
                };
            }
            json
        }
    }
}

#[test]
fn a_secret_in_any_known_shape_is_hidden_wherever_it_is() {
    let mut chance = Chance(1);
    for _ in 0..tries(20_000) {
        let secret = chance.secret();
        let mut text = chance.pieces(NOISE, 4);
        text += &shape(&mut chance, &secret);
        text += &chance.pieces(NOISE, 4);
        let hidden = hide(&text);
        assert!(!hidden.contains(&secret), "{text}\n{hidden}");
        assert!(hidden.contains(HIDDEN), "{text}\n{hidden}");
        assert_eq!(hide(&hidden), hidden, "a second time: {text}");
    }
}

#[test]
fn noise_holds_no_secret() {
    let mut chance = Chance(2);
    for _ in 0..5_000 {
        let text = chance.pieces(NOISE, 8);
        assert_eq!(hide(&text), text);
    }
}

#[test]
fn whatever_a_text_is_it_is_hidden_once() {
    const PIECES: &[&str] = &[
        "password",
        "token",
        "s",
        "api",
        "key",
        "sk-",
        "abcdef1",
        "Bearer",
        "authorization",
        "cookie",
        "Digest",
        "Basic",
        "--",
        "\"",
        "'",
        "`",
        "\\",
        "\\\"",
        "\\\\\\\"",
        ":",
        "=",
        ":=",
        "::",
        "?",
        "&",
        "#",
        "{",
        "}",
        "[",
        "]",
        "(",
        ")",
        ",",
        ";",
        " ",
        "\n",
        "\\n",
        "\\u0073",
        "%",
        "%5F",
        "%é",
        "ü",
        "日",
        "👋",
        ".",
        "-",
        "_",
        "1",
        "null",
        "[redacted]",
        "eyJ",
    ];
    let mut chance = Chance(3);
    for _ in 0..tries(100_000) {
        let text = chance.pieces(PIECES, 14);
        let hidden = hide(&text).into_owned();
        assert_eq!(hide(&hidden), hidden, "{text}");
    }
}

#[test]
fn long_texts_are_read_in_linear_time() {
    // In quadratic time, 30,000 of each take minutes.
    for (begin, piece) in [
        ("", "password"),
        ("", "password="),
        ("", "password=("),
        ("", "password: \""),
        ("", "\"password\" "),
        ("", "sk-"),
        ("", "a-"),
        ("", "bearer "),
        ("bearer", " "),
        ("", "\\"),
        ("password=(", "\\"),
        ("password=(", "\\\""),
        ("password=(", "("),
        ("\\\"password\\\"", "\\n"),
        ("password", " "),
        ("", "\""),
        ("", "a "),
        ("", "%"),
        ("", "?a="),
        ("", "{"),
    ] {
        let times = tries(30_000) as usize;
        let text = format!("{begin}{}", piece.repeat(times));
        assert!(hide(&text).len() <= text.len() + HIDDEN.len() * times);
    }
}

#[test]
fn headers_about_a_limit_are_shown() {
    for text in [
        "max_tokens: Field required",
        "thinking.budget_tokens: Field required",
    ] {
        assert_eq!(hide(text), text);
    }
}

/// What a scan of recorded exchanges reports, a report hides, and the other way round.
#[cfg(feature = "cassette")]
#[test]
fn keys_with_the_same_beginnings_are_known_to_reports_and_to_scans() {
    const REST: &str = "4f9aB8c7D6e5F4a3B2c1D0e9F8a7B6c5D4e3F2a1B0c9D8e7";
    for prefix in mock_cassette::key_prefixes() {
        let key = format!("{prefix}{REST}");
        assert_eq!(hide(&key), HIDDEN, "{key}");
    }
    for prefix in in_text::prefixes() {
        // A JSON web token has three parts.
        let key = match prefix {
            "eyJ" => format!("{prefix}{REST}.{REST}.{REST}"),
            _ => format!("{prefix}{REST}"),
        };
        assert!(mock_cassette::is_key(&key), "{key}");
    }
}

/// What a recording redacts because of its name, a report hides, and the other way round.
#[cfg(feature = "cassette")]
#[test]
fn the_same_names_hold_secrets_in_reports_and_in_recordings() {
    let [headers, parameters, fields] = mock_cassette::credential_names();
    for name in headers {
        // A hash of the body is redacted because it tells what the body was. It opens nothing.
        if *name != "x-amz-content-sha256" {
            assert_eq!(hide_header(name, "warm"), HIDDEN, "{name}");
        }
    }
    for name in parameters {
        let url = |value: &str| format!("https://example.com/?a=1&{name}={value}");
        assert_eq!(hide(&url("4f9a")), url(HIDDEN));
    }
    for name in fields {
        assert!(is_credential(name, &Value::from("warm")), "{name}");
    }
    for name in secret_names_in_reports::SECRETS {
        assert!(mock_cassette::is_credential_field(name), "{name}");
    }
}

#[test]
fn the_signature_of_a_url_is_hidden() {
    for name in ["sig", "signature", "X-Amz-Signature", "X-Goog-Signature"] {
        let url = format!("https://example.com/?a=1&{name}=4f9a");
        let hidden = format!("https://example.com/?a=1&{name}={HIDDEN}");
        assert_eq!(hide(&url), hidden);
    }
}
