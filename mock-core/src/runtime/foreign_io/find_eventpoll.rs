//! Finds the eventpoll of the runtime that this is called in, and looks at what is registered there.

use std::thread;

use tokio::runtime::Handle;

use super::eventpoll::{Eventpoll, Found};
use super::proc::Reader;
use crate::runtime::spawn::{spawn, spawn_thread};

/// How far the search for the eventpoll of a runtime is.
#[derive(Default)]
pub(super) enum Search {
    #[default]
    New,
    Over(Option<Eventpoll>),
}

/// The result of a look at the registered descriptors.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Look {
    /// Nothing has changed since the last look.
    Same,
    /// Others than at the last look, or the search is not over yet.
    Changed,
    /// The runtime waits for no I/O, or nobody can tell, as the look before said.
    Nothing,
    /// The runtime may wait for I/O, and nobody can tell from now on.
    Lost,
}

impl Search {
    /// The eventpoll, once it is found.
    pub(super) fn eventpoll(&self) -> Option<&Eventpoll> {
        match self {
            Search::Over(eventpoll) => eventpoll.as_ref(),
            Search::New => None,
        }
    }

    pub(super) fn is_over(&self) -> bool {
        matches!(self, Search::Over(_))
    }

    /// Looks at what is registered.
    pub(super) fn look(&mut self, reader: &mut Reader) -> Look {
        if let Search::New = self {
            match find(reader) {
                Found::This(eventpoll) => *self = Search::Over(Some(eventpoll)),
                Found::None => *self = Search::Over(None),
                Found::Unknown => {
                    *self = Search::Over(None);
                    return Look::Lost;
                }
                // The task that woke the runtime gives another chance.
                Found::Several => return Look::Changed,
            }
        }
        let Search::Over(Some(eventpoll)) = self else {
            return Look::Nothing;
        };
        match eventpoll.has_changed(reader) {
            Ok(true) => Look::Changed,
            Ok(false) => Look::Same,
            Err(_) => {
                *self = Search::Over(None);
                Look::Lost
            }
        }
    }
}

/// Finds the eventpoll of the runtime that this is called in.
fn find(reader: &mut Reader) -> Found {
    Eventpoll::find(reader, &|| {
        let runtime = Handle::current();
        // A task that comes from another thread wakes the runtime through the kernel, even if it has been woken before.
        let thread = spawn_thread("wake", Box::new(move || spawn_nothing(&runtime)));
        // Without the thread nothing wakes, and nobody can tell which eventpoll it is.
        let _ = thread.map(thread::JoinHandle::join);
    })
}

/// A task that does nothing but keep the runtime from parking.
pub(super) fn spawn_nothing(runtime: &Handle) {
    drop(spawn(runtime, Box::pin(std::future::ready(()))));
}
