//! Reads a request: its key, its body, and what it asks for.

pub(super) mod add_missing_field;
pub(super) mod api_key;
pub(super) mod decompress;
pub(super) mod head_for_matchers;
pub(super) mod path_and_query;
pub(super) mod prompt_parts;
mod read_request;
pub(super) mod receive_body;
mod reject_unservable;
