//! Names, each once and in order.

use crate::syntax::insert_at;

/// Names, each once and in order. There are few: no tree is needed to find one.
#[derive(Clone, Default)]
pub(crate) struct NameSet<'m>(Vec<&'m str>);

impl<'m> NameSet<'m> {
    pub(crate) fn new(names: Vec<&'m str>) -> Self {
        let mut set = NameSet::default();
        set.add(names);
        set
    }

    /// Adds a name; whether it is new.
    pub(crate) fn insert(&mut self, name: &'m str) -> bool {
        match self.0.binary_search(&name) {
            Ok(_) => false,
            Err(at) => {
                insert_at(&mut self.0, at, name);
                true
            }
        }
    }

    pub(crate) fn add(&mut self, names: Vec<&'m str>) {
        for &name in &names {
            self.insert(name);
        }
    }

    pub(crate) fn contains(&self, name: &str) -> bool {
        self.0.binary_search(&name).is_ok()
    }

    pub(crate) fn names(&self) -> &[&'m str] {
        &self.0
    }
}
