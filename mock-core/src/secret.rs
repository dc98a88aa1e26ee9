//! What must not be printed: keys, tokens, passwords.

use std::borrow::Cow;

#[cfg(feature = "server")]
use percent_encoding::percent_decode_str;
use serde_json::{Map, Value};

use crate::error::ProviderError;
use crate::message::{Image, Message, Part, Reasoning, ToolCall, ToolResult};
use crate::request::{Request, ToolDefinition};

const HIDDEN: &str = "[redacted]";

/// How keys begin, and how many characters must follow for it to be one.
const PREFIXES: &[(&str, usize)] = &[
    ("sk-", 3),
    ("sk_", 8),
    ("gsk_", 8),
    ("xai-", 8),
    ("AIza", 16),
    ("AKIA", 12),
    ("ASIA", 12),
    ("ghp_", 8),
    ("gho_", 8),
    ("ghs_", 8),
    ("github_pat_", 8),
    ("glpat-", 8),
    ("hf_", 12),
    ("nvapi-", 8),
    ("pplx-", 8),
    ("xoxb-", 8),
    ("xoxp-", 8),
    ("eyJ", 16),
];

/// Whether a value under this name is not to be shown.
pub(crate) fn is_credential(name: &str, value: &Value) -> bool {
    let name: String = name.chars().filter(|c| c.is_alphanumeric()).collect();
    let name = name.to_lowercase();
    // `max_tokens` is a number of tokens, and none of them.
    let is_limit = name.contains("tokens") && value.is_number();
    let words = [
        "apikey",
        "authorization",
        "secret",
        "password",
        "passwd",
        "credential",
    ];
    words.iter().any(|word| name.contains(word)) || (name.contains("token") && !is_limit)
}

/// The value of a header without what is not to be shown; of credentials, the scheme stays.
#[cfg(feature = "server")]
pub(crate) fn hide_header<'v>(name: &str, value: &'v str) -> Cow<'v, str> {
    if !name.eq_ignore_ascii_case("cookie") && !is_key(name) {
        return hide_url(value);
    }
    let is = |word: &&&str| word.eq_ignore_ascii_case(value.split(' ').next().unwrap_or_default());
    match SCHEMES.iter().find(is) {
        Some(scheme) if value.contains(' ') => format!("{scheme} {HIDDEN}").into(),
        _ => HIDDEN.into(),
    }
}

/// What may stand before a credential.
#[cfg(feature = "server")]
const SCHEMES: &[&str] = &["Bearer", "Basic", "Digest", "Token", "AWS4-HMAC-SHA256"];

/// Whether what is of this name in a URL or among headers is a key.
#[cfg(feature = "server")]
fn is_key(name: &str) -> bool {
    let name = percent_decode_str(name).decode_utf8_lossy();
    let name = name.to_ascii_lowercase();
    let last = name.rsplit(['-', '_']).next().unwrap_or_default();
    let is_key = matches!(last, "key" | "auth") && !name.contains("idempotency");
    // What signs a URL, and what opens it, are called so.
    let opens = matches!(&*name, "sig" | "signature" | "code");
    is_key || opens || is_credential(&name, &Value::Null)
}

/// A text, which may have a URL in it, without what is not to be shown.
#[cfg(feature = "server")]
pub(crate) fn hide_url(text: &str) -> Cow<'_, str> {
    let Some((before, query)) = text.split_once('?') else {
        return hide(text);
    };
    let pairs = query.split('&').map(|pair| match pair.split_once('=') {
        Some((name, _)) if is_key(name) => format!("{name}={HIDDEN}").into(),
        _ => hide(pair),
    });
    let query: Vec<_> = pairs.collect();
    format!("{}?{}", hide(before), query.join("&")).into()
}

/// A value without what is not to be shown.
pub(crate) fn hide_value(name: &str, value: &Value) -> Value {
    match value {
        Value::Null => Value::Null,
        _ if is_credential(name, value) => HIDDEN.into(),
        Value::String(text) => hide_json(text).into(),
        Value::Array(items) => items.iter().map(|item| hide_value("", item)).collect(),
        Value::Object(fields) => fields
            .iter()
            .map(|(name, value)| (name.clone(), hide_value(name, value)))
            .collect(),
        other => other.clone(),
    }
}

/// A request without what is not to be shown.
pub(crate) fn hidden_request(request: &Request) -> Request {
    let mut hidden = request.clone();
    let Request {
        model,
        messages,
        tools,
        temperature: _,
        max_tokens: _,
        stream: _,
        extra,
    } = &mut hidden;
    hide_in(model);
    messages.iter_mut().for_each(hide_in_message);
    tools.iter_mut().for_each(hide_in_tool);
    hide_fields(extra);
    hidden
}

fn hide_in_message(message: &mut Message) {
    let Message {
        role: _,
        parts,
        name,
        extra,
    } = message;
    parts.iter_mut().for_each(hide_in_part);
    name.iter_mut().for_each(hide_in);
    hide_fields(extra);
}

fn hide_in_part(part: &mut Part) {
    match part {
        Part::Text(text) | Part::RedactedReasoning(text) | Part::Refusal(text) => hide_in(text),
        Part::Image(Image::Url(text) | Image::File(text)) => hide_in(text),
        Part::Image(Image::Base64 { media_type, data }) => {
            hide_in(media_type);
            hide_in(data);
        }
        Part::Reasoning(Reasoning { text, signature }) => {
            hide_in(text);
            signature.iter_mut().for_each(hide_in);
        }
        Part::ToolCall(ToolCall {
            id,
            name,
            arguments,
        }) => [id, name, arguments].into_iter().for_each(hide_in),
        Part::ToolResult(ToolResult {
            call_id,
            content,
            is_error: _,
        }) => [call_id, content].into_iter().for_each(hide_in),
        Part::Extra(fields) => hide_fields(fields),
        Part::Other(value) => *value = hide_value("", value),
    }
}

fn hide_in_tool(tool: &mut ToolDefinition) {
    let ToolDefinition {
        name,
        description,
        parameters,
        extra,
    } = tool;
    [name, description].into_iter().for_each(hide_in);
    *parameters = hide_value("", parameters);
    hide_fields(extra);
}

fn hide_in(text: &mut String) {
    if let Cow::Owned(hidden) = hide_json(text) {
        *text = hidden;
    }
}

fn hide_fields(fields: &mut Map<String, Value>) {
    for (name, value) in fields {
        *value = hide_value(name, value);
    }
}

/// An error without what is not to be shown.
pub(crate) fn hidden_error(error: &ProviderError) -> ProviderError {
    let mut error = error.clone();
    error.message = hide(&error.message).into_owned();
    if let Some(raw) = &mut error.raw {
        for (name, value) in &mut raw.headers {
            let hidden = hide_value(name, &Value::from(&**value));
            *value = hidden.as_str().unwrap_or_default().to_owned().into();
        }
        let body = raw.body.as_ref();
        raw.body = body.map(|body| hide_json(body).into_owned().into());
    }
    error
}

/// A text, which may be JSON, without what is not to be shown.
pub(crate) fn hide_json(text: &str) -> Cow<'_, str> {
    if text.starts_with(['{', '['])
        && let Ok(value) = serde_json::from_str::<Value>(text)
    {
        let hidden = hide_value("", &value);
        if hidden != value {
            return hidden.to_string().into();
        }
    }
    hide(text)
}

/// A text without what looks like a key: `sk-..`, `Bearer ..`.
pub(crate) fn hide(text: &str) -> Cow<'_, str> {
    let mut out = String::new();
    let mut copied = 0;
    let mut at = 0;
    while let Some(c) = text[at..].chars().next() {
        let before = text[..at].chars().next_back();
        let begins = !before.is_some_and(|c| c.is_alphanumeric());
        match begins.then(|| secret_at(&text[at..])).flatten() {
            Some((kept, end)) => {
                out.push_str(&text[copied..at + kept]);
                out.push_str(HIDDEN);
                at += end;
                copied = at;
            }
            None => at += c.len_utf8(),
        }
    }
    match copied {
        0 => Cow::Borrowed(text),
        _ => {
            out.push_str(&text[copied..]);
            Cow::Owned(out)
        }
    }
}

/// If the text begins with a secret: how much of it may be shown, and where it ends.
fn secret_at(text: &str) -> Option<(usize, usize)> {
    let is_key =
        |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '+' | '/' | '=');
    let length = |text: &str| text.find(|c| !is_key(c)).unwrap_or(text.len());
    for &(prefix, least) in PREFIXES {
        if let Some(rest) = text.strip_prefix(prefix) {
            let length = rest[..length(rest)].trim_end_matches(['.', '/', '=']).len();
            if length >= least {
                return Some((0, prefix.len() + length));
            }
        }
    }
    let bearer = text.get(..6)?;
    let rest = text[6..].trim_start();
    let length = length(rest);
    let is_token = length >= 8 || rest[..length].contains(|c: char| c.is_ascii_digit());
    let begin = text.len() - rest.len();
    (bearer.eq_ignore_ascii_case("bearer") && begin > 6 && is_token)
        .then_some((begin, begin + length))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::message::Role;

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
        let hidden = json!({ "headers": [{ "Api-Key": "[redacted]", "accept": "json" }], "note": "[redacted]" });
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
        let result = ToolResult {
            call_id: key(),
            content: r#"{"password":"x"}"#.into(),
            is_error: false,
        };
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
                Part::ToolCall(ToolCall::new(key(), key(), r#"{"password":"x"}"#)),
                Part::ToolResult(result),
                Part::Extra(extra.clone()),
                Part::Other(json!({ "password": "x", "a": [key()] })),
            ],
        );
        message.name = Some(key());
        message.extra.clone_from(&extra);
        let mut tool = ToolDefinition::new(key()).description(key());
        tool.parameters = json!({ "default": key() });
        tool.extra.clone_from(&extra);
        let mut request = Request::new(key()).message(message).tool(tool);
        request.extra = extra;
        let hidden = hidden_request(&request);
        let shown = format!("{hidden:?}");
        assert!(!shown.contains("sk-"), "{shown}");
        assert!(!shown.contains(r#""x""#), "{shown}");
        assert_eq!(shown.matches(HIDDEN).count(), 29, "{shown}");
    }

    #[test]
    fn texts_that_look_like_keys_are_hidden() {
        for (text, hidden) in [
            ("my key is sk-proj-abc_123.", "my key is [redacted]."),
            (
                "Authorization: Bearer abc.def-123",
                "Authorization: Bearer [redacted]",
            ),
            ("bearer  x9", "bearer  [redacted]"),
            ("sk-one sk-two", "[redacted] [redacted]"),
            ("\"sk-abcd\"", "\"[redacted]\""),
            ("AKIAIOSFODNN7EXAMPLE, of AKIA", "[redacted], of AKIA"),
            ("glpat-abcdefgh1234", "[redacted]"),
            ("ein Schlüssel: sk-äöü", "ein Schlüssel: sk-äöü"),
            (
                "risk-averse, a bearer of news",
                "risk-averse, a bearer of news",
            ),
            ("ünïcode", "ünïcode"),
        ] {
            assert_eq!(hide(text), hidden);
        }
    }

    #[test]
    fn json_in_a_text_is_read() {
        assert_eq!(
            hide_json(r#"{"password": "x"}"#),
            r#"{"password":"[redacted]"}"#
        );
        assert_eq!(hide_json(r#"{"temp": 18 }"#), r#"{"temp": 18 }"#);
        assert_eq!(hide_json("{half sk-abcd"), "{half [redacted]");
    }
}
