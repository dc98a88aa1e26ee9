//! The stored answers of Responses and of Interactions, by id. Conversations continue from them.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use serde_json::Value;

use super::wire::Wire;
use crate::chat::request::Request;
use crate::wire::{gemini_interactions, openai_responses};

/// The API that stores an answer.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum StoringApi {
    Responses,
    Interactions,
}

impl StoringApi {
    /// Returns the API of a wire, if it stores answers.
    pub(super) fn for_wire(wire: Wire) -> Option<Self> {
        match wire {
            Wire::Responses => Some(StoringApi::Responses),
            Wire::Interactions => Some(StoringApi::Interactions),
            Wire::Openai | Wire::Anthropic | Wire::Gemini(_) | Wire::Ollama(_) => None,
        }
    }
}

/// A stored answer, with its request.
#[derive(Debug)]
pub(super) struct Stored {
    pub(super) id: String,
    pub(super) api: StoringApi,
    /// The body of its request.
    pub(super) request: Bytes,
    /// Its own body.
    pub(super) answer: Vec<u8>,
    /// The answer that its request continues.
    pub(super) previous: Option<Arc<Stored>>,
}

impl Stored {
    /// Puts the conversation up to this answer into a request.
    pub(super) fn join(&self, request: &mut Request) {
        let mut before = vec![(&*self.request, &*self.answer)];
        let mut previous = self.previous.as_deref();
        while let Some(stored) = previous {
            before.push((&*stored.request, &*stored.answer));
            previous = stored.previous.as_deref();
        }
        before.reverse();
        match self.api {
            StoringApi::Responses => openai_responses::join_history(request, &before),
            StoringApi::Interactions => gemini_interactions::join_history(request, &before),
        }
    }
}

/// A long chain is dropped iteratively, because recursion could overflow the stack.
impl Drop for Stored {
    fn drop(&mut self) {
        let mut previous = self.previous.take();
        while let Some(stored) = previous.and_then(Arc::into_inner) {
            let mut stored = stored;
            previous = stored.previous.take();
        }
    }
}

/// All stored answers.
#[derive(Debug, Default)]
pub(super) struct StoredAnswers(Mutex<Known>);

#[derive(Debug, Default)]
struct Known {
    /// The number of resets of the mock when the first of them was stored.
    resets: u32,
    answers: HashMap<String, Arc<Stored>>,
}

impl StoredAnswers {
    /// Returns the answers since the last reset of the mock.
    pub(super) fn with<T>(
        &self,
        resets: u32,
        see: impl FnOnce(&mut HashMap<String, Arc<Stored>>) -> T,
    ) -> T {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if known.resets != resets {
            known.answers.clear();
            known.resets = resets;
        }
        see(&mut known.answers)
    }

    pub(super) fn get(&self, resets: u32, api: StoringApi, id: &str) -> Option<Arc<Stored>> {
        let stored = self.with(resets, |answers| answers.get(id).cloned());
        stored.filter(|stored| stored.api == api)
    }

    pub(super) fn remove(&self, resets: u32, api: StoringApi, id: &str) -> bool {
        self.with(resets, |answers| {
            let is_known = answers.get(id).is_some_and(|stored| stored.api == api);
            is_known && answers.remove(id).is_some()
        })
    }

    /// Returns the item with this id, of any stored answer.
    pub(super) fn item(&self, resets: u32, id: &str) -> Option<Value> {
        self.with(resets, |answers| {
            let mut answers = answers.values();
            answers.find_map(|stored| openai_responses::output_item(&stored.answer, id))
        })
    }
}
