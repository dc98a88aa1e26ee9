//! Searches of lists and of texts.

/// Says which characters of a text are searched for. The search is compiled once for all of these, but again for each closure.
pub(crate) type CharTest = fn(char) -> bool;

pub(crate) const ALPHANUMERIC: CharTest = char::is_alphanumeric;
pub(crate) const WHITE_SPACE: CharTest = char::is_whitespace;
pub(crate) const DIGIT: CharTest = |c| c.is_ascii_digit();

/// Whether each character of a text is one of these.
pub(crate) fn consists_of(text: &str, is_wanted: CharTest) -> bool {
    text.chars().all(is_wanted)
}

/// Searches with the names of the methods of iterators. They compile in half the time, since they create no iterator and own no closure.
pub(crate) trait Search<T> {
    fn find<F: Fn(&T) -> bool>(&self, is_wanted: &F) -> Option<&T>;

    fn any<F: Fn(&T) -> bool>(&self, is_wanted: &F) -> bool;

    fn all<F: Fn(&T) -> bool>(&self, is_wanted: &F) -> bool;

    fn position<F: Fn(&T) -> bool>(&self, is_wanted: &F) -> Option<usize>;
}

impl<T> Search<T> for [T] {
    fn find<F: Fn(&T) -> bool>(&self, is_wanted: &F) -> Option<&T> {
        let mut items = self;
        while let [item, rest @ ..] = items {
            if is_wanted(item) {
                return Some(item);
            }
            items = rest;
        }
        None
    }

    fn any<F: Fn(&T) -> bool>(&self, is_wanted: &F) -> bool {
        let mut items = self;
        while let [item, rest @ ..] = items {
            if is_wanted(item) {
                return true;
            }
            items = rest;
        }
        false
    }

    fn all<F: Fn(&T) -> bool>(&self, is_wanted: &F) -> bool {
        let mut items = self;
        while let [item, rest @ ..] = items {
            if !is_wanted(item) {
                return false;
            }
            items = rest;
        }
        true
    }

    fn position<F: Fn(&T) -> bool>(&self, is_wanted: &F) -> Option<usize> {
        let mut items = self;
        while let [item, rest @ ..] = items {
            if is_wanted(item) {
                return Some(self.len() - items.len());
            }
            items = rest;
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_search_finds_the_first_such_item() {
        let numbers = [1, 4, 6, 9];
        for wanted in 0..12 {
            let is_wanted = |number: &i32| *number >= wanted;
            let iterator = || numbers.iter();
            assert_eq!(
                numbers.find(&is_wanted),
                iterator().find(|number| is_wanted(number))
            );
            assert_eq!(numbers.any(&is_wanted), iterator().any(is_wanted));
            assert_eq!(numbers.all(&is_wanted), iterator().all(is_wanted));
            assert_eq!(numbers.position(&is_wanted), iterator().position(is_wanted));
        }
    }
}
