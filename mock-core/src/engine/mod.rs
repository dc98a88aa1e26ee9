//! Claims a turn for each call, and plays it.

mod async_closure_response;
mod call_without_turn;
mod calls_in_flight;
mod captures;
mod claim_turn;
mod closure_response;
mod conversation_hash;
#[cfg(feature = "sweep")]
pub(crate) mod draw_chaos;
#[cfg(not(feature = "sweep"))]
#[path = "without_chaos.rs"]
pub(crate) mod draw_chaos;
mod embedding_future;
mod evaluate_matcher;
mod event_stream;
pub(crate) mod expectations;
mod gates_and_drivers;
mod incoming_request;
mod instances;
#[cfg(feature = "sweep")]
mod interleaving;
mod json_contains;
mod latency;
mod limit_of_calls;
mod match_context;
mod methods_for_server;
pub(crate) mod pending_call;
mod pending_waits;
mod playback;
pub(crate) mod player;
pub(crate) mod prompt_prefix;
mod read_raw_answer_in_process;
mod reject_before_turns;
mod response_future;
mod rewind_and_reset;
mod rng;
mod running_call;
mod scenario_summary;
pub(crate) mod select_lane_and_instance;
mod select_turn;
pub(crate) mod server_trait;
mod template_values;
mod tool_choice;
mod turn_fits_request;
mod unused_turns;
mod vector_of_text;
pub(crate) mod waited_retry_after;

use std::any::Any;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, PoisonError};

use tokio::sync::Notify;
use tokio::time::Instant;

pub use embedding_future::EmbeddingFuture;
pub use event_stream::{EventStream, EventStreamFuture};
pub use response_future::ResponseFuture;

use calls_in_flight::CallsInFlight;
use captures::Captures;
use claim_turn::ClaimedTurn;
use draw_chaos::{InjectedFault, MockChaos};
pub(crate) use gates_and_drivers::{DriverMessage, Gates, WaitPoint};
use instances::Instances;
use pending_waits::PendingWaits;
use rng::CallRng;
use scenario_summary::ScenarioSummary;
use select_turn::Cursor;

use crate::chat::embedding::EmbeddingRequest;
use crate::chat::error::ProviderError;
use crate::chat::error_kind::ErrorKind;
use crate::chat::raw_answer_reader::RawAnswers;
use crate::journal::calls::{Call, Calls, Journal, Outcome};
use crate::journal::verdict::{CallProblem, CallProblems, PrefixBreak, Unserved, Verdict};
use crate::report;
use crate::runtime::task_panics;
use crate::scenario::request_head::RequestHead;
use crate::scenario::{Action, Failure, SharedScenario, Str, TurnIndex};
use crate::search::Search;
use crate::shuttle_locks::{AtomicUsize, Mutex, MutexGuard};

#[cfg(feature = "sweep")]
pub(crate) use rng::pick;
pub(crate) use rng::seed_of;
pub(crate) use server_trait::{CallSignature, Ids, Prompts, Server};

/// The state of one mock: its scenario and its progress. All handles of a mock share one engine.
pub(crate) struct Engine {
    pub(crate) scenario: SharedScenario,
    /// The name of the mock in reports.
    label: String,
    seed: u64,
    epoch: Instant,
    /// Counts the problems of all mocks of the test.
    problems: Arc<AtomicUsize>,
    summary: ScenarioSummary,
    /// Reads raw answers in process, with the feature `wire`.
    raw_answers: Option<&'static dyn RawAnswers>,
    /// The random faults, in a run with a seed of its own.
    chaos: Option<MockChaos>,
    pub(crate) gates: Gates,
    pub(crate) waits: PendingWaits,
    state: Mutex<EngineState>,
    /// Wakes the tasks that wait for calls.
    called: Notify,
    in_flight: CallsInFlight,
    /// The number of requests that were dropped before they were polled.
    unpolled: AtomicUsize,
    /// The number of resets.
    resets: AtomicU32,
}

#[derive(Default)]
struct EngineState {
    cursor: Cursor,
    captures: Captures,
    /// The instances of a mock with lanes or `per`. The fields above are then for requests without an instance.
    instances: Instances,
    journal: Arc<Journal>,
    /// The number of calls when the script was last rewound.
    rewound: usize,
    /// The problems of its calls. The mismatch freezes a script without instances.
    problems: CallProblems,
    /// The number of messages in all requests of the journal. A request without any counts as one.
    messages: usize,
    /// The failure of every call, while there is an outage.
    outage: Option<Failure>,
    servers: Vec<Arc<dyn Server>>,
    /// Why the last server did not start, if it did not.
    unserved: Option<Unserved>,
    /// The test that made the mock, once it has ended.
    ended: Option<&'static str>,
    /// Whether the test has ever waited for calls.
    watched: bool,
}

/// How an answer is asked for.
pub(crate) enum Mode {
    Whole,
    Streamed,
    /// As embeddings of the inputs of this request.
    Embedding(Box<EmbeddingRequest>),
}

/// The origin of a call.
pub(crate) enum Origin {
    InProcess,
    /// A client of a server, with the head of its request if a matcher needs it.
    Wire(Option<Box<RequestHead>>),
}

impl Engine {
    /// Creates an engine at the beginning of its scenario. The times of calls count from `epoch`.
    pub(crate) fn new(
        scenario: SharedScenario,
        label: String,
        seed: u64,
        epoch: Instant,
        problems: Arc<AtomicUsize>,
        raw_answers: Option<&'static dyn RawAnswers>,
    ) -> Self {
        let summary = ScenarioSummary::new(&scenario);
        Engine::with_traits(summary, scenario, label, seed, epoch, problems, raw_answers)
    }

    /// Creates an engine of a scenario that has this summary.
    fn with_traits(
        summary: ScenarioSummary,
        scenario: SharedScenario,
        label: String,
        seed: u64,
        epoch: Instant,
        problems: Arc<AtomicUsize>,
        raw_answers: Option<&'static dyn RawAnswers>,
    ) -> Self {
        Engine {
            summary,
            raw_answers,
            chaos: None,
            gates: Gates::default(),
            waits: PendingWaits::default(),
            scenario,
            label,
            seed,
            epoch,
            problems,
            state: Mutex::new(EngineState::default()),
            called: Notify::new(),
            in_flight: CallsInFlight::default(),
            unpolled: AtomicUsize::new(0),
            resets: AtomicU32::new(0),
        }
    }

    /// Sets the random faults, which may delay any answer.
    pub(crate) fn with_chaos(mut self, chaos: Option<MockChaos>) -> Self {
        self.summary.takes_time |= chaos.is_some();
        self.chaos = chaos;
        self
    }

    /// The faults that happened by chance.
    pub(crate) fn happened(&self) -> Vec<InjectedFault> {
        let chaos = self.chaos.as_ref();
        chaos.map(MockChaos::happened).unwrap_or_default()
    }

    /// Whether all turns are optional, and the key `expect` is ignored: a random fault has happened in this run of the test.
    fn are_turns_optional(&self) -> bool {
        let chaos = self.chaos.as_ref();
        chaos.is_some_and(MockChaos::has_happened)
    }

    pub(crate) fn label(&self) -> &str {
        &self.label
    }

    pub(crate) fn calls(&self) -> Calls {
        Calls::new(Arc::clone(&self.lock().journal))
    }

    /// Returns the calls so far, and a future of the next one.
    fn watch(&self) -> Calls {
        self.lock().watched = true;
        self.calls()
    }

    /// Waits until there have been this many calls.
    pub(crate) async fn called(&self, calls: usize) {
        loop {
            let next = self.called.notified();
            if self.watch().len() >= calls {
                return;
            }
            next.await;
        }
    }

    /// Waits until this turn has answered.
    pub(crate) async fn answered(&self, wanted: TurnIndex) {
        let mut seen: Option<Calls> = None;
        loop {
            let next = self.called.notified();
            let calls = self.watch();
            let known = seen.map_or(0, |seen| calls.known_from(&seen));
            let mut new = (known..calls.len()).filter_map(|index| calls.get(index));
            if new.any(|call| call.answered_by() == Some(wanted)) {
                return;
            }
            seen = Some(calls);
            next.await;
        }
    }

    /// The number of resets.
    pub(crate) fn resets(&self) -> u32 {
        self.resets.load(Ordering::Relaxed)
    }

    /// Returns whether it is expected that requests begin with the text of the ones before them.
    pub(crate) fn expects_stable_prompts(&self) -> bool {
        self.summary.expects_stable_prompts
    }

    /// The first place where a request over the wire leaves the text of the request that it continues.
    fn prefix_break(&self, calls: &Calls) -> Option<PrefixBreak> {
        let servers = self.lock().servers.clone();
        let mut prompts = Prompts::new();
        for server in &servers {
            server.add_prompts(self.resets(), &mut prompts);
        }
        servers.first()?.first_break(calls, &prompts)
    }

    /// Returns whether it has or had a server.
    pub(crate) fn is_served(&self) -> bool {
        !self.lock().servers.is_empty()
    }

    /// Returns whether any request reached it or its servers.
    pub(crate) fn is_reached(&self) -> bool {
        let state = self.lock();
        let resets = self.resets();
        state.journal.len() > 0 || state.servers.any(&|server| server.has_rejected(resets))
    }

    /// Lets the servers record whether a client waits that will not be answered any more.
    pub(crate) fn look_for_clients(&self) {
        let servers = self.lock().servers.clone();
        for server in &servers {
            server.look_for_clients();
        }
    }

    /// Returns the error for a call that asks for something unsupported, and fails the test.
    pub(crate) fn unsupported(&self, call: usize, message: String) -> ProviderError {
        let error = self.scenario.error(ErrorKind::Unsupported, message.clone());
        let mut state = self.lock();
        state
            .problems
            .unsupported
            .get_or_insert_with(|| CallProblem {
                call,
                order: self.problems.fetch_add(1, Ordering::Relaxed),
                message,
            });
        error
    }

    /// Records that a call has ended.
    fn ended(&self) {
        self.in_flight.end();
    }

    /// Records how a call of a conversation ended.
    fn note_end(&self, journal: &Arc<Journal>, call: &Call, outcome: &Outcome) {
        let answered_by = call.answered_by.map(|index| self.scenario.turn(index));
        let is_faulted = answered_by.is_some_and(|turn| turn.fault.is_some());
        let mut state = self.lock();
        // Skip a call of an earlier journal: the mock was reset since.
        if Arc::ptr_eq(&state.journal, journal) {
            let instances = &mut state.instances;
            instances.note_end(call.script, call.number, outcome, is_faulted);
        }
    }

    /// Records that a request was dropped before it was polled.
    #[cold]
    pub(crate) fn note_unpolled(&self) {
        self.unpolled.fetch_add(1, Ordering::Relaxed);
    }

    /// Returns the maximum number of calls in flight.
    pub(crate) fn max_in_flight(&self) -> usize {
        self.in_flight.max()
    }

    /// Makes every call fail, or, with `None`, continues the script.
    #[inline]
    pub(crate) fn set_outage(&self, outage: Option<Failure>) {
        self.lock().outage = outage;
    }

    /// Answers no further call, because the test has ended.
    pub(crate) fn end(&self, test: &'static str) {
        self.lock().ended = Some(test);
    }

    /// Whether a turn with this driver answered a call.
    fn came_to_driver(&self, state: &EngineState, driver: &Str) -> bool {
        let is_it = |action: &Action| matches!(action, Action::Driven(name) if name == driver);
        (0..state.journal.len()).any(|index| {
            let turn = state.journal.get(index).and_then(Call::answered_by);
            turn.is_some_and(|turn| self.scenario.turn(turn).actions.any(&is_it))
        })
    }

    pub(crate) fn verdict(&self) -> Verdict {
        let state = self.lock();
        let mut verdict = Verdict {
            mock: self.label.clone(),
            scenario: self.scenario.clone(),
            calls: Calls::new(Arc::clone(&state.journal)),
            rejected: Vec::new(),
            unpolled: self.unpolled.load(Ordering::Relaxed),
            rewound: state.rewound,
            is_outage: state.outage.is_some(),
            refuses_connections: false,
            is_client_left: false,
            held: self.gates.waiting_calls(),
            unanswered: Vec::new(),
            keepalives: Vec::new(),
            without_usage: Vec::new(),
            silent: Vec::new(),
            waits: self.waits.all(),
            problems: state.problems.clone(),
            unserved: state.unserved.clone(),
            unused: None,
            unread_events: None,
            unmet: Vec::new(),
        };
        for server in &state.servers {
            server.report(self.resets(), &mut verdict);
        }
        if !self.scenario.allow.unused_turns && !self.are_turns_optional() {
            let has_call = |driver: &Str| self.came_to_driver(&state, driver);
            verdict.unused = self.unused(&state);
            verdict.unread_events = self.gates.unread_events(&has_call);
        }
        drop(state);
        // After the lock: a matcher may run a closure of the user.
        verdict.unmet = self.unmet(&verdict);
        verdict
    }

    fn lock(&self) -> MutexGuard<'_, EngineState> {
        // No user code runs under the lock, so the state is consistent even if the lock is poisoned.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Records that a closure panicked in a call, so that the test fails. Returns the message of the panic.
    fn note_panic(&self, call: usize, panic: &(dyn Any + Send)) -> String {
        let message = report::panic_message(panic);
        task_panics::forget(&message);
        let mut state = self.lock();
        state.problems.panic.get_or_insert_with(|| CallProblem {
            call,
            order: self.problems.fetch_add(1, Ordering::Relaxed),
            message: message.clone(),
        });
        message
    }

    /// Returns the random draws of the `number`th call.
    fn rng(&self, number: usize) -> CallRng {
        CallRng::new(self.seed, number)
    }
}
