//! The recorded headers that a replay sends.

/// Headers that the server writes itself, or that are of one connection (RFC 9110, 7.6.1).
const NOT_REPLAYED: [&str; 10] = [
    "connection",
    "content-length",
    "date",
    "keep-alive",
    "proxy-authenticate",
    "proxy-connection",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
];

/// Whether a replay sends a header of this name.
pub(crate) fn is_replayed(name: &str) -> bool {
    let mut not = NOT_REPLAYED.iter();
    !not.any(|not| name.eq_ignore_ascii_case(not))
}
