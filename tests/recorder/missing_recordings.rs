//! S104: a replay without a recording, and a request that was not recorded.

use std::fs;

use crate::helpers::*;

#[test]
fn s104_a_replay_without_a_recording_fails_and_names_the_command() {
    let folder = folder("missing");
    let ended = Run::new(&folder, &["asks"]).go();
    ended.assert_fails();
    ended.assert_says(
        "there is no recording tests/cassettes/recorder__child_tests__asks.yaml: record it with `MOCK_CORE_RECORD=record cargo test --features mock-core/record -- --exact child_tests::asks`",
    );
}

#[test]
fn s104_a_request_that_is_not_recorded_fails_a_test_that_swallows_the_error() {
    let folder = folder("swallows");
    let provider = provider();
    let run = Run::new(&folder, &["swallows"]).upstream(&provider.url());
    run.mode("record").go().assert_passes();
    let ended = run.variable("CHILD", "asks something else").go();
    ended.assert_fails();
    for words in [
        "nearest:  exchange 1 at",
        "POST /v1/chat/completions, user",
        "messages[0].content is",
        "MOCK_CORE_RECORD=missing cargo test --features mock-core/record -- --exact child_tests::swallows",
    ] {
        ended.assert_says(words);
    }
    // As the report says.
    let run = run.variable("CHILD", "asks something else");
    run.mode("missing").go().assert_passes();
    let ended = run.go();
    ended.assert_fails();
    ended.assert_says("was never used");
}

#[test]
fn s104_a_key_is_asked_for_only_if_a_request_is_missing() {
    let folder = folder("key_missing");
    let provider = provider();
    let run = Run::new(&folder, &["asks"]).upstream(&provider.url());
    run.mode("record").go().assert_passes();
    let run = run.mode("missing").variable("CHILD_KEY", "");
    run.go().assert_passes();

    let text = fs::read_to_string(folder.join(ASKS)).expect("it is recorded");
    let other = text.replace("weather in Lyon", "weather in Nice");
    fs::write(folder.join(ASKS), &other).expect("it is written");
    let ended = run.go();
    ended.assert_fails();
    for words in [
        "tests/cassettes/recorder__child_tests__asks.yaml was not written",
        "the API key in `CHILD_KEY`",
        "set the variable",
    ] {
        ended.assert_says(words);
    }
    assert_eq!(
        fs::read_to_string(folder.join(ASKS)).expect("it is there"),
        other
    );
    assert_eq!(provider.calls().len(), 2, "it was not asked again");
}
