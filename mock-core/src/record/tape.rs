//! The exchanges that a recording has seen so far: [`Tape`].

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use mock_cassette::{Interaction, RecordedFrame};
use tokio::sync::Notify;
use tokio::time::Instant;

use crate::search::Search;

/// The exchanges of a recording, in the order in which their requests began.
#[derive(Default)]
pub(crate) struct Tape {
    slots: Mutex<Vec<TapeSlot>>,
    /// Wakes what waits for exchanges to end.
    ended: Notify,
    /// Why no request can be passed on, because an API key is not set.
    no_key: Mutex<Option<String>>,
}

/// The place of one exchange.
enum TapeSlot {
    /// The exchange is in progress: its method and path.
    Running(String),
    Recorded(Box<Interaction>),
    /// The exchange is not complete: its method and path, and the reason.
    Broken(String, String),
    /// The request was not passed on, because there is no API key: its method and path, and the reason.
    NoKey(String, String),
    /// The request never reached the provider.
    Discarded,
}

/// The contents of a tape.
#[derive(Default)]
pub(crate) struct TapeContents {
    /// The exchanges that are whole.
    pub(crate) interactions: Vec<Interaction>,
    /// Why others are not, each in one line.
    pub(crate) problems: Vec<String>,
    /// Whether one of them is that an API key is not set.
    pub(crate) lacks_key: bool,
}

impl Tape {
    /// Begins an exchange. It keeps its place on the tape, whichever ends first.
    pub(crate) fn begin(self: &Arc<Self>, interaction: Interaction) -> Take {
        let line = format!("{} {}", interaction.method, interaction.path);
        let mut slots = self.lock();
        slots.push(TapeSlot::Running(line));
        Take {
            tape: Arc::clone(self),
            index: slots.len() - 1,
            interaction: Some(Box::new(interaction)),
            began: Instant::now(),
            last_ms: 0,
            keeps_frames: false,
            problem: None,
        }
    }

    /// Waits until no exchange is in progress.
    pub(crate) async fn settled(&self) {
        loop {
            let ended = self.ended.notified();
            let is_running = |slot: &TapeSlot| matches!(slot, TapeSlot::Running(_));
            if !self.lock().any(&is_running) {
                return;
            }
            ended.await;
        }
    }

    /// Returns what it holds. An exchange in progress is a problem.
    pub(crate) fn contents(&self) -> TapeContents {
        let mut seen = TapeContents::default();
        for slot in self.lock().iter() {
            match slot {
                TapeSlot::Recorded(interaction) => seen.interactions.push((**interaction).clone()),
                TapeSlot::Running(line) => seen
                    .problems
                    .push(format!("{line}: the answer was still coming")),
                TapeSlot::Broken(line, problem) => seen.problems.push(format!("{line}: {problem}")),
                TapeSlot::NoKey(line, problem) => {
                    seen.lacks_key = true;
                    seen.problems.push(format!("{line}: {problem}"));
                }
                TapeSlot::Discarded => {}
            }
        }
        seen
    }

    /// Lets no request be passed on any more, for this reason: an API key is not set.
    pub(crate) fn forbid(&self, problem: String) {
        let mut no_key = self.no_key.lock().unwrap_or_else(PoisonError::into_inner);
        no_key.get_or_insert(problem);
    }

    /// Returns why a request cannot be passed on, if it cannot.
    fn forbidden(&self) -> Option<String> {
        let no_key = self.no_key.lock().unwrap_or_else(PoisonError::into_inner);
        no_key.clone()
    }

    fn set(&self, index: usize, slot: TapeSlot) {
        self.lock()[index] = slot;
        self.ended.notify_waiters();
    }

    fn lock(&self) -> MutexGuard<'_, Vec<TapeSlot>> {
        self.slots.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// An exchange in progress. Dropping it leaves it broken.
pub(crate) struct Take {
    tape: Arc<Tape>,
    index: usize,
    /// `None` once it is over.
    interaction: Option<Box<Interaction>>,
    began: Instant,
    /// When the last frame came, in milliseconds since the beginning.
    last_ms: u128,
    keeps_frames: bool,
    /// Why it cannot be recorded, however it ends.
    problem: Option<String>,
}

impl Take {
    /// Sets the body of the request.
    pub(crate) fn set_request_body(&mut self, body: Vec<u8>) {
        if let Some(interaction) = &mut self.interaction {
            interaction.request_body = body;
        }
    }

    /// Sets the body of the request, which the client had encoded.
    pub(crate) fn set_decoded_request_body(&mut self, body: Vec<u8>) {
        self.set_request_body(body);
        if let Some(interaction) = &mut self.interaction {
            let headers = &mut interaction.request_headers;
            headers.retain(|(name, _)| !name.eq_ignore_ascii_case("content-encoding"));
        }
    }

    /// Lets it be broken, for this reason, once the answer has come.
    pub(crate) fn spoil(&mut self, problem: String) {
        self.problem = Some(problem);
    }

    /// Sets the head of the response. `keeps_frames` is whether its body comes in frames that are worth keeping.
    pub(crate) fn set_head(
        &mut self,
        status: u16,
        headers: Vec<(String, String)>,
        keeps_frames: bool,
    ) {
        if let Some(interaction) = &mut self.interaction {
            interaction.status = status;
            interaction.headers = headers;
        }
        self.keeps_frames = keeps_frames;
    }

    /// Adds a frame that has just come.
    pub(crate) fn add(&mut self, bytes: &[u8]) {
        let Some(interaction) = &mut self.interaction else {
            return;
        };
        if bytes.is_empty() {
            return;
        }
        interaction.body.extend_from_slice(bytes);
        if self.keeps_frames {
            // The file has whole milliseconds. Round the times, not the gaps, so that errors do not add up.
            let now_ms = self.began.elapsed().as_millis();
            let gap = now_ms.saturating_sub(self.last_ms);
            self.last_ms = now_ms;
            let gap = std::time::Duration::from_millis(u64::try_from(gap).unwrap_or(u64::MAX));
            interaction
                .frames
                .push(RecordedFrame::new(bytes.len(), gap));
        }
    }

    /// The body of the response so far.
    pub(crate) fn body(&self) -> &[u8] {
        let interaction = self.interaction.as_ref();
        interaction.map_or(&[], |interaction| &interaction.body)
    }

    /// The exchange is whole.
    pub(crate) fn end(mut self) {
        if let Some(problem) = self.problem.take() {
            return self.break_off(problem);
        }
        if let Some(interaction) = self.interaction.take() {
            self.tape.set(self.index, TapeSlot::Recorded(interaction));
        }
    }

    /// The exchange is whole, and is this one.
    pub(crate) fn end_with(mut self, interaction: Interaction) {
        self.interaction = Some(Box::new(interaction));
        self.end();
    }

    /// The exchange is not whole, for this reason.
    pub(crate) fn fail(mut self, problem: impl Into<String>) {
        self.break_off(problem.into());
    }

    /// Lets the request be passed on.
    ///
    /// # Errors
    /// If an API key is not set. Then the exchange is over, and the recording fails.
    pub(crate) fn permit(mut self) -> Result<Self, String> {
        let Some(problem) = self.tape.forbidden() else {
            return Ok(self);
        };
        if let Some(interaction) = self.interaction.take() {
            let line = format!("{} {}", interaction.method, interaction.path);
            self.tape
                .set(self.index, TapeSlot::NoKey(line, problem.clone()));
        }
        Err(problem)
    }

    /// The request never reached the provider.
    pub(crate) fn discard(mut self) {
        self.interaction = None;
        self.tape.set(self.index, TapeSlot::Discarded);
    }

    fn break_off(&mut self, problem: String) {
        if let Some(interaction) = self.interaction.take() {
            let line = format!("{} {}", interaction.method, interaction.path);
            self.tape.set(self.index, TapeSlot::Broken(line, problem));
        }
    }
}

impl Drop for Take {
    fn drop(&mut self) {
        self.break_off("the answer was not read to its end".to_owned());
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::time::advance;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn exchanges_stay_in_the_order_of_their_requests_and_gaps_add_up() {
        let tape = Arc::new(Tape::default());
        let mut first = tape.begin(Interaction::new("POST", "/first"));
        let mut second = tape.begin(Interaction::new("POST", "/second"));
        second.set_head(200, Vec::new(), false);
        second.add(b"whole");
        second.end();
        assert_eq!(
            tape.contents().problems,
            ["POST /first: the answer was still coming"]
        );

        first.set_head(200, Vec::new(), true);
        for _ in 0..1_000 {
            advance(Duration::from_micros(1_500)).await;
            first.add(b"x");
        }
        first.add(b"");
        first.end();
        tape.settled().await;
        let seen = tape.contents();
        assert!(seen.problems.is_empty());
        let paths: Vec<_> = seen.interactions.iter().map(|one| &*one.path).collect();
        assert_eq!(paths, ["/first", "/second"]);
        let frames = &seen.interactions[0].frames;
        let sum: Duration = frames.iter().map(|frame| frame.gap).sum();
        assert_eq!((frames.len(), sum), (1_000, Duration::from_millis(1_500)));
        assert!(seen.interactions[1].frames.is_empty());
    }

    #[tokio::test]
    async fn dropped_and_broken_exchanges_are_not_recorded_and_discarded_ones_are_not_a_problem() {
        let tape = Arc::new(Tape::default());
        drop(tape.begin(Interaction::new("GET", "/dropped")));
        tape.begin(Interaction::new("GET", "/broken")).fail("why");
        tape.begin(Interaction::new("GET", "/discarded")).discard();
        tape.settled().await;
        let seen = tape.contents();
        assert_eq!(seen.interactions, []);
        let problems = [
            "GET /dropped: the answer was not read to its end",
            "GET /broken: why",
        ];
        assert_eq!(seen.problems, problems);
    }
}
