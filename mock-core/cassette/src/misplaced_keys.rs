//! Rejects keys that belong to another part of an exchange, and lines of a body that YAML reads as keys.

use crate::error::{CassetteError, CassetteProblem, Mark};
use crate::node::Node;

/// The keys of a document.
pub(crate) const KEYS_OF_DOCUMENT: [&str; 3] = ["when", "then", "version"];

/// The keys of `when` and of `then` that a replay uses.
pub(crate) const KEYS_OF_WHEN: [&str; 6] = [
    "path",
    "method",
    "query_param",
    "header",
    "body",
    "body_encoding",
];
pub(crate) const KEYS_OF_THEN: [&str; 5] = ["status", "header", "body", "body_encoding", "frames"];

/// Checks the keys of a part that may have these.
///
/// # Errors
/// If a key is known in another part alone, or is the name of a field of server-sent events.
pub(crate) fn check(fields: &[(Mark, String, Node)], known: &[&str]) -> Result<(), CassetteError> {
    for (at, key, _) in fields {
        let key = key.as_str();
        if known.contains(&key) {
            continue;
        }
        let (problem, remedy) = match key {
            "data" | "event" => (
                format!("`{key}:` is read as a key, not as a line of the body"),
                "indent each line of the body by four spaces, under `body: |2+`".to_owned(),
            ),
            _ => match home(key) {
                Some(home) => (
                    format!("the key `{key}` belongs {home}"),
                    format!("write it {home}"),
                ),
                None => continue,
            },
        };
        return Err(CassetteError::new(
            CassetteProblem::Shape,
            Some(*at),
            problem,
            remedy,
        ));
    }
    Ok(())
}

/// Where a key belongs.
fn home(key: &str) -> Option<&'static str> {
    let is_in = |keys: &[&str]| keys.contains(&key);
    match (is_in(&KEYS_OF_WHEN), is_in(&KEYS_OF_THEN)) {
        (true, true) => Some("under `when` or `then`"),
        (true, false) => Some("under `when`"),
        (false, true) => Some("under `then`"),
        (false, false) => is_in(&KEYS_OF_DOCUMENT).then_some("at the beginning of a line"),
    }
}
