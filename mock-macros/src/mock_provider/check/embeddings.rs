//! Embeddings, and what goes with them.

use proc_macro2::Ident;

use super::super::parse::{Action, ActionKind, Mock, Turn, Vector};
use crate::diagnostics::Diagnostics;
use crate::lint::Lint;
use crate::search::Search as _;
use crate::syntax::push_some;

/// A turn with embeddings answers requests for these, and no others.
pub(super) fn embeddings_stand_alone(mock: &Mock, diagnostics: &Diagnostics) {
    for &turn in &mock.whole_turns() {
        // What these are joined with has been reported.
        let is_reported = |action: &Action| {
            matches!(action.kind, ActionKind::Fail(_) | ActionKind::Respond(_))
                || action.kind.is_raw_answer()
        };
        if embeddings(turn).is_empty() || turn.actions.any(&is_reported) {
            continue;
        }
        let goes_with =
            |action: &Action| action.kind.is_wait() || matches!(action.kind, ActionKind::Embed(_));
        if let Some(other) = turn.actions.find(&|action| !goes_with(action)) {
            diagnostics.error(
                Lint::Embeddings,
                other.word.span(),
                format_args!("a turn with `embed` does not `{}`", other.word),
                "write two turns: one answers requests for embeddings, the other chat requests",
            );
        }
    }
}

/// Embeddings come whole, and have no end to tell of.
pub(super) fn embeddings_come_whole(mock: &Mock, diagnostics: &Diagnostics) {
    for &turn in &mock.whole_turns() {
        if embeddings(turn).is_empty() {
            continue;
        }
        let error = |word: &Ident, message: &str, help: String| {
            diagnostics.error(Lint::Embeddings, word.span(), message, help);
        };
        if let Some(ttft) = turn.modifier("ttft") {
            error(
                &ttft.word,
                "embeddings have no first token",
                "remove `.ttft(..)`, or write a pause before, as in `pause(300ms).embed()`"
                    .to_owned(),
            );
        }
        let of_streams = [
            turn.pace(),
            turn.modifier("keepalive"),
            turn.modifier("flush"),
        ];
        let mut words = Vec::new();
        for modifier in of_streams {
            push_some(&mut words, modifier.map(|modifier| &modifier.word));
        }
        push_some(&mut words, turn.fault.as_ref().map(|fault| &fault.word));
        for &word in &words {
            error(
                word,
                "embeddings are not streamed",
                format!("remove `.{word}(..)`"),
            );
        }
        if let (Some(finish), None) = (turn.modifier("finish"), &turn.fault) {
            error(
                &finish.word,
                "embeddings have no finish reason",
                "remove `.finish(..)`".to_owned(),
            );
        }
    }
}

/// Several vectors are for as many inputs, and as long as each other.
pub(super) fn vectors_go_together(mock: &Mock, diagnostics: &Diagnostics) {
    for &turn in &mock.all_turns() {
        let all = embeddings(turn);
        let of_text = all.find(&|(_, vector)| matches!(vector, Vector::OfText));
        if let (Some((word, _)), [_, _, ..]) = (of_text, all.as_slice()) {
            diagnostics.error(
                Lint::Embeddings,
                word.span(),
                "`embed()` makes a vector for each input",
                "write it alone, or the numbers of each vector",
            );
            continue;
        }
        let mut known = None;
        for &(word, vector) in &all {
            let Vector::Numbers(numbers) = vector else {
                continue;
            };
            match known {
                Some(length) if length != numbers.len() => diagnostics.error(
                    Lint::Embeddings,
                    word.span(),
                    format_args!(
                        "this vector has the length {}, but an earlier one has the length {length}",
                        numbers.len()
                    ),
                    "write vectors of the same length",
                ),
                _ => known = Some(numbers.len()),
            }
        }
    }
}

fn embeddings(turn: &Turn) -> Vec<(&Ident, &Vector)> {
    let mut embeddings = Vec::new();
    for action in &turn.actions {
        if let ActionKind::Embed(vector) = &action.kind {
            embeddings.push((&action.word, vector));
        }
    }
    embeddings
}
