//! When a recorder asks for the API key.

use super::provider::{ask, request};
use super::*;

/// A variable that nobody sets.
const NO_KEY: &str = "MOCK_CORE_TEST_KEY_THAT_NOBODY_SETS";

#[tokio::test]
async fn a_key_is_asked_for_only_while_something_is_recorded() {
    let file = new_file("key");
    let replays = recorder(&file, RecordMode::Replay);
    assert_eq!(replays.key(NO_KEY).expect("any key"), "replayed");
    let records = recorder(&file, RecordMode::Record);
    let error = records.key(NO_KEY).expect_err("it is not set");
    assert_eq!(error.problem(), RecordProblem::Key);
    assert!(error.to_string().contains(NO_KEY), "{error}");
    // A variable that is always set.
    assert_eq!(records.key("PATH").ok(), env::var("PATH").ok());
    drop(records.finish());
    records.finish().await.expect_err("nothing was recorded");
}

#[tokio::test]
async fn s104_a_key_is_asked_for_once_a_request_is_missing() {
    let provider = ok_provider().await;
    let file = new_file("key_missing");
    let known = mock_cassette::Interaction::new("GET", "/known");
    Cassette::new([known]).save(&file).expect("it is written");
    let old = std::fs::read(&file).expect("it is there");
    for is_missing in [false, true] {
        let (recorder, server) = record(&file, RecordMode::Missing, &provider);
        assert_eq!(recorder.key(NO_KEY).expect("none yet"), "replayed");
        ask(server.addr(), &request("GET /known", "", b"")).await;
        if !is_missing {
            recorder.finish().await.expect("nothing was asked for");
            continue;
        }
        let got = ask(server.addr(), &request("GET /missing", "", b"")).await;
        assert!(got.status.contains("502"), "{got:?}");
        let error = recorder.finish().await.expect_err("it needs the key");
        assert_eq!(error.problem(), RecordProblem::Key);
        for text in [error.to_string(), got.text()] {
            for words in [NO_KEY, "set the variable", "MOCK_CORE_RECORD=replay"] {
                assert!(text.contains(words), "{text}");
            }
        }
        assert!(error.to_string().contains("GET /missing: "), "{error}");
    }
    assert_eq!(provider.requests(), [""; 0]);
    assert_eq!(std::fs::read(&file).expect("it is there"), old);
}
