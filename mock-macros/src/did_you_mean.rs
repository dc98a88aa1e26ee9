//! The known word that a misspelled one probably stands for.

use std::cmp::Reverse;

use crate::diagnostics::in_words;

/// The help for a word that is not in `known`: the one that was probably meant, or all of them.
pub(crate) fn did_you_mean<S: AsRef<str>>(word: &str, what: &str, known: &[S]) -> String {
    let mut words = Vec::with_capacity(known.len());
    for word in known {
        words.push(word.as_ref());
    }
    nearest_or_all(word, what, &words)
}

fn nearest_or_all(word: &str, what: &str, known: &[&str]) -> String {
    // Among equally near words, choose the one with the longest common beginning:
    let mut near: Option<(usize, Reverse<usize>, &str)> = None;
    for &candidate in known {
        let distance = edits_of_letters(word, candidate);
        let beginning = Reverse(letters_in_common(word, candidate));
        if distance <= farthest(word, candidate)
            && near.is_none_or(|near| (distance, beginning, candidate) < near)
        {
            near = Some((distance, beginning, candidate));
        }
    }
    let meant = match near {
        Some((_, _, near)) => Some(near),
        None => with_its_parts(word, known),
    };
    match (meant, known) {
        (Some(meant), _) => format!("did you mean `{meant}`?"),
        // A list of nothing helps nobody: callers say what to write instead.
        (None, []) => "remove it".to_owned(),
        (None, known) => format!("{what}: {}", in_words(known)),
    }
}

/// The only known word that begins or ends with another, or the other way round, part by part: `cut` is `cut_after`, and `call_tool` is
/// `call`.
fn with_its_parts<'w>(word: &str, known: &[&'w str]) -> Option<&'w str> {
    let mut meant = None;
    for &candidate in known {
        if is_part(word, candidate) || is_part(candidate, word) {
            if meant.is_some() {
                return None;
            }
            meant = Some(candidate);
        }
    }
    meant
}

/// Whether a word begins or ends with another and `_`.
fn is_part(part: &str, whole: &str) -> bool {
    let begins = whole
        .strip_prefix(part)
        .is_some_and(|rest| rest.starts_with('_'));
    let ends = || {
        whole
            .strip_suffix(part)
            .is_some_and(|rest| rest.ends_with('_'))
    };
    !part.is_empty() && (begins || ends())
}

/// With how many equal letters two words begin.
fn letters_in_common(one: &str, other: &str) -> usize {
    let (mut one, mut other) = (one.chars(), other.chars());
    let mut common = 0_usize;
    while let (Some(letter), Some(same)) = (one.next(), other.next())
        && letter == same
    {
        common = common.saturating_add(1);
    }
    common
}

/// Whether a word may be meant by another.
pub(crate) fn is_near(word: &str, known: &str) -> bool {
    edits(word, known) <= farthest(word, known)
}

/// How far a word is from one of the grammar, where `CALLS` is as far from `calls` as a word with one other letter.
fn edits_of_letters(word: &str, known: &str) -> usize {
    let in_small_letters = edits(&word.to_lowercase(), known).saturating_add(1);
    edits(word, known).min(in_small_letters)
}

fn farthest(word: &str, known: &str) -> usize {
    // With two letters of five changed, it is another word: `all` is not `stall`, and `never` is not `every`.
    match word.len().min(known.len()) {
        ..=5 => 1,
        _ => (known.len() / 4).saturating_add(1),
    }
}

/// How many letters must be inserted, removed, replaced, or swapped with the next one, to make one word of the other.
pub(crate) fn edits(from: &str, to: &str) -> usize {
    let at = |row: &[usize], at: usize| row.get(at).copied().unwrap_or(usize::MAX);
    let more = |distance: usize| distance.saturating_add(1);
    // For each beginning of `to`, how far it is from the letters of `from` so far.
    let mut last = vec![0];
    for (column, _) in to.chars().enumerate() {
        last.push(more(column));
    }
    let mut before_last: Vec<usize> = Vec::new();
    let mut previous = None;
    for (index, letter) in from.chars().enumerate() {
        let mut row = vec![more(index)];
        let mut other_previous = None;
        for (column, other) in to.chars().enumerate() {
            let replaced = at(&last, column).saturating_add(usize::from(letter != other));
            let removed = more(at(&last, more(column)));
            let inserted = more(at(&row, column));
            let swapped = match column.checked_sub(1) {
                Some(before) if previous == Some(other) && other_previous == Some(letter) => {
                    more(at(&before_last, before))
                }
                _ => usize::MAX,
            };
            row.push(replaced.min(removed).min(inserted).min(swapped));
            other_previous = Some(other);
        }
        before_last = std::mem::replace(&mut last, row);
        previous = Some(letter);
    }
    last.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words;

    #[test]
    fn a_word_that_means_something_else_is_not_taken_for_a_typing_mistake() {
        for (word, other) in [
            ("all", "stall"),
            ("never", "every"),
            ("delay", "replay"),
            ("frames", "name"),
            ("token", "code"),
        ] {
            assert!(!is_near(word, other), "{word}, {other}");
        }
        for (word, meant) in [
            ("repply", "reply"),
            ("rpely", "reply"),
            ("usr", "user"),
            ("malfromed", "malformed"),
            ("malfomd", "malformed"),
            ("tool_reslts", "tool_result"),
        ] {
            assert!(is_near(word, meant), "{word}, {meant}");
        }
    }

    #[test]
    fn a_part_of_one_word_alone_is_meant_by_it() {
        let known = [
            "cut_after",
            "repeat_last",
            "tool_result",
            "has_tool",
            "call",
        ];
        for (word, meant) in [
            ("cut", Some("cut_after")),
            ("repeat", Some("repeat_last")),
            ("last", Some("repeat_last")),
            ("call_tool", Some("call")),
            // `tool` is a part of two words.
            ("tool", None),
            ("after_all", None),
            ("", None),
        ] {
            assert_eq!(with_its_parts(word, &known), meant, "{word}");
        }
    }

    #[test]
    fn letters_in_another_order_or_case_are_a_typing_mistake_of_each_word() {
        for words in [
            words::KEYS.names(),
            words::KINDS.names(),
            words::SWEEPS.names(),
        ] {
            for word in words {
                let mut letters: Vec<char> = word.chars().collect();
                letters.swap(0, 1);
                let swapped: String = letters.into_iter().collect();
                assert!(is_near(&swapped, word), "{swapped}, {word}");
            }
        }
    }

    #[test]
    fn each_change_of_a_letter_counts_once() {
        for (from, to, expected) in [
            ("", "", 0),
            ("", "abc", 3),
            ("abc", "", 3),
            ("reply", "reply", 0),
            ("reply", "replay", 1),
            ("replay", "reply", 1),
            ("reply", "repky", 1),
            ("reply", "rpely", 1),
            ("ab", "ba", 1),
            ("kitten", "sitting", 3),
            ("größe", "grösse", 2),
        ] {
            assert_eq!(edits(from, to), expected, "{from}, {to}");
            assert_eq!(edits(to, from), expected, "{to}, {from}");
        }
    }
}
