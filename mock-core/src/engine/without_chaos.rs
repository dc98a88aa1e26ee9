//! Without the feature `sweep`: the same types and functions as in `draw_chaos.rs`, for which no fault is ever drawn.

use std::task::{Context, Poll};
use std::time::Duration;

use crate::scenario::{Scenario, Turn};

pub(crate) enum ChaosPlan {}

pub(crate) enum InjectedFault {}

pub(crate) enum MockChaos {}

impl MockChaos {
    pub(crate) fn new(_: u64, _: usize, _: &Scenario, plan: &ChaosPlan) -> Self {
        match *plan {}
    }

    pub(crate) fn happened(&self) -> Vec<InjectedFault> {
        match *self {}
    }

    pub(super) fn has_happened(&self) -> bool {
        match *self {}
    }

    pub(super) fn answer(&self, _: usize, _: &Turn, _: bool) -> Option<Box<Turn>> {
        match *self {}
    }

    pub(super) fn delay(&self, _: usize) -> Duration {
        match *self {}
    }

    pub(super) fn interleaving(&self, _: usize) -> Box<Interleaving> {
        match *self {}
    }
}

pub(super) enum Interleaving {}

impl Interleaving {
    pub(super) fn poll(&mut self, _: &mut Context<'_>) -> Poll<()> {
        match *self {}
    }
}
