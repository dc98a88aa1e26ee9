//! Holds the paused clock of a runtime while it waits for foreign I/O.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use tokio::runtime::Handle;
use tokio::time::Instant as VirtualInstant;

use super::foreign_descriptors::{ForeignDescriptor, foreign_descriptors};
use super::local_connections::LocalConnections;
use super::proc_files::Reader;
#[cfg(feature = "server")]
use super::proc_files::{inode_in, target};
use super::query_tcp_socket::TcpQuery;
use super::runtime_eventpoll::{Registrations, RuntimeEventpoll, spawn_nothing};
#[cfg(feature = "server")]
use super::tcp_socket::Ends;
use super::traffic_counter::traffic_counter;
use super::{PATIENCE, sleep_a_slice};
use crate::lock::lock;
use crate::report;
use crate::runtime::is_clock_paused::is_paused;
use crate::search::Search;

/// Watches the I/O of a test's runtime.
pub(crate) struct ForeignIoWatch {
    /// How long nothing must have moved before the clock may jump; `None` for no limit.
    patience: Option<Duration>,
    /// Whether the runtime waits for foreign I/O.
    is_waiting: AtomicBool,
    state: Mutex<WatchState>,
}

#[derive(Default)]
struct WatchState {
    eventpoll: RuntimeEventpoll,
    reader: Reader,
    tcp_query: Option<TcpQuery>,
    /// The inodes of the sockets of the mocks' own servers, and of their clients.
    served: Vec<u64>,
    local: LocalConnections,
    /// Whether the registered descriptors have changed since `foreign` was computed.
    is_stale: bool,
    foreign: Vec<ForeignDescriptor>,
    quiet: Quiet,
    jumps: Jumps,
}

/// How long no bytes have moved.
#[derive(Default)]
struct Quiet {
    /// The traffic counter at the last check.
    counter: Option<u64>,
    /// Since when nothing has moved.
    since: Option<Instant>,
    /// Whether that was long enough, so that the clock may jump.
    is_over: bool,
}

/// How the clock jumped while something foreign was awaited.
#[derive(Default)]
struct Jumps {
    notes: Vec<String>,
    /// The jump that has been allowed and not noted yet.
    allowed: Option<AllowedJump>,
}

/// A time from which the clock may jump although foreign I/O is open.
struct AllowedJump {
    at: VirtualInstant,
    /// The foreign I/O that is open.
    open_io: String,
    /// How long no bytes had moved.
    quiet: Duration,
}

impl ForeignIoWatch {
    pub(crate) fn new(patience: Option<Duration>) -> Self {
        ForeignIoWatch {
            patience,
            is_waiting: AtomicBool::new(false),
            state: Mutex::default(),
        }
    }

    /// Whether the runtime waits for foreign I/O.
    pub(crate) fn is_waiting(&self) -> bool {
        self.is_waiting.load(Ordering::Relaxed)
    }

    /// Is called when every task of the runtime waits. Spawns an empty task if the clock must not jump. `has_run` says whether a task has run
    /// since the last call; if not, no descriptor can have been registered.
    pub(crate) fn before_park(&self, has_run: bool) {
        let mut state = lock(&self.state);
        let is_watching = !has_run && state.eventpoll.is_searched();
        let has_open_io = !state.foreign.is_empty() || !state.local.is_empty();
        if is_watching && !state.is_stale && !has_open_io {
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
            // A task that is ready now may change the descriptors once more.
            state.is_stale = true;
            return true;
        }
        if std::mem::take(&mut state.is_stale) {
            self.classify(state);
        }
        if is_paused() && state.is_local_traffic_open() {
            return true;
        }
        if state.foreign.is_empty() || !is_paused() {
            return false;
        }
        self.holds(state)
    }

    /// Whether the registered descriptors have changed; `None` if there is no eventpoll to check.
    fn has_changed(&self, state: &mut WatchState) -> Option<bool> {
        match state.eventpoll.check(&mut state.reader) {
            Registrations::Unchanged => Some(false),
            Registrations::Changed => Some(true),
            Registrations::NotWatched => None,
            Registrations::WatchFailed => {
                self.is_waiting.store(true, Ordering::Relaxed);
                None
            }
        }
    }

    fn classify(&self, state: &mut WatchState) {
        let Some(eventpoll) = state.eventpoll.eventpoll() else {
            return;
        };
        let mut local = Vec::new();
        let foreign = foreign_descriptors(
            &eventpoll.registered(),
            &state.served,
            &mut state.reader,
            &mut local,
        );
        for &ends in &local {
            state.local.add(ends);
        }
        self.is_waiting
            .store(!foreign.is_empty(), Ordering::Relaxed);
        let is_new = foreign.any(&|one| !state.foreign.contains(one));
        state.foreign = foreign;
        if is_new {
            state.restart_quiet();
        } else {
            state.quiet.counter = state.traffic_counter();
        }
    }

    /// Sleeps for one slice if the clock must still be held, and returns whether it must.
    fn holds(&self, state: &mut WatchState) -> bool {
        let counter = state.traffic_counter();
        let has_moved = match (counter, state.quiet.counter) {
            // Without a counter, nobody knows what moved since the last jump.
            (None, _) => state.quiet.is_over,
            (now, before) => now != before,
        };
        if has_moved {
            state.restart_quiet();
        }
        let waited = state.quiet.since.get_or_insert_with(Instant::now).elapsed();
        if let Some(patience) = self.patience
            && (state.quiet.is_over || waited >= patience)
        {
            state.quiet.is_over = true;
            state.jumps.allow(&state.foreign, patience);
            return false;
        }
        sleep_a_slice(waited);
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
        let peer = state.tcp_query().and_then(|query| query.socket(ends).ok());
        state.served.extend(peer.flatten().map(|peer| peer.inode));
        state.local.add(ends);
    }

    /// The test has ended: how the clock jumped in it.
    pub(crate) fn end(&self) -> Vec<String> {
        let mut state = lock(&self.state);
        state.jumps.note_jump();
        let mut notes = std::mem::take(&mut state.jumps.notes);
        if state.local.has_given_up() {
            notes.push(report::lost_bytes(PATIENCE));
        }
        notes
    }
}

impl WatchState {
    fn tcp_query(&mut self) -> Option<&mut TcpQuery> {
        if self.tcp_query.is_none() {
            self.tcp_query = TcpQuery::open().ok();
        }
        self.tcp_query.as_mut()
    }

    /// Whether tokio must look at its I/O once more before the clock may jump, because something has moved between two sockets of the
    /// runtime since it last looked, or is on its way.
    fn is_local_traffic_open(&mut self) -> bool {
        if self.local.is_empty() {
            return false;
        }
        self.tcp_query();
        match &mut self.tcp_query {
            Some(query) => self.local.is_traffic_open(query),
            None => {
                self.local.clear();
                false
            }
        }
    }

    fn traffic_counter(&mut self) -> Option<u64> {
        self.tcp_query();
        let eventpoll = self.eventpoll.eventpoll()?;
        traffic_counter(
            &self.foreign,
            eventpoll,
            &mut self.reader,
            &mut self.tcp_query,
        )
    }

    /// Records that bytes moved, and measures the quiet from now on.
    fn restart_quiet(&mut self) {
        self.jumps.note_jump();
        self.quiet = Quiet {
            counter: self.traffic_counter(),
            ..Quiet::default()
        };
    }
}

impl Jumps {
    /// Allows the clock to jump from now on, although these descriptors are open.
    fn allow(&mut self, foreign: &[ForeignDescriptor], quiet: Duration) {
        if self.allowed.is_none()
            && let Some(first) = foreign.first()
        {
            self.allowed = Some(AllowedJump {
                at: VirtualInstant::now(),
                open_io: first.to_string(),
                quiet,
            });
        }
    }

    /// Notes how far the clock has jumped since it was allowed to.
    fn note_jump(&mut self) {
        let Some(AllowedJump { at, open_io, quiet }) = self.allowed.take() else {
            return;
        };
        let jumped = at.elapsed();
        if !jumped.is_zero() {
            self.notes.push(report::jumped(jumped, &open_io, quiet));
        }
    }
}
