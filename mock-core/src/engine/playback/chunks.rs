//! The pieces of a streamed text.

use crate::engine::rng::CallRng;
use crate::scenario::Split;

/// Returns the first piece of a text.
pub(super) fn piece<'t>(text: &'t str, split: Split, rng: &mut CallRng) -> &'t str {
    let characters = match split {
        Split::Whole => return text,
        Split::Words => return words(text).next().unwrap_or_default(),
        Split::Chars(characters) => characters,
        Split::Random(least, most) => rng.number(least, most),
    };
    // No piece is empty, or the text would have no end.
    let end = text.char_indices().nth(characters.max(1) as usize);
    end.map_or(text, |(end, _)| &text[..end])
}

/// Iterates over the words of a text, each with the white space after it. White space at the beginning belongs to the first.
fn words(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let is_word = |c: char| !c.is_whitespace();
        let word = rest.find(is_word).unwrap_or(rest.len());
        let space = rest[word..].find(char::is_whitespace);
        let space = space.map_or(rest.len(), |at| word + at);
        let next = rest[space..].find(is_word);
        let next = next.map_or(rest.len(), |at| space + at);
        let (piece, after) = rest.split_at(next);
        rest = after;
        (!piece.is_empty()).then_some(piece)
    })
}

#[cfg(test)]
mod tests {
    use super::words;

    #[test]
    fn words_lose_no_space() {
        for (text, expected) in [
            ("Hello world", vec!["Hello ", "world"]),
            (" a  b\nc ", vec![" a  ", "b\n", "c "]),
            ("  ", vec!["  "]),
            ("", vec![]),
        ] {
            assert_eq!(words(text).collect::<Vec<_>>(), expected, "{text:?}");
        }
    }
}
