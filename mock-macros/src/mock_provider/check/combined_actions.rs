//! Which actions go together in a turn, and in which order.

use super::super::parse::{Action, ActionKind, Argument, Mock, Turn};
use crate::diagnostics::{Diagnostics, written};
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
    for &turn in &mock.scripted() {
        let comma = |_: &Action| "write `,` in place of the dot before it".to_owned();
        fails_alone(turn, &comma, diagnostics);
    }
    for &turn in &mock.beside_script() {
        let remove = |second: &Action| format!("remove `fail` or `{}`", second.word);
        fails_alone(turn, &remove, diagnostics);
    }
}

fn fails_alone(turn: &Turn, help: &dyn Fn(&Action) -> String, diagnostics: &Diagnostics) {
    let says = |action: &&Action| !action.kind.is_wait();
    let mut said = turn.actions.iter().filter(says);
    if turn.actions.any(&is_failure)
        && let (Some(_), Some(second)) = (said.next(), said.next())
    {
        diagnostics.error(
            Lint::NotAlone,
            second.word.span(),
            "a turn that fails cannot have another action",
            help(second),
        );
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

/// A raw answer is all that its turn says.
pub(super) fn raw_answers_stand_alone(mock: &Mock, diagnostics: &Diagnostics) {
    for &turn in &mock.all_turns() {
        // What these are joined with has been reported.
        let is_reported =
            |action: &Action| matches!(action.kind, ActionKind::Fail(_) | ActionKind::Respond(_));
        if turn.actions.any(&is_reported) {
            continue;
        }
        let Some(raw) = turn.actions.find(&|action| action.kind.is_raw_answer()) else {
            continue;
        };
        let is_framed = matches!(raw.kind, ActionKind::Frames(_));
        let goes_with = |action: &Action| {
            let kind = &action.kind;
            std::ptr::eq(action, raw)
                || kind.is_wait()
                || (is_framed && (kind.is_hang() || matches!(kind, ActionKind::Frames(_))))
        };
        let Some(other) = turn.actions.find(&|action| !goes_with(action)) else {
            continue;
        };
        let (word, help) = match (&other.kind, &raw.kind) {
            (ActionKind::Call(call), ActionKind::Plain(_, Argument::Name(text)))
                if call.arguments.are_none() =>
            {
                (
                    &raw.word,
                    format!(
                        "write `call({}.raw({}))`, or a turn of its own",
                        call.tool,
                        written(text)
                    ),
                )
            }
            _ => (
                &other.word,
                format!("write a turn of its own, or all of it in `{}`", raw.word),
            ),
        };
        diagnostics.error(
            Lint::RawAnswer,
            word.span(),
            format_args!("`{}` is the whole answer of its turn", raw.word),
            help,
        );
    }
}

/// A turn with embeddings answers requests for these, and no others.
pub(super) fn embeddings_stand_alone(mock: &Mock, diagnostics: &Diagnostics) {
    for &turn in &mock.whole_turns() {
        // What these are joined with has been reported.
        let is_reported = |action: &Action| {
            matches!(action.kind, ActionKind::Fail(_) | ActionKind::Respond(_))
                || action.kind.is_raw_answer()
        };
        if !turn.embeds() || turn.actions.any(&is_reported) {
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
