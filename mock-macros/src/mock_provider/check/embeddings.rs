//! Which vectors of embeddings go together in a turn.

use proc_macro2::Ident;

use super::super::parse::{ActionKind, Mock, Turn, Vector};
use crate::diagnostics::Diagnostics;
use crate::lint::Lint;
use crate::search::Search as _;

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
