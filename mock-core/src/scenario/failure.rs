//! The failures that a turn answers with: [`Failure`].

use std::borrow::Cow;
use std::time::Duration;

use super::{List, Scenario, Str, Text, Variable};
use crate::chat::error::{ProviderError, RawResponse};
use crate::chat::error_kind::ErrorKind;

/// A failure that a turn answers with.
///
/// ```
/// use mock_core::{MockProvider, Request, builder::*};
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() {
/// let busy = overloaded().message("Busy.").status(529).retry_after(secs(2));
/// let llm = MockProvider::script([fail(busy)]);
///
/// let error = llm.answer(Request::new("gpt-4o")).await.unwrap_err();
/// assert_eq!((&*error.message, error.status), ("Busy.", Some(529)));
/// assert_eq!(error.retry_after, Some(secs(2)));
/// # }
/// ```
#[derive(Debug, Clone, PartialEq)]
#[must_use]
pub struct Failure {
    /// The kind of failure.
    #[doc(hidden)]
    pub kind: ErrorKind,
    /// The message; `None` for the kind's own.
    #[doc(hidden)]
    pub message: Option<Text>,
    /// The time that the client should wait before its next attempt.
    #[doc(hidden)]
    pub retry_after: Option<Duration>,
    /// The status, from 200 to 999; `None` for the kind's own.
    #[doc(hidden)]
    pub status: Option<u16>,
    /// The provider's code for it; `None` for that of the kind.
    #[doc(hidden)]
    pub code: Option<Str>,
    /// Headers of the HTTP answer: names and values. They replace the provider's headers of the same names.
    #[doc(hidden)]
    pub headers: List<(Str, Str)>,
    /// The body of the HTTP answer, which is not a template; `None` for the provider's.
    #[doc(hidden)]
    pub body: Option<Str>,
}

impl Failure {
    /// A failure without any settings, to be completed: `Failure { kind, ..Failure::EMPTY }`.
    #[doc(hidden)]
    pub const EMPTY: Failure = Failure {
        kind: ErrorKind::Generic,
        message: None,
        retry_after: None,
        status: None,
        code: None,
        headers: Cow::Borrowed(&[]),
        body: None,
    };

    /// The error that the provider of a scenario reports.
    pub(crate) fn error<'a>(
        &self,
        scenario: &Scenario,
        value: &dyn Fn(&Variable) -> Cow<'a, str>,
    ) -> ProviderError {
        let mut error = ProviderError::at(scenario.profile, self.kind);
        if let Some(message) = &self.message {
            error.message = message.render(value);
        }
        error.status = self.status.or(error.status);
        error.retry_after = self.retry_after;
        if let Some(code) = &self.code {
            error.code = Some(code.clone());
        }
        error.provider = Some(scenario.provider_name().to_owned().into());
        let sets_status = self.status.is_some();
        let sets_message = self.message.is_some();
        let sets_code = self.code.is_some();
        error.raw = (sets_status || sets_message || sets_code || self.has_reply()).then(|| {
            Box::new(RawResponse {
                headers: self.headers.to_vec(),
                body: self.body.clone(),
                sets_status,
                sets_message,
                sets_code,
            })
        });
        error
    }

    /// Whether it has headers or a body of its own.
    pub(crate) fn has_reply(&self) -> bool {
        !self.headers.is_empty() || self.body.is_some()
    }

    /// # Panics
    /// If it cannot be played, or its message has variables.
    #[track_caller]
    #[inline]
    pub(crate) fn assert_plays(&self, whose: &str) {
        if let Err((problem, remedy)) = self.check() {
            panic!("the failure {whose} cannot be played: {problem}; {remedy}");
        }
        if let Some(message) = &self.message {
            assert!(
                !message.is_template(),
                "the message {whose} has no variables: \"{message}\""
            );
        }
    }
}
