//! The information that a server gives to the report of its mock: [`ServerLog`].

use std::sync::{Arc, Mutex, MutexGuard, OnceLock};

use bytes::Bytes;

use super::exchange::Exchange;
use super::request::prompt_parts::prompt;
use crate::engine::prompt_prefix::first_break;
use crate::engine::{Engine, Prompts, Server};
use crate::journal::calls::Calls;
use crate::journal::verdict::{PrefixBreak, Verdict};
use crate::lock::lock;
use crate::search::Search;

/// Requests that did not become calls, and clients without an answer. The mock keeps it after the server is dropped.
#[derive(Default)]
pub(super) struct ServerLog {
    state: Mutex<LogState>,
    /// Returns whether a client waits to be accepted, if the server runs on the test's own runtime.
    backlog: OnceLock<Backlog>,
}

type Backlog = Box<dyn Fn() -> bool + Send + Sync>;

#[derive(Default)]
struct LogState {
    /// Requests that did not become calls, each with the number of calls before it.
    rejected: Vec<(usize, Arc<Exchange>)>,
    /// Calls that get no answer while their clients wait, with the number of resets of the mock before.
    unanswered: Vec<(u32, usize)>,
    /// The answers that are kept alive while they say nothing.
    kept_alive: Vec<Arc<Exchange>>,
    /// Calls whose streams have no usage because the request did not ask for it, with the number of resets of the mock before.
    without_usage: Vec<(u32, usize)>,
    /// The bodies of requests whose prompts are compared, with the numbers of resets and of their calls.
    bodies: Vec<(u32, usize, Bytes)>,
    /// Whether a client waited at the last check.
    client_left: bool,
    /// Whether connections are refused.
    refuses_connections: bool,
}

impl ServerLog {
    /// Sets the function that returns whether a client waits to be accepted.
    pub(super) fn set_backlog(&self, backlog: impl Fn() -> bool + Send + Sync + 'static) {
        // Set only once: a server has one listener.
        let _ = self.backlog.set(Box::new(backlog));
    }

    /// Records whether connections are refused.
    pub(super) fn note_refusal(&self, refuses: bool) {
        self.lock().refuses_connections = refuses;
    }

    /// Records a request that did not become a call.
    pub(super) fn note_rejected(&self, engine: &Engine, exchange: Arc<Exchange>) {
        let calls = engine.calls().len();
        self.lock().rejected.push((calls, exchange));
    }

    /// Notes an answer that is kept alive while it says nothing.
    pub(super) fn note_kept_alive(&self, exchange: Arc<Exchange>) {
        self.lock().kept_alive.push(exchange);
    }

    /// Keeps the body of a request that became a call, to compare prompts.
    pub(super) fn note_body(&self, engine: &Engine, call: usize, body: &Bytes) {
        let body = (engine.resets(), call, body.clone());
        self.lock().bodies.push(body);
    }

    /// Notes a call whose stream has no usage because the request did not ask for it.
    pub(super) fn note_without_usage(&self, engine: &Engine, call: usize) {
        self.lock().without_usage.push((engine.resets(), call));
    }

    /// Records that a call gets no answer until the returned value is dropped.
    pub(super) fn leave_unanswered(
        self: &Arc<Self>,
        engine: &Engine,
        call: usize,
    ) -> UnansweredCall {
        let call = (engine.resets(), call);
        self.lock().unanswered.push(call);
        UnansweredCall {
            log: Arc::clone(self),
            call,
        }
    }

    fn lock(&self) -> MutexGuard<'_, LogState> {
        lock(&self.state)
    }
}

impl Server for ServerLog {
    fn report(&self, resets: u32, verdict: &mut Verdict) {
        let state = self.lock();
        for (calls, exchange) in &state.rejected {
            if exchange.resets() == resets {
                verdict.rejected.push(exchange.rejected(*calls));
            }
        }
        for (when, call) in &state.unanswered {
            if *when == resets {
                verdict.unanswered.push(*call);
            }
        }
        for (when, call) in &state.without_usage {
            if *when == resets {
                verdict.without_usage.push(*call);
            }
        }
        for exchange in &state.kept_alive {
            if let Some(call) = exchange.call().filter(|_| exchange.resets() == resets) {
                verdict.keepalives.push((call, exchange.keepalives()));
                if exchange.is_endlessly_silent() {
                    verdict.silent.push(call);
                }
            }
        }
        verdict.refuses_connections |= state.refuses_connections;
        verdict.is_client_left |= state.client_left;
    }

    fn has_rejected(&self, resets: u32) -> bool {
        let is_of_now = |(_, exchange): &(usize, Arc<Exchange>)| exchange.resets() == resets;
        self.lock().rejected.any(&is_of_now)
    }

    fn add_prompts(&self, resets: u32, prompts: &mut Prompts) {
        for (when, call, body) in &self.lock().bodies {
            if *when == resets
                && let Some(prompt) = prompt(body)
            {
                prompts.push((*call, prompt));
            }
        }
    }

    fn first_break(&self, calls: &Calls, prompts: &Prompts) -> Option<PrefixBreak> {
        first_break(calls, prompts)
    }

    fn look_for_clients(&self) {
        if self.backlog.get().is_some_and(|waits| waits()) {
            self.lock().client_left = true;
        }
    }
}

/// A call that gets no answer until this is dropped.
pub(super) struct UnansweredCall {
    log: Arc<ServerLog>,
    /// The number of resets of the mock, because numbers repeat after one, and the number of the call.
    call: (u32, usize),
}

impl Drop for UnansweredCall {
    fn drop(&mut self) {
        let ended = self.call;
        self.log.lock().unanswered.retain(|call| *call != ended);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::MockProvider;

    #[test]
    fn a_call_before_a_reset_is_not_the_call_of_the_same_number_after_it() {
        let mock = MockProvider::script([]);
        let engine = mock.engine();
        let log = Arc::new(ServerLog::default());
        engine.serve(Arc::clone(&log) as Arc<dyn Server>);
        let before = log.leave_unanswered(engine, 1);
        mock.reset();
        assert!(engine.verdict().unanswered.is_empty());
        let after = log.leave_unanswered(engine, 1);
        drop(before);
        assert_eq!(engine.verdict().unanswered, [1]);
        drop(after);
        assert!(engine.verdict().unanswered.is_empty());
    }
}
