//! Reads and writes the headers `retry-after` and `retry-after-ms`.

use std::time::Duration;

use super::time;
use crate::chat::error::ProviderError;

/// The headers that say when to send the request again: in whole seconds, and in milliseconds, which some clients read.
pub(super) fn retry_headers(error: &ProviderError) -> Vec<(&'static str, String)> {
    let Some(wait) = error.retry_after else {
        return Vec::new();
    };
    vec![
        ("retry-after", time::seconds(wait).to_string()),
        ("retry-after-ms", time::millis(wait).to_string()),
    ]
}

/// The time to wait in the headers: the milliseconds if they are present, else the seconds. Dates are not read.
pub(super) fn retry_after<'a>(
    headers: impl IntoIterator<Item = (&'a str, &'a str)>,
) -> Option<Duration> {
    let (mut seconds, mut millis) = (None, None);
    for (name, value) in headers {
        let number = || value.trim().parse::<f64>().ok();
        if name.eq_ignore_ascii_case("retry-after") {
            seconds = number();
        } else if name.eq_ignore_ascii_case("retry-after-ms") {
            millis = number().map(|millis| millis / 1_000.0);
        }
    }
    // Ignore a number that is not a valid duration.
    Duration::try_from_secs_f64(millis.or(seconds)?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn milliseconds_are_believed_before_seconds() {
        let wait = |headers: &[(&'static str, &'static str)]| retry_after(headers.iter().copied());
        let both = [("Retry-After-Ms", "250"), ("Retry-After", "1")];
        assert_eq!(wait(&both), Some(Duration::from_millis(250)));
        assert_eq!(wait(&both[1..]), Some(Duration::from_secs(1)));
        assert_eq!(wait(&[("retry-after", "-1")]), None);
        assert_eq!(wait(&[("retry-after", "1e300")]), None);
        assert_eq!(
            wait(&[("retry-after", "Fri, 01 Jan 2100 00:00:00 GMT")]),
            None
        );
    }
}
