//! Whether one word may be another one, misspelt.

/// Whether two words differ in case, or in one or two letters of many.
pub(crate) fn is_similar(one: &str, other: &str) -> bool {
    let one: Vec<char> = one.to_lowercase().chars().collect();
    let other: Vec<char> = other.to_lowercase().chars().collect();
    let most = match one.len().min(other.len()) {
        0..4 => 0,
        4..8 => 1,
        _ => 2,
    };
    if one.len().abs_diff(other.len()) > most {
        return false;
    }
    let mut distances: Vec<usize> = (0..other.len() + 1).collect();
    for (row, a) in one.iter().enumerate() {
        let mut diagonal = distances[0];
        distances[0] = row + 1;
        for (column, b) in other.iter().enumerate() {
            let change = diagonal + usize::from(a != b);
            diagonal = distances[column + 1];
            distances[column + 1] = change.min(diagonal + 1).min(distances[column] + 1);
        }
    }
    distances[other.len()] <= most
}
