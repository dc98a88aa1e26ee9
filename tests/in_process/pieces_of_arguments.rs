//! `pieces`: the deltas in which the arguments of a tool call arrive.

use futures::{FutureExt as _, StreamExt as _};
use mock_core::builder::*;
use mock_core::{ErrorKind, MockProvider, Outcome, provider_test};

use crate::helpers::{ask, deltas_of};

#[provider_test]
async fn arguments_come_in_even_pieces() {
    let calls = |pieces| call("f", [("a", 12345)]).pieces(pieces);
    for (pieces, expected) in [
        (1, &[r#"{"a":12345}"#][..]),
        (2, &[r#"{"a":1"#, "2345}"]),
        (3, &[r#"{"a""#, ":123", "45}"]),
        (4, &[r#"{"a"#, "\":1", "234", "5}"]),
    ] {
        assert_eq!(deltas_of(calls(pieces)).await, expected);
    }
    assert_eq!(deltas_of(calls(11)).await.len(), 11);
    assert_eq!(deltas_of(calls(50)).await.len(), 11, "no piece is empty");
    let wide = verbatim("{\"é\":\"€𝄞\"}");
    assert_eq!(
        deltas_of(call("f", wide).pieces(4)).await,
        ["{\"é", "\":\"", "€𝄞", "\"}"]
    );
}

#[provider_test]
async fn s10_an_answer_may_be_cut_in_the_middle_of_its_arguments() {
    let llm = MockProvider::script([call("f", [("a", 12345)]).pieces(3).cut_after(2)]);
    let mut events = llm.answer_stream(ask("hello")).await.expect("a stream");
    let mut response = events.empty_response();
    let error = loop {
        match events.next().await.expect("an error comes") {
            Ok(event) => response.push(event),
            Err(error) => break error,
        }
    };
    assert_eq!(error.kind, ErrorKind::Connection);
    let begun = response.tool_calls().next().expect("a call").clone();
    assert_eq!(begun.arguments, r#"{"a":123"#);
    assert!(begun.json::<serde_json::Value>().is_err());
    assert_eq!(llm.calls()[0].outcome(), Some(&Outcome::Failed(error)));
}

#[test]
fn s10_more_pieces_than_there_are_cannot_be_cut() {
    let turn = call("f", [("a", "{user}")]).pieces(99).cut_after(50);
    let llm = MockProvider::script([turn]);
    let error = llm.answer(ask("hello")).now_or_never().expect("no time");
    let error = error.expect_err("the arguments have 13 characters");
    assert_eq!(error.kind, ErrorKind::Unsupported);
    assert!(llm.verify().is_err());
}
