//! Stores an answer of Responses or of Interactions once it has been sent.

use std::sync::Arc;

use bytes::Bytes;
use serde_json::Value;

use crate::chat::request::Request;
use crate::server::served_wires::Wire;
use crate::server::state::ServerState;
use crate::server::stored_answers::Stored;

/// The request of an answer that will be stored.
pub(in crate::server) struct AnswerToStore {
    server: Arc<ServerState>,
    wire: Wire,
    /// The number of resets of the mock when the request arrived.
    resets: u32,
    request: Bytes,
    previous: Option<Arc<Stored>>,
}

impl AnswerToStore {
    /// Stores the answer of a request if the provider does, unless the request says not to.
    pub(super) fn new(
        server: &Arc<ServerState>,
        wire: Wire,
        body: &Bytes,
        request: &Request,
        previous: Option<Arc<Stored>>,
    ) -> Option<Box<Self>> {
        let is_stored =
            wire.stores_answers() && request.extra.get("store") != Some(&Value::Bool(false));
        is_stored.then(|| {
            Box::new(AnswerToStore {
                server: Arc::clone(server),
                wire,
                resets: server.engine.resets(),
                request: body.clone(),
                previous,
            })
        })
    }

    pub(super) fn store(self, id: String, answer: Vec<u8>) {
        let stored = Stored {
            id,
            wire: self.wire,
            request: self.request,
            answer,
            previous: self.previous,
        };
        self.server.stored.insert(self.resets, stored);
    }
}
