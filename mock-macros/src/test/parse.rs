use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens as _;
use syn::parse::{Parse, ParseStream, Parser as _};
use syn::{Attribute, FnArg, Path, Signature, Token, Visibility};

use crate::crate_path::CratePath;
use crate::diagnostics::{Diagnostics, did_you_mean};

const OPTIONS: [&str; 1] = ["crate"];

/// What stands in the parentheses of `#[provider_test(..)]`.
#[derive(Default)]
pub(super) struct Options {
    pub(super) crate_path: CratePath,
}

impl Options {
    pub(super) fn parse(tokens: TokenStream, diagnostics: &Diagnostics) -> Options {
        let mut options = Options::default();
        let parser = syn::meta::parser(|meta| {
            if meta.path.is_ident("crate") {
                options.crate_path = CratePath(Some(meta.value()?.call(Path::parse_mod_style)?));
                return Ok(());
            }
            let word = meta.path.to_token_stream().to_string();
            diagnostics.error_at(
                &meta.path,
                format!("unknown option `{word}`"),
                did_you_mean(&word, "options", OPTIONS),
            );
            // Whatever is said of it is of no use.
            while !meta.input.is_empty() && !meta.input.peek(Token![,]) {
                meta.input.parse::<TokenTree>()?;
            }
            Ok(())
        });
        if let Err(error) = parser.parse2(tokens) {
            diagnostics.syntax(&error, "write `crate = path`, the only option");
        }
        options
    }
}

/// A test fn, whose body is left as it is.
pub(super) struct TestFn {
    pub(super) attributes: Vec<Attribute>,
    pub(super) visibility: Visibility,
    pub(super) signature: Signature,
    pub(super) body: TokenStream,
}

impl Parse for TestFn {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        Ok(TestFn {
            attributes: input.call(Attribute::parse_outer)?,
            visibility: input.parse()?,
            signature: input.parse()?,
            body: input.parse()?,
        })
    }
}

impl TestFn {
    pub(super) fn check(&self, diagnostics: &Diagnostics) {
        if let Some(test) = self.attributes.iter().find(|attribute| is_test(attribute)) {
            diagnostics.error_at(
                test,
                "this is a test already",
                "remove this attribute: `#[provider_test]` starts the runtime and registers the test",
            );
        } else if self.signature.asyncness.is_none() {
            diagnostics.error(
                self.signature.fn_token.span,
                "a `#[provider_test]` is async",
                format!("write `async fn {}`", self.signature.ident),
            );
        }
        if !self.signature.generics.params.is_empty() {
            diagnostics.error_at(
                &self.signature.generics,
                "a test has no generics",
                "remove them",
            );
        }
        for argument in &self.signature.inputs {
            if let FnArg::Receiver(receiver) = argument {
                diagnostics.error_at(
                    receiver,
                    "a test has no `self`",
                    "remove it, and move the test out of the `impl`",
                );
            }
        }
    }

    pub(super) fn has_attribute(&self, name: &str) -> bool {
        self.attributes
            .iter()
            .any(|attribute| attribute.path().is_ident(name))
    }
}

/// Whether an attribute makes its fn a test: `#[test]`, `#[tokio::test]`, …
pub(super) fn is_test(attribute: &Attribute) -> bool {
    let last = attribute.path().segments.last();
    last.is_some_and(|segment| segment.ident == "test")
}
