//! Rules for what a turn answers with.

use proc_macro2::Ident;

use super::super::parse::{Action, ActionKind, Mock, Modifier, ModifierValue, Turn};
use crate::diagnostics::Diagnostics;
use crate::lint::Lint;
use crate::search::{Search as _, position};

/// A turn answers with something.
pub(super) fn turns_answer(mock: &Mock, diagnostics: &Diagnostics) {
    for &turn in &mock.all_turns() {
        if turn.is_whole && turn.actions.all(&|action| action.kind.is_wait()) {
            diagnostics.error(
                Lint::EmptyTurn,
                turn.span,
                "this turn has no action",
                "add an action, as in `on(..).reply(\"Hi.\")`",
            );
        }
    }
}

/// A turn that fails says nothing else.
pub(super) fn failures_stand_alone(mock: &Mock, diagnostics: &Diagnostics) {
    for &turn in &mock.all_turns() {
        let failure = turn.actions.iter().find_map(|action| match &action.kind {
            ActionKind::Fail(failure) => Some(failure),
            _ => None,
        });
        if let Some(failure) = failure
            && is_joined(turn)
        {
            diagnostics.error(
                Lint::NotAlone,
                failure.word.span(),
                "a turn that fails cannot have another action",
                format_args!("write a turn of its own: `fail({})`", failure.word),
            );
        }
    }
}

/// A closure says all that its turn answers.
pub(super) fn closures_stand_alone(mock: &Mock, diagnostics: &Diagnostics) {
    for &turn in &mock.all_turns() {
        let is_closure = |action: &Action| matches!(action.kind, ActionKind::Respond(_));
        if let Some(closure) = turn.actions.find(&is_closure)
            && is_joined(turn)
            && !turn.actions.any(&is_failure)
        {
            diagnostics.error(
                Lint::NotAlone,
                closure.word.span(),
                "a closure is the whole answer of its turn",
                "put the rest into its response, or into a turn of its own",
            );
        }
    }
}

/// A signature is the seal on the reasoning before it.
pub(super) fn signatures_follow_reasoning(mock: &Mock, diagnostics: &Diagnostics) {
    for &turn in &mock.whole_turns() {
        // What stands beside one of these, or behind it, has been reported.
        if turn.actions.any(&says_all) {
            continue;
        }
        let mut before = None;
        for action in &turn.actions {
            if action.kind.is_wait() {
                continue;
            }
            if action.kind.is_hang() {
                break;
            }
            let before = before.replace(&action.kind);
            let is_sealed = before.is_some_and(|kind| kind.is_reasoning() || kind.is_driven());
            if action.kind.is_signature() && !is_sealed {
                diagnostics.error(
                    Lint::WrongOrder,
                    action.word.span(),
                    "`signature` follows `reasoning`",
                    "write it right after that, with a dot, as in `reasoning(\"..\").signature(\"..\")`",
                );
            }
        }
    }
}

/// Nothing comes after what does not end.
pub(super) fn nothing_follows_an_end(mock: &Mock, diagnostics: &Diagnostics) {
    for &turn in &mock.all_turns() {
        // A failure that is not alone has been reported.
        if is_joined(turn) && turn.actions.any(&is_failure) {
            continue;
        }
        let ends = |action: &Action| is_failure(action) || action.kind.is_hang();
        let Some(end) = position(&turn.actions, &ends) else {
            continue;
        };
        let (end, after) = (
            turn.actions.get(end),
            turn.actions.get(end.saturating_add(1)),
        );
        if let (Some(end), Some(after)) = (end, after) {
            diagnostics.error(
                Lint::AfterTheEnd,
                after.word.span(),
                format_args!("nothing can follow `{}`", end.word),
                format_args!("move `{}` to the end, or remove `{}`", end.word, after.word),
            );
        }
    }
}

/// `split` needs a text, and `split_arguments` needs a call.
pub(super) fn splits_have_something_to_split(mock: &Mock, diagnostics: &Diagnostics) {
    for &turn in &mock.whole_turns() {
        let any = |test: fn(&ActionKind) -> bool| turn.actions.any(&|action| test(&action.kind));
        if let Some(split) = turn.modifier("split")
            && !any(is_text)
        {
            let streams = any(|action| matches!(action, ActionKind::Stream(..)));
            let help = match streams {
                true => "remove it: `stream([..])` lists its own pieces",
                false => "remove it, or answer with a text, as in `reply(\"..\")`",
            };
            diagnostics.error(
                Lint::NothingToSplit,
                split.word.span(),
                "there is no text to split",
                help,
            );
        }
        if let Some(pieces) = turn.modifier("pieces")
            && !any(|action| matches!(action, ActionKind::Call(_) | ActionKind::Respond(_)))
        {
            diagnostics.error(
                Lint::NothingToSplit,
                pieces.word.span(),
                "there are no arguments to cut into pieces",
                "remove it, or call a tool; a text is split by `.split(..)`",
            );
        }
    }
}

/// A failure, and what never ends, have no end to tell of, and no cost.
pub(super) fn what_never_ends_has_no_end(mock: &Mock, diagnostics: &Diagnostics) {
    for &turn in &mock.all_turns() {
        let endless = turn
            .actions
            .find(&|action| is_failure(action) || action.kind.is_hang());
        let Some(endless) = endless else { continue };
        if let ActionKind::Fail(failure) = &endless.kind {
            fails_at_once(turn, &failure.word, diagnostics);
        }
        for &word in &turn.words_of_the_end() {
            diagnostics.error(
                Lint::NoAnswer,
                word.span(),
                format_args!(
                    "a turn with `{}` never ends, so it has no finish reason and no usage",
                    endless.word
                ),
                format_args!("remove `.{word}(..)`"),
            );
        }
    }
}

/// A failure comes whole, and at once.
fn fails_at_once(turn: &Turn, kind: &Ident, diagnostics: &Diagnostics) {
    let remove = |modifier: &Modifier| format!("remove `.{}(..)`", modifier.word);
    for modifier in &turn.modifiers {
        let (message, help) = match &modifier.value {
            ModifierValue::Time(_) if modifier.known.word == "ttft" => (
                "a turn that fails has no first token",
                format!("remove `.ttft(..)`, and write `pause(300ms).fail({kind})`"),
            ),
            ModifierValue::Pace(_) | ModifierValue::Flush(_) => {
                ("a turn that fails has no stream", remove(modifier))
            }
            ModifierValue::Keepalive(_) => (
                "a turn that fails has no stream to keep alive",
                remove(modifier),
            ),
            _ => continue,
        };
        diagnostics.error(Lint::NoAnswer, modifier.word.span(), message, help);
    }
}

/// Whether a turn does more than one thing, waiting aside.
fn is_joined(turn: &Turn) -> bool {
    let mut said = 0_usize;
    for action in &turn.actions {
        said = said.saturating_add(usize::from(!action.kind.is_wait()));
    }
    said > 1
}

fn is_failure(action: &Action) -> bool {
    matches!(action.kind, ActionKind::Fail(_))
}

/// Whether nothing else stands in a turn of this.
fn says_all(action: &Action) -> bool {
    is_failure(action) || matches!(action.kind, ActionKind::Respond(_))
}

fn is_text(action: &ActionKind) -> bool {
    action.content().is_some() || matches!(action, ActionKind::Json(_) | ActionKind::Respond(_))
}
