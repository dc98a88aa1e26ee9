//! The base URL of a real provider: [`BaseUrl`].

use std::fmt;
use std::str::FromStr;

use hyper::Uri;
use hyper::http::uri::{Authority, PathAndQuery, Scheme};

/// The base URL of a real provider: `https://api.openai.com`.
#[derive(Debug)]
#[cfg_attr(not(feature = "record"), allow(dead_code))]
pub(crate) struct BaseUrl {
    scheme: Scheme,
    authority: Authority,
    /// Its path, without a `/` at the end.
    path: String,
}

impl FromStr for BaseUrl {
    type Err = String;

    fn from_str(url: &str) -> Result<Self, String> {
        let wrong = |problem: &str| {
            format!(
                "the base URL `{url}` {problem}: write that of the provider, as in `https://api.openai.com`"
            )
        };
        let uri: Uri = url.parse().map_err(|_| wrong("is not a URL"))?;
        let parts = uri.into_parts();
        let scheme = parts
            .scheme
            .filter(|scheme| *scheme == Scheme::HTTP || *scheme == Scheme::HTTPS);
        let scheme = scheme.ok_or_else(|| wrong("does not begin with `https://` or `http://`"))?;
        let authority = parts.authority.ok_or_else(|| wrong("has no host"))?;
        if authority.as_str().contains('@') {
            return Err(wrong("has a password in it"));
        }
        if has_bad_port(&authority) {
            return Err(wrong("has a port that is not one from 1 to 65535"));
        }
        let path = parts.path_and_query.as_ref();
        if path.is_some_and(|path| path.query().is_some()) {
            return Err(wrong("has a query"));
        }
        let path = path.map_or("", PathAndQuery::path).trim_end_matches('/');
        Ok(BaseUrl {
            scheme,
            authority,
            path: path.to_owned(),
        })
    }
}

#[cfg_attr(not(feature = "record"), allow(dead_code))]
impl BaseUrl {
    pub(crate) fn is_https(&self) -> bool {
        self.scheme == Scheme::HTTPS
    }

    /// The URL of a request for this path. A last part of the base that the path begins with, such as `/v1`, counts once.
    pub(super) fn join(&self, requested: &Uri) -> Result<Uri, hyper::http::Error> {
        let path = requested.path_and_query().map_or("/", PathAndQuery::as_str);
        let base = match self.path.rfind('/') {
            Some(last) if begins_with(path, &self.path[last..]) => &self.path[..last],
            _ => &self.path,
        };
        Uri::builder()
            .scheme(self.scheme.clone())
            .authority(self.authority.clone())
            .path_and_query(format!("{base}{path}"))
            .build()
    }
}

impl fmt::Display for BaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}://{}{}", self.scheme, self.authority, self.path)
    }
}

/// Whether there is something behind the host that is not the number of a port.
fn has_bad_port(authority: &Authority) -> bool {
    match authority.as_str().strip_prefix(authority.host()) {
        None | Some("") => false,
        Some(_) => authority.port_u16().is_none_or(|port| port == 0),
    }
}

/// Whether a path begins with these parts.
fn begins_with(path: &str, parts: &str) -> bool {
    let rest = path.strip_prefix(parts);
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '?']))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_path_of_a_request_is_joined_to_that_of_the_base() {
        for (base, requested, joined) in [
            ("https://a.com", "/v1/models", "https://a.com/v1/models"),
            (
                "https://a.com/",
                "/v1/models?x=1",
                "https://a.com/v1/models?x=1",
            ),
            ("https://a.com/v1", "/v1/models", "https://a.com/v1/models"),
            ("https://a.com/api/v1/", "/v1?x", "https://a.com/api/v1?x"),
            (
                "https://a.com/api",
                "/v1/models",
                "https://a.com/api/v1/models",
            ),
            (
                "https://a.com/v1",
                "/v1beta/models",
                "https://a.com/v1/v1beta/models",
            ),
            ("http://[::1]:80/v1", "/", "http://[::1]:80/v1/"),
        ] {
            let base: BaseUrl = base.parse().expect(base);
            let requested = requested.parse().expect(requested);
            assert_eq!(base.join(&requested).expect("a URL").to_string(), joined);
        }
    }

    #[test]
    fn a_base_url_has_a_scheme_and_a_host_and_nothing_secret() {
        for (url, problem) in [
            ("", "is not a URL"),
            ("http://", "is not a URL"),
            ("not a url", "is not a URL"),
            ("api.openai.com", "does not begin with"),
            ("/v1", "does not begin with"),
            ("ftp://a.com", "does not begin with"),
            ("https://user:secret@a.com", "has a password in it"),
            ("https://a.com/v1?key=1", "has a query"),
            ("https://a.com:99999", "has a port that is not"),
            ("https://a.com:0", "has a port that is not"),
            ("http://[::1]:65536/v1", "has a port that is not"),
        ] {
            let error = url.parse::<BaseUrl>().expect_err(url);
            assert!(error.contains(problem), "{error}");
            assert!(error.contains("https://api.openai.com"), "{error}");
        }
    }
}
