//! The shared state of a server.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use hyper::http::request::Parts;
use tokio::sync::Notify;

use super::exchange::{Ending, Exchange, ExchangeList};
#[cfg(feature = "record")]
use super::recording_proxy::provider_client::Upstream;
use super::request::api_key::RequiredKey;
use super::server_log::ServerLog;
use super::stored_answers::StoredAnswers;
use super::throttle::Throttle;
use crate::chat::conversation::Mistake;
use crate::engine::Engine;
use crate::lock::lock;
use crate::runtime::test_context::{self, WatchdogTicks};
use crate::search::Search;

/// The default maximum length of a request's body, in bytes. It is Anthropic's limit.
const LONGEST_BODY: usize = 32 * 1024 * 1024;

/// A connection, as its server sees it.
pub(super) trait OpenConnection: Send + Sync {
    /// Closes it if no exchange is in progress.
    fn close_if_idle(&self);

    /// Closes it, even if an exchange is in progress.
    fn close(&self);

    /// Returns whether an exchange is in progress.
    fn has_exchange(&self) -> bool;
}

/// A running server.
pub(super) struct ServerState {
    pub(super) engine: Arc<Engine>,
    pub(super) log: Arc<ServerLog>,
    /// The provider that answers what is not recorded yet.
    #[cfg(feature = "record")]
    pub(super) upstream: Option<Upstream>,
    record: ExchangeList,
    /// Whether a matcher or `per` needs the heads of requests.
    pub(super) asks_for_heads: bool,
    /// The stored answers, from which conversations continue.
    pub(super) stored: StoredAnswers,
    /// Wakes the tasks that wait for exchanges to end.
    ended: Notify,
    pub(super) connections: Mutex<Vec<Arc<dyn OpenConnection>>>,
    stopped: AtomicBool,
    pub(super) lenient: AtomicBool,
    pub(super) keeps_bodies: AtomicBool,
    pub(super) longest_body: AtomicUsize,
    pub(super) required_key: RequiredKey,
    pub(super) throttle: Throttle,
    /// The ticks of the guard of the test, if there is one.
    pub(super) ticks: Option<Arc<WatchdogTicks>>,
}

impl ServerState {
    pub(super) fn new(engine: Arc<Engine>) -> Self {
        ServerState {
            asks_for_heads: engine.scenario.asks_for_heads(),
            engine,
            log: Arc::default(),
            #[cfg(feature = "record")]
            upstream: None,
            record: ExchangeList::default(),
            stored: StoredAnswers::default(),
            ended: Notify::new(),
            connections: Mutex::default(),
            stopped: AtomicBool::new(false),
            lenient: AtomicBool::new(false),
            keeps_bodies: AtomicBool::new(false),
            longest_body: AtomicUsize::new(LONGEST_BODY),
            required_key: RequiredKey::default(),
            throttle: Throttle::default(),
            ticks: test_context::watchdog_ticks(),
        }
    }

    /// Sets the provider that answers requests that are not recorded yet.
    #[cfg(feature = "record")]
    pub(super) fn recording(self, upstream: Upstream) -> Self {
        ServerState {
            upstream: Some(upstream),
            ..self
        }
    }

    /// Adds an exchange; without a head if none arrived.
    pub(super) fn enter(&self, head: Option<&Parts>) -> Arc<Exchange> {
        let engine = &self.engine;
        self.record.enter(head, engine.elapsed(), engine.resets())
    }

    pub(super) fn exchanges(&self) -> Vec<Arc<Exchange>> {
        self.record.all(self.engine.resets())
    }

    /// Records how an exchange ended. The first end counts.
    pub(super) fn end(&self, exchange: &Exchange, ending: Ending) {
        self.record.end(exchange, ending);
        self.ended.notify_waiters();
    }

    /// Waits until this many exchanges have ended.
    pub(super) async fn exchanged(&self, exchanges: usize) {
        loop {
            let next = self.ended.notified();
            if self.record.ended(self.engine.resets()) >= exchanges {
                return;
            }
            next.await;
        }
    }

    /// Records why an exchange does not become a call.
    pub(super) fn note_problem(&self, exchange: &Arc<Exchange>, problem: &str) {
        if exchange.set_problem(problem) {
            self.log.note_rejected(&self.engine, Arc::clone(exchange));
        }
    }

    /// Records a mistake in the conversation of a request, unless the mock was reset since.
    pub(super) fn note_broken(&self, exchange: &Exchange, mistake: Mistake) {
        if exchange.resets() == self.engine.resets() {
            self.engine.note_broken_request(mistake);
        }
    }

    /// Returns whether there is more than one connection.
    pub(super) fn has_other_connections(&self) -> bool {
        lock(&self.connections).len() > 1
    }

    /// Forgets a connection that has ended.
    pub(super) fn forget(&self, connection: &dyn OpenConnection) {
        let mut connections = lock(&self.connections);
        let is_it =
            |known: &Arc<dyn OpenConnection>| std::ptr::addr_eq(Arc::as_ptr(known), connection);
        if let Some(at) = connections.position(&is_it) {
            connections.swap_remove(at);
        }
    }

    pub(super) fn close_idle(&self) {
        lock(&self.connections)
            .iter()
            .for_each(|connection| connection.close_if_idle());
    }

    /// Stops the server, except for the exchanges in progress.
    pub(super) fn stop_idle(&self) {
        self.stopped.store(true, Ordering::Relaxed);
        self.close_idle();
    }

    pub(super) fn has_exchange_in_progress(&self) -> bool {
        let connections = lock(&self.connections);
        let mut connections = connections.iter();
        connections.any(|connection| connection.has_exchange())
    }

    pub(super) fn stop(&self) {
        self.stopped.store(true, Ordering::Relaxed);
        lock(&self.connections)
            .iter()
            .for_each(|connection| connection.close());
    }

    pub(super) fn is_stopped(&self) -> bool {
        self.stopped.load(Ordering::Relaxed)
    }

    pub(super) fn is_lenient(&self) -> bool {
        self.lenient.load(Ordering::Relaxed)
    }

    pub(super) fn keeps_bodies(&self) -> bool {
        self.keeps_bodies.load(Ordering::Relaxed)
    }

    pub(super) fn longest_body(&self) -> usize {
        self.longest_body.load(Ordering::Relaxed)
    }
}
