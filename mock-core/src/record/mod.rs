//! Replays a recording, or makes it, by the same code: [`Recorder`]. Feature `cassette`; to record, it needs the feature `record`.

mod error;
#[cfg(feature = "record")]
mod file_lock;
#[cfg(feature = "record")]
mod in_process_exchange;
mod mode;
#[cfg(feature = "record")]
mod recorded_provider;
mod recording_path;
#[cfg(feature = "record")]
mod recording_session;
#[cfg(feature = "record")]
mod redact_and_save;
#[cfg(feature = "record")]
pub(crate) mod tape;
#[cfg(all(test, feature = "record"))]
mod tests;

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use mock_cassette::{Cassette, CassetteProblem, Redaction};

pub use error::{RecordError, RecordProblem};
pub use mode::RecordMode;

use crate::chat::provider::Provider;
use crate::harness::{FromTest, Test};
use crate::mock::{MockProvider, drop_unverified};
use crate::runtime::test_context;
use crate::scenario::{RecordCommands, Scenario};
use crate::server::{BaseUrl, MockServer};

/// Replays the recording of a test, and makes it when the environment variable `MOCK_CORE_RECORD` says so.
///
/// As an argument of a `#[provider_test]` its file has the name of the test: `tests/cassettes/agent__weather__asks.yaml`. The test is the
/// same code in both modes:
///
/// - By default it replays. [`serve`](Recorder::serve) returns a server that answers from the file and never touches a network.
/// - With `MOCK_CORE_RECORD=record` and the feature `record`, the server passes each request on to the provider and each answer back, byte
///   for byte as it comes. When the test passes, the file is written, without [secrets](Redaction).
/// - With `MOCK_CORE_RECORD=missing`, it answers from the file, and passes on only what is not in it.
///
/// A test that records runs on the real clock. If it fails, or an answer breaks off, the old file stays.
///
/// ```
/// # #![allow(unused_imports, clippy::needless_doctest_main)]
/// use mock_core::{RecordError, Recorder, provider_test};
///
/// #[provider_test]
/// async fn the_agent_asks_for_the_weather(recorder: Recorder) -> Result<(), RecordError> {
///     let server = recorder.serve("https://api.openai.com")?;
///     let key = recorder.key("OPENAI_API_KEY")?;
///     // .. a client with `server.openai_url()` and this key asks ..
///     Ok(())
/// }
/// # fn main() {}
/// ```
///
/// Outside of such a test, [`new`](Recorder::new) takes the file, and [`finish`](Recorder::finish) writes it.
///
/// A clone is another handle to the same recording, with settings of its own. Those of the handle that serves or wraps are used.
#[derive(Clone)]
pub struct Recorder {
    recording: Arc<Recording>,
    settings: Settings,
}

/// The state that all handles of a recorder share.
struct Recording {
    file: PathBuf,
    mode: RecordMode,
    /// The path of its test, without the crate, if it is known.
    test: Option<String>,
    /// The settings of the handle that serves or wraps, from then on.
    settings: OnceLock<Settings>,
    #[cfg(feature = "record")]
    live: Option<recording_session::RecordingSession>,
}

/// The settings of a recorder: the fields that a replay ignores, the factor of the gaps, and the redaction.
#[derive(Clone)]
struct Settings {
    ignored: Vec<String>,
    gap_scale: f64,
    redaction: Redaction,
}

impl Default for Settings {
    fn default() -> Self {
        Settings {
            ignored: Vec::new(),
            gap_scale: 1.0,
            redaction: Redaction::default(),
        }
    }
}

impl Recorder {
    /// Creates a recorder of this file. A relative path is relative to the current folder, which is that of the package in a test.
    ///
    /// # Errors
    /// If `MOCK_CORE_RECORD` has an unknown value, or asks for a recording without the feature `record`, or another recorder records the file
    /// at the same time.
    ///
    /// ```
    /// use mock_core::Recorder;
    ///
    /// let recorder = Recorder::new("tests/cassettes/weather.yaml")?;
    /// assert!(recorder.file().ends_with("weather.yaml"));
    /// # Ok::<(), mock_core::RecordError>(())
    /// ```
    pub fn new(file: impl Into<PathBuf>) -> Result<Self, RecordError> {
        Recorder::with_mode(file.into(), RecordMode::from_environment()?)
    }

    fn with_mode(file: PathBuf, mode: RecordMode) -> Result<Self, RecordError> {
        let test = test_context::name().map(str::to_owned).or_else(|| {
            // libtest names the thread of a test after it.
            let thread = std::thread::current();
            thread
                .name()
                .filter(|name| *name != "main")
                .map(str::to_owned)
        });
        #[cfg(not(feature = "record"))]
        if mode != RecordMode::Replay {
            let command = recording_path::command(word(mode), test.as_deref());
            return Err(RecordError::no_feature(&command));
        }
        let recording = Arc::new(Recording {
            #[cfg(feature = "record")]
            live: recording_session::RecordingSession::start(&file, mode)?,
            file,
            mode,
            test,
            settings: OnceLock::new(),
        });
        #[cfg(feature = "record")]
        if recording.live.is_some() {
            recording_session::join_test(&recording);
        }
        Ok(Recorder {
            recording,
            settings: Settings::default(),
        })
    }

    /// Ignores a field of the request's JSON body when requests are compared: see [`Cassette::ignore`].
    ///
    /// ```
    /// use mock_core::Recorder;
    ///
    /// let recorder = Recorder::new("tests/cassettes/weather.yaml")?.ignore("seed");
    /// # Ok::<(), mock_core::RecordError>(())
    /// ```
    #[must_use]
    pub fn ignore(mut self, field: impl Into<String>) -> Self {
        self.settings.ignored.push(field.into());
        self
    }

    /// Multiplies the gaps between frames in a replay: see [`Cassette::scale_gaps`].
    ///
    /// # Panics
    /// If the factor is negative or not finite.
    ///
    /// ```
    /// use mock_core::Recorder;
    ///
    /// let recorder = Recorder::new("tests/cassettes/weather.yaml")?.scale_gaps(0.0);
    /// # Ok::<(), mock_core::RecordError>(())
    /// ```
    #[track_caller]
    #[must_use]
    pub fn scale_gaps(mut self, factor: f64) -> Self {
        // Let the cassette panic on an invalid factor, at the line of the caller.
        let _ = Cassette::default().scale_gaps(factor);
        self.settings.gap_scale = factor;
        self
    }

    /// Replaces what is redacted in the recording, and when a replay compares requests: see [`Redaction`]. The default redacts credentials,
    /// the values of environment variables that look like secrets, e-mail addresses, names of users in local paths, and generated ids.
    ///
    /// ```
    /// use mock_core::Recorder;
    /// use mock_core::cassette::Redaction;
    ///
    /// let redaction = Redaction::default().json("messages.*.name", "somebody");
    /// let recorder = Recorder::new("tests/cassettes/weather.yaml")?.redaction(redaction);
    /// # Ok::<(), mock_core::RecordError>(())
    /// ```
    #[must_use]
    pub fn redaction(mut self, redaction: Redaction) -> Self {
        self.settings.redaction = redaction;
        self
    }

    /// Returns whether it replays or records.
    ///
    /// ```
    /// use mock_core::{RecordMode, Recorder};
    ///
    /// let recorder = Recorder::new("tests/cassettes/weather.yaml")?;
    /// assert_eq!(recorder.mode(), RecordMode::Replay);
    /// # Ok::<(), mock_core::RecordError>(())
    /// ```
    pub fn mode(&self) -> RecordMode {
        self.recording.mode
    }

    /// Returns whether it asks a provider: in the modes [`Record`](RecordMode::Record) and [`Missing`](RecordMode::Missing).
    ///
    /// ```
    /// use mock_core::Recorder;
    ///
    /// assert!(!Recorder::new("tests/cassettes/weather.yaml")?.is_recording());
    /// # Ok::<(), mock_core::RecordError>(())
    /// ```
    pub fn is_recording(&self) -> bool {
        self.recording.mode != RecordMode::Replay
    }

    /// Returns the file of the recording.
    ///
    /// ```
    /// use mock_core::Recorder;
    ///
    /// let recorder = Recorder::new("tests/cassettes/weather.yaml")?;
    /// assert_eq!(recorder.file().to_str(), Some("tests/cassettes/weather.yaml"));
    /// # Ok::<(), mock_core::RecordError>(())
    /// ```
    pub fn file(&self) -> &Path {
        &self.recording.file
    }

    /// Returns the API key in this environment variable while the recorder records. In a replay it returns the text `replayed`, since no
    /// provider checks the key. The key never gets into the file.
    ///
    /// In the mode [`Missing`](RecordMode::Missing) the key may never be needed. If the variable is not set, this returns `replayed` too, and
    /// the test fails once a request is not in the file. That request does not reach the provider.
    ///
    /// # Errors
    /// If the mode is [`Record`](RecordMode::Record), and the variable is not set.
    ///
    /// ```
    /// use mock_core::Recorder;
    ///
    /// let recorder = Recorder::new("tests/cassettes/weather.yaml")?;
    /// assert_eq!(recorder.key("OPENAI_API_KEY")?, "replayed");
    /// # Ok::<(), mock_core::RecordError>(())
    /// ```
    pub fn key(&self, variable: &str) -> Result<String, RecordError> {
        #[cfg(feature = "record")]
        if let Some(live) = &self.recording.live {
            return live.key(variable, self.mode());
        }
        let _ = variable;
        Ok(REPLAYED_KEY.to_owned())
    }

    /// Starts a server that replays the recording, or that records what the provider at this base URL answers.
    ///
    /// The base URL is that of the provider's host, such as `https://api.openai.com` or `http://127.0.0.1:11434`. Its path goes before that of each request, and a version
    /// that both have counts once: with `https://api.openai.com/v1`, a request for `/v1/models` goes to `https://api.openai.com/v1/models`.
    ///
    /// # Errors
    /// If there is no recording to replay, or it cannot be read; if the base URL is not one; or if the server does not start. A recorder serves
    /// once.
    ///
    /// ```
    /// # #![allow(unused_imports, clippy::needless_doctest_main)]
    /// use mock_core::{RecordError, Recorder, provider_test};
    ///
    /// #[provider_test]
    /// async fn the_agent_asks(recorder: Recorder) -> Result<(), RecordError> {
    ///     let server = recorder.serve("https://api.openai.com")?;
    ///     assert!(server.openai_url().starts_with("http://127.0.0.1:"));
    ///     Ok(())
    /// }
    /// # fn main() {}
    /// ```
    #[track_caller]
    pub fn serve(&self, base_url: &str) -> Result<MockServer, RecordError> {
        let base_url: BaseUrl = base_url
            .parse()
            .map_err(|problem: String| RecordError::new(RecordProblem::Upstream, problem))?;
        // Check the base URL in a replay, too, although no provider is asked.
        #[cfg(not(feature = "record"))]
        let _ = base_url;
        let scenario = self.scenario()?;
        let served = match self.recording.mode {
            RecordMode::Replay => MockServer::bind(MockProvider::new(scenario), 0),
            #[cfg(feature = "record")]
            _ => self.record_served(scenario, base_url),
            #[cfg(not(feature = "record"))]
            _ => unreachable!("without the feature there is no such recorder"),
        };
        served.map_err(|error| {
            let message = format!("the server does not start: {error}");
            RecordError::new(RecordProblem::Server, message)
        })
    }

    /// Returns a mock that replays the recording in process, or that asks this provider and records what it answers.
    ///
    /// Put the mock behind your own trait, as any other. To record a provider of your own, implement [`Provider`] for a newtype around it.
    /// Events of a stream come as the provider sends them.
    ///
    /// The file is that of [`serve`](Recorder::serve). An exchange is written in the format of the provider that [`Provider::name`] names,
    /// if that format can express all of it. Otherwise, the first format that can is used: OpenAI's, Anthropic's, Gemini's or Ollama's.
    ///
    /// # Errors
    /// If there is no recording to replay, or it cannot be read. A recorder wraps or serves once.
    ///
    /// ```
    /// use mock_core::{MockProvider, RecordProblem, Recorder, builder::*};
    ///
    /// let provider = MockProvider::script([reply("Hi.")]);
    /// let recorder = Recorder::new("tests/cassettes/greeting.yaml")?;
    /// assert_eq!(recorder.wrap(provider).unwrap_err().problem(), RecordProblem::Missing);
    /// # Ok::<(), mock_core::RecordError>(())
    /// ```
    #[track_caller]
    pub fn wrap(&self, provider: impl Provider + 'static) -> Result<MockProvider, RecordError> {
        // In a replay the provider is not asked. So if it contains a mock, do not verify the mock.
        let scenario = match self.scenario() {
            Ok(scenario) => scenario,
            Err(error) => {
                drop_unverified(provider);
                return Err(error);
            }
        };
        #[cfg(feature = "record")]
        let scenario = match &self.recording.live {
            Some(live) => live.with_provider(scenario, provider),
            None => {
                drop_unverified(provider);
                scenario
            }
        };
        #[cfg(not(feature = "record"))]
        drop_unverified(provider);
        Ok(MockProvider::new(scenario))
    }

    /// The scenario of the recording. It is asked for once.
    #[track_caller]
    fn scenario(&self) -> Result<Scenario, RecordError> {
        // Load first: if the file cannot be read, the recorder has not been used, and can be used again.
        let cassette = self.recording.load()?;
        if self.recording.settings.set(self.settings.clone()).is_err() {
            return Err(RecordError::new(
                RecordProblem::Used,
                format!(
                    "the recorder of {} serves something already: make another recorder, with a file of its own",
                    self.recording.file.display()
                ),
            ));
        }
        let cassette = self.recording.with_settings(cassette);
        let mut scenario = Scenario::cassette(cassette);
        scenario.set_record_commands(RecordCommands {
            missing: self.recording.command(RecordMode::Missing),
            all: self.recording.command(RecordMode::Record),
        });
        Ok(scenario)
    }

    /// Waits until every answer has come whole, and writes the file if it records. A `#[provider_test]` does this when it has passed, and so
    /// need not call it. If it replays, nothing happens.
    ///
    /// Outside of such a test, dropping the last handle writes the file too. It cannot wait, and panics where this returns an error.
    ///
    /// # Errors
    /// If nothing was recorded, if an answer broke off, or if the file cannot be written. The old file stays, and
    /// [`RecordError::recording`] names the file that holds what was recorded.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), mock_core::RecordError> {
    /// use mock_core::Recorder;
    ///
    /// let recorder = Recorder::new("tests/cassettes/weather.yaml")?;
    /// // .. serve, and ask ..
    /// recorder.finish().await
    /// # }
    /// ```
    pub async fn finish(&self) -> Result<(), RecordError> {
        #[cfg(feature = "record")]
        if let Some(live) = &self.recording.live {
            live.tape.settled().await;
            self.recording.end(true)?;
        }
        Ok(())
    }
}

impl Recording {
    /// The command that records it.
    fn command(&self, mode: RecordMode) -> String {
        recording_path::command(word(mode), self.test.as_deref())
    }

    /// The exchanges of an earlier recording, which are replayed.
    #[cfg(feature = "record")]
    fn cassette(&self) -> Result<Cassette, RecordError> {
        Ok(self.with_settings(self.load()?))
    }

    /// The file as it is read.
    fn load(&self) -> Result<Cassette, RecordError> {
        Ok(match self.mode {
            RecordMode::Record => Cassette::default(),
            RecordMode::Replay | RecordMode::Missing => match Cassette::load(&self.file) {
                Ok(cassette) => cassette,
                Err(error) if error.problem() == CassetteProblem::Io && !self.file.exists() => {
                    self.no_recording()?
                }
                Err(error) => {
                    let message = error.to_string();
                    return Err(RecordError::new(RecordProblem::Unreadable, message));
                }
            },
        })
    }

    fn with_settings(&self, mut cassette: Cassette) -> Cassette {
        let Some(settings) = self.settings.get() else {
            return cassette;
        };
        for field in &settings.ignored {
            cassette = cassette.ignore(field.as_str());
        }
        let cassette = cassette.redaction(settings.redaction.clone());
        cassette.scale_gaps(settings.gap_scale)
    }

    /// The cassette of a recording that does not exist yet.
    fn no_recording(&self) -> Result<Cassette, RecordError> {
        match self.mode {
            RecordMode::Replay => Err(RecordError::new(
                RecordProblem::Missing,
                format!(
                    "there is no recording {}: record it with `{}`",
                    self.file.display(),
                    self.command(RecordMode::Record)
                ),
            )),
            RecordMode::Record | RecordMode::Missing => Ok(Cassette::default()),
        }
    }
}

/// The key of a client that reaches no provider.
const REPLAYED_KEY: &str = "replayed";

/// The value of the environment variable for a mode.
fn word(mode: RecordMode) -> &'static str {
    match mode {
        RecordMode::Replay => "replay",
        RecordMode::Record => "record",
        RecordMode::Missing => "missing",
    }
}

impl FromTest for Recorder {
    /// # Panics
    /// As [`Recorder::new`] fails, and while it records a test that runs several times.
    fn from_test(test: &mut Test) -> Self {
        let file = recording_path::file(test.name(), test.count_recorder());
        let recorder = Recorder::new(file).unwrap_or_else(|error| panic!("{error}"));
        if recorder.is_recording() && test.is_one_of_several() {
            panic!(
                "a test with `sweep` or `seeds` runs several times, and is recorded once: record it without the option, and put it back"
            );
        }
        recorder
    }
}

impl fmt::Debug for Recorder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Recorder")
            .field("file", &self.recording.file)
            .field("mode", &self.recording.mode)
            .finish_non_exhaustive()
    }
}
