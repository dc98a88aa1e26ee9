//! The mistakes in the HTTP answer of a turn, a failure or a closure.

use super::{Checked, reject};
use crate::chat::error::ProviderError;
use crate::chat::error_kind::ErrorKind;
use crate::chat::response::Response;
use crate::scenario::{Action, After, Failure, FaultKind, Pace, Str, Turn};
use crate::search::{CharTest, Search, consists_of};

impl Turn {
    pub(super) fn check_failure(&self) -> Checked {
        let fault = match self.fault.as_ref().map(|fault| &fault.kind) {
            Some(FaultKind::Error(failure)) => Some(failure),
            _ => None,
        };
        if let Some(failure) = fault
            && !failure.headers.is_empty()
        {
            let kind = failure.kind;
            let problem = format!("its `{kind}` comes within an answer, which has begun");
            return Err((problem, "remove `.header(..)`"));
        }
        for action in self.actions.iter() {
            if let Action::Fail(failure) = action {
                failure.check()?;
            }
        }
        match fault {
            Some(failure) => failure.check_fields(),
            None => Ok(()),
        }
    }

    pub(super) fn check_headers(&self) -> Checked {
        let is_silent = match self.actions.find(&|action| !action.is_wait()) {
            Some(Action::Fail(failure)) => failure.is_no_answer(),
            Some(Action::Hang) => self.fault.is_none(),
            _ => false,
        };
        reject(&[(
            is_silent && !self.headers.is_empty(),
            "it has headers, and sends no answer",
            "remove `.headers(..)`",
        )])?;
        check_sendable(None, &self.headers, false)
    }

    /// Checks the settings of `raw(..)` and `frames(..)`.
    pub(super) fn check_raw_answer(&self) -> Checked {
        let is_raw = self.has(&|action| matches!(action, Action::Raw(_)));
        let is_framed = self.has(&|action| matches!(action, Action::Frames(_)));
        if !is_raw && !is_framed {
            return reject(&[(
                self.status.is_some(),
                "it has a status, and no raw answer",
                "remove `.status(..)`, or write `raw(..)`; a failure has a status of its own",
            )]);
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
        let is_empty =
            |action: &Action| matches!(action, Action::Frames(frames) if frames.is_empty());
        let after = self.fault.as_ref().map(|fault| fault.after);
        let fault = self.fault.as_ref().map(|fault| &fault.kind);
        reject(&[
            (
                self.has(&is_other) || raws > 1,
                "its raw answer is all that it says",
                "write two turns, or all of it in the raw answer",
            ),
            (
                self.has(&is_empty),
                "it has no frames",
                "name some, or write `raw(\"\")`",
            ),
            (
                self.finish.is_set() || self.usage.is_set(),
                "its raw answer has an end of its own",
                "remove `.finish(..)` and `.usage(..)`",
            ),
            (
                is_raw && self.pace != Pace::NONE,
                "its body comes whole",
                "remove `.every(..)` or `.tokens_per_second(..)`, or write `frames([..])`",
            ),
            (
                after.is_some_and(After::is_behind_the_finish),
                "its end is in the raw answer, where the mock does not look for it",
                "write `all` there",
            ),
            (
                is_raw && !matches!(fault, None | Some(FaultKind::Cut | FaultKind::Stall)),
                "a raw body breaks off only by a cut or a stall",
                "write `.cut_after(..)` or `.stall_after(..)`, or write the rest of it into the body",
            ),
        ])?;
        let has_body = |action: &Action| match action {
            Action::Raw(body) => !body.is_empty(),
            other => matches!(other, Action::Frames(_)),
        };
        check_sendable(self.status, &[], self.has(&has_body))
    }
}

impl Failure {
    /// Checks whether it can be played.
    pub(crate) fn check(&self) -> Checked {
        if self.is_no_answer() && self.has_reply() {
            let kind = self.kind;
            let problem = format!("its `{kind}` has headers or a body, and is not an answer");
            return Err((problem, "give it a status, as in `.status(200)`"));
        }
        self.check_fields()
    }

    /// Checks an error within an answer that has begun.
    fn check_fields(&self) -> Checked {
        let kind = self.kind;
        // Providers send a retry-after only over HTTP, and only if the same request may succeed later.
        let may_say = kind.is_retryable() && kind.status().is_some();
        if self.retry_after.is_some() && !may_say {
            let problem = format!("its `{kind}` says when to try again");
            return Err((problem, "remove `.retry_after(..)`"));
        }
        if self.code.as_deref() == Some("") {
            let problem = format!("the code of its `{kind}` is empty");
            return Err((problem, "write one, or remove `.code(..)`"));
        }
        check_sendable(self.status, &self.headers, self.body.is_some())
    }

    /// Whether the failure has no HTTP answer.
    fn is_no_answer(&self) -> bool {
        use ErrorKind::{Connection, InvalidResponse, Timeout};
        self.status.is_none() && matches!(self.kind, Timeout | Connection | InvalidResponse)
    }
}

impl Response {
    /// Checks whether its headers can be sent.
    pub(crate) fn check(&self) -> Checked {
        check_sendable(None, &self.headers, false)
    }
}

impl ProviderError {
    /// Checks whether it can be sent as an HTTP answer.
    pub(crate) fn check(&self) -> Checked {
        match self.raw.as_deref() {
            Some(raw) => check_sendable(self.status, &raw.headers, raw.body.is_some()),
            None => check_sendable(self.status, &[], false),
        }
    }
}

/// Checks that HTTP can carry the headers and the body (RFC 9110).
fn check_sendable(status: Option<u16>, headers: &[(Str, Str)], has_body: bool) -> Checked {
    if let Some(status) = status {
        if !matches!(status, 200..=999) {
            let problem = format!("its status {status} cannot be sent");
            return Err((problem, "write one from 200 to 999"));
        }
        if matches!(status, 204 | 304) && has_body {
            let problem = format!("its status {status} has no body");
            return Err((problem, "remove the body, or write another status"));
        }
    }
    for (name, value) in headers {
        let lower = name.to_lowercase();
        if matches!(&*lower, "content-length" | "transfer-encoding") {
            let problem = format!("the server writes its header `{name}` itself");
            return Err((problem, "remove it"));
        }
        check_header_name(name)?;
        let is_control: CharTest = |c| c.is_control() && c != '\t';
        if value.contains(is_control) {
            let problem = format!("its header `{name}` is more than a line");
            return Err((problem, "write a value without control characters"));
        }
    }
    Ok(())
}

/// Checks whether a text can be the name of a header.
pub(super) fn check_header_name(name: &str) -> Checked {
    if is_header_name(name) {
        return Ok(());
    }
    let problem = format!("`{name}` is not a header name");
    Err((problem, "write letters, digits and `-`"))
}

/// Whether a text can be the name of a header.
pub(super) fn is_header_name(name: &str) -> bool {
    let of_name: CharTest = |c| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c);
    !name.is_empty() && consists_of(name, of_name)
}
