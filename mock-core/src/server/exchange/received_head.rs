//! The head of a request as it was received, and as it is shown, without credentials: [`ReceivedHead`].

use std::sync::OnceLock;

use hyper::http::request::Parts;

use crate::hide_secrets;

/// Method, path and headers.
#[derive(Default)]
pub(super) struct ReceivedHead {
    /// A line for method and path, and one for each header.
    lines: String,
    /// The text without credentials, created on first use.
    shown: OnceLock<String>,
}

impl ReceivedHead {
    /// Copies the head, so that it keeps no buffer of the connection alive.
    pub(super) fn new(parts: &Parts) -> Self {
        let target = parts.uri.path_and_query();
        let target = target.map_or(parts.uri.path(), |target| target.as_str());
        let mut lines = format!("{} {target}", parts.method);
        for (name, value) in &parts.headers {
            let value = String::from_utf8_lossy(value.as_bytes());
            lines.extend(["\n", name.as_str(), ": ", &value]);
        }
        ReceivedHead {
            lines,
            shown: OnceLock::new(),
        }
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

    /// The values of a header as they were sent, joined as those of one header (RFC 9110, 5.2). The name is in lower case.
    pub(super) fn sent_header(&self, name: &str) -> Option<String> {
        let lines = self.lines.lines().skip(1);
        let values = lines.filter_map(|line| line.split_once(": "));
        let mut values = values.filter(|(known, _)| *known == name);
        let (_, first) = values.next()?;
        Some(values.fold(first.to_owned(), |all, (_, value)| all + ", " + value))
    }

    fn shown(&self) -> &str {
        self.shown.get_or_init(|| {
            let mut lines = self.lines.lines();
            let mut shown = hide_secrets::hide(lines.next().unwrap_or_default()).into_owned();
            for (name, value) in lines.filter_map(|line| line.split_once(": ")) {
                shown.push('\n');
                shown.push_str(name);
                shown.push_str(": ");
                shown.push_str(&hide_secrets::hide_header(name, value));
            }
            shown
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn head(headers: &[(&str, &str)]) -> ReceivedHead {
        let mut request = hyper::Request::post("/v1/messages?key=abc&beta=true");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let (parts, ()) = request.body(()).expect("it is valid").into_parts();
        ReceivedHead::new(&parts)
    }

    #[test]
    fn a_head_is_reported_without_credentials() {
        let head = head(&[
            ("X-Api-Key", "abc"),
            ("x-portkey-virtual-key", "abc"),
            ("referer", "http://h/?access_token=abc"),
            ("x-next", "https://h/f?sig=abc&code=abc&page=2"),
            ("idempotency-key", "abc"),
        ]);
        assert_eq!(head.method(), "POST");
        assert_eq!(head.path(), "/v1/messages?key=[redacted]&beta=true");
        let headers: Vec<_> = head.headers().collect();
        let shown = [
            ("x-api-key", "[redacted]"),
            ("x-portkey-virtual-key", "[redacted]"),
            ("referer", "http://h/?access_token=[redacted]"),
            (
                "x-next",
                "https://h/f?sig=[redacted]&code=[redacted]&page=2",
            ),
            ("idempotency-key", "abc"),
        ];
        assert_eq!(headers, shown);
    }

    #[test]
    fn no_head_has_no_method_and_no_path() {
        let none = ReceivedHead::default();
        assert_eq!((none.method(), none.path()), ("", ""));
        assert_eq!(none.headers().count(), 0);
    }
}
