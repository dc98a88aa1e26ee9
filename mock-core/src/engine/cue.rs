//! What the test lets happen, and when: the gates and the drivers of a mock.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};

use crate::error::ProviderError;
use crate::event::StreamEvent;
use crate::scenario::Str;

/// The gates and the drivers of a mock, each by its name.
#[derive(Default)]
pub(crate) struct Cues(Mutex<State>);

#[derive(Default)]
struct State {
    gates: Vec<(Str, GateState)>,
    drivers: Vec<(Str, DriverState)>,
    /// Who waits for any of them to change.
    wakers: Vec<Waker>,
}

#[derive(Default)]
struct GateState {
    open: bool,
    /// How many may pass though it is shut.
    passes: usize,
    waiting: usize,
}

#[derive(Default)]
struct DriverState {
    said: VecDeque<Said>,
    waiting: usize,
}

/// What a test says through a driver.
pub(crate) enum Said {
    Event(StreamEvent),
    Error(ProviderError),
    /// The turn goes on.
    Done,
}

impl Cues {
    pub(crate) fn set_open(&self, gate: &Str, open: bool) {
        self.change(|state| state.gate(gate).open = open);
    }

    pub(crate) fn let_pass(&self, gate: &Str) {
        self.change(|state| state.gate(gate).passes += 1);
    }

    pub(crate) fn say(&self, driver: &Str, said: Said) {
        self.change(|state| state.driver(driver).said.push_back(said));
    }

    /// Waits until a call waits at this gate.
    pub(crate) async fn reached(&self, gate: &Str) {
        self.until(|state| state.gate(gate).waiting > 0).await;
    }

    /// Waits until a call waits for this driver, and all that was said has been taken.
    pub(crate) async fn taken(&self, driver: &Str) {
        self.until(|state| {
            let driver = state.driver(driver);
            driver.said.is_empty() && driver.waiting > 0
        })
        .await;
    }

    /// Passes a gate as soon as that may be. `waits` says whether this caller waits there already.
    pub(super) fn poll_gate(&self, gate: &Str, waits: &mut bool, cx: &mut Context<'_>) -> Poll<()> {
        let mut state = self.lock();
        let at_gate = state.gate(gate);
        let passes = at_gate.open || at_gate.passes > 0;
        if passes && !at_gate.open {
            at_gate.passes -= 1;
        }
        at_gate.waiting = at_gate.waiting + usize::from(!passes) - usize::from(*waits);
        self.stay_or_go(state, waits, passes.then_some(()), cx)
    }

    /// What the test says next.
    pub(super) fn poll_said(
        &self,
        driver: &Str,
        waits: &mut bool,
        cx: &mut Context<'_>,
    ) -> Poll<Said> {
        let mut state = self.lock();
        let driver = state.driver(driver);
        let said = driver.said.pop_front();
        driver.waiting = driver.waiting + usize::from(said.is_none()) - usize::from(*waits);
        self.stay_or_go(state, waits, said, cx)
    }

    /// Notes that a call that waited at a gate has been given up.
    pub(super) fn leave_gate(&self, gate: &Str) {
        self.change(|state| state.gate(gate).waiting -= 1);
    }

    /// Notes that a call that waited for a driver has been given up.
    pub(super) fn leave_driver(&self, driver: &Str) {
        self.change(|state| state.driver(driver).waiting -= 1);
    }

    /// Waits on, or goes with what there is; whoever watches the cues is told of a caller that comes to wait.
    fn stay_or_go<T>(
        &self,
        mut state: MutexGuard<'_, State>,
        waits: &mut bool,
        ready: Option<T>,
        cx: &mut Context<'_>,
    ) -> Poll<T> {
        let came = !*waits && ready.is_none();
        *waits = ready.is_none();
        let woken = match came {
            true => std::mem::take(&mut state.wakers),
            false => Vec::new(),
        };
        if ready.is_none() {
            state.wait(cx);
        }
        drop(state);
        woken.into_iter().for_each(Waker::wake);
        ready.map_or(Poll::Pending, Poll::Ready)
    }

    async fn until(&self, mut holds: impl FnMut(&mut State) -> bool) {
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

    fn change(&self, change: impl FnOnce(&mut State)) {
        let mut state = self.lock();
        change(&mut state);
        let woken = std::mem::take(&mut state.wakers);
        drop(state);
        woken.into_iter().for_each(Waker::wake);
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // No user code runs under the lock, so whatever it holds is whole.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn gate(&mut self, name: &Str) -> &mut GateState {
        of_name(&mut self.gates, name)
    }

    fn driver(&mut self, name: &Str) -> &mut DriverState {
        of_name(&mut self.drivers, name)
    }

    fn wait(&mut self, cx: &Context<'_>) {
        if !self.wakers.iter().any(|waker| waker.will_wake(cx.waker())) {
            self.wakers.push(cx.waker().clone());
        }
    }
}

fn of_name<'s, T: Default>(states: &'s mut Vec<(Str, T)>, name: &Str) -> &'s mut T {
    let known = states.iter().position(|(known, _)| known == name);
    let index = known.unwrap_or_else(|| {
        states.push((name.clone(), T::default()));
        states.len() - 1
    });
    &mut states[index].1
}
