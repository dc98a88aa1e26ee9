//! Names in the path of a request, and the parameters of its query.

use std::borrow::Cow;

use percent_encoding::percent_decode_str;

/// Returns the value of a parameter: the last one if it is there several times.
pub(in crate::server) fn parameter<'q>(query: Option<&'q str>, name: &str) -> Option<&'q str> {
    let pairs = query?.split('&').filter_map(|pair| pair.split_once('='));
    pairs
        .filter(|(known, _)| *known == name)
        .map(|(_, value)| value)
        .next_back()
}

/// Returns a name in a path, without its escapes.
pub(in crate::server) fn decoded(name: &str) -> Cow<'_, str> {
    percent_decode_str(name).decode_utf8_lossy()
}
