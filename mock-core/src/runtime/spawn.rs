//! Spawns boxed tasks and threads, so that the code of tokio and std for them is compiled only once.

use std::io;
use std::pin::Pin;
use std::thread;

use tokio::runtime::Handle;
use tokio::task::JoinHandle;

/// Runs a task on a runtime.
pub(crate) fn spawn(
    runtime: &Handle,
    task: Pin<Box<dyn Future<Output = ()> + Send>>,
) -> JoinHandle<()> {
    runtime.spawn(task)
}

/// Runs work that blocks on the current runtime. Its paused clock does not advance on its own meanwhile.
///
/// # Panics
/// If there is no tokio runtime.
// Spawning compiles a large part of tokio. Without a server, only tests that hold the clock need it.
#[inline]
pub(crate) fn spawn_blocking(work: Box<dyn FnOnce() + Send>) -> JoinHandle<()> {
    tokio::task::spawn_blocking(work)
}

/// Runs work on a thread of its own.
///
/// # Errors
/// If the thread does not start.
pub(crate) fn spawn_thread(
    name: &str,
    work: Box<dyn FnOnce() + Send>,
) -> io::Result<thread::JoinHandle<()>> {
    let builder = thread::Builder::new().name(name.to_owned());
    builder.spawn(work)
}
