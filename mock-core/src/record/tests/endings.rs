//! How a recording ends, and how it does not begin.

use super::provider::{ask, request};
use super::*;

async fn provider() -> Provider {
    let ok = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\nok";
    Provider::new(vec![Answer::whole(ok)]).await
}

#[tokio::test]
async fn s107_a_file_is_recorded_by_one_recorder_at_a_time() {
    let file = new_file("busy");
    let first = recorder(&file, RecordMode::Record);
    let error = Recorder::with_mode(file.clone(), RecordMode::Missing).expect_err("it is busy");
    assert_eq!(error.problem(), RecordProblem::Busy);
    assert!(
        error
            .to_string()
            .contains("give each test a file of its own"),
        "{error}"
    );
    recorder(&new_file("another"), RecordMode::Missing);
    let lock = recording_session::lock_path(&file);
    assert!(lock.is_file());
    assert_eq!(
        lock.parent(),
        Some(&*env::temp_dir()),
        "it is in no folder of one user"
    );
    first.finish().await.expect_err("nothing was recorded");
    drop(first);
    assert!(!lock.exists(), "nothing is left");
    let second = recorder(&file, RecordMode::Missing);
    second.finish().await.expect("there is nothing to write");
}

#[cfg(unix)]
#[test]
fn s107_a_lock_that_its_owner_has_removed_locks_nobody_out() {
    let path = recording_session::lock_path(&new_file("removed"));
    let open = || std::fs::File::create(&path).expect("it is created");
    let first = recording_session::FileLock::take(open(), &path).expect("nobody has it");
    let opened_before = open();
    drop(first.expect("it is there"));
    // Another recorder locks the next file of this name.
    let next = recording_session::FileLock::take(open(), &path).expect("nobody has it");
    let late = recording_session::FileLock::take(opened_before, &path).expect("nobody has it");
    assert!(next.is_some() && late.is_none());
    drop(late);
    assert!(path.exists(), "only its owner removes it");
    drop(next);
    assert!(!path.exists());
}

#[tokio::test]
async fn the_settings_of_a_recorder_are_those_of_the_handle_that_serves() {
    let asked = |seed: u32| format!("{{\"seed\":{seed},\"messages\":[]}}");
    let mut interaction = crate::cassette::Interaction::new("POST", "/v1/x");
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
    let provider = provider().await;
    let (recorder, _server) = record(&new_file("used"), RecordMode::Missing, &provider);
    let error = recorder
        .serve(&provider.url())
        .expect_err("it serves already");
    assert_eq!(error.problem(), RecordProblem::Used);
}

#[tokio::test]
async fn s108_a_recording_of_nothing_leaves_the_old_file() {
    let provider = provider().await;
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
async fn s108_what_cannot_be_written_is_kept_elsewhere() {
    let provider = provider().await;
    // They have the same name.
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
    let provider = provider().await;
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

#[tokio::test(start_paused = true)]
async fn s109_time_is_real_while_something_is_recorded_and_not_in_a_replay() {
    let file = new_file("time");
    let is_paused = crate::runtime::paused_clock::is_paused;
    drop(recorder(&file, RecordMode::Replay));
    assert!(is_paused());
    let recorder = recorder(&file, RecordMode::Missing);
    assert!(!is_paused());
    recorder.finish().await.expect("there is nothing to write");
}

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
    let provider = provider().await;
    let file = new_file("key_missing");
    let known = crate::cassette::Interaction::new("GET", "/known");
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

#[test]
fn s104_a_replay_without_a_recording_names_the_command() {
    let recorder = recorder(&new_file("none"), RecordMode::Replay);
    let error = recorder
        .serve("https://example.com")
        .expect_err("there is none");
    assert_eq!(error.problem(), RecordProblem::Missing);
    let name = "record::tests::endings::s104_a_replay_without_a_recording_names_the_command";
    let command = format!(
        "`MOCK_CORE_RECORD=record cargo test --features mock-core/record -- --exact {name}`"
    );
    assert!(error.to_string().contains(&command), "{error}");
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
    // What records all of it anew need not read it.
    let provider = provider().await;
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
