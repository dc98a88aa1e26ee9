//! A TCP connection and its sockets, as the kernel describes them.

use std::net::SocketAddr;

/// The two ends of a connection.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
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
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct TcpSocket {
    pub(crate) inode: u64,
    /// How many segments with data have come and gone.
    pub(crate) segments: u64,
    /// The kernel's number of its state.
    pub(crate) state: u8,
    /// How many bytes were sent, each counted once, and how many have come. The end of the connection may count as one that has come.
    pub(crate) sent: u64,
    pub(crate) received: u64,
    /// How many bytes the kernel has still to send, and for how many the other end has room.
    pub(crate) unsent: u64,
    pub(crate) room: u64,
}

impl TcpSocket {
    /// Whether a program has this socket. The kernel goes on with a closed one by itself.
    pub(crate) fn is_held(&self) -> bool {
        self.inode != 0
    }

    /// Whether the two ends have not agreed on the connection yet.
    pub(crate) fn is_opening(&self) -> bool {
        const SYN_SENT: u8 = 2;
        const SYN_RECEIVED: u8 = 3;
        const NEW_SYN_RECEIVED: u8 = 12;

        matches!(self.state, SYN_SENT | SYN_RECEIVED | NEW_SYN_RECEIVED)
    }

    /// Whether something will come to the other socket without a program doing anything: bytes, or the end of the connection.
    pub(crate) fn is_ahead_of(&self, other: &TcpSocket) -> bool {
        const ESTABLISHED: u8 = 1;
        const FIN_WAIT_1: u8 = 4;
        const FIN_WAIT_2: u8 = 5;
        const LAST_ACK: u8 = 9;
        const CLOSING: u8 = 11;

        let is_ended = matches!(self.state, FIN_WAIT_1 | LAST_ACK | CLOSING);
        let awaits_its_end = matches!(other.state, ESTABLISHED | FIN_WAIT_1 | FIN_WAIT_2);
        self.sent > other.received
            || match self.unsent {
                0 => is_ended && awaits_its_end,
                // If the receiver has no room for the bytes, they wait until a program reads.
                unsent => unsent <= self.room,
            }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ESTABLISHED: u8 = 1;
    const SYN_SENT: u8 = 2;
    const SYN_RECEIVED: u8 = 3;
    const FIN_WAIT_1: u8 = 4;
    const FIN_WAIT_2: u8 = 5;
    const CLOSE_WAIT: u8 = 8;
    const LAST_ACK: u8 = 9;
    const CLOSING: u8 = 11;
    const NEW_SYN_RECEIVED: u8 = 12;

    fn in_state(state: u8) -> TcpSocket {
        TcpSocket {
            inode: 1,
            segments: 0,
            state,
            sent: 0,
            received: 0,
            unsent: 0,
            room: 0,
        }
    }

    #[test]
    fn bytes_are_on_their_way_until_they_are_received() {
        for (sent, received, is_ahead) in
            [(0, 0, false), (5, 4, true), (5, 5, false), (5, 6, false)]
        {
            let from = TcpSocket {
                sent,
                ..in_state(ESTABLISHED)
            };
            let to = TcpSocket {
                received,
                ..in_state(ESTABLISHED)
            };
            assert_eq!(from.is_ahead_of(&to), is_ahead, "{sent} {received}");
        }
    }

    #[test]
    fn bytes_that_are_not_sent_yet_come_if_there_is_room() {
        for (unsent, room, is_ahead) in [(5, 4, false), (5, 5, true), (5, 6, true)] {
            for state in [ESTABLISHED, FIN_WAIT_1] {
                let from = TcpSocket {
                    unsent,
                    room,
                    ..in_state(state)
                };
                assert_eq!(
                    from.is_ahead_of(&in_state(ESTABLISHED)),
                    is_ahead,
                    "{unsent} {room}"
                );
            }
        }
    }

    #[test]
    fn the_end_is_on_its_way_while_one_has_sent_it_and_the_other_has_not_got_it() {
        let ended = [FIN_WAIT_1, LAST_ACK, CLOSING];
        let awaiting = [ESTABLISHED, FIN_WAIT_1, FIN_WAIT_2];
        let all = [
            ESTABLISHED,
            FIN_WAIT_1,
            FIN_WAIT_2,
            CLOSE_WAIT,
            LAST_ACK,
            CLOSING,
        ];
        for from in all {
            for to in all {
                let is_on_its_way = ended.contains(&from) && awaiting.contains(&to);
                assert_eq!(
                    in_state(from).is_ahead_of(&in_state(to)),
                    is_on_its_way,
                    "{from} {to}"
                );
            }
        }
    }

    #[test]
    fn a_connection_opens_until_both_ends_have_agreed() {
        let opening = [SYN_SENT, SYN_RECEIVED, NEW_SYN_RECEIVED];
        for state in 1..=12 {
            assert_eq!(
                in_state(state).is_opening(),
                opening.contains(&state),
                "{state}"
            );
        }
    }
}
