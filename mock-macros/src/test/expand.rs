use proc_macro2::{Span, TokenStream};
use quote::{ToTokens as _, format_ident, quote, quote_spanned};
use syn::spanned::Spanned as _;
use syn::{Attribute, FnArg, Meta, Pat, PatType, Path, ReturnType, Safety, Signature, Type};

use super::options::Options;
use super::parse::{TestFn, is_test, prepares_thread};
use super::{argument, editor};
use crate::crate_path::CratePath;
use crate::diagnostics::Diagnostics;
use crate::provider;
use crate::rule::Rule;
use crate::syntax::bare_type;

/// A `#[test]` fn that hands the runtime a spec: what the test is called, and a fn that drives its body.
pub(super) fn test(test: &mut TestFn, options: &Options, diagnostics: &Diagnostics) -> TokenStream {
    let crate_path = &options.crate_path;
    let fields = options.fields();
    let should_panic = test.should_panic();
    only_typed(&mut test.signature);
    test.signature.constness = None;
    test.signature.safety = Safety::Default;
    test.signature.abi = None;
    // A test that cannot be called is only checked.
    let mut is_callable = test.signature.generics.params.is_empty();
    let (mut injected, mut passed) = (TokenStream::new(), TokenStream::new());
    for (index, input) in test.signature.inputs.iter_mut().enumerate() {
        if let FnArg::Typed(typed) = input {
            let argument = Argument::new(index, typed, crate_path, diagnostics);
            is_callable &= argument.is_possible;
            injected.extend(argument.binding);
            passed.extend(argument.passed);
        }
    }
    test.signature.asyncness.get_or_insert_default();
    let TestFn {
        attributes,
        visibility,
        signature,
        body,
    } = test;
    // The body runs on a thread of its own, which these prepare.
    let (mut of_body, mut own) = (TokenStream::new(), TokenStream::new());
    for attribute in attributes.iter().filter(|attribute| !is_test(attribute)) {
        attribute.to_tokens(match prepares_thread(&attribute.meta) {
            true => &mut of_body,
            false => &mut own,
        });
    }
    let name = &signature.ident;
    // Where the outcome is of no use, the error is at its type.
    let returned = match &signature.output {
        ReturnType::Default => Span::call_site(),
        ReturnType::Type(_, ty) => ty.span().resolved_at(Span::call_site()),
    };
    let drive =
        quote_spanned!(returned=> __mock_core_test.drive(::core::pin::pin!(#name(#passed))));
    let (unused, drive) = match is_callable {
        true => (None, quote!(#injected #drive;)),
        false => (
            Some(quote!(#[allow(dead_code)])),
            quote!(let _ = __mock_core_test;),
        ),
    };
    let mut outer = name.clone();
    outer.set_span(name.span().resolved_at(Span::call_site()));
    let run = format_ident!("__mock_core_run", span = Span::mixed_site());
    let private = crate_path.private();
    let spec = quote! {
        #private::TestSpec {
            name: ::core::concat!(::core::module_path!(), "::", ::core::stringify!(#name)),
            file: ::core::file!(),
            should_panic: #should_panic,
            body: #run,
            #fields
            ..#private::TestSpec::EMPTY
        }
    };
    quote! {
        #own
        #[::core::prelude::v1::test]
        #visibility fn #outer() {
            #of_body
            #[allow(clippy::unused_async)]
            #unused
            #signature #body

            fn #run(__mock_core_test: &mut #private::Test) {
                #drive
            }

            #[allow(clippy::needless_update, clippy::redundant_closure)]
            static __MOCK_CORE_SPEC: #private::TestSpec = #spec;
            #private::run(&__MOCK_CORE_SPEC);
        }
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
    for input in &mut signature.inputs {
        if let FnArg::Typed(typed) = input {
            typed.attrs.clear();
        }
    }
    quote! {
        #[allow(dead_code, unused_variables, clippy::unused_async)]
        #visibility #signature { #errors loop {} }
    }
}

/// Takes away a `self`.
fn only_typed(signature: &mut Signature) {
    for input in std::mem::take(&mut signature.inputs) {
        if let FnArg::Typed(_) = input {
            signature.inputs.push(input);
        }
    }
}

/// How an argument is made, and how it is passed on: both only where it is configured.
struct Argument {
    binding: TokenStream,
    passed: TokenStream,
    /// Whether there can be a value of its type.
    is_possible: bool,
}

impl Argument {
    /// Reads an argument, and takes its `#[mock(..)]` away.
    fn new(
        index: usize,
        typed: &mut PatType,
        crate_path: &CratePath,
        diagnostics: &Diagnostics,
    ) -> Argument {
        argument::misspelt(&mut typed.attrs, diagnostics);
        let (mut mocks, mut others) = (Vec::new(), Vec::new());
        for attribute in std::mem::take(&mut typed.attrs) {
            match attribute.path().is_ident("mock") {
                true => mocks.push(attribute),
                false => others.push(attribute),
            }
        }
        typed.attrs = others;
        for extra in mocks.get(1..).unwrap_or_default() {
            diagnostics.error_at(
                Rule::MockAttribute,
                extra,
                "an argument takes one mock",
                "remove this `#[mock(..)]`",
            );
        }
        let (referred, reference) = match bare_type(&typed.ty) {
            Type::Reference(reference) => (bare_type(&reference.elem), Some(reference)),
            owned => (owned, None),
        };
        // What is made from a mock may be wanted in an `Arc`; all else sees to that itself.
        let shared = argument::inner(referred, "Arc").filter(|_| !mocks.is_empty());
        let owned = shared.unwrap_or(referred);
        let binding = format_ident!("__mock_core_argument_{index}", span = Span::mixed_site());
        let name = match &*typed.pat {
            Pat::Ident(pat) => pat.ident.to_string(),
            other => other.to_token_stream().to_string(),
        };
        let made = injected(&name, owned, mocks.first(), crate_path, diagnostics);
        let editor = mocks.first().and_then(|attribute| match &attribute.meta {
            Meta::List(list) => editor::argument(&list.tokens, crate_path),
            _ => None,
        });
        let mut cfgs = TokenStream::new();
        for attribute in &typed.attrs {
            if attribute.path().is_ident("cfg") {
                attribute.to_tokens(&mut cfgs);
            }
        }
        let (mutable, passed) = match reference {
            None => (None, quote!(#binding)),
            Some(reference) => {
                let mutable = &reference.mutability;
                (mutable.as_ref(), quote!(&#mutable #binding))
            }
        };
        let is_possible = argument::is_possible(&typed.ty, !mocks.is_empty(), diagnostics)
            && !argument::is_itself(owned, mocks.first(), diagnostics);
        let made = quote!(__mock_core_test.#made);
        let made = match shared {
            None => made,
            Some(_) => {
                let private = crate_path.private();
                quote!(#private::std::sync::Arc::new(#made))
            }
        };
        Argument {
            is_possible,
            passed: quote!(#cfgs #passed,),
            binding: quote!(#editor #cfgs let #mutable #binding = #made;),
        }
    }
}

/// The call that makes an argument of the type `owned`, from what its `#[mock(..)]` says, if it has one.
fn injected(
    name: &str,
    owned: &Type,
    mock: Option<&Attribute>,
    crate_path: &CratePath,
    diagnostics: &Diagnostics,
) -> TokenStream {
    let Some(attribute) = mock else {
        return quote_spanned!(owned.span()=> inject::<#owned>(#name));
    };
    let private = crate_path.private();
    let nothing = || quote_spanned!(owned.span()=> inject_mock::<#owned>(#name, #private::Owned(#private::Scenario::EMPTY)));
    let Meta::List(list) = &attribute.meta else {
        diagnostics.error_at(
            Rule::MockAttribute,
            attribute,
            "`#[mock]` names no mock",
            "write which one, as in `#[mock(Weather)]` or `#[mock(reply(\"Hi.\"))]`",
        );
        return nothing();
    };
    match syn::parse2::<Path>(list.tokens.clone()) {
        Ok(word) if !argument::is_declared(&word, diagnostics) => nothing(),
        Ok(declared) => {
            quote_spanned!(owned.span()=> inject_declared::<#declared, #owned>(#name))
        }
        Err(_) => {
            let scenario = provider::scenario(list.tokens.clone(), crate_path, diagnostics);
            quote_spanned!(owned.span()=> inject_mock::<#owned>(#name, #scenario))
        }
    }
}
