//! The TCP connections with both ends in the runtime, and all those of a mock's own server. The kernel takes its time between the two ends
//! when the machine is busy, and the clock must not jump meanwhile.

use std::io;
use std::time::Instant;

use super::query_tcp_socket::TcpQuery;
use super::tcp_socket::{Ends, TcpSocket};
use super::{PATIENCE, sleep_a_slice};
use crate::search::Search;

/// The connections that are open.
#[derive(Default)]
pub(super) struct LocalConnections {
    open: Vec<LocalConnection>,
    /// Since when something has been on its way.
    since: Option<Instant>,
    /// Whether the clock went on although something was on its way.
    has_given_up: bool,
}

struct LocalConnection {
    ends: Ends,
    /// Its two sockets when they were last looked at.
    seen: [Option<TcpSocket>; 2],
}

impl LocalConnections {
    /// Adds a connection, as one of its sockets sees it.
    pub(super) fn add(&mut self, ends: Ends) {
        let is_known =
            |known: &LocalConnection| known.ends == ends || known.ends.reversed() == ends;
        if !self.open.any(&is_known) {
            self.open.push(LocalConnection {
                ends,
                seen: [None; 2],
            });
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.open.is_empty()
    }

    /// Forgets the connections, about which the kernel does not tell.
    pub(super) fn clear(&mut self) {
        self.open.clear();
    }

    /// Whether something was on its way for so long that the clock went on without it.
    pub(super) fn has_given_up(&self) -> bool {
        self.has_given_up
    }

    /// Whether anything has moved since the last call, or is on its way. If something is on its way, this sleeps a slice.
    pub(super) fn is_traffic_open(&mut self, query: &mut TcpQuery) -> bool {
        let (mut has_moved, mut is_on_its_way) = (false, false);
        self.open.retain_mut(|connection| {
            let before = connection.seen;
            let Ok(is_open) = connection.look(query) else {
                return false;
            };
            has_moved |= connection.seen != before;
            is_on_its_way |= connection.is_on_its_way(before);
            is_open
        });
        if has_moved {
            self.since = None;
        }
        if !is_on_its_way {
            return has_moved;
        }
        let waited = self.since.get_or_insert_with(Instant::now).elapsed();
        // Bytes that have not arrived by then are lost.
        if waited >= PATIENCE {
            self.has_given_up = true;
            return has_moved;
        }
        sleep_a_slice(waited);
        true
    }
}

impl LocalConnection {
    /// Looks at the sockets, and returns whether a program still has one of them.
    ///
    /// # Errors
    /// If the kernel does not tell.
    fn look(&mut self, query: &mut TcpQuery) -> io::Result<bool> {
        self.seen = [
            query.socket(self.ends)?,
            query.socket(self.ends.reversed())?,
        ];
        Ok(self.seen.iter().flatten().any(TcpSocket::is_held))
    }

    /// Whether a socket will get something without any program doing anything.
    fn is_on_its_way(&self, before: [Option<TcpSocket>; 2]) -> bool {
        let [one, other] = &self.seen;
        self.seen.iter().flatten().any(TcpSocket::is_opening)
            || is_sent(one.as_ref(), before[0].is_some(), other.as_ref())
            || is_sent(other.as_ref(), before[1].is_some(), one.as_ref())
    }
}

/// Whether something is on its way from one socket to the other; `was_there` is whether there was one.
fn is_sent(from: Option<&TcpSocket>, was_there: bool, to: Option<&TcpSocket>) -> bool {
    let Some(to) = to.filter(|to| to.is_held()) else {
        return false;
    };
    match from {
        Some(from) => from.is_ahead_of(to),
        // One end was reset, and the other end has not noticed it yet.
        None => was_there,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn socket(inode: u64, sent: u64, received: u64) -> TcpSocket {
        TcpSocket {
            inode,
            segments: 0,
            state: 1,
            sent,
            received,
            unsent: 0,
            room: 0,
        }
    }

    #[test]
    fn bytes_for_an_open_socket_are_on_their_way() {
        let (held, closed) = (socket(1, 0, 0), socket(0, 0, 0));
        let ahead = socket(2, 5, 0);
        for (from, was_there, to, is_on_its_way) in [
            (Some(&ahead), true, Some(&held), true),
            (Some(&held), true, Some(&held), false),
            // No end reads the bytes.
            (Some(&ahead), true, Some(&closed), false),
            (Some(&ahead), true, None, false),
            // Reset since the last look.
            (None, true, Some(&held), true),
            // Gone before the last look.
            (None, false, Some(&held), false),
        ] {
            assert_eq!(
                is_sent(from, was_there, to),
                is_on_its_way,
                "{from:?} {was_there} {to:?}"
            );
        }
    }

    #[cfg(feature = "foreign-tcp")]
    #[test]
    fn a_connection_is_watched_once_until_both_ends_are_closed() {
        use std::net::{TcpListener, TcpStream};

        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("it is bound");
        let client = TcpStream::connect(address).expect("it listens");
        let (server, _) = listener.accept().expect("a client");
        let ends = Ends {
            local: client.local_addr().expect("it is connected"),
            peer: address,
        };
        let mut query = TcpQuery::open().expect("the kernel answers");
        let mut local = LocalConnections::default();
        local.add(ends);
        local.add(ends.reversed());
        assert_eq!(local.open.len(), 1);
        // At the first look, both sockets are new.
        assert!(local.is_traffic_open(&mut query));
        while local.is_traffic_open(&mut query) {}
        assert!(!local.is_empty() && !local.has_given_up());
        drop((client, server));
        while local.is_traffic_open(&mut query) {}
        assert!(local.is_empty());
    }
}
