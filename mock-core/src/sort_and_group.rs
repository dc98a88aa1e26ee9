//! Sorting and grouping by numbers.
//!
//! Each is compiled once for all keys. A hash map or a slice's `sort` is compiled again for each type, and a heap takes a tenth of their code.

use std::collections::BinaryHeap;
use std::time::Duration;

/// Sorts numbers, by a key first.
pub(crate) fn sort_by(numbers: &mut [usize], key: &dyn Fn(usize) -> u64) {
    let mut items = Vec::with_capacity(numbers.len());
    for number in &*numbers {
        items.push((key(*number), *number));
    }
    for (at, (_, number)) in Groups::new(items).0.iter().enumerate() {
        numbers[at] = *number;
    }
}

/// Sorts numbers, by a time first.
pub(crate) fn sort_by_time(numbers: &mut [usize], time: &dyn Fn(usize) -> Duration) {
    // A `u64` of nanoseconds is enough for centuries.
    let nanoseconds = |number| time(number).as_nanos().try_into().unwrap_or(u64::MAX);
    sort_by(numbers, &nanoseconds);
}

/// Numbers in groups. Each group has a key, and its numbers are sorted.
pub(crate) struct Groups(Vec<(u64, usize)>);

impl Groups {
    /// Groups numbers, each of which comes with the key of its group.
    pub(crate) fn new(numbers: Vec<(u64, usize)>) -> Self {
        Groups(BinaryHeap::from(numbers).into_sorted_vec())
    }

    /// Returns the least number of a group that is at least this one.
    pub(crate) fn first_from(&self, key: u64, number: usize) -> Option<usize> {
        let (of, first) = *self.0.get(self.place(key, number))?;
        (of == key).then_some(first)
    }

    /// Returns the largest number of a group that is below this one.
    pub(crate) fn last_before(&self, key: u64, number: usize) -> Option<usize> {
        let (of, last) = self.0[self.place(key, number).checked_sub(1)?];
        (of == key).then_some(last)
    }

    fn place(&self, key: u64, number: usize) -> usize {
        self.0.partition_point(|known| *known < (key, number))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_found_in_their_group_only() {
        let groups = Groups::new(vec![(7, 2), (3, 9), (7, 1), (7, 5), (8, 3)]);
        assert_eq!(groups.first_from(7, 0), Some(1));
        assert_eq!(groups.first_from(7, 3), Some(5));
        assert_eq!(groups.first_from(7, 6), None);
        assert_eq!(groups.last_before(7, 5), Some(2));
        assert_eq!(groups.last_before(7, 1), None);
        assert_eq!(groups.last_before(3, 100), Some(9));
        assert_eq!(groups.first_from(4, 0), None);
    }

    #[test]
    fn numbers_with_the_same_key_are_sorted_themselves() {
        let mut numbers = [5, 1, 4, 0];
        sort_by(&mut numbers, &|number| number as u64 / 4);
        assert_eq!(numbers, [0, 1, 4, 5]);
        sort_by(&mut numbers, &|number| 9 - number as u64);
        assert_eq!(numbers, [5, 4, 1, 0]);
    }
}
