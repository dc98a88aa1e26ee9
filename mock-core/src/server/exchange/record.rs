//! All exchanges of a server, in the order in which they came.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use hyper::http::request::Parts;

use super::Exchange;
use super::head::Head;

#[derive(Default)]
pub(crate) struct Record(Mutex<Entries>);

#[derive(Default)]
struct Entries {
    /// The number of resets of the mock when the first of them arrived.
    resets: u32,
    exchanges: Vec<Arc<Exchange>>,
}

impl Record {
    /// Adds an exchange; without a head if none arrived.
    pub(crate) fn enter(
        &self,
        head: Option<&Parts>,
        started_at: Duration,
        resets: u32,
    ) -> Arc<Exchange> {
        let mut entries = self.entries(resets);
        let head = head.map(Head::new).unwrap_or_default();
        let number = entries.exchanges.len() + 1;
        let exchange = Arc::new(Exchange::new(number, started_at, head, resets));
        entries.exchanges.push(Arc::clone(&exchange));
        exchange
    }

    pub(crate) fn all(&self, resets: u32) -> Vec<Arc<Exchange>> {
        self.entries(resets).exchanges.clone()
    }

    /// Returns the exchanges since the last reset of the mock.
    fn entries(&self, resets: u32) -> MutexGuard<'_, Entries> {
        let mut entries = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if entries.resets < resets {
            entries.resets = resets;
            entries.exchanges.clear();
        }
        entries
    }
}
