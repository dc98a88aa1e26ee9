//! The wire formats of the providers: conversions between the neutral types and JSON or server-sent events. Feature `wire`.
//!
//! Each wire is a module with the same names: `read_request`, `write_request`, `check`, `rules`, `write_response`, `read_response`,
//! `StreamWriter`, `StreamReader`, `write_error`, `write_stream_error`, `read_error`, `write_models`, `read_models`, and each takes the
//! same arguments on every wire. A time that a wire has no place for is left out. They are pure functions, without sockets, clocks or
//! random numbers. Times are in seconds since 1970.
//!
//! ```
//! use mock_core::{Response, StreamEvent, wire::{anthropic, openai}};
//! use serde_json::json;
//!
//! let body = json!({"model": "gpt-4o", "messages": [{"role": "user", "content": "Hello"}], "top_p": 0.5});
//! let request = openai::read_request(body)?;
//! assert_eq!(request.user_text().as_deref(), Some("Hello"));
//! assert_eq!(request.extra["top_p"], 0.5);
//!
//! // The same request, as a client of Anthropic would send it.
//! let body = anthropic::write_request(&request.with_max_tokens(100))?;
//! assert_eq!(body["messages"], json!([{"role": "user", "content": "Hello"}]));
//!
//! let mut response = Response::new("msg_1", "claude");
//! response.push(StreamEvent::Text("Hi".into()));
//! assert_eq!(anthropic::write_response(&response, 0)?["content"][0]["text"], "Hi");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # What survives
//!
//! If a provider could have sent a request, an answer or a stream, it is the same after writing it and reading it back. A part that has no
//! place on a wire is a [`WriteError`]; it is never dropped silently. Unknown fields are kept in [`Request::extra`](crate::Request::extra),
//! [`Message::extra`](crate::Message::extra), [`Part::Extra`](crate::Part::Extra), [`Part::Other`](crate::Part::Other),
//! [`ToolDefinition::extra`](crate::ToolDefinition::extra) and [`Response::metadata`](crate::Response::metadata), under the provider's
//! names and at the same places. If a wire has two forms for the same thing, one of them is written: the content of a message with one
//! plain text is a text, not a list.
//!
//! An unknown field is kept even if it is `null`. A known field that is `null` counts as missing, and so does any field that is `null` in
//! an answer outside of its message. Numbers are those of [`serde_json`]: `1.50` becomes `1.5`, and a number with more digits than 64 bits
//! hold is rounded. Of several fields with the same name, the last counts. The arguments of Anthropic's tool calls, which are JSON, become
//! a text without white space. Their fields keep their order, or that of the [`Value`](serde_json::Value).

pub mod anthropic;
#[cfg(feature = "gemini")]
pub mod gemini;
#[cfg(feature = "gemini")]
pub mod gemini_interactions;
#[cfg(feature = "ollama")]
pub mod ollama;
pub mod openai;
pub mod openai_responses;

mod borrowed_value;
mod content;
mod continued_conversation;
mod embedding_vector;
mod error;
mod flat_tool_definition;
mod listed_model;
mod provider_ids;
mod read;
#[cfg(feature = "wire")]
pub(crate) mod read_raw_answers;
mod request_rules;
mod retry_after_header;
#[cfg(feature = "wire")]
mod split_json_lines;
#[cfg(feature = "wire")]
mod sse;
#[cfg(all(test, feature = "wire"))]
mod tests;
mod time;
mod tool_names;
mod write;

pub use error::ErrorResponse;
pub use listed_model::Model;
pub use read::{ReadError, read_json};
#[cfg(feature = "wire")]
pub(crate) use read_raw_answers::Wires;
pub(crate) use request_rules::RejectedRequest;
pub use request_rules::{Rule, RuleScope};
pub use write::WriteError;
pub(crate) use write::write_text;
