//! The rules of the user: [`CustomRule`].

use std::ops::Range;

use super::TextRule;
use super::body_and_frame_lengths::edit_body;
use super::edits::{self, Edit};
use crate::Interaction;
use crate::detect::documents;
use crate::detect::json;
use crate::detect::placeholder::REDACTED;
use crate::path_pattern::PathPattern;

/// A rule that the user adds.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum CustomRule {
    Header(String),
    Query(String),
    Json(PathPattern, String),
    Pattern(String, String),
    Text(TextRule),
}

impl CustomRule {
    pub(super) fn json(path: &str, replacement: String) -> Self {
        CustomRule::Json(PathPattern::new(path), replacement)
    }

    /// Whether it is one of the fields of JSON.
    pub(crate) fn is_of_fields(&self) -> bool {
        matches!(self, CustomRule::Json(..))
    }

    pub(crate) fn apply(&self, interaction: &mut Interaction) {
        let Interaction {
            path,
            query,
            request_headers,
            request_body,
            headers,
            body,
            frames,
            ..
        } = interaction;
        // A path with a space could not be read again.
        *path = self.text(path).replace(' ', "%20");
        for (name, value) in query {
            *value = match self {
                CustomRule::Query(rule) if rule == name => REDACTED.to_owned(),
                rule => rule.text(value),
            };
        }
        for (name, value) in request_headers.iter_mut().chain(headers) {
            *value = match self {
                CustomRule::Header(rule) if rule.eq_ignore_ascii_case(name) => REDACTED.to_owned(),
                rule => rule.text(value),
            };
        }
        edit_body(request_body, &mut Vec::new(), &mut self.edits(request_body));
        let mut edits = self.edits(body);
        edit_body(body, frames, &mut edits);
    }

    /// A text as the rule leaves it.
    pub(super) fn text(&self, text: &str) -> String {
        match self {
            CustomRule::Pattern(pattern, replacement) => replace(text, pattern, replacement),
            CustomRule::Text(rule) => (rule.0)(text),
            _ => text.to_owned(),
        }
    }

    /// The edits of a body.
    pub(super) fn edits(&self, body: &[u8]) -> Vec<Edit> {
        let mut edits = Vec::new();
        let Ok(text) = std::str::from_utf8(body) else {
            return edits;
        };
        let mut end = 0;
        let mut between = |range: Range<usize>| {
            let changed = self.text(&text[range.clone()]);
            if changed != text[range.clone()] {
                edits.push(Edit {
                    range,
                    with: changed,
                });
            }
        };
        let documents = documents(text);
        for document in &documents {
            between(end..document.start);
            end = document.end;
        }
        between(end..text.len());
        for document in documents {
            self.edits_in_document(&text[document.clone()], document.start, &mut edits);
        }
        edits
    }

    fn edits_in_document(&self, text: &str, start: usize, edits: &mut Vec<Edit>) {
        json::scalars(text, |path, scalar| {
            let decoded = json::decode(&text[scalar.range.clone()]);
            let changed = match self {
                CustomRule::Json(rule, replacement) if rule.matches(&json::shown(path)) => {
                    replacement.clone()
                }
                CustomRule::Pattern(..) | CustomRule::Text(_) if scalar.is_text => {
                    self.text(&decoded.text)
                }
                _ => return,
            };
            if scalar.is_text && changed == decoded.text {
                return;
            }
            let quoted = serde_json::Value::from(changed).to_string();
            let with = match scalar.is_text {
                true => quoted[1..quoted.len() - 1].to_owned(),
                false => quoted,
            };
            let range = start + scalar.range.start..start + scalar.range.end;
            edits.push(Edit { range, with });
        });
    }
}

/// A text in which what matches the pattern is replaced.
fn replace(text: &str, pattern: &str, replacement: &str) -> String {
    let mut edits = Vec::new();
    let mut at = 0;
    while at < text.len() {
        let is_start = text.is_char_boundary(at);
        match is_start.then(|| length_of(&text[at..], pattern)).flatten() {
            Some(length) if length > 0 => {
                edits.push(Edit {
                    range: at..at + length,
                    with: replacement.to_owned(),
                });
                at += length;
            }
            _ => at += 1,
        }
    }
    edits::edit_text(text, &mut edits)
}

/// How much of a text's beginning matches a pattern.
fn length_of(text: &str, pattern: &str) -> Option<usize> {
    let Some((fixed, rest)) = pattern.split_once('*') else {
        return text.starts_with(pattern).then_some(pattern.len());
    };
    let text = text.strip_prefix(fixed)?;
    let is_word = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_');
    let most = text.find(|c| !is_word(c)).unwrap_or(text.len());
    let mut ends = (0..=most).rev().filter(|end| text.is_char_boundary(*end));
    ends.find_map(|end| Some(fixed.len() + end + length_of(&text[end..], rest)?))
}
