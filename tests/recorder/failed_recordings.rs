//! S103, S108: the recording of a test that fails, is killed, sends nothing, or gets no answer.

use std::fs;

use mock_core::cassette::Cassette;

use crate::helpers::*;

#[test]
fn s108_a_test_that_fails_or_is_killed_leaves_the_old_file() {
    let folder = folder("fails");
    let provider = provider();
    let run = Run::new(&folder, &["asks"])
        .upstream(&provider.url())
        .mode("record");
    run.go().assert_passes();
    let old = fs::read_to_string(folder.join(ASKS)).expect("it is recorded");

    let failed = run.variable("CHILD", "panics").go();
    failed.assert_fails();
    failed.assert_says(
        "the test fails, so tests/cassettes/recorder__child_tests__asks.yaml is as it was",
    );
    let kept = failed.word_after("what was recorded is in ");
    let kept = Cassette::load(kept).expect("it is kept");
    assert_eq!(kept.interactions().len(), 2);

    run.variable("CHILD", "aborts").go().assert_fails();
    assert_eq!(
        fs::read_to_string(folder.join(ASKS)).expect("it is there"),
        old
    );
    let mut left = fs::read_dir(folder.join("tests/cassettes")).expect("a folder");
    assert!(
        left.next().is_some() && left.next().is_none(),
        "nothing else is left there"
    );
}

#[cfg(unix)]
#[test]
fn s108_a_full_disk_leaves_the_old_file_and_the_recording_is_printed() {
    let folder = folder("full");
    let provider = provider();
    let run = Run::new(&folder, &["asks"]).upstream(&provider.url());
    let run = run.mode("record");
    run.go().assert_passes();
    let old = fs::read_to_string(folder.join(ASKS)).expect("it is recorded");

    let ended = run.with_full_disk().go();
    ended.assert_fails();
    for words in [
        "the recording cannot be written: tests/cassettes/recorder__child_tests__asks.yaml: ",
        "free some space",
        "what was recorded for tests/cassettes/recorder__child_tests__asks.yaml:",
        "weather in Lyon",
    ] {
        ended.assert_says(words);
    }
    let recording = ended.printed().split("what was recorded for").nth(1);
    let has_key = |text: &str| text.contains("sk-proj-Zb3kQ9vX2mLp7Rt5");
    assert!(!recording.is_some_and(has_key));
    let now = fs::read_to_string(folder.join(ASKS)).expect("it is there");
    assert_eq!(now, old);
    let left = fs::read_dir(folder.join("tests/cassettes")).expect("a folder");
    assert_eq!(left.count(), 1, "nothing else is left there");
}

#[test]
fn s108_a_recording_without_a_request_fails_the_test() {
    let folder = folder("no_request");
    let ended = Run::new(&folder, &["asks"])
        .upstream("http://127.0.0.1:1")
        .mode("record")
        .variable("CHILD", "is silent")
        .go();
    ended.assert_fails();
    ended.assert_says("nothing was recorded for tests/cassettes/recorder__child_tests__asks.yaml");
    assert!(!folder.join(ASKS).exists());
}

#[test]
fn s103_a_provider_that_does_not_answer_fails_the_test_whatever_the_client_does() {
    let folder = folder("rejected");
    let ended = Run::new(&folder, &["swallows"])
        .upstream("http://127.0.0.1:1")
        .mode("record")
        .go();
    ended.assert_fails();
    ended.assert_says("http://127.0.0.1:1 does not answer");
}
