//! Claims a turn for each call, and plays it.

mod answer;
mod decide;
mod opening;
mod play;
mod player;
mod seed;
mod stream;
mod ticket;

use std::any::Any;
use std::borrow::Cow;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::atomic::Ordering;
use std::sync::{Arc, OnceLock, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::Instant;

pub use answer::Answer;
pub use stream::{AnswerStream, EventStream};

use decide::{Captures, Cursor, Decision, Values, decide};
use ticket::Ticket;

use crate::error::{ErrorKind, ProviderError};
use crate::journal::{Call, Calls, Journal, Outcome};
use crate::report;
use crate::request::Request;
use crate::scenario::{Failure, Latency, Matcher, Scenario};
use crate::sync::{AtomicUsize, Mutex, MutexGuard};
use crate::verdict::{ClosurePanic, Mismatch, Miss, Unsupported, Unused, Verdict};

pub(crate) use seed::seed_of;

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
    state: Mutex<State>,
    /// Wakes those who wait for calls.
    called: Notify,
    /// How many calls go on, and the most that ever did.
    in_flight: (AtomicUsize, AtomicUsize),
}

struct State {
    cursor: Cursor,
    captures: Captures,
    journal: Arc<Journal>,
    mismatch: Option<Mismatch>,
    panic: Option<ClosurePanic>,
    unsupported: Option<Unsupported>,
    /// The failure of every call, while there is an outage.
    outage: Option<Failure>,
    ended: bool,
}

/// What is to become of a request.
enum Choice {
    Turn(Decision),
    /// No turn answers.
    NoTurn(Vec<Miss>),
    /// The script stands still since this mismatch.
    Frozen(Mismatch),
    Outage(Failure),
    /// The test is over.
    Ended,
    /// A closure of the scenario panicked.
    Panicked(Box<dyn Any + Send>),
}

impl Choice {
    fn of(decision: Result<Decision, Vec<Miss>>) -> Choice {
        decision.map_or_else(Choice::NoTurn, Choice::Turn)
    }
}

/// What a claimed call is to play.
struct Chosen {
    /// The index of the turn.
    turn: usize,
    values: Values,
}

/// Why a request is not answered by a turn.
enum Refusal {
    Mismatch(Mismatch),
    Outage(Failure),
    Ended,
    Panicked(Box<dyn Any + Send>),
}

impl State {
    /// What becomes of a request whatever it says.
    fn without_asking(&self) -> Option<Choice> {
        if self.ended {
            return Some(Choice::Ended);
        }
        if let Some(failure) = &self.outage {
            return Some(Choice::Outage(failure.clone()));
        }
        self.mismatch.clone().map(Choice::Frozen)
    }
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
        let matchers = scenario.turns.iter().flat_map(|turn| turn.matchers.iter());
        Engine {
            has_closures: matchers
                .into_iter()
                .any(|matcher| matches!(matcher, Matcher::When(_))),
            scenario,
            label,
            seed,
            epoch,
            problems,
            state: Mutex::new(State {
                cursor: Cursor::default(),
                captures: Captures::default(),
                journal: Arc::new(Journal::new()),
                mismatch: None,
                panic: None,
                unsupported: None,
                outage: None,
                ended: false,
            }),
            called: Notify::new(),
            in_flight: Default::default(),
        }
    }

    pub(crate) fn label(&self) -> &str {
        &self.label
    }

    pub(crate) fn calls(&self) -> Calls {
        Calls::of(Arc::clone(&self.lock().journal))
    }

    /// Waits until there have been so many calls.
    pub(crate) async fn called(&self, calls: usize) {
        loop {
            let next = self.called.notified();
            if self.calls().len() >= calls {
                return;
            }
            next.await;
        }
    }

    /// The error of a call that asks for what the mock cannot do. It fails the test too.
    fn unsupported(&self, call: usize, message: String) -> ProviderError {
        let mut error = ProviderError::new(ErrorKind::Unsupported);
        error.message.clone_from(&message);
        error.provider = Some(self.scenario.profile.name().into());
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

    /// The most calls that went on at one time.
    pub(crate) fn most_in_flight(&self) -> usize {
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
            let now = self.in_flight.0.load(Ordering::Relaxed);
            self.in_flight.1.store(now, Ordering::Relaxed);
        }
    }

    /// Answers no further call: the test is over.
    pub(crate) fn end(&self) {
        self.lock().ended = true;
    }

    pub(crate) fn verdict(&self) -> Verdict {
        let state = self.lock();
        Verdict {
            mock: self.label.clone(),
            scenario: self.scenario.clone(),
            calls: Calls::of(Arc::clone(&state.journal)),
            mismatch: state.mismatch.clone(),
            unsupported: state.unsupported.clone(),
            unused: self.unused(state.cursor),
            panic: state.panic.clone(),
        }
    }

    fn unused(&self, cursor: Cursor) -> Option<Unused> {
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

    /// Enters a call and claims the turn that answers it: number, turn and captures change together.
    fn claim(
        self: Arc<Self>,
        request: Request,
        streamed: bool,
    ) -> Result<(Ticket, Chosen), ProviderError> {
        let start = Instant::now();
        let (mut state, choice) = self.choose(&request);
        let journal = Arc::clone(&state.journal);
        let index = journal.len();
        journal.push(Call {
            number: index + 1,
            request,
            streamed,
            turn: match &choice {
                Choice::Turn(decision) => Some(decision.turn),
                _ => None,
            },
            started_at: start.saturating_duration_since(self.epoch),
            end: OnceLock::new(),
        });
        let settled = self.settle(&mut state, choice, index + 1);
        drop(state);
        let in_flight = self.in_flight.0.fetch_add(1, Ordering::Relaxed) + 1;
        self.in_flight.1.fetch_max(in_flight, Ordering::Relaxed);
        self.called.notify_waiters();
        let ticket = Ticket::new(self, journal, index, start);
        match settled {
            Ok(chosen) => Ok((ticket, chosen)),
            Err(refusal) => Err(Arc::clone(&ticket.engine).refuse(ticket, refusal)),
        }
    }

    /// What is to become of a request, and the lock under which that is so.
    fn choose(&self, request: &Request) -> (MutexGuard<'_, State>, Choice) {
        let mut state = self.lock();
        loop {
            if let Some(choice) = state.without_asking() {
                return (state, choice);
            }
            let number = state.journal.len() + 1;
            if !self.has_closures {
                let decision = decide(
                    &self.scenario,
                    state.cursor,
                    &state.captures,
                    request,
                    number,
                );
                return (state, Choice::of(decision));
            }
            let (cursor, captures) = (state.cursor, state.captures.clone());
            drop(state);
            let decision = catch_unwind(AssertUnwindSafe(|| {
                decide(&self.scenario, cursor, &captures, request, number)
            }));
            state = self.lock();
            match decision {
                // Another call came in between: the decision may be another now.
                Ok(_) if state.cursor != cursor || state.journal.len() + 1 != number => {}
                Ok(decision) => return (state, Choice::of(decision)),
                Err(panic) => return (state, Choice::Panicked(panic)),
            }
        }
    }

    /// Changes the state as the choice for the `call`th call says.
    fn settle(&self, state: &mut State, choice: Choice, call: usize) -> Result<Chosen, Refusal> {
        let order = || self.problems.fetch_add(1, Ordering::Relaxed);
        Err(match choice {
            Choice::Turn(decision) => {
                state.cursor = decision.cursor;
                state.captures.extend(decision.captures);
                return Ok(Chosen {
                    turn: decision.turn,
                    values: decision.values,
                });
            }
            Choice::NoTurn(misses) => {
                let mismatch = Mismatch {
                    call,
                    order: order(),
                    misses,
                };
                state.mismatch = Some(mismatch.clone());
                Refusal::Mismatch(mismatch)
            }
            Choice::Frozen(mismatch) => Refusal::Mismatch(mismatch),
            Choice::Outage(failure) => Refusal::Outage(failure),
            Choice::Ended => Refusal::Ended,
            Choice::Panicked(panic) => {
                state.panic.get_or_insert_with(|| ClosurePanic {
                    call,
                    order: order(),
                    message: report::panic_message(&*panic),
                });
                Refusal::Panicked(panic)
            }
        })
    }

    /// Ends a call that no turn answers.
    #[cold]
    fn refuse(&self, mut ticket: Ticket, refusal: Refusal) -> ProviderError {
        let error = match refusal {
            // Of the call that did not fit, which may be an earlier one: the script stands still since then.
            Refusal::Mismatch(mismatch) => self.unscripted(report::unscripted(
                &self.label,
                &self.scenario,
                &mismatch,
                ticket.earlier(mismatch.call),
            )),
            Refusal::Ended => self.unscripted(report::after_the_end(&self.label)),
            Refusal::Outage(failure) => failure.error(self.scenario.profile, |_| "".into()),
            Refusal::Panicked(panic) => {
                ticket.end(Outcome::Panicked(report::panic_message(&*panic)));
                resume_unwind(panic)
            }
        };
        ticket.end(Outcome::Failed(error.clone()));
        error
    }

    fn unscripted(&self, message: String) -> ProviderError {
        let mut error = ProviderError::new(ErrorKind::Unscripted);
        error.message = message;
        error.provider = Some(self.scenario.profile.name().into());
        error
    }

    /// How long the `number`th call takes before its answer begins.
    fn latency(&self, number: usize) -> Duration {
        match self.scenario.latency {
            Latency::Fixed(latency) => latency,
            Latency::Uniform(least, most) => {
                seed::uniform(seed::draw(self.seed, number), least, most)
            }
        }
    }
}
