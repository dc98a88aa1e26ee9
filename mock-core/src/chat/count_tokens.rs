//! Estimates how many tokens a text has.

/// Estimates the tokens of a text: a quarter of its characters, rounded down, and at least 1 if it is not empty.
///
/// A mock counts the tokens of a request message by message, and those of an answer over its whole text.
///
/// ```
/// assert_eq!(mock_core::count_tokens("Hello, world!"), 3);
/// assert_eq!((mock_core::count_tokens("Hi"), mock_core::count_tokens("")), (1, 0));
/// ```
pub fn count_tokens(text: &str) -> u64 {
    tokens(characters(text))
}

/// Estimates the tokens of a text with this many characters.
#[inline]
pub(crate) const fn tokens(characters: u64) -> u64 {
    match characters {
        1..4 => 1,
        characters => characters / 4,
    }
}

/// Returns the number of characters of a text.
#[inline]
pub(crate) fn characters(text: &str) -> u64 {
    match text.is_ascii() {
        true => text.len() as u64,
        false => text.chars().count() as u64,
    }
}
