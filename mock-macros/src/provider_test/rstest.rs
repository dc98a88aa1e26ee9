//! `#[provider_test]` above `#[rstest]`, which passes on no attribute of an argument: a type of its own stands for each mock.

use proc_macro2::{Delimiter, Ident, Span, TokenStream, TokenTree};
use quote::{format_ident, quote};
use syn::{Attribute, FnArg, Meta, Pat, PatType, Type, parse_quote};

use super::argument_checks;
use super::make_arguments::Argument;
use super::options::Options;
use super::test_fn::TestFn;
use crate::diagnostics::Diagnostics;
use crate::lint::Lint;
use crate::search::Search as _;
use crate::syntax::{bare_type, ends_with, referred};

/// Whether `#[rstest]` stands below.
pub(super) fn is_below(test: &TestFn) -> bool {
    test.attributes
        .any(&|attribute| ends_with(attribute.path(), "rstest"))
}

/// The test as `#[rstest]` reads it: a `#[provider_test]` for each of its cases, to which the arguments with a mock are left.
pub(super) fn expand(
    test: &mut TestFn,
    written: &TokenStream,
    options: &Options,
    diagnostics: &Diagnostics,
) -> TokenStream {
    let (mut types, mut bindings) = (TokenStream::new(), TokenStream::new());
    let name = test.signature.ident.clone();
    for (index, input) in test.signature.inputs.iter_mut().enumerate() {
        let FnArg::Typed(typed) = input else {
            continue;
        };
        if let Some(mock) = take_mock(typed, diagnostics) {
            let ty = format_ident!("__MockCore_{name}_{index}", span = Span::call_site());
            types.extend(type_of_mock(&ty, index, typed, &mock, options, diagnostics));
            bindings.extend(leave(typed, index, &ty));
        }
    }
    let mut attributes = TokenStream::new();
    for attribute in &test.attributes {
        match ends_with(attribute.path(), "test_attr") {
            true => diagnostics.error_at(
                Lint::SecondTestAttribute,
                attribute,
                "this is already a test",
                "remove this attribute: `#[provider_test]` above `#[rstest]` is enough",
            ),
            false => attributes.extend(quote!(#attribute)),
        }
    }
    let TestFn {
        visibility,
        signature,
        body,
        ..
    } = test;
    let crate_path = &options.crate_path;
    // Mistakes in the options have already been reported.
    let written = (!written.is_empty() && diagnostics.count() == 0).then(|| quote!((#written)));
    quote! {
        #types
        #attributes
        #[test_attr(#crate_path::provider_test #written)]
        #visibility #signature {
            #bindings
            #body
        }
    }
}

/// Takes the `#[mock(..)]` of an argument. Of `#[mocks(..)]`, which is reported, a mock that answers nothing is left.
fn take_mock(typed: &mut PatType, diagnostics: &Diagnostics) -> Option<Attribute> {
    let is_mock = |attribute: &Attribute| {
        ends_with(attribute.path(), "mock") || ends_with(attribute.path(), "mocks")
    };
    let mut mock = typed
        .attrs
        .extract_if(.., |attribute| is_mock(attribute))
        .next()?;
    if ends_with(mock.path(), "mocks") {
        diagnostics.error_at(
            Lint::ArgumentSource,
            &mock,
            "`#[rstest]` makes these tests, and it does not know `#[mocks(..)]`",
            "remove `#[rstest]`, or write `#[mock(..)]` with one mock",
        );
        if let Meta::List(list) = &mut mock.meta {
            list.tokens = TokenStream::new();
        }
    }
    Some(mock)
}

/// A type that `#[provider_test]` can make, around what an argument is made from.
fn type_of_mock(
    ty: &Ident,
    index: usize,
    typed: &PatType,
    mock: &Attribute,
    options: &Options,
    diagnostics: &Diagnostics,
) -> TokenStream {
    let private = options.crate_path.private();
    let argument = Argument::new(index, typed, &options.crate_path);
    let made = argument.in_arc(&argument.made_from(mock, diagnostics));
    let (held, made) = match argument_checks::is_possible(&typed.ty, true, diagnostics) {
        true => (referred(&typed.ty), made),
        false => return quote!(#[cfg(test)] struct #ty(());),
    };
    quote! {
        #[cfg(test)]
        struct #ty(#held);

        #[cfg(test)]
        impl #private::FromTest for #ty {
            fn from_test(__mock_core_test: &mut #private::Test) -> Self {
                #ty(#made)
            }
        }
    }
}

/// Makes an argument one of the type `ty` that `#[rstest]` leaves to the test. Returns the statements that make it what it was.
fn leave(typed: &mut PatType, index: usize, ty: &Ident) -> TokenStream {
    let held = format_ident!("__mock_core_argument_{index}", span = Span::mixed_site());
    let binding = match &*typed.pat {
        Pat::Ident(pat) => pat.ident.clone(),
        _ => format_ident!("argument_{index}", span = Span::call_site()),
    };
    let (pattern, wanted) = (&typed.pat, &typed.ty);
    let (mutable, value) = match bare_type(wanted) {
        Type::Reference(reference) => {
            let mutable = reference.mutability;
            (mutable, quote!(&#mutable #held))
        }
        _ => (None, quote!(#held)),
    };
    let statements = quote! {
        let #mutable #held = #binding.0;
        let #pattern: #wanted = #value;
    };
    *typed.pat = Pat::Verbatim(quote!(#binding));
    *typed.ty = Type::Verbatim(quote!(#ty));
    let is_ignored = |attribute: &Attribute| ends_with(attribute.path(), "ignore");
    if !typed.attrs.any(&is_ignored) {
        typed.attrs.push(parse_quote!(#[ignore]));
    }
    statements
}

/// Reports each `#[mock(..)]` of a test that `#[rstest]` has made: the compiler finds it once more, where it stands before an argument of
/// a fn that is not a test.
pub(super) fn check_above(test: &TestFn, diagnostics: &Diagnostics) {
    if !is_made_by_rstest(test) {
        return;
    }
    for input in &test.signature.inputs {
        let FnArg::Typed(typed) = input else {
            continue;
        };
        for mock in typed
            .attrs
            .iter()
            .filter(|attribute| ends_with(attribute.path(), "mock"))
        {
            diagnostics.error_at(
                Lint::SecondTestAttribute,
                mock,
                "`#[rstest]` does not pass on `#[mock(..)]`",
                "write `#[provider_test]` above `#[rstest]`, in place of `#[test_attr(provider_test)]`",
            );
        }
    }
}

/// Whether a test calls the fn that its own name was made from, or has a copy of itself in its body.
fn is_made_by_rstest(test: &TestFn) -> bool {
    let name = &test.signature.ident;
    let body = test.body.clone().into_iter().next();
    let Some(TokenTree::Group(body)) = body else {
        return false;
    };
    let tokens: Vec<_> = body.stream().into_iter().collect();
    let made_from = name.span().source_text().filter(|text| name != text);
    tokens.windows(2).any(|tokens| match tokens {
        [TokenTree::Ident(before), TokenTree::Ident(copy)] if before == "fn" => copy == name,
        [TokenTree::Ident(word), TokenTree::Group(group)] => {
            group.delimiter() == Delimiter::Parenthesis
                && made_from.as_ref().is_some_and(|text| word == text)
        }
        _ => false,
    })
}
