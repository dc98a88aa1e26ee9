//! The text about random faults.

use std::time::Duration;

use super::formatting::{count, time, wrap};
use super::turn::{action, fault};
use super::{INDENT, WIDTH, painted};
use crate::scenario::Turn;

/// A mock with faults by chance, where nothing decides when they come.
pub(crate) fn chaos_without_seeds(mock: &str) -> String {
    let mock = super::turn::label(mock);
    format!(
        "mock `{mock}` has `chaos`, and there are no seeds to draw the faults from: write \
         `#[provider_test(seeds = 0..100)]`, or remove `chaos` from the mock"
    )
}

/// A test with several seeds in which no fault came by chance, so that it tests none.
pub(crate) fn chaos_without_faults(runs: usize, has_call: bool) -> String {
    let runs = count(runs, "run");
    let why = match has_call {
        true => {
            "use more seeds or greater probabilities; a turn that fails, embeddings, closures, drivers and raw answers can have \
             failures and delays, and no broken streams"
        }
        false => "the mocks of the test were not called",
    };
    painted(&wrap(
        &format!("`chaos` tests nothing: no fault came in {runs}; {why}"),
        WIDTH - INDENT,
        usize::MAX,
    ))
}

/// A faulty answer, as its fault is written.
pub(crate) fn chaos(turn: &Turn) -> String {
    fault(turn).unwrap_or_else(|| turn.actions.first().map(action).unwrap_or_default())
}

/// An answer that begins later.
pub(crate) fn late(by: Duration) -> String {
    format!("{} late", time(by))
}
