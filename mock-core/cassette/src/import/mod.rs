//! Recordings of other tools: HAR, the cassettes of VCR's relatives, and the fixtures of mock servers. `docs/cassettes.md` says what of them is read.

mod fields;
mod fixtures;
mod har;
#[cfg(test)]
mod tests;
mod vcr;

use crate::Cassette;
use crate::error::CassetteError;
use crate::node::{Node, Value};

/// Whose recording a document is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Format {
    /// HTTP Archive 1.1 and 1.2: `log.entries`.
    Har,
    /// vcrpy and go-vcr: `interactions`; VCR for Ruby: `http_interactions`.
    Vcr,
    /// aimock and llmposter: `fixtures`.
    Fixtures,
}

/// The format of a document, by its keys; `None` if it is this library's, or unknown.
pub(crate) fn format(document: &Node) -> Option<Format> {
    let Value::Map(fields) = &document.value else {
        return None;
    };
    let has = |name: &str| fields.iter().any(|(_, key, _)| key == name);
    if has("when") || has("then") {
        None
    } else if has("log") {
        Some(Format::Har)
    } else if has("interactions") || has("http_interactions") {
        Some(Format::Vcr)
    } else if has("fixtures") {
        Some(Format::Fixtures)
    } else {
        None
    }
}

/// Adds the exchanges of a document to a cassette, and what is not carried over to its unread keys.
pub(crate) fn read(
    format: Format,
    document: Node,
    cassette: &mut Cassette,
    is_json: bool,
) -> Result<(), CassetteError> {
    match format {
        Format::Har => har::read(document, cassette),
        Format::Vcr => vcr::read(document, cassette),
        Format::Fixtures => fixtures::read(document, cassette, is_json),
    }
}
