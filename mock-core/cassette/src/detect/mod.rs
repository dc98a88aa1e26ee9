//! Finds the secrets in recorded exchanges: credentials, personal data and generated ids. The scan reports them, and the redaction replaces
//! them.
//!
//! The reports of `mock-core` hide secrets, too (`hide_secrets` there), and a default build of it does not have this package. This search is the
//! stricter one, because a mistake fails a test or changes a file: each find has a place and a kind, a key needs more characters, and a
//! name counts only as that of a header, a parameter or a field, not within a sentence.

mod api_key_shapes;
mod body;
pub(crate) mod compressed_bodies;
mod generated_ids;
pub(crate) mod json;
mod personal_data;
pub(crate) mod placeholder;
mod secret_names_in_recordings;
mod text;

use std::ops::Range;

use crate::Interaction;

#[doc(hidden)]
pub use api_key_shapes::{is_key, key_prefixes};
pub(crate) use body::documents;
pub(crate) use generated_ids::{IdShape, number_of};
#[doc(hidden)]
pub use secret_names_in_recordings::{credential_names, is_credential_field};
pub(crate) use text::numbers_of_emails;

/// A kind of what should not be in a file that others read.
///
/// ```
/// use mock_core::cassette::{Redaction, SecretKind};
///
/// let redaction = Redaction::default().keep(SecretKind::Email);
/// # let _ = redaction;
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum SecretKind {
    /// A key, a token, a cookie or a password.
    Credential,
    /// The value of an environment variable whose name promises a secret. Only a recording looks for it.
    Environment,
    /// The id of an organization, a project or an account.
    Organization,
    /// An e-mail address.
    Email,
    /// The name of a user in a local path, such as `/home/name`.
    LocalPath,
    /// An id that a provider generates, such as `chatcmpl-…`. A scan does not report it.
    GeneratedId,
}

/// The kinds of findings that a search includes.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Detector<'d> {
    /// Names of environment variables and their values.
    pub(crate) environment: &'d [(String, String)],
    pub(crate) ids: Ids,
}

/// Which ids are found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Ids {
    #[default]
    None,
    /// Ids that a provider generated.
    Generated,
    /// Generated ids and their placeholders, the placeholders of e-mail addresses, and all home folders.
    All,
}

/// A finding within a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Found {
    pub(crate) range: Range<usize>,
    pub(crate) kind: SecretKind,
    /// Its name in messages.
    pub(crate) what: &'static str,
    pub(crate) shape: Option<IdShape>,
    /// The path within the JSON of the text; empty if the text is not JSON.
    pub(crate) path: String,
}

impl Found {
    fn new(range: Range<usize>, kind: SecretKind, what: &'static str) -> Self {
        Found {
            range,
            kind,
            what,
            shape: None,
            path: String::new(),
        }
    }

    fn id(range: Range<usize>, shape: IdShape) -> Self {
        Found {
            shape: Some(shape),
            ..Found::new(range, SecretKind::GeneratedId, "a generated id")
        }
    }
}

/// A finding in a part of an exchange.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Hit {
    /// Its ranges in the part. A text that is split over several events has several.
    pub(crate) ranges: Vec<Range<usize>>,
    /// The text that was found.
    pub(crate) secret: String,
    pub(crate) kind: SecretKind,
    pub(crate) what: &'static str,
    pub(crate) shape: Option<IdShape>,
    /// The path in the JSON of a body.
    pub(crate) path: String,
}

impl Hit {
    /// Whether it is a placeholder: a home folder that identifies nobody, or a numbered address.
    pub(crate) fn is_replacement(&self) -> bool {
        let is_nobody = || personal_data::user_of_path(&self.secret, 0).is_none();
        match self.kind {
            SecretKind::LocalPath => is_nobody(),
            SecretKind::Email => text::numbers_of_emails(&self.secret).next().is_some(),
            _ => false,
        }
    }

    fn new(found: Found, text: &str) -> Self {
        Hit {
            secret: text[found.range.clone()].to_owned(),
            ranges: vec![found.range],
            kind: found.kind,
            what: found.what,
            shape: found.shape,
            path: found.path,
        }
    }
}

/// A part of an exchange.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Site {
    Path,
    Query(usize),
    RequestHeader(usize),
    RequestBody,
    Header(usize),
    Body,
    /// The value of a key that a replay does not use.
    Extra(usize),
}

/// Returns the findings of each part of an exchange, in the order of the file.
pub(crate) fn hits(interaction: &Interaction, detector: Detector<'_>) -> Vec<(Site, Vec<Hit>)> {
    let mut hits = vec![(Site::Path, in_path(&interaction.path, detector))];
    for (index, (name, value)) in interaction.query.iter().enumerate() {
        hits.push((Site::Query(index), in_parameter(name, value, detector)));
    }
    for (index, (name, value)) in interaction.request_headers.iter().enumerate() {
        hits.push((Site::RequestHeader(index), in_header(name, value, detector)));
    }
    hits.push((
        Site::RequestBody,
        body::in_body(
            &interaction.request_body,
            &interaction.request_headers,
            detector,
        ),
    ));
    for (index, (name, value)) in interaction.headers.iter().enumerate() {
        hits.push((Site::Header(index), in_header(name, value, detector)));
    }
    hits.push((
        Site::Body,
        body::in_body(&interaction.body, &interaction.headers, detector),
    ));
    for (index, (_, value)) in interaction.extra.iter().enumerate() {
        hits.push((Site::Extra(index), in_path(value, detector)));
    }
    hits.retain(|(_, hits)| !hits.is_empty());
    hits
}

pub(crate) fn in_path(path: &str, detector: Detector<'_>) -> Vec<Hit> {
    to_hits(text::scan(path, detector), path)
}

pub(crate) fn in_parameter(name: &str, value: &str, detector: Detector<'_>) -> Vec<Hit> {
    let is_secret = secret_names_in_recordings::is_credential_parameter(name)
        && !placeholder::is_placeholder(value);
    let found = match is_secret {
        true => vec![Found::new(
            0..value.len(),
            SecretKind::Credential,
            "a credential",
        )],
        false => text::value(value, None, detector),
    };
    to_hits(found, value)
}

pub(crate) fn in_header(name: &str, value: &str, detector: Detector<'_>) -> Vec<Hit> {
    to_hits(text::header(name, value, detector), value)
}

fn to_hits(found: Vec<Found>, text: &str) -> Vec<Hit> {
    found
        .into_iter()
        .map(|found| Hit::new(found, text))
        .collect()
}
