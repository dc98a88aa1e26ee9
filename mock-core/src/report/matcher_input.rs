//! The input of a matcher: a request, and the head that it had over the wire.

use std::ops::Deref;

use crate::chat::request::Request;
use crate::journal::calls::Call;
use crate::scenario::request_head::RequestHead;

#[derive(Clone, Copy)]
pub(super) struct MatcherInput<'a> {
    request: &'a Request,
    /// `None` in process.
    pub(super) head: Option<&'a RequestHead>,
    /// Whether it asks for embeddings.
    pub(super) is_embedding: bool,
}

impl<'a> MatcherInput<'a> {
    pub(super) fn from_call(call: &'a Call) -> Self {
        MatcherInput {
            request: call.request(),
            head: call.head.as_deref(),
            is_embedding: call.is_embedding(),
        }
    }
}

impl Deref for MatcherInput<'_> {
    type Target = Request;

    fn deref(&self) -> &Request {
        self.request
    }
}
