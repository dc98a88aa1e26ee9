//! A panic hook that keeps the messages of panics: those of tasks, which tokio catches, and the last one of each thread, which reports print.

use std::cell::RefCell;
use std::panic::{PanicHookInfo, set_hook, take_hook};
use std::sync::Once;
use std::thread;

use crate::report;
use crate::runtime::{task_panics, thread_signals};

thread_local! {
    static LAST: RefCell<Option<Panic>> = const { RefCell::new(None) };
}

/// A panic that the hook saw.
pub(crate) struct Panic {
    pub(crate) message: String,
    /// The file and line of the panic.
    pub(crate) place: String,
}

/// Installs a panic hook that notes what panics say, and then calls the hook that was there before. Once in a process.
pub(crate) fn install_hook() {
    static INSTALLED: Once = Once::new();
    // `std::panic::set_hook` panics on a thread that is panicking.
    if INSTALLED.is_completed() || thread::panicking() {
        return;
    }
    INSTALLED.call_once(|| {
        let previous = take_hook();
        set_hook(Box::new(move |panic| {
            record_panic(panic);
            if !thread_signals::is_quiet() {
                previous(panic);
            }
        }));
    });
}

/// The message of the last panic of this thread; empty if the hook did not see it.
pub(crate) fn last_message() -> String {
    last().map(|panic| panic.message).unwrap_or_default()
}

/// The last panic of this thread, if the hook saw it.
pub(crate) fn last() -> Option<Panic> {
    LAST.try_with(RefCell::take).ok().flatten()
}

/// This is called by the panic hook, so it must not panic.
fn record_panic(panic: &PanicHookInfo<'_>) {
    let message = report::panic_message(panic.payload());
    let place = panic.location();
    // A panic outside of a task is one of the body, which fails the test unless the body catches it.
    if tokio::task::try_id().is_some()
        && let Some(place) = place
    {
        task_panics::note(place, || message.clone());
    }
    let _ = LAST.try_with(|last| {
        if let Ok(mut last) = last.try_borrow_mut() {
            let place = place.map(|place| format!("{}:{}", place.file(), place.line()));
            let place = place.unwrap_or_default();
            *last = Some(Panic { message, place });
        }
    });
}
