//! What is written when a recording ends: to its file, elsewhere, or nothing.

use super::provider::{ask, request};
use super::*;

#[tokio::test]
async fn s108_a_recording_of_nothing_leaves_the_old_file() {
    let provider = ok_provider().await;
    let file = new_file("nothing");
    let (recorder, _server) = record(&file, RecordMode::Record, &provider);
    let error = recorder.finish().await.expect_err("nothing was asked");
    assert_eq!(error.problem(), RecordProblem::Empty);
    assert!(
        error.to_string().contains("point the client at the server"),
        "{error}"
    );
    assert!(!file.exists());
}

#[tokio::test]
async fn s108_a_recording_that_cannot_be_written_is_kept_elsewhere() {
    let provider = ok_provider().await;
    // The files have the same name.
    let files = ["unwritable_1", "unwritable_2"].map(|folder| {
        let folder = new_file(folder).parent().expect("it has one").to_owned();
        // A file in place of the folder.
        std::fs::write(&folder, "").expect("it is written");
        folder.join("unwritable.yaml")
    });
    let mut kept = Vec::new();
    for (index, file) in files.iter().enumerate() {
        let (recorder, server) = record(file, RecordMode::Record, &provider);
        let line = format!("GET /kept/{index}");
        ask(server.addr(), &request(&line, "", b"")).await;
        let error = recorder.finish().await.expect_err("it is not a folder");
        assert_eq!(error.problem(), RecordProblem::Unwritable);
        for words in [&*file.to_string_lossy(), "move it where it belongs"] {
            assert!(error.to_string().contains(words), "{error}");
        }
        kept.push(error.recording().expect("it is kept").to_owned());
        std::fs::remove_file(file.parent().expect("it has one")).expect("it is there");
    }
    for (index, kept) in kept.iter().enumerate() {
        let cassette = Cassette::load(kept).expect("it is whole");
        assert_eq!(cassette.interactions()[0].path, format!("/kept/{index}"));
        std::fs::remove_file(kept).expect("it is there");
    }
}

#[tokio::test]
async fn s108_dropping_the_last_handle_writes_the_file_unless_the_thread_panics() {
    let provider = ok_provider().await;
    for panics in [false, true] {
        let file = new_file(&format!("dropped{panics}"));
        let (recorder, server) = record(&file, RecordMode::Record, &provider);
        ask(server.addr(), &request("GET /x", "", b"")).await;
        server.wait_for_exchanges(1).await;
        drop(server);
        if panics {
            let thread = std::thread::spawn(move || {
                let _recorder = recorder;
                panic!("the test fails");
            });
            thread.join().expect_err("it panics");
        } else {
            drop(recorder);
        }
        assert_eq!(file.exists(), !panics);
    }
}
