//! `split`, `pieces` and `tokens_per_second`: the deltas in which texts and arguments arrive, and their times.

use futures::{FutureExt as _, StreamExt as _};
use mock_core::builder::*;
use mock_core::scenario::{Scenario, Split, Turn};
use mock_core::{ErrorKind, MockProvider, Outcome, StreamEvent, provider_test};

use crate::helpers::{ask, say, streamed};

/// The deltas of an answer.
fn deltas(events: &[StreamEvent]) -> Vec<String> {
    let deltas = events.iter().filter_map(|event| match event {
        StreamEvent::Text(text)
        | StreamEvent::Reasoning(text)
        | StreamEvent::Refusal(text)
        | StreamEvent::ToolCallDelta {
            arguments: text, ..
        } => Some(text.clone()),
        _ => None,
    });
    deltas.collect()
}

async fn deltas_of(turn: Turn) -> Vec<String> {
    let llm = MockProvider::script([turn]);
    deltas(&streamed(&llm, "hello").await.1)
}

#[provider_test]
async fn a_text_is_split_as_its_turn_says() {
    let text = " one  two\nthree";
    for (split, expected) in [
        (words(), &[" one  ", "two\n", "three"][..]),
        (chars(4), &[" one", "  tw", "o\nth", "ree"]),
        (chars(100), &[text]),
        (whole(), &[text]),
    ] {
        assert_eq!(
            deltas_of(reply(text).split(split)).await,
            expected,
            "{split:?}"
        );
    }
}

#[provider_test]
async fn every_text_is_split_and_the_pieces_of_a_stream_come_as_they_are() {
    let turn = reasoning("ab")
        .refusal("cd")
        .reply("ef")
        .json(serde_json::json!("gh"))
        .stream(["ij", "", "kl"]);
    let expected = [
        "a", "b", "c", "d", "e", "f", "\"", "g", "h", "\"", "ij", "", "kl",
    ];
    let llm = MockProvider::new(script([turn.split(chars(1))]));
    assert_eq!(deltas(&streamed(&llm, "hello").await.1), expected);
}

#[provider_test]
async fn characters_are_not_bytes() {
    // Of one, two, three and four bytes, and one of two characters.
    let text = "aé€𝄞e\u{301}";
    let expected = ["a", "é", "€", "𝄞", "e", "\u{301}"];
    assert_eq!(deltas_of(reply(text).split(chars(1))).await, expected);
    let expected = ["aé€𝄞", "e\u{301}"];
    assert_eq!(deltas_of(reply(text).split(chars(4))).await, expected);
    for number in 1..8 {
        let split = deltas_of(reply(text).split(chars(number))).await;
        assert_eq!(split.concat(), text);
        let random = deltas_of(reply(text).split(random(1..=number))).await;
        assert_eq!(random.concat(), text);
    }
}

#[provider_test]
async fn an_empty_text_has_no_pieces_however_it_is_split() {
    for split in [words(), chars(1), random(1..=3), whole()] {
        assert_eq!(
            deltas_of(reply("").split(split)).await,
            [""; 0],
            "{split:?}"
        );
    }
}

const LONG: &str = "The quick brown fox jumps over the lazy dog, and then some more of that.";

fn by_chance(seed: u64) -> Scenario {
    let turn = reply(LONG).split(random(1..=12)).times(0..);
    script([turn]).seed(seed)
}

#[provider_test]
async fn s07_random_pieces_are_in_their_range_and_the_same_in_every_run() {
    let one = MockProvider::new(by_chance(1));
    let first = deltas(&streamed(&one, "a").await.1);
    let second = deltas(&streamed(&one, "a").await.1);
    assert_ne!(first, second, "each call draws its own");
    let lengths = |pieces: &[String]| -> Vec<usize> { pieces.iter().map(String::len).collect() };
    let (last, rest) = lengths(&first)
        .split_last()
        .map(|(l, r)| (*l, r.to_vec()))
        .expect("some");
    assert!(last <= 12 && rest.iter().all(|length| (1..=12).contains(length)));
    assert!(rest.iter().any(|length| *length != rest[0]));

    // Another run, in which the first call is not streamed: draws are of the number, not of what came before.
    let again = MockProvider::new(by_chance(1));
    assert_eq!(say(&again, "b").await, LONG);
    assert_eq!(deltas(&streamed(&again, "c").await.1), second);
    let other = MockProvider::new(by_chance(2));
    assert_ne!(deltas(&streamed(&other, "a").await.1), first);
}

#[provider_test]
async fn s07_the_order_in_which_answers_are_read_changes_no_piece() {
    let llm = MockProvider::new(by_chance(1));
    let expected = [
        deltas(&streamed(&llm, "a").await.1),
        deltas(&streamed(&llm, "b").await.1),
    ];
    llm.reset();
    let first = llm.answer_stream(ask("a")).await.expect("a stream");
    let second = llm.answer_stream(ask("b")).await.expect("a stream");
    let second: Vec<_> = second.filter_map(async |event| event.ok()).collect().await;
    let first: Vec<_> = first.filter_map(async |event| event.ok()).collect().await;
    assert_eq!([deltas(&first), deltas(&second)], expected);
}

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
async fn each_of_parallel_calls_comes_in_pieces_of_its_own() {
    let turn = call("f", [("a", 1)]).call("g", [("b", 2)]).pieces(2);
    let llm = MockProvider::script([turn]);
    let (answer, events) = streamed(&llm, "hello").await;
    let names: Vec<_> = events.iter().map(StreamEvent::name).collect();
    let arguments = "tool call arguments";
    assert_eq!(
        names,
        [
            "tool call",
            arguments,
            arguments,
            "tool call",
            arguments,
            arguments,
            "finish"
        ]
    );
    let calls: Vec<_> = answer.tool_calls().map(|call| &*call.arguments).collect();
    assert_eq!(calls, [r#"{"a":1}"#, r#"{"b":2}"#]);
}

#[provider_test]
async fn s10_an_answer_may_be_cut_in_the_middle_of_its_arguments() {
    let llm = MockProvider::script([call("f", [("a", 12345)]).pieces(3).cut_after(2)]);
    let mut events = llm.answer_stream(ask("hello")).await.expect("a stream");
    let mut response = events.response();
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

#[provider_test]
async fn json_escapes_what_stands_in_its_strings() {
    let value = serde_json::json!({"echo": "{user}", "list": [1, "{call}"]});
    let llm = MockProvider::script([json(value).split(Split::Whole).times(2)]);
    let expected = r#"{"echo":"say \"hi\"\n","list":[1,"1"]}"#;
    assert_eq!(say(&llm, "say \"hi\"\n").await, expected);
    let (_, events) = streamed(&llm, "hello").await;
    assert_eq!(deltas(&events), [r#"{"echo":"hello","list":[1,"2"]}"#]);
}

#[provider_test]
async fn reasoning_and_a_refusal_come_in_the_pieces_that_are_written(
    #[mock(
        reasoning(["Let me", " see {user}."]).signature("c2ln").reply("Yes."),
        refusal(["I would", " rather not."]).every(20ms)
    )]
    llm: MockProvider,
) {
    let built = MockProvider::script([
        reasoning(["Let me", " see {user}."])
            .signature("c2ln")
            .reply("Yes."),
        refusal(vec!["I would", " rather not."]).every(ms(20)),
    ]);
    for llm in [&llm, &built] {
        let (_, first) = streamed(llm, "hello").await;
        let expected = [
            StreamEvent::Reasoning("Let me".into()),
            StreamEvent::Reasoning(" see hello.".into()),
            StreamEvent::ReasoningSignature("c2ln".into()),
            StreamEvent::Text("Yes.".into()),
        ];
        assert_eq!(first[..4], expected);
        let (_, second) = streamed(llm, "hello").await;
        let expected = [
            StreamEvent::Refusal("I would".into()),
            StreamEvent::Refusal(" rather not.".into()),
        ];
        assert_eq!(second[..2], expected);
    }
    let problem = script([reasoning(Vec::<&str>::new()).reply("x")]);
    let problem = problem.check().expect_err("no pieces").to_string();
    assert!(problem.contains("its stream has no pieces"), "{problem}");
}
