//! The head of an HTTP request, as matchers ask for it: [`RequestHead`].

use super::pattern::Pattern;
use super::str_and_list::Str;

/// Names, and what is kept under them.
type Captures = Vec<(Str, String)>;

/// The head of an HTTP request. There is one only where the scenario asks for it.
#[derive(Clone)]
pub(crate) struct RequestHead {
    pub(crate) method: String,
    /// Without the query.
    pub(crate) path: String,
    /// Names in lower case, and values.
    pub(crate) headers: Vec<(String, String)>,
    /// Whether the request is for an endpoint that the model answers, on a wire of the server.
    pub(crate) asks_model: bool,
    /// The data by which it is compared with recorded requests, if the mock replays those.
    #[cfg(feature = "cassette")]
    pub(crate) sent: Option<Box<crate::scenario::recorded::compared_request::SentRequest>>,
}

impl RequestHead {
    /// The values of all headers of this name.
    pub(crate) fn values<'h>(&'h self, name: &'h str) -> impl Iterator<Item = &'h str> {
        let headers = self.headers.iter();
        headers
            .filter(move |(known, _)| known.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }

    /// The captures of a pattern in a header of this name, if it matches.
    pub(crate) fn find_header(&self, name: &str, pattern: &Pattern) -> Option<Captures> {
        for value in self.values(name) {
            let found = pattern.find_whole(value);
            if found.is_some() {
                return found;
            }
        }
        None
    }

    /// The captures of a pattern in the path, if it matches and the method is this one.
    pub(crate) fn find_path(&self, method: Option<&str>, pattern: &Pattern) -> Option<Captures> {
        let is_method = method.is_none_or(|method| self.method == method);
        is_method.then(|| pattern.find_whole(&self.path)).flatten()
    }

    /// The method and the path: `GET /health`.
    pub(crate) fn line(&self) -> String {
        format!("{} {}", self.method, self.path)
    }
}
