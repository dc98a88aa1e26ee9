//! The message about connections to other machines in a test that may not open any.

use super::WIDTH;
use super::formatting::wrap;
use crate::runtime::foreign_io::{OutsideConnections, Peer};

/// The most connections that are named.
const MOST: usize = 5;

/// The message where the environment asks for the guard on a system that does not tell.
pub(crate) const NO_NETWORK_GUARD: &str =
    "`MOCK_CORE_DENY_NETWORK` works only on Linux: unset it on this system, or set it to `0`";

/// One line: the test denies the network on a system where connections cannot be checked.
pub(crate) fn network_unchecked(test: &str) -> String {
    format!(
        "`{test}`: `network = \"deny\"` is checked only on Linux, so the connections of this test are not checked"
    )
}

/// The failure of a test that opened connections to other machines, if it did.
pub(crate) fn denied(test: &str, connections: &OutsideConnections) -> Option<String> {
    let lines = match &*connections.peers {
        [] if connections.may_be_incomplete => wrap(
            &format!(
                "the test `{test}` may open no connection to another machine, and the system does not tell whether it did: \
                 open fewer descriptors, or write `network = \"allow\"`"
            ),
            WIDTH,
            usize::MAX,
        ),
        [] => return None,
        peers => connected(test, peers),
    };
    Some(lines.join("\n"))
}

fn connected(test: &str, peers: &[Peer]) -> Vec<String> {
    let what = match peers {
        [_] => "a connection to another machine",
        _ => "connections to other machines",
    };
    let mut lines = wrap(
        &format!("the test `{test}` opened {what}:"),
        WIDTH,
        usize::MAX,
    );
    for Peer { address, protocol } in peers.iter().take(MOST) {
        lines.push(format!("  {address} ({protocol})"));
    }
    if let Some(more @ 1..) = peers.len().checked_sub(MOST) {
        lines.push(format!("  … and {more} more"));
    }
    lines.push(
        "point the client at a mock's server, as in `server.openai_url()`, or allow it: `#[provider_test(network = \"allow\")]`"
            .to_owned(),
    );
    lines
}
