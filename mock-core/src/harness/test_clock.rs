//! The clock of a test: reading, advancing and holding it.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;

use super::argument_traits::FromTest;
use super::test::Test;
use crate::runtime::latch::{Latch, OpenOnDrop};
use crate::runtime::spawn::spawn_blocking;

/// The clock of a `#[provider_test]`, as an argument.
///
/// ```
/// # #![allow(unused_imports, clippy::needless_doctest_main)]
/// use std::time::Duration;
/// use mock_core::{TestClock, provider_test};
///
/// #[provider_test]
/// async fn time_goes_on_by_itself(clock: TestClock) {
///     tokio::time::sleep(Duration::from_secs(60)).await;
///     assert_eq!(clock.elapsed(), Duration::from_secs(60));
/// }
/// # fn main() {}
/// ```
#[derive(Debug, Clone)]
pub struct TestClock {
    start: Instant,
}

impl TestClock {
    /// Returns how much time has passed in the test.
    ///
    /// ```test_harness
    /// use std::time::Duration;
    /// use mock_core::{TestClock, provider_test};
    ///
    /// #[provider_test]
    /// async fn sleeping_takes_no_real_time(clock: TestClock) {
    ///     tokio::time::sleep(Duration::from_secs(60)).await;
    ///     assert_eq!(clock.elapsed(), Duration::from_secs(60));
    /// }
    /// ```
    pub fn elapsed(&self) -> Duration {
        self.start.elapsed()
    }

    /// Advances the clock by this duration at once.
    ///
    /// # Panics
    /// If the test does not run on a paused clock.
    ///
    /// ```test_harness
    /// use std::time::Duration;
    /// use mock_core::{TestClock, provider_test};
    ///
    /// #[provider_test]
    /// async fn a_minute_later(clock: TestClock) {
    ///     clock.advance(Duration::from_secs(60)).await;
    ///     assert_eq!(clock.elapsed(), Duration::from_secs(60));
    /// }
    /// ```
    pub async fn advance(&self, time: Duration) {
        tokio::time::advance(time).await;
    }

    /// Stops the paused clock from advancing on its own until the returned value is dropped. Use it while work runs that tokio does not see,
    /// such as on a plain thread. Meanwhile, only [`advance`](TestClock::advance) moves the clock.
    ///
    /// # Panics
    /// If there is no tokio runtime.
    ///
    /// ```test_harness
    /// use std::time::Duration;
    /// use mock_core::{TestClock, provider_test};
    ///
    /// #[provider_test]
    /// async fn a_thread_is_waited_for(clock: TestClock) {
    ///     let held = clock.hold();
    ///     let (sender, receiver) = tokio::sync::oneshot::channel();
    ///     std::thread::spawn(move || sender.send("done"));
    ///
    ///     let answer = tokio::time::timeout(Duration::from_secs(1), receiver).await;
    ///     assert_eq!(answer, Ok(Ok("done")));
    ///     drop(held);
    /// }
    /// ```
    #[inline]
    pub fn hold(&self) -> HeldClock {
        let released = Arc::new(Latch::default());
        let release = OpenOnDrop(Arc::clone(&released));
        let wait = move || _ = released.wait(Duration::MAX);
        drop(spawn_blocking(Box::new(wait)));
        HeldClock { _release: release }
    }
}

impl FromTest for TestClock {
    fn from_test(_: &mut Test) -> Self {
        TestClock {
            start: Instant::now(),
        }
    }
}

/// Keeps the clock from advancing until it is dropped: see [`TestClock::hold`].
#[derive(Debug)]
#[must_use = "the clock goes on when this is dropped"]
pub struct HeldClock {
    _release: OpenOnDrop,
}
