//! What the parts of a server share.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use hyper::http::request::Parts;
use tokio::sync::Notify;

use super::line::Line;
use crate::current::{self, Looks};
use crate::engine::Engine;
use crate::exchange::{Ending, Exchange, Record};

/// The longest body of a request, in bytes: that of Anthropic.
const LONGEST_BODY: usize = 32 * 1024 * 1024;

/// The most connections at once.
const MOST_CONNECTIONS: usize = 4_096;

/// A server at work.
pub(super) struct Shared {
    pub(super) engine: Arc<Engine>,
    record: Record,
    /// Wakes those who wait for exchanges to end.
    ended: Notify,
    lines: Mutex<Vec<Arc<Line>>>,
    stopped: AtomicBool,
    lenient: AtomicBool,
    longest_body: AtomicUsize,
    key: Mutex<Option<String>>,
    throttled: AtomicBool,
    throttle: Mutex<(usize, Duration)>,
    /// The looks that are taken at the test, if there is one.
    pub(super) looks: Option<Arc<Looks>>,
}

impl Shared {
    pub(super) fn new(engine: Arc<Engine>) -> Self {
        Shared {
            engine,
            record: Record::default(),
            ended: Notify::new(),
            lines: Mutex::default(),
            stopped: AtomicBool::new(false),
            lenient: AtomicBool::new(false),
            longest_body: AtomicUsize::new(LONGEST_BODY),
            key: Mutex::default(),
            throttled: AtomicBool::new(false),
            throttle: Mutex::default(),
            looks: current::looks(),
        }
    }

    /// Enters an exchange; without a head, if none came.
    pub(super) fn enter(&self, head: Option<&Parts>) -> Arc<Exchange> {
        let engine = &self.engine;
        self.record.enter(head, engine.elapsed(), engine.resets())
    }

    pub(super) fn exchanges(&self) -> Vec<Arc<Exchange>> {
        self.record.all(self.engine.resets())
    }

    /// Notes how an exchange ended. The first end counts.
    pub(super) fn end(&self, exchange: &Exchange, ending: Ending) {
        exchange.set_ending(ending);
        self.ended.notify_waiters();
    }

    /// Waits until so many exchanges have ended.
    pub(super) async fn exchanged(&self, exchanges: usize) {
        loop {
            let next = self.ended.notified();
            let known = self.exchanges();
            let ended = known.iter().filter(|exchange| exchange.ending().is_some());
            if ended.count() >= exchanges {
                return;
            }
            next.await;
        }
    }

    /// Enters a connection, if there is room for one more.
    pub(super) fn admit(&self, line: &Arc<Line>) -> bool {
        let mut lines = lock(&self.lines);
        let admitted = lines.len() < MOST_CONNECTIONS;
        if admitted {
            lines.push(Arc::clone(line));
        }
        drop(lines);
        if !admitted {
            let exchange = self.enter(None);
            let problem = format!("there are {MOST_CONNECTIONS} connections already");
            self.note_problem(&exchange, &problem);
            self.end(&exchange, Ending::TooMany);
        }
        admitted
    }

    /// Notes why an exchange becomes no call.
    pub(super) fn note_problem(&self, exchange: &Arc<Exchange>, problem: &str) {
        if exchange.set_problem(problem) {
            self.engine.note_stray(Arc::clone(exchange));
        }
    }

    /// Whether there are more connections than one.
    pub(super) fn has_other_lines(&self) -> bool {
        lock(&self.lines).len() > 1
    }

    /// Forgets a connection that has ended.
    pub(super) fn forget(&self, line: &Arc<Line>) {
        let mut lines = lock(&self.lines);
        if let Some(at) = lines.iter().position(|known| Arc::ptr_eq(known, line)) {
            lines.swap_remove(at);
        }
    }

    pub(super) fn close_idle(&self) {
        lock(&self.lines)
            .iter()
            .for_each(|line| line.close_if_idle());
    }

    pub(super) fn stop(&self) {
        self.stopped.store(true, Ordering::Relaxed);
        lock(&self.lines).iter().for_each(|line| line.close());
    }

    pub(super) fn is_stopped(&self) -> bool {
        self.stopped.load(Ordering::Relaxed)
    }

    pub(super) fn set_lenient(&self) {
        self.lenient.store(true, Ordering::Relaxed);
    }

    pub(super) fn is_lenient(&self) -> bool {
        self.lenient.load(Ordering::Relaxed)
    }

    pub(super) fn set_longest_body(&self, bytes: usize) {
        self.longest_body.store(bytes, Ordering::Relaxed);
    }

    pub(super) fn longest_body(&self) -> usize {
        self.longest_body.load(Ordering::Relaxed)
    }

    pub(super) fn require_key(&self, key: String) {
        *lock(&self.key) = Some(key);
    }

    /// Whether the key that is given is good enough.
    pub(super) fn accepts<'k>(&self, given: impl FnOnce() -> Option<&'k str>) -> bool {
        match &*lock(&self.key) {
            Some(required) => given() == Some(required),
            None => true,
        }
    }

    pub(super) fn set_throttle(&self, bytes: usize, pause: Duration) {
        *lock(&self.throttle) = (bytes, pause);
        self.throttled.store(bytes > 0, Ordering::Release);
    }

    /// The most bytes to send at once, and how long to wait before the next ones.
    pub(super) fn throttle(&self) -> Option<(usize, Duration)> {
        // Most servers send all at once: not to take the lock for it is worth a word.
        let throttled = self.throttled.load(Ordering::Acquire);
        let throttle = throttled.then(|| *lock(&self.throttle));
        // It may have been ended since.
        throttle.filter(|(bytes, _)| *bytes > 0)
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
