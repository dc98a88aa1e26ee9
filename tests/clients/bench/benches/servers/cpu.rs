//! How long threads run, as Linux counts it.

use std::collections::HashMap;
use std::ffi::OsString;
use std::fs;
use std::time::Duration;

/// How long the other threads of this process were on a processor meanwhile: the servers, where this one is the client.
pub(crate) fn of_other_threads<T>(work: impl FnOnce() -> T) -> (T, Duration) {
    let before = other_threads();
    let done = work();
    let ran = other_threads()
        .into_iter()
        .map(|(thread, ran)| ran - before.get(&thread).copied().unwrap_or_default())
        .sum();
    (done, ran)
}

fn other_threads() -> HashMap<OsString, Duration> {
    let here = fs::read_link("/proc/thread-self").expect("Linux");
    let threads = fs::read_dir("/proc/self/task").expect("Linux");
    threads
        .map(|thread| thread.expect("Linux"))
        .filter(|thread| Some(&*thread.file_name()) != here.file_name())
        .filter_map(|thread| {
            // A thread that has just ended has no times.
            let line = fs::read_to_string(thread.path().join("schedstat")).ok()?;
            let nanos = line.split(' ').next()?.parse().expect("a number");
            Some((thread.file_name(), Duration::from_nanos(nanos)))
        })
        .collect()
}
