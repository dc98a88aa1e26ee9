//! Texts and lists of one type for both: borrowed in a `static`, owned when built at run time.

use std::borrow::Cow;

/// A text that is borrowed in a `static` and owned when built at run time.
pub type Str = Cow<'static, str>;

/// A list that is borrowed in a `static` and owned when built at run time.
pub type List<T> = Cow<'static, [T]>;

/// A list of these. To push them one by one is a third of the code of `collect`, which is compiled for each type of iterator.
pub(crate) fn list_of<T: Clone>(items: impl IntoIterator<Item = T>) -> List<T> {
    let mut list = Vec::new();
    for item in items {
        list.push(item);
    }
    list.into()
}
