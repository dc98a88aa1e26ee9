//! Notes about a cassette that may explain why a request has no answer: keys that a replay does not use, ignored fields that no request
//! has, and bodies that are not JSON.

use std::collections::HashSet;

use serde_json::Value;

use super::detail::Detail;
use super::formatting::{PLACE, count, short_place, shorten, shorten_left};
use super::recorded_exchange::numbered;
use crate::scenario::Scenario;
use crate::scenario::recorded::compared_request::SentBody;

/// The most keys that are listed.
const LISTED: usize = 6;

/// The longest that a key is.
const KEY: usize = 40;

/// Adds notes to a request that no turn answers.
pub(super) fn note(scenario: &Scenario, detail: &mut Detail) {
    let notes = [
        unread_keys(scenario),
        ignored_in_vain(scenario),
        broken_body(scenario),
    ];
    for note in notes.iter().flatten() {
        detail.text("note:", format_args!("{note}"));
    }
}

/// The keys that a replay does not use. A key that stands in several items of a list is there once, with its first line.
fn unread_keys(scenario: &Scenario) -> Option<String> {
    let unread = scenario.unread.as_deref()?;
    let mut known = HashSet::new();
    let mut keys: Vec<(&str, usize)> = Vec::new();
    for unread in &unread.keys {
        if known.insert(unread.without_indices()) {
            keys.push((&unread.key, unread.line));
        }
    }
    let mut notes = Vec::new();
    for (key, line) in keys.iter().take(LISTED) {
        notes.push(format!("`{}` (line {line})", shorten(key, KEY)));
    }
    if let Some(more @ 1..) = keys.len().checked_sub(LISTED) {
        notes.push(count(more, "more key"));
    }
    let file = unread.file.unwrap_or("the cassette");
    let (keys, have) = match keys.len() {
        1 => ("this key", "has"),
        _ => ("these keys", "have"),
    };
    Some(format!(
        "{keys} of {} {have} no effect: {}",
        shorten_left(file, PLACE),
        notes.join(", ")
    ))
}

/// The fields that are ignored, and that no recorded request has.
fn ignored_in_vain(scenario: &Scenario) -> Option<String> {
    let recorded = scenario.recorded.as_deref()?;
    let mut notes = Vec::new();
    for field in recorded.ignored_in_vain.iter().take(LISTED) {
        notes.push(format!("`.ignore(\"{}\")`", shorten(field, KEY)));
    }
    match notes.len() {
        0 => None,
        1 => Some(format!("no recorded request has the field of {}", notes[0])),
        _ => Some(format!(
            "no recorded request has the fields of {}",
            notes.join(", ")
        )),
    }
}

/// The first recorded request whose body looks like JSON, and is not.
fn broken_body(scenario: &Scenario) -> Option<String> {
    let recorded = scenario.recorded.as_deref()?;
    for (exchange, place) in recorded.lanes.iter().zip(&recorded.places) {
        let SentBody::Bytes(body) = &exchange.sent.body else {
            continue;
        };
        if !matches!(body.trim_ascii_start().first(), Some(b'{' | b'[')) {
            continue;
        }
        if let Err(error) = serde_json::from_slice::<Value>(body) {
            return Some(format!(
                "{} at {} has a request body that is not JSON: {error}; it is compared as a text",
                numbered(exchange),
                short_place(*place)
            ));
        }
    }
    None
}
