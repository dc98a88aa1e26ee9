//! Which environment variables hold secrets.

use crate::detect::placeholder::is_placeholder;

/// The ends of the names of such variables.
const ENDS: [&str; 6] = [
    "_KEY",
    "_TOKEN",
    "_SECRET",
    "_PASSWORD",
    "_PASS",
    "_CREDENTIALS",
];

/// The shortest value that is replaced.
const SHORTEST: usize = 8;

/// Whether the value of this variable is a secret: by its name, unless it is short, a path or a placeholder.
pub(super) fn is_secret_variable(name: &str, value: &str) -> bool {
    let upper = name.to_ascii_uppercase();
    ENDS.iter().any(|end| upper.ends_with(end))
        && value.len() >= SHORTEST
        && !value.starts_with('/')
        && !is_placeholder(value)
}
