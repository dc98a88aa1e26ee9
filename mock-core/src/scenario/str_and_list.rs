//! Texts and lists of one type for both: borrowed in a `static`, owned when built at run time.

use std::borrow::Cow;

/// A text that is borrowed in a `static` and owned when built at run time.
pub type Str = Cow<'static, str>;

/// A list that is borrowed in a `static` and owned when built at run time.
pub type List<T> = Cow<'static, [T]>;
