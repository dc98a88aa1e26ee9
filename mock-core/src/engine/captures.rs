//! What matchers have captured: [`Captures`].

use crate::scenario::Str;
use crate::search::Search;

/// The captures so far, the newest of each name.
#[derive(Clone, Default, PartialEq)]
pub(crate) struct Captures(Vec<(Str, String)>);

/// The captures of an instance that has not begun.
pub(super) static NO_CAPTURES: Captures = Captures(Vec::new());

impl Captures {
    /// Returns the newest capture of this name.
    pub(super) fn get(&self, name: &Str) -> Option<&str> {
        let found = self.0.find(&|(known, _)| known == name);
        found.map(|(_, value)| value.as_str())
    }

    pub(crate) fn extend(&mut self, captures: Vec<(Str, String)>) {
        for (name, value) in captures {
            match self.0.iter_mut().find(|(known, _)| *known == name) {
                Some(known) => known.1 = value,
                None => self.0.push((name, value)),
            }
        }
    }
}
