//! Hash tables. A `HashMap` is ten times as much to compile, again for each type of key and value.

use std::hash::{DefaultHasher, Hasher as _};

/// Entries by the hashes of their keys.
pub(crate) struct HashTable<V> {
    /// A power of two of them, or none.
    buckets: Vec<Vec<(u64, V)>>,
    len: usize,
}

impl<V> Default for HashTable<V> {
    fn default() -> Self {
        HashTable {
            buckets: Vec::new(),
            len: 0,
        }
    }
}

impl<V: Copy> HashTable<V> {
    pub(crate) fn len(&self) -> usize {
        self.len
    }

    /// Returns the entries among which those with this hash are.
    pub(crate) fn bucket(&self, hash: u64) -> &[(u64, V)] {
        match self.buckets.is_empty() {
            true => &[],
            false => &self.buckets[self.place(hash)],
        }
    }

    /// Returns them to add one. They keep their order when the table grows.
    pub(crate) fn bucket_for_one_more(&mut self, hash: u64) -> &mut Vec<(u64, V)> {
        if self.len == self.buckets.len() {
            self.grow();
        }
        self.len += 1;
        let place = self.place(hash);
        &mut self.buckets[place]
    }

    /// Removes the entry at this index of the bucket.
    pub(crate) fn remove(&mut self, hash: u64, index: usize) {
        let place = self.place(hash);
        self.buckets[place].remove(index);
        self.len -= 1;
    }

    #[cold]
    fn grow(&mut self) {
        let before = std::mem::take(&mut self.buckets);
        while self.buckets.len() < before.len().max(1) * 2 {
            self.buckets.push(Vec::new());
        }
        for bucket in &before {
            for &entry in bucket {
                let place = self.place(entry.0);
                self.buckets[place].push(entry);
            }
        }
    }

    fn place(&self, hash: u64) -> usize {
        hash as usize & (self.buckets.len() - 1)
    }
}

/// Numbers by names.
#[derive(Default)]
pub(crate) struct NumbersByName<'n>(HashTable<(&'n str, usize)>);

impl<'n> NumbersByName<'n> {
    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    pub(crate) fn get(&self, name: &str) -> Option<usize> {
        let (hash, index) = self.find(name);
        Some(self.0.bucket(hash)[index?].1.1)
    }

    /// Gives the name a number, and returns the one that it had.
    pub(crate) fn insert(&mut self, name: &'n str, number: usize) -> Option<usize> {
        let before = self.remove(name);
        let hash = hash(name);
        let bucket = self.0.bucket_for_one_more(hash);
        bucket.push((hash, (name, number)));
        before
    }

    /// Removes the name, and returns the number that it had.
    pub(crate) fn remove(&mut self, name: &str) -> Option<usize> {
        let (hash, index) = self.find(name);
        let number = self.0.bucket(hash)[index?].1.1;
        self.0.remove(hash, index?);
        Some(number)
    }

    /// Returns the hash of the name, and the index of its entry in the bucket, if it has a number.
    fn find(&self, name: &str) -> (u64, Option<usize>) {
        let hash = hash(name);
        for (index, (of, (known, _))) in self.0.bucket(hash).iter().enumerate() {
            if *of == hash && *known == name {
                return (hash, Some(index));
            }
        }
        (hash, None)
    }
}

fn hash(name: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    hasher.write(name.as_bytes());
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::*;

    #[test]
    fn names_have_the_numbers_that_a_map_gives_them() {
        let names: Vec<_> = (0..300).map(|name| format!("name {name}")).collect();
        let (mut numbers, mut expected) = (NumbersByName::default(), HashMap::new());
        for step in 0..5_000 {
            let name = &*names[step * 7_919 % 4_001 % 300];
            match step % 3 {
                0 => assert_eq!(numbers.remove(name), expected.remove(name)),
                _ => assert_eq!(numbers.insert(name, step), expected.insert(name, step)),
            }
            assert_eq!(numbers.len(), expected.len());
        }
        for name in &names {
            assert_eq!(numbers.get(name), expected.get(&**name).copied(), "{name}");
        }
    }
}
