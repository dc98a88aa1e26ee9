//! The wire formats of the providers: JSON and server-sent events to the neutral types, and back. Feature `server`.
//!
//! Each wire is a module with the same names: `read_request`, `write_request`, `check`, `rules`, `write_response`, `read_response`,
//! `StreamWriter`, `StreamReader`, `write_error`, `write_stream_error`, `read_error`, `write_models`, `read_models`, and each takes the
//! same arguments on every wire: a time that a wire has no place for is left out. They are pure functions: no sockets, no clock, no
//! chance. Times are in seconds since 1970.
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
//! A request, an answer or a stream that is written and read back is the same, if it is one that the provider could have sent.
//! What has no place on a wire is a [`WriteError`], never left out silently; what is not known here is kept, in
//! [`Request::extra`](crate::Request::extra), [`Message::extra`](crate::Message::extra), [`Part::Extra`](crate::Part::Extra),
//! [`Part::Other`](crate::Part::Other), [`ToolDefinition::extra`](crate::ToolDefinition::extra) and
//! [`Response::metadata`](crate::Response::metadata), under the name and at the place that the provider gives it. Where a wire has
//! two ways to say the same, one is written: a message of one plain text has a text for its content, not a list.
//!
//! A field that is not known is kept where it is `null` too; a known one that is `null` counts as not there, and so does any in an
//! answer beside its message. Numbers are those that [`serde_json`] has: `1.50` is `1.5`, and what has more digits than 64 bits hold is
//! rounded. Of fields with the same name the last counts. The arguments of a call that Anthropic sends as JSON become a text without
//! white space: its fields are in the order in which they came, or, from a [`Value`](serde_json::Value), in the order of that.

pub mod anthropic;
pub mod openai;
pub mod openai_responses;

mod error;
mod id;
mod models;
mod names;
mod raw;
mod read;
mod rules;
mod sse;
#[cfg(test)]
mod tests;
mod time;
mod tree;
mod write;

pub use error::ErrorReply;
pub use models::Model;
pub(crate) use raw::Wires;
pub use read::{ReadError, read_json};
pub(crate) use rules::Refused;
pub use rules::{Holds, Rule};
pub use write::WriteError;
pub(crate) use write::write_text;
