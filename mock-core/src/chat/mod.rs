//! The chat types: what is asked of a model, what it answers with, and how that fails, without the wire format of any provider.

pub(crate) mod conversation;
pub(crate) mod embedding;
pub(crate) mod error;
pub(crate) mod error_kind;
pub(crate) mod event;
pub(crate) mod finish;
pub(crate) mod message;
pub(crate) mod profile;
pub(crate) mod provider;
pub(crate) mod request;
pub(crate) mod response;
