//! The search for secrets in recorded exchanges: [`find_secrets`].

mod files;
mod finding;
mod source;
#[cfg(test)]
mod tests;

use std::path::Path;

use crate::detect::{self, Detector, Hit, SecretKind, Site, compressed_bodies};
use crate::error::{CassetteError, Mark};
use crate::{Cassette, Interaction};

pub use files::{Scan, assert_no_secrets, scan};
pub use finding::Finding;

use source::Source;

impl Cassette {
    /// Returns the secrets of the exchanges, in their order. They are at the line of their exchange; [`find_secrets`] returns the exact
    /// places.
    ///
    /// ```
    /// use mock_core::cassette::{Cassette, Interaction};
    ///
    /// let mut interaction = Interaction::new("GET", "/v1/models");
    /// interaction.request_headers = vec![("authorization".into(), "Bearer hunter2".into())];
    /// let findings = Cassette::new([interaction]).secrets();
    /// assert_eq!(findings[0].place(), "when.header[authorization]");
    /// ```
    pub fn secrets(&self) -> Vec<Finding> {
        let mut findings = Vec::new();
        for interaction in self.interactions() {
            let interaction = &*compressed_bodies::decoded(interaction);
            let at = Mark::new(interaction.line.max(1) as usize, 1);
            each_secret(interaction, |site, hit, _| {
                findings.push(Finding::in_exchange(interaction, site, hit, at));
            });
        }
        match self.file() {
            Some(file) => in_file(findings, Path::new(file)),
            None => findings,
        }
    }
}

/// Returns the secrets in the text of a file of recorded exchanges, with their lines and columns.
///
/// # Errors
/// If it is not of recorded exchanges.
pub fn find_secrets(text: &str) -> Result<Vec<Finding>, CassetteError> {
    let cassette = Cassette::parse(text)?;
    let mut source = Source::new(text);
    let mut findings = Vec::new();
    let interactions = cassette.interactions();
    for (index, interaction) in interactions.iter().enumerate() {
        let next = interactions.get(index + 1).map(|next| next.line as usize);
        source.enter(interaction.line as usize, next);
        let interaction = &*compressed_bodies::decoded(interaction);
        each_secret(interaction, |site, hit, raw| {
            let at = source.locate(raw);
            findings.push(Finding::in_exchange(interaction, site, hit, at));
        });
    }
    match interactions.is_empty() {
        // Fixtures have texts in other places.
        true => findings = in_text(text),
        false => findings.extend(in_rest(text, &findings)),
    }
    Ok(findings)
}

/// Searches the text outside of exchanges, such as comments and keys that are not read: they may hold secrets, too.
fn in_rest(text: &str, known: &[Finding]) -> Vec<Finding> {
    let mut findings = in_text(text);
    findings.retain(|finding| {
        finding.kind() == SecretKind::Credential
            && known.iter().all(|known| known.at() != finding.at())
    });
    findings
}

/// The secrets of a text of any kind.
fn in_text(text: &str) -> Vec<Finding> {
    let mut findings = Vec::new();
    let source = Source::new(text);
    for hit in detect::in_path(text, Detector::default()) {
        let at = source.mark(hit.ranges[0].start);
        findings.push(Finding::in_text(&hit, at));
    }
    findings
}

/// Gives each secret of an exchange, with the text that is in the file, as far as it is known.
fn each_secret(interaction: &Interaction, mut take: impl FnMut(Site, &Hit, &str)) {
    for (site, hits) in detect::hits(interaction, Detector::default()) {
        for hit in &hits {
            let range = hit.ranges.first().cloned().unwrap_or_default();
            let body = match site {
                Site::RequestBody => &*interaction.request_body,
                Site::Body => &*interaction.body,
                _ => hit.secret.as_bytes(),
            };
            let raw = match site {
                Site::RequestBody | Site::Body => body.get(range).unwrap_or_default(),
                _ => body,
            };
            take(site, hit, std::str::from_utf8(raw).unwrap_or_default());
        }
    }
}

fn in_file(findings: Vec<Finding>, file: &Path) -> Vec<Finding> {
    let findings = findings.into_iter();
    findings.map(|finding| finding.in_file(file)).collect()
}
