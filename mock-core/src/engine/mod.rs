//! Claims a turn for each call, and plays it.

mod answer;
mod call_guard;
mod closure_response;
mod gates;
pub(crate) mod pending_call;
mod pending_waits;
mod play;
pub(crate) mod player;
mod rng;
mod select;
mod server;
mod stream;

use std::any::Any;
use std::borrow::Cow;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::Instant;

pub use answer::Answer;
pub use stream::{AnswerStream, EventStream};

use call_guard::CallGuard;
use closure_response::ClosureResponse;
use gates::Hold;
pub(crate) use gates::{DriverMessage, Gates};
use pending_waits::PendingWaits;
use rng::CallRng;
use select::{Captures, Cursor, MatchContext, Selection, Values, select};

use crate::chat::conversation::{Mistake, mistake};
use crate::chat::error::ProviderError;
use crate::chat::error_kind::ErrorKind;
use crate::chat::request::Request;
use crate::journal::calls::{Call, Calls, End, Journal, Outcome};
use crate::journal::head::RequestHead;
use crate::journal::verdict::{
    BrokenConversation, ClosurePanic, Mismatch, TurnMismatch, Unsupported, Unused, Verdict,
};
use crate::report;
use crate::scenario::{Action, Capabilities, Delay, Failure, Matcher, Scenario, Turn, TurnIndex};
use crate::signals;
use crate::sync::{AtomicUsize, Mutex, MutexGuard};

pub(crate) use rng::seed_of;
pub(crate) use server::{Ids, Server};

/// One mock at work: its scenario, and how far it has come. All handles of a mock share one.
pub(crate) struct Engine {
    pub(crate) scenario: Cow<'static, Scenario>,
    /// What reports call the mock.
    label: String,
    seed: u64,
    epoch: Instant,
    /// Counts the problems of all mocks of the test.
    problems: Arc<AtomicUsize>,
    /// Whether a matcher is the user's own code, which must not run under the lock.
    has_closures: bool,
    /// Whether a matcher asks for the head of an HTTP request.
    asks_for_heads: bool,
    /// Whether a turn is answered by a closure.
    responds: bool,
    /// Whether a text has variables. To look for them in each call takes 1.5 % of it, and as much of a long stream.
    has_templates: bool,
    pub(crate) gates: Gates,
    pub(crate) waits: PendingWaits,
    state: Mutex<State>,
    /// Wakes those who wait for calls.
    called: Notify,
    /// How many calls go on, and the most that ever did.
    in_flight: (AtomicUsize, AtomicUsize),
    /// How many requests were built and dropped before they were polled.
    unpolled: AtomicUsize,
    /// How often the calls up to then were forgotten.
    resets: AtomicU32,
}

struct State {
    cursor: Cursor,
    captures: Captures,
    journal: Arc<Journal>,
    /// How many calls there were when the script last went back to its beginning.
    rewound: usize,
    mismatch: Option<Mismatch>,
    panic: Option<ClosurePanic>,
    unsupported: Option<Unsupported>,
    broken: Option<BrokenConversation>,
    /// The failure of every call, while there is an outage.
    outage: Option<Failure>,
    servers: Vec<Arc<dyn Server>>,
    /// The test that made the mock, once it has ended.
    ended: Option<&'static str>,
    /// Whether anybody has ever waited for calls.
    watched: bool,
}

/// What a claimed call is to play.
struct Chosen {
    turn: TurnIndex,
    values: Values,
    /// What the turn's closure says, where it has one.
    closure_response: Option<Box<ClosureResponse>>,
}

impl State {
    /// Goes on to where the script is after this decision.
    fn advance(&mut self, selection: Selection) -> Chosen {
        self.cursor = selection.cursor;
        if !selection.captures.is_empty() {
            self.captures.extend(selection.captures);
        }
        Chosen {
            turn: selection.turn,
            values: selection.values,
            closure_response: None,
        }
    }
}

/// Why a request is not answered by a turn.
enum Refusal {
    /// No turn answers it, or an earlier one: the script is frozen since this mismatch.
    Mismatch(Mismatch),
    /// The mock fails it before a turn is asked.
    Failed(Box<ProviderError>),
    /// The test that made the mock has ended.
    Ended(&'static str),
    /// A closure of the scenario panicked.
    Panicked(Box<dyn Any + Send>),
}

impl Engine {
    /// An engine at the beginning of its scenario. `epoch` is the time from which the times of calls are counted.
    pub(crate) fn new(
        scenario: Cow<'static, Scenario>,
        label: String,
        seed: u64,
        epoch: Instant,
        problems: Arc<AtomicUsize>,
    ) -> Self {
        let asks = |turn: &Turn| turn.matchers.iter().any(Matcher::has_closure);
        let has_closures = scenario.all_turns().any(asks);
        let asks_for_heads = |turn: &Turn| turn.matchers.iter().any(Matcher::asks_for_head);
        let asks_for_heads = scenario.all_turns().any(asks_for_heads);
        let responds = scenario.all_turns().any(Turn::responds);
        let has_templates = scenario.all_turns().any(Turn::has_templates);
        Engine {
            has_closures,
            asks_for_heads,
            responds,
            has_templates,
            gates: Gates::default(),
            waits: PendingWaits::default(),
            scenario,
            label,
            seed,
            epoch,
            problems,
            state: Mutex::new(State {
                cursor: Cursor::default(),
                captures: Captures::default(),
                journal: Arc::new(Journal::new()),
                rewound: 0,
                mismatch: None,
                panic: None,
                unsupported: None,
                broken: None,
                outage: None,
                servers: Vec::new(),
                ended: None,
                watched: false,
            }),
            called: Notify::new(),
            in_flight: Default::default(),
            unpolled: AtomicUsize::new(0),
            resets: AtomicU32::new(0),
        }
    }

    pub(crate) fn label(&self) -> &str {
        &self.label
    }

    pub(crate) fn calls(&self) -> Calls {
        Calls::new(Arc::clone(&self.lock().journal))
    }

    /// The calls up to now; whoever waits for calls is told of the next one.
    fn watch(&self) -> Calls {
        self.lock().watched = true;
        self.calls()
    }

    /// Waits until there have been so many calls.
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
        loop {
            let next = self.called.notified();
            let calls = self.watch();
            let mut answered_by = calls.iter().rev().map(Call::answered_by);
            if answered_by.any(|index| index == Some(wanted)) {
                return;
            }
            next.await;
        }
    }

    /// The seed of the mock's chance.
    pub(crate) fn seed(&self) -> u64 {
        self.seed
    }

    /// How much time has gone by since the beginning of the test.
    pub(crate) fn elapsed(&self) -> Duration {
        self.epoch.elapsed()
    }

    /// How often the calls up to then were forgotten.
    pub(crate) fn resets(&self) -> u32 {
        self.resets.load(Ordering::Relaxed)
    }

    /// A server answers with this mock.
    pub(crate) fn serve(&self, server: Arc<dyn Server>) {
        self.lock().servers.push(server);
    }

    /// Whether it has, or had, a server.
    pub(crate) fn is_served(&self) -> bool {
        !self.lock().servers.is_empty()
    }

    /// Whether any request came to it or its servers.
    pub(crate) fn is_reached(&self) -> bool {
        let state = self.lock();
        let resets = self.resets();
        let mut servers = state.servers.iter();
        !Calls::new(Arc::clone(&state.journal)).is_empty()
            || servers.any(|server| !server.rejected(resets).is_empty())
    }

    /// Lets the servers note whether a client waits, now that it will not be answered any more.
    pub(crate) fn look_for_clients(&self) {
        let servers = self.lock().servers.clone();
        servers.iter().for_each(|server| server.look_for_clients());
    }

    /// The error of a call that asks for what the mock cannot do. It fails the test too.
    pub(crate) fn unsupported(&self, call: usize, message: String) -> ProviderError {
        let error = self.scenario.error(ErrorKind::Unsupported, message.clone());
        self.lock().unsupported.get_or_insert_with(|| Unsupported {
            call,
            order: self.problems.fetch_add(1, Ordering::Relaxed),
            message,
        });
        error
    }

    /// Notes that a call has ended.
    fn ended(&self) {
        self.in_flight.0.fetch_sub(1, Ordering::Relaxed);
    }

    /// Notes that a request was built and dropped before it was polled.
    #[cold]
    pub(crate) fn note_unpolled(&self) {
        self.unpolled.fetch_add(1, Ordering::Relaxed);
    }

    /// The most calls that went on at one time.
    pub(crate) fn max_in_flight(&self) -> usize {
        self.in_flight.1.load(Ordering::Relaxed)
    }

    /// Lets every call fail, or, with `None`, lets the script go on.
    pub(crate) fn set_outage(&self, outage: Option<Failure>) {
        self.lock().outage = outage;
    }

    /// Goes back to the script's beginning, and forgets its captures; `forget` says whether the calls up to now, and what went
    /// wrong with them, are forgotten too.
    pub(crate) fn rewind(&self, forget: bool) {
        let mut state = self.lock();
        state.cursor = Cursor::default();
        state.captures = Captures::default();
        if forget {
            state.journal = Arc::new(Journal::new());
            state.mismatch = None;
            state.panic = None;
            state.unsupported = None;
            state.broken = None;
            self.unpolled.store(0, Ordering::Relaxed);
            self.resets.fetch_add(1, Ordering::Relaxed);
            let now = self.in_flight.0.load(Ordering::Relaxed);
            self.in_flight.1.store(now, Ordering::Relaxed);
        }
        state.rewound = state.journal.len();
    }

    /// Answers no further call: the test is over.
    pub(crate) fn end(&self, test: &'static str) {
        self.lock().ended = Some(test);
    }

    pub(crate) fn verdict(&self) -> Verdict {
        let state = self.lock();
        let (servers, resets) = (|| state.servers.iter(), self.resets());
        Verdict {
            mock: self.label.clone(),
            scenario: self.scenario.clone(),
            calls: Calls::new(Arc::clone(&state.journal)),
            rejected: servers()
                .flat_map(|server| server.rejected(resets))
                .collect(),
            unpolled: self.unpolled.load(Ordering::Relaxed),
            rewound: state.rewound,
            is_client_left: servers().any(|server| server.has_left_a_client()),
            held: self.gates.held(),
            unanswered: servers()
                .flat_map(|server| server.unanswered(resets))
                .collect(),
            waits: self.waits.all(),
            mismatch: state.mismatch.clone(),
            unsupported: state.unsupported.clone(),
            broken: state.broken.clone(),
            unused: match self.scenario.allow.unused_turns {
                true => None,
                false => self.unused(state.cursor),
            },
            panic: state.panic.clone(),
        }
    }

    fn unused(&self, cursor: Cursor) -> Option<Unused> {
        if cursor.round > 0 {
            return None;
        }
        let turns = self.scenario.turns.iter().enumerate().skip(cursor.turn);
        let mut unused = turns
            .map(|(index, turn)| match index == cursor.turn {
                true => (index, cursor.used, turn),
                false => (index, 0, turn),
            })
            .filter(|(_, used, turn)| *used < turn.count.min)
            .map(|(index, used, _)| (index, used));
        let (turn, used) = unused.next()?;
        Some(Unused {
            turn,
            used,
            more: unused.count(),
        })
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // No user code runs under the lock, so whatever it holds is whole.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Enters a call, tells its number, and claims the turn that answers it: number, turn and captures change together.
    #[inline]
    fn claim(
        self: Arc<Self>,
        request: Request,
        streamed: bool,
        mut head: Option<Box<RequestHead>>,
        tell: impl FnOnce(usize),
    ) -> Result<(CallGuard, Chosen), ProviderError> {
        let start = Instant::now();
        let (mut state, selection) = self.choose(&request, streamed, head.as_deref());
        let journal = Arc::clone(&state.journal);
        let index = journal.len();
        tell(index + 1);
        // A call is made where it stays, and of what is borrowed until then: moving it there takes 3 % of it.
        let mut request = Some(request);
        let entry = journal.push(|| Call {
            number: index + 1,
            request: request.take().unwrap_or_default(),
            head: head.take(),
            streamed,
            answered_by: selection.as_ref().ok().map(|selection| selection.turn),
            started_at: start.saturating_duration_since(self.epoch).into(),
            events: AtomicUsize::new(0),
            end: End::new(),
        });
        let chosen = selection.map(|selection| state.advance(selection));
        let watched = state.watched;
        drop(state);
        let in_flight = self.in_flight.0.fetch_add(1, Ordering::Relaxed) + 1;
        self.in_flight.1.fetch_max(in_flight, Ordering::Relaxed);
        if watched {
            // Most mocks are not watched: not to look for who waits saves 1.5 % of a call.
            self.called.notify_waiters();
        }
        let guard = CallGuard::new(self, journal, entry, start);
        match chosen {
            Ok(mut chosen) => {
                if guard.engine.responds {
                    chosen.closure_response = guard.engine.respond(&guard, chosen.turn);
                }
                Ok((guard, chosen))
            }
            Err(refusal) => Err(Arc::clone(&guard.engine).refuse(guard, refusal)),
        }
    }

    /// What is to become of a request, and the lock under which that is so.
    fn choose(
        &self,
        request: &Request,
        streamed: bool,
        head: Option<&RequestHead>,
    ) -> (MutexGuard<'_, State>, Result<Selection, Refusal>) {
        let mut mistake = self.mistake(request);
        let mut state = self.lock();
        loop {
            if let Some(mistake) = mistake.take() {
                let refusal = self.broken(&mut state, *mistake);
                return (state, Err(refusal));
            }
            if let Some(refusal) = self.without_asking(&state, request, streamed) {
                return (state, Err(refusal));
            }
            let number = state.journal.len() + 1;
            if !self.has_closures {
                let asked = MatchContext {
                    scenario: &self.scenario,
                    captures: &state.captures,
                    request,
                    head,
                    call: number,
                    has_templates: self.has_templates,
                };
                let selection = select(&asked, state.cursor);
                let selection = selection.map_err(|misses| self.freeze(&mut state, misses));
                return (state, selection);
            }
            let (cursor, captures) = (state.cursor, state.captures.clone());
            drop(state);
            let asked = MatchContext {
                scenario: &self.scenario,
                captures: &captures,
                request,
                head,
                call: number,
                has_templates: self.has_templates,
            };
            let selection = catch_unwind(AssertUnwindSafe(|| select(&asked, cursor)));
            state = self.lock();
            match selection {
                // Another call came in between: the decision may be another now.
                Ok(_) if state.cursor != cursor || state.journal.len() + 1 != number => {}
                Ok(selection) => {
                    let selection = selection.map_err(|misses| self.freeze(&mut state, misses));
                    return (state, selection);
                }
                Err(panic) => return (state, Err(Refusal::Panicked(panic))),
            }
        }
    }

    /// Whether a matcher asks for the head of an HTTP request.
    pub(crate) fn asks_for_heads(&self) -> bool {
        self.asks_for_heads
    }

    /// Whether a turn answers a request of no wire with this head.
    pub(crate) fn answers_path(&self, head: &RequestHead) -> bool {
        let state = self.lock();
        let (cursor, captures) = (state.cursor, state.captures.clone());
        let call = state.journal.len() + 1;
        drop(state);
        let asked = MatchContext {
            scenario: &self.scenario,
            captures: &captures,
            request: &Request::default(),
            head: Some(head),
            call,
            has_templates: self.has_templates,
        };
        let selection = catch_unwind(AssertUnwindSafe(|| select(&asked, cursor)));
        // Where a closure panics, the call tells it.
        !matches!(selection, Ok(Err(_)))
    }

    /// What becomes of a request that no turn is asked for.
    fn without_asking(&self, state: &State, request: &Request, streamed: bool) -> Option<Refusal> {
        if let Some(test) = state.ended {
            return Some(Refusal::Ended(test));
        }
        if let Some(failure) = &state.outage {
            let error = failure.error(&self.scenario, |_| "".into());
            return Some(Refusal::Failed(Box::new(error)));
        }
        if let Some(mismatch) = &state.mismatch {
            return Some(Refusal::Mismatch(mismatch.clone()));
        }
        if self.scenario.capabilities != Capabilities::ALL
            && let Some(message) = self.refuses(request, streamed)
        {
            let error = self.scenario.error(ErrorKind::Unsupported, message);
            return Some(Refusal::Failed(Box::new(error)));
        }
        let limit = self.scenario.latency.timeout_over?;
        (self.latency(state.journal.len() + 1) > limit).then(|| {
            let message = report::over_the_limit(limit);
            Refusal::Failed(Box::new(self.scenario.error(ErrorKind::Timeout, message)))
        })
    }

    /// What is wrong with the calls and results of a request, unless the scenario allows it.
    #[inline]
    pub(crate) fn mistake(&self, request: &Request) -> Option<Box<Mistake>> {
        match self.scenario.allow.broken_conversations {
            true => None,
            false => mistake(&request.messages),
        }
    }

    /// Refuses the call that comes now, whose request has this mistake. The test fails, and the script goes on.
    #[cold]
    fn broken(&self, state: &mut State, mistake: Mistake) -> Refusal {
        if let Some(test) = state.ended {
            return Refusal::Ended(test);
        }
        let mut error = mistake.error(self.scenario.profile);
        error.provider = Some(self.scenario.provider_name().to_owned().into());
        let call = state.journal.len() + 1;
        self.note_broken(state, Some(call), mistake);
        Refusal::Failed(Box::new(error))
    }

    fn note_broken(&self, state: &mut State, call: Option<usize>, mistake: Mistake) {
        state.broken.get_or_insert_with(|| BrokenConversation {
            call,
            order: self.problems.fetch_add(1, Ordering::Relaxed),
            mistake,
        });
    }

    /// Notes that a request over the wire has this mistake, and so becomes no call. The test fails, unless turns may be left over: then it
    /// may mean to see the refusal, as of every other request that a server rejects.
    pub(crate) fn note_broken_request(&self, mistake: Mistake) {
        if !self.scenario.allow.unused_turns {
            self.note_broken(&mut self.lock(), None, mistake);
        }
    }

    /// Why the mock's capabilities do not allow the request, if they do not.
    fn refuses(&self, request: &Request, streamed: bool) -> Option<String> {
        let capabilities = self.scenario.capabilities;
        match (capabilities.streaming, capabilities.tools) {
            (false, _) if streamed => Some(report::lacks("streaming")),
            (_, false) if !request.tools.is_empty() => Some(report::lacks("tools")),
            _ => None,
        }
    }

    /// Freezes the script: no turn answers the call that comes now.
    #[cold]
    fn freeze(&self, state: &mut State, misses: Vec<TurnMismatch>) -> Refusal {
        let mismatch = Mismatch {
            call: state.journal.len() + 1,
            order: self.problems.fetch_add(1, Ordering::Relaxed),
            misses,
        };
        state.mismatch = Some(mismatch.clone());
        Refusal::Mismatch(mismatch)
    }

    /// Notes that a closure panicked in a call: the test fails. Returns what the panic said.
    fn note_panic(&self, call: usize, panic: &(dyn Any + Send)) -> String {
        let message = report::panic_message(panic);
        signals::forget_task_panic(&message);
        self.lock().panic.get_or_insert_with(|| ClosurePanic {
            call,
            order: self.problems.fetch_add(1, Ordering::Relaxed),
            message: message.clone(),
        });
        message
    }

    /// Ends a call that no turn answers.
    #[cold]
    fn refuse(&self, mut guard: CallGuard, refusal: Refusal) -> ProviderError {
        let error = match refusal {
            // Of the call that did not fit, which may be an earlier one: the script is frozen since then.
            Refusal::Mismatch(mismatch) => {
                let problem = report::unscripted(
                    &self.label,
                    &self.scenario,
                    &mismatch,
                    guard.earlier(mismatch.call),
                );
                let call = guard.call().number();
                self.unscripted(report::frozen(&mismatch, call, problem))
            }
            Refusal::Ended(test) => self.unscripted(signals::call_after_the_end(&self.label, test)),
            Refusal::Failed(error) => *error,
            Refusal::Panicked(panic) => guard.panicked(panic),
        };
        guard.end(Outcome::Failed(error.clone()));
        error
    }

    fn unscripted(&self, message: String) -> ProviderError {
        self.scenario.error(ErrorKind::Unscripted, message)
    }

    /// Asks the closure that answers, where the turn has one.
    fn respond(&self, guard: &CallGuard, turn: TurnIndex) -> Option<Box<ClosureResponse>> {
        let turn = self.scenario.turn(turn);
        let respond = turn.actions.iter().find_map(|action| match action {
            Action::Respond(respond) => Some(&respond.responder),
            _ => None,
        })?;
        let answer = guard.ask(|| respond.respond(guard.call().request()));
        Some(Box::new(ClosureResponse::new(turn, answer, guard)))
    }

    /// How long the `number`th call takes before its answer begins.
    fn latency(&self, number: usize) -> Duration {
        match self.scenario.latency.delay {
            Delay::Fixed(latency) => latency,
            Delay::Uniform(least, most) => self.rng(number).time(least, most),
            Delay::Growing(first, by) => {
                let factor = 1.0 + by * (number - 1) as f64;
                let seconds = first.as_secs_f64() * factor.max(0.0);
                // A time too long to be told is as long as can be told.
                Duration::try_from_secs_f64(seconds).unwrap_or(Duration::MAX)
            }
        }
    }

    /// The chance of the `number`th call.
    fn rng(&self, number: usize) -> CallRng {
        CallRng::new(self.seed, number)
    }
}
