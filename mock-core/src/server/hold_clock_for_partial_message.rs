//! Holds the paused clock while bytes are in transit between two sockets: [`ClockHold`].

use std::sync::Arc;
use std::time::Duration;

use crate::runtime::is_clock_paused::is_paused;
use crate::runtime::renewable_wait::RenewableWait;
use crate::runtime::spawn::spawn_blocking;

/// The maximum time for which bytes may be in transit. It is longer than the kernel's delays for acknowledging and resending. A client that
/// pauses in the middle of a message continues after this time.
const ON_THE_WAY: Duration = Duration::from_millis(500);

/// The same for a client that has paused once: it is likely to pause many times. It is longer than the kernel's delay for acknowledging.
const AFTER_A_PAUSE: Duration = Duration::from_millis(50);

/// Holds the paused clock while a message has been received or sent in part.
///
/// Bytes that are written to a loopback socket are readable at once, so tokio's clock does not advance before they are read. But the kernel
/// may hold back the rest of a message, on its own timers: until the bytes before it are acknowledged (Nagle), until there is room, or for
/// pacing. Tokio then sees nothing to do, and would advance the clock.
#[derive(Default)]
pub(super) struct ClockHold {
    /// Whether a request has arrived in part.
    arriving: bool,
    /// Whether bytes have moved since the clock was held.
    moved: bool,
    /// Keeps a blocking task alive, which holds the clock.
    task: Option<Blocking>,
    /// Whether the client has paused in the middle of a message.
    has_paused: bool,
}

impl ClockHold {
    /// Records that this many bytes arrived; 0 is the end of the stream.
    pub(super) fn bytes_arrived(&mut self, bytes: usize) {
        self.arriving = bytes > 0;
        self.moved = true;
    }

    /// Records that bytes were sent.
    pub(super) fn bytes_sent(&mut self) {
        self.moved = true;
    }

    /// There is nothing to read: holds the clock if this is in the middle of a request.
    pub(super) fn wait_for_bytes(&mut self) {
        if self.arriving {
            self.wait();
        }
    }

    /// There is no room to write: holds the clock.
    pub(super) fn wait_for_room(&mut self) {
        self.wait();
    }

    /// A request is complete.
    pub(super) fn request_complete(&mut self) {
        self.arriving = false;
        self.task = None;
    }

    /// Everything has been written.
    pub(super) fn all_written(&mut self) {
        if !self.arriving {
            self.task = None;
        }
    }

    /// Holds the clock as long as bytes keep moving.
    fn wait(&mut self) {
        if !std::mem::take(&mut self.moved) {
            return;
        }
        if let Some(task) = &self.task {
            if task.0.renew() {
                return;
            }
            self.has_paused = true;
        }
        if is_paused() {
            self.task = Some(Blocking::start(match self.has_paused {
                true => AFTER_A_PAUSE,
                false => ON_THE_WAY,
            }));
        }
    }
}

/// A blocking task that ends when this is dropped.
struct Blocking(Arc<RenewableWait>);

impl Blocking {
    fn start(within: Duration) -> Self {
        let renewable_wait = Arc::new(RenewableWait::default());
        let waited = Arc::clone(&renewable_wait);
        drop(spawn_blocking(Box::new(move || waited.wait(within))));
        Blocking(renewable_wait)
    }
}

impl Drop for Blocking {
    fn drop(&mut self) {
        self.0.end();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn the_clock_is_held_until_a_message_is_whole() {
        let mut hold = ClockHold::default();
        hold.bytes_arrived(10);
        assert!(hold.task.is_none(), "there may be more to read");
        hold.wait_for_bytes();
        assert!(hold.task.is_some());
        hold.all_written();
        assert!(hold.task.is_some(), "another message was sent");
        hold.request_complete();
        assert!(hold.task.is_none());
        hold.wait_for_bytes();
        assert!(hold.task.is_none(), "the next one has not begun");

        hold.bytes_sent();
        hold.wait_for_room();
        assert!(hold.task.is_some());
        hold.all_written();
        assert!(hold.task.is_none());
    }

    #[tokio::test]
    async fn the_real_clock_is_not_held() {
        let mut hold = ClockHold::default();
        hold.bytes_arrived(10);
        hold.wait_for_bytes();
        assert!(hold.task.is_none());
    }
}
