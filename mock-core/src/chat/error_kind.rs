//! The kinds of provider errors and their properties: [`ErrorKind`].

use std::str::FromStr;

#[cfg(feature = "serde")]
use serde::{Deserialize, Serialize};

use crate::chat::profile::Profile;
use crate::chat::unknown_name::UnknownName;

/// The kinds of [`ProviderError`](crate::ProviderError).
///
/// ```
/// use mock_core::{ErrorKind, scenario::Profile};
///
/// assert!(ErrorKind::Overloaded.is_retryable());
/// assert_eq!(ErrorKind::Overloaded.status_at(Profile::Anthropic), Some(529));
/// assert_eq!("rate_limit".parse(), Ok(ErrorKind::RateLimit));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(
    feature = "serde",
    derive(Serialize, Deserialize),
    serde(rename_all = "snake_case")
)]
#[non_exhaustive]
pub enum ErrorKind {
    /// No answer came in time.
    Timeout,
    /// There were too many requests.
    RateLimit,
    /// The credentials were not accepted.
    Auth,
    /// The connection failed or broke.
    Connection,
    /// The answer could not be read.
    InvalidResponse,
    /// Any other failure.
    Generic,
    /// The provider is overloaded.
    Overloaded,
    /// The provider had an internal error.
    ServerError,
    /// The request is not valid.
    BadRequest,
    /// The conversation is too long for the model.
    ContextLength,
    /// A filter rejected the request.
    ContentFilter,
    /// The credentials do not allow this.
    Permission,
    /// The model does not exist.
    NotFound,
    /// The account's quota is used up.
    Quota,
    /// The mock's script does not expect this request. The test fails.
    Unscripted,
    /// The mock does not support this.
    Unsupported,
}

/// Reads the kind's [name](ErrorKind::as_str).
impl FromStr for ErrorKind {
    type Err = UnknownName;

    #[inline]
    fn from_str(text: &str) -> Result<Self, UnknownName> {
        UnknownName::find("a kind of failure", text, ErrorKind::ALL, ErrorKind::as_str)
    }
}

/// The properties of a kind of failure.
struct Facts {
    name: &'static str,
    status: Option<u16>,
    retryable: bool,
    /// The `type` and the `code` in the body of OpenAI's error.
    openai: (&'static str, Option<&'static str>),
    /// The `type` in the body of Anthropic's error.
    anthropic: &'static str,
    /// The `status` in the body of Gemini's error.
    gemini: &'static str,
    message: &'static str,
    hint: &'static str,
}

impl ErrorKind {
    /// All kinds.
    pub const ALL: &'static [ErrorKind] = &[
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

    /// Returns the kind's name in a scenario: `"rate_limit"`, `"timeout"`, …
    ///
    /// ```
    /// use mock_core::ErrorKind;
    ///
    /// assert_eq!(ErrorKind::RateLimit.as_str(), "rate_limit");
    /// ```
    pub const fn as_str(self) -> &'static str {
        self.facts().name
    }

    /// Returns the HTTP status of a failure of this kind; `None` if the kind has none.
    ///
    /// ```
    /// use mock_core::ErrorKind;
    ///
    /// assert_eq!(ErrorKind::RateLimit.status(), Some(429));
    /// assert_eq!(ErrorKind::Connection.status(), None);
    /// ```
    pub const fn status(self) -> Option<u16> {
        self.facts().status
    }

    /// Returns whether the same request may succeed later.
    ///
    /// ```
    /// use mock_core::ErrorKind;
    ///
    /// assert!(ErrorKind::RateLimit.is_retryable());
    /// assert!(!ErrorKind::Auth.is_retryable());
    /// ```
    pub const fn is_retryable(self) -> bool {
        self.facts().retryable
    }

    /// Returns this provider's HTTP status for a failure of this kind. For example, an overloaded Anthropic sends 529.
    ///
    /// ```
    /// use mock_core::{ErrorKind, scenario::Profile};
    ///
    /// assert_eq!(ErrorKind::Overloaded.status_at(Profile::Anthropic), Some(529));
    /// assert_eq!(ErrorKind::Overloaded.status_at(Profile::Openai), Some(503));
    /// ```
    pub const fn status_at(self, profile: Profile) -> Option<u16> {
        match (profile, self) {
            (Profile::Anthropic, ErrorKind::Overloaded) => Some(529),
            (Profile::Anthropic | Profile::Deepseek | Profile::Openrouter, ErrorKind::Quota) => {
                Some(402)
            }
            // Chat Completions sends 404 instead.
            (
                Profile::OpenaiResponses
                | Profile::Deepseek
                | Profile::Mistral
                | Profile::Openrouter,
                ErrorKind::NotFound,
            )
            | (Profile::Gemini | Profile::Xai, ErrorKind::Auth) => Some(400),
            _ => self.status(),
        }
    }

    /// Returns the code of this kind in the body of this provider's error: OpenAI's `code`, or its `type` if it has no code; Anthropic's
    /// `type`; Gemini's `status`. The dialects of OpenAI have OpenAI's codes. `None` if the kind has no HTTP response, and for providers
    /// whose errors are only a text.
    ///
    /// ```
    /// use mock_core::{ErrorKind, scenario::Profile};
    ///
    /// assert_eq!(ErrorKind::RateLimit.code_at(Profile::Anthropic), Some("rate_limit_error"));
    /// assert_eq!(ErrorKind::RateLimit.code_at(Profile::Gemini), Some("RESOURCE_EXHAUSTED"));
    /// ```
    pub const fn code_at(self, profile: Profile) -> Option<&'static str> {
        let facts = self.facts();
        if self.status().is_none() {
            return None;
        }
        match profile {
            Profile::Anthropic => Some(facts.anthropic),
            Profile::Gemini => Some(facts.gemini),
            Profile::Plain | Profile::Ollama => None,
            // OpenAI and its dialects.
            _ => match self.openai_at(profile) {
                (_, Some(code)) => Some(code),
                (kind, None) => Some(kind),
            },
        }
    }

    /// The `type` and the `code` in the body of an error of this provider: OpenAI or a dialect of it.
    pub(crate) const fn openai_at(self, profile: Profile) -> (&'static str, Option<&'static str>) {
        let openai = self.facts().openai;
        match (profile, self) {
            (Profile::Openai | Profile::OpenaiResponses, _) => openai,
            // No other provider is known to have OpenAI's code for this.
            (_, ErrorKind::Overloaded) => (openai.0, None),
            _ => openai,
        }
    }

    /// The `type` and the `code` in the body of OpenAI's error.
    #[cfg(feature = "server")]
    pub(crate) const fn openai(self) -> (&'static str, Option<&'static str>) {
        self.facts().openai
    }

    /// The `type` in the body of Anthropic's error.
    #[cfg(feature = "server")]
    pub(crate) const fn anthropic(self) -> &'static str {
        self.facts().anthropic
    }

    /// The `status` in the body of Gemini's error.
    #[cfg(feature = "server")]
    #[cfg_attr(not(feature = "gemini"), allow(dead_code))]
    pub(crate) const fn gemini(self) -> &'static str {
        self.facts().gemini
    }

    /// Returns the kind for a status, for bodies that do not name one.
    #[cfg(feature = "server")]
    pub(crate) const fn from_status(status: u16) -> Self {
        match status {
            400 | 409 | 413 | 422 => ErrorKind::BadRequest,
            401 => ErrorKind::Auth,
            402 => ErrorKind::Quota,
            403 => ErrorKind::Permission,
            404 => ErrorKind::NotFound,
            408 | 504 => ErrorKind::Timeout,
            429 => ErrorKind::RateLimit,
            500 | 502 => ErrorKind::ServerError,
            503 | 529 => ErrorKind::Overloaded,
            _ => ErrorKind::Generic,
        }
    }

    /// Returns the default message of a failure of this kind, in this provider's words if they are well known.
    ///
    /// ```
    /// use mock_core::{ErrorKind, scenario::Profile};
    ///
    /// assert_eq!(ErrorKind::Overloaded.message_at(Profile::Anthropic), "Overloaded");
    /// ```
    pub const fn message_at(self, profile: Profile) -> &'static str {
        match (profile, self) {
            (Profile::Anthropic, ErrorKind::Overloaded) => "Overloaded",
            (Profile::Anthropic, ErrorKind::Auth) => "invalid x-api-key",
            (Profile::Anthropic, ErrorKind::ContextLength) => "prompt is too long",
            (Profile::Gemini, ErrorKind::Overloaded) => {
                "The model is overloaded. Please try again later."
            }
            (Profile::Gemini, ErrorKind::Auth) => "API key not valid. Please pass a valid API key.",
            (Profile::Gemini, ErrorKind::ContextLength) => {
                "The input token count exceeds the maximum number of tokens allowed."
            }
            (Profile::Gemini, ErrorKind::Quota) => {
                "You exceeded your current quota, please check your plan and billing details."
            }
            (Profile::Ollama, ErrorKind::Overloaded) => {
                "server busy, please try again.  maximum pending requests exceeded"
            }
            (Profile::Ollama, ErrorKind::Auth) => "unauthorized",
            (Profile::Ollama, ErrorKind::NotFound) => "model not found",
            (Profile::Ollama, ErrorKind::ContextLength) => {
                "the input length exceeds the context length"
            }
            (Profile::Ollama, ErrorKind::ServerError) => {
                "model runner has unexpectedly stopped, this may be due to resource limitations or an internal error, check ollama server logs for details"
            }
            (Profile::Openai | Profile::OpenaiResponses | Profile::Xai, ErrorKind::Auth) => {
                "Incorrect API key provided."
            }
            (Profile::Groq | Profile::Llamacpp | Profile::Mistral, ErrorKind::Auth) => {
                "Invalid API Key"
            }
            // SciSharp/BotSharp#386, microsoft/semantic-kernel#10337.
            (Profile::Azure, ErrorKind::Auth) => {
                "Access denied due to invalid subscription key or wrong API endpoint."
            }
            // chatboxai/chatbox#646, MicrosoftDocs/azure-docs#114013.
            (Profile::Azure, ErrorKind::NotFound) => {
                "The API deployment for this resource does not exist."
            }
            (Profile::OpenaiResponses, ErrorKind::Overloaded) => {
                "Our servers are currently overloaded. Please try again later."
            }
            (Profile::Openai | Profile::OpenaiResponses, ErrorKind::Quota) => {
                "You exceeded your current quota, please check your plan and billing details."
            }
            _ => self.facts().message,
        }
    }

    /// Returns what a person can do about a failure of this kind.
    ///
    /// ```
    /// use mock_core::ErrorKind;
    ///
    /// assert!(ErrorKind::Auth.hint().contains("key"));
    /// ```
    pub const fn hint(self) -> &'static str {
        self.facts().hint
    }

    /// The table of all kinds.
    #[rustfmt::skip]
    const fn facts(self) -> &'static Facts {
        macro_rules! facts {
            ($name:literal, $status:expr, $retryable:literal, openai($kind:literal $(, $code:literal)?), anthropic($anthropic:literal), gemini($gemini:literal), $message:literal, $hint:literal) => {
                &Facts {
                    name: $name, status: $status, retryable: $retryable,
                    openai: ($kind, facts!(@code $($code)?)), anthropic: $anthropic, gemini: $gemini,
                    message: $message, hint: $hint,
                }
            };
            (@code $code:literal) => { Some($code) };
            (@code) => { None };
        }
        match self {
            ErrorKind::Timeout => facts!("timeout", None, true,
                openai("timeout"), anthropic("timeout_error"), gemini("DEADLINE_EXCEEDED"),
                "the request timed out", "raise the time-out, or check the provider's status"),
            ErrorKind::RateLimit => facts!("rate_limit", Some(429), true,
                openai("requests", "rate_limit_exceeded"), anthropic("rate_limit_error"), gemini("RESOURCE_EXHAUSTED"),
                "rate limit reached", "wait and try again, or use another model or provider"),
            ErrorKind::Auth => facts!("auth", Some(401), false,
                openai("invalid_request_error", "invalid_api_key"), anthropic("authentication_error"), gemini("INVALID_ARGUMENT"),
                "the API key is not valid", "check the API key"),
            ErrorKind::Connection => facts!("connection", None, true,
                openai("connection"), anthropic("api_error"), gemini("UNAVAILABLE"),
                "the connection failed", "check the network and the provider's address"),
            ErrorKind::InvalidResponse => facts!("invalid_response", None, false,
                openai("server_error"), anthropic("api_error"), gemini("INTERNAL"),
                "the response could not be read", "the provider may have changed its format, or something between changed the response"),
            ErrorKind::Generic => facts!("generic", None, false,
                openai("server_error"), anthropic("api_error"), gemini("UNKNOWN"),
                "the provider failed", "look at the provider's message"),
            // OpenAI's code: anomalyco/opencode#25730, Soju06/codex-lb#1313, https://platform.openai.com/docs/guides/error-codes.
            ErrorKind::Overloaded => facts!("overloaded", Some(503), true,
                openai("service_unavailable_error", "server_is_overloaded"), anthropic("overloaded_error"), gemini("UNAVAILABLE"),
                "the provider is overloaded", "wait and try again"),
            ErrorKind::ServerError => facts!("server_error", Some(500), true,
                openai("server_error"), anthropic("api_error"), gemini("INTERNAL"),
                "the provider had an internal error", "wait and try again"),
            ErrorKind::BadRequest => facts!("bad_request", Some(400), false,
                openai("invalid_request_error"), anthropic("invalid_request_error"), gemini("INVALID_ARGUMENT"),
                "the request is not valid", "look at the provider's message for the field that is wrong"),
            ErrorKind::ContextLength => facts!("context_length", Some(400), false,
                openai("invalid_request_error", "context_length_exceeded"), anthropic("invalid_request_error"), gemini("INVALID_ARGUMENT"),
                "the conversation is longer than the model's context", "shorten the conversation, or use a model with a longer context"),
            ErrorKind::ContentFilter => facts!("content_filter", Some(400), false,
                openai("invalid_request_error", "content_policy_violation"), anthropic("invalid_request_error"), gemini("INVALID_ARGUMENT"),
                "the request was rejected by a content filter", "change the request"),
            ErrorKind::Permission => facts!("permission", Some(403), false,
                openai("permission_error"), anthropic("permission_error"), gemini("PERMISSION_DENIED"),
                "the API key may not do this", "check what the API key is allowed to do"),
            ErrorKind::NotFound => facts!("not_found", Some(404), false,
                openai("invalid_request_error", "model_not_found"), anthropic("not_found_error"), gemini("NOT_FOUND"),
                "the model does not exist", "check the model's name"),
            ErrorKind::Quota => facts!("quota", Some(429), false,
                openai("insufficient_quota", "insufficient_quota"), anthropic("billing_error"), gemini("RESOURCE_EXHAUSTED"),
                "the quota is used up", "check the plan and the bill"),
            ErrorKind::Unscripted => facts!("unscripted", Some(400), false,
                openai("invalid_request_error", "unscripted"), anthropic("invalid_request_error"), gemini("INVALID_ARGUMENT"),
                "the request is not scripted", "add a turn for this request to the mock's script"),
            ErrorKind::Unsupported => facts!("unsupported", Some(400), false,
                openai("invalid_request_error", "unsupported"), anthropic("invalid_request_error"), gemini("INVALID_ARGUMENT"),
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
        for &kind in ErrorKind::ALL {
            let message = kind.message_at(Profile::Plain);
            assert!(!message.is_empty() && !kind.hint().is_empty(), "{kind}");
        }
    }

    #[test]
    fn a_mismatch_is_never_retried() {
        assert!(!ErrorKind::Unscripted.is_retryable());
        assert!(!ErrorKind::Unsupported.is_retryable());
    }

    #[test]
    fn a_kind_has_a_code_at_a_provider_if_it_has_a_status_there() {
        for &profile in Profile::ALL {
            // The errors of these profiles have no code.
            let has_codes = !matches!(profile, Profile::Plain | Profile::Ollama);
            for &kind in ErrorKind::ALL {
                assert_eq!(
                    kind.code_at(profile).is_some(),
                    has_codes && kind.status_at(profile).is_some(),
                    "{kind} at {}",
                    profile.word()
                );
            }
        }
        assert_eq!(
            ErrorKind::Overloaded.status_at(Profile::Anthropic),
            Some(529)
        );
    }
}
