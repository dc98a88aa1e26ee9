//! A TCP connection and its sockets, as the kernel describes them.

use std::net::SocketAddr;

/// The two ends of a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Ends {
    pub(crate) local: SocketAddr,
    pub(crate) peer: SocketAddr,
}

impl Ends {
    /// Returns the connection as seen from its other end.
    pub(crate) fn reversed(self) -> Self {
        Ends {
            local: self.peer,
            peer: self.local,
        }
    }
}

/// A TCP socket, as the kernel describes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct TcpSocket {
    pub(crate) inode: u64,
    /// How many segments with data have come and gone.
    pub(crate) segments: u64,
}
