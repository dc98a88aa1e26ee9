//! Replaces what is found in exchanges, and numbers the ids: [`Redactor`].

use std::collections::{HashMap, HashSet};

use crate::Interaction;
use crate::detect::placeholder::REDACTED;
use crate::detect::{
    self, Detector, Hit, IdShape, Ids, SecretKind, Site, number_of, numbers_of_emails,
};

use super::Redaction;
use super::body_and_frame_lengths::edit_body;
use super::edits::{self, Edit};

/// How often an exchange is searched at most. Two times are enough for all but made-up texts.
const MOST_ROUNDS: usize = 32;

/// Replaces what is found. An id has the same replacement wherever it is.
pub(crate) struct Redactor<'r> {
    redaction: &'r Redaction,
    detector: Detector<'r>,
    replacements: HashMap<String, String>,
    numbers: HashMap<IdShape, usize>,
    emails: usize,
    /// The number that the first id gets is the next one.
    taken: usize,
    /// Ids that stay as they are.
    known: Option<&'r HashSet<String>>,
}

impl<'r> Redactor<'r> {
    pub(super) fn new(redaction: &'r Redaction) -> Self {
        Redactor {
            redaction,
            detector: redaction.detector(Ids::Generated),
            replacements: HashMap::new(),
            numbers: HashMap::new(),
            emails: 0,
            taken: 0,
            known: None,
        }
    }

    /// Creates a redactor that also renumbers placeholders, except for the known ids.
    pub(crate) fn renumbering(redaction: &'r Redaction, known: &'r HashSet<String>) -> Self {
        Redactor {
            detector: redaction.detector(Ids::All),
            known: Some(known),
            ..Redactor::new(redaction)
        }
    }

    /// Makes new placeholders start after the numbers that are already used.
    pub(super) fn number_after(&mut self, interactions: &[Interaction]) {
        let detector = self.redaction.detector(Ids::All);
        for interaction in interactions {
            for (_, hits) in detect::hits(interaction, detector) {
                for hit in hits {
                    if hit.kind == SecretKind::GeneratedId {
                        let number = number_of(&hit.secret).unwrap_or_default();
                        self.taken = self.taken.max(number);
                    }
                    let numbers = numbers_of_emails(&hit.secret);
                    self.emails = self.emails.max(numbers.max().unwrap_or_default());
                }
            }
        }
    }

    /// Replaces until nothing is found: behind what was replaced, something else may begin.
    pub(crate) fn redact(&mut self, interaction: &mut Interaction) {
        for _ in 0..MOST_ROUNDS {
            if !self.redact_once(interaction) {
                break;
            }
        }
    }

    fn redact_once(&mut self, interaction: &mut Interaction) -> bool {
        let mut changed = false;
        for (site, hits) in detect::hits(interaction, self.detector) {
            let mut edits = self.edits(&hits);
            changed |= !edits.is_empty();
            let text =
                |text: &mut String, edits: &mut [Edit]| *text = edits::edit_text(text, edits);
            match site {
                Site::Path => text(&mut interaction.path, &mut edits),
                Site::Query(index) => text(&mut interaction.query[index].1, &mut edits),
                Site::RequestHeader(index) => {
                    text(&mut interaction.request_headers[index].1, &mut edits);
                }
                Site::Extra(index) => text(&mut interaction.extra[index].1, &mut edits),
                Site::Header(index) => text(&mut interaction.headers[index].1, &mut edits),
                Site::RequestBody => {
                    interaction.request_body = edits::edit(&interaction.request_body, &mut edits);
                }
                Site::Body => edit_body(&mut interaction.body, &mut interaction.frames, &mut edits),
            }
        }
        changed
    }

    /// The edits that replace what was found.
    pub(super) fn edits(&mut self, hits: &[Hit]) -> Vec<Edit> {
        let mut edits = Vec::new();
        for hit in hits {
            let Some(mut with) = self.replacement(hit) else {
                continue;
            };
            // Put the replacement where the secret began. The rest of a secret that is split is removed.
            for range in &hit.ranges {
                edits.push(Edit {
                    range: range.clone(),
                    with: std::mem::take(&mut with),
                });
            }
        }
        edits
    }

    fn replacement(&mut self, hit: &Hit) -> Option<String> {
        if self.redaction.keeps(hit.kind) {
            return None;
        }
        match hit.kind {
            SecretKind::Credential | SecretKind::Environment => Some(REDACTED.to_owned()),
            SecretKind::Organization => Some("REDACTED".to_owned()),
            SecretKind::LocalPath => Some(match self.detector.ids {
                Ids::All => "~".to_owned(),
                _ => "user".to_owned(),
            }),
            SecretKind::Email => Some(self.replaced(&hit.secret, |redactor| {
                redactor.emails += 1;
                match redactor.detector.ids {
                    Ids::All => format!("#{}@example.com", redactor.emails),
                    _ => format!("redacted-{}@example.com", redactor.emails),
                }
            })),
            SecretKind::GeneratedId => {
                if self.known.is_some_and(|known| known.contains(&hit.secret)) {
                    return None;
                }
                let shape = hit.shape?;
                Some(self.replaced(&hit.secret, |redactor| {
                    let number = redactor.numbers.entry(shape).or_insert(redactor.taken);
                    *number += 1;
                    match redactor.detector.ids {
                        Ids::All => format!("id#{number}"),
                        _ => shape.numbered(*number),
                    }
                }))
            }
        }
    }

    fn replaced(&mut self, secret: &str, new: impl FnOnce(&mut Self) -> String) -> String {
        if let Some(replacement) = self.replacements.get(secret) {
            return replacement.clone();
        }
        let replacement = new(self);
        let key = secret.to_owned();
        self.replacements.insert(key, replacement.clone());
        replacement
    }
}
