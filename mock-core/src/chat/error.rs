//! How a provider fails: [`ProviderError`].

use std::borrow::Cow;
use std::fmt;
use std::time::Duration;

use crate::chat::error_kind::ErrorKind;
use crate::chat::profile::Profile;

/// An error of a provider, as a client would see it.
///
/// ```
/// use mock_core::{ErrorKind, ProviderError};
///
/// let error = ProviderError::new(ErrorKind::RateLimit);
/// assert_eq!(error.status, Some(429));
/// assert!(error.is_retryable());
/// ```
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct ProviderError {
    /// What went wrong.
    pub kind: ErrorKind,
    /// What the provider says about it.
    pub message: String,
    /// The HTTP status that it comes with; `None` where no answer came.
    pub status: Option<u16>,
    /// How long to wait before the next try, if the provider says.
    pub retry_after: Option<Duration>,
    /// The provider's own code for what went wrong: `"rate_limit_exceeded"`, `"overloaded_error"`, …; `None` where it has none.
    pub code: Option<Cow<'static, str>>,
    /// The field of the request that is wrong, where the provider says which: `messages[3].role`.
    pub param: Option<Box<str>>,
    /// The provider's name, if it is known.
    pub provider: Option<Cow<'static, str>>,
    /// What its HTTP answer has beside that, or instead, where a scenario says so by hand.
    pub raw: Option<Box<RawReply>>,
}

impl fmt::Display for ProviderError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for ProviderError {}

/// What a scenario says by hand of the HTTP answer that an error is: `fail(server_error { headers: [..], body: ".." })`.
///
/// In process, an adapter may look at it; over the wire, it is sent.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct RawReply {
    /// Names and values of headers. They replace those of the same name that the provider would send.
    pub headers: Vec<(Cow<'static, str>, Cow<'static, str>)>,
    /// The body, instead of the provider's.
    pub body: Option<Cow<'static, str>>,
    /// Whether the scenario sets the error's status: on a wire of another provider it stays as it is.
    pub sets_status: bool,
    /// Whether the scenario sets the error's message: on a wire of another provider it stays as it is.
    pub sets_message: bool,
    /// Whether the scenario sets the error's code: on a wire of another provider it stays as it is.
    pub sets_code: bool,
}

impl ProviderError {
    /// An error of this kind with the kind's own text and status, at no provider in particular.
    pub fn new(kind: ErrorKind) -> Self {
        ProviderError::at(Profile::Plain, kind)
    }

    /// An error of this kind as this provider reports it.
    pub fn at(profile: Profile, kind: ErrorKind) -> Self {
        ProviderError {
            kind,
            message: kind.message_at(profile).to_owned(),
            status: kind.status_at(profile),
            retry_after: None,
            code: kind.code_at(profile).map(Cow::Borrowed),
            param: None,
            provider: None,
            raw: None,
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
            None => self.kind.hint().into(),
        }
    }
}
