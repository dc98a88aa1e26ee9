//! Finds secrets in a body: JSON, a stream of events or lines, a form, or a text.
//!
//! A client puts the text of a stream together from many events, so a key may be in two of them. The texts of one stream are therefore
//! searched as one.

use std::collections::BTreeMap;
use std::ops::Range;

use serde_json::Value;

use super::json::{self, Decoded, Step};
use super::{Detector, Found, Hit, secret_names_in_recordings, text};

/// Fields whose texts are put together over a stream.
const DELTAS: &[&str] = &[
    "arguments",
    "content",
    "delta",
    "input",
    "partial_json",
    "reasoning",
    "reasoning_content",
    "refusal",
    "response",
    "text",
    "thinking",
    "transcript",
];

pub(super) fn in_body(
    body: &[u8],
    headers: &[(String, String)],
    detector: Detector<'_>,
) -> Vec<Hit> {
    let mut hits = Vec::new();
    let mut at = 0;
    // A multipart body can mix texts and bytes.
    for chunk in body.utf8_chunks() {
        let text = chunk.valid();
        for mut hit in in_text(text, headers, detector) {
            for range in &mut hit.ranges {
                *range = at + range.start..at + range.end;
            }
            hits.push(hit);
        }
        at += text.len() + chunk.invalid().len();
    }
    hits
}

fn in_text(text: &str, headers: &[(String, String)], detector: Detector<'_>) -> Vec<Hit> {
    let mut documents = documents(text);
    let is_one = matches!(&*documents, [one] if !text[one.clone()].trim_start().starts_with('['));
    if is_one && documents[0] == (0..text.len()) {
        return hits_of(text::value(text, None, detector), text);
    }
    if documents.is_empty() {
        return match is_form(headers) {
            true => in_form(text, detector),
            false => hits_of(text::scan(text, detector), text),
        };
    }
    let mut hits = Vec::new();
    let mut tracks = Tracks::default();
    let mut end = 0;
    documents.push(text.len()..text.len());
    for document in documents {
        let between = &text[end..document.start];
        for hit in hits_of(text::scan(between, detector), between) {
            hits.push(moved(hit, end));
        }
        end = document.end;
        let start = document.start;
        for hit in in_event(&text[document], start, &mut tracks, detector) {
            hits.push(moved(hit, start));
        }
    }
    hits.extend(tracks.hits(detector));
    hits.sort_by_key(|hit| hit.ranges.first().map(|range| range.start));
    hits
}

fn hits_of(found: Vec<Found>, text: &str) -> Vec<Hit> {
    found
        .into_iter()
        .map(|found| Hit::new(found, text))
        .collect()
}

fn moved(mut hit: Hit, by: usize) -> Hit {
    for range in &mut hit.ranges {
        *range = by + range.start..by + range.end;
    }
    hit
}

/// Returns the ranges of the JSON documents in a body: the whole body, or each line, with or without a leading `data:`.
pub(crate) fn documents(text: &str) -> Vec<Range<usize>> {
    if json::is_document(text) {
        return std::iter::once(0..text.len()).collect();
    }
    let mut documents = Vec::new();
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let data = line.strip_prefix("data:").unwrap_or(line);
        if json::is_document(data) {
            documents.push(at + line.len() - data.len()..at + line.len());
        }
        at += line.len();
    }
    documents
}

/// Returns the hits in one event. Texts that continue over several events are added to `tracks`.
fn in_event<'t>(
    event: &'t str,
    start: usize,
    tracks: &mut Tracks<'t>,
    detector: Detector<'_>,
) -> Vec<Hit> {
    let mut hits = Vec::new();
    let whole: Value = serde_json::from_str(event).unwrap_or_default();
    json::scalars(event, |path, scalar| {
        if !scalar.is_text {
            return;
        }
        let decoded = json::decode(&event[scalar.range.clone()]);
        let name = text::name_of(path);
        if name.is_some_and(|name| DELTAS.contains(&name)) {
            tracks.add(&whole, path, start + scalar.range.start, decoded);
            return;
        }
        let found = text::value(&decoded.text, name, detector);
        for hit in hits_of(found, &decoded.text) {
            hits.push(at_scalar(hit, path, &decoded, scalar.range.start));
        }
    });
    hits
}

fn at_scalar(mut hit: Hit, path: &[Step<'_>], decoded: &Decoded<'_>, start: usize) -> Hit {
    for range in &mut hit.ranges {
        *range = decoded.place(range);
    }
    hit.path = text::join(&json::shown(path), &hit.path);
    moved(hit, start)
}

/// The texts that a client puts together, each from the events of a stream.
#[derive(Default)]
struct Tracks<'t>(BTreeMap<String, Track<'t>>);

struct Track<'t> {
    path: String,
    name: Option<&'t str>,
    text: String,
    pieces: Vec<Piece<'t>>,
}

struct Piece<'t> {
    /// Its range in the text of the track.
    range: Range<usize>,
    /// Its range in the body.
    place: usize,
    decoded: Decoded<'t>,
}

impl<'t> Tracks<'t> {
    fn add(&mut self, event: &Value, path: &[Step<'t>], place: usize, decoded: Decoded<'t>) {
        let path = match path {
            [Step::Item(_), path @ ..] => path,
            path => path,
        };
        let shown = json::shown(path);
        let track = self.0.entry(key(event, path, &shown));
        let track = track.or_insert_with(|| Track {
            path: shown,
            name: text::name_of(path),
            text: String::new(),
            pieces: Vec::new(),
        });
        let start = track.text.len();
        track.text.push_str(&decoded.text);
        track.pieces.push(Piece {
            range: start..track.text.len(),
            place,
            decoded,
        });
    }

    fn hits(self, detector: Detector<'_>) -> Vec<Hit> {
        let mut hits = Vec::new();
        for track in self.0.into_values() {
            for found in text::value(&track.text, track.name, detector) {
                let pieces = track
                    .pieces
                    .iter()
                    .filter_map(|piece| piece.part(&found.range));
                let ranges = pieces.collect();
                let path = text::join(&track.path, &found.path);
                let mut hit = Hit::new(found, &track.text);
                (hit.ranges, hit.path) = (ranges, path);
                hits.push(hit);
            }
        }
        hits
    }
}

impl Piece<'_> {
    /// Maps the part of a range that lies in this piece to the body.
    fn part(&self, range: &Range<usize>) -> Option<Range<usize>> {
        let start = range.start.max(self.range.start);
        let end = range.end.min(self.range.end);
        if start >= end {
            return None;
        }
        let part = start - self.range.start..end - self.range.start;
        let place = self.decoded.place(&part);
        Some(self.place + place.start..self.place + place.end)
    }
}

/// The key of events whose texts form one text: the path, the type, and the indexes on the way.
fn key(event: &Value, path: &[Step<'_>], shown: &str) -> String {
    use std::fmt::Write as _;

    let mut key = shown.to_owned();
    let mut at = Some(event);
    if let Some(array) = event.as_array() {
        at = array.first();
    }
    let mut add = |value: &Value| {
        for name in ["type", "index", "output_index", "content_index", "item_id"] {
            if let Some(value) = value.get(name) {
                // Writing to a text does not fail.
                let _ = write!(key, " {name}={value}");
            }
        }
    };
    for step in path {
        let Some(value) = at else { break };
        add(value);
        at = match step {
            Step::Field(name) => value.get(*name),
            Step::Item(index) => value.get(*index),
        };
    }
    key
}

fn is_form(headers: &[(String, String)]) -> bool {
    headers.iter().any(|(name, value)| {
        name.eq_ignore_ascii_case("content-type")
            && value.starts_with("application/x-www-form-urlencoded")
    })
}

fn in_form(form: &str, detector: Detector<'_>) -> Vec<Hit> {
    let mut hits = Vec::new();
    let mut at = 0;
    for pair in form.split('&') {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let is_secret = secret_names_in_recordings::is_credential_parameter(name)
            || secret_names_in_recordings::is_credential_field(name);
        let found = match is_secret && !super::placeholder::is_placeholder(value) {
            true => vec![Found::new(
                0..value.len(),
                super::SecretKind::Credential,
                "a credential",
            )],
            false => text::scan(value, detector),
        };
        let start = at + pair.len() - value.len();
        hits.extend(
            hits_of(found, value)
                .into_iter()
                .map(|hit| moved(hit, start)),
        );
        at += pair.len() + 1;
    }
    hits
}
