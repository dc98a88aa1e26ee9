//! `#[provider_test]`: parse, check, expand.

mod expand;
mod parse;

use proc_macro2::TokenStream;
use quote::quote;

use crate::diagnostics::Diagnostics;
use parse::{Options, TestFn};

/// Expands `#[provider_test]`.
pub(crate) fn expand(options: TokenStream, item: TokenStream) -> TokenStream {
    let diagnostics = Diagnostics::default();
    let options = Options::parse(options, &diagnostics);
    let test = match syn::parse2::<TestFn>(item.clone()) {
        Ok(mut test) => {
            test.check(&diagnostics);
            let crate_path = &options.crate_path;
            expand::test(&mut test, crate_path, &diagnostics)
        }
        Err(error) => {
            diagnostics.syntax(&error, "`#[provider_test]` stands before an `async fn`");
            item
        }
    };
    let errors = diagnostics.into_compile_errors();
    quote!(#errors #test)
}

#[cfg(test)]
mod tests;
