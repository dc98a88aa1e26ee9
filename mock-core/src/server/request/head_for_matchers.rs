//! The head of a request, as matchers see it.

use hyper::http::request::Parts;

use crate::scenario::request_head::RequestHead;

/// Returns the parts of a request's head that matchers use.
pub(in crate::server) fn request_head(parts: &Parts, asks_model: bool) -> Box<RequestHead> {
    let headers = parts.headers.iter().map(|(name, value)| {
        let value = String::from_utf8_lossy(value.as_bytes());
        (name.as_str().to_owned(), value.into_owned())
    });
    Box::new(RequestHead {
        method: parts.method.as_str().to_owned(),
        path: parts.uri.path().to_owned(),
        headers: headers.collect(),
        asks_model,
        #[cfg(feature = "cassette")]
        sent: None,
    })
}
