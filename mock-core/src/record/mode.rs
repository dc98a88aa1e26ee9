//! Whether a recorder replays or records: [`RecordMode`].

use std::ffi::OsString;

use crate::environment_variables::{EnvironmentError, RECORD, value};

/// Whether a [`Recorder`](crate::Recorder) replays or records. The environment variable `MOCK_CORE_RECORD` decides it for a whole run.
///
/// ```
/// use mock_core::{RecordMode, Recorder};
///
/// let recorder = Recorder::new("tests/cassettes/weather.yaml")?;
/// assert_eq!(recorder.mode(), RecordMode::Replay);
/// # Ok::<(), mock_core::RecordError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum RecordMode {
    /// Answers from the recording, and never uses the network. This is the default, and the value `replay` of the variable.
    #[default]
    Replay,
    /// Passes every request on to the provider, and replaces the recording: the value `record`.
    Record,
    /// Answers from the recording. Passes on requests that are not in it, and adds them: the value `missing`.
    Missing,
}

impl RecordMode {
    /// The mode that the environment sets.
    pub(super) fn from_environment() -> Result<Self, EnvironmentError> {
        value(RECORD).map_or(Ok(RecordMode::Replay), parse)
    }
}

fn parse(value: OsString) -> Result<RecordMode, EnvironmentError> {
    match value.to_str() {
        Some("replay") => Ok(RecordMode::Replay),
        Some("record") => Ok(RecordMode::Record),
        Some("missing") => Ok(RecordMode::Missing),
        _ => Err(EnvironmentError::new(
            RECORD,
            &value,
            "a mode: set it to `record`, `missing` or `replay`",
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mode_is_one_of_three_words() {
        for (value, mode) in [
            ("replay", RecordMode::Replay),
            ("record", RecordMode::Record),
            ("missing", RecordMode::Missing),
        ] {
            assert_eq!(parse(value.into()), Ok(mode));
        }
        for value in ["1", "true", "Record", "record_missing", "record "] {
            let error = parse(value.into()).expect_err(value).to_string();
            for word in [RECORD, value, "`record`, `missing` or `replay`"] {
                assert!(error.contains(word), "{error}");
            }
        }
    }
}
