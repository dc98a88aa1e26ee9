//! Expands the model of a mock to a `static` scenario, a struct and a few impls.

mod action;
mod arguments;
mod expectation;
mod matcher;
mod parts;
mod scenario;
mod text;
mod tool;
mod turn;
mod value;

use proc_macro2::TokenStream;
use quote::{ToTokens as _, quote};
use syn::punctuated::Punctuated;
use syn::{Attribute, Meta, Path, Token};

use self::parts::Table;
use super::parse::Mock;
use crate::search::Search as _;
use crate::syntax::{ends_with, paths};

/// The struct of a named mock, its table and its impls.
pub(super) fn items(mock: &Mock) -> TokenStream {
    let Mock {
        crate_path,
        attributes,
        visibility,
        name: Some(name),
        ..
    } = mock
    else {
        return TokenStream::new();
    };
    let visibility = match visibility {
        Some(visibility) => quote!(#visibility),
        None => quote!(pub(crate)),
    };
    let documented = attributes.any(&|attribute| attribute.path().is_ident("doc"));
    let doc = (!documented).then(|| quote!(#[doc = "A mock of an LLM provider."]));
    let mut derive = TokenStream::new();
    if !derives(attributes, "Clone") {
        quote!(::core::clone::Clone,).to_tokens(&mut derive);
    }
    if !derives(attributes, "Debug") {
        quote!(::core::fmt::Debug,).to_tokens(&mut derive);
    }
    let (mut own, mut cfgs) = (TokenStream::new(), TokenStream::new());
    for attribute in attributes {
        own.extend(without_default(attribute));
        if attribute.path().is_ident("cfg") {
            attribute.to_tokens(&mut cfgs);
        }
    }
    let private = crate_path.private();
    let table = Table::in_static(mock).scenario();
    let (replayed, scenario) = replayed_exchanges_and_scenario(mock);
    quote! {
        #own
        #doc
        #[derive(#derive)]
        #visibility struct #name(#crate_path::MockProvider);

        #cfgs
        const _: () = {
            use #private::{self as __mock_core, parts::*};

            static __MOCK_CORE_SCENARIO: __mock_core::Scenario = #table;
            #replayed

            impl #name {
                #[doc = "A new instance, at the beginning of its script."]
                #visibility fn new() -> Self {
                    Self(__mock_core::from_static(#scenario))
                }
            }

            impl ::core::default::Default for #name {
                fn default() -> Self {
                    Self(__mock_core::from_static(#scenario))
                }
            }

            impl ::core::ops::Deref for #name {
                type Target = __mock_core::MockProvider;

                fn deref(&self) -> &__mock_core::MockProvider {
                    &self.0
                }
            }

            impl __mock_core::FromTest for #name {
                fn from_test(test: &mut __mock_core::Test) -> Self {
                    Self(test.mock(#scenario))
                }
            }

            impl __mock_core::DeclaredMock for #name {}
        };
    }
}

/// An attribute of the struct. A `Default` that is derived would be that of a `MockProvider`, which there is none of.
fn without_default(attribute: &Attribute) -> TokenStream {
    let Some(paths) = derived(attribute) else {
        return quote!(#attribute);
    };
    let mut others = TokenStream::new();
    for path in &paths {
        if !ends_with(path, "Default") {
            quote!(#path,).to_tokens(&mut others);
        }
    }
    quote!(#[derive(#others)])
}

/// Whether a `derive` names this trait.
fn derives(attributes: &[Attribute], name: &str) -> bool {
    attributes.any(&|attribute| {
        derived(attribute).is_some_and(|paths| paths.any(&|path| ends_with(path, name)))
    })
}

/// The traits in a `derive`. The compiler reports a list that does not parse here.
fn derived(attribute: &Attribute) -> Option<Punctuated<Path, Token![,]>> {
    match &attribute.meta {
        Meta::List(list) if list.path.is_ident("derive") => paths(&list.tokens),
        _ => None,
    }
}

/// An anonymous mock: an expression of the type `MockProvider`.
pub(super) fn expression(mock: &Mock) -> TokenStream {
    let crate_path = &mock.crate_path;
    let scenario = scenario(mock);
    quote!(#crate_path::MockProvider::new(#scenario))
}

/// The scenario of an anonymous mock: an expression of the type `Cow<'static, Scenario>`.
pub(super) fn scenario(mock: &Mock) -> TokenStream {
    let private = mock.crate_path.private();
    let made = |scenario: TokenStream| match replayed(mock, &scenario) {
        Some(replayed) => quote!(__Owned(#replayed)),
        None => scenario,
    };
    let scenario = match mock.code.is_constant {
        true => {
            let table = Table::in_static(mock).scenario();
            let scenario = made(quote!(__Borrowed(&__MOCK_CORE_SCENARIO)));
            quote! {
                static __MOCK_CORE_SCENARIO: __mock_core::Scenario = #table;
                #scenario
            }
        }
        false => {
            let table = Table::owned(mock).scenario();
            let scenario = made(quote!(__Owned(__mock_core_scenario)));
            quote! {
                let __mock_core_scenario = #table;
                #scenario
            }
        }
    };
    quote!({
        use #private::{self as __mock_core, parts::*};
        #scenario
    })
}

/// The static of the exchanges that a declared mock replays, if it does, and a reference to the scenario that it plays.
fn replayed_exchanges_and_scenario(mock: &Mock) -> (Option<TokenStream>, TokenStream) {
    let replayed = replayed(mock, &quote!(__Borrowed(&__MOCK_CORE_SCENARIO)));
    let scenario = match (&replayed, mock.code.is_constant) {
        (Some(_), _) => quote!(__mock_core::checked(&__MOCK_CORE_REPLAYED)),
        (None, true) => quote!(&__MOCK_CORE_SCENARIO),
        (None, false) => quote!(__mock_core::checked(&__MOCK_CORE_SCENARIO)),
    };
    // The test reads the file again, but only once.
    let replayed = replayed.map(|replayed| {
        quote! {
            static __MOCK_CORE_REPLAYED: __mock_core::std::sync::LazyLock<__mock_core::Scenario> =
                __mock_core::std::sync::LazyLock::new(|| #replayed);
        }
    });
    (replayed, scenario)
}

/// The scenario that replays what was recorded, made from the one that is written: an expression of the type `Scenario`. The file is part of
/// the test, which is compiled again when it changes.
fn replayed(mock: &Mock, written: &TokenStream) -> Option<TokenStream> {
    if !mock.replays() {
        return None;
    }
    let path = &mock.cassette.as_ref()?.path;
    Some(quote! {
        __mock_core::replayed(
            #written,
            #path,
            __mock_core::core::include_bytes!(__mock_core::core::concat!(
                __mock_core::core::env!("CARGO_MANIFEST_DIR"), "/", #path
            )),
        )
    })
}
