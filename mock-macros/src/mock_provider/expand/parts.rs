//! How the parts of a scenario are made, and held.

use proc_macro2::{Delimiter, Group, Punct, Spacing, Span, TokenStream};
use quote::{TokenStreamExt as _, quote};

use super::super::parse::Mock;
use super::value::Value;
use crate::diagnostics::position;

/// The largest number of items that counts as few. Turns stand in the table without constants of their own, and an array of any on the stack is no larger than what
/// Clippy allows.
const SHORT: usize = 32;

/// Makes the parts of a scenario.
pub(super) struct Table<'m> {
    pub(super) mock: &'m Mock,
    pub(super) held: Held,
}

/// How the parts are held: borrowed in a `static`, or owned where some are known only when the test runs.
#[derive(Clone, Copy)]
pub(super) enum Held {
    Static,
    Owned,
}

impl<'m> Table<'m> {
    pub(super) fn in_static(mock: &'m Mock) -> Self {
        Table {
            mock,
            held: Held::Static,
        }
    }

    pub(super) fn owned(mock: &'m Mock) -> Self {
        Table {
            mock,
            held: Held::Owned,
        }
    }

    /// Whether there are many turns.
    pub(super) fn is_long(&self) -> bool {
        let scripted = self.mock.scripted().len();
        scripted.saturating_add(self.mock.rules.len()) > SHORT
    }

    /// A list with what `make` makes of each item, if it makes anything.
    pub(super) fn list<T>(&self, items: &[T], make: &dyn Fn(&T) -> Option<Value>) -> Value {
        let mut values = Vec::with_capacity(items.len());
        for item in items {
            if let Some(value) = make(item) {
                values.push(value);
            }
        }
        self.list_of(values)
    }

    fn list_of(&self, values: Vec<Value>) -> Value {
        match self.held {
            Held::Owned if !values.is_empty() => Value::call("__Owned", vec(values)),
            _ => {
                let array = array(values);
                Value::tuple("__Borrowed", quote!(&#array))
            }
        }
    }
}

/// A `Vec`. Many values are too large for one array on the stack.
fn vec(values: Vec<Value>) -> Value {
    if values.len() <= SHORT {
        return Value::call_tokens("__vec", &array(values));
    }
    let mut chunks = Vec::new();
    let mut values = values.into_iter();
    while values.len() > 0 {
        chunks.push(vec(values.by_ref().take(SHORT).collect()));
    }
    Value::call_tokens("__joined", &array(chunks))
}

fn array(values: Vec<Value>) -> Group {
    let mut list = TokenStream::new();
    for value in values {
        value.move_into(&mut list);
        list.append(Punct::new(',', Spacing::Alone));
    }
    Group::new(Delimiter::Bracket, list)
}

pub(super) fn line(span: Span) -> u32 {
    u32::try_from(position(span).0).unwrap_or(0)
}

/// The place in the file of the mock.
pub(super) fn place(span: Span) -> Value {
    Value::call_tokens("__place", &line(span))
}
