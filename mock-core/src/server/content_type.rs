//! The content types of answers.

pub(super) const JSON: &str = "application/json";
pub(super) const TEXT: &str = "text/plain; charset=utf-8";
pub(super) const EVENT_STREAM: &str = "text/event-stream; charset=utf-8";
/// Lines of JSON.
#[cfg(feature = "ollama")]
pub(super) const NDJSON: &str = "application/x-ndjson";
