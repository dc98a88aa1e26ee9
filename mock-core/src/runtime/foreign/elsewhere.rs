//! Without `/proc`, foreign I/O is not detected.

use std::net::SocketAddr;
use std::time::Duration;

/// It watches nothing.
pub(crate) struct Watch;

impl Watch {
    pub(super) fn new(_: Option<Duration>) -> Self {
        Watch
    }

    pub(crate) fn before_park(&self, _: bool) {}

    pub(crate) fn is_waiting(&self) -> bool {
        false
    }

    pub(crate) fn end(&self) -> Vec<String> {
        Vec::new()
    }
}

/// It sees nothing.
#[derive(Default)]
pub(crate) struct NetworkGuard;

impl NetworkGuard {
    pub(crate) fn begin(&self) {}

    pub(crate) fn before_park(&self) {}

    pub(crate) fn seen(&self) -> Seen {
        Seen {
            peers: Vec::new(),
            is_blind: false,
        }
    }
}

/// The other end of a connection to another machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Peer {
    pub(crate) address: SocketAddr,
    pub(crate) protocol: &'static str,
}

/// What the guard saw.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Seen {
    pub(crate) peers: Vec<Peer>,
    pub(crate) is_blind: bool,
}
