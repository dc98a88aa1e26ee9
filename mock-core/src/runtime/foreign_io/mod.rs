//! The paused clock and foreign I/O, such as a server on another thread or a child process.
//!
//! Tokio advances a paused clock as soon as every task waits, even if a task waits for an answer that needs real time. Its hook
//! `on_thread_park` runs on the test's thread just before that. If the hook spawns a task, tokio polls its I/O and does not advance. So
//! the hook can keep the clock where it is, and it does so while something foreign is awaited.
//!
//! The decisions behind this, all without `unsafe` and for Linux only:
//!
//! - **What is awaited** is what the runtime's eventpoll lists in `/proc/self/fdinfo`. The file is kept open: one read a park.
//!   A runtime that opens some 600 descriptors is not watched any longer, since that read would take too long.
//! - **Which eventpoll is the runtime's** is found when it first parks. If there are several, another thread spawns a task: that writes to one
//!   eventfd, whose count goes up, and one eventpoll has it. Waking the root future would not do: tokio writes nothing if it has been woken
//!   before. A test that never parks pays nothing.
//! - **What is foreign** is found once for each descriptor: a TCP connection whose other end is not registered in the same runtime, a pipe
//!   or a Unix socket with one end here, a UDP socket, a child process. Listeners are not, and neither are the connections of a mock's own
//!   server, which the server announces: looking them up in `/proc/net/tcp` would take milliseconds.
//! - **What is on its way** between two sockets of the runtime, or of a mock's server and any client, is asked of the kernel, too: it
//!   delivers over the loopback address at once, unless the machine is busy. Tokio looks at its I/O until nothing moves any more, and only
//!   then the clock may jump.
//! - **Whether bytes moved** is asked of the kernel: `sock_diag` counts the segments of a TCP connection, `/proc/thread-self/io` the bytes
//!   of pipes. For UDP and Unix sockets, for TCP without the feature `foreign-tcp`, and if the kernel does not answer, this is unknown:
//!   each jump waits the whole patience.
//! - **Waiting** is sleeping, in slices from 20 µs to 1 ms that grow with the time waited: to sleep on the eventpoll itself would need its
//!   borrowed descriptor, which is `unsafe`.

#[cfg(target_os = "linux")]
mod deny_network;
#[cfg(target_os = "linux")]
mod eventpoll;
#[cfg(target_os = "linux")]
mod foreign_descriptors;
#[cfg(target_os = "linux")]
mod hold_clock_for_foreign_io;
#[cfg(target_os = "linux")]
mod local_connections;
#[cfg(target_os = "linux")]
mod proc_files;
#[cfg(target_os = "linux")]
mod proc_net_tables;
#[cfg(target_os = "linux")]
#[cfg_attr(not(feature = "foreign-tcp"), path = "without_tcp_query.rs")]
mod query_tcp_socket;
#[cfg(target_os = "linux")]
mod runtime_eventpoll;
#[cfg(target_os = "linux")]
mod tcp_socket;
#[cfg(target_os = "linux")]
mod traffic_counter;

#[cfg(not(target_os = "linux"))]
mod without_proc;
#[cfg(not(target_os = "linux"))]
use without_proc as hold_clock_for_foreign_io;
#[cfg(not(target_os = "linux"))]
use without_proc as deny_network;

use std::net::SocketAddr;
use std::time::Duration;

pub(crate) use deny_network::NetworkGuard;
pub(crate) use hold_clock_for_foreign_io::ForeignIoWatch;

/// The real time for which the paused clock waits for foreign I/O before it may jump.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Foreign {
    /// Until no bytes have moved for this long.
    For(Duration),
    /// Until something moves. Only the test's guard ends the wait.
    Wait,
    /// Not at all.
    Ignore,
}

/// The patience of a test that does not set it.
pub(crate) const PATIENCE: Duration = Duration::from_secs(1);

/// Sleeps while the clock is held, longer the longer it was.
#[cfg(target_os = "linux")]
fn sleep_a_slice(held: Duration) {
    const SHORTEST: Duration = Duration::from_micros(20);
    const LONGEST: Duration = Duration::from_millis(1);
    std::thread::sleep((held / 8).clamp(SHORTEST, LONGEST));
}

/// The other end of a connection to another machine.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Peer {
    pub(crate) address: SocketAddr,
    pub(crate) protocol: &'static str,
}

/// The connections to other machines that the guard against the network has noted.
pub(crate) struct OutsideConnections {
    /// Each once.
    pub(crate) peers: Vec<Peer>,
    /// Whether there may have been more, because the system did not tell.
    pub(crate) may_be_incomplete: bool,
}
