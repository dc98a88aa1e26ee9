//! Requests as they are compared, after the redaction: [`Comparison`].

use std::collections::HashSet;

use crate::detect::placeholder::REDACTED;
use crate::detect::{self, Ids, SecretKind, Site};
use crate::redact::Redaction;
use crate::redact::replace_secrets::Redactor;
use crate::{Cassette, Interaction};

/// How requests are compared with the recorded ones: both after the redaction of the recording. A file that was recorded without redaction is
/// compared as it is. An id that is in a response is compared. One that only clients generate differs from run
/// to run: only its positions in the request are compared.
#[doc(hidden)]
#[derive(Debug, Clone, Default)]
pub struct Comparison {
    redaction: Redaction,
    /// Ids that are in responses.
    known: HashSet<String>,
}

impl Comparison {
    /// Compares requests with those of a cassette.
    pub fn new(cassette: &Cassette) -> Self {
        let mut known = HashSet::new();
        let mut is_redacted = true;
        let detector = cassette.redaction.detector(Ids::All);
        for interaction in cassette.interactions() {
            for (site, hits) in detect::hits(interaction, detector) {
                let is_answer = matches!(site, Site::Header(_) | Site::Body);
                let is_compared = matches!(site, Site::Path | Site::RequestBody);
                for hit in hits {
                    match hit.kind {
                        SecretKind::GeneratedId if is_answer => drop(known.insert(hit.secret)),
                        SecretKind::GeneratedId => {}
                        _ if is_compared && !hit.is_replacement() => is_redacted = false,
                        _ => {}
                    }
                }
            }
        }
        let redaction = cassette.redaction.clone();
        let redaction = match is_redacted {
            true => redaction,
            false => [
                SecretKind::Credential,
                SecretKind::Environment,
                SecretKind::Organization,
                SecretKind::Email,
                SecretKind::LocalPath,
            ]
            .into_iter()
            .fold(redaction, Redaction::keep),
        };
        Comparison { redaction, known }
    }

    /// The path, the parameters and the body as they are compared.
    pub fn request(
        &self,
        path: &str,
        query: &[(String, String)],
        body: &[u8],
    ) -> (String, Vec<(String, String)>, Vec<u8>) {
        let mut request = Interaction::new("", path);
        request.query = query.to_vec();
        request.request_body = body.to_vec();
        self.canonical(&mut request);
        (request.path, request.query, request.request_body)
    }

    /// Whether a text of a recorded request has `[REDACTED]`, and so may fit other texts, too.
    pub fn has_hole(recorded: &str) -> bool {
        recorded.contains(REDACTED)
    }

    /// Whether a text is the recorded one, in which `[REDACTED]` stands for any text: what was there is not known any more, and a replay may
    /// have another value, or none. In JSON, it stands for a text within one string.
    pub fn fits(recorded: &str, sent: &str) -> bool {
        let mut pieces = recorded.split(REDACTED);
        let first = pieces.next().unwrap_or_default();
        let mut pieces: Vec<_> = pieces.collect();
        let Some(last) = pieces.pop() else {
            return recorded == sent;
        };
        let Some(mut rest) = sent.strip_prefix(first) else {
            return false;
        };
        for piece in pieces {
            let mut places = rest.match_indices(piece);
            let Some((at, _)) = places.find(|(at, _)| is_within_string(&rest[..*at])) else {
                return false;
            };
            rest = &rest[at + piece.len()..];
        }
        rest.strip_suffix(last).is_some_and(is_within_string)
    }

    /// A JSON body with the fields replaced that the user's rules name; `None` if there are no such rules.
    pub fn json_fields(&self, body: &str) -> Option<String> {
        let rules = self.redaction.custom_rules.iter();
        let mut rules = rules.filter(|rule| rule.is_of_fields()).peekable();
        rules.peek()?;
        let mut request = Interaction::new("", "");
        request.request_body = body.as_bytes().to_vec();
        rules.for_each(|rule| rule.apply(&mut request));
        String::from_utf8(request.request_body).ok()
    }

    /// A text that describes a request, as it is compared.
    pub fn text(&self, text: &str) -> String {
        let mut request = Interaction::new("", "");
        request.request_body = text.as_bytes().to_vec();
        self.canonical(&mut request);
        String::from_utf8_lossy(&request.request_body).into_owned()
    }

    fn canonical(&self, request: &mut Interaction) {
        let rules = self.redaction.custom_rules.iter();
        rules.for_each(|rule| rule.apply(request));
        Redactor::renumbering(&self.redaction, &self.known).redact(request);
    }
}

/// Whether a part of a JSON text does not end the string that it is within: it has no `"` without a `\` before it.
fn is_within_string(part: &str) -> bool {
    let mut is_escaped = false;
    for c in part.chars() {
        match c {
            _ if is_escaped => is_escaped = false,
            '\\' => is_escaped = true,
            '"' => return false,
            _ => {}
        }
    }
    !is_escaped
}
