//! How far one word is from another.

/// How many letters must be inserted, removed, replaced, or swapped with the next one, to make one word of the other.
pub(crate) fn edits(from: &str, to: &str) -> usize {
    let at = |row: &[usize], at: usize| row.get(at).copied().unwrap_or(usize::MAX);
    let more = |distance: usize| distance.saturating_add(1);
    // For each beginning of `to`, how far it is from the letters of `from` so far.
    let mut last: Vec<usize> = (0..=to.chars().count()).collect();
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
