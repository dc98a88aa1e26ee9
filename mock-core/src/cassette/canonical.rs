//! The form in which requests are compared, without the parts that differ from run to run.

use percent_encoding::percent_decode_str;
use serde_json::Value;

use super::Comparison;
use crate::scenario::recorded::remove;
use crate::scenario::sent::{Sent, SentBody, in_order};
use crate::secret;

/// Fields of a body that say who asks, not what.
const VOLATILE: [&str; 4] = ["user", "metadata", "safety_identifier", "prompt_cache_key"];

/// Headers that the server writes itself, or that are of one connection (RFC 9110, 7.6.1).
const NOT_REPLAYED: [&str; 10] = [
    "connection",
    "content-length",
    "date",
    "keep-alive",
    "proxy-authenticate",
    "proxy-connection",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
];

/// Whether a replay sends a header of this name.
pub(crate) fn is_replayed(name: &str) -> bool {
    let mut not = NOT_REPLAYED.iter();
    !not.any(|not| name.eq_ignore_ascii_case(not))
}

/// The form in which a request with these parameters and this body is compared.
pub(crate) fn sent(
    query: Vec<(String, String)>,
    body: &[u8],
    ignored: &[String],
    comparison: &Comparison,
) -> Sent {
    let mut query = query;
    // `key` is that of Gemini.
    query.retain(|(name, value)| {
        name != "key" && !secret::is_credential(name, &Value::from(value.as_str()))
    });
    query.sort();
    let body = match serde_json::from_slice::<Value>(body) {
        Ok(mut value) => {
            let volatile = VOLATILE
                .into_iter()
                .chain(ignored.iter().map(String::as_str));
            volatile.for_each(|path| remove(&mut value, path));
            // Ids are numbered in the order of the text.
            SentBody::Json(in_order(&value))
        }
        Err(_) => SentBody::Bytes(without_boundary(body)),
    };
    let text = match &body {
        SentBody::Json(value) => value.to_string().into_bytes(),
        SentBody::Bytes(bytes) => bytes.clone(),
    };
    let (_, query, redacted) = comparison.request("", &query, &text);
    if redacted == text {
        return Sent { query, body };
    }
    let body = match (body, serde_json::from_slice(&redacted)) {
        (SentBody::Json(_), Ok(value)) => SentBody::Json(value),
        _ => SentBody::Bytes(redacted),
    };
    Sent { query, body }
}

/// The parameters of a query, decoded.
pub(crate) fn parameters(query: &str) -> Vec<(String, String)> {
    let decoded = |text: &str| {
        let text = text.replace('+', " ");
        percent_decode_str(&text).decode_utf8_lossy().into_owned()
    };
    let pairs = query.split('&').filter(|pair| !pair.is_empty());
    pairs
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            (decoded(name), decoded(value))
        })
        .collect()
}

/// A body of several parts without the text between them, which each client makes anew.
fn without_boundary(body: &[u8]) -> Vec<u8> {
    let text = std::str::from_utf8(body).ok();
    let boundary = text.and_then(|text| text.lines().next());
    match (text, boundary) {
        (Some(text), Some(boundary)) if boundary.starts_with("--") && boundary.len() > 2 => {
            text.replace(boundary, "--").into_bytes()
        }
        _ => body.to_vec(),
    }
}
