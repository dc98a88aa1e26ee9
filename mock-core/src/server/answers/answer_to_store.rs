//! Stores an answer once it is complete, if its provider does.

use std::sync::{Arc, Mutex};

use serde_json::Value;

use crate::chat::request::Request;
use crate::server::served_wires::Wire;
use crate::server::state::ServerState;
use crate::server::stored_answers::{ContinuedAnswer, Stored};
use crate::wire::read_json;

/// The request of an answer that will be stored.
pub(in crate::server) struct AnswerToStore {
    server: Arc<ServerState>,
    wire: Wire,
    /// The number of resets of the mock when the request arrived.
    resets: u32,
    request: Box<[u8]>,
    previous: Option<ContinuedAnswer>,
}

impl AnswerToStore {
    /// Prepares to store the answer to a request; `None` if its provider does not.
    pub(super) fn new(
        server: &Arc<ServerState>,
        wire: Wire,
        body: &[u8],
        request: &Request,
        previous: Option<ContinuedAnswer>,
    ) -> Option<Box<Self>> {
        wire.stores_answer(request).then(|| {
            Box::new(AnswerToStore {
                server: Arc::clone(server),
                wire,
                resets: server.engine.resets(),
                request: body.into(),
                previous,
            })
        })
    }

    /// Stores a raw answer, if its body has an id.
    pub(super) fn store_raw(self, answer: &[u8]) {
        if let Ok(Value::Object(fields)) = read_json(answer)
            && let Some(Value::String(id)) = fields.get("id")
        {
            self.store(id.clone(), answer.to_vec());
        }
    }

    /// Stores the complete answer, with this id and this body.
    pub(super) fn store(self, id: String, answer: Vec<u8>) {
        let stored = Stored {
            id,
            wire: self.wire,
            request: self.request,
            answer,
            previous: self.previous.map(ContinuedAnswer::stored),
            at: self.server.engine.elapsed(),
            continuation: Mutex::default(),
        };
        self.server.stored.insert(self.resets, stored);
    }
}
