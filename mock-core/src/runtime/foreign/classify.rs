//! Foreign I/O among the descriptors of a runtime.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use super::connection::Ends;
use super::eventpoll::Registered;
use super::proc::{Reader, inode_in, target};

/// Something that the runtime waits for, and that is not of its own tasks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Other {
    Tcp(Ends),
    Udp,
    Unix,
    Pipe,
    Child,
    /// What else can be waited for, as the kernel names it.
    File(String),
}

impl fmt::Display for Other {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Other::Tcp(ends) => write!(f, "a connection to {}", ends.peer),
            Other::Udp => f.write_str("a UDP socket"),
            Other::Unix => f.write_str("a Unix socket"),
            Other::Pipe => f.write_str("a pipe"),
            Other::Child => f.write_str("a child process"),
            Other::File(target) => write!(f, "`{target}`"),
        }
    }
}

/// What is foreign of what is registered. `served` are the inodes of the sockets of the mocks' own servers, and of their clients.
pub(super) fn others(registered: &[Registered], served: &[u64], reader: &mut Reader) -> Vec<Other> {
    let mut others = Vec::new();
    let mut sockets = Vec::new();
    for one in registered {
        if served.contains(&one.inode) {
            continue;
        }
        let Some(target) = target(&one.descriptor) else {
            continue;
        };
        let is_pair = || registered.iter().filter(|of| of.inode == one.inode).count() > 1;
        if target.starts_with("socket:") {
            sockets.extend(inode_in(&target));
        } else if target.starts_with("pipe:") {
            if !is_pair() {
                others.push(Other::Pipe);
            }
        } else if target == "anon_inode:[pidfd]" || target.starts_with("pidfd:") {
            others.push(Other::Child);
        } else {
            others.push(Other::File(target));
        }
    }
    if !sockets.is_empty() {
        let here: Vec<_> = registered.iter().map(|one| one.inode).collect();
        others.append(&mut of_sockets(sockets, &here, reader));
    }
    others
}

/// What is foreign of these sockets, of all that are registered `here`.
fn of_sockets(mut sockets: Vec<u64>, here: &[u64], reader: &mut Reader) -> Vec<Other> {
    let mut others = Vec::new();
    // The tables of TCP take milliseconds, the others microseconds.
    let unix = reader.text("/proc/net/unix");
    let unix = parsed(&unix, UnixSocket::parse);
    sockets.retain(|inode| {
        let Some(socket) = unix.iter().find(|socket| socket.inode == *inode) else {
            return true;
        };
        if !socket.is_listening && !socket.has_its_peer(&unix, here) {
            others.push(Other::Unix);
        }
        false
    });
    for table in ["/proc/net/udp", "/proc/net/udp6"] {
        if sockets.is_empty() {
            return others;
        }
        let text = reader.text(table);
        let known = parsed(&text, InetSocket::parse);
        sockets.retain(|inode| {
            let is_known = known.iter().any(|socket| socket.inode == *inode);
            if is_known {
                others.push(Other::Udp);
            }
            !is_known
        });
    }
    if sockets.is_empty() {
        return others;
    }
    let mut tcp = Vec::new();
    for table in ["/proc/net/tcp", "/proc/net/tcp6"] {
        if sockets
            .iter()
            .any(|inode| tcp.iter().all(|socket: &InetSocket| socket.inode != *inode))
        {
            tcp.append(&mut parsed(&reader.text(table), InetSocket::parse));
        }
    }
    for socket in &tcp {
        let is_connected = sockets.contains(&socket.inode) && !socket.is_listening;
        if is_connected && !socket.has_its_peer(&tcp, here) {
            others.push(Other::Tcp(socket.ends));
        }
    }
    others
}

/// The lines of a table of the kernel, as far as they are about sockets.
fn parsed<'t, S>(table: &'t str, parse: fn(&'t str) -> Option<S>) -> Vec<S> {
    let mut sockets = Vec::new();
    for line in table.lines() {
        sockets.extend(parse(line));
    }
    sockets
}

/// A line of `/proc/net/tcp` or `/proc/net/udp`.
struct InetSocket {
    ends: Ends,
    is_listening: bool,
    /// 0 for a connection that has not been accepted.
    inode: u64,
}

impl InetSocket {
    fn parse(line: &str) -> Option<Self> {
        const TIME_WAIT: &str = "06";
        const LISTEN: &str = "0A";
        let mut words = line.split_ascii_whitespace().skip(1);
        let (local, peer, state) = (words.next()?, words.next()?, words.next()?);
        // There may be thousands of these, and nobody has them any more.
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

    /// Whether the other end is here too, or will be as soon as a listener here accepts it.
    fn has_its_peer(&self, all: &[InetSocket], here: &[u64]) -> bool {
        let reversed = self.ends.reversed();
        let peer = all.iter().find(|other| other.ends == reversed);
        match peer {
            Some(peer) if peer.inode != 0 => here.contains(&peer.inode),
            _ => all.iter().any(|listener| {
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
    Some(SocketAddr::new(ip, u16::from_str_radix(port, 16).ok()?))
}

/// A line of `/proc/net/unix`.
struct UnixSocket<'t> {
    inode: u64,
    is_listening: bool,
    /// Where it listens, or was accepted.
    path: Option<&'t str>,
}

impl<'t> UnixSocket<'t> {
    fn parse(line: &'t str) -> Option<Self> {
        const ACCEPTS: u32 = 1 << 16;
        let mut words = line.split_whitespace().skip(3);
        let flags = u32::from_str_radix(words.next()?, 16).ok()?;
        Some(UnixSocket {
            is_listening: flags & ACCEPTS != 0,
            inode: words.nth(2)?.parse().ok()?,
            path: words.next(),
        })
    }

    /// Whether the other end is here too, as far as the table tells: the two of a pair are made one after the other, and one that is
    /// accepted has the path of its listener.
    fn has_its_peer(&self, all: &[UnixSocket<'_>], here: &[u64]) -> bool {
        let is_of_a_pair = |inode: u64| {
            let other = all.iter().find(|other| other.inode == inode);
            here.contains(&inode) && other.is_some_and(|other| other.path.is_none())
        };
        let (before, after) = (self.inode.wrapping_sub(1), self.inode + 1);
        if self.path.is_none() && (is_of_a_pair(before) || is_of_a_pair(after)) {
            return true;
        }
        let listens_here = |path: &str| {
            let mut listeners = all.iter().filter(|other| other.is_listening);
            listeners.any(|other| other.path == Some(path) && here.contains(&other.inode))
        };
        match self.path {
            Some(path) => listens_here(path),
            // Its peer is one that was accepted here, if there is one.
            None => {
                let mut accepted = all.iter().filter(|other| !other.is_listening);
                accepted.any(|other| {
                    here.contains(&other.inode) && other.path.is_some_and(listens_here)
                })
            }
        }
    }
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
