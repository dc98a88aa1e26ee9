//! Requests as they are compared, after the redaction: [`Comparison`].

use std::collections::HashSet;

use super::Redaction;
use super::redactor::Redactor;
use crate::detect::{self, Ids, SecretKind, Site};
use crate::{Cassette, Interaction};

/// How requests are compared with the recorded ones: both after the same redaction. An id that the provider made up is compared. Of one
/// that only clients made up, which differs from run to run, it is compared where else it is in the request.
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
        let detector = cassette.redaction.detector(Ids::All);
        for interaction in cassette.interactions() {
            for (site, hits) in detect::hits(interaction, detector) {
                if matches!(site, Site::Header(_) | Site::Body) {
                    let ids = hits.into_iter();
                    let ids = ids.filter(|hit| hit.kind == SecretKind::GeneratedId);
                    known.extend(ids.map(|hit| hit.secret));
                }
            }
        }
        Comparison {
            redaction: cassette.redaction.clone(),
            known,
        }
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
        self.redaction
            .own
            .iter()
            .for_each(|rule| rule.apply(&mut request));
        Redactor::renumbering(&self.redaction, &self.known).redact(&mut request);
        (request.path, request.query, request.request_body)
    }

    /// A text that describes a request, as it is compared.
    pub fn text(&self, text: &str) -> String {
        let mut request = Interaction::new("", "");
        request.request_body = text.as_bytes().to_vec();
        self.canonical(&mut request);
        String::from_utf8_lossy(&request.request_body).into_owned()
    }

    fn canonical(&self, request: &mut Interaction) {
        self.redaction
            .own
            .iter()
            .for_each(|rule| rule.apply(request));
        let mut redactor = Redactor::knowing(&self.redaction, &self.known);
        redactor.number_after(std::slice::from_ref(request));
        redactor.redact(request);
        Redactor::renumbering(&self.redaction, &self.known).redact_once(request);
    }
}
