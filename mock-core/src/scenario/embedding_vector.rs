//! The vectors of embeddings.

use super::List;
use crate::sealed::Sealed;

/// A vector of numbers, as [`embed_with`](crate::builder::embed_with) takes it.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a vector",
    label = "expected an array, a slice or a `Vec` of `f32`",
    note = "write the numbers as `f32`, as in `[0.5, -0.25, 1.0]`"
)]
pub trait IntoVector: Sealed {
    /// The numbers.
    #[doc(hidden)]
    fn into_vector(self) -> List<f32>;
}

impl Sealed for &[f32] {}
impl<const N: usize> Sealed for &[f32; N] {}

impl<const N: usize> IntoVector for [f32; N] {
    fn into_vector(self) -> List<f32> {
        Vec::from(self).into()
    }
}

impl IntoVector for Vec<f32> {
    fn into_vector(self) -> List<f32> {
        self.into()
    }
}

impl IntoVector for &[f32] {
    fn into_vector(self) -> List<f32> {
        self.to_vec().into()
    }
}

impl<const N: usize> IntoVector for &[f32; N] {
    fn into_vector(self) -> List<f32> {
        self.to_vec().into()
    }
}
