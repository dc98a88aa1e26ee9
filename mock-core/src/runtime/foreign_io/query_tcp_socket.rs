//! Asks the kernel about one TCP connection: `sock_diag(7)`.

use std::io::{self, Read as _};
use std::net::{IpAddr, SocketAddr};

use socket2::{Domain, Protocol, Socket, Type};

use super::tcp_socket::{Ends, TcpSocket};

/// A socket on which the kernel answers questions about TCP sockets.
pub(crate) struct TcpQuery(Socket);

const AF_NETLINK: i32 = 16;
const NETLINK_SOCK_DIAG: i32 = 4;
const SOCK_DIAG_BY_FAMILY: u16 = 20;
const NLM_F_REQUEST: u16 = 1;
const AF_INET: u8 = 2;
const AF_INET6: u8 = 10;
const IPPROTO_TCP: u8 = 6;
/// The attribute with a `tcp_info`.
const INET_DIAG_INFO: u16 = 2;

/// The lengths of `nlmsghdr` and of `inet_diag_msg`, and where the latter has its inode.
const HEADER: usize = 16;
const MESSAGE: usize = 72;
const INODE: usize = 68;

/// The offset of the state in an `inet_diag_msg`, and the state of a listener.
const STATE: usize = 1;
const LISTEN: u8 = 10;

/// The offsets in `tcp_info` of `tcpi_bytes_received`, of `tcpi_notsent_bytes`, of `tcpi_data_segs_in`, which `tcpi_data_segs_out` follows,
/// of `tcpi_bytes_sent`, which `tcpi_bytes_retrans` follows, and of `tcpi_snd_wnd`.
const RECEIVED: usize = 128;
const UNSENT: usize = 144;
const DATA_SEGMENTS: usize = 152;
const SENT: usize = 200;
const ROOM: usize = 228;

impl TcpQuery {
    pub(crate) fn open() -> io::Result<TcpQuery> {
        let protocol = Some(Protocol::from(NETLINK_SOCK_DIAG));
        let socket = Socket::new(Domain::from(AF_NETLINK), Type::DGRAM, protocol)?;
        // The answer is already there: the kernel answers before `send` returns.
        socket.set_nonblocking(true)?;
        Ok(TcpQuery(socket))
    }

    /// The socket whose local end this is; `None` if there is none any more.
    ///
    /// # Errors
    /// If the kernel does not tell.
    pub(crate) fn socket(&mut self, ends: Ends) -> io::Result<Option<TcpSocket>> {
        self.0.send(&request(ends))?;
        let mut answer = [0; 1_024];
        let length = self.0.read(&mut answer)?;
        parse(&answer[..length])
    }
}

fn request(ends: Ends) -> Vec<u8> {
    let (local, peer) = (canonical(ends.local), canonical(ends.peer));
    let mut request = Vec::with_capacity(HEADER + 56);
    request.extend_from_slice(&72_u32.to_ne_bytes());
    request.extend_from_slice(&SOCK_DIAG_BY_FAMILY.to_ne_bytes());
    request.extend_from_slice(&NLM_F_REQUEST.to_ne_bytes());
    request.extend_from_slice(&[0; 8]);
    let family = match local.ip() {
        IpAddr::V4(_) => AF_INET,
        IpAddr::V6(_) => AF_INET6,
    };
    request.extend_from_slice(&[family, IPPROTO_TCP, 1 << (INET_DIAG_INFO - 1), 0]);
    // Sockets in any state.
    request.extend_from_slice(&u32::MAX.to_ne_bytes());
    request.extend_from_slice(&local.port().to_be_bytes());
    request.extend_from_slice(&peer.port().to_be_bytes());
    for end in &[local, peer] {
        let mut address = [0; 16];
        match end.ip() {
            IpAddr::V4(ip) => address[..4].copy_from_slice(&ip.octets()),
            IpAddr::V6(ip) => address = ip.octets(),
        }
        request.extend_from_slice(&address);
    }
    // On any interface, with any cookie.
    request.extend_from_slice(&[0; 4]);
    request.extend_from_slice(&[0xff; 8]);
    request
}

fn parse(answer: &[u8]) -> io::Result<Option<TcpSocket>> {
    let short = || io::Error::from(io::ErrorKind::UnexpectedEof);
    let kind = answer.get(4..6).ok_or_else(short)?;
    if kind != SOCK_DIAG_BY_FAMILY.to_ne_bytes() {
        let code = u32_at(answer, HEADER).ok_or_else(short)?.cast_signed();
        let error = io::Error::from_raw_os_error(-code);
        return match error.kind() {
            io::ErrorKind::NotFound => Ok(None),
            _ => Err(error),
        };
    }
    let state = *answer.get(HEADER + STATE).ok_or_else(short)?;
    // If the connection is gone, the kernel returns its listener.
    if state == LISTEN {
        return Ok(None);
    }
    let inode = u32_at(answer, HEADER + INODE).ok_or_else(short)?;
    let mut attributes = answer.get(HEADER + MESSAGE..).ok_or_else(short)?;
    // The kernel has no `tcp_info` for a socket that is no longer connected.
    let mut socket = TcpSocket {
        inode: inode.into(),
        segments: 0,
        state,
        sent: 0,
        received: 0,
        unsent: 0,
        room: 0,
    };
    while let (Some(length), Some(kind)) = (u16_at(attributes, 0), u16_at(attributes, 2)) {
        let length = usize::from(length);
        if kind == INET_DIAG_INFO {
            let came = u32_at(attributes, 4 + DATA_SEGMENTS);
            let gone = u32_at(attributes, 4 + DATA_SEGMENTS + 4);
            socket.segments =
                u64::from(came.ok_or_else(short)?) + u64::from(gone.ok_or_else(short)?);
            // Linux before 4.19 does not count the bytes. Then none count as being on their way.
            let number = |at| u64_at(attributes, 4 + at).unwrap_or_default();
            socket.received = number(RECEIVED);
            socket.sent = number(SENT).saturating_sub(number(SENT + 8));
            let number = |at| u64::from(u32_at(attributes, 4 + at).unwrap_or_default());
            socket.unsent = number(UNSENT);
            socket.room = number(ROOM);
        }
        attributes = attributes
            .get(length.max(4).next_multiple_of(4)..)
            .unwrap_or_default();
    }
    Ok(Some(socket))
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_ne_bytes(bytes.get(at..at + 2)?.try_into().ok()?))
}

fn u64_at(bytes: &[u8], at: usize) -> Option<u64> {
    Some(u64::from_ne_bytes(bytes.get(at..at + 8)?.try_into().ok()?))
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_ne_bytes(bytes.get(at..at + 4)?.try_into().ok()?))
}

/// An address of IPv4 within IPv6 as what it is.
fn canonical(address: SocketAddr) -> SocketAddr {
    SocketAddr::new(address.ip().to_canonical(), address.port())
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;
    use std::net::{TcpListener, TcpStream};
    use std::os::fd::AsRawFd as _;

    use super::*;
    use crate::runtime::foreign_io::proc_files::{inode_in, target};

    #[test]
    fn a_connection_is_found_by_its_ends_and_its_segments_are_counted() {
        for address in ["127.0.0.1:0", "[::1]:0"] {
            let Ok(listener) = TcpListener::bind(address) else {
                continue;
            };
            let address = listener.local_addr().expect("it is bound");
            let mut client = TcpStream::connect(address).expect("it listens");
            let ends = Ends {
                local: client.local_addr().expect("it is connected"),
                peer: address,
            };
            let mut query = TcpQuery::open().expect("the kernel answers");
            let mut ask = |ends| query.socket(ends).expect("the kernel answers");

            let before = ask(ends).expect("it is open");
            let target = target(&client.as_raw_fd().to_string()).expect("it is open");
            assert_eq!(Some(before.inode), inode_in(&target));
            let (server, _) = listener.accept().expect("a client");
            assert_ne!(
                ask(ends.reversed()).expect("it is open").inode,
                before.inode
            );

            client.write_all(b"hello").expect("it is open");
            let after = ask(ends).expect("it is open");
            assert_eq!(after.segments, before.segments + 1);
            assert_eq!((before.sent, after.sent), (0, 5));
            // The kernel may need a moment to deliver the bytes.
            let came = || ask(ends.reversed()).expect("it is open").received == 5;
            assert!(
                std::iter::repeat_with(came)
                    .take(1_000_000)
                    .any(|came| came)
            );
            drop((client, server));
            let gone = Ends {
                local: SocketAddr::new(ends.local.ip(), 1),
                ..ends
            };
            assert_eq!(ask(gone), None);
            // The listener is still there.
            assert_eq!(ask(gone.reversed()), None);
        }
    }
}
