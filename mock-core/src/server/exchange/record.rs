//! All exchanges of a server, in the order in which they came.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use hyper::http::request::Parts;

use super::Exchange;
use super::head::{Head, Length};

#[derive(Default)]
pub(crate) struct Record(Mutex<Entries>);

#[derive(Default)]
struct Entries {
    /// How often the mock had been reset when the first of them came.
    resets: u32,
    exchanges: Vec<Arc<Exchange>>,
    last_head: Arc<Head>,
}

impl Record {
    /// Enters an exchange; without a head, if none came. Of what comes with it a copy is kept, which holds no buffer.
    pub(crate) fn enter(
        &self,
        head: Option<&Parts>,
        started_at: Duration,
        resets: u32,
    ) -> Arc<Exchange> {
        let mut entries = self.entries(resets);
        let (head, length) = match head {
            None => Default::default(),
            Some(parts) => {
                let length = Length::from_headers(&parts.headers);
                (entries.head(parts, &length), length)
            }
        };
        let number = entries.exchanges.len() + 1;
        let exchange = Arc::new(Exchange::new(number, started_at, head, length, resets));
        entries.exchanges.push(Arc::clone(&exchange));
        drop(entries);
        if number.is_multiple_of(PER_ROOM) {
            make_room();
        }
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

/// What is kept of so many requests has room in what [`make_room`] makes.
const PER_ROOM: usize = 64;

/// Allocates much at once, and gives it back. Some allocators let the heap of a thread grow by a page at a time, with a call of the
/// kernel for each: all that is kept of requests comes from there, and such calls were a thirtieth of what an answer takes.
fn make_room() {
    drop(std::hint::black_box(Vec::<u8>::with_capacity(96 * 1024)));
}

impl Entries {
    fn head(&mut self, parts: &Parts, length: &Length) -> Arc<Head> {
        if !self.last_head.is_of(parts, length) {
            self.last_head = Arc::new(Head::new(parts, length));
        }
        Arc::clone(&self.last_head)
    }
}
