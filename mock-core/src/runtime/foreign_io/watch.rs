//! Holds the paused clock of a runtime while it waits for foreign I/O.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use tokio::runtime::Handle;
use tokio::time::Instant as VirtualInstant;

use super::bytes::moved;
use super::classify_descriptor::{Other, others};
#[cfg(feature = "server")]
use super::connection::Ends;
use super::find_eventpoll::{Look, Search, spawn_nothing};
use super::proc::Reader;
#[cfg(feature = "server")]
use super::proc::{inode_in, target};
use super::sock_diag::SockDiag;
use crate::report;
use crate::runtime::paused_clock::is_paused;

/// The shortest and the longest sleep while the clock is held.
const SLICES: [Duration; 2] = [Duration::from_micros(20), Duration::from_millis(1)];

/// Watches the I/O of a test's runtime.
pub(crate) struct Watch {
    /// How long nothing must have moved before the clock may jump; `None` for no limit.
    patience: Option<Duration>,
    /// Whether the runtime waits for something foreign.
    is_waiting: AtomicBool,
    state: Mutex<WatchState>,
}

#[derive(Default)]
struct WatchState {
    eventpoll: Search,
    reader: Reader,
    diag: Option<SockDiag>,
    /// The inodes of the sockets of the mocks' own servers, and of their clients.
    served: Vec<u64>,
    /// Whether the registered descriptors have changed since `others` was computed.
    is_stale: bool,
    others: Vec<Other>,
    quiet: Quiet,
    jumps: Jumps,
}

/// How long nothing has moved.
#[derive(Default)]
struct Quiet {
    /// How much had moved at the last check.
    moved: Option<u64>,
    /// Since when nothing has moved.
    since: Option<Instant>,
    /// Returns whether that is long enough.
    is_over: bool,
}

/// How the clock jumped while something foreign was awaited.
#[derive(Default)]
struct Jumps {
    notes: Vec<String>,
    /// When the clock was released, and the foreign I/O at that time.
    from: Option<Let>,
}

/// The clock, since it may jump.
struct Let {
    at: VirtualInstant,
    /// The foreign I/O that is still open.
    beside: String,
    /// How long nothing had come.
    quiet: Duration,
}

impl Watch {
    pub(crate) fn new(patience: Option<Duration>) -> Self {
        Watch {
            patience,
            is_waiting: AtomicBool::new(false),
            state: Mutex::default(),
        }
    }

    /// Whether the runtime waits for something foreign.
    pub(crate) fn is_waiting(&self) -> bool {
        self.is_waiting.load(Ordering::Relaxed)
    }

    /// Every task of the runtime waits. Schedules one more if the clock is not to jump. `has_run` says whether a task has run since this was
    /// called last: else nothing can have been registered.
    pub(crate) fn before_park(&self, has_run: bool) {
        let mut state = lock(&self.state);
        let is_watching = !has_run && state.eventpoll.is_over();
        if is_watching && !state.is_stale && state.others.is_empty() {
            return;
        }
        if !self.is_advance_vetoed(&mut state) {
            return;
        }
        drop(state);
        spawn_nothing(&Handle::current());
    }

    fn is_advance_vetoed(&self, state: &mut WatchState) -> bool {
        let Some(has_changed) = self.has_changed(state) else {
            return false;
        };
        if has_changed {
            // A task that is already ready may change it once more.
            state.is_stale = true;
            return true;
        }
        if std::mem::take(&mut state.is_stale) {
            self.classify(state);
        }
        if state.others.is_empty() || !is_paused() {
            return false;
        }
        self.waits(state)
    }

    /// Whether what is registered has changed; `None` if the runtime waits for no I/O at all.
    fn has_changed(&self, state: &mut WatchState) -> Option<bool> {
        match state.eventpoll.look(&mut state.reader) {
            Look::Same => Some(false),
            Look::Changed => Some(true),
            Look::Nothing => None,
            Look::Lost => {
                self.is_waiting.store(true, Ordering::Relaxed);
                None
            }
        }
    }

    fn classify(&self, state: &mut WatchState) {
        let Some(eventpoll) = state.eventpoll.eventpoll() else {
            return;
        };
        let others = others(&eventpoll.registered(), &state.served, &mut state.reader);
        self.is_waiting.store(!others.is_empty(), Ordering::Relaxed);
        let is_new = others.iter().any(|other| !state.others.contains(other));
        state.others = others;
        if is_new {
            state.restart();
        } else {
            state.quiet.moved = state.moved();
        }
    }

    /// Waits a little for foreign I/O, and returns whether to wait longer.
    fn waits(&self, state: &mut WatchState) -> bool {
        let moved = state.moved();
        let has_moved = match (moved, state.quiet.moved) {
            // Nobody knows what the last jump has set going.
            (None, _) => state.quiet.is_over,
            (now, before) => now != before,
        };
        if has_moved {
            state.restart();
        }
        let waited = state.quiet.since.get_or_insert_with(Instant::now).elapsed();
        if let Some(patience) = self.patience
            && (state.quiet.is_over || waited >= patience)
        {
            state.quiet.is_over = true;
            state.jumps.allow(&state.others, patience);
            return false;
        }
        let [shortest, longest] = SLICES;
        thread::sleep((waited / 8).clamp(shortest, longest));
        true
    }

    /// Registers a socket of a mock's own server. It is not foreign, and neither is its other end.
    #[cfg(feature = "server")]
    pub(crate) fn note_served(&self, socket: &socket2::SockRef<'_>) {
        use std::os::fd::AsRawFd as _;

        let inode = target(&socket.as_raw_fd().to_string()).and_then(|target| inode_in(&target));
        let mut state = lock(&self.state);
        state.served.extend(inode);
        let address = |address: std::io::Result<socket2::SockAddr>| address.ok()?.as_socket();
        let ends = address(socket.local_addr()).zip(address(socket.peer_addr()));
        let Some((local, peer)) = ends else { return };
        let ends = Ends { local, peer }.reversed();
        let peer = state.diag().and_then(|diag| diag.socket(ends).ok());
        state.served.extend(peer.flatten().map(|peer| peer.inode));
    }

    /// The test has ended: how the clock jumped in it.
    pub(crate) fn end(&self) -> Vec<String> {
        let mut state = lock(&self.state);
        state.jumps.sum_up();
        std::mem::take(&mut state.jumps.notes)
    }
}

impl WatchState {
    fn diag(&mut self) -> Option<&mut SockDiag> {
        if self.diag.is_none() {
            self.diag = SockDiag::open().ok();
        }
        self.diag.as_mut()
    }

    fn moved(&mut self) -> Option<u64> {
        self.diag();
        let eventpoll = self.eventpoll.eventpoll()?;
        moved(&self.others, eventpoll, &mut self.reader, &mut self.diag)
    }

    /// Records that something moved: the quiet starts again.
    fn restart(&mut self) {
        self.jumps.sum_up();
        self.quiet = Quiet {
            moved: self.moved(),
            ..Quiet::default()
        };
    }
}

impl Jumps {
    /// The clock may jump from now on, though these are open.
    fn allow(&mut self, others: &[Other], quiet: Duration) {
        if self.from.is_none()
            && let Some(other) = others.first()
        {
            self.from = Some(Let {
                at: VirtualInstant::now(),
                beside: other.to_string(),
                quiet,
            });
        }
    }

    /// Notes how far it did.
    fn sum_up(&mut self) {
        let Some(Let { at, beside, quiet }) = self.from.take() else {
            return;
        };
        let jumped = at.elapsed();
        if !jumped.is_zero() {
            self.notes.push(report::jumped(jumped, &beside, quiet));
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
