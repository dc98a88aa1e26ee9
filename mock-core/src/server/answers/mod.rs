//! How requests are answered: by a turn, whole, piece by piece, raw, replayed, or with a failure.

pub(super) mod answer_body;
mod answer_to_store;
mod blocked_clock;
mod chat_requests;
#[cfg(feature = "cassette")]
mod claim_replayed_call;
mod embedding_requests;
mod failed_answer;
mod frames;
mod keepalive;
mod raw_answer;
#[cfg(feature = "cassette")]
mod replayed_answer;
pub(super) mod reply;
pub(super) mod served_call;
mod streamed_answer;
pub(super) mod wait_for_call;
pub(super) mod whole_answer;
