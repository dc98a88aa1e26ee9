//! Whether a text is base64, as far as its characters tell.

/// The digits that only the alphabet for URLs has.
pub(in crate::wire) const OF_URLS: &[u8] = b"-_";

/// The position of the first byte that base64 does not have, apart from these.
pub(in crate::wire) fn illegal_byte(text: &str, others: &[u8]) -> Option<usize> {
    let is_digit = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=');
    // Line breaks are allowed.
    let is_legal = |byte: u8| is_digit(byte) || matches!(byte, b'\r' | b'\n');
    text.bytes()
        .position(|byte| !is_legal(byte) && !others.contains(&byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_byte_that_is_not_of_base64_is_found() {
        let illegal = |text| illegal_byte(text, &[]);
        assert_eq!(illegal("data:image/png;base64,AA=="), Some(4));
        assert_eq!(illegal("https://example.com"), Some(5));
        assert_eq!(illegal("iVBORw0KGgo=\n"), None);
        assert_eq!(illegal("iVB-Rw_="), Some(3));
        assert_eq!(illegal_byte("iVB-Rw_=", OF_URLS), None);
    }
}
