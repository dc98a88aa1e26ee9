//! Closures in a scenario.

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;

use super::Str;
use crate::chat::error::ProviderError;
#[cfg(feature = "record")]
use crate::chat::provider::Provider;
use crate::chat::request::Request;
use crate::chat::response::Response;

/// A test of the user's own, for [`Matcher::When`](super::Matcher::When).
#[derive(Debug, Clone)]
pub struct When {
    /// The test.
    pub test: Predicate,
    /// The test as it was written, for reports.
    pub source: Str,
}

/// A closure over a request: a plain function in a `static`, a shared one when it captures.
#[derive(Clone)]
pub enum Predicate {
    /// A function, or a closure that captures nothing.
    Fn(fn(&Request) -> bool),
    /// Any closure.
    Shared(Arc<dyn Fn(&Request) -> bool + Send + Sync>),
}

impl Predicate {
    pub(crate) fn holds(&self, request: &Request) -> bool {
        match self {
            Predicate::Fn(test) => test(request),
            Predicate::Shared(test) => test(request),
        }
    }
}

/// An answer of the user's own, for [`Action::Respond`](super::Action::Respond).
#[derive(Debug, Clone)]
pub struct Respond {
    /// The closure that answers.
    pub responder: Responder,
    /// The closure as it was written, for reports.
    pub source: Str,
}

/// A closure that answers a request: a plain function in a `static`, a shared one when it captures.
#[derive(Clone)]
pub enum Responder {
    /// A function, or a closure that captures nothing.
    Fn(fn(&Request) -> Result<Response, ProviderError>),
    /// Any closure.
    #[expect(clippy::type_complexity)]
    Shared(Arc<dyn Fn(&Request) -> Result<Response, ProviderError> + Send + Sync>),
    /// An async function, or an async closure that captures nothing.
    AsyncFn(fn(Request) -> ClosureFuture),
    /// Any async closure.
    AsyncShared(Arc<dyn Fn(Request) -> ClosureFuture + Send + Sync>),
    /// A provider, whose answers are recorded.
    #[cfg(feature = "record")]
    Provider(Arc<dyn Provider>),
}

/// The future answer of an async closure.
pub type ClosureFuture = Pin<Box<dyn Future<Output = Result<Response, ProviderError>> + Send>>;

impl Responder {
    pub(crate) fn is_async(&self) -> bool {
        match self {
            Responder::Fn(_) | Responder::Shared(_) => false,
            Responder::AsyncFn(_) | Responder::AsyncShared(_) => true,
            #[cfg(feature = "record")]
            Responder::Provider(_) => true,
        }
    }

    /// The provider that answers, if one does.
    #[cfg(feature = "record")]
    pub(crate) fn provider(&self) -> Option<&Arc<dyn Provider>> {
        match self {
            Responder::Provider(provider) => Some(provider),
            _ => None,
        }
    }

    /// Calls the closure; `None` if it is async.
    pub(crate) fn respond(&self, request: &Request) -> Option<Result<Response, ProviderError>> {
        match self {
            Responder::Fn(respond) => Some(respond(request)),
            Responder::Shared(respond) => Some(respond(request)),
            Responder::AsyncFn(_) | Responder::AsyncShared(_) => None,
            #[cfg(feature = "record")]
            Responder::Provider(_) => None,
        }
    }

    /// Calls an async closure; `None` if it is not async.
    pub(crate) fn start(&self, request: Request) -> Option<ClosureFuture> {
        match self {
            Responder::AsyncFn(respond) => Some(respond(request)),
            Responder::AsyncShared(respond) => Some(respond(request)),
            #[cfg(feature = "record")]
            Responder::Provider(provider) => {
                let provider = Arc::clone(provider);
                let chat = async move { provider.chat(request).await.map(Response::verbatim) };
                Some(Box::pin(chat))
            }
            Responder::Fn(_) | Responder::Shared(_) => None,
        }
    }
}

macro_rules! closures {
    ($($closure:ident),*) => {$(
        impl fmt::Debug for $closure {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("closure")
            }
        }
    )*};
}

closures!(Predicate, Responder);
