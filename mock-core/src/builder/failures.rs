//! Functions for kinds of failures.

use std::time::Duration;

use crate::chat::error_kind::ErrorKind;
use crate::scenario::{Failure, IntoStr, IntoText};

macro_rules! failures {
    ($($(#[$doc:meta])* $name:ident => $kind:ident,)*) => {$(
        #[doc = concat!("A failure of the kind [`", stringify!($kind), "`](ErrorKind::", stringify!($kind), ").")]
        $(#[$doc])*
        #[inline]
        pub fn $name() -> Failure {
            Failure { kind: ErrorKind::$kind, ..Failure::EMPTY }
        }
    )*};
}

failures! {
    ///
    /// If you also write `use tokio::time::*`, the name `timeout` is ambiguous. Import tokio's by name, `use tokio::time::timeout;`, and write
    /// `builder::timeout()` for the failure.
    timeout => Timeout,
    ///
    /// ```
    /// use mock_core::{MockProvider, Request, builder::*};
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// let llm = MockProvider::script([fail(rate_limit().retry_after(secs(2)))]);
    ///
    /// let error = llm.answer(Request::new("gpt-4o")).await.unwrap_err();
    /// assert_eq!((error.status, error.retry_after), (Some(429), Some(secs(2))));
    /// # }
    /// ```
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
    /// Sets the message, a template. By default it is that of the kind.
    ///
    /// ```
    /// use mock_core::{MockProvider, Request, builder::*};
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), mock_core::ProviderError> {
    /// let llm = MockProvider::script([fail(generic().message("{model} is gone"))]);
    ///
    /// let error = llm.answer(Request::new("gpt-4o")).await.unwrap_err();
    /// assert_eq!(error.message, "gpt-4o is gone");
    /// # Ok(()) }
    /// ```
    ///
    /// # Panics
    /// If a literal is not a valid template.
    #[track_caller]
    pub fn message(mut self, message: impl IntoText) -> Self {
        self.message = Some(message.into_text());
        self
    }

    /// Sets how long the client should wait before it tries again. For `rate_limit`, `overloaded` and `server_error`.
    ///
    /// ```
    /// use mock_core::{MockProvider, Request, builder::*};
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), mock_core::ProviderError> {
    /// let llm = MockProvider::script([fail(rate_limit().retry_after(secs(2)))]);
    ///
    /// let error = llm.answer(Request::new("gpt-4o")).await.unwrap_err();
    /// assert_eq!(error.retry_after, Some(secs(2)));
    /// # Ok(()) }
    /// ```
    pub fn retry_after(mut self, wait: Duration) -> Self {
        self.retry_after = Some(wait);
        self
    }

    /// Sets the HTTP status, from 200 to 999. By default it is that of the kind. With 204 and 304 there is no body.
    ///
    /// ```
    /// use mock_core::{MockProvider, Request, builder::*};
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), mock_core::ProviderError> {
    /// let llm = MockProvider::script([fail(server_error().status(502))]);
    ///
    /// let error = llm.answer(Request::new("gpt-4o")).await.unwrap_err();
    /// assert_eq!(error.status, Some(502));
    /// # Ok(()) }
    /// ```
    pub fn status(mut self, status: u16) -> Self {
        self.status = Some(status);
        self
    }

    /// Sets the provider's code for the failure: [`ProviderError::code`](crate::ProviderError::code). By default it is that of the kind.
    /// Over the wire it is OpenAI's `code` or Anthropic's `type`.
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

    /// Adds a header to the HTTP answer. It replaces the provider's header of the same name. If you add several with the same name, all are
    /// sent.
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

    /// Sets the body of the HTTP answer, which is sent unchanged. It is not a template. Its content type is `application/json` unless a
    /// header sets another. In `error_after` it is the data of the error's frame. In process it is the `raw` of the error.
    ///
    /// ```
    /// use mock_core::builder::*;
    ///
    /// let late = timeout().status(504).body("upstream timed out");
    /// assert!(script([fail(late)]).check().is_ok());
    /// ```
    pub fn body(mut self, body: impl IntoStr) -> Self {
        self.body = Some(body.into_str());
        self
    }
}
