//! The body of a request and its pieces, as the rules see them: a field that is `null` counts as missing.

use std::collections::HashMap;
use std::ops::Deref;

use super::super::borrowed_value::BorrowedValue;

impl<'b> BorrowedValue<'b> {
    /// A field that is there and not `null`.
    pub(in crate::wire) fn field(&self, name: &str) -> Option<&BorrowedValue<'b>> {
        self.get(name).filter(|tree| !tree.is_null())
    }

    pub(in crate::wire) fn has(&self, name: &str) -> bool {
        self.field(name).is_some()
    }

    pub(in crate::wire) fn str(&self, name: &str) -> Option<&str> {
        self.get(name)?.as_text()
    }

    pub(in crate::wire) fn number(&self, name: &str) -> Option<f64> {
        match self.get(name)? {
            BorrowedValue::Number(number) => number.as_f64(),
            _ => None,
        }
    }

    /// Whether a field is `true`.
    pub(in crate::wire) fn is_set(&self, name: &str) -> bool {
        matches!(self.get(name), Some(BorrowedValue::Bool(true)))
    }

    /// The items of a list; none if it is not one.
    pub(in crate::wire) fn list(&self, name: &str) -> &[BorrowedValue<'b>] {
        self.get(name).map_or(&[], BorrowedValue::items)
    }

    pub(in crate::wire) fn items(&self) -> &[BorrowedValue<'b>] {
        match self {
            BorrowedValue::List(items) => items,
            _ => &[],
        }
    }

    /// Whether a field is an empty list.
    pub(in crate::wire) fn is_empty_list(&self, name: &str) -> bool {
        matches!(self.get(name), Some(BorrowedValue::List(items)) if items.is_empty())
    }

    /// The names and values of an object.
    pub(in crate::wire) fn entries(&self) -> impl Iterator<Item = (&str, &BorrowedValue<'b>)> {
        let entries = match self {
            BorrowedValue::Object(object) => &object[..],
            _ => &[],
        };
        entries.iter().map(|(name, value)| (&**name, value))
    }
}

/// A piece of a request that a rule checks: its body, or a tool, a message, a part or a call in it. It has the fields of its tree.
pub(in crate::wire) struct Piece<'t> {
    tree: &'t BorrowedValue<'t>,
    /// The role of a message, and of the message of a part.
    pub(in crate::wire) role: &'t str,
    pub(in crate::wire) kind: &'t str,
    /// Whether it is the last message.
    pub(in crate::wire) is_last: bool,
}

impl<'t> Piece<'t> {
    pub(in crate::wire) fn new(tree: &'t BorrowedValue<'t>) -> Self {
        Piece::with_role(tree, tree.str("role").unwrap_or_default())
    }

    pub(in crate::wire) fn with_role(tree: &'t BorrowedValue<'t>, role: &'t str) -> Self {
        Piece {
            tree,
            role,
            kind: tree.str("type").unwrap_or_default(),
            is_last: false,
        }
    }
}

impl<'t> Deref for Piece<'t> {
    type Target = BorrowedValue<'t>;

    fn deref(&self) -> &BorrowedValue<'t> {
        self.tree
    }
}

/// How many texts are compared with each other before they are sorted.
const MOST_COMPARED: usize = 12;

/// The texts of a field of these objects.
pub(in crate::wire) fn texts_of<'t>(
    field: &str,
    objects: impl IntoIterator<Item = &'t BorrowedValue<'t>>,
) -> Vec<&'t str> {
    let mut texts = Vec::new();
    for object in objects {
        if let Some(text) = object.str(field) {
            texts.push(text);
        }
    }
    texts
}

/// The first text that is there more than once.
pub(in crate::wire) fn repeated(texts: Vec<&str>) -> Option<&str> {
    // Comparing each pair is fastest for the few calls of most conversations. A conversation may also have a hundred thousand.
    if texts.len() <= MOST_COMPARED {
        let mut later = &*texts;
        while let [text, rest @ ..] = later {
            if rest.contains(text) {
                return Some(text);
            }
            later = rest;
        }
        return None;
    }
    let mut known = HashMap::new();
    for (index, text) in texts.into_iter().enumerate() {
        if known.insert(text, index).is_some() {
            return Some(text);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_that_is_repeated_is_found_among_few_and_many() {
        assert_eq!(repeated(vec!["a", "b"]), None);
        assert_eq!(repeated(vec!["a", "b", "c", "b"]), Some("b"));
        let many: Vec<_> = (0..100).map(|n| n.to_string()).collect();
        let mut many: Vec<_> = many.iter().map(String::as_str).collect();
        assert_eq!(repeated(many.clone()), None);
        many.push("50");
        assert_eq!(repeated(many), Some("50"));
    }
}
