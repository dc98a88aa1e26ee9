//! The settings of a handle, how often it serves, and the clock while it records.

use super::provider::{ask, request};
use super::*;

#[tokio::test]
async fn the_settings_of_a_recorder_are_those_of_the_handle_that_serves() {
    let asked = |seed: u32| format!("{{\"seed\":{seed},\"messages\":[]}}");
    let mut interaction = mock_cassette::Interaction::new("POST", "/v1/x");
    interaction.request_body = asked(1).into_bytes();
    let file = new_file("settings");
    let cassette = Cassette::new([interaction]);
    cassette.save(&file).expect("it is written");
    for (ignores, status) in [(true, "200"), (false, "400")] {
        let one = recorder(&file, RecordMode::Replay);
        let other = one.clone().ignore("seed");
        let served = if ignores { other } else { one };
        let server = served.serve("http://127.0.0.1:1").expect("it serves");
        let request = request("POST /v1/x", "", asked(2).as_bytes());
        let got = ask(server.addr(), &request).await;
        assert!(got.status.contains(status), "{got:?}");
        let _ = server.verify();
    }
}

#[tokio::test]
async fn s107_a_recorder_serves_once() {
    let provider = ok_provider().await;
    let (recorder, _server) = record(&new_file("used"), RecordMode::Missing, &provider);
    let error = recorder
        .serve(&provider.url())
        .expect_err("it serves already");
    assert_eq!(error.problem(), RecordProblem::Used);
}

#[tokio::test(start_paused = true)]
async fn s109_time_is_real_while_something_is_recorded_and_not_in_a_replay() {
    let file = new_file("time");
    let is_paused = crate::runtime::is_clock_paused::is_paused;
    drop(recorder(&file, RecordMode::Replay));
    assert!(is_paused());
    let recorder = recorder(&file, RecordMode::Missing);
    assert!(!is_paused());
    recorder.finish().await.expect("there is nothing to write");
}
