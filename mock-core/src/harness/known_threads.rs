//! Counts the threads that belong to a harness, to know whether a process has others: [`KnownThread`].

use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

/// The number of threads of this process that belong to a harness, without the main thread.
static KNOWN: AtomicUsize = AtomicUsize::new(0);

/// A thread of a harness.
pub(super) struct KnownThread;

impl KnownThread {
    pub(super) fn new() -> Self {
        KNOWN.fetch_add(1, Ordering::Relaxed);
        KnownThread
    }

    /// Counts the current thread, unless it is the main thread, which is always known.
    pub(super) fn current() -> Option<Self> {
        let is_main = thread::current().name() == Some("main");
        (!is_main).then(Self::new)
    }
}

impl Drop for KnownThread {
    fn drop(&mut self) {
        KNOWN.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Returns whether the process has threads that do not belong to a harness.
#[cfg(target_os = "linux")]
pub(super) fn has_other_threads() -> bool {
    use std::os::linux::fs::MetadataExt as _;

    /// The number of links of an empty folder.
    const NONE: u64 = 2;
    let known = KNOWN.load(Ordering::Relaxed) as u64 + 1;
    let threads = std::fs::metadata("/proc/self/task").map(|task| task.st_nlink() - NONE);
    threads.map_or(true, |threads| threads > known)
}

#[cfg(not(target_os = "linux"))]
pub(super) fn has_other_threads() -> bool {
    true
}
