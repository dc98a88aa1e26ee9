//! The mistakes in the HTTP answer of a turn, a failure or a closure.

use super::Problem;
use crate::chat::error::ProviderError;
use crate::chat::error_kind::ErrorKind;
use crate::chat::response::Response;
use crate::scenario::{Action, After, Failure, FaultKind, Pace, Str, Turn};
use crate::search::Search;

impl Turn {
    pub(super) fn problem_of_failure(&self) -> Option<Problem> {
        let fault = match self.fault.as_ref().map(|fault| &fault.kind) {
            Some(FaultKind::Error(failure)) => Some(failure),
            _ => None,
        };
        if let Some(failure) = fault.filter(|failure| !failure.headers.is_empty()) {
            let problem = format!(
                "its `{}` comes within an answer, which has begun",
                failure.kind
            );
            return Some((problem, "remove `.header(..)`"));
        }
        for action in self.actions.iter() {
            if let Action::Fail(failure) = action
                && let Some(problem) = failure.problem()
            {
                return Some(problem);
            }
        }
        fault?.problem_of_fields()
    }

    pub(super) fn problem_of_headers(&self) -> Option<Problem> {
        if self.headers.is_empty() {
            return None;
        }
        let is_silent = match self.actions.find(&|action| !action.is_wait()) {
            Some(Action::Fail(failure)) => failure.is_no_answer(),
            Some(Action::Hang) => self.fault.is_none(),
            _ => false,
        };
        if is_silent {
            let problem = "it has headers, and sends no answer".to_owned();
            return Some((problem, "remove `.headers(..)`"));
        }
        unsendable(None, &self.headers, false)
    }

    /// Settings that `raw(..)` and `frames(..)` do not allow.
    pub(super) fn problem_of_raw_answer(&self) -> Option<Problem> {
        let is_raw = self.has(&|action| matches!(action, Action::Raw(_)));
        let is_framed = self.has(&|action| matches!(action, Action::Frames(_)));
        let wrong = |problem: &str, remedy| Some((problem.to_owned(), remedy));
        if !is_raw && !is_framed {
            return match self.status {
                Some(_) => wrong(
                    "it has a status, and no raw answer",
                    "remove `.status(..)`, or write `raw(..)`; a failure has a status of its own",
                ),
                None => None,
            };
        }
        let is_other = |action: &Action| match action {
            Action::Gate(_) | Action::Pause(_) | Action::Raw(_) => false,
            Action::Frames(_) | Action::Hang => is_raw,
            _ => true,
        };
        let mut raws = 0;
        for action in self.actions.iter() {
            raws += usize::from(matches!(action, Action::Raw(_)));
        }
        if self.has(&is_other) || raws > 1 {
            return wrong(
                "its raw answer is all that it says",
                "write two turns, or all of it in the raw answer",
            );
        }
        if self.has(&|action| matches!(action, Action::Frames(frames) if frames.is_empty())) {
            return wrong("it has no frames", "name some, or write `raw(\"\")`");
        }
        if self.finish.is_set() || self.usage.is_set() {
            return wrong(
                "its raw answer has an end of its own",
                "remove `.finish(..)` and `.usage(..)`",
            );
        }
        if is_raw && self.pace != Pace::NONE {
            return wrong(
                "its body comes whole",
                "remove `.every(..)` or `.tokens_per_second(..)`, or write `frames([..])`",
            );
        }
        if let Some(After::Finish | After::Done) = self.fault.as_ref().map(|fault| fault.after) {
            return wrong(
                "its end is in the raw answer, where the mock does not look for it",
                "write `all` there",
            );
        }
        let fault = self.fault.as_ref().map(|fault| &fault.kind);
        let is_fault_of_raw = matches!(fault, None | Some(FaultKind::Cut | FaultKind::Stall));
        if is_raw && !is_fault_of_raw {
            return wrong(
                "a raw body breaks off only by a cut or a stall",
                "write `.cut_after(..)` or `.stall_after(..)`, or write the rest of it into the body",
            );
        }
        let has_body = |action: &Action| match action {
            Action::Raw(body) => !body.is_empty(),
            other => matches!(other, Action::Frames(_)),
        };
        unsendable(self.status, &[], self.has(&has_body))
    }
}

impl Failure {
    /// Why it cannot be played, if it cannot.
    pub(crate) fn problem(&self) -> Option<Problem> {
        let kind = self.kind;
        if self.is_no_answer() && self.has_reply() {
            let problem = format!("its `{kind}` has headers or a body, and is not an answer");
            return Some((problem, "give it a status, as in `.status(200)`"));
        }
        self.problem_of_fields()
    }

    /// Checks an error within an answer that has begun.
    fn problem_of_fields(&self) -> Option<Problem> {
        let kind = self.kind;
        // That is what a provider answers, where the same request may succeed.
        let may_say = kind.is_retryable() && kind.status().is_some();
        if self.retry_after.is_some() && !may_say {
            let problem = format!("its `{kind}` says when to try again");
            return Some((problem, "remove `.retry_after(..)`"));
        }
        if self.code.as_ref().is_some_and(|code| code.is_empty()) {
            let problem = format!("the code of its `{kind}` is empty");
            return Some((problem, "write one, or remove `.code(..)`"));
        }
        unsendable(self.status, &self.headers, self.body.is_some())
    }

    /// Whether the failure has no HTTP answer.
    fn is_no_answer(&self) -> bool {
        use ErrorKind::{Connection, InvalidResponse, Timeout};
        self.status.is_none() && matches!(self.kind, Timeout | Connection | InvalidResponse)
    }
}

impl Response {
    /// Why its headers cannot be sent, if they cannot.
    pub(crate) fn problem_of_headers(&self) -> Option<Problem> {
        unsendable(None, &self.headers, false)
    }
}

impl ProviderError {
    /// Why it cannot be sent as an HTTP answer, if it cannot.
    pub(crate) fn problem(&self) -> Option<Problem> {
        let raw = self.raw.as_deref();
        let headers = raw.map_or(&[][..], |raw| &raw.headers);
        let has_body = raw.is_some_and(|raw| raw.body.is_some());
        unsendable(self.status, headers, has_body)
    }
}

/// Headers and bodies that HTTP cannot carry (RFC 9110).
fn unsendable(status: Option<u16>, headers: &[(Str, Str)], has_body: bool) -> Option<Problem> {
    if let Some(status) = status {
        if !matches!(status, 200..=999) {
            let problem = format!("its status {status} cannot be sent");
            return Some((problem, "write one from 200 to 999"));
        }
        if matches!(status, 204 | 304) && has_body {
            let problem = format!("its status {status} has no body");
            return Some((problem, "remove the body, or write another status"));
        }
    }
    for (name, value) in headers {
        let lower = name.to_lowercase();
        if matches!(&*lower, "content-length" | "transfer-encoding") {
            let problem = format!("the server writes its header `{name}` itself");
            return Some((problem, "remove it"));
        }
        if !is_header_name(name) {
            let problem = format!("`{name}` is not a header name");
            return Some((problem, "write letters, digits and `-`"));
        }
        let is_control = |c: char| c.is_control() && c != '\t';
        if value.contains(is_control) {
            let problem = format!("its header `{name}` is more than a line");
            return Some((problem, "write a value without control characters"));
        }
    }
    None
}

/// Whether a text can be the name of a header.
pub(super) fn is_header_name(name: &str) -> bool {
    let of_name = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c);
    !name.is_empty() && name.chars().all(of_name)
}
