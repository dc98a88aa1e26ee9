//! The ids of tool calls.

use syn::LitStr;

use super::super::parse::{ActionKind, Count, Mock, Otherwise, Text, Turn};
use super::super::templates::{Piece, Variable};
use crate::diagnostics::{Diagnostics, position};
use crate::lint::Lint;
use crate::search::Search as _;

/// No two calls have the same id, as far as their texts tell.
pub(super) fn calls_have_ids_of_their_own(mock: &Mock, diagnostics: &Diagnostics) {
    let mut fixed = Vec::new();
    for &(_, turns) in &mock.scripts() {
        let last = turns.len().saturating_sub(1);
        for (index, turn) in turns.iter().enumerate() {
            ids_of_a_turn(
                turn,
                again(mock, turn, index == last),
                &mut fixed,
                diagnostics,
            );
        }
    }
    for &turn in &mock.beside_script() {
        let again = Some("this turn may answer more than once");
        ids_of_a_turn(turn, again, &mut fixed, diagnostics);
    }
}

/// The same of a turn which answers more than once for the reason `again`. The ids without a variable so far are in `fixed`.
fn ids_of_a_turn<'m>(
    turn: &'m Turn,
    again: Option<&str>,
    fixed: &mut Vec<Id<'m>>,
    diagnostics: &Diagnostics,
) {
    let mut own: Vec<Id<'_>> = Vec::new();
    for &(literal, pieces) in &ids(turn) {
        let same = fixed.find(&|(known, _)| known.value() == literal.value());
        let is_fixed = pieces.all(&|piece| matches!(piece, Piece::Text(_)));
        let names_the_call = pieces.contains(&Piece::Variable(Variable::Call));
        if literal.value().is_empty() {
            diagnostics.error(
                Lint::CallId,
                literal.span(),
                "the id of a call is empty",
                "write one, as in `.id(\"call_7\")`, or remove `.id(..)`",
            );
        } else if !names_the_call && let Some(again) = again {
            let id = LitStr::new(&format!("{}_{{call}}", literal.value()), literal.span());
            diagnostics.error(
                Lint::CallId,
                literal.span(),
                format_args!("{again}, so its calls would have the same id"),
                format_args!(
                    "write the number of the call into it, as in `.id({})`",
                    id.token()
                ),
            );
        } else if own.any(&|(_, known)| *known == pieces) || is_fixed && same.is_some() {
            let first = same.map_or(literal.span(), |(first, _)| first.span());
            let line = position(first).0;
            diagnostics.error(
                Lint::CallId,
                literal.span(),
                format_args!("another call has this id (line {line})"),
                "give each call an id of its own",
            );
        }
        own.push((literal, pieces));
        if is_fixed && same.is_none() {
            fixed.push((literal, pieces));
        }
    }
}

/// The id of a call: a template and its pieces.
type Id<'m> = (&'m LitStr, &'m [Piece]);

/// Why a turn of a script may answer more than one request, if it may. What is not literal is not known.
fn again(mock: &Mock, turn: &Turn, is_last: bool) -> Option<&'static str> {
    let by_count = match &turn.count {
        Count::Exactly(times) => *times > 1,
        Count::Range(_, most) => most.is_none_or(|most| most > 1),
        Count::Between(..) | Count::Expr(_) => false,
    };
    let goes_on = match &mock.otherwise {
        Some(Otherwise::Cycle(_)) => true,
        Some(Otherwise::RepeatLast(_)) => is_last,
        _ => false,
    };
    match (by_count || goes_on, &mock.per) {
        (true, _) => Some("this turn may answer more than once"),
        (false, Some(_)) => Some("with `per`, each instance plays this turn"),
        (false, None) => None,
    }
}

/// The ids that a turn gives its calls.
fn ids(turn: &Turn) -> Vec<Id<'_>> {
    let mut ids = Vec::new();
    for action in &turn.actions {
        if let ActionKind::Call(call) = &action.kind
            && let Some(Text::Template(literal, pieces)) = &call.id
        {
            ids.push((literal, pieces.as_slice()));
        }
    }
    ids
}
