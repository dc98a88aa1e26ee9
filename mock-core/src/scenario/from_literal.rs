//! Conversions of string literals in a typed tool's arguments.

use std::borrow::Cow;

use crate::sealed::Sealed;

/// A type that a string literal in the arguments of a typed tool can become: `call(web_search { query: "rust" })`.
///
/// Implement it for a type of your own, so that you can write its values as texts.
///
/// ```
/// use mock_core::scenario::FromLiteral;
///
/// assert_eq!(String::from_literal("rust"), "rust");
/// assert_eq!(<Option<&str>>::from_literal("rust"), Some("rust"));
/// ```
#[diagnostic::on_unimplemented(
    message = "a text cannot become a `{Self}`",
    label = "this text",
    note = "texts become `String`, `&'static str`, `Box<str>`, `Cow<'static, str>`, and `Option`s of these; for a type of your own implement `mock_core::scenario::FromLiteral`"
)]
pub trait FromLiteral {
    /// Returns the value of the literal.
    fn from_literal(literal: &'static str) -> Self;
}

/// A type that a text with variables in the arguments of a typed tool can become: `call(web_search { query: "{city} hotels" })`.
///
/// Implement it for a type of your own, so that you can write its values as texts.
///
/// ```
/// use mock_core::scenario::FromRendered;
///
/// let rendered = String::from("Paris hotels");
/// assert_eq!(<Option<String>>::from_rendered(&rendered), Some(rendered));
/// ```
#[diagnostic::on_unimplemented(
    message = "a text with variables cannot become a `{Self}`",
    label = "this text is known only when the call is made",
    note = "texts with variables become `String`, `Box<str>`, `Cow<'static, str>`, and `Option`s of these; for a type of your own implement `mock_core::scenario::FromRendered`"
)]
pub trait FromRendered {
    /// Returns the value of the text. Its variables are already filled in.
    fn from_rendered(text: &str) -> Self;
}

/// A type that a list in the arguments of a typed tool can become: `call(web_search { sites: ["a", "b"] })`.
#[diagnostic::on_unimplemented(
    message = "a list cannot become a `{Self}`",
    label = "this list",
    note = "lists become `Vec`s, arrays, and `Option`s of these"
)]
pub trait FromItems<T, const N: usize>: Sealed {
    /// Returns the list of these items.
    fn from_items(items: [T; N]) -> Self;
}

impl FromLiteral for &'static str {
    fn from_literal(literal: &'static str) -> Self {
        literal
    }
}

impl<T: FromLiteral> FromLiteral for Option<T> {
    fn from_literal(literal: &'static str) -> Self {
        Some(T::from_literal(literal))
    }
}

impl<T: FromRendered> FromRendered for Option<T> {
    fn from_rendered(text: &str) -> Self {
        Some(T::from_rendered(text))
    }
}

macro_rules! texts {
    ($($text:ty),*) => {$(
        impl FromLiteral for $text {
            fn from_literal(literal: &'static str) -> Self {
                literal.into()
            }
        }

        impl FromRendered for $text {
            fn from_rendered(text: &str) -> Self {
                text.to_owned().into()
            }
        }
    )*};
}

texts!(String, Box<str>, Cow<'static, str>);

impl<T, const N: usize> FromItems<T, N> for Vec<T> {
    fn from_items(items: [T; N]) -> Self {
        items.into()
    }
}

impl<T, const N: usize> FromItems<T, N> for [T; N] {
    fn from_items(items: [T; N]) -> Self {
        items
    }
}

impl<T, const N: usize, L: FromItems<T, N>> FromItems<T, N> for Option<L> {
    fn from_items(items: [T; N]) -> Self {
        Some(L::from_items(items))
    }
}
