//! Tests that record themselves, as a user runs them: with an environment variable, in a process of their own.

mod children;
mod process;
mod tls;

use std::fs;

use mock_core::cassette::Cassette;
use mock_core::{MockProvider, MockServer, builder::*};

use process::{Ended, Run, folder};

/// A provider that answers each question with a text of its own, after a while.
fn provider() -> MockServer {
    let turn = || on(user("weather in {city}")).reply("It is 18 °C in {city}.");
    MockServer::new(MockProvider::new(
        script([]).rules([turn()]).latency(ms(150)),
    ))
}

const ASKS: &str = "tests/cassettes/recorder__children__asks.yaml";

#[test]
fn s107_the_file_of_a_test_has_its_name_and_replays_without_the_provider() {
    let folder = folder("named");
    let provider = provider();
    let run = Run::new(&folder, &["asks"]).upstream(&provider.url());
    let recorded = run.mode("record").go();
    recorded.assert_passes();
    assert_eq!(provider.calls().len(), 2);
    let cassette = Cassette::load(folder.join(ASKS)).expect("it is recorded");
    assert_eq!(cassette.interactions().len(), 2);
    let text = fs::read_to_string(folder.join(ASKS)).expect("it is recorded");
    assert!(!text.contains("sk-proj-Zb3kQ9vX2mLp7Rt5"), "{text}");

    drop(provider);
    let replayed = run.upstream("http://127.0.0.1:1").go();
    replayed.assert_passes();
    // The generated ids are redacted.
    let after_the_id = |ended: &Ended| {
        let answers = ended.said("answer: ").into_iter();
        let answers = answers.filter_map(|answer| answer.split_once("\"object\""));
        answers.map(|(_, rest)| rest.to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(after_the_id(&recorded).len(), 2);
    assert_eq!(after_the_id(&replayed), after_the_id(&recorded));
    assert_eq!(replayed.said("calls: "), recorded.said("calls: "));
    assert_eq!(recorded.said("key: "), ["sk-proj-Zb3kQ9vX2mLp7Rt5"]);
    assert_eq!(replayed.said("key: "), ["replayed"]);
    // With `record`, the time was that of the provider.
    assert_eq!(recorded.said("waited: "), ["true"]);
    assert_eq!(replayed.said("waited: "), ["false"]);
}

#[test]
fn s107_two_tests_that_record_at_once_do_not_mix() {
    let folder = folder("at_once");
    let provider = provider();
    let run = Run::new(&folder, &["asks", "asks_too", "asks_twice"]).upstream(&provider.url());
    run.mode("record").go().assert_passes();
    for (name, city) in [("asks", "Paris"), ("asks_too", "Rome")] {
        let file = folder.join(format!("tests/cassettes/recorder__children__{name}.yaml"));
        let text = fs::read_to_string(file).expect("it is recorded");
        assert!(text.contains(&format!("weather in {city}")), "{text}");
        let others = ["Paris", "Rome", "Oslo"]
            .into_iter()
            .filter(|other| *other != city);
        for other in others {
            assert!(!text.contains(other), "{other}: {text}");
        }
    }
    let second = folder.join("tests/cassettes/recorder__children__asks_twice__2.yaml");
    let text = fs::read_to_string(second).expect("it is recorded");
    assert!(text.contains("Oslo") && !text.contains("Bern"), "{text}");
    run.upstream("http://127.0.0.1:1").go().assert_passes();
}

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
        "the test fails, so tests/cassettes/recorder__children__asks.yaml is as it was",
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

#[test]
fn s108_a_recording_without_a_request_fails_the_test() {
    let folder = folder("no_request");
    let ended = Run::new(&folder, &["asks"])
        .upstream("http://127.0.0.1:1")
        .mode("record")
        .variable("CHILD", "is silent")
        .go();
    ended.assert_fails();
    ended.assert_says("nothing was recorded for tests/cassettes/recorder__children__asks.yaml");
    assert!(!folder.join(ASKS).exists());
}

#[test]
fn s103_a_provider_that_does_not_answer_fails_the_test_whatever_the_client_does() {
    let folder = folder("refused");
    let ended = Run::new(&folder, &["swallows"])
        .upstream("http://127.0.0.1:1")
        .mode("record")
        .go();
    ended.assert_fails();
    ended.assert_says("http://127.0.0.1:1 does not answer");
}

#[test]
fn s104_a_replay_without_a_recording_fails_and_names_the_command() {
    let folder = folder("missing");
    let ended = Run::new(&folder, &["asks"]).go();
    ended.assert_fails();
    ended.assert_says(
        "there is no recording tests/cassettes/recorder__children__asks.yaml: record it with `MOCK_CORE_RECORD=record cargo test --features mock-core/record -- --exact children::asks`",
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
        "nearest:  POST /v1/chat/completions, recorded at",
        "messages[0].content is",
        "MOCK_CORE_RECORD=missing cargo test --features mock-core/record -- --exact children::swallows",
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
fn an_unknown_mode_names_the_known_ones() {
    let ended = Run::new(&folder("mode"), &["asks"]).mode("1").go();
    ended.assert_fails();
    ended.assert_says(
        "`MOCK_CORE_RECORD` is `1`, which is not a mode: set it to `record`, `missing` or `replay`",
    );
}

#[test]
fn a_recording_without_the_key_names_the_variable() {
    let ended = Run::new(&folder("key"), &["asks"])
        .mode("record")
        .variable("CHILD_KEY", "")
        .go();
    ended.assert_fails();
    ended.assert_says("a recording needs the API key in `CHILD_KEY`");
}

#[test]
fn a_test_that_runs_several_times_is_not_recorded() {
    for child in ["sweeps", "has_seeds"] {
        let ended = Run::new(&folder(child), &[child]).mode("record").go();
        ended.assert_fails();
        ended.assert_says("runs several times, and is recorded once");
    }
}
