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
    /// How often the mock had been reset when the first of them came.
    resets: u32,
    exchanges: Vec<Arc<Exchange>>,
}

impl Record {
    /// Enters an exchange; without a head, if none came.
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

    /// Those that came since the mock was reset last.
    fn entries(&self, resets: u32) -> MutexGuard<'_, Entries> {
        let mut entries = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if entries.resets < resets {
            entries.resets = resets;
            entries.exchanges.clear();
        }
        entries
    }
}
