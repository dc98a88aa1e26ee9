//! How a provider fails: [`ProviderError`] and its [`ErrorKind`].

use std::borrow::Cow;
use std::time::Duration;

use serde::{Deserialize, Serialize};

/// An error of a provider, as a client would see it.
///
/// ```
/// use mock_core::{ErrorKind, ProviderError};
///
/// let error = ProviderError::new(ErrorKind::RateLimit);
/// assert_eq!(error.status, Some(429));
/// assert!(error.is_retryable());
/// ```
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
#[error("{message}")]
pub struct ProviderError {
    /// What went wrong.
    pub kind: ErrorKind,
    /// What the provider says about it.
    pub message: String,
    /// The HTTP status that it comes with; `None` where no answer came.
    pub status: Option<u16>,
    /// How long to wait before the next try, if the provider says.
    pub retry_after: Option<Duration>,
    /// The provider's name, if it is known.
    pub provider: Option<Cow<'static, str>>,
}

impl ProviderError {
    /// An error of this kind with the kind's own text and status.
    pub fn new(kind: ErrorKind) -> Self {
        ProviderError {
            kind,
            message: kind.facts().message.to_owned(),
            status: kind.status(),
            retry_after: None,
            provider: None,
        }
    }

    /// Whether the same request may succeed later.
    pub fn is_retryable(&self) -> bool {
        self.kind.is_retryable()
    }

    /// What a person can do about it.
    pub fn hint(&self) -> Cow<'static, str> {
        match self.retry_after {
            Some(wait) => format!("wait {wait:?} before the next try").into(),
            None => self.kind.facts().hint.into(),
        }
    }
}

/// The kinds of [`ProviderError`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ErrorKind {
    /// No answer came in time.
    Timeout,
    /// Too many requests.
    RateLimit,
    /// The credentials were not accepted.
    Auth,
    /// The connection failed or broke.
    Connection,
    /// The answer could not be read.
    InvalidResponse,
    /// Any other failure.
    Generic,
    /// The provider has too much to do.
    Overloaded,
    /// The provider failed.
    ServerError,
    /// The request was not understood.
    BadRequest,
    /// The conversation is too long for the model.
    ContextLength,
    /// A filter rejected the request.
    ContentFilter,
    /// The credentials do not allow this.
    Permission,
    /// There is no such model.
    NotFound,
    /// The account has no credit left.
    Quota,
    /// The mock's script does not expect this request: the test is about to fail.
    Unscripted,
    /// The mock cannot do this.
    Unsupported,
}

struct Facts {
    name: &'static str,
    status: Option<u16>,
    retryable: bool,
    message: &'static str,
    hint: &'static str,
}

impl ErrorKind {
    /// Every kind.
    pub const ALL: [ErrorKind; 16] = [
        ErrorKind::Timeout,
        ErrorKind::RateLimit,
        ErrorKind::Auth,
        ErrorKind::Connection,
        ErrorKind::InvalidResponse,
        ErrorKind::Generic,
        ErrorKind::Overloaded,
        ErrorKind::ServerError,
        ErrorKind::BadRequest,
        ErrorKind::ContextLength,
        ErrorKind::ContentFilter,
        ErrorKind::Permission,
        ErrorKind::NotFound,
        ErrorKind::Quota,
        ErrorKind::Unscripted,
        ErrorKind::Unsupported,
    ];

    /// The kind's name in a scenario: `"rate_limit"`, `"timeout"`, …
    pub const fn as_str(self) -> &'static str {
        self.facts().name
    }

    /// The HTTP status that a failure of this kind comes with; `None` where no answer comes.
    pub const fn status(self) -> Option<u16> {
        self.facts().status
    }

    /// Whether the same request may succeed later.
    pub const fn is_retryable(self) -> bool {
        self.facts().retryable
    }

    /// The one table of what is true of each kind.
    #[rustfmt::skip]
    const fn facts(self) -> &'static Facts {
        macro_rules! facts {
            ($name:literal, $status:expr, $retryable:literal, $message:literal, $hint:literal) => {
                &Facts { name: $name, status: $status, retryable: $retryable, message: $message, hint: $hint }
            };
        }
        match self {
            ErrorKind::Timeout => facts!("timeout", None, true,
                "the request timed out", "raise the time-out, or check the provider's status"),
            ErrorKind::RateLimit => facts!("rate_limit", Some(429), true,
                "rate limit reached", "wait and try again, or use another model or provider"),
            ErrorKind::Auth => facts!("auth", Some(401), false,
                "the API key is not valid", "check the API key"),
            ErrorKind::Connection => facts!("connection", None, true,
                "the connection failed", "check the network and the provider's address"),
            ErrorKind::InvalidResponse => facts!("invalid_response", None, false,
                "the response could not be read", "the provider may have changed its format, or something between changed the response"),
            ErrorKind::Generic => facts!("generic", None, false,
                "the provider failed", "look at the provider's message"),
            ErrorKind::Overloaded => facts!("overloaded", Some(503), true,
                "the provider is overloaded", "wait and try again"),
            ErrorKind::ServerError => facts!("server_error", Some(500), true,
                "the provider had an internal error", "wait and try again"),
            ErrorKind::BadRequest => facts!("bad_request", Some(400), false,
                "the request is not valid", "look at the provider's message for the field that is wrong"),
            ErrorKind::ContextLength => facts!("context_length", Some(400), false,
                "the conversation is longer than the model's context", "shorten the conversation, or use a model with a longer context"),
            ErrorKind::ContentFilter => facts!("content_filter", Some(400), false,
                "the request was rejected by a content filter", "change the request"),
            ErrorKind::Permission => facts!("permission", Some(403), false,
                "the API key may not do this", "check what the API key is allowed to do"),
            ErrorKind::NotFound => facts!("not_found", Some(404), false,
                "the model does not exist", "check the model's name"),
            ErrorKind::Quota => facts!("quota", Some(429), false,
                "the quota is used up", "check the plan and the bill"),
            ErrorKind::Unscripted => facts!("unscripted", Some(400), false,
                "the request is not scripted", "add a turn for this request to the mock's script"),
            ErrorKind::Unsupported => facts!("unsupported", Some(400), false,
                "the mock does not support this", "look at the message for what to change"),
        }
    }
}

impl std::fmt::Display for ErrorKind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_has_a_name_of_its_own_and_a_text() {
        let names: std::collections::BTreeSet<_> =
            ErrorKind::ALL.iter().map(|kind| kind.as_str()).collect();
        assert_eq!(names.len(), ErrorKind::ALL.len());
        for kind in ErrorKind::ALL {
            let error = ProviderError::new(kind);
            assert!(
                !error.message.is_empty() && !error.hint().is_empty(),
                "{kind}"
            );
        }
    }

    #[test]
    fn a_mismatch_is_never_retried() {
        assert!(!ErrorKind::Unscripted.is_retryable());
        assert!(!ErrorKind::Unsupported.is_retryable());
    }
}
