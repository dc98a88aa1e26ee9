//! Panics in tasks: tokio catches them, and whether anybody looked at the result cannot be known.

use std::panic::{PanicHookInfo, set_hook, take_hook};
use std::sync::Once;
use std::thread;

use crate::report;
use crate::signals;

/// Installs a panic hook that notes the panics of tasks, and then calls the hook that was there before. Once in a process.
pub(super) fn install_hook() {
    static INSTALLED: Once = Once::new();
    // A thread that is panicking must not touch the hook.
    if INSTALLED.is_completed() || thread::panicking() {
        return;
    }
    INSTALLED.call_once(|| {
        let previous = take_hook();
        set_hook(Box::new(move |panic| {
            note(panic);
            previous(panic);
        }));
    });
}

fn note(panic: &PanicHookInfo<'_>) {
    // Outside of a task it is the body, which fails by itself unless it catches the panic.
    if tokio::task::try_id().is_some()
        && let Some(place) = panic.location()
    {
        signals::note_task_panic(place, || report::panic_message(panic.payload()));
    }
}
