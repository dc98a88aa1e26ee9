use std::time::Duration;

use crate::chat::error_kind::ErrorKind;
use crate::scenario::{Failure, IntoStr, IntoText};

macro_rules! failures {
    ($($(#[$doc:meta])* $name:ident => $kind:ident,)*) => {$(
        #[doc = concat!("A failure of the kind [`", stringify!($kind), "`](ErrorKind::", stringify!($kind), ").")]
        $(#[$doc])*
        pub fn $name() -> Failure {
            Failure { kind: ErrorKind::$kind, ..Failure::EMPTY }
        }
    )*};
}

failures! {
    ///
    /// A function of your own, or another import, hides this one. If you also write `use tokio::time::*`, name the one that you mean:
    /// `use tokio::time::timeout;`, and `builder::timeout()` for the failure.
    timeout => Timeout,
    rate_limit => RateLimit,
    auth => Auth,
    connection => Connection,
    invalid_response => InvalidResponse,
    generic => Generic,
    overloaded => Overloaded,
    server_error => ServerError,
    bad_request => BadRequest,
    context_length => ContextLength,
    content_filter => ContentFilter,
    permission => Permission,
    not_found => NotFound,
    quota => Quota,
}

impl Failure {
    /// The message.
    ///
    /// # Panics
    /// If a literal is not a template.
    #[track_caller]
    pub fn message(mut self, message: impl IntoText) -> Self {
        self.message = Some(message.into_text());
        self
    }

    /// How long the client is told to wait.
    pub fn retry_after(mut self, wait: Duration) -> Self {
        self.retry_after = Some(wait);
        self
    }

    /// The HTTP status, from 200 to 999. With 204 and 304 there is no body.
    pub fn status(mut self, status: u16) -> Self {
        self.status = Some(status);
        self
    }

    /// The provider's code for what went wrong, where it is not the kind's own: [`ProviderError::code`](crate::ProviderError::code). Over the
    /// wire, it is where the provider's errors have theirs: OpenAI's `code`, Anthropic's `type`.
    ///
    /// ```
    /// use mock_core::{MockProvider, Request, builder::*};
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// let mock = MockProvider::script([fail(generic().code("session_expired"))]);
    /// let error = mock.answer(Request::new("gpt-4o")).await.unwrap_err();
    /// assert_eq!(error.code.as_deref(), Some("session_expired"));
    /// # }
    /// ```
    pub fn code(mut self, code: impl IntoStr) -> Self {
        self.code = Some(code.into_str());
        self
    }

    /// A header of the HTTP answer. It replaces those of its name that the provider would send; of several of one name, all are sent.
    ///
    /// ```
    /// use mock_core::builder::*;
    ///
    /// let gateway = server_error()
    ///     .status(502)
    ///     .header("content-type", "text/html")
    ///     .body("<h1>Bad Gateway</h1>");
    /// assert!(script([fail(gateway)]).check().is_ok());
    /// ```
    pub fn header(mut self, name: impl IntoStr, value: impl IntoStr) -> Self {
        self.headers
            .to_mut()
            .push((name.into_str(), value.into_str()));
        self
    }

    /// The body of the HTTP answer, as it is: no template, and not the provider's form. Its type is `application/json`, unless a header
    /// says otherwise. In process it is the `raw` of the error.
    pub fn body(mut self, body: impl IntoStr) -> Self {
        self.body = Some(body.into_str());
        self
    }
}
