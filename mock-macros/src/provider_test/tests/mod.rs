//! Tests of `#[provider_test]`.

mod cases;
mod expansion;
mod mock_arguments;
mod options;
#[cfg(feature = "sweep")]
mod sweeps_and_seeds;
mod unfit_functions;

use proc_macro2::TokenStream;

use crate::diagnostics::Diagnostics;
use crate::tests::assert_mistakes;

pub(super) fn tokens(source: &str) -> TokenStream {
    source.parse().expect("tokens")
}

pub(super) fn expand(options: TokenStream, item: TokenStream) -> TokenStream {
    super::expand(options, item, &Diagnostics::default())
}

/// Asserts the mistakes of a test, each at its mark; what is left of it is a `#[test]` nevertheless.
#[track_caller]
pub(super) fn wrong(marked: &str, expected: &[(&str, &str)]) -> String {
    let expansion = assert_mistakes(marked, |item| expand(TokenStream::new(), item), expected);
    let text = expansion.to_string();
    let file: syn::File = syn::parse2(expansion).unwrap_or_else(|_| panic!("{text}"));
    let tests = file
        .items
        .iter()
        .filter(|item| matches!(item, syn::Item::Fn(_)));
    assert_eq!(tests.count(), 1, "{text}");
    text
}
