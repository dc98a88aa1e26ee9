//! Which descriptors of a runtime are foreign: their other end is not in the same runtime.

use std::fmt;

use super::eventpoll::{Registered, inodes, retain};
use super::proc_files::{Reader, inode_in, target};
use super::proc_net_tables::{self, InetSocket};
use super::tcp_socket::Ends;
use crate::search::Search;

/// A descriptor that the runtime waits for, and whose other end is outside of the runtime.
#[derive(PartialEq)]
pub(super) enum ForeignDescriptor {
    Tcp(Ends),
    Udp,
    Unix,
    Pipe,
    Child,
    /// Any other descriptor that can be waited for, by the kernel's name.
    File(String),
}

impl fmt::Display for ForeignDescriptor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ForeignDescriptor::Tcp(ends) => write!(f, "a connection to {}", ends.peer),
            ForeignDescriptor::Udp => f.write_str("a UDP socket"),
            ForeignDescriptor::Unix => f.write_str("a Unix socket"),
            ForeignDescriptor::Pipe => f.write_str("a pipe"),
            ForeignDescriptor::Child => f.write_str("a child process"),
            ForeignDescriptor::File(target) => write!(f, "`{target}`"),
        }
    }
}

/// Returns the foreign descriptors among the registered ones. `served` has the inodes of the sockets of the mocks' own servers and their clients.
/// The other connections with both ends here, or with one that a listener here has not accepted yet, are added to `local`.
pub(super) fn foreign_descriptors(
    registered: &[Registered],
    served: &[u64],
    reader: &mut Reader,
    local: &mut Vec<Ends>,
) -> Vec<ForeignDescriptor> {
    let mut foreign = Vec::new();
    let mut sockets = Vec::new();
    for one in registered {
        if served.contains(&one.inode) {
            continue;
        }
        let Some(target) = target(&one.descriptor) else {
            continue;
        };
        let is_pair = || {
            let mut ends = registered.iter();
            let mut is_end = || ends.any(|of| of.inode == one.inode);
            is_end() && is_end()
        };
        if target.starts_with("socket:") {
            if let Some(inode) = inode_in(&target) {
                sockets.push(inode);
            }
        } else if target.starts_with("pipe:") {
            if !is_pair() {
                foreign.push(ForeignDescriptor::Pipe);
            }
        } else if target == "anon_inode:[pidfd]" || target.starts_with("pidfd:") {
            foreign.push(ForeignDescriptor::Child);
        } else {
            foreign.push(ForeignDescriptor::File(target));
        }
    }
    if !sockets.is_empty() {
        foreign.append(&mut foreign_sockets(
            sockets,
            &inodes(registered),
            reader,
            local,
        ));
    }
    foreign
}

/// Returns the foreign sockets among these. `here` has all registered ones.
fn foreign_sockets(
    mut sockets: Vec<u64>,
    here: &[u64],
    reader: &mut Reader,
    local: &mut Vec<Ends>,
) -> Vec<ForeignDescriptor> {
    let mut foreign = Vec::new();
    // Read the tables of TCP last: they take milliseconds, the others microseconds.
    let text = reader.text("/proc/net/unix");
    let mut unix = Vec::new();
    for line in text.lines() {
        if let Some(socket) = UnixSocket::parse(line) {
            unix.push(socket);
        }
    }
    retain(&mut sockets, &mut |inode| {
        let Some(socket) = unix.find(&|socket| socket.inode == inode) else {
            return true;
        };
        if !socket.is_listening && !socket.has_its_peer(&unix, here) {
            foreign.push(ForeignDescriptor::Unix);
        }
        false
    });
    for table in proc_net_tables::UDP {
        if sockets.is_empty() {
            return foreign;
        }
        let text = reader.text(table);
        let known = proc_net_tables::parsed(&text);
        retain(&mut sockets, &mut |inode| {
            let is_known = known.any(&|socket| socket.inode == inode);
            if is_known {
                foreign.push(ForeignDescriptor::Udp);
            }
            !is_known
        });
    }
    if sockets.is_empty() {
        return foreign;
    }
    let mut tcp: Vec<InetSocket> = Vec::new();
    for table in proc_net_tables::TCP {
        if sockets.any(&|inode| tcp.all(&|socket| socket.inode != *inode)) {
            tcp.append(&mut proc_net_tables::parsed(&reader.text(table)));
        }
    }
    for socket in &tcp {
        let is_connected = sockets.contains(&socket.inode) && !socket.is_listening;
        match is_connected && socket.has_its_peer(&tcp, here) {
            true => local.push(socket.ends),
            false if is_connected => foreign.push(ForeignDescriptor::Tcp(socket.ends)),
            false => {}
        }
    }
    foreign
}

/// A line of `/proc/net/unix`.
struct UnixSocket<'t> {
    inode: u64,
    is_listening: bool,
    /// The path on which it listens or was accepted.
    path: Option<&'t str>,
}

impl<'t> UnixSocket<'t> {
    fn parse(line: &'t str) -> Option<Self> {
        const ACCEPTS: u32 = 1 << 16;
        let mut words = line.split_whitespace();
        let flags = u32::from_str_radix(words.nth(3)?, 16).ok()?;
        Some(UnixSocket {
            is_listening: flags & ACCEPTS != 0,
            inode: words.nth(2)?.parse().ok()?,
            path: words.next(),
        })
    }

    /// Whether the other end is registered here too. The table does not name it. The two sockets of a pair are created one after the other
    /// and have no path; an accepted socket has the path of its listener.
    fn has_its_peer(&self, all: &[UnixSocket<'_>], here: &[u64]) -> bool {
        let is_of_a_pair = |inode: u64| {
            let other = all.find(&|other| other.inode == inode);
            here.contains(&inode) && other.is_some_and(|other| other.path.is_none())
        };
        let (before, after) = (self.inode.wrapping_sub(1), self.inode + 1);
        if self.path.is_none() && (is_of_a_pair(before) || is_of_a_pair(after)) {
            return true;
        }
        let listens_here = |path: &str| {
            let is_here = |other: &UnixSocket<'_>| {
                other.is_listening && other.path == Some(path) && here.contains(&other.inode)
            };
            all.any(&is_here)
        };
        match self.path {
            Some(path) => listens_here(path),
            // A socket without a path has connected to another one. It is local if a listener here has accepted the other end.
            None => {
                let is_accepted_here =
                    |other: &UnixSocket<'_>| !other.is_listening && here.contains(&other.inode);
                all.any(&|other| is_accepted_here(other) && other.path.is_some_and(listens_here))
            }
        }
    }
}
