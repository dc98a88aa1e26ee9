//! The gates and drivers of a mock, by which a test controls its answers.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard};
use std::task::{Context, Poll, Waker};

use tokio::time::Instant;

use crate::chat::error::ProviderError;
use crate::chat::event::StreamEvent;
use crate::chat::finish_and_usage::FinishReason;
use crate::journal::verdict::{Pushed, UnreadEvents};
use crate::lock::lock;
use crate::scenario::{Action, Str};
use crate::search::Search;

/// The gates and the drivers of a mock.
#[derive(Default)]
pub(crate) struct Gates(Mutex<GatesState>);

#[derive(Default)]
struct GatesState {
    points: Vec<(WaitPoint, PointState)>,
    /// Wakes the tasks that wait for any of them to change.
    wakers: Vec<Waker>,
}

/// A place at which answers wait for the test.
#[derive(Clone, PartialEq)]
pub(crate) enum WaitPoint {
    /// At this gate.
    Gate(Str),
    /// For the events of this driver.
    Driven(Str),
}

impl WaitPoint {
    /// The name of the gate or the driver.
    pub(crate) fn name(&self) -> &Str {
        match self {
            WaitPoint::Gate(name) | WaitPoint::Driven(name) => name,
        }
    }
}

#[derive(Default)]
struct PointState {
    /// When the gate was opened, if it is open.
    open: Option<Instant>,
    /// The events that were pushed and not taken yet, with the times of the pushes. A gate lets a call pass by an end.
    pushed: VecDeque<(Instant, DriverMessage)>,
    /// Whether a call came to the driver's turn before the last reset. What it left may still be here.
    had_call: bool,
    /// Whether a call has taken an end, and nothing since.
    is_over: bool,
    /// The numbers of the calls that wait.
    waiting: Vec<usize>,
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
    #[inline]
    pub(crate) fn open(&self, gate: &WaitPoint) {
        let mut state = self.lock();
        let gate = state.point(gate);
        gate.open = gate.open.or(Some(Instant::now()));
        wake_all(state);
    }

    #[inline]
    pub(crate) fn close(&self, gate: &WaitPoint) {
        self.lock().point(gate).open = None;
    }

    pub(crate) fn push_message(&self, point: &WaitPoint, pushed: DriverMessage) {
        let mut state = self.lock();
        let point = state.point(point);
        point.pushed.push_back((Instant::now(), pushed));
        wake_all(state);
    }

    /// Waits until a call waits at this gate.
    pub(crate) async fn reached(&self, gate: &WaitPoint) {
        self.until(gate, |gate| !gate.waiting.is_empty()).await;
    }

    /// Waits until a call has taken all pushed events and waits for more, or has received the end.
    pub(crate) async fn wait_until_read(&self, driver: &WaitPoint) {
        let is_taken = |driver: &PointState| {
            driver.pushed.is_empty() && (driver.is_over || !driver.waiting.is_empty())
        };
        self.until(driver, is_taken).await;
    }

    /// Returns the numbers of the calls that wait, and where they wait.
    pub(crate) fn waiting_calls(&self) -> Vec<(usize, Action)> {
        let mut held = Vec::new();
        for (point, state) in &self.lock().points {
            for call in &state.waiting {
                let action = match point {
                    WaitPoint::Gate(name) => Action::Gate(name.clone()),
                    WaitPoint::Driven(name) => Action::Driven(name.clone()),
                };
                held.push((*call, action));
            }
        }
        held
    }

    /// Returns the events that no call took, of the first driver that has any: those that were pushed after an end, or all if no call came
    /// to the driver's turn. A call that breaks off, or is dropped, may leave the others.
    pub(crate) fn unread_events(&self, has_call: &dyn Fn(&Str) -> bool) -> Option<UnreadEvents> {
        for (point, driver) in &self.lock().points {
            let WaitPoint::Driven(name) = point else {
                continue;
            };
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
                return Some(UnreadEvents {
                    driver: name.clone(),
                    events,
                    are_after_end: has_call,
                });
            }
        }
        None
    }

    /// Notes before a reset which drivers a call came to.
    #[inline]
    pub(crate) fn note_calls(&self, has_call: &dyn Fn(&Str) -> bool) {
        for (point, driver) in &mut self.lock().points {
            if let WaitPoint::Driven(name) = point {
                driver.had_call |= has_call(name);
            }
        }
    }

    /// Takes what lets a call go on, and returns it with the time since when it does.
    pub(super) fn poll(
        &self,
        at: &WaitPoint,
        call: usize,
        cx: &mut Context<'_>,
    ) -> Poll<(Instant, DriverMessage)> {
        let mut state = self.lock();
        let point = state.point(at);
        let place = point.waiting.position(&|known| *known == call);
        let before = match at {
            // The calls that have waited longer pass first.
            WaitPoint::Gate(_) => place.unwrap_or(point.waiting.len()),
            WaitPoint::Driven(_) => 0,
        };
        let taken = match point.open {
            Some(since) => Some((since, DriverMessage::Done)),
            None if before < point.pushed.len() => point.pushed.pop_front(),
            None => None,
        };
        note(&mut point.waiting, call, taken.is_none());
        // Wake the watchers if a call starts to wait, or if a driver has finished.
        let is_change = match &taken {
            Some((_, message)) => {
                point.is_over = message.is_end();
                point.is_over
            }
            None => place.is_none(),
        };
        let woken = match is_change {
            true => std::mem::take(&mut state.wakers),
            false => Vec::new(),
        };
        if taken.is_none() {
            state.wait(cx);
        }
        drop(state);
        wake(woken);
        match taken {
            Some(taken) => Poll::Ready(taken),
            None => Poll::Pending,
        }
    }

    /// Records that a call that waited was dropped or broke off.
    pub(super) fn leave(&self, point: &WaitPoint, call: usize) {
        let mut state = self.lock();
        note(&mut state.point(point).waiting, call, false);
        wake_all(state);
    }

    async fn until(&self, point: &WaitPoint, holds: fn(&PointState) -> bool) {
        std::future::poll_fn(|cx| {
            let mut state = self.lock();
            match holds(state.point(point)) {
                true => Poll::Ready(()),
                false => {
                    state.wait(cx);
                    Poll::Pending
                }
            }
        })
        .await;
    }

    fn lock(&self) -> MutexGuard<'_, GatesState> {
        // No user code runs under the lock, so the state is consistent even if the lock is poisoned.
        lock(&self.0)
    }
}

impl GatesState {
    fn point(&mut self, point: &WaitPoint) -> &mut PointState {
        let known = self.points.position(&|(known, _)| known == point);
        let index = known.unwrap_or_else(|| {
            self.points.push((point.clone(), PointState::default()));
            self.points.len() - 1
        });
        &mut self.points[index].1
    }

    fn wait(&mut self, cx: &Context<'_>) {
        if !self.wakers.any(&|waker| waker.will_wake(cx.waker())) {
            self.wakers.push(cx.waker().clone());
        }
    }
}

/// Wakes the tasks that wait for a change.
fn wake_all(mut state: MutexGuard<'_, GatesState>) {
    let woken = std::mem::take(&mut state.wakers);
    drop(state);
    wake(woken);
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
