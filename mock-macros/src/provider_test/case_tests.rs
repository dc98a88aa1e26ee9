//! The tests that cases, values and mocks make: a module of the fn's name with a `#[test]` for each.

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens as _, quote};
use syn::Attribute;

use super::case::Case;
use super::test_fn::{is_test, should_panic};
use crate::syntax::generated;

/// A test, or a module of tests, as far as it is known.
struct TestNode<'a> {
    name: Ident,
    attributes: Vec<&'a Attribute>,
    /// The case, and then what each axis is.
    choices: Vec<usize>,
}

/// The module with the tests of a fn: for each case, or for the fn itself where it has none, every combination of the names of the axes.
pub(super) fn module(
    run: &Ident,
    cases: &[Case],
    of_all: &[&Attribute],
    axes: &[Vec<String>],
) -> TokenStream {
    let mut tests = TokenStream::new();
    let mut root = TestNode {
        name: generated(run),
        attributes: of_all.to_vec(),
        choices: Vec::new(),
    };
    if cases.is_empty() {
        root.branches(run, axes, &mut tests);
    }
    for (number, case) in cases.iter().enumerate() {
        root.attributes.truncate(of_all.len());
        root.attributes.extend(&case.attributes);
        let branch = root.choose(number, generated(&case.name));
        branch.expand(run, axes, &mut tests);
    }
    let module = in_module(&root.name, &tests);
    quote! {
        #[cfg(test)]
        #module
    }
}

impl<'a> TestNode<'a> {
    fn choose(&self, number: usize, name: Ident) -> TestNode<'a> {
        let mut choices = self.choices.clone();
        choices.push(number);
        TestNode {
            name,
            attributes: self.attributes.clone(),
            choices,
        }
    }

    /// Its test, or a module with those of the axes that are left.
    fn expand(&self, run: &Ident, axes: &[Vec<String>], tests: &mut TokenStream) {
        if axes.is_empty() {
            self.test(run).to_tokens(tests);
            return;
        }
        let mut inner = TokenStream::new();
        self.branches(run, axes, &mut inner);
        in_module(&self.name, &inner).to_tokens(tests);
    }

    fn branches(&self, run: &Ident, axes: &[Vec<String>], tests: &mut TokenStream) {
        if let Some((axis, further)) = axes.split_first() {
            for (number, name) in axis.iter().enumerate() {
                let branch = self.choose(number, Ident::new(name, self.name.span()));
                branch.expand(run, further, tests);
            }
        }
    }

    fn test(&self, run: &Ident) -> TokenStream {
        let name = &self.name;
        let mut attributes = TokenStream::new();
        for attribute in &self.attributes {
            if !is_test(attribute) {
                attribute.to_tokens(&mut attributes);
            }
        }
        let should_panic = should_panic(&self.attributes);
        let mut path = TokenStream::new();
        let mut choices = TokenStream::new();
        for choice in &self.choices {
            quote!(super::).to_tokens(&mut path);
            quote!(#choice,).to_tokens(&mut choices);
        }
        quote! {
            #attributes
            #[::core::prelude::v1::test]
            fn #name() {
                #path #run(
                    ::core::concat!(::core::module_path!(), "::", ::core::stringify!(#name)),
                    #should_panic,
                    &[#choices],
                );
            }
        }
    }
}

/// A module in which the attributes of tests mean what they mean outside of it.
fn in_module(name: &Ident, tests: &TokenStream) -> TokenStream {
    quote! {
        mod #name {
            use super::*;
            #tests
        }
    }
}
