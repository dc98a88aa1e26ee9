//! S5, S6: what matchers capture, and templates that use it.

use std::pin::pin;

use futures::TryStreamExt as _;
use mock_core::builder::*;
use mock_core::{ErrorKind, MockProvider, ProviderError, Response, mock_provider, provider_test};

use crate::helpers::{ask, assert_says, llm, report, say};

/// What `{x}` is after a request with this text; `None` if the pattern does not match it.
async fn captured(pattern: &'static str, text: &str) -> Option<String> {
    let llm = MockProvider::script([
        on(user(pattern)).reply("x: {x}").times(0..=1),
        reply("no match").times(0..=1),
    ]);
    say(&llm, text)
        .await
        .strip_prefix("x: ")
        .map(ToOwned::to_owned)
}

#[provider_test]
async fn s05_a_capture_goes_up_to_the_next_literal_and_no_further() {
    let captured = captured("from {x} to", "from Rome to Oslo to Bern").await;
    assert_eq!(captured.as_deref(), Some("Rome"));
}

#[provider_test]
async fn s05_a_capture_is_not_empty() {
    assert_eq!(captured("<{x}>", "<>").await, None);
    assert_eq!(captured("<{x}>", "< >").await, None);
    assert_eq!(captured("in {x}", "in ?").await, None);
}

#[provider_test]
async fn s05_a_capture_at_the_end_stops_at_the_end_of_the_phrase_or_line() {
    for text in [
        "in New York. Yes",
        "in New York? Yes",
        "in New York! Yes",
        "in New York, please",
        "in New York; now",
        "in New York: now",
        "in New York\nand now",
        "in New York\r\nand now",
        "in New York",
    ] {
        assert_eq!(
            captured("in {x}", text).await.as_deref(),
            Some("New York"),
            "{text:?}"
        );
    }
}

#[provider_test]
async fn s05_a_capture_before_a_literal_goes_past_the_end_of_a_phrase() {
    let captured = captured("from {x} to", "from Washington, D.C. to Bern").await;
    assert_eq!(captured.as_deref(), Some("Washington, D.C."));
}

#[provider_test]
async fn s05_a_capture_is_trimmed() {
    assert_eq!(captured("<{x}>", "<  y  >").await.as_deref(), Some("y"));
    assert_eq!(captured("in {x}", "in  y  ").await.as_deref(), Some("y"));
}

#[provider_test]
async fn s05_a_word_is_one_word() {
    let captured = captured("in {x:word}", "in New York").await;
    assert_eq!(captured.as_deref(), Some("New"));
}

#[provider_test]
async fn s05_the_rest_is_all_that_is_left() {
    let captured = captured("say {x:rest}", "say one. Two,\nthree!").await;
    assert_eq!(captured.as_deref(), Some("one. Two,\nthree!"));
}

#[provider_test]
async fn s06_a_capture_lives_on_in_later_turns(
    #[mock(
        on(user("in {city}")).reply("Noted."),
        reply("You said {city}."),
        reply("Still {city}."),
    )]
    llm: MockProvider,
) {
    assert_eq!(say(&llm, "in Paris").await, "Noted.");
    assert_eq!(say(&llm, "where?").await, "You said Paris.");
    assert_eq!(say(&llm, "where?").await, "Still Paris.");
}

#[provider_test]
async fn s06_the_newest_capture_wins(
    #[mock(
        on(user("in {city}")).reply("{city}").times(2),
        reply("{city}"),
    )]
    llm: MockProvider,
) {
    assert_eq!(say(&llm, "in Paris").await, "Paris");
    assert_eq!(say(&llm, "in Rome").await, "Rome");
    assert_eq!(say(&llm, "where?").await, "Rome");
}

#[provider_test]
async fn s06_of_two_matchers_the_later_one_wins(
    #[mock(on(user("from {city} to"), user("to {city}")).reply("{city}"))] llm: MockProvider,
) {
    assert_eq!(say(&llm, "from Paris to Rome").await, "Rome");
}

#[provider_test]
async fn s06_a_capture_is_taken_at_the_claim_not_when_it_is_said(
    #[mock(
        on(user("in {city}")).stream(["It rains", " in {city}."]).every(20ms),
        on(user("in {city}")).reply("{city} too."),
    )]
    llm: MockProvider,
) -> Result<(), ProviderError> {
    let events = llm.answer_stream(ask("in Paris")).await?;
    assert_eq!(say(&llm, "in Rome").await, "Rome too.");

    let mut response = Response::new("", "");
    let events: Vec<_> = events.try_collect().await?;
    events.into_iter().for_each(|event| response.push(event));

    assert_eq!(response.text(), "It rains in Paris.");
    Ok(())
}

#[test]
fn s06_a_turn_that_declines_captures_nothing() {
    let report = report(|test| {
        let turns = [
            on([user("in {city}"), when(|_| false)])
                .reply("never")
                .times(0..=1),
            reply("{city}"),
        ];
        let llm = llm(test, turns);
        test.drive(pin!(async {
            let error = llm.answer(ask("in Paris")).await;
            let error = error.expect_err("nothing was captured");
            assert_eq!(error.kind, ErrorKind::Unscripted);
        }));
    });
    assert_says(&report, &["turn 2", "`{city}` has no value"]);
}

mock_provider!(
    Places,
    script = [
        on(user("in {city}")).reply("Noted.").times(0..=1),
        reply("You said {city}."),
    ]
);

#[test]
fn s06_each_mock_has_captures_of_its_own() {
    let report = report(|test| {
        let (one, other) = (test.inject::<Places>("one"), test.inject::<Places>("other"));
        test.drive(pin!(async {
            say(&one, "in Paris").await;
            assert_eq!(say(&one, "where?").await, "You said Paris.");
            let error = other.answer(ask("where?")).await;
            error.expect_err("this one was told nothing");
        }));
    });
    assert_says(&report, &["other", "`{city}` has no value"]);
}

#[provider_test]
async fn s06_the_script_knows_the_captures_of_a_rule() {
    let llm = MockProvider::new(
        script([on(user("where")).reply("In {city}.")])
            .rules([on(user("go to {city}")).reply("{city} it is.")]),
    );
    assert_eq!(say(&llm, "go to Oslo").await, "Oslo it is.");
    assert_eq!(say(&llm, "go to Rome").await, "Rome it is.");
    assert_eq!(say(&llm, "where are we?").await, "In Rome.");
}
