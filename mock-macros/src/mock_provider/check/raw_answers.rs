//! Raw answers, `raw(..)` and `frames(..)`, and what goes with them.

use syn::{Expr, ExprLit, Lit};

use super::super::parse::{Action, ActionKind, After, Argument, Mock, Turn, literal};
use super::super::words;
use crate::diagnostics::{Diagnostics, written};
use crate::lint::Lint;
use crate::search::Search as _;
use crate::syntax::bare;

/// A raw answer is all that its turn says.
pub(super) fn raw_answers_stand_alone(mock: &Mock, diagnostics: &Diagnostics) {
    for &turn in &mock.all_turns() {
        // What these are joined with has been reported.
        let is_reported =
            |action: &Action| matches!(action.kind, ActionKind::Fail(_) | ActionKind::Respond(_));
        if turn.actions.any(&is_reported) {
            continue;
        }
        let Some(raw) = turn.actions.find(&|action| is_raw_answer(action)) else {
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
            (ActionKind::Call(call), ActionKind::Plain(_, Argument::Name(text))) => (
                &raw.word,
                format!(
                    "write `call({}.raw({}))`, or a turn of its own",
                    call.tool,
                    written(text)
                ),
            ),
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

/// The modifiers of a turn go with its raw answer.
pub(super) fn modifiers_go_with_a_raw_answer(mock: &Mock, diagnostics: &Diagnostics) {
    for &turn in &mock.whole_turns() {
        let Some(raw) = turn.actions.find(&|action| is_raw_answer(action)) else {
            if let Some((word, status)) = turn.status() {
                let failure = turn.failures().first().copied();
                let help = match failure {
                    Some(failure) => {
                        format!(
                            "write `fail({} {{ status: {} }})`",
                            failure.word,
                            written(status)
                        )
                    }
                    None => format!(
                        "remove it, or write `raw(\"..\").status({})`",
                        written(status)
                    ),
                };
                let message = "`status` is only for `raw` and `frames`";
                diagnostics.error(Lint::RawAnswer, word.span(), message, help);
            }
            continue;
        };
        for &word in &turn.words_of_the_end() {
            diagnostics.error(
                Lint::RawAnswer,
                word.span(),
                format_args!("`{}` contains its own end", raw.word),
                format_args!("remove `.{word}(..)`, and write it into the answer"),
            );
        }
        if raw.kind.is_raw() {
            a_body_comes_whole(turn, diagnostics);
        }
    }
}

fn a_body_comes_whole(turn: &Turn, diagnostics: &Diagnostics) {
    if let Some(pace) = turn.pace() {
        diagnostics.error(
            Lint::RawAnswer,
            pace.word.span(),
            "`raw` is not streamed",
            format_args!("remove `.{}(..)`, or write `frames([..])`", pace.word),
        );
    }
    if let Some(fault) = &turn.fault
        && !matches!(fault.known.word, "cut_after" | "stall_after")
    {
        diagnostics.error(
            Lint::RawAnswer,
            fault.word.span(),
            "only `cut_after` and `stall_after` can break off `raw`",
            "write one of these, or write the rest of the answer into `raw`",
        );
    }
}

/// A place behind the finish is one of an answer whose finish the mock writes.
pub(super) fn faults_of_frames_know_their_place(mock: &Mock, diagnostics: &Diagnostics) {
    for &turn in &mock.whole_turns() {
        if let Some(fault) = &turn.fault
            && let Some(raw) = turn.actions.find(&|action| is_raw_answer(action))
            && let After::Finish(place) | After::Done(place) = &fault.after
        {
            diagnostics.error(
                Lint::RawAnswer,
                *place,
                format_args!("`{}` contains its own end", raw.word),
                format_args!("write `.{}(all)`", fault.word),
            );
        }
    }
}

/// Headers go with what is an HTTP answer, and a body with a status that has one.
pub(super) fn headers_go_with_an_answer(mock: &Mock, diagnostics: &Diagnostics) {
    for &turn in &mock.whole_turns() {
        let said = turn.actions.iter();
        let first = said.clone().find(|action| !action.kind.is_wait());
        let silent = first.filter(|action| match &action.kind {
            ActionKind::Fail(failure) => {
                let is_silent = words::SILENT_KINDS.any(&|kind| failure.word == kind);
                is_silent && failure.status.is_none()
            }
            hang => hang.is_hang() && turn.fault.is_none(),
        });
        if let (Some(headers), Some(silent)) = (turn.modifier("headers"), silent) {
            diagnostics.error(
                Lint::NoReply,
                headers.word.span(),
                format_args!(
                    "a turn with `{}` sends no answer, so it has no `headers`",
                    silent.word
                ),
                "remove `.headers(..)`",
            );
        }
        let has_body = said.clone().any(|action| match &action.kind {
            ActionKind::Frames(_) => true,
            raw @ ActionKind::Plain(_, Argument::Name(body)) if raw.is_raw() => {
                literal(body).is_some_and(|body| !body.value().is_empty())
            }
            _ => false,
        });
        if let Some((
            word,
            Expr::Lit(ExprLit {
                lit: Lit::Int(status),
                ..
            }),
        )) = turn.status().map(|(word, status)| (word, bare(status)))
            && let Ok(status @ (204 | 304)) = status.base10_parse::<u64>()
            && has_body
        {
            diagnostics.error(
                Lint::NoReply,
                word.span(),
                format_args!("an answer with the status {status} has no body"),
                "write another status, or `raw(\"\")`",
            );
        }
    }
}

fn is_raw_answer(action: &Action) -> bool {
    action.kind.is_raw_answer()
}
