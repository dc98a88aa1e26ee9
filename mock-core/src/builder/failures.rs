use std::time::Duration;

use crate::kind::ErrorKind;
use crate::scenario::{Failure, IntoText};

macro_rules! failures {
    ($($name:ident => $kind:ident,)*) => {$(
        #[doc = concat!("A failure of the kind [`", stringify!($kind), "`](ErrorKind::", stringify!($kind), ").")]
        pub fn $name() -> Failure {
            Failure { kind: ErrorKind::$kind, ..Failure::NEW }
        }
    )*};
}

failures! {
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

    /// The HTTP status.
    pub fn status(mut self, status: u16) -> Self {
        self.status = Some(status);
        self
    }
}
