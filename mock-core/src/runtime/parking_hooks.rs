//! The data of the parking hooks of a test's runtime: [`Parking`].

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use tokio::runtime::Handle;

use crate::runtime::foreign_io::{ForeignIoWatch, NetworkGuard};

/// The state for a runtime's parking hooks. They do not hold the test, because the test holds the runtime and would keep itself alive.
#[derive(Default)]
pub(crate) struct Parking {
    /// Watches the I/O of the runtime, if its clock is paused.
    pub(super) watch: Option<ForeignIoWatch>,
    /// Notes connections to other machines, if the test may not open any.
    pub(super) network: Option<NetworkGuard>,
    /// Whether the body of the test has been polled since the runtime last parked.
    pub(super) has_been_polled: AtomicBool,
    /// The number of times that the runtime parked and resumed: odd while it is parked.
    parks: AtomicUsize,
}

impl Parking {
    pub(crate) fn new(watch: Option<ForeignIoWatch>, network: Option<NetworkGuard>) -> Self {
        Parking {
            watch,
            network,
            ..Parking::default()
        }
    }

    /// Called when every task of the test waits, and its clock may jump.
    pub(crate) fn before_park(&self) {
        self.parks.fetch_add(1, Ordering::Relaxed);
        self.look_at_network();
        if let Some(watch) = &self.watch {
            // Only this thread polls the body, so a load and a store suffice. A swap would cost more.
            let is_polled = self.has_been_polled.load(Ordering::Relaxed);
            self.has_been_polled.store(false, Ordering::Relaxed);
            // Tokio reaches a distant timer in several steps, and parks after each. In these nothing has run.
            let has_run = is_polled || Handle::current().metrics().num_alive_tasks() > 0;
            watch.before_park(has_run);
        }
    }

    /// Returns a number that differs each time the runtime parks; `None` while it is not parked.
    pub(super) fn parked(&self) -> Option<usize> {
        let parks = self.parks();
        (parks % 2 == 1).then_some(parks)
    }

    /// Returns a number that stays the same as long as the runtime does not park.
    pub(super) fn parks(&self) -> usize {
        self.parks.load(Ordering::Relaxed)
    }

    /// Whether the test must not connect to other machines.
    pub(crate) fn guards_network(&self) -> bool {
        self.network.is_some()
    }

    /// Notes the connections to other machines, if the test may open none.
    pub(crate) fn look_at_network(&self) {
        if let Some(network) = &self.network {
            network.before_park();
        }
    }

    /// Called when the runtime resumes.
    pub(crate) fn after_park(&self) {
        self.parks.fetch_add(1, Ordering::Relaxed);
    }
}
