//! Rejects keys that are misspelt. A key that is not like a known one is of another tool, and stays.

use crate::error::{CassetteError, CassetteProblem, Mark};
use crate::node::Node;

/// Checks the keys of a map that may have these.
///
/// # Errors
/// If a key is one edit from a known one that is not there, or short for it.
pub(crate) fn check(fields: &[(Mark, String, Node)], known: &[&str]) -> Result<(), CassetteError> {
    let is_there = |name: &str| fields.iter().any(|(_, key, _)| key == name);
    let mut missing: Vec<&str> = known.to_vec();
    missing.retain(|name| !is_there(name));
    for (at, key, _) in fields {
        let meant = missing
            .iter()
            .find(|name| is_one_edit(key, name) || is_short_for(key, name));
        if let (Some(meant), false) = (meant, known.contains(&key.as_str())) {
            return Err(CassetteError::new(
                CassetteProblem::MisspeltKey,
                Some(*at),
                format!("the key `{key}` is unknown"),
                format!("write `{meant}`"),
            ));
        }
    }
    Ok(())
}

/// Whether a name is what another is called in short.
fn is_short_for(short: &str, name: &str) -> bool {
    matches!((short, name), ("query", "query_param") | ("gap", "gap_ms"))
}

/// Whether one letter more, one fewer, another one, or two letters swapped make one of two names the other.
fn is_one_edit(one: &str, other: &str) -> bool {
    let [one, other] = [one, other].map(|name| name.chars().collect::<Vec<_>>());
    let same = one.iter().zip(&other).take_while(|(a, b)| a == b).count();
    let (one, other) = (&one[same..], &other[same..]);
    match (one, other) {
        ([_, after @ ..], [_, of_other @ ..]) if after == of_other => true,
        ([_, after @ ..], other) if after == other => true,
        (one, [_, after @ ..]) if one == after => true,
        ([a, b, after @ ..], [c, d, of_other @ ..]) => (a, b, after) == (d, c, of_other),
        _ => false,
    }
}
