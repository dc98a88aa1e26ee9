//! All exchanges of a server, in the order in which they came.

use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use hyper::http::request::Parts;

use super::received_head::ReceivedHead;
use super::{Ending, Exchange};
use crate::lock::lock;

#[derive(Default)]
pub(crate) struct ExchangeList(Mutex<Entries>);

#[derive(Default)]
struct Entries {
    /// The number of resets of the mock when the first of them arrived.
    resets: u32,
    exchanges: Vec<Arc<Exchange>>,
    /// How many of them have ended.
    ended: usize,
}

impl ExchangeList {
    /// Adds an exchange; without a head if none arrived.
    pub(crate) fn enter(
        &self,
        head: Option<&Parts>,
        started_at: Duration,
        resets: u32,
    ) -> Arc<Exchange> {
        let mut entries = self.entries(resets);
        let head = head.map(ReceivedHead::new).unwrap_or_default();
        let number = entries.exchanges.len() + 1;
        let exchange = Arc::new(Exchange::new(number, started_at, head, resets));
        // If the mock was reset since the exchange began, the exchange is forgotten.
        if entries.resets == resets {
            entries.exchanges.push(Arc::clone(&exchange));
        }
        exchange
    }

    pub(crate) fn all(&self, resets: u32) -> Vec<Arc<Exchange>> {
        self.entries(resets).exchanges.clone()
    }

    /// Records how an exchange ended. The first end counts.
    pub(crate) fn end(&self, exchange: &Exchange, ending: Ending) {
        let mut entries = self.entries(exchange.resets());
        if exchange.set_ending(ending) && entries.resets == exchange.resets() {
            entries.ended += 1;
        }
    }

    /// Returns how many exchanges have ended.
    pub(crate) fn ended(&self, resets: u32) -> usize {
        self.entries(resets).ended
    }

    /// Returns the exchanges since the last reset of the mock, or since a newer one.
    fn entries(&self, resets: u32) -> MutexGuard<'_, Entries> {
        let mut entries = lock(&self.0);
        if entries.resets < resets {
            *entries = Entries {
                resets,
                ..Entries::default()
            };
        }
        entries
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn enter(record: &ExchangeList, resets: u32) -> Arc<Exchange> {
        record.enter(None, Duration::ZERO, resets)
    }

    #[test]
    fn exchanges_are_counted_once_they_have_ended() {
        let record = ExchangeList::default();
        let first = enter(&record, 0);
        let second = enter(&record, 0);
        assert_eq!(record.ended(0), 0);
        record.end(&second, Ending::Completed);
        record.end(&second, Ending::Stopped);
        assert_eq!(record.ended(0), 1);
        record.end(&first, Ending::Cut);
        assert_eq!(record.ended(0), 2);
        assert_eq!(second.ending(), Some(Ending::Completed));
    }

    #[test]
    fn an_exchange_from_before_a_reset_is_not_among_those_after_it() {
        let record = ExchangeList::default();
        let before = enter(&record, 0);
        let after = enter(&record, 1);
        let late = enter(&record, 0);
        record.end(&before, Ending::Completed);
        record.end(&late, Ending::Completed);
        assert_eq!(record.ended(1), 0);
        record.end(&after, Ending::Completed);
        assert_eq!((record.ended(1), record.all(1).len()), (1, 1));
        assert_eq!(before.ending(), Some(Ending::Completed));
    }
}
