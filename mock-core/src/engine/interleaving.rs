//! The order in which answers that are due at the same time continue, which the seed decides: [`Interleaving`].

use std::task::{Context, Poll};

use super::rng::CallRng;

/// How many times at most other tasks go on before an answer does.
const TURNS: u32 = 3;

/// How an answer goes on among others that are due at the same time.
pub(super) struct Interleaving {
    rng: CallRng,
    /// How often other tasks still go on before it does, if that is drawn.
    left: Option<u32>,
}

impl Interleaving {
    #[cold]
    pub(super) fn new(seed: u64, call: usize) -> Box<Self> {
        Box::new(Interleaving {
            rng: CallRng::new(seed.rotate_left(32), call),
            left: None,
        })
    }

    /// Lets other tasks go on first, as often as is drawn.
    pub(super) fn poll(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        let left = match self.left.take() {
            Some(left) => left,
            None => self.rng.number(0, TURNS),
        };
        match left.checked_sub(1) {
            None => Poll::Ready(()),
            left => {
                self.left = left;
                cx.waker().wake_by_ref();
                Poll::Pending
            }
        }
    }
}
