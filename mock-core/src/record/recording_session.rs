//! A recorder that records: its tape, the provider, and the end with the test.

use std::env;
use std::io;
use std::path::Path;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use super::file_lock::FileLock;
use super::recorded_provider::RecordedProvider;
use super::{REPLAYED_KEY, RecordError, RecordMode, RecordProblem, Recorder, Recording};
use crate::chat::provider::Provider;
use crate::environment_variables::RECORD;
use crate::mock::MockProvider;
use crate::record::tape::Tape;
use crate::runtime::is_clock_paused::resume;
use crate::runtime::test_context::{self, EndsWithTest};
use crate::scenario::{Responder, Scenario};
use crate::server::{BaseUrl, MockServer, Upstream};

/// The state of a recorder that is recording.
pub(super) struct RecordingSession {
    pub(super) tape: Arc<Tape>,
    /// The keys that clients got, by the names of variables that a redaction knows.
    pub(super) keys: Mutex<Vec<(String, String)>>,
    /// Whether it has ended.
    pub(super) has_ended: AtomicBool,
    /// Whether a test ends it.
    is_of_test: AtomicBool,
    /// Keeps others from recording the same file meanwhile.
    _lock: FileLock,
}

impl RecordingSession {
    /// Starts to record, unless the mode is to replay. Time is real from now on.
    pub(super) fn start(file: &Path, mode: RecordMode) -> Result<Option<Self>, RecordError> {
        if mode == RecordMode::Replay {
            return Ok(None);
        }
        let lock = FileLock::lock(file)?;
        resume();
        Ok(Some(RecordingSession {
            tape: Arc::default(),
            keys: Mutex::default(),
            has_ended: AtomicBool::new(false),
            is_of_test: AtomicBool::new(false),
            _lock: lock,
        }))
    }
}

impl RecordingSession {
    /// The API key in an environment variable. If it is not set, and may not be needed, nothing is passed on to the provider.
    pub(super) fn key(&self, variable: &str, mode: RecordMode) -> Result<String, RecordError> {
        match env::var(variable) {
            Ok(key) if !key.is_empty() => {
                let mut keys = self.keys.lock().unwrap_or_else(PoisonError::into_inner);
                keys.push((format!("{variable}_KEY"), key.clone()));
                Ok(key)
            }
            _ if mode == RecordMode::Missing => {
                self.tape.forbid(format!(
                    "it is not in the recording, and to ask the provider for it needs the API key in `{variable}`: set the variable, or set `{RECORD}=replay` to see what differs"
                ));
                Ok(REPLAYED_KEY.to_owned())
            }
            _ => Err(RecordError::new(
                RecordProblem::Key,
                format!("a recording needs the API key in `{variable}`: set it, or replay"),
            )),
        }
    }

    /// The scenario with a provider that answers what is not recorded.
    pub(super) fn with_provider(
        &self,
        scenario: Scenario,
        provider: impl Provider + 'static,
    ) -> Scenario {
        let recorded_provider = RecordedProvider::new(provider, Arc::clone(&self.tape));
        scenario.live(Responder::Provider(Arc::new(recorded_provider)))
    }
}

/// Lets the current test end the recording, if there is one.
pub(super) fn join_test(recording: &Arc<Recording>) {
    let ends = Arc::clone(recording) as Arc<dyn EndsWithTest>;
    if test_context::end_with_test(ends)
        && let Some(live) = &recording.live
    {
        live.is_of_test.store(true, Ordering::Relaxed);
    }
}

impl Recorder {
    /// Serves a scenario of what has been recorded, and records what else the provider answers.
    #[track_caller]
    pub(super) fn record_served(
        &self,
        scenario: Scenario,
        base_url: BaseUrl,
    ) -> io::Result<MockServer> {
        let Some(live) = &self.recording.live else {
            return Err(io::Error::other("it does not record"));
        };
        let asks_first = self.recording.mode == RecordMode::Missing;
        let upstream = Upstream::new(base_url, Arc::clone(&live.tape), asks_first)?;
        // The provider answers over the wire: the closure is never called.
        let nothing = Responder::AsyncFn(|_| Box::pin(std::future::pending()));
        MockServer::record(MockProvider::new(scenario.live(nothing)), upstream)
    }
}

impl EndsWithTest for Recording {
    fn settled(&self) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        let tape = self.live.as_ref().map(|live| Arc::clone(&live.tape));
        Box::pin(async move {
            if let Some(tape) = tape {
                tape.settled().await;
            }
        })
    }

    fn end(&self, passes: bool) -> Result<Option<String>, String> {
        match Recording::end(self, passes) {
            Ok(kept) => Ok(kept.map(|kept| {
                format!(
                    "the test fails, so {} {}; what was recorded is in {}",
                    self.file.display(),
                    match self.file.exists() {
                        true => "is as it was",
                        false => "was not written",
                    },
                    kept.display()
                )
            })),
            Err(error) => Err(error.to_string()),
        }
    }
}

impl Drop for Recording {
    fn drop(&mut self) {
        let is_of_test = |live: &RecordingSession| live.is_of_test.load(Ordering::Relaxed);
        if self.live.as_ref().is_none_or(is_of_test) {
            return;
        }
        let panics = std::thread::panicking();
        match Recording::end(self, !panics) {
            Ok(None) => {}
            Ok(Some(kept)) => eprintln!("what was recorded is in {}", kept.display()),
            Err(error) if panics => eprintln!("{error}"),
            Err(error) => panic!("{error}"),
        }
    }
}
