//! `hang`: an answer that never comes.

use std::time::Duration;

use futures::StreamExt as _;
use mock_core::builder::*;
use mock_core::{ErrorKind, MockProvider, Outcome, StreamEvent, provider_test};
use tokio::time::{Instant, timeout};

use crate::helpers::{ask, say};

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

#[provider_test]
async fn hang_never_answers_and_a_time_out_ends_it() {
    let llm = MockProvider::script([hang().times(2), reply("a b").hang()]);
    assert!(timeout(DAY, llm.answer(ask("hello"))).await.is_err());
    assert_eq!(llm.calls()[0].outcome(), Some(&Outcome::Cancelled));
    let mut events = llm.answer_stream(ask("hello")).await.expect("a stream");
    assert!(timeout(DAY, events.next()).await.is_err());
    let mut events = llm.answer_stream(ask("hello")).await.expect("a stream");
    for _ in 0..2 {
        assert!(matches!(
            events.next().await,
            Some(Ok(StreamEvent::Text(_)))
        ));
    }
    assert!(timeout(DAY, events.next()).await.is_err());
}

#[provider_test]
async fn s10_an_answer_that_hangs_breaks_off_in_its_time() {
    let llm = MockProvider::script([
        hang().cut_after(secs(5)),
        reply("a").hang().end_after(secs(5)),
    ]);
    let start = Instant::now();
    let error = llm.answer(ask("hello")).await.expect_err("it is cut");
    assert_eq!(
        (error.kind, start.elapsed()),
        (ErrorKind::Connection, secs(5))
    );
    assert_eq!(say(&llm, "hello").await, "a");
}
