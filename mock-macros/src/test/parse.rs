use proc_macro2::TokenStream;
use syn::parse::{Parse, ParseStream};
use syn::{Attribute, FnArg, Signature, Visibility};

use crate::diagnostics::Diagnostics;
use crate::rule::Rule;

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
                Rule::SecondTestAttribute,
                test,
                "this is a test already",
                "remove this attribute: `#[provider_test]` starts the runtime and registers the test",
            );
        } else if self.signature.asyncness.is_none() {
            diagnostics.error(
                Rule::NotAnAsyncFn,
                self.signature.fn_token.span,
                "a `#[provider_test]` is async",
                format!("write `async fn {}`", self.signature.ident),
            );
        }
        if !self.signature.generics.params.is_empty() {
            diagnostics.error_at(
                Rule::TestSignature,
                &self.signature.generics,
                "a test has no generics",
                "remove them",
            );
        }
        for argument in &self.signature.inputs {
            if let FnArg::Receiver(receiver) = argument {
                diagnostics.error_at(
                    Rule::TestSignature,
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
