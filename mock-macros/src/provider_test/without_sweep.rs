//! The options of a test that runs many times, without the feature that they need.

use proc_macro2::TokenStream;
use quote::quote;
use syn::Expr;
use syn::meta::ParseNestedMeta;

use super::test_fn::TestFn;
use crate::crate_path::CratePath;
use crate::diagnostics::Diagnostics;
use crate::lint::Lint;

/// None of the options: the test runs once.
#[derive(Default)]
pub(super) struct Runs;

impl Runs {
    /// Reports an option that needs the feature, and returns whether it is one.
    pub(super) fn option(
        &mut self,
        word: &str,
        meta: &ParseNestedMeta<'_>,
        diagnostics: &Diagnostics,
    ) -> syn::Result<bool> {
        if !matches!(word, "sweep" | "sweep_runs" | "seeds" | "chaos") {
            return Ok(false);
        }
        meta.input.parse::<Expr>()?;
        diagnostics.error_at(
            Lint::SweepFeature,
            &meta.path,
            format_args!("`{word}` needs the feature `sweep` of `mock-core`"),
            crate::crate_path::feature_help("sweep"),
        );
        Ok(true)
    }

    pub(super) fn check(&self, _: &TestFn, _: bool, _: &Diagnostics) {}

    /// The call that runs the test.
    pub(super) fn call(&self, crate_path: &CratePath, spec: &TokenStream) -> TokenStream {
        let private = crate_path.private();
        quote!(#private::run(#spec))
    }
}

#[cfg(test)]
mod tests {
    use quote::quote;

    use super::super::expand;
    use crate::diagnostics::Diagnostics;

    #[test]
    fn the_options_for_several_runs_need_the_feature() {
        for option in [
            "sweep = faults",
            "sweep_runs = 5",
            "seeds = 0..5",
            "chaos = [cut(0.1)]",
        ] {
            let options = option.parse().expect("tokens");
            let diagnostics = Diagnostics::default();
            let expanded = expand(
                options,
                quote!(
                    async fn a() {}
                ),
                &diagnostics,
            )
            .to_string();
            let word = option.split(' ').next().expect("a word");
            let message = format!("`{word}` needs the feature `sweep` of `mock-core`");
            assert!(expanded.contains(&message), "{expanded}");
            assert_eq!(expanded.matches("compile_error").count(), 1, "{expanded}");
        }
    }
}
