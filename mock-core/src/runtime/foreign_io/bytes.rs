//! Whether bytes moved between the test and others.

use super::classify_descriptor::Other;
use super::eventpoll::Eventpoll;
use super::proc::Reader;
use super::sock_diag::SockDiag;

/// How much has moved up to now: not how many bytes, but a number that changes when some do. `None` if nobody knows.
pub(super) fn moved(
    others: &[Other],
    eventpoll: &Eventpoll,
    reader: &mut Reader,
    diag: &mut Option<SockDiag>,
) -> Option<u64> {
    let mut moved = 0_u64;
    let mut are_files_open = false;
    for other in others {
        match other {
            Other::Tcp(ends) => {
                let socket = diag.as_mut()?.socket(*ends).ok()?;
                // On a connection that is closed nothing moves.
                moved = moved.wrapping_add(socket.map_or(0, |socket| socket.segments));
            }
            // The kernel does not count what is sent over these.
            Other::Udp | Other::Unix => return None,
            Other::Pipe | Other::File(_) => are_files_open = true,
            Other::Child => {}
        }
    }
    if are_files_open {
        moved = moved.wrapping_add(of_thread(eventpoll, reader)?);
    }
    Some(moved)
}

/// How many bytes this thread has read and written, but for those that were read to find that out, and for wakes: a timer that wakes
/// the root future writes eight bytes. A wake by another thread changes the number too, which is right.
fn of_thread(eventpoll: &Eventpoll, reader: &mut Reader) -> Option<u64> {
    const WAKE: u64 = 8;
    let wakes = eventpoll.wakes(reader)?;
    // The text does not count itself.
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
