//! Detects whether bytes moved between the test and foreign I/O.

use super::eventpoll::Eventpoll;
use super::foreign_descriptors::ForeignDescriptor;
use super::proc_files::Reader;
use super::query_tcp_socket::TcpQuery;

/// A number that changes when bytes move; it does not count bytes. `None` if this is unknown.
pub(super) fn traffic_counter(
    foreign: &[ForeignDescriptor],
    eventpoll: &Eventpoll,
    reader: &mut Reader,
    diag: &mut Option<TcpQuery>,
) -> Option<u64> {
    let mut counter = 0_u64;
    let mut are_files_open = false;
    for descriptor in foreign {
        match descriptor {
            ForeignDescriptor::Tcp(ends) => {
                let socket = diag.as_mut()?.socket(*ends).ok()?;
                // A closed connection has no traffic.
                counter = counter.wrapping_add(socket.map_or(0, |socket| socket.segments));
            }
            // The kernel does not count the bytes of these sockets.
            ForeignDescriptor::Udp | ForeignDescriptor::Unix => return None,
            ForeignDescriptor::Pipe | ForeignDescriptor::File(_) => are_files_open = true,
            ForeignDescriptor::Child => {}
        }
    }
    if are_files_open {
        counter = counter.wrapping_add(bytes_of_this_thread(eventpoll, reader)?);
    }
    Some(counter)
}

/// How many bytes this thread has read and written, without the bytes of `/proc` read by this module and without wakes: a timer that
/// wakes the root future writes eight bytes. A wake by another thread still changes the number, as it should.
fn bytes_of_this_thread(eventpoll: &Eventpoll, reader: &mut Reader) -> Option<u64> {
    const WAKE: u64 = 8;
    let wakes = eventpoll.wakes(reader)?;
    // The kernel counts this read only after it has written the text.
    let read = reader.read();
    let text = reader.text("/proc/thread-self/io");
    let field = |name: &str| {
        let mut lines = text.lines();
        lines.find_map(|line| line.strip_prefix(name)?.trim().parse::<u64>().ok())
    };
    let all = field("rchar:")? + field("wchar:")?;
    Some(
        all.wrapping_sub(read)
            .wrapping_sub(wakes.wrapping_mul(WAKE)),
    )
}
