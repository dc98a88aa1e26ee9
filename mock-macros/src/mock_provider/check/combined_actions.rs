//! Which actions go together in a turn, and in which order.

use super::super::parse::{Action, ActionKind, Argument, Mock, Turn};
use crate::diagnostics::{Diagnostics, written};
use crate::lint::Lint;
use crate::search::{Search as _, position};

/// A turn answers with something.
pub(super) fn turns_answer(mock: &Mock, diagnostics: &Diagnostics) {
    let mut scripts = vec![mock.turns.as_slice()];
    for lane in &mock.lanes {
        scripts.push(&lane.turns);
    }
    for &turn in &mock.whole_turns() {
        if !turn.answers().is_empty() {
            continue;
        }
        let help = match scripts.any(&|script| is_torn(turn, script)) {
            true => "write `.` in place of the comma after it",
            false => "add an action, as in `on(..).reply(\"Hi.\")`",
        };
        diagnostics.error(Lint::EmptyTurn, turn.span, "this turn has no action", help);
    }
}

/// Whether the turn behind this one begins with an action, so that the comma between them may be meant as a dot.
fn is_torn(turn: &Turn, script: &[Turn]) -> bool {
    let is_it = |other: &Turn| std::ptr::eq(other, turn);
    let next = position(script, &is_it).and_then(|index| script.get(index.saturating_add(1)));
    next.is_some_and(|next| {
        !turn.matchers.is_empty() && next.matchers.is_empty() && !next.actions.is_empty()
    })
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
    if let [_, second, ..] = turn.answers().as_slice()
        && turn.does(ActionKind::is_failure)
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
        if let Some(closure) = turn.find(ActionKind::is_respond)
            && turn.answers().len() > 1
            && !turn.does(ActionKind::is_failure)
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
        let Some(raw) = turn.find(ActionKind::is_raw_answer) else {
            continue;
        };
        let is_framed = matches!(raw.kind, ActionKind::Frames(_));
        let goes_with = |action: &Action| {
            let kind = &action.kind;
            std::ptr::eq(action, raw)
                || (is_framed && (kind.is_hang() || matches!(kind, ActionKind::Frames(_))))
        };
        let answers = turn.answers();
        let Some(other) = answers.find(&|action| !goes_with(action)) else {
            continue;
        };
        // A combination with these actions has already been reported.
        if turn.does(says_all) {
            continue;
        }
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
        let answers = turn.answers();
        // A combination with the other actions has already been reported.
        if turn.does(ActionKind::is_embed)
            && !turn.does(says_all)
            && !turn.does(ActionKind::is_raw_answer)
            && let Some(other) = answers.find(&|action| !action.kind.is_embed())
        {
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
        // Actions beside or after one of these have already been reported.
        if turn.does(says_all) {
            continue;
        }
        let mut before = None;
        for &action in &turn.answers() {
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

/// No action may follow an action that never ends.
pub(super) fn nothing_follows_an_end(mock: &Mock, diagnostics: &Diagnostics) {
    for &turn in &mock.all_turns() {
        // A failure beside other actions has already been reported.
        if turn.does(ActionKind::is_failure) && turn.answers().len() > 1 {
            continue;
        }
        let ends = |action: &&Action| action.kind.is_failure() || action.kind.is_hang();
        let mut actions = turn.actions.iter();
        if let (Some(end), Some(after)) = (actions.find(ends), actions.next()) {
            diagnostics.error(
                Lint::AfterTheEnd,
                after.word.span(),
                format_args!("nothing can follow `{}`", end.word),
                format_args!("move `{}` to the end, or remove `{}`", end.word, after.word),
            );
        }
    }
}

/// Whether nothing else stands in a turn of this.
fn says_all(action: &ActionKind) -> bool {
    action.is_failure() || action.is_respond()
}
