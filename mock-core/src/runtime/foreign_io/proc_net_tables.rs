//! The kernel's tables of sockets with addresses: `/proc/net/tcp` and its like.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use super::tcp_socket::Ends;
use crate::search::Search;

/// The tables of TCP sockets, which take milliseconds to read.
pub(super) const TCP: [&str; 2] = ["/proc/net/tcp", "/proc/net/tcp6"];

/// The tables of UDP sockets, which take microseconds.
pub(super) const UDP: [&str; 2] = ["/proc/net/udp", "/proc/net/udp6"];

/// The sockets in the text of a table.
pub(super) fn parsed(table: &str) -> Vec<InetSocket> {
    let mut sockets = Vec::new();
    for line in table.lines() {
        if let Some(socket) = InetSocket::parse(line) {
            sockets.push(socket);
        }
    }
    sockets
}

/// A line of `/proc/net/tcp` or `/proc/net/udp`.
pub(super) struct InetSocket {
    pub(super) ends: Ends,
    pub(super) is_listening: bool,
    /// 0 for a connection that has not been accepted.
    pub(super) inode: u64,
}

impl InetSocket {
    fn parse(line: &str) -> Option<Self> {
        const TIME_WAIT: &str = "06";
        const LISTEN: &str = "0A";
        let mut words = line.split_whitespace();
        let (local, peer, state) = (words.nth(1)?, words.next()?, words.next()?);
        // Skip these: there may be thousands, and no process has them any more.
        if state == TIME_WAIT {
            return None;
        }
        let (local, peer) = (address(local)?, address(peer)?);
        let is_listening = state == LISTEN;
        let inode = words.nth(5)?.parse().ok()?;
        Some(InetSocket {
            ends: Ends { local, peer },
            is_listening,
            inode,
        })
    }

    /// Whether the other end is in `here` too, or will be once a listener in `here` accepts it.
    pub(super) fn has_its_peer(&self, all: &[InetSocket], here: &[u64]) -> bool {
        let reversed = self.ends.reversed();
        let peer = all.find(&|other| other.ends == reversed);
        match peer {
            Some(peer) if peer.inode != 0 => here.contains(&peer.inode),
            _ => all.any(&|listener| {
                listener.is_listening
                    && listener.ends.local.port() == self.ends.peer.port()
                    && here.contains(&listener.inode)
            }),
        }
    }
}

/// An address as `0100007F:1F90`: words of 32 bits in the byte order of the machine.
fn address(text: &str) -> Option<SocketAddr> {
    let (ip, port) = text.split_once(':')?;
    let word = |at: usize| {
        u32::from_str_radix(ip.get(at..at + 8)?, 16)
            .ok()
            .map(u32::to_ne_bytes)
    };
    let ip = match ip.len() {
        8 => IpAddr::from(Ipv4Addr::from(word(0)?)),
        32 => {
            let mut octets = [0; 16];
            for (index, chunk) in octets.chunks_exact_mut(4).enumerate() {
                chunk.copy_from_slice(&word(8 * index)?);
            }
            IpAddr::from(Ipv6Addr::from(octets)).to_canonical()
        }
        _ => return None,
    };
    let port = u32::from_str_radix(port, 16).ok()?;
    Some(SocketAddr::new(ip, port.try_into().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_in_the_byte_order_of_the_machine() {
        let little_endian = cfg!(target_endian = "little");
        let text = if little_endian {
            "0100007F:1F90"
        } else {
            "7F000001:1F90"
        };
        assert_eq!(address(text), "127.0.0.1:8080".parse().ok());
        for wrong in ["", "0100007F", "01007F:1F90", "0100007F:x", "x:1F90"] {
            assert_eq!(address(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_connection_is_foreign_unless_its_other_end_is_here() {
        let socket = |local: u16, peer: u16, inode: u64| InetSocket {
            ends: Ends {
                local: SocketAddr::from(([127, 0, 0, 1], local)),
                peer: SocketAddr::from(([127, 0, 0, 1], peer)),
            },
            is_listening: peer == 0,
            inode,
        };
        // A connection, its other end, a connection that waits for a listener, and that listener.
        let all = [
            socket(1, 80, 10),
            socket(80, 1, 11),
            socket(2, 80, 12),
            socket(80, 2, 0),
            socket(80, 0, 13),
        ];
        let has_its_peer = |at: usize, here: &[u64]| all[at].has_its_peer(&all, here);
        assert!(has_its_peer(0, &[10, 11]) && has_its_peer(1, &[10, 11]));
        assert!(!has_its_peer(0, &[10, 13]) && !has_its_peer(1, &[11]));
        assert!(has_its_peer(2, &[12, 13]) && !has_its_peer(2, &[12]));
    }
}
