//! The way to a real provider while a recorder records: a request is passed on, and its answer is passed back and written on the tape.

#[cfg(feature = "cassette")]
pub(super) mod base_url;
#[cfg(feature = "record")]
pub(super) mod pass_back_answer;
#[cfg(feature = "record")]
mod pass_on_request;
#[cfg(feature = "record")]
pub(super) mod provider_client;
