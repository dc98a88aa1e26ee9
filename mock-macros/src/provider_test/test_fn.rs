//! The fn of a test.

use proc_macro2::TokenStream;
use quote::quote;
use syn::parse::{Parse, ParseStream};
use syn::punctuated::Punctuated;
use syn::{Attribute, FnArg, Meta, Signature, Token, Visibility};

use crate::diagnostics::{Diagnostics, written};
use crate::lint::Lint;
use crate::search::Search as _;
use crate::syntax::{elements, ends_with, split_at};

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
        if let Some(test) = self.attributes.find(&|attribute| is_test(attribute)) {
            diagnostics.error_at(
                Lint::SecondTestAttribute,
                test,
                "this is already a test",
                self.second_test_help(test),
            );
        } else if self.signature.asyncness.is_none() {
            diagnostics.error(
                Lint::NotAnAsyncFn,
                self.signature.fn_token.span,
                "a `#[provider_test]` is async",
                format_args!("write `async fn {}`", self.signature.ident),
            );
        }
        for cases in self
            .attributes
            .iter()
            .filter(|attribute| is_test_case(attribute))
        {
            let word = written(cases.path());
            diagnostics.error_at(
                Lint::SecondTestAttribute,
                cases,
                format_args!("`#[{word}]` goes above `#[provider_test]`"),
                "move this attribute above, or write a case as in `#[case::name(..)]`",
            );
        }
        for qualifier in &self.qualifiers() {
            let word = written(&qualifier);
            diagnostics.error_at(
                Lint::TestSignature,
                &qualifier,
                format_args!("a test is not `{word}`"),
                "remove this",
            );
        }
        if !self.signature.generics.params.is_empty() {
            diagnostics.error_at(
                Lint::TestSignature,
                &self.signature.generics,
                "a test has no generics",
                "remove them",
            );
        }
        for &argument in &elements(&self.signature.inputs) {
            if let FnArg::Receiver(receiver) = argument {
                diagnostics.error_at(
                    Lint::TestSignature,
                    receiver,
                    "a test has no `self`",
                    "remove it, and move the test out of the `impl`",
                );
            }
        }
    }

    /// The help for a second attribute that makes this a test.
    fn second_test_help(&self, attribute: &Attribute) -> String {
        const TEST_LOG: &str = "`#[test_log::test(mock_core::provider_test)]` in place of both";
        let remove =
            "remove this attribute: `#[provider_test]` starts the runtime and registers the test";
        let path = attribute.path();
        let first = path.segments.get(0);
        if first.is_some_and(|segment| segment.ident == "test_log") {
            return format!("write {TEST_LOG}");
        }
        // `#[test_log::test]` above has already become `#[test]`, and the fn is still async.
        let is_expanded = path.segments.len() > 1 && first.is_some_and(|one| one.ident == "core");
        match is_expanded && self.signature.asyncness.is_some() {
            true => format!("{remove}; for `test_log`, write {TEST_LOG}"),
            false => remove.to_owned(),
        }
    }

    pub(super) fn is_method(&self) -> bool {
        self.signature.receiver().is_some()
    }

    /// The keywords before `fn` that a test cannot have.
    fn qualifiers(&self) -> Vec<TokenStream> {
        let Signature {
            constness,
            safety,
            abi,
            ..
        } = &self.signature;
        let mut qualifiers = Vec::new();
        for qualifier in [quote!(#constness), quote!(#safety), quote!(#abi)] {
            if !qualifier.is_empty() {
                qualifiers.push(qualifier);
            }
        }
        qualifiers
    }
}

/// Whether a test with these attributes is to panic: an expression, since an attribute may depend on what is configured.
pub(super) fn should_panic(attributes: &[&Attribute]) -> TokenStream {
    let is_plain = |attribute: &&Attribute| attribute.path().is_ident("should_panic");
    if attributes.any(&is_plain) {
        return quote!(true);
    }
    let mut conditions = TokenStream::new();
    for attribute in attributes {
        conditions.extend(panics_if(&attribute.meta));
    }
    match conditions.is_empty() {
        true => quote!(false),
        false => quote!(::core::cfg!(any(#conditions))),
    }
}

/// The conditions under which an attribute says that a test is to panic, with a comma after each.
fn panics_if(attribute: &Meta) -> TokenStream {
    if attribute.path().is_ident("should_panic") {
        return quote!(all(),);
    }
    let mut conditions = TokenStream::new();
    if let Some(parts) = configured(attribute) {
        let (condition, parts) = (parts.get(0), elements(&parts));
        for part in split_at(&parts, 1).1 {
            conditions.extend(panics_if(part));
        }
        if !conditions.is_empty() {
            return quote!(all(#condition, any(#conditions)),);
        }
    }
    conditions
}

/// The condition of a `cfg_attr`, and the attributes after it.
fn configured(attribute: &Meta) -> Option<Punctuated<Meta, Token![,]>> {
    match attribute {
        // The compiler reports an attribute that does not parse here.
        Meta::List(list) if list.path.is_ident("cfg_attr") => {
            list.parse_args_with(Punctuated::parse_terminated).ok()
        }
        _ => None,
    }
}

/// Whether an attribute enters a span on the thread that its fn runs on, as those of tracing and tracing-test do.
pub(super) fn prepares_thread(attribute: &Meta) -> bool {
    match configured(attribute) {
        Some(parts) => {
            let parts = elements(&parts);
            parts.len() > 1 && split_at(&parts, 1).1.all(&|part| prepares_thread(part))
        }
        None => {
            let path = attribute.path();
            ends_with(path, "traced_test") || ends_with(path, "instrument")
        }
    }
}

/// Whether an attribute makes its fn a test: `#[test]`, `#[tokio::test]`, …
pub(super) fn is_test(attribute: &Attribute) -> bool {
    ends_with(attribute.path(), "test")
}

/// Whether an attribute is one of `test_case`, which makes the tests itself.
pub(super) fn is_test_case(attribute: &Attribute) -> bool {
    let path = attribute.path();
    ends_with(path, "test_case") || ends_with(path, "test_matrix")
}
