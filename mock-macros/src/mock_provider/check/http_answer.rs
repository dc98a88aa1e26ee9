//! What an HTTP answer can carry: its status, its headers and its body.

use proc_macro2::Span;
use syn::Expr;

use super::super::parse::{ActionKind, Argument, Mock, Turn, is_header_name};
use super::super::words;
use crate::diagnostics::{Diagnostics, in_words};
use crate::lint::Lint;
use crate::search::Search as _;
use crate::syntax::{consists_of, literal, whole_number};

/// A failure that is no HTTP answer has no headers and no body, and an error within an answer has no headers.
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

/// A turn that sends no answer has no headers.
pub(super) fn headers_go_with_an_answer(mock: &Mock, diagnostics: &Diagnostics) {
    for &turn in &mock.whole_turns() {
        let answers = turn.answers();
        let silent = answers.first().filter(|action| match &action.kind {
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
    }
}

/// An answer with the status 204 or 304 has no body.
pub(super) fn a_status_without_a_body_has_none(mock: &Mock, diagnostics: &Diagnostics) {
    let error = |at: Span, status: u64, help: &str| {
        diagnostics.error(
            Lint::NoReply,
            at,
            format_args!("an answer with the status {status} has no body"),
            help,
        );
    };
    for &failure in &mock.failures() {
        if let Some((field, _)) = &failure.body
            && let Some(status) = failure.status.as_ref().and_then(without_body)
        {
            error(field.span(), status, "remove it, or write another status");
        }
    }
    for &turn in &mock.whole_turns() {
        if let Some((word, status)) = turn.status()
            && let Some(status) = without_body(status)
            && has_body(turn)
        {
            error(word.span(), status, "write another status, or `raw(\"\")`");
        }
    }
}

/// The status, if it is one of an answer without a body.
fn without_body(status: &Expr) -> Option<u64> {
    whole_number(status).filter(|status| matches!(status, 204 | 304))
}

/// Whether the raw answer of a turn has a body.
fn has_body(turn: &Turn) -> bool {
    turn.actions.any(&|action| match &action.kind {
        ActionKind::Frames(_) => true,
        raw @ ActionKind::Plain(_, Argument::Name(body)) if raw.is_raw() => {
            literal(body).is_some_and(|body| !body.value().is_empty())
        }
        _ => false,
    })
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
