//! A text that contains the words of a pattern, but has nothing for a capture.

use crate::scenario::{Pattern, PatternSegment};

/// Says which captures have no text, if the pattern without them matches: ``the capture `{city}` has no text``.
pub(super) fn described(pattern: &Pattern, text: &str) -> Option<String> {
    let pieces = pattern.words()?;
    let mut captures = Vec::new();
    for (index, piece) in pieces.iter().enumerate() {
        if matches!(piece, PatternSegment::Capture { .. }) {
            captures.push(index);
        }
    }
    for &capture in &captures {
        if matches_without(pieces, &[capture], text) {
            return Some(format!(
                "the capture {} has no text",
                name(&pieces[capture])
            ));
        }
    }
    let is_all = captures.len() > 1 && matches_without(pieces, &captures, text);
    is_all.then(|| {
        let mut names = Vec::new();
        for &capture in &captures {
            names.push(name(&pieces[capture]));
        }
        let names = names.join(" and ");
        format!("the captures {names} have no text")
    })
}

fn name(piece: &PatternSegment) -> String {
    format!("`{}`", Pattern::Words(vec![piece.clone()].into()))
}

/// Whether the pattern matches without the pieces `left_out`, and without white space at its ends.
fn matches_without(pieces: &[PatternSegment], left_out: &[usize], text: &str) -> bool {
    let mut rest: Vec<PatternSegment> = Vec::new();
    for (index, piece) in pieces.iter().enumerate() {
        if left_out.contains(&index) {
            continue;
        }
        match (rest.last_mut(), piece) {
            (Some(PatternSegment::Text(before)), PatternSegment::Text(text)) => {
                *before = format!("{before}{text}").into();
            }
            _ => rest.push(piece.clone()),
        }
    }
    if let Some(PatternSegment::Text(first)) = rest.first_mut() {
        *first = first.trim_start().to_owned().into();
    }
    if let Some(PatternSegment::Text(last)) = rest.last_mut() {
        *last = last.trim_end().to_owned().into();
    }
    let has_words = rest
        .iter()
        .any(|piece| matches!(piece, PatternSegment::Text(text) if !text.is_empty()));
    has_words && Pattern::Words(rest.into()).find(text).is_some()
}
