//! The chat types: requests, answers and errors, independent of any provider's wire format.

pub(crate) mod capabilities;
pub(crate) mod conversation;
pub(crate) mod count_tokens;
pub(crate) mod embedding;
pub(crate) mod error;
pub(crate) mod error_kind;
pub(crate) mod event;
pub(crate) mod finish_and_usage;
pub(crate) mod message;
pub(crate) mod message_difference;
pub(crate) mod profile;
pub(crate) mod provider;
pub(crate) mod provider_ids;
pub(crate) mod raw_answer_reader;
pub(crate) mod request;
pub(crate) mod response;
pub(crate) mod unknown_name;
