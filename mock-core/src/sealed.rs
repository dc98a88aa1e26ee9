//! Seals the traits that only describe arguments of functions, so that they can change.

use std::borrow::Cow;
use std::ops::RangeFull;

use serde_json::Value;

/// Implemented by the types that the sealed traits accept.
pub trait Sealed {}

macro_rules! sealed {
    ($($ty:ty),*) => {$(
        impl Sealed for $ty {}
    )*};
}

sealed!(
    (),
    char,
    u32,
    RangeFull,
    &str,
    String,
    &String,
    Box<str>,
    Cow<'_, str>,
    Value
);

impl<T, const N: usize> Sealed for [T; N] {}
impl<T> Sealed for Vec<T> {}
impl<T> Sealed for Option<T> {}
impl<T, E> Sealed for Result<T, E> {}
