//! A recorded exchange in words: its number, and the question that was recorded.

use super::formatting::{joined, one_line, shorten};
use super::message_summary::request_summary;
use crate::hide_secrets;
use crate::scenario::recorded::compared_request::SentBody;
use crate::scenario::recorded::exchange::RecordedExchange;

/// `exchange 2`: the exchanges of a file have numbers from 1.
pub(super) fn numbered(exchange: &RecordedExchange) -> String {
    format!("exchange {}", exchange.number)
}

/// The recorded request: its method, its path and what it asks, as in `POST /v1/chat/completions, user "Hello"`.
pub(super) fn question(exchange: &RecordedExchange) -> String {
    /// The longest that a body is of which no message is known.
    const BODY: usize = 60;

    let query = joined(&exchange.sent.query, "&", |(name, value)| {
        format!("{name}={value}")
    });
    let mark = if query.is_empty() { "" } else { "?" };
    let line = one_line(&format!(
        "{} {}{mark}{query}",
        exchange.method, exchange.path
    ));
    let request = exchange.request.as_ref();
    let request =
        request.and_then(|request| request_summary(&request.request, request.is_embedding));
    let body = || match &exchange.sent.body {
        SentBody::Json(value) => hide_secrets::hide_value("", value).to_string(),
        SentBody::Bytes(bytes) => String::from_utf8_lossy(bytes).into_owned(),
    };
    match request.unwrap_or_else(|| shorten(&one_line(&body()), BODY)) {
        question if question.is_empty() => line,
        question => format!("{line}, {question}"),
    }
}
