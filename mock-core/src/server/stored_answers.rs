//! The stored answers of Responses, of Interactions, and of the message threads of Anthropic, by id. Conversations continue from them.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use serde_json::Value;

use crate::chat::error::ProviderError;
use crate::chat::request::Request;
use crate::lock::lock;
use crate::server::served_wires::openai_responses::RESPONSES;
use crate::server::served_wires::{AnswerToContinue, Continuation, Wire};
use crate::wire::openai_responses;

/// A stored answer, with its request.
#[derive(Debug)]
pub(super) struct Stored {
    pub(super) id: String,
    /// The wire whose provider stores it.
    pub(super) wire: Wire,
    /// The body of its request: a copy, because `Bytes` would keep all of what was read with it.
    pub(super) request: Box<[u8]>,
    /// Its own body.
    pub(super) answer: Vec<u8>,
    /// The answer that its request continues.
    pub(super) previous: Option<Arc<Stored>>,
    /// When it was stored, on the test's clock.
    pub(super) at: Duration,
    /// Whether a request continues it. The provider of message threads allows only one.
    pub(super) continuation: Mutex<Continuation>,
}

/// A stored answer that a request continues. Unless the answer to that request is stored, it then counts as not continued.
#[derive(Debug)]
pub(super) struct ContinuedAnswer {
    answer: Arc<Stored>,
    /// The state before.
    before: Continuation,
}

impl ContinuedAnswer {
    /// Begins to continue an answer, in one step, because two requests may come at once.
    ///
    /// # Errors
    /// If its provider does not continue it any more, or not with this request. A lenient server continues it anyway.
    pub(super) fn begin(
        request: &Request,
        answer: Arc<Stored>,
        now: Duration,
        is_lenient: bool,
    ) -> Result<Self, ProviderError> {
        let mut continuation = answer.continuation();
        let before = *continuation;
        if !is_lenient {
            let stored = AnswerToContinue {
                id: &answer.id,
                request: &answer.request,
                age: now.saturating_sub(answer.at),
                continuation: before,
            };
            answer.wire.check_continuation(request, &stored)?;
        }
        *continuation = Continuation::InFlight;
        drop(continuation);
        Ok(ContinuedAnswer { answer, before })
    }

    /// Records that the answer to the request is stored, and returns the answer that it continues.
    pub(super) fn stored(mut self) -> Arc<Stored> {
        self.before = Continuation::Stored;
        Arc::clone(&self.answer)
    }

    /// Puts the conversation up to this answer into a request.
    pub(super) fn join(&self, request: &mut Request) {
        self.answer.join(request);
    }
}

impl Drop for ContinuedAnswer {
    fn drop(&mut self) {
        *self.answer.continuation() = self.before;
    }
}

impl Stored {
    fn continuation(&self) -> MutexGuard<'_, Continuation> {
        lock(&self.continuation)
    }

    /// Puts the conversation up to this answer into a request.
    fn join(&self, request: &mut Request) {
        let mut before = vec![(&*self.request, &*self.answer)];
        let mut previous = self.previous.as_deref();
        while let Some(stored) = previous {
            before.push((&*stored.request, &*stored.answer));
            previous = stored.previous.as_deref();
        }
        before.reverse();
        self.wire.join_history(request, &before);
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
#[derive(Default)]
pub(super) struct StoredAnswers(Mutex<Known>);

#[derive(Default)]
struct Known {
    /// The number of resets of the mock before the first of them was stored.
    resets: u32,
    answers: HashMap<String, Arc<Stored>>,
    /// The answers of Responses, by the ids of their items.
    of_items: HashMap<String, Arc<Stored>>,
    /// The ids of the reasoning directly before these items.
    reasoning_before: HashMap<String, String>,
    /// The answers whose items were not looked at yet.
    unread: Vec<Arc<Stored>>,
}

impl StoredAnswers {
    /// Returns the answers since the last reset of the mock. A request from before it has none, and must not change those of later ones.
    fn since(&self, resets: u32) -> Option<MutexGuard<'_, Known>> {
        let mut known = lock(&self.0);
        if known.resets < resets {
            *known = Known {
                resets,
                ..Known::default()
            };
        }
        (known.resets == resets).then_some(known)
    }

    pub(super) fn insert(&self, resets: u32, stored: Stored) {
        let Some(mut known) = self.since(resets) else {
            return;
        };
        let stored = Arc::new(stored);
        if stored.wire == RESPONSES {
            known.unread.push(Arc::clone(&stored));
        }
        known.answers.insert(stored.id.clone(), stored);
    }

    pub(super) fn get(&self, resets: u32, wire: Wire, id: &str) -> Option<Arc<Stored>> {
        let known = self.since(resets)?;
        let stored = known.answers.get(id).cloned();
        stored.filter(|stored| stored.wire == wire)
    }

    pub(super) fn remove(&self, resets: u32, wire: Wire, id: &str) -> bool {
        let Some(mut known) = self.since(resets) else {
            return false;
        };
        let is_known = known
            .answers
            .get(id)
            .is_some_and(|stored| stored.wire == wire);
        is_known && known.answers.remove(id).is_some()
    }

    /// Returns the item with this id, of any stored answer.
    pub(super) fn item(&self, resets: u32, id: &str) -> Option<Value> {
        let mut known = self.since(resets)?;
        let stored = known.answer_of_item(id)?;
        for (item, value) in openai_responses::output_items(&stored.answer) {
            if item == id {
                return Some(value);
            }
        }
        None
    }

    /// Returns the id of the reasoning that comes directly before the item with this id, if it is an item of a stored answer.
    pub(super) fn reasoning_before(&self, resets: u32, id: &str) -> Option<String> {
        let mut known = self.since(resets)?;
        known.answer_of_item(id)?;
        known.reasoning_before.get(id).cloned()
    }
}

impl Known {
    /// Returns the stored answer that has an item with this id.
    fn answer_of_item(&mut self, id: &str) -> Option<Arc<Stored>> {
        for stored in self.unread.drain(..) {
            let mut reasoning = None;
            for (item, value) in openai_responses::output_items(&stored.answer) {
                if let Some(before) = reasoning.take() {
                    self.reasoning_before.insert(item.clone(), before);
                }
                if value["type"] == "reasoning" {
                    reasoning = Some(item.clone());
                }
                self.of_items.insert(item, Arc::clone(&stored));
            }
        }
        let stored = self.of_items.get(id)?;
        let is_kept = self.answers.contains_key(&stored.id);
        is_kept.then(|| Arc::clone(stored))
    }
}

#[cfg(test)]
mod tests;
