//! Stores an answer once it has been sent, if its provider does.

use std::sync::{Arc, Mutex};

use bytes::Bytes;

use crate::chat::request::Request;
use crate::server::served_wires::{Continuation, Wire};
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
    /// Stores the answer of a request if the provider does.
    pub(super) fn new(
        server: &Arc<ServerState>,
        wire: Wire,
        body: &Bytes,
        request: &Request,
        previous: Option<Arc<Stored>>,
    ) -> Option<Box<Self>> {
        wire.stores_answer(request).then(|| {
            if let Some(previous) = &previous {
                *previous.continuation() = Continuation::InFlight;
            }
            Box::new(AnswerToStore {
                server: Arc::clone(server),
                wire,
                resets: server.engine.resets(),
                request: body.clone(),
                previous,
            })
        })
    }

    pub(super) fn store(mut self, id: String, answer: Vec<u8>) {
        let previous = self.previous.take();
        if let Some(previous) = &previous {
            *previous.continuation() = Continuation::Stored;
        }
        let stored = Stored {
            id,
            wire: self.wire,
            request: self.request.clone(),
            answer,
            previous,
            at: self.server.engine.elapsed(),
            continuation: Mutex::default(),
        };
        self.server.stored.insert(self.resets, stored);
    }
}

/// An answer that is not stored does not continue another one.
impl Drop for AnswerToStore {
    fn drop(&mut self) {
        if let Some(previous) = &self.previous {
            *previous.continuation() = Continuation::None;
        }
    }
}
