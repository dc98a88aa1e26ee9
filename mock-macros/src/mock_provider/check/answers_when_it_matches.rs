//! Whether a turn answers every request that its matchers hold for. One that has no value for a variable, or calls a tool that
//! the request does not offer, is passed over.

use super::super::parse::{
    ActionKind, Arguments, Matcher, MatcherKind, Mock, Pattern, Per, Turn, conjuncts, word,
};
use super::super::templates::{Piece, Variable};
use super::variables::{captures, templates};

use crate::search::Search as _;

/// The turns of the script, and whether each answers all that its matchers hold for.
pub(super) fn certain_turns(mock: &Mock) -> Vec<(&Turn, bool)> {
    certain_turns_of(mock, &[], &mock.turns)
}

/// The same of a lane with these matchers.
pub(super) fn certain_turns_of<'m>(
    mock: &Mock,
    matchers: &[Matcher],
    turns: &'m [Turn],
) -> Vec<(&'m Turn, bool)> {
    let mut known = certain_captures(matchers);
    if let Some(Per::Matcher(matcher)) = &mock.per {
        known.append(&mut certain_captures(std::slice::from_ref(matcher)));
    }
    let mut certain = Vec::new();
    for turn in turns {
        certain.push((turn, is_certain(mock, turn, &known)));
        // The script continues only when this turn has answered as often as it must, so later turns have its captures.
        if turn.count.min().is_some_and(|min| min > 0) {
            known.append(&mut certain_captures(&turn.matchers));
        }
    }
    certain
}

/// Whether this rule answers all that its matchers hold for. It may be asked before the script is.
pub(super) fn rule_is_certain(mock: &Mock, rule: &Turn) -> bool {
    is_certain(mock, rule, &[])
}

fn is_certain(mock: &Mock, turn: &Turn, known: &[&str]) -> bool {
    let own = certain_captures(&turn.matchers);
    let matchers = conjuncts(&turn.matchers);
    let has_value = |piece: &Piece| match piece {
        Piece::Text(_) | Piece::Variable(Variable::Model | Variable::Call) => true,
        Piece::Variable(Variable::Capture(name)) => {
            own.contains(&name.as_str()) || known.contains(&name.as_str())
        }
        Piece::Variable(Variable::User) => matchers.any(&|matcher| needs_the_user(matcher)),
        Piece::Variable(Variable::Field { .. }) => false,
    };
    let templates = templates(turn);
    let mut templates = templates.iter();
    templates.all(|(_, pieces)| pieces.all(&has_value)) && calls_what_is_offered(mock, turn)
}

/// The captures of these matchers if all of them hold.
fn certain_captures(matchers: &[Matcher]) -> Vec<&str> {
    let mut certain = Vec::new();
    for &matcher in &conjuncts(matchers) {
        // It is unknown which alternative of `any_of` holds, and which groups of a regular expression take part. So only plain patterns
        // count.
        if let Some(Pattern::Words(_)) = matcher.pattern() {
            certain.append(&mut captures(matcher));
        }
    }
    certain
}

fn needs_the_user(matcher: &Matcher) -> bool {
    matches!(matcher.word(), Some("user" | "any_user_message"))
}

/// Whether each request that the turn is for offers the tools that it calls, with the arguments of the calls. A matcher looks at the names
/// of tools only.
fn calls_what_is_offered(mock: &Mock, turn: &Turn) -> bool {
    if mock.tools.is_none() || mock.lists("allow", "unoffered_tools") {
        return true;
    }
    let matchers = conjuncts(&turn.matchers);
    turn.actions.all(&|action| match &action.kind {
        ActionKind::Call(call) => {
            let is_raw = matches!(call.arguments, Arguments::Raw(_));
            let fits_any_schema = is_raw || mock.fields(&word(&call.tool)).is_none();
            fits_any_schema && matchers.any(&
                |matcher| matches!(&matcher.kind, MatcherKind::Tool(word, tool) if word.word == "has_tool" && *tool == call.tool),
            )
        }
        _ => true,
    })
}
