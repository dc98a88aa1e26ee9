//! Files of recorded exchanges: [`Cassette`].
//!
//! A cassette is a file of YAML documents. Each is one exchange: a request under `when`, and the response under `then`. The files that
//! `httpmock` and rig record are cassettes, too. `docs/cassettes.md` describes the format.
//!
//! This package holds what `mock-core` and its macros share. Use it as `mock_core::cassette`, with the feature `cassette`.

#![cfg_attr(not(test), warn(clippy::too_many_lines))]

mod body_position_in_file;
mod compare_redacted_requests;
mod detect;
mod error;
mod import;
mod misplaced_keys;
mod misspelt_keys;
mod mock_server_fixture;
mod node;
mod path_pattern;
mod read_exchanges;
mod read_json;
mod read_yaml;
mod recorded_calls;
mod recorded_wire;
mod redact;
mod replayed_frames;
mod request_line;
mod scan;
#[cfg(test)]
mod tests;
mod write_exchanges;

use std::fs;
use std::path::Path;
use std::time::Duration;

pub use compare_redacted_requests::Comparison;
pub use detect::SecretKind;
#[doc(hidden)]
pub use detect::{credential_names, is_credential_field, is_key, key_prefixes};
pub use error::{CassetteError, CassetteProblem, Mark};
pub use mock_server_fixture::{
    Fixture, FixtureCondition, FixtureEnd, FixtureError, FixturePart, FixtureUsage, TextCondition,
};
pub use recorded_calls::RecordedCall;
pub use recorded_wire::RecordedWire;
pub use redact::Redaction;
use request_line::{check_method, check_path};
pub use scan::{Finding, Scan, assert_no_secrets, find_secrets, scan};

/// The most bytes that a file may have.
pub const MAX_BYTES: usize = 256 * 1024 * 1024;

/// The version of the format that is read and written.
pub const VERSION: u32 = 1;

/// The encoding of a body that is not UTF-8.
pub(crate) const BASE64: &str = "base64";

/// Recorded exchanges, in the order of the recording.
///
/// `MockProvider::cassette` replays them.
///
/// ```
/// use mock_core::cassette::Cassette;
///
/// let cassette = Cassette::parse(
///     r#"
/// when:
///   method: GET
///   path: /v1/models
/// then:
///   status: 200
///   body: '{"data": []}'
/// "#,
/// )?;
/// assert_eq!(cassette.interactions()[0].path, "/v1/models");
/// assert_eq!(cassette.interactions()[0].body, br#"{"data": []}"#);
/// # Ok::<(), mock_core::cassette::CassetteError>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq)]
#[must_use]
pub struct Cassette {
    file: Option<String>,
    interactions: Vec<Interaction>,
    fixtures: Vec<Fixture>,
    unread: Vec<UnreadKey>,
    is_foreign: bool,
    ignored: Vec<String>,
    gap_scale: GapScale,
    redaction: Redaction,
}

/// One recorded exchange: a request, and the response to it.
///
/// ```
/// use mock_core::cassette::{Cassette, Interaction};
///
/// let mut interaction = Interaction::new("GET", "/v1/models");
/// interaction.body = b"{}".to_vec();
/// let cassette = Cassette::parse(&Cassette::new([interaction]).to_yaml())?;
/// assert_eq!(cassette.interactions()[0].path, "/v1/models");
/// assert_eq!(cassette.interactions()[0].body, b"{}");
/// # Ok::<(), mock_core::cassette::CassetteError>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Interaction {
    /// The line of its document in the file, from 1; 0 if it is in no file.
    pub line: u32,
    /// The method of the request, such as `POST`.
    pub method: String,
    /// The path of the request, without the query.
    pub path: String,
    /// The parameters of the query, decoded.
    pub query: Vec<(String, String)>,
    /// The headers of the request. They are kept, and not matched.
    pub request_headers: Vec<(String, String)>,
    /// The body of the request.
    pub request_body: Vec<u8>,
    /// The status of the response, from 200 to 999.
    pub status: u16,
    /// The headers of the response.
    pub headers: Vec<(String, String)>,
    /// The body of the response.
    pub body: Vec<u8>,
    /// The frames in which the body came, if they are known. Their lengths add up to that of the body.
    pub frames: Vec<RecordedFrame>,
    /// Where the body of the response begins in the file.
    pub(crate) body_place: body_position_in_file::BodyPlace,
    /// Keys that mean nothing to a replay, such as `when.host`, with their values in YAML on one line. They are written again.
    pub extra: Vec<(String, String)>,
}

/// A frame of a recorded stream.
///
/// ```
/// use std::time::Duration;
///
/// use mock_core::cassette::{Interaction, RecordedFrame};
///
/// let mut interaction = Interaction::new("POST", "/v1/chat/completions");
/// interaction.body = b"data: 1\n\ndata: 2\n\n".to_vec();
/// interaction.frames = vec![RecordedFrame::new(9, Duration::ZERO), RecordedFrame::new(9, Duration::from_millis(20))];
/// # assert_eq!(interaction.body.len(), 18);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct RecordedFrame {
    /// How many bytes of the body it has.
    pub bytes: usize,
    /// The time since the frame before, or since the head of the response.
    pub gap: Duration,
}

impl RecordedFrame {
    /// Creates a frame of this many bytes, which comes this time after the one before.
    pub const fn new(bytes: usize, gap: Duration) -> Self {
        RecordedFrame { bytes, gap }
    }
}

/// A key of a cassette that means nothing to a replay.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct UnreadKey {
    /// Its line, from 1.
    pub line: usize,
    /// The key with those that it is within, such as `when.body_includes`.
    pub key: String,
}

impl UnreadKey {
    /// Returns the key with `[]` in the place of each index, so that it is the same in each item of a list.
    ///
    /// ```
    /// use mock_cassette::Cassette;
    ///
    /// let har = r#"{"log": {"entries": [{"time": 5, "request": {"method": "GET", "url": "http://a/"}, "response": {"status": 204}}]}}"#;
    /// let cassette = Cassette::parse(har)?;
    /// let time = cassette.unread().iter().find(|unread| unread.key == "log.entries[0].time");
    /// assert_eq!(time.map(|time| time.without_indices()).as_deref(), Some("log.entries[].time"));
    /// # Ok::<(), mock_cassette::CassetteError>(())
    /// ```
    pub fn without_indices(&self) -> String {
        let mut parts = self.key.split('[');
        let mut key = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            let rest = part.trim_start_matches(|c: char| c.is_ascii_digit());
            key.push('[');
            key.push_str(if rest.starts_with(']') { rest } else { part });
        }
        key
    }
}

/// By how much the gaps between frames are longer in a replay.
#[derive(Debug, Clone, Copy, PartialEq)]
struct GapScale(f64);

impl Default for GapScale {
    fn default() -> Self {
        GapScale(1.0)
    }
}

impl Interaction {
    /// Creates an exchange whose request has no body, and whose response is an empty one with the status 200.
    pub fn new(method: impl Into<String>, path: impl Into<String>) -> Self {
        Interaction {
            line: 0,
            method: method.into(),
            path: path.into(),
            query: Vec::new(),
            request_headers: Vec::new(),
            request_body: Vec::new(),
            status: 200,
            headers: Vec::new(),
            body: Vec::new(),
            frames: Vec::new(),
            body_place: body_position_in_file::BodyPlace::default(),
            extra: Vec::new(),
        }
    }

    /// Returns the place in the file of the byte with this index in the body of the response. Where the text of the file is not the body, as
    /// with escapes, it is the beginning of the body; `None` if it is in no file.
    pub fn place_in_body(&self, index: usize) -> Option<Mark> {
        self.body_place.mark(&self.body, index)
    }
}

impl Cassette {
    /// Creates a cassette of these exchanges.
    ///
    /// ```
    /// use mock_core::cassette::{Cassette, Interaction};
    ///
    /// let cassette = Cassette::new([Interaction::new("GET", "/v1/models")]);
    /// assert_eq!(cassette.interactions().len(), 1);
    /// ```
    pub fn new(interactions: impl IntoIterator<Item = Interaction>) -> Self {
        Cassette {
            interactions: interactions.into_iter().collect(),
            ..Cassette::default()
        }
    }

    /// Reads a file: one of this library, `httpmock` or rig, an HTTP Archive, a cassette of vcrpy, VCR for Ruby or go-vcr, or fixtures of aimock or llmposter. A relative path is relative to the current folder, which is that of the package in a test.
    ///
    /// # Errors
    /// If the file cannot be read, or is not of recorded exchanges. The error names the file and the line.
    ///
    /// ```
    /// use mock_core::cassette::{Cassette, CassetteProblem};
    ///
    /// let error = Cassette::load("tests/cassettes/missing.yaml").unwrap_err();
    /// assert_eq!(error.problem(), CassetteProblem::Io);
    /// assert_eq!(error.file(), Some("tests/cassettes/missing.yaml"));
    /// ```
    pub fn load(path: impl AsRef<Path>) -> Result<Self, CassetteError> {
        let path = path.as_ref();
        let read = || {
            let metadata = fs::metadata(path).map_err(|error| io(&error))?;
            if !metadata.is_file() {
                // Reading a pipe or a device may never end.
                let message = "it is not a file".to_owned();
                return Err(CassetteError::new(
                    CassetteProblem::Io,
                    None,
                    message,
                    "name a file",
                ));
            }
            read_exchanges::check_length(usize::try_from(metadata.len()).unwrap_or(usize::MAX))?;
            let bytes = fs::read(path).map_err(|error| io(&error))?;
            Cassette::parse_bytes(&bytes)
        };
        let mut cassette = read().map_err(|error| error.in_file(path))?;
        cassette.file = Some(path.display().to_string());
        Ok(cassette)
    }

    /// Reads the text of a file.
    ///
    /// # Errors
    /// If it is not of recorded exchanges. The error names the line.
    pub fn parse(text: &str) -> Result<Self, CassetteError> {
        read_exchanges::read(text)
    }

    /// Reads the bytes of a file.
    ///
    /// # Errors
    /// If they are not of recorded exchanges.
    ///
    /// ```
    /// use mock_core::cassette::{Cassette, CassetteProblem};
    ///
    /// let error = Cassette::parse_bytes(b"when:\n  path: \xff").unwrap_err();
    /// assert_eq!((error.problem(), error.line()), (CassetteProblem::Encoding, Some(2)));
    /// ```
    pub fn parse_bytes(bytes: &[u8]) -> Result<Self, CassetteError> {
        read_exchanges::read(read_exchanges::text(bytes)?)
    }

    /// Returns the exchanges, in the order of the recording.
    pub fn interactions(&self) -> &[Interaction] {
        &self.interactions
    }

    /// Returns the fixtures of another mock server. They are in the order in which they are tried, and answer any number of times.
    pub fn fixtures(&self) -> &[Fixture] {
        &self.fixtures
    }

    /// Whether the file is of another tool, in a format that is read and not written: [`save`](Self::save) would write another format.
    ///
    /// ```
    /// use mock_core::cassette::Cassette;
    ///
    /// let cassette = Cassette::parse(r#"{"fixtures": [{"response": {"content": "Hi."}}]}"#)?;
    /// assert!(cassette.is_foreign());
    /// # Ok::<(), mock_core::cassette::CassetteError>(())
    /// ```
    pub fn is_foreign(&self) -> bool {
        self.is_foreign
    }

    /// Returns what a replay does not use, in the order of the file: keys that mean nothing to it, which [`save`](Self::save) writes again,
    /// and what is not carried over from the recordings of other tools.
    ///
    /// ```
    /// use mock_core::cassette::Cassette;
    ///
    /// let cassette = Cassette::parse("when: {path: /, host: example.com}\nthen: {status: 204}")?;
    /// assert_eq!(cassette.unread()[0].key, "when.host");
    /// # Ok::<(), mock_core::cassette::CassetteError>(())
    /// ```
    pub fn unread(&self) -> &[UnreadKey] {
        &self.unread
    }

    /// Ignores a field of the request's JSON body when requests are compared: its name, behind those of the objects that it is within.
    /// `*` stands for each item of a list, and a number for the item with this index, from 0: `messages.1.content`, or `messages[1].content` as
    /// reports write it. A replay already ignores `user`, `metadata`, `safety_identifier` and `prompt_cache_key` at the top.
    /// The names are those of the recorded body. A request in process is compared without these fields, too.
    ///
    /// ```
    /// use mock_core::{MockProvider, cassette::Cassette};
    ///
    /// let cassette = Cassette::parse("when: {path: /}\nthen: {status: 204}")?;
    /// let cassette = cassette.ignore("messages.*.id").ignore("seed");
    /// # let _ = std::mem::ManuallyDrop::new(MockProvider::cassette(cassette));
    /// # Ok::<(), mock_core::cassette::CassetteError>(())
    /// ```
    pub fn ignore(mut self, field: impl Into<String>) -> Self {
        let field: String = field.into();
        self.ignored.push(field.replace('[', ".").replace(']', ""));
        self
    }

    /// Compares requests after this redaction, which is that of the recording. The default is [`Redaction::default`].
    ///
    /// ```
    /// use mock_core::cassette::{Cassette, Redaction};
    ///
    /// let cassette = Cassette::parse("when: {path: /}\nthen: {status: 204}")?;
    /// let cassette = cassette.redaction(Redaction::default().json("messages.*.name", "somebody"));
    /// # Ok::<(), mock_core::cassette::CassetteError>(())
    /// ```
    pub fn redaction(mut self, redaction: Redaction) -> Self {
        self.redaction = redaction;
        self
    }

    /// Multiplies the recorded gaps between frames: 1 keeps them, which is the default, and 0 drops them.
    ///
    /// # Panics
    /// If the factor is negative or not finite.
    ///
    /// ```
    /// use mock_core::cassette::Cassette;
    ///
    /// let cassette = Cassette::parse("when: {path: /}\nthen: {status: 204}")?.scale_gaps(0.0);
    /// # Ok::<(), mock_core::cassette::CassetteError>(())
    /// ```
    #[track_caller]
    pub fn scale_gaps(mut self, factor: f64) -> Self {
        assert!(
            factor.is_finite() && factor >= 0.0,
            "gaps cannot be {factor} times as long: give 0 or a positive number"
        );
        self.gap_scale = GapScale(factor);
        self
    }

    /// Returns the file that it was read from, or its name by [`named`](Self::named); `None` if it has neither.
    ///
    /// ```
    /// use mock_core::cassette::Cassette;
    ///
    /// let cassette = Cassette::parse("when: {path: /}\nthen: {status: 204}")?;
    /// assert_eq!(cassette.file(), None);
    /// assert_eq!(cassette.named("models.yaml").file(), Some("models.yaml"));
    /// # Ok::<(), mock_core::cassette::CassetteError>(())
    /// ```
    pub fn file(&self) -> Option<&str> {
        self.file.as_deref()
    }

    /// Gives it the name of the file that its text is from. Reports show it.
    pub fn named(mut self, file: impl Into<String>) -> Self {
        self.file = Some(file.into());
        self
    }

    /// Returns the fields of bodies that [`ignore`](Self::ignore) leaves out of the comparison.
    pub fn ignored(&self) -> &[String] {
        &self.ignored
    }

    /// Returns the factor of [`scale_gaps`](Self::scale_gaps).
    pub fn gap_scale(&self) -> f64 {
        self.gap_scale.0
    }

    /// Returns the text of the file, with its keys in a fixed order.
    pub fn to_yaml(&self) -> String {
        write_exchanges::write(&self.interactions, &self.fixtures)
    }

    /// Writes the file. The new file replaces the old one only once it is whole.
    ///
    /// # Errors
    /// If the file cannot be written. Then an old file stays as it was.
    ///
    /// ```
    /// use mock_core::cassette::{Cassette, Interaction};
    ///
    /// let path = std::env::temp_dir().join(format!("mock-core-{}.yaml", std::process::id()));
    /// let cassette = Cassette::new([Interaction::new("GET", "/v1/models")]);
    /// cassette.save(&path)?;
    /// assert_eq!(Cassette::load(&path)?.interactions()[0].path, "/v1/models");
    /// # std::fs::remove_file(path).unwrap();
    /// # Ok::<(), mock_core::cassette::CassetteError>(())
    /// ```
    pub fn save(&self, path: impl AsRef<Path>) -> Result<(), CassetteError> {
        let path = path.as_ref();
        for interaction in &self.interactions {
            let is_sent = check_method(&interaction.method, None)
                .and_then(|()| check_path(&interaction.path, None));
            is_sent.map_err(|error| error.in_file(path))?;
        }
        write_exchanges::save(path, &self.to_yaml())
            .map_err(|error| io_of_save(&error).in_file(path))
    }
}

fn io(error: &std::io::Error) -> CassetteError {
    use std::io::ErrorKind;

    let remedy = match error.kind() {
        ErrorKind::NotFound => "write the path from the folder of the package, or record the file",
        ErrorKind::PermissionDenied => "allow this user to read the file",
        _ => "check the path and the disk",
    };
    CassetteError::new(CassetteProblem::Io, None, error.to_string(), remedy)
}

fn io_of_save(error: &std::io::Error) -> CassetteError {
    use std::io::ErrorKind;

    let remedy = match error.kind() {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded | ErrorKind::FileTooLarge => {
            "free some space, or choose another disk; the file was not changed"
        }
        ErrorKind::IsADirectory => "name a file",
        _ => {
            "allow this user to write into the folder, or choose another folder; the file was not changed"
        }
    };
    CassetteError::new(CassetteProblem::Io, None, error.to_string(), remedy)
}
