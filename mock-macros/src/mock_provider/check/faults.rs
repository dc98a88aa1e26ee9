//! Rules for faults.

use syn::{Expr, ExprLit, Lit};

use super::super::json_text::{self, JsonPiece};
use super::super::parse::{
    ActionKind, After, Arguments, Call, JsonValue, Mock, Number, Split, Text, Turn, is_header_name,
    literal, word,
};
use super::super::templates::Piece;
use super::super::words;
use crate::diagnostics::{Diagnostics, count, in_words};
use crate::lint::Lint;
use crate::search::Search as _;
use crate::syntax::{bare, consists_of};

/// An answer breaks off no later than it ends.
pub(super) fn faults_come_before_the_end(mock: &Mock, diagnostics: &Diagnostics) {
    for &turn in &mock.all_turns() {
        let Some(fault) = &turn.fault else { continue };
        let fails = turn
            .actions
            .any(&|action| matches!(action.kind, ActionKind::Fail(_)));
        if fails {
            diagnostics.error(
                Lint::NoAnswer,
                fault.word.span(),
                "a turn that fails has no answer to break off",
                format_args!("remove `{}(..)`", fault.word),
            );
        } else if let (After::Done(done), false) = (&fault.after, fault.known.word == "stall_after")
        {
            diagnostics.error(
                Lint::LateFault,
                *done,
                "the stream is over after `done`, so nothing can break off",
                "write `finish`; `done` goes with `.stall_after(done)`",
            );
        } else if let (After::Deltas(span, after), Some(deltas)) =
            (&fault.after, deltas(mock, turn))
            && *after as usize > deltas
        {
            diagnostics.error(
                Lint::LateFault,
                *span,
                format_args!(
                    "the answer breaks off after {}, but has only {deltas}",
                    count(*after as usize, "delta")
                ),
                format_args!("write a number up to {deltas}, or `all`"),
            );
        } else if let Some(hang) = turn.actions.find(&|action| action.kind.is_hang())
            && matches!(fault.after, After::Deltas(..) | After::All)
        {
            diagnostics.error(
                Lint::SecondFault,
                hang.word.span(),
                format_args!("the answer never hangs: `{}` ends it before", fault.word),
                format_args!(
                    "remove `hang()` or `.{0}(..)`, or write a time, as in `.{0}(5s)`",
                    fault.word
                ),
            );
        } else if let After::Finish(place) | After::Done(place) = &fault.after
            && turn.actions.any(&|action| action.kind.is_hang())
        {
            diagnostics.error(
                Lint::LateFault,
                *place,
                "the answer hangs before it finishes",
                format_args!(
                    "remove `hang()` or `.{0}(..)`, or write a time, as in `.{0}(5s)`",
                    fault.word
                ),
            );
        }
    }
}

/// An answer that always breaks off has no finish reason or usage.
pub(super) fn what_breaks_off_has_no_end(mock: &Mock, diagnostics: &Diagnostics) {
    for &turn in &mock.all_turns() {
        if let (Some(fault), Some(finish)) = (&turn.fault, turn.modifier("finish"))
            && matches!(fault.after, After::Deltas(..) | After::All)
        {
            diagnostics.error(
                Lint::NoAnswer,
                finish.word.span(),
                format_args!(
                    "an answer with `{}` ends before its finish reason",
                    fault.word
                ),
                "remove `.finish(..)`, or write it in a turn that ends",
            );
        }
    }
}

/// How many content deltas a turn has, if that can be told.
fn deltas(mock: &Mock, turn: &Turn) -> Option<usize> {
    let mut sum: usize = 0;
    for action in &turn.actions {
        sum = sum.saturating_add(deltas_of(mock, turn, &action.kind)?);
    }
    Some(sum)
}

fn deltas_of(mock: &Mock, turn: &Turn, action: &ActionKind) -> Option<usize> {
    match action {
        ActionKind::Stream(_, pieces) => Some(pieces.len()),
        ActionKind::Frames(frames) => Some(frames.len()),
        raw if raw.is_raw() => Some(1),
        ActionKind::Call(call) => match turn.pieces() {
            None | Some(Number::Literal(1)) => Some(1),
            Some(Number::Literal(pieces)) => Some(length(mock, call)?.min(*pieces as usize)),
            Some(Number::Expr(_)) => None,
        },
        driven if driven.is_driven() => None,
        ActionKind::Plain(..) => match action.content() {
            None => Some(0),
            Some(Text::Template(_, pieces)) => match pieces.as_slice() {
                [] => Some(0),
                [Piece::Text(text)] => parts(text, turn),
                _ => None,
            },
            Some(Text::Expr(text)) => match literal(text)?.value().as_str() {
                "" => Some(0),
                text => parts(text, turn),
            },
        },
        ActionKind::Fail(_) => Some(0),
        ActionKind::Json(JsonValue::Json(value)) => match json_text::pieces(value).as_slice() {
            [JsonPiece::Piece(Piece::Text(text))] => parts(text, turn),
            _ => None,
        },
        _ => None,
    }
}

/// How many pieces a text, which is not empty, is split into.
fn parts(text: &str, turn: &Turn) -> Option<usize> {
    match turn.split() {
        None | Some(Split::Words) => Some(text.split_whitespace().count().max(1)),
        Some(Split::Whole) => Some(1),
        Some(Split::Chars(Number::Literal(length))) => {
            Some(text.chars().count().div_ceil(*length as usize))
        }
        Some(Split::Chars(Number::Expr(_)) | Split::Random(..)) => None,
    }
}

/// How many characters the arguments of a call have, if that can be told.
fn length(mock: &Mock, call: &Call) -> Option<usize> {
    match &call.arguments {
        Arguments::Fields(values) => {
            match json_text::object_pieces(values, mock.fields(&word(&call.tool))).as_slice() {
                [JsonPiece::Piece(Piece::Text(text))] => Some(text.chars().count()),
                _ => None,
            }
        }
        Arguments::Raw(text) => Some(literal(text)?.value().chars().count()),
        Arguments::Typed(_) => None,
    }
}

/// `retry_after` goes with the failures that providers send it with.
pub(super) fn only_some_failures_say_when_to_retry(mock: &Mock, diagnostics: &Diagnostics) {
    for &failure in &mock.failures() {
        if let Some((field, _)) = &failure.retry_after
            && !words::WAITING_KINDS.contains(&failure.kind.word)
        {
            diagnostics.error(
                Lint::NoRetryAfter,
                field.span(),
                format_args!("`{}` has no `retry_after`", failure.word),
                format_args!("remove it; it goes with {}", in_words(words::WAITING_KINDS)),
            );
        }
    }
}

/// Headers and a body go with what is an HTTP answer.
pub(super) fn what_is_no_answer_has_no_headers(mock: &Mock, diagnostics: &Diagnostics) {
    for &turn in &mock.all_turns() {
        for &failure in &turn.failures() {
            let is_within = turn.fault.as_ref().is_some_and(
                |fault| matches!(&fault.failure, Some(own) if std::ptr::eq(own, failure)),
            );
            let is_silent = words::SILENT_KINDS.any(&|kind| failure.word == kind);
            let headers = failure.headers.as_ref().map(|(field, _)| field);
            let body = failure.body.as_ref().map(|(field, _)| field);
            for (field, comes_too_late) in [(headers, is_within), (body, false)] {
                let Some(field) = field else { continue };
                if comes_too_late {
                    diagnostics.error(
                        Lint::NoReply,
                        field.span(),
                        format_args!("an error in the middle of an answer has no `{field}`"),
                        format_args!("remove it, or write `fail({} {{ .. }})`", failure.word),
                    );
                } else if is_silent && !is_within && failure.status.is_none() {
                    diagnostics.error(
                        Lint::NoReply,
                        field.span(),
                        format_args!(
                            "`{}` is not an answer, so it has no `{field}`",
                            failure.word
                        ),
                        "give it a status, as in `status: 200`",
                    );
                }
            }
        }
    }
}

/// A body goes with a status that has one.
pub(super) fn a_status_without_a_body_has_none(mock: &Mock, diagnostics: &Diagnostics) {
    for &failure in &mock.failures() {
        if let Some(Expr::Lit(ExprLit {
            lit: Lit::Int(status),
            ..
        })) = failure.status.as_ref().map(bare)
            && let Ok(status @ (204 | 304)) = status.base10_parse::<u64>()
            && let Some((field, _)) = &failure.body
        {
            diagnostics.error(
                Lint::NoReply,
                field.span(),
                format_args!("an answer with the status {status} has no body"),
                "remove it, or write another status",
            );
        }
    }
}

/// Headers have names and values that HTTP can carry.
pub(super) fn headers_can_be_sent(mock: &Mock, diagnostics: &Diagnostics) {
    for &failure in &mock.failures() {
        if let Some((_, headers)) = &failure.headers {
            these_can_be_sent(headers, diagnostics);
        }
    }
    for &turn in &mock.all_turns() {
        if let Some(headers) = turn.headers() {
            these_can_be_sent(headers, diagnostics);
        }
    }
}

fn these_can_be_sent(headers: &[(Expr, Expr)], diagnostics: &Diagnostics) {
    for (name, value) in headers {
        if let Some(text) = literal(name) {
            let name = text.value();
            let lower = name.to_lowercase();
            if words::HEADERS_OF_THE_SERVER.contains(&lower.as_str()) {
                diagnostics.error(
                    Lint::InvalidHeader,
                    text.span(),
                    format_args!("the server writes `{lower}` itself"),
                    "remove it",
                );
            } else if !is_header_name(&name) {
                diagnostics.error(
                    Lint::InvalidHeader,
                    text.span(),
                    format_args!("{name:?} is not a header name"),
                    "write letters, digits and `-`, as in `\"x-request-id\"`",
                );
            }
        }
        if let Some(text) = literal(value)
            && !consists_of(&text.value(), |c| !c.is_control() || c == '\t')
        {
            diagnostics.error(
                Lint::InvalidHeader,
                text.span(),
                "the value of a header is one line",
                "remove the control characters",
            );
        }
    }
}
