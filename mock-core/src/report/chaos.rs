//! What is said of faults by chance.

use std::time::Duration;

use super::formatting::time;
use super::turn::{action, fault};
use crate::scenario::Turn;

/// A mock with faults by chance, where nothing decides when they come.
pub(crate) fn chaos_without_seeds(mock: &str) -> String {
    let mock = super::turn::label(mock);
    format!(
        "mock `{mock}` has `chaos`, and there are no seeds to draw the faults from: write \
         `#[provider_test(seeds = 0..100)]`, or remove `chaos` from the mock"
    )
}

/// A faulty answer, as its fault is written.
pub(crate) fn chaos(turn: &Turn) -> String {
    fault(turn).unwrap_or_else(|| turn.actions.first().map(action).unwrap_or_default())
}

/// An answer that begins later.
pub(crate) fn late(by: Duration) -> String {
    format!("{} late", time(by))
}
