//! The API key that a server requires, if it does: [`RequiredKey`], and where a request has its key: [`KeyPlace`].

use std::borrow::Cow;
use std::sync::Mutex;

use hyper::http::request::Parts;

use crate::lock::lock;

#[cfg(feature = "gemini")]
use super::path_and_query::{decoded, parameter};

/// A place in which a provider looks for the key of a request.
#[derive(Clone, Copy)]
pub(in crate::server) enum KeyPlace {
    /// The token of the header `authorization`.
    Bearer,
    /// Anthropic's `x-api-key`, which takes no OAuth tokens.
    AnthropicKey,
    /// The token of the header `authorization` at Anthropic, which is no API key.
    AnthropicToken,
    /// A header of its own.
    Header(&'static str),
    /// A parameter of the query.
    #[cfg(feature = "gemini")]
    Query(&'static str),
}

/// The headers in which providers look for keys.
const HEADERS: [&str; 4] = ["authorization", "x-api-key", "api-key", "x-goog-api-key"];

impl KeyPlace {
    fn key(self, head: &Parts) -> Option<Cow<'_, str>> {
        let header = |name| head.headers.get(name)?.to_str().ok();
        match self {
            KeyPlace::AnthropicKey => header("x-api-key").map(Cow::Borrowed),
            KeyPlace::Bearer | KeyPlace::AnthropicToken => {
                let (scheme, key) = header("authorization")?.split_once(' ')?;
                scheme
                    .eq_ignore_ascii_case("bearer")
                    .then(|| key.trim().into())
            }
            KeyPlace::Header(name) => header(name).map(Cow::Borrowed),
            #[cfg(feature = "gemini")]
            KeyPlace::Query(name) => parameter(head.uri.query(), name).map(decoded),
        }
    }

    /// Returns what is wrong with a key in this place, and the place where it belongs.
    fn misplaced(self, key: &str) -> Option<(&'static str, KeyPlace)> {
        let is_token = key.starts_with("sk-ant-oat");
        match self {
            KeyPlace::AnthropicKey if is_token => {
                Some(("an OAuth token", KeyPlace::AnthropicToken))
            }
            KeyPlace::AnthropicToken if key.starts_with("sk-ant-") && !is_token => {
                Some(("an API key", KeyPlace::AnthropicKey))
            }
            _ => None,
        }
    }

    fn described(self) -> String {
        match self {
            KeyPlace::AnthropicKey => "`x-api-key`".to_owned(),
            KeyPlace::Bearer | KeyPlace::AnthropicToken => "`authorization: Bearer ..`".to_owned(),
            KeyPlace::Header(name) => format!("`{name}`"),
            #[cfg(feature = "gemini")]
            KeyPlace::Query(name) => format!("the parameter `{name}`"),
        }
    }
}

/// The key that requests must have.
#[derive(Default)]
pub(in crate::server) struct RequiredKey(Mutex<Option<String>>);

impl RequiredKey {
    /// Requires this key, or none.
    pub(in crate::server) fn set(&self, key: Option<String>) {
        *lock(&self.0) = key;
    }

    /// Returns what is wrong with the key of a request, which is in the first of these places that has one. The key itself is never shown.
    pub(in crate::server) fn problem(&self, head: &Parts, places: &[KeyPlace]) -> Option<String> {
        let required = lock(&self.0);
        let required = required.as_deref()?;
        for place in places {
            match place.key(head) {
                Some(key) if key == required => {
                    let (what, right) = place.misplaced(&key)?;
                    let (place, right) = (place.described(), right.described());
                    return Some(format!("{what} in {place}; it belongs in {right}"));
                }
                Some(_) => {
                    let place = place.described();
                    return Some(format!("wrong key in {place}"));
                }
                None => {}
            }
        }
        let mut names = Vec::new();
        for place in places {
            names.push(place.described());
        }
        let other = HEADERS
            .iter()
            .find(|name| head.headers.contains_key(**name));
        let other = other.map_or(String::new(), |name| format!(", but the header `{name}`"));
        Some(format!("no key in {}{other}", names.join(" or ")))
    }
}
