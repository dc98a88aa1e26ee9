//! Claims a turn for each call, and plays it.

mod answer;
mod decide;
mod opening;
mod play;
mod player;
mod seed;
mod stream;
mod ticket;

use std::borrow::Cow;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

pub use answer::Answer;
pub use stream::{AnswerStream, EventStream};

use decide::{Captures, Cursor, Decision, decide};
use ticket::Ticket;

use crate::error::{ErrorKind, ProviderError};
use crate::journal::{Call, Calls, Journal, Outcome};
use crate::report;
use crate::request::Request;
use crate::scenario::{Latency, Matcher, Scenario};
use crate::verdict::{ClosurePanic, Mismatch, Unused, Verdict};

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
}

struct State {
    cursor: Cursor,
    captures: Captures,
    journal: Arc<Journal>,
    mismatch: Option<Mismatch>,
    panic: Option<ClosurePanic>,
    ended: bool,
}

/// A call that has been entered, and what is to be done with it.
struct Claim {
    ticket: Ticket,
    decision: Result<Decision, ProviderError>,
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
                ended: false,
            }),
        }
    }

    pub(crate) fn label(&self) -> &str {
        &self.label
    }

    pub(crate) fn calls(&self) -> Calls {
        Calls::of(Arc::clone(&self.lock().journal))
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
    fn claim(self: &Arc<Self>, request: Request, streamed: bool) -> Claim {
        let start = Instant::now();
        let mut state = self.lock();
        let decision = loop {
            let number = state.journal.len() + 1;
            if state.ended || state.mismatch.is_some() {
                break None;
            }
            if !self.has_closures {
                break Some(decide(
                    &self.scenario,
                    state.cursor,
                    &state.captures,
                    &request,
                    number,
                ));
            }
            let (cursor, captures) = (state.cursor, state.captures.clone());
            drop(state);
            let decision = catch_unwind(AssertUnwindSafe(|| {
                decide(&self.scenario, cursor, &captures, &request, number)
            }));
            state = self.lock();
            match decision {
                // Another call came in between: the decision may be another now.
                Ok(_) if state.cursor != cursor || state.journal.len() + 1 != number => continue,
                Ok(decision) => break Some(decision),
                Err(panic) => {
                    let message = report::panic_message(&*panic);
                    let number = state.journal.len() + 1;
                    state.panic.get_or_insert(ClosurePanic {
                        call: number,
                        order: self.problems.fetch_add(1, Ordering::Relaxed),
                        message: message.clone(),
                    });
                    let end = (
                        start.saturating_duration_since(self.epoch),
                        Outcome::Panicked(message),
                    );
                    state.journal.push(Call {
                        number,
                        request,
                        streamed,
                        turn: None,
                        started_at: end.0,
                        end: OnceLock::from(end),
                    });
                    drop(state);
                    resume_unwind(panic);
                }
            }
        };
        let journal = Arc::clone(&state.journal);
        let index = journal.len();
        let number = index + 1;
        journal.push(Call {
            number,
            request,
            streamed,
            turn: match &decision {
                Some(Ok(decision)) => Some(decision.turn),
                _ => None,
            },
            started_at: start.saturating_duration_since(self.epoch),
            end: OnceLock::new(),
        });
        let decision = match decision {
            Some(Ok(mut decision)) => {
                state.cursor = decision.cursor;
                state
                    .captures
                    .extend(std::mem::take(&mut decision.captures));
                Ok(decision)
            }
            Some(Err(misses)) => {
                let mismatch = Mismatch {
                    call: number,
                    order: self.problems.fetch_add(1, Ordering::Relaxed),
                    misses,
                };
                state.mismatch = Some(mismatch.clone());
                Err(Some(mismatch))
            }
            None if state.ended => Err(None),
            None => Err(state.mismatch.clone()),
        };
        drop(state);
        let mut ticket = Ticket::new(Arc::clone(self), journal, index, start);
        let decision = decision.map_err(|mismatch| {
            let mut error = ProviderError::new(ErrorKind::Unscripted);
            error.message = match mismatch {
                Some(mismatch) => {
                    report::unscripted(&self.label, &self.scenario, &mismatch, ticket.call())
                }
                None => report::after_the_end(&self.label),
            };
            error.provider = Some(self.scenario.profile.name().into());
            ticket.end(Outcome::Failed(error.clone()));
            error
        });
        Claim { ticket, decision }
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
