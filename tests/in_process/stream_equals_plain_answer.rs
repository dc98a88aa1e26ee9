//! Of every turn the stream collects into the plain answer: tried on some hundreds of generated turns.

use futures::StreamExt as _;
use mock_core::builder::*;
use mock_core::scenario::{After, Setting, Split, Turn};
use mock_core::{
    ErrorKind, FinishReason, Message, MockProvider, Outcome, ProviderError, Request, Response,
    StreamEvent, Usage, provider_test,
};
use tests::private::Action;
use tokio::time::Instant;

use crate::helpers::ask;

const SEEDS: std::ops::Range<u64> = 0..400;

/// Chance for tests: SplitMix64.
struct Chance(u64);

impl Chance {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) % bound as u64) as usize
    }

    fn one_of<T: Clone>(&mut self, values: &[T]) -> T {
        values[self.below(values.len())].clone()
    }

    fn text(&mut self) -> &'static str {
        self.one_of(&[
            "",
            " ",
            "word",
            "Hello to you, {user}!",
            "  two  words\n",
            "aé€𝄞e\u{301} and so on",
            "call {call} of {model}",
        ])
    }

    /// A turn that says some things, in some time, in some pieces.
    fn turn(&mut self) -> Turn {
        let mut turn = match self.below(7) {
            0 => self.closure(),
            1 => reply(self.text()).driven("live"),
            _ => self.actions(),
        };
        if self.below(3) == 0 {
            turn = turn.finish(self.one_of(&[FinishReason::Length, FinishReason::Stop]));
        }
        if self.below(3) == 0 {
            turn = turn.usage(Usage::new(11, 7).cache_read(3));
        }
        let times = [0, 1, 20];
        turn = turn.ttft(ms(self.one_of(&times)));
        match self.below(3) {
            0 => turn.every(ms(self.one_of(&times))),
            1 => turn.tokens_per_second(self.one_of(&[0.5, 50.0, 1e9])),
            _ => turn,
        }
    }

    fn actions(&mut self) -> Turn {
        let mut turn = on([]);
        let (mut has_text, mut has_call) = (false, false);
        for _ in 0..=self.below(4) {
            let kind = self.below(10);
            has_text |= matches!(kind, 0..=3);
            has_call |= matches!(kind, 4 | 7 | 8);
            turn = match kind {
                0 => turn.reply(self.text()),
                1 => turn.reasoning(self.text()),
                2 => turn.refusal(self.text()),
                3 => turn.json([("key", self.text())]),
                4 => turn.call("f", [("argument", self.text())]),
                5 => turn.stream([self.text(), self.text()]),
                6 => turn.reasoning("So. ").signature(self.text()),
                7 => turn.call("f", verbatim("{\"half\": ")),
                8 => turn.call("f", typed(&(1, "two"))).json(()),
                _ => turn.gate("open").stream([self.text()]),
            };
        }
        self.in_pieces(turn, has_text, has_call)
    }

    fn closure(&mut self) -> Turn {
        let (text, id) = (self.text(), self.one_of(&["", "theirs"]));
        let turn = respond_with(move |request: &Request| {
            let call = mock_core::ToolCall::new(id, "f", request.model.clone());
            Message::assistant(text)
                .with_tool_calls([call])
                .into_response()
        });
        self.in_pieces(turn, true, true)
    }

    fn in_pieces(&mut self, mut turn: Turn, has_text: bool, has_call: bool) -> Turn {
        if has_text {
            let characters = 1 + self.below(6) as u32;
            turn = turn.split(self.one_of(&[
                Split::Words,
                Split::Whole,
                Split::Chars(characters),
                Split::Random(1, characters),
            ]));
        }
        if has_call {
            turn = turn.pieces(1 + self.below(40) as u32);
        }
        turn
    }
}

trait ToResponse {
    fn into_response(self) -> Response;
}

impl ToResponse for Message {
    fn into_response(self) -> Response {
        self.into()
    }
}

/// Every event of a streamed answer, and the failure at its end, and how long it took.
struct Streamed {
    response: Response,
    events: Vec<StreamEvent>,
    error: Option<ProviderError>,
    took: std::time::Duration,
}

fn mock(turn: Turn) -> MockProvider {
    let is_gate = |action: &Action| matches!(action, Action::Gate(_));
    let is_driven = |action: &Action| matches!(action, Action::Driven(_));
    let (gate, driver) = (
        turn.actions.iter().any(is_gate),
        turn.actions.iter().any(is_driven),
    );
    let llm = MockProvider::new(script([turn]).seed(7));
    if gate {
        llm.gate("open").open();
    }
    if driver {
        let live = llm.driver("live");
        live.text("Hel");
        live.event(StreamEvent::Reasoning("hm".into()));
        live.text("lo");
        live.finish();
    }
    llm
}

async fn stream_of(turn: Turn) -> Streamed {
    let llm = mock(turn);
    let start = Instant::now();
    let mut streamed = Streamed {
        response: Response::new("", ""),
        events: Vec::new(),
        error: None,
        took: start.elapsed(),
    };
    match llm.answer_stream(ask("Ada \"L\"")).await {
        Err(error) => streamed.error = Some(error),
        Ok(mut events) => {
            streamed.response = events.empty_response();
            while let Some(event) = events.next().await {
                match event {
                    Ok(event) => {
                        streamed.events.push(event.clone());
                        streamed.response.push(event);
                    }
                    Err(error) => streamed.error = Some(error),
                }
            }
            assert_eq!(events.next().await, None);
        }
    }
    streamed.took = start.elapsed();
    let delivered = streamed.events.iter().filter(|event| !is_finish(event));
    assert_eq!(llm.calls()[0].events(), delivered.count());
    // Each mock has one call: what is left over, and what could not be, is asked of it where it matters.
    let _ = llm.verify();
    streamed
}

async fn plain(
    turn: Turn,
) -> (
    Result<Response, ProviderError>,
    std::time::Duration,
    Option<Outcome>,
) {
    let llm = mock(turn);
    let start = Instant::now();
    let answer = llm.answer(ask("Ada \"L\"")).await;
    let outcome = llm.calls()[0].outcome().cloned();
    let _ = llm.verify();
    (answer, start.elapsed(), outcome)
}

fn is_finish(event: &StreamEvent) -> bool {
    matches!(event, StreamEvent::Finish { .. })
}

#[provider_test]
async fn s28_a_stream_collects_into_the_plain_answer_and_ends_in_one_finish() {
    for seed in SEEDS {
        let turn = Chance(seed).turn();
        let streamed = stream_of(turn.clone()).await;
        let (answer, took, outcome) = plain(turn.clone()).await;
        assert_eq!(streamed.error, None, "{seed}: {turn:?}");
        assert_eq!(answer, Ok(streamed.response), "{seed}: {turn:?}");
        assert_eq!(took, streamed.took, "{seed}: {turn:?}");
        assert_eq!(outcome, Some(Outcome::Completed));
        let finishes = streamed.events.iter().filter(|event| is_finish(event));
        assert_eq!(finishes.count(), 1, "{seed}: {turn:?}");
        assert!(
            streamed.events.last().is_some_and(is_finish),
            "{seed}: {turn:?}"
        );
    }
}

#[provider_test]
async fn s28_the_content_of_an_answer_does_not_depend_on_its_pieces_or_its_pace() {
    for seed in SEEDS {
        let turn = Chance(seed).turn();
        let plainest = Turn {
            split: Split::Words,
            pieces: 1,
            pace: tests::private::Pace::NONE,
            ttft: ms(0),
            ..turn.clone()
        };
        let (answer, ..) = plain(turn.clone()).await;
        assert_eq!(answer, plain(plainest).await.0, "{seed}: {turn:?}");
    }
}

#[provider_test]
async fn s11_a_plain_answer_breaks_off_as_its_stream_does() {
    for seed in SEEDS {
        let mut chance = Chance(seed);
        let whole = chance.turn();
        let all = stream_of(whole.clone()).await;
        let deltas = all.events.iter().filter(|event| event.is_delta()).count();
        let after = match chance.below(4) {
            3 => After::Finish,
            0 => After::All,
            1 => After::Time(ms(chance.below(100) as u64)),
            _ => After::Deltas(chance.below(deltas + 1) as u32),
        };
        let is_finished = after == After::Finish;
        let whole = match after {
            // Where it breaks off before its end, it has no reason to tell.
            After::All | After::Deltas(_) => Turn {
                finish: Setting::Unset,
                ..whole
            },
            _ => whole,
        };
        let (turn, kind) = match chance.below(4) {
            0 => (whole.cut_after(after), Some(ErrorKind::Connection)),
            1 => (
                whole.malformed_after(after),
                Some(ErrorKind::InvalidResponse),
            ),
            2 => (whole.error_after(after, quota()), Some(ErrorKind::Quota)),
            _ => (whole.end_after(after), None),
        };
        let streamed = stream_of(turn.clone()).await;
        let (answer, took, outcome) = plain(turn.clone()).await;
        assert_eq!(took, streamed.took, "{seed}: {turn:?}");
        assert_eq!(
            streamed.error.as_ref().map(|error| error.kind),
            kind,
            "{seed}: {turn:?}"
        );
        let finishes = streamed.events.iter().filter(|event| is_finish(event));
        let finishes = finishes.count();
        assert_eq!(finishes, usize::from(is_finished), "{seed}: {turn:?}");
        let begins = all.events.starts_with(&streamed.events);
        assert!(begins, "{seed}: {turn:?}: {:?}", streamed.events);
        if let After::Deltas(after) = after {
            let told = streamed.events.iter().filter(|event| event.is_delta());
            assert_eq!(told.count(), after as usize, "{seed}: {turn:?}");
        }
        match kind {
            None if is_finished => {
                assert_eq!(outcome, Some(Outcome::Completed), "{seed}: {turn:?}");
                assert_eq!(answer, Ok(streamed.response), "{seed}: {turn:?}");
            }
            None => {
                assert_eq!(outcome, Some(Outcome::Truncated), "{seed}: {turn:?}");
                let answer = answer.expect("it just ends");
                assert_eq!((&answer.finish_reason, answer.usage), (&None, None));
                assert_eq!(answer, streamed.response, "{seed}: {turn:?}");
            }
            Some(_) => assert_eq!(answer.err(), streamed.error, "{seed}: {turn:?}"),
        }
    }
}

#[provider_test]
async fn s08_a_plain_answer_fails_as_its_stream_does() {
    for failure in [
        timeout(),
        rate_limit().retry_after(secs(2)),
        auth(),
        connection(),
        invalid_response(),
        generic().message("{model} of {user}"),
        overloaded(),
        server_error().status(502),
        bad_request(),
        context_length(),
        content_filter(),
        permission(),
        not_found(),
        quota(),
    ] {
        for turn in [
            fail(failure.clone()),
            gate("open").fail(failure.clone()),
            pause(ms(70)).gate("open").pause(secs(3)).fail(failure),
        ] {
            let streamed = stream_of(turn.clone()).await;
            let (answer, took, _) = plain(turn.clone()).await;
            assert_eq!(streamed.events, [], "{turn:?}");
            assert_eq!(
                (answer.err(), took),
                (streamed.error, streamed.took),
                "{turn:?}"
            );
        }
    }
}
