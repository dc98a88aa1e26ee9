//! Ends a recording: redacts its secrets, and writes its file.

use std::env;
use std::path::PathBuf;
use std::sync::PoisonError;
use std::sync::atomic::Ordering;

use mock_cassette::{Cassette, Redaction};

use super::{RecordError, RecordMode, RecordProblem, Recording};
use crate::engine::seed_of;
use crate::record::tape::TapeContents;

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
        } = live.tape.contents();
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
        // The number distinguishes files of the same name in different folders.
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
