//! `split`: the deltas in which a text arrives.

use futures::StreamExt as _;
use mock_core::builder::*;
use mock_core::scenario::Scenario;
use mock_core::{MockProvider, provider_test};

use crate::helpers::{ask, deltas, deltas_of, say, streamed};

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
    // Characters of one, two, three and four bytes, and a grapheme of two characters.
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
