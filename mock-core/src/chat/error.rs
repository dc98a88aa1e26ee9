//! The errors of providers: [`ProviderError`].

use std::borrow::Cow;
use std::fmt;
use std::time::Duration;

use crate::chat::error_kind::ErrorKind;
use crate::chat::profile::Profile;

/// An error of a provider, as its client sees it.
///
/// ```
/// use mock_core::{ErrorKind, ProviderError};
///
/// let error = ProviderError::new(ErrorKind::RateLimit);
/// assert_eq!(error.status, Some(429));
/// assert!(error.is_retryable());
/// assert_eq!(format!("{error:?}"), format!("rate_limit: {error} (status 429)"));
/// ```
#[derive(Clone, PartialEq)]
#[non_exhaustive]
pub struct ProviderError {
    /// What went wrong.
    pub kind: ErrorKind,
    /// The provider's message.
    pub message: String,
    /// The HTTP status; `None` if there was no HTTP response.
    pub status: Option<u16>,
    /// How long to wait before the next attempt, if the provider sets it.
    pub retry_after: Option<Duration>,
    /// The provider's error code, such as `"rate_limit_exceeded"` or `"overloaded_error"`, if it has one.
    pub code: Option<Cow<'static, str>>,
    /// The field of the request that is wrong, if the provider names it: `messages[3].role`.
    pub param: Option<Box<str>>,
    /// The provider's name, if it is known.
    pub provider: Option<Cow<'static, str>>,
    /// What the scenario sets in the HTTP response, if it sets anything; and the body of an error that a wire has read, if it says more than
    /// the other fields.
    pub raw: Option<Box<RawResponse>>,
}

impl fmt::Display for ProviderError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

/// The kind, the text of `Display`, and the other fields that are set, so that `unwrap` prints a message.
impl fmt::Debug for ProviderError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {self}", self.kind)?;
        let mut separator = " (";
        let mut field = |field: fmt::Arguments<'_>| {
            write!(f, "{separator}{field}")?;
            separator = ", ";
            Ok(())
        };
        if let Some(status) = self.status {
            field(format_args!("status {status}"))?;
        }
        if let Some(wait) = self.retry_after {
            field(format_args!("retry after {wait:?}"))?;
        }
        if let Some(code) = &self.code {
            field(format_args!("code `{code}`"))?;
        }
        if let Some(param) = &self.param {
            field(format_args!("param `{param}`"))?;
        }
        if let Some(provider) = &self.provider {
            field(format_args!("provider `{provider}`"))?;
        }
        if let Some(raw) = &self.raw {
            field(format_args!("{raw:?}"))?;
        }
        match separator {
            " (" => Ok(()),
            _ => f.write_str(")"),
        }
    }
}

impl std::error::Error for ProviderError {}

/// The parts of an error's HTTP response that a scenario sets: `fail(server_error { headers: [..], body: ".." })`.
///
/// A served mock sends them. In process, an adapter can read them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct RawResponse {
    /// Names and values of headers. They replace the provider's headers of the same name.
    pub headers: Vec<(Cow<'static, str>, Cow<'static, str>)>,
    /// The body, instead of the provider's.
    pub body: Option<Cow<'static, str>>,
    /// Whether the scenario sets the status, so that it stays the same on every wire.
    pub sets_status: bool,
    /// Whether the scenario sets the message, so that it stays the same on every wire.
    pub sets_message: bool,
    /// Whether the scenario sets the error's code, so that it stays the same on every wire.
    pub sets_code: bool,
}

impl ProviderError {
    /// Creates an error of this kind with the neutral message and status.
    ///
    /// ```
    /// use mock_core::{ErrorKind, ProviderError};
    ///
    /// let error = ProviderError::new(ErrorKind::RateLimit);
    /// assert_eq!((error.kind, error.status), (ErrorKind::RateLimit, Some(429)));
    /// ```
    pub fn new(kind: ErrorKind) -> Self {
        ProviderError::at(Profile::Plain, kind)
    }

    /// Creates an error of this kind with this provider's message, status and code.
    ///
    /// ```
    /// use mock_core::{ErrorKind, ProviderError, scenario::Profile};
    ///
    /// let error = ProviderError::at(Profile::Anthropic, ErrorKind::Overloaded);
    /// assert_eq!((error.status, &*error.message), (Some(529), "Overloaded"));
    /// ```
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

    /// Sets the message.
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// use mock_core::{ErrorKind, ProviderError};
    ///
    /// let error = ProviderError::new(ErrorKind::RateLimit)
    ///     .with_message("slow down")
    ///     .with_status(503)
    ///     .with_code("busy")
    ///     .with_retry_after(Duration::from_secs(2));
    /// assert_eq!((error.to_string(), error.status), ("slow down".to_owned(), Some(503)));
    /// ```
    #[must_use]
    pub fn with_message(mut self, message: impl Into<String>) -> Self {
        self.message = message.into();
        self
    }

    /// Sets the HTTP status.
    ///
    /// ```
    /// # use mock_core::{ErrorKind, ProviderError};
    /// let error = ProviderError::new(ErrorKind::ServerError).with_status(502);
    /// assert_eq!(error.status, Some(502));
    /// ```
    #[must_use]
    pub fn with_status(mut self, status: u16) -> Self {
        self.status = Some(status);
        self
    }

    /// Sets how long to wait before the next attempt.
    ///
    /// ```
    /// # use mock_core::{ErrorKind, ProviderError, builder::secs};
    /// let error = ProviderError::new(ErrorKind::Overloaded).with_retry_after(secs(2));
    /// assert_eq!(error.retry_after, Some(secs(2)));
    /// ```
    #[must_use]
    pub fn with_retry_after(mut self, wait: Duration) -> Self {
        self.retry_after = Some(wait);
        self
    }

    /// Sets the provider's error code.
    ///
    /// ```
    /// # use mock_core::{ErrorKind, ProviderError};
    /// let error = ProviderError::new(ErrorKind::Auth).with_code("session_expired");
    /// assert_eq!(error.code.as_deref(), Some("session_expired"));
    /// ```
    #[must_use]
    pub fn with_code(mut self, code: impl Into<Cow<'static, str>>) -> Self {
        self.code = Some(code.into());
        self
    }

    /// Sets the field of the request that is wrong.
    ///
    /// ```
    /// # use mock_core::{ErrorKind, ProviderError};
    /// let error = ProviderError::new(ErrorKind::BadRequest).with_param("messages[0].role");
    /// assert_eq!(error.param.as_deref(), Some("messages[0].role"));
    /// ```
    #[must_use]
    pub fn with_param(mut self, param: impl Into<Box<str>>) -> Self {
        self.param = Some(param.into());
        self
    }

    /// Returns whether the same request may succeed later.
    ///
    /// ```
    /// use mock_core::{ErrorKind, ProviderError};
    ///
    /// assert!(ProviderError::new(ErrorKind::Overloaded).is_retryable());
    /// assert!(!ProviderError::new(ErrorKind::BadRequest).is_retryable());
    /// ```
    pub fn is_retryable(&self) -> bool {
        self.kind.is_retryable()
    }

    /// Returns what a person can do about it.
    ///
    /// ```
    /// use mock_core::{ErrorKind, ProviderError};
    ///
    /// assert_eq!(ProviderError::new(ErrorKind::Auth).hint(), ErrorKind::Auth.hint());
    /// ```
    pub fn hint(&self) -> Cow<'static, str> {
        match self.retry_after {
            Some(wait) => format!("wait {wait:?} before the next try").into(),
            None => self.kind.hint().into(),
        }
    }
}
