//! Which names tools may have.

use crate::search::{CharTest, consists_of};

/// The characters of names and ids.
pub(super) const OF_NAME: CharTest = |c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');

/// Whether a name consists of 1 to `longest` ASCII letters, digits, `_` and `-`.
pub(super) fn is_tool_name(name: &str, longest: usize) -> bool {
    (1..=longest).contains(&name.len()) && consists_of(name, OF_NAME)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tool_has_a_name_of_few_letters() {
        assert!(is_tool_name("get-weather_2", 64));
        assert!(!is_tool_name("", 64));
        assert!(!is_tool_name("a.b", 64));
        assert!(!is_tool_name("abc", 2));
    }
}
