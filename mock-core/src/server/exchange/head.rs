//! What is kept of the head of a request.

use std::sync::OnceLock;

use hyper::HeaderMap;
use hyper::header::CONTENT_LENGTH;
use hyper::http::request::Parts;

use crate::secret;

/// Method, path and headers, but for the length of the body. A client sends the same again and again.
#[derive(Default)]
pub(super) struct Head {
    /// A line for method and path, and one for each header.
    lines: Box<str>,
    /// The same without credentials, made when it is asked for.
    shown: OnceLock<Box<str>>,
}

impl Head {
    pub(super) fn new(parts: &Parts, length: &Length) -> Self {
        let mut lines = Vec::new();
        tell(parts, length, |piece| {
            lines.extend_from_slice(piece);
            true
        });
        Head {
            lines: String::from_utf8_lossy(&lines).into(),
            shown: OnceLock::new(),
        }
    }

    /// Whether it is that of this request.
    pub(super) fn is_of(&self, parts: &Parts, length: &Length) -> bool {
        let mut rest = self.lines.as_bytes();
        let is_all_there = tell(parts, length, |piece| match rest.strip_prefix(piece) {
            Some(after) => {
                rest = after;
                true
            }
            None => false,
        });
        is_all_there && rest.is_empty()
    }

    pub(super) fn method(&self) -> &str {
        let end = self.lines.find(' ');
        &self.lines[..end.unwrap_or_default()]
    }

    pub(super) fn path(&self) -> &str {
        let first = self.shown().lines().next().unwrap_or_default();
        first.split_once(' ').map_or("", |(_, path)| path)
    }

    pub(super) fn headers(&self) -> impl Iterator<Item = (&str, &str)> {
        let lines = self.shown().lines().skip(1);
        lines.filter_map(|line| line.split_once(": "))
    }

    fn shown(&self) -> &str {
        self.shown.get_or_init(|| {
            let mut lines = self.lines.lines();
            let mut shown = secret::hide(lines.next().unwrap_or_default()).into_owned();
            for (name, value) in lines.filter_map(|line| line.split_once(": ")) {
                shown.push('\n');
                shown.push_str(name);
                shown.push_str(": ");
                shown.push_str(&secret::hide_header(name, value));
            }
            shown.into()
        })
    }
}

/// Tells the lines of a head in pieces, as long as that is wanted; that of `content-length` is left out where it is kept as its length.
fn tell(parts: &Parts, length: &Length, mut wants_more: impl FnMut(&[u8]) -> bool) -> bool {
    let target = parts.uri.path_and_query();
    let target = target.map_or(parts.uri.path(), |target| target.as_str());
    wants_more(parts.method.as_str().as_bytes())
        && wants_more(b" ")
        && wants_more(target.as_bytes())
        && parts.headers.iter().all(|(name, value)| {
            (length.is_kept() && name == CONTENT_LENGTH)
                || (wants_more(b"\n")
                    && wants_more(name.as_str().as_bytes())
                    && wants_more(b": ")
                    && wants_more(value.as_bytes()))
        })
}

/// The value of `content-length`, which is what differs between the requests of a client. Empty where there is none, or none that
/// any client would send.
#[derive(Default)]
pub(super) struct Length {
    digits: [u8; 10],
}

impl Length {
    pub(super) fn from_headers(headers: &HeaderMap) -> Self {
        let mut digits = [0; 10];
        let mut values = headers.get_all(CONTENT_LENGTH).iter();
        if let (Some(value), None) = (values.next(), values.next())
            && let Some(room) = digits.get_mut(..value.len())
            && value.as_bytes().iter().all(u8::is_ascii_digit)
        {
            room.copy_from_slice(value.as_bytes());
        }
        Length { digits }
    }

    fn is_kept(&self) -> bool {
        self.digits[0] != 0
    }

    pub(super) fn as_str(&self) -> &str {
        let end = self.digits.iter().position(|digit| *digit == 0);
        let digits = &self.digits[..end.unwrap_or(self.digits.len())];
        std::str::from_utf8(digits).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn head(headers: &[(&str, &str)]) -> (Head, Length) {
        let mut request = hyper::Request::post("/v1/messages?key=abc&beta=true");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let (parts, ()) = request.body(()).expect("it is valid").into_parts();
        let length = Length::from_headers(&parts.headers);
        let head = Head::new(&parts, &length);
        assert!(head.is_of(&parts, &length));
        (head, length)
    }

    #[test]
    fn a_head_is_told_without_credentials() {
        let (head, _) = head(&[
            ("X-Api-Key", "abc"),
            ("x-portkey-virtual-key", "abc"),
            ("referer", "http://h/?access_token=abc"),
            ("x-next", "https://h/f?sig=abc&code=abc&page=2"),
            ("idempotency-key", "abc"),
        ]);
        assert_eq!(head.method(), "POST");
        assert_eq!(head.path(), "/v1/messages?key=[redacted]&beta=true");
        let headers: Vec<_> = head.headers().collect();
        let told = [
            ("x-api-key", "[redacted]"),
            ("x-portkey-virtual-key", "[redacted]"),
            ("referer", "http://h/?access_token=[redacted]"),
            (
                "x-next",
                "https://h/f?sig=[redacted]&code=[redacted]&page=2",
            ),
            ("idempotency-key", "abc"),
        ];
        assert_eq!(headers, told);
    }

    #[test]
    fn a_length_is_kept_apart_where_it_is_a_number() {
        let (with, length) = head(&[("content-length", "600"), ("accept", "*/*")]);
        assert_eq!(length.as_str(), "600");
        assert_eq!(with.headers().collect::<Vec<_>>(), [("accept", "*/*")]);
        for odd in ["+6", "", "12345678901"] {
            let (with, length) = head(&[("content-length", odd)]);
            assert_eq!(length.as_str(), "");
            let headers: Vec<_> = with.headers().collect();
            assert_eq!(headers, [("content-length", odd)]);
        }
    }

    #[test]
    fn no_head_has_no_method_and_no_path() {
        let none = Head::default();
        assert_eq!((none.method(), none.path()), ("", ""));
        assert_eq!(none.headers().count(), 0);
    }
}
