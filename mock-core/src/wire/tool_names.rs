//! Which names tools may have.

/// Whether a name consists of 1 to `longest` ASCII letters, digits, `_` and `-`.
pub(super) fn is_tool_name(name: &str, longest: usize) -> bool {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-';
    (1..=longest).contains(&name.len()) && name.bytes().all(fits)
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
