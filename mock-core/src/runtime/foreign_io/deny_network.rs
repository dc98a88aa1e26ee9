//! Finds the connections that a test's runtime opens to other machines.

use std::sync::{Mutex, MutexGuard};

use super::eventpoll::{Registered, inodes, retain};
use super::proc_files::{Reader, inode_in, target};
use super::proc_net_tables::{self, InetSocket};
use super::runtime_eventpoll::{Registrations, RuntimeEventpoll};
use super::{OutsideConnections, Peer};
use crate::lock::lock;
use crate::search::Search;

/// Notes the connections to other machines that a runtime waits for.
#[derive(Default)]
pub(crate) struct NetworkGuard {
    state: Mutex<NetworkGuardState>,
}

#[derive(Default)]
struct NetworkGuardState {
    eventpoll: RuntimeEventpoll,
    reader: Reader,
    /// The inodes of the descriptors that have been looked up.
    known: Vec<u64>,
    /// The sockets whose other ends are unknown.
    open: Vec<u64>,
    /// The other ends of the connections that were opened.
    peers: Vec<Peer>,
    may_be_incomplete: bool,
}

impl NetworkGuard {
    /// Finds the eventpoll of the current runtime before any task runs, since a connection may be over before the search is.
    pub(crate) fn begin(&self) {
        const TRIES: usize = 100;
        let mut state = self.lock();
        for _ in 0..TRIES {
            if state.eventpoll.is_searched() {
                break;
            }
            state.check();
        }
    }

    /// Is called when every task of the runtime waits. Notes the connections that have been opened since the last call.
    pub(crate) fn before_park(&self) {
        // If the lock is taken, another worker of this runtime already checks the same descriptors.
        if let Ok(mut state) = self.state.try_lock() {
            state.check();
        }
    }

    /// The connections that have been noted so far.
    pub(crate) fn connections(&self) -> OutsideConnections {
        let mut state = self.lock();
        // A runtime that has never parked has waited for no connection.
        if state.eventpoll.is_searched() {
            state.check();
        }
        OutsideConnections {
            peers: state.peers.clone(),
            may_be_incomplete: state.may_be_incomplete,
        }
    }

    fn lock(&self) -> MutexGuard<'_, NetworkGuardState> {
        lock(&self.state)
    }
}

impl NetworkGuardState {
    fn check(&mut self) {
        match self.eventpoll.check(&mut self.reader) {
            Registrations::Unchanged => self.note_peers_of_udp(),
            Registrations::Changed => self.note_new(),
            Registrations::WatchFailed => self.may_be_incomplete = true,
            Registrations::NotWatched => {}
        }
    }

    /// Looks up the sockets that have been registered since the last check.
    fn note_new(&mut self) {
        let Some(eventpoll) = self.eventpoll.eventpoll() else {
            return;
        };
        let registered = eventpoll.registered();
        // Forget closed sockets: the kernel may reuse their inodes.
        retain(&mut self.known, &mut |inode| {
            registered.any(&|one| one.inode == inode)
        });
        self.open.clear();
        for one in &registered {
            if !self.known.contains(&one.inode)
                && let Some(socket) = socket_of(one)
            {
                self.open.push(socket);
            }
        }
        self.known = inodes(&registered);
        self.note_peers(&proc_net_tables::TCP, "TCP");
        self.note_peers_of_udp();
        retain(&mut self.known, &mut |inode| !self.open.contains(&inode));
    }

    /// Looks up the UDP sockets that were not connected at the last check.
    fn note_peers_of_udp(&mut self) {
        self.note_peers(&proc_net_tables::UDP, "UDP");
    }

    /// Looks up the open sockets in these tables. All but the UDP sockets that are not connected are found for good.
    fn note_peers(&mut self, tables: &[&str], protocol: &'static str) {
        for table in tables {
            if self.open.is_empty() {
                return;
            }
            let sockets = proc_net_tables::parsed(&self.reader.text(table));
            for &peer in &peers(&sockets, &self.open, protocol) {
                if !self.peers.contains(&peer) {
                    self.peers.push(peer);
                }
            }
            let is_found = |inode| {
                let socket = sockets.find(&|socket| socket.inode == inode);
                socket.is_some_and(|socket| {
                    protocol == "TCP" || !socket.ends.peer.ip().is_unspecified()
                })
            };
            retain(&mut self.open, &mut |inode| !is_found(inode));
        }
    }
}

/// The inode of a descriptor, if it is a socket.
fn socket_of(registered: &Registered) -> Option<u64> {
    let target = target(&registered.descriptor)?;
    inode_in(target.strip_prefix("socket").map(|_| &*target)?)
}

/// The other ends of these sockets that are on other machines. A socket that a listener accepted was opened by its other end.
fn peers(table: &[InetSocket], sockets: &[u64], protocol: &'static str) -> Vec<Peer> {
    let is_accepted = |socket: &InetSocket| {
        let port = socket.ends.local.port();
        let mut others = table.iter();
        others.any(|other| other.is_listening && other.ends.local.port() == port)
    };
    let mut peers = Vec::new();
    for socket in table {
        let address = socket.ends.peer;
        let is_here = address.ip().is_loopback() || address.ip().is_unspecified();
        if sockets.contains(&socket.inode) && !is_here && !is_accepted(socket) {
            peers.push(Peer { address, protocol });
        }
    }
    peers
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The text of a table with these sockets: local end, other end, state, inode.
    fn table(sockets: &[(&str, &str, &str, u64)]) -> String {
        let mut text = "  sl  local_address rem_address   st ..\n".to_owned();
        for (local, peer, state, inode) in sockets {
            text += &format!(
                "   0: {local} {peer} {state} 00000000:00000000 00:00000000 00000000  1000        0 {inode} 1\n"
            );
        }
        text
    }

    /// An address in the form of the table.
    fn in_table_format(address: &str) -> String {
        let address: std::net::SocketAddrV4 = address.parse().expect("an address");
        let word = u32::from_ne_bytes(address.ip().octets());
        format!("{word:08X}:{:04X}", address.port())
    }

    #[test]
    fn only_a_socket_that_is_connected_to_another_machine_is_a_peer() {
        let (local, far) = (
            in_table_format("192.168.0.7:50000"),
            in_table_format("203.0.113.9:443"),
        );
        let (lo, lo_peer) = (
            in_table_format("127.0.0.1:50001"),
            in_table_format("127.8.8.8:443"),
        );
        let (served, listener) = (
            in_table_format("192.168.0.7:8080"),
            in_table_format("0.0.0.0:8080"),
        );
        let nothing = in_table_format("0.0.0.0:0");
        let text = table(&[
            (&local, &far, "02", 10),
            (&lo, &lo_peer, "01", 11),
            (&listener, &nothing, "0A", 12),
            // A client of that listener, which is not on this machine.
            (&served, &far, "01", 13),
            // A socket of another process.
            (&local, &far, "01", 99),
            // A socket that is not connected.
            (&local, &nothing, "07", 14),
        ]);
        let all = proc_net_tables::parsed(&text);
        assert_eq!(all.len(), 6);
        let peers = peers(&all, &[10, 11, 12, 13, 14], "TCP");
        let peer = Peer {
            address: "203.0.113.9:443".parse().expect("an address"),
            protocol: "TCP",
        };
        assert_eq!(peers, [peer]);
    }
}
