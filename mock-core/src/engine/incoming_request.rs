//! The data about a request before its claim: [`IncomingRequest`].

use crate::chat::embedding::EmbeddingRequest;
use crate::chat::request::Request;
use crate::scenario::request_head::RequestHead;

/// A request, with its head if it came over the wire.
#[derive(Clone, Copy)]
pub(super) struct IncomingRequest<'a> {
    pub(super) request: &'a Request,
    pub(super) head: Option<&'a RequestHead>,
    /// Whether it came over the wire: then the server has checked its calls and results.
    pub(super) is_served: bool,
    pub(super) streamed: bool,
    pub(super) embedding: Option<&'a EmbeddingRequest>,
}
