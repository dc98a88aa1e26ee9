//! The gates and drivers of a mock, by which a test controls its answers.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};

use tokio::time::Instant;

use crate::chat::error::ProviderError;
use crate::chat::event::StreamEvent;
use crate::chat::finish_and_usage::FinishReason;
use crate::journal::verdict::{Pushed, UntakenEvents};
use crate::scenario::{Action, Str};
use crate::search::Search;

/// The gates and the drivers of a mock, each by its name.
#[derive(Default)]
pub(crate) struct Gates(Mutex<GatesState>);

#[derive(Default)]
struct GatesState {
    gates: Vec<(Str, GateState)>,
    drivers: Vec<(Str, DriverState)>,
    /// Wakes the tasks that wait for any of them to change.
    wakers: Vec<Waker>,
}

#[derive(Default)]
struct GateState {
    /// When it was opened, if it is open.
    open: Option<Instant>,
    /// The times at which the test let one call pass.
    passes: VecDeque<Instant>,
    /// The numbers of the calls that wait.
    waiting: Vec<usize>,
}

#[derive(Default)]
struct DriverState {
    /// The events that were pushed and not taken, with the times of the pushes.
    pushed: VecDeque<(Instant, DriverMessage)>,
    /// Whether the test has ended the answer, or the driver's part of it.
    ended: bool,
    /// Whether a call came to the driver's turn before the last reset. What it left may still be here.
    had_call: bool,
    /// Whether a call has taken an end, and nothing since.
    is_over: bool,
    /// The numbers of the calls that wait.
    waiting: Vec<usize>,
}

/// The place at which an answer waits for the test.
pub(super) enum WaitPoint {
    /// At this gate.
    Gate(Str),
    /// For the events of this driver.
    Driven(Str),
}

/// An event that a test pushes through a driver.
pub(crate) enum DriverMessage {
    Event(StreamEvent),
    Error(ProviderError),
    /// The answer ends with this finish reason and the mock's usage.
    Finish(FinishReason),
    /// The turn continues.
    Done,
}

impl DriverMessage {
    fn kind(&self) -> Pushed {
        match self {
            DriverMessage::Event(StreamEvent::Text(text)) => Pushed::Text(text.clone()),
            DriverMessage::Event(StreamEvent::Finish { .. })
            | DriverMessage::Finish(_)
            | DriverMessage::Done => Pushed::End,
            DriverMessage::Event(_) => Pushed::Event,
            DriverMessage::Error(error) => Pushed::Failure(error.kind),
        }
    }

    /// Returns whether nothing more is taken after it.
    fn is_end(&self) -> bool {
        !matches!(self, DriverMessage::Event(event) if !matches!(event, StreamEvent::Finish { .. }))
    }
}

impl Gates {
    pub(crate) fn open(&self, gate: &Str) {
        self.change(&mut |state| {
            state.gate(gate).open.get_or_insert_with(Instant::now);
        });
    }

    pub(crate) fn shut(&self, gate: &Str) {
        self.change(&mut |state| state.gate(gate).open = None);
    }

    pub(crate) fn let_pass(&self, gate: &Str) {
        self.change(&mut |state| state.gate(gate).passes.push_back(Instant::now()));
    }

    pub(crate) fn push_message(&self, driver: &Str, pushed: DriverMessage) {
        let mut pushed = Some(pushed);
        self.change(&mut |state| {
            let driver = state.driver(driver);
            driver.ended = false;
            if let Some(pushed) = pushed.take() {
                driver.pushed.push_back((Instant::now(), pushed));
            }
        });
    }

    /// Waits until a call waits at this gate.
    pub(crate) async fn reached(&self, gate: &Str) {
        self.until(|state| !state.gate(gate).waiting.is_empty())
            .await;
    }

    /// Waits until a call has taken all pushed events and waits for more, or has received the end.
    pub(crate) async fn wait_until_taken(&self, driver: &Str) {
        self.until(|state| {
            let driver = state.driver(driver);
            driver.pushed.is_empty() && (driver.ended || !driver.waiting.is_empty())
        })
        .await;
    }

    /// Returns the numbers of the calls that wait, and where they wait.
    pub(crate) fn waiting_calls(&self) -> Vec<(usize, Action)> {
        let state = self.lock();
        let mut held = Vec::new();
        for (name, gate) in &state.gates {
            for call in &gate.waiting {
                held.push((*call, Action::Gate(name.clone())));
            }
        }
        for (name, driver) in &state.drivers {
            for call in &driver.waiting {
                held.push((*call, Action::Driven(name.clone())));
            }
        }
        held
    }

    /// Returns the events that no call took, of the first driver that has any: those that were pushed after an end, or all if no call came
    /// to the driver's turn. A call that breaks off, or is dropped, may leave the others.
    pub(crate) fn untaken_events(&self, has_call: &dyn Fn(&Str) -> bool) -> Option<UntakenEvents> {
        let state = self.lock();
        for (name, driver) in &state.drivers {
            let has_call = driver.had_call || has_call(name);
            let mut is_over = driver.is_over || !has_call;
            let mut events = Vec::new();
            for (_, pushed) in &driver.pushed {
                if is_over {
                    events.push(pushed.kind());
                }
                is_over |= pushed.is_end();
            }
            if !events.is_empty() {
                return Some(UntakenEvents {
                    driver: name.clone(),
                    events,
                    are_after_end: has_call,
                });
            }
        }
        None
    }

    /// Notes before a reset which drivers a call came to.
    pub(crate) fn note_calls(&self, has_call: &dyn Fn(&Str) -> bool) {
        for (name, driver) in &mut self.lock().drivers {
            driver.had_call |= has_call(name);
        }
    }

    /// Passes a gate as soon as it lets this call pass, and returns since when it does. `waits` is whether this call already waits there.
    pub(super) fn poll_gate(
        &self,
        gate: &Str,
        call: usize,
        waits: &mut bool,
        cx: &mut Context<'_>,
    ) -> Poll<Instant> {
        let mut state = self.lock();
        let gate = state.gate(gate);
        // Whoever waits longer passes before.
        let mut queue = gate.waiting.iter();
        let before = queue.position(|known| *known == call);
        let may_pass = before.unwrap_or(gate.waiting.len()) < gate.passes.len();
        let since = match (gate.open, may_pass) {
            (None, true) => gate.passes.pop_front(),
            (open, _) => open,
        };
        note(&mut gate.waiting, call, since.is_none());
        self.stay_or_go(state, waits, since, cx)
    }

    /// Returns the next event of the test, and when it was pushed.
    pub(super) fn poll_said(
        &self,
        driver: &Str,
        call: usize,
        waits: &mut bool,
        cx: &mut Context<'_>,
    ) -> Poll<(Instant, DriverMessage)> {
        let mut state = self.lock();
        let driver = state.driver(driver);
        let pushed = driver.pushed.pop_front();
        let ended = pushed.as_ref().is_some_and(|(_, pushed)| pushed.is_end());
        if pushed.is_some() {
            driver.ended = ended;
            driver.is_over = ended;
        }
        note(&mut driver.waiting, call, pushed.is_none());
        let pushed = self.stay_or_go(state, waits, pushed, cx);
        if ended {
            // Wakes whoever watches the driver: its part is over.
            self.change(&mut |_| {});
        }
        pushed
    }

    /// Records that a call that waited was dropped or broke off.
    pub(super) fn leave(&self, hold: &WaitPoint, call: usize) {
        self.change(&mut |state| {
            let waiting = match hold {
                WaitPoint::Gate(gate) => &mut state.gate(gate).waiting,
                WaitPoint::Driven(driver) => &mut state.driver(driver).waiting,
            };
            note(waiting, call, false);
        });
    }

    /// Continues to wait, or takes what there is. Wakes the watchers if a new call starts to wait.
    fn stay_or_go<T>(
        &self,
        mut state: MutexGuard<'_, GatesState>,
        waits: &mut bool,
        ready: Option<T>,
        cx: &mut Context<'_>,
    ) -> Poll<T> {
        let incoming = !*waits && ready.is_none();
        *waits = ready.is_none();
        let woken = match incoming {
            true => std::mem::take(&mut state.wakers),
            false => Vec::new(),
        };
        if ready.is_none() {
            state.wait(cx);
        }
        drop(state);
        wake(woken);
        match ready {
            Some(ready) => Poll::Ready(ready),
            None => Poll::Pending,
        }
    }

    async fn until(&self, mut holds: impl FnMut(&mut GatesState) -> bool) {
        std::future::poll_fn(|cx| {
            let mut state = self.lock();
            match holds(&mut state) {
                true => Poll::Ready(()),
                false => {
                    state.wait(cx);
                    Poll::Pending
                }
            }
        })
        .await;
    }

    fn change(&self, change: &mut dyn FnMut(&mut GatesState)) {
        let mut state = self.lock();
        change(&mut state);
        let woken = std::mem::take(&mut state.wakers);
        drop(state);
        wake(woken);
    }

    fn lock(&self) -> MutexGuard<'_, GatesState> {
        // No user code runs under the lock, so whatever it holds is whole.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl GatesState {
    fn gate(&mut self, name: &Str) -> &mut GateState {
        get_or_insert(&mut self.gates, name)
    }

    fn driver(&mut self, name: &Str) -> &mut DriverState {
        get_or_insert(&mut self.drivers, name)
    }

    fn wait(&mut self, cx: &Context<'_>) {
        if !self.wakers.any(&|waker| waker.will_wake(cx.waker())) {
            self.wakers.push(cx.waker().clone());
        }
    }
}

fn wake(wakers: Vec<Waker>) {
    for waker in &wakers {
        waker.wake_by_ref();
    }
}

/// Adds a call to those that wait, the longest first, or removes it.
fn note(waiting: &mut Vec<usize>, call: usize, waits: bool) {
    match (waiting.position(&|known| *known == call), waits) {
        (None, true) => waiting.push(call),
        (Some(at), false) => {
            waiting.remove(at);
        }
        (None, false) | (Some(_), true) => {}
    }
}

fn get_or_insert<'s, T: Default>(states: &'s mut Vec<(Str, T)>, name: &Str) -> &'s mut T {
    let known = states.position(&|(known, _)| known == name);
    let index = known.unwrap_or_else(|| {
        states.push((name.clone(), T::default()));
        states.len() - 1
    });
    &mut states[index].1
}
