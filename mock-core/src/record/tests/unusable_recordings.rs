//! Recordings that are missing or cannot be read.

use super::provider::{ask, request};
use super::*;

#[test]
fn s104_a_replay_without_a_recording_names_the_command() {
    let recorder = recorder(&new_file("none"), RecordMode::Replay);
    let error = recorder
        .serve("https://example.com")
        .expect_err("there is none");
    assert_eq!(error.problem(), RecordProblem::Missing);
    let name =
        "record::tests::unusable_recordings::s104_a_replay_without_a_recording_names_the_command";
    let command = format!(
        "`MOCK_CORE_RECORD=record cargo test --features mock-core/record -- --exact {name}`"
    );
    assert!(error.to_string().contains(&command), "{error}");
}

#[tokio::test]
async fn a_recorder_that_could_not_serve_serves_when_the_file_is_there() {
    let file = new_file("late");
    let recorder = recorder(&file, RecordMode::Replay);
    for _ in 0..2 {
        let error = recorder
            .serve("https://example.com")
            .expect_err("there is no file");
        assert_eq!(error.problem(), RecordProblem::Missing);
    }
    let cassette = Cassette::new([mock_cassette::Interaction::new("POST", "/v1/x")]);
    cassette.save(&file).expect("it is written");
    let server = recorder
        .serve("https://example.com")
        .expect("it serves now");
    let _ = server.verify();
}

#[tokio::test]
async fn a_recording_that_cannot_be_read_is_an_error_of_its_place() {
    let file = new_file("unreadable");
    std::fs::create_dir_all(file.parent().expect("it has one")).expect("a folder");
    let good = "version: 1\nwhen:\n  path: /\nthen:\n  status: 204\n...\n";
    let nested = format!("when: {}", "[".repeat(5_000));
    let wide: Vec<u8> = good.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let bad: [(&[u8], u32); 8] = [
        (b"when: [", 1),
        (b"", 0),
        (good.trim_end_matches("...\n").as_bytes(), 1),
        (b"when:\n  path: \0", 2),
        (b"when:\n  path: /caf\xe9\n", 2),
        (&wide, 1),
        (nested.as_bytes(), 1),
        (b"a: &a [x]\nb: [*a, *a]\n", 2),
    ];
    for (bytes, line) in bad {
        std::fs::write(&file, bytes).expect("it is written");
        for mode in [RecordMode::Replay, RecordMode::Missing] {
            let error = recorder(&file, mode)
                .serve("https://example.com")
                .expect_err("it cannot be read");
            assert_eq!(error.problem(), RecordProblem::Unreadable);
            // An empty file has no line.
            let place = match line {
                0 => "unreadable.yaml: ".to_owned(),
                line => format!("unreadable.yaml:{line}:"),
            };
            let text = error.to_string();
            assert!(text.contains(&place) && text.contains("; "), "{text}");
        }
        assert_eq!(std::fs::read(&file).expect("it is there"), bytes);
    }
    // A recorder that replaces the file does not read it.
    let provider = ok_provider().await;
    let (recording, server) = record(&file, RecordMode::Record, &provider);
    ask(server.addr(), &request("GET /new", "", b"")).await;
    recording.finish().await.expect("it is written");
    let cassette = Cassette::load(&file).expect("it is whole");
    assert_eq!(cassette.interactions()[0].path, "/new");
    let error = recorder(&file, RecordMode::Replay)
        .serve("example.com")
        .expect_err("no URL");
    assert_eq!(error.problem(), RecordProblem::Upstream);
}
