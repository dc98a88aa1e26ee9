//! The pieces of a streamed text.

use crate::engine::rng::CallRng;
use crate::scenario::Split;
use crate::search::WHITE_SPACE;

/// Returns the first piece of a text.
pub(super) fn piece<'t>(text: &'t str, split: Split, rng: &mut CallRng) -> &'t str {
    let characters = match split {
        Split::Whole => return text,
        Split::Words => return first_word(text),
        Split::Chars(characters) => characters,
        Split::Random(least, most) => rng.number(least, most),
    };
    // At least one character, because splitting into empty pieces would never end.
    let end = text.char_indices().nth(characters.max(1) as usize);
    end.map_or(text, |(end, _)| &text[..end])
}

/// Returns the first word of a text with the white space around it.
fn first_word(text: &str) -> &str {
    let begun = text.trim_start();
    let word = begun.find(WHITE_SPACE).unwrap_or(begun.len());
    let after = begun[word..].trim_start();
    &text[..text.len() - after.len()]
}

#[cfg(test)]
mod tests {
    use super::first_word;

    #[test]
    fn words_lose_no_space() {
        for (text, expected) in [
            ("Hello world", vec!["Hello ", "world"]),
            (" a  b\nc ", vec![" a  ", "b\n", "c "]),
            ("  ", vec!["  "]),
            ("", vec![]),
        ] {
            let (mut words, mut rest) = (Vec::new(), text);
            while !rest.is_empty() {
                let (word, after) = rest.split_at(first_word(rest).len());
                words.push(word);
                rest = after;
            }
            assert_eq!(words, expected, "{text:?}");
        }
    }
}
