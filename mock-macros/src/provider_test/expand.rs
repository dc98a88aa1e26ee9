//! The expansion of `#[provider_test]`.

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens as _, format_ident, quote, quote_spanned};
use syn::punctuated::Punctuated;
use syn::spanned::Spanned as _;
use syn::{FnArg, Ident, ReturnType, Safety, Signature};

use super::case::{self, Case};
use super::case_tests;
use super::make_arguments::Arguments;
use super::options::Options;
use super::test_fn::{TestFn, is_test, is_test_case, prepares_thread, should_panic};
use super::values_of_mocks;
use crate::diagnostics::Diagnostics;
use crate::search::Search as _;
use crate::syntax::generated;

/// A `#[test]` fn that hands the runtime a spec: what the test is called, and a fn that drives its body. For a test with cases, a plain fn
/// that does so, and a `#[test]` for each case that calls it.
pub(super) fn test(test: &mut TestFn, options: &Options, diagnostics: &Diagnostics) -> TokenStream {
    only_typed(&mut test.signature);
    test.signature.constness = None;
    test.signature.safety = Safety::Default;
    test.signature.abi = None;
    let errors = diagnostics.count();
    let cases = case::take(&mut test.attributes, &test.signature, diagnostics);
    let crate_path = &options.crate_path;
    let has_cases_of_another = test.attributes.any(&is_test_case);
    let signature = &mut test.signature;
    // A mistake in the cases may leave an argument without a value.
    let lacks_values = has_cases_of_another
        || diagnostics.count() > errors
        || case::have_values_left(&cases, signature);
    let mocks = values_of_mocks::tokens_of_mocks(signature);
    let arguments = Arguments::new(signature, &cases, lacks_values, crate_path, diagnostics);
    values_of_mocks::use_in_body(test, &mocks);
    test.signature.asyncness.get_or_insert_default();
    for attribute in std::mem::take(&mut test.attributes) {
        if !is_test(&attribute) && !is_test_case(&attribute) {
            test.attributes.push(attribute);
        }
    }
    // A test that cannot be called is only type-checked.
    let is_callable = arguments.are_possible
        && !has_cases_of_another
        && test.signature.generics.params.is_empty();
    match is_callable && !(cases.is_empty() && arguments.axes.is_empty()) {
        true => with_cases(test, &arguments, &cases, options),
        false => alone(test, &arguments, is_callable, options),
    }
}

/// A test without cases.
fn alone(
    test: &TestFn,
    arguments: &Arguments,
    is_callable: bool,
    options: &Options,
) -> TokenStream {
    let (mut own, mut of_body) = (TokenStream::new(), TokenStream::new());
    for attribute in &test.attributes {
        attribute.to_tokens(match prepares_thread(&attribute.meta) {
            true => &mut of_body,
            false => &mut own,
        });
    }
    let items = items(test, &of_body, arguments, is_callable);
    let name = &test.signature.ident;
    let attributes: Vec<_> = test.attributes.iter().collect();
    let should_panic = should_panic(&attributes);
    let of_test = quote! {
        name: ::core::concat!(::core::module_path!(), "::", ::core::stringify!(#name)),
        should_panic: #should_panic,
    };
    let spec = spec(&of_test, options);
    let (outer, visibility) = (generated(name), &test.visibility);
    let run = options.call(&quote!(&__MOCK_CORE_SPEC));
    quote! {
        #own
        #[::core::prelude::v1::test]
        #visibility fn #outer() {
            #items
            #spec
            #run;
        }
    }
}

/// A fn that runs any case, and a test for each.
fn with_cases(
    test: &TestFn,
    arguments: &Arguments,
    cases: &[Case],
    options: &Options,
) -> TokenStream {
    let (mut own, mut of_body) = (TokenStream::new(), TokenStream::new());
    let mut of_tests = Vec::new();
    for attribute in &test.attributes {
        if prepares_thread(&attribute.meta) {
            attribute.to_tokens(&mut of_body);
        } else if case::is_of_the_body(attribute) {
            attribute.to_tokens(&mut own);
        } else {
            of_tests.push(attribute);
        }
    }
    let items = items(test, &of_body, arguments, true);
    let spec = spec(&TokenStream::new(), options);
    let name = &test.signature.ident;
    let module = case_tests::module(name, cases, &of_tests, &arguments.axes);
    let outer = generated(name);
    let private = options.crate_path.private();
    let run = options.call(&quote! {
        &#private::TestSpec {
            name: __mock_core_name,
            should_panic: __mock_core_should_panic,
            choices: __mock_core_choices,
            ..__MOCK_CORE_SPEC
        }
    });
    quote! {
        #own
        #[cfg(test)]
        fn #outer(
            __mock_core_name: &'static ::core::primitive::str,
            __mock_core_should_panic: ::core::primitive::bool,
            __mock_core_choices: &'static [::core::primitive::usize],
        ) {
            #items
            #spec
            #run;
        }

        #module
    }
}

/// The fn of the body, and one that makes its arguments and drives it.
fn items(
    test: &TestFn,
    attributes: &TokenStream,
    arguments: &Arguments,
    is_callable: bool,
) -> TokenStream {
    let TestFn {
        signature, body, ..
    } = test;
    // An error about the return type is reported at that type.
    let returned = match &signature.output {
        ReturnType::Default => Span::call_site(),
        ReturnType::Type(_, ty) => ty.span().resolved_at(Span::call_site()),
    };
    let (name, passed, bindings) = (&signature.ident, &arguments.passed, arguments.bindings());
    // A value of a case may have the same name as the fn, and hide it. And Clippy reports no fn as needlessly async that is used as a value.
    let called = format_ident!("__mock_core_body", span = Span::mixed_site());
    let drive =
        quote_spanned!(returned=> __mock_core_test.drive(::core::pin::pin!(#called(#passed))));
    let drive = match is_callable {
        true => quote!(let #called = #name; #bindings #drive;),
        false => quote!(let _ = __mock_core_test;),
    };
    let run = run();
    let private = arguments.crate_path.private();
    // The attributes are on the fn that runs on the test's own thread, because some of them set up the thread.
    quote! {
        #attributes
        #signature #body

        fn #run(__mock_core_test: &mut #private::Test) {
            #drive
        }
    }
}

fn run() -> Ident {
    format_ident!("__mock_core_run", span = Span::mixed_site())
}

/// The parts of a test that are known: these fields and the options.
fn spec(fields: &TokenStream, options: &Options) -> TokenStream {
    let private = options.crate_path.private();
    let (run, options) = (run(), options.fields());
    quote! {
        static __MOCK_CORE_SPEC: #private::TestSpec = #private::TestSpec {
            #fields
            file: ::core::file!(),
            body: #run,
            #options
            ..#private::TestSpec::EMPTY
        };
    }
}

/// A fn that is not a test, with errors for its body, wherever a fn may stand.
pub(super) fn only_errors(test: TestFn, errors: &TokenStream) -> TokenStream {
    let TestFn {
        visibility,
        mut signature,
        ..
    } = test;
    only_typed(&mut signature);
    for index in 0..signature.inputs.len() {
        if let Some(FnArg::Typed(typed)) = signature.inputs.get_mut(index) {
            typed.attrs.clear();
        }
    }
    quote! {
        #visibility #signature { #errors loop {} }
    }
}

/// Takes away a `self`.
fn only_typed(signature: &mut Signature) {
    let mut typed = Punctuated::new();
    for input in &signature.inputs {
        if let FnArg::Typed(_) = input {
            typed.push(input.clone());
        }
    }
    signature.inputs = typed;
}
