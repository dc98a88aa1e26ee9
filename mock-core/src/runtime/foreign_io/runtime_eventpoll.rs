//! The eventpoll of the runtime that this is called in: found at the first check, and checked for changes from then on.

use std::thread;

use tokio::runtime::Handle;

use super::eventpoll::{Eventpoll, EventpollSearch};
use super::proc_files::Reader;
use crate::runtime::spawn::{spawn, spawn_thread};

/// The eventpoll of the current runtime, as far as it is known.
#[derive(Default)]
pub(super) enum RuntimeEventpoll {
    #[default]
    NotSearched,
    /// `None` if the runtime waits for no I/O, or if its eventpoll cannot be watched.
    Searched(Option<Eventpoll>),
}

/// The result of a check of the registered descriptors.
#[derive(Clone, Copy)]
pub(super) enum Registrations {
    Unchanged,
    /// The descriptors have changed, or the eventpoll has not been found yet.
    Changed,
    /// There is no eventpoll to check: the runtime waits for no I/O, or an earlier check returned `WatchFailed`.
    NotWatched,
    /// The runtime may wait for I/O, and from now on that cannot be found out.
    WatchFailed,
}

impl RuntimeEventpoll {
    /// The eventpoll, once it is found.
    pub(super) fn eventpoll(&self) -> Option<&Eventpoll> {
        match self {
            RuntimeEventpoll::Searched(eventpoll) => eventpoll.as_ref(),
            RuntimeEventpoll::NotSearched => None,
        }
    }

    pub(super) fn is_searched(&self) -> bool {
        matches!(self, RuntimeEventpoll::Searched(_))
    }

    /// Checks which descriptors are registered.
    pub(super) fn check(&mut self, reader: &mut Reader) -> Registrations {
        if let RuntimeEventpoll::NotSearched = self {
            match find(reader) {
                EventpollSearch::Found(eventpoll) => {
                    *self = RuntimeEventpoll::Searched(Some(eventpoll))
                }
                EventpollSearch::NoIo => *self = RuntimeEventpoll::Searched(None),
                EventpollSearch::Unknown => {
                    *self = RuntimeEventpoll::Searched(None);
                    return Registrations::WatchFailed;
                }
                // The task that wakes the runtime makes it park again, so the next search can tell the candidates apart.
                EventpollSearch::Ambiguous => return Registrations::Changed,
            }
        }
        let RuntimeEventpoll::Searched(Some(eventpoll)) = self else {
            return Registrations::NotWatched;
        };
        match eventpoll.has_changed(reader) {
            Ok(true) => Registrations::Changed,
            Ok(false) => Registrations::Unchanged,
            Err(_) => {
                *self = RuntimeEventpoll::Searched(None);
                Registrations::WatchFailed
            }
        }
    }
}

/// Finds the eventpoll of the runtime that this is called in.
fn find(reader: &mut Reader) -> EventpollSearch {
    Eventpoll::find(reader, &|| {
        let runtime = Handle::current();
        // Spawn from another thread: only that wakes the runtime through the kernel, even if it has already been woken.
        let thread = spawn_thread("wake", Box::new(move || spawn_nothing(&runtime)));
        // If the thread cannot start, nothing wakes the runtime, and its eventpoll is not found.
        let _ = thread.map(thread::JoinHandle::join);
    })
}

/// Spawns a task that does nothing but keep the runtime from parking.
pub(super) fn spawn_nothing(runtime: &Handle) {
    drop(spawn(runtime, Box::pin(std::future::ready(()))));
}
