//! `#[provider_test]`: parse, check, expand.

mod argument_checks;
mod argument_source;
mod attribute_list;
mod case;
mod case_names;
mod case_tests;
mod completion;
mod expand;
mod make_arguments;
mod not_a_test;
mod options;
mod rstest;
#[cfg(feature = "sweep")]
mod sweep_and_seeds;
mod test_fn;
mod values_of_mocks;
#[cfg(not(feature = "sweep"))]
mod without_sweep;

use proc_macro2::TokenStream;
use quote::quote;

use crate::diagnostics::Diagnostics;
use options::Options;
use test_fn::TestFn;

/// Expands `#[provider_test]`, with the mistakes in it.
pub(crate) fn expand(
    options: TokenStream,
    item: TokenStream,
    diagnostics: &Diagnostics,
) -> TokenStream {
    let written = options.clone();
    let options = Options::parse(options, diagnostics);
    let editor = completion::options(written.clone(), &options);
    if let Some(error) = options.crate_path.missing() {
        diagnostics.discard();
        return error;
    }
    let item = case::with_names(item);
    let test = match syn::parse2::<TestFn>(item.clone()) {
        Ok(mut test) => {
            test.check(diagnostics);
            options.check_test(&test, diagnostics);
            rstest::check_above(&test, diagnostics);
            // A method cannot have an item beside it.
            if test.is_method() {
                // Expand the test only to report mistakes in its arguments.
                if let Ok(mut test) = syn::parse2::<TestFn>(item) {
                    let _ = expand::test(&mut test, &options, diagnostics);
                }
                return expand::only_errors(test, &diagnostics.to_compile_errors());
            }
            match rstest::is_below(&test) {
                true => rstest::expand(&mut test, &written, &options, diagnostics),
                false => expand::test(&mut test, &options, diagnostics),
            }
        }
        Err(error) => not_a_test::report(item, &error, diagnostics),
    };
    let errors = diagnostics.to_item();
    // The errors come after the code for the editor, because they have the same spans.
    quote!(#editor #test #errors)
}

#[cfg(test)]
mod tests;
