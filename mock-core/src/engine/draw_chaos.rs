//! The faults that a seed draws in a test with `seeds`: [`MockChaos`].

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

pub(super) use super::interleaving::Interleaving;
use super::rng::CallRng;
use crate::lock::lock;
use crate::report;
use crate::scenario::{Chaos, ChaosFault, List, Scenario, Turn};

/// The longest time by which a slow answer is late.
const SLOW: Duration = Duration::from_secs(10);

/// The random faults that are possible in a run of a test.
#[derive(Default)]
pub(crate) struct ChaosPlan {
    /// The faults of mocks that have none of their own.
    pub(crate) chaos: &'static [Chaos],
    /// Whether a fault has happened in the run, because of which the code under test may give up.
    pub(crate) has_happened: Arc<AtomicBool>,
    /// The only faults that happen, if not all may: the numbers of their mocks and calls.
    pub(crate) only: Option<Arc<[FaultId]>>,
}

/// A fault by chance: the number of the mock, in the order in which the test makes them, and the number of the call, from 1.
pub(crate) type FaultId = (usize, usize);

/// A fault that happened.
#[derive(Clone)]
pub(crate) struct InjectedFault {
    pub(crate) id: FaultId,
    /// The fault that happened, as in a scenario.
    pub(crate) what: String,
}

/// The random faults of one mock.
pub(crate) struct MockChaos {
    seed: u64,
    mock: usize,
    chaos: List<Chaos>,
    /// The only faults that happen, if not all may.
    only: Option<Arc<[FaultId]>>,
    happened: Mutex<Vec<InjectedFault>>,
    /// Whether a fault has happened in any mock of the run.
    has_happened: Arc<AtomicBool>,
}

impl MockChaos {
    /// Creates the faults of the mock with this scenario. `mock` is its number in the test.
    pub(crate) fn new(seed: u64, mock: usize, scenario: &Scenario, plan: &ChaosPlan) -> Self {
        let chaos = scenario.chaos.clone();
        MockChaos {
            seed,
            mock,
            chaos: chaos.unwrap_or(List::Borrowed(plan.chaos)),
            only: plan.only.clone(),
            happened: Mutex::default(),
            has_happened: Arc::clone(&plan.has_happened),
        }
    }

    /// The faults that happened so far.
    pub(crate) fn happened(&self) -> Vec<InjectedFault> {
        lock(&self.happened).clone()
    }

    /// Whether a fault has happened in any mock of the run.
    pub(super) fn has_happened(&self) -> bool {
        self.has_happened.load(Ordering::SeqCst)
    }

    /// Returns the fault of the call with this number, and further draws.
    fn drawn(&self, call: usize) -> Option<(ChaosFault, CallRng)> {
        if let Some(only) = &self.only
            && !only.contains(&(self.mock, call))
        {
            return None;
        }
        let mut rng = CallRng::new(!self.seed, call);
        let mut chaos = self.chaos.iter();
        let drawn = chaos.find(|chaos| rng.share() < chaos.probability)?;
        Some((drawn.fault, rng))
    }

    /// Returns the faulty answer to the call with this number, if it has one, and notes what happens to it.
    #[cold]
    pub(super) fn answer(&self, call: usize, turn: &Turn, is_streamed: bool) -> Option<Box<Turn>> {
        let (fault, mut rng) = self.drawn(call)?;
        let faulty = turn.faulty(fault, is_streamed, &mut |most| rng.number(0, most));
        let what = match (&faulty, fault) {
            (Some(faulty), _) => report::chaos(faulty),
            (None, ChaosFault::Slow) => report::late(self.delay(call)),
            (None, _) => return None,
        };
        let happened = InjectedFault {
            id: (self.mock, call),
            what,
        };
        lock(&self.happened).push(happened);
        self.has_happened.store(true, Ordering::SeqCst);
        faulty.map(Box::new)
    }

    /// Returns how much later than otherwise the answer to the call with this number begins.
    #[cold]
    pub(super) fn delay(&self, call: usize) -> Duration {
        match self.drawn(call) {
            Some((ChaosFault::Slow, mut rng)) => rng.time(Duration::ZERO, SLOW),
            _ => Duration::ZERO,
        }
    }

    /// Returns how the answer to the call with this number goes on among others.
    #[cold]
    pub(super) fn interleaving(&self, call: usize) -> Box<Interleaving> {
        Interleaving::new(self.seed, call)
    }
}
