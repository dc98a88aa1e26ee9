//! Notices that an answer waits for a paused clock that cannot advance, because something blocks a thread: [`BlockedClock`].

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use tokio::time::Instant;

use crate::chat::error::ProviderError;
use crate::server::state::ServerState;

/// Finds out, for an answer that waits for a time, whether its clock cannot go on because something blocks a thread.
#[derive(Default)]
pub(super) struct BlockedClock {
    look: Option<Pin<Box<dyn Future<Output = ()> + Send>>>,
    /// The time of the last check.
    seen: Option<Instant>,
}

impl BlockedClock {
    /// Ready with an error when no time has passed between two checks.
    pub(super) fn poll(
        &mut self,
        server: &ServerState,
        call: usize,
        cx: &mut Context<'_>,
    ) -> Poll<ProviderError> {
        let Some(ticks) = &server.ticks else {
            return Poll::Pending;
        };
        loop {
            let look = self.look.get_or_insert_with(|| {
                let ticks = Arc::clone(ticks);
                Box::pin(async move { ticks.next().await })
            });
            ready!(look.as_mut().poll(cx));
            self.look = None;
            let now = Instant::now();
            if self.seen.replace(now) == Some(now) {
                let message = BLOCKED.to_owned();
                return Poll::Ready(server.engine.unsupported(call, message));
            }
        }
    }
}

const BLOCKED: &str = "the test's clock is paused and cannot advance, because something blocks a thread, such as this client. \
     Write `#[provider_test(clock = \"real\")]`, or use an async client on the test's runtime";

#[cfg(test)]
mod tests {
    use std::pin::pin;
    use std::time::Duration;

    use futures::FutureExt as _;
    use tokio::time::advance;

    use super::*;
    use crate::runtime::parking_hooks::Parking;
    use crate::runtime::test_context::{RunOptions, TestContext};
    use crate::runtime::thread_signals::Signals;
    use crate::scenario::Scenario;

    #[tokio::test(start_paused = true)]
    async fn a_clock_is_blocked_if_two_looks_find_the_same_time() {
        let running = Arc::new(TestContext::new(
            "a test",
            Signals::default(),
            Parking::default(),
            RunOptions::default(),
        ));
        let engine = running.join(Scenario::script([]).into(), None);
        let entered = running.enter();
        let server = Arc::new(ServerState::new(engine));
        drop(entered);

        let mut clock = BlockedClock::default();
        let mut error_of_clock = pin!(std::future::poll_fn(|cx| clock.poll(&server, 1, cx)));
        assert!(
            error_of_clock.as_mut().now_or_never().is_none(),
            "no look yet"
        );
        running.tick();
        assert!(
            error_of_clock.as_mut().now_or_never().is_none(),
            "the first look"
        );
        advance(Duration::from_millis(1)).await;
        running.tick();
        assert!(
            error_of_clock.as_mut().now_or_never().is_none(),
            "time has gone by"
        );
        running.tick();
        let error = error_of_clock
            .as_mut()
            .now_or_never()
            .expect("no time has gone by");
        assert!(
            error.message.contains("paused and cannot advance"),
            "{error}"
        );
    }
}
