//! Recorders that record, from a provider on the loopback address.

mod end_of_a_recording;
mod file_lock;
mod handles_and_clock;
mod in_process;
mod provider;
mod proxy;
mod redaction;
mod round_trip;
mod unusable_recordings;
mod when_a_key_is_asked_for;

use std::env;
use std::path::PathBuf;

use super::*;
use crate::engine::seed_of;
use provider::{Answer, Provider};

/// A file for a recording, which does not exist, in a folder of its own beside this binary: the next run uses the folder again.
fn new_file(name: &str) -> PathBuf {
    let binary = env::current_exe().expect("a path");
    let folder = binary.with_extension(format!("{:x}", seed_of(&[name])));
    let _ = std::fs::remove_dir_all(&folder);
    folder.join(format!("{name}.yaml"))
}

fn recorder(file: &Path, mode: RecordMode) -> Recorder {
    Recorder::with_mode(file.to_owned(), mode).expect("a recorder")
}

/// A recorder of this file, and its server in front of a provider.
fn record(file: &Path, mode: RecordMode, provider: &Provider) -> (Recorder, MockServer) {
    let recorder = recorder(file, mode);
    let server = recorder.serve(&provider.url()).expect("it serves");
    (recorder, server)
}

/// A provider that answers a request with `ok`.
async fn ok_provider() -> Provider {
    let ok = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\nok";
    Provider::new(vec![Answer::whole(ok)]).await
}
