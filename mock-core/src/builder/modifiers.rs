//! How a turn answers: how often, how fast, how it ends, and where it breaks off.

use std::ops::RangeInclusive;
use std::time::Duration;

use crate::chat::finish::{FinishReason, Usage};
use crate::scenario::{
    After, Count, Failure, Fault, FaultKind, Flush, IntoStr, Keepalive, Pace, Setting, Split, Turn,
};

impl Turn {
    /// How often the turn answers: a number, or a range.
    pub fn times(mut self, count: impl Into<Count>) -> Self {
        self.count = count.into();
        self
    }

    /// The turn answers once or more, without end.
    pub fn forever(mut self) -> Self {
        self.count = Count::FOREVER;
        self
    }

    /// The time from the answer's beginning to its first event.
    ///
    /// Over the wire, the head of a streamed answer is sent before that time; [`latency`](Scenario::latency) delays the head too.
    pub fn ttft(mut self, time: Duration) -> Self {
        self.ttft = time;
        self
    }

    /// The time between one content delta and the next.
    pub fn every(mut self, time: Duration) -> Self {
        self.pace = Pace::Every(time);
        self
    }

    /// How fast the content comes, four characters to a token.
    pub fn tokens_per_second(mut self, tokens: impl Into<f64>) -> Self {
        self.pace = Pace::TokensPerSecond(tokens.into());
        self
    }

    /// How a streamed text is cut into pieces: that of a `reply`, a `reasoning`, a `refusal` or a `json`. Words by default.
    pub fn split(mut self, split: Split) -> Self {
        self.split = split;
        self
    }

    /// In how many pieces the arguments of each call come.
    pub fn pieces(mut self, pieces: u32) -> Self {
        self.pieces = pieces;
        self
    }

    /// Why the model stopped, or `None` for an answer that ends without a finish reason.
    pub fn finish(mut self, reason: impl Into<Setting<FinishReason>>) -> Self {
        self.finish = reason.into();
        self
    }

    /// What the answer costs, or `None` for an answer that does not tell it.
    pub fn usage(mut self, usage: impl Into<Setting<Usage>>) -> Self {
        self.usage = usage.into();
        self
    }

    /// The sign of life that a silent stream sends over the wire, each time after so long: the wire's own, a comment or Anthropic's `ping`.
    ///
    /// Over the wire only, and in streams only. In process, and in an answer that is not streamed, it plays as silence.
    ///
    /// ```
    /// use mock_core::builder::*;
    ///
    /// let slow = reply("Hi.").ttft(secs(35)).keepalive(secs(10));
    /// # assert!(script([slow]).check().is_ok());
    /// ```
    pub fn keepalive(mut self, every: Duration) -> Self {
        self.keepalive = Some(Keepalive { every, text: None });
        self
    }

    /// The same, and these lines are sent instead of the wire's own sign: `.keepalive_with(secs(5), ": OPENROUTER PROCESSING")`. The empty
    /// line after them is added.
    pub fn keepalive_with(mut self, every: Duration, text: impl IntoStr) -> Self {
        self.keepalive = Some(Keepalive {
            every,
            text: Some(text.into_str()),
        });
        self
    }

    /// How events that are due at one time are written over the wire: `.flush(each())` writes each in a chunk of its own. By default they
    /// are written together.
    pub fn flush(mut self, flush: Flush) -> Self {
        self.flush = flush;
        self
    }

    /// The HTTP status of a raw answer, `raw` or `frames`. It is a number from 200 to 999, and 200 by default.
    pub fn status(mut self, status: u16) -> Self {
        self.status = Some(status);
        self
    }

    /// Headers of the HTTP answer: names and values. They replace those of the same name that the provider would send. In process they are
    /// in [`Response::headers`](crate::Response::headers), in [`EventStream::headers`](crate::EventStream::headers), and in the `raw` of an error.
    ///
    /// ```
    /// # use mock_core::{MockProvider, Request, builder::*};
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), mock_core::ProviderError> {
    /// let llm = MockProvider::script([reply("Hi.").headers([("x-request-id", "r1")])]);
    ///
    /// let answer = llm.answer(Request::new("gpt-4o")).await?;
    /// assert_eq!(answer.headers, [("x-request-id".into(), "r1".into())]);
    /// # Ok(()) }
    /// ```
    pub fn headers<N: IntoStr, V: IntoStr>(
        mut self,
        headers: impl IntoIterator<Item = (N, V)>,
    ) -> Self {
        let headers = headers.into_iter();
        let headers = headers.map(|(name, value)| (name.into_str(), value.into_str()));
        self.headers.to_mut().extend(headers);
        self
    }

    /// What tests call the turn, as in [`MockProvider::wait_for_turn`](crate::MockProvider::wait_for_turn).
    pub fn named(mut self, name: impl IntoStr) -> Self {
        self.name = Some(name.into_str());
        self
    }

    /// The connection is lost: after so many content deltas, after a time, after [`All`](After::All) content, or after the
    /// [`Finish`](After::Finish) event.
    #[track_caller]
    pub fn cut_after(self, after: impl Into<After>) -> Self {
        self.fault(FaultKind::Cut, after.into())
    }

    /// The answer ends early. After [`Finish`](After::Finish) only the wire's end mark is missing, such as `[DONE]`.
    #[track_caller]
    pub fn end_after(self, after: impl Into<After>) -> Self {
        self.fault(FaultKind::End, after.into())
    }

    /// Nothing more comes. After [`Done`](After::Done) all has come, and the connection stays open.
    #[track_caller]
    pub fn stall_after(self, after: impl Into<After>) -> Self {
        self.fault(FaultKind::Stall, after.into())
    }

    /// The provider reports a failure.
    #[track_caller]
    pub fn error_after(self, after: impl Into<After>, failure: Failure) -> Self {
        self.fault(FaultKind::Error(failure), after.into())
    }

    /// Something unreadable comes.
    #[track_caller]
    pub fn malformed_after(self, after: impl Into<After>) -> Self {
        self.fault(FaultKind::Malformed, after.into())
    }

    #[track_caller]
    fn fault(mut self, kind: FaultKind, after: After) -> Self {
        assert!(
            self.fault.is_none(),
            "a turn breaks off once: remove one of the two faults"
        );
        self.fault = Some(Fault { kind, after });
        self
    }
}

/// The tokens of the request and of the answer: `reply("..").usage(usage(11, 7))`.
///
/// ```
/// use mock_core::{Usage, builder::*};
///
/// assert_eq!(usage(11, 7), Usage::new(11, 7));
/// ```
pub const fn usage(prompt_tokens: u64, completion_tokens: u64) -> Usage {
    Usage::new(prompt_tokens, completion_tokens)
}

/// Words, each with the white space after it: `reply("..").split(words())`, which is the default.
pub const fn words() -> Split {
    Split::Words
}

/// So many characters: `reply("..").split(chars(4))`.
pub const fn chars(characters: u32) -> Split {
    Split::Chars(characters)
}

/// From so many characters to so many, drawn from the mock's seed: `reply("..").split(random(1..=12))`.
pub const fn random(characters: RangeInclusive<u32>) -> Split {
    Split::Random(*characters.start(), *characters.end())
}

/// One piece: `reply("..").split(whole())`.
pub const fn whole() -> Split {
    Split::Whole
}

/// Each event in a chunk of its own: `reply("..").flush(each())`.
pub const fn each() -> Flush {
    Flush::Each
}
