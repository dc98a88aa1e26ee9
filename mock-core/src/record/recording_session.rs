//! A recorder that records: its tape, and the file at the end.

use std::env;
use std::io;
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use super::file_lock::FileLock;
use super::recorded_provider::RecordedProvider;
use super::{REPLAYED_KEY, RecordError, RecordMode, RecordProblem, Recorder, Recording};
use crate::cassette::{Cassette, Redaction};
use crate::chat::provider::Provider;
use crate::engine::seed_of;
use crate::environment::RECORD;
use crate::mock::MockProvider;
use crate::record::tape::{Tape, TapeContents};
use crate::runtime::paused_clock::resume;
use crate::runtime::test_context::{self, EndsWithTest};
use crate::scenario::{Responder, Scenario};
use crate::server::{BaseUrl, MockServer, Upstream};

/// The state of a recorder that is recording.
pub(super) struct RecordingSession {
    pub(super) tape: Arc<Tape>,
    /// The keys that clients got, by the names of variables that a redaction knows.
    keys: Mutex<Vec<(String, String)>>,
    /// Whether it has ended.
    has_ended: AtomicBool,
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
    pub(super) fn of_provider(
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

impl Recording {
    /// Ends the recording, and writes its file if its test has passed. Returns where the recording of a test is that has not.
    pub(super) fn end(&self, passes: bool) -> Result<Option<PathBuf>, RecordError> {
        let Some(live) = &self.live else {
            return Ok(None);
        };
        if live.has_ended.swap(true, Ordering::Relaxed) {
            return Ok(None);
        }
        let TapeContents {
            interactions,
            problems,
            lacks_key,
        } = live.tape.seen();
        if interactions.is_empty() && problems.is_empty() {
            return match passes && self.mode == RecordMode::Record {
                true => Err(self.empty()),
                false => Ok(None),
            };
        }
        let before = match self.mode {
            RecordMode::Missing => self.cassette()?.interactions().to_vec(),
            _ => Vec::new(),
        };
        let cassette = Cassette::new(before.into_iter().chain(interactions));
        let cassette = self.redaction().apply(cassette);
        if !problems.is_empty() {
            let problem = match lacks_key {
                true => RecordProblem::Key,
                false => RecordProblem::Broken,
            };
            return Err(self.broken(problem, &cassette, &problems));
        }
        if !passes {
            return Ok(self.keep(&cassette));
        }
        match cassette.save(&self.file) {
            Ok(()) => Ok(None),
            Err(error) => {
                let message = format!("the recording cannot be written: {error}");
                let error = RecordError::new(RecordProblem::Unwritable, message);
                Err(self.with_kept(error, &cassette))
            }
        }
    }

    /// Returns the redaction, with the secrets of this process.
    fn redaction(&self) -> Redaction {
        let settings = self.settings.get().cloned().unwrap_or_default();
        let redaction = settings.redaction.process_environment();
        let Some(live) = &self.live else {
            return redaction;
        };
        let keys = live.keys.lock().unwrap_or_else(PoisonError::into_inner);
        redaction.environment(keys.iter().cloned())
    }

    fn empty(&self) -> RecordError {
        RecordError::new(
            RecordProblem::Empty,
            format!(
                "nothing was recorded for {}: point the client at the server that `serve` returned",
                self.file.display()
            ),
        )
    }

    fn broken(
        &self,
        problem: RecordProblem,
        cassette: &Cassette,
        problems: &[String],
    ) -> RecordError {
        let message = format!(
            "{} was not written, because not every answer came whole: {}",
            self.file.display(),
            problems.join("; ")
        );
        let error = RecordError::new(problem, message);
        match cassette.interactions() {
            [] => error,
            _ => self.with_kept(error, cassette),
        }
    }

    fn with_kept(&self, error: RecordError, cassette: &Cassette) -> RecordError {
        match self.keep(cassette) {
            Some(kept) => error.kept(kept),
            None => error,
        }
    }

    /// Keeps a recording that cannot be where it belongs among the temporary files, or else prints it. Returns where it is.
    fn keep(&self, cassette: &Cassette) -> Option<PathBuf> {
        let name = self.file.file_stem().unwrap_or_default().to_string_lossy();
        // Files of one name in several folders are kept apart.
        let number = seed_of(&[&self.file.to_string_lossy()]);
        let name = format!("mock-core-{name}-{number:016x}-{}.yaml", std::process::id());
        let file = env::temp_dir().join(name);
        match cassette.save(&file) {
            Ok(()) => Some(file),
            Err(error) => {
                let text = cassette.to_yaml();
                eprintln!(
                    "{error}\nwhat was recorded for {}:\n{text}",
                    self.file.display()
                );
                None
            }
        }
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
