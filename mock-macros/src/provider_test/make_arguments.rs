//! How the arguments of a test are made and passed on.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens as _, format_ident, quote, quote_spanned};
use syn::spanned::Spanned as _;
use syn::{Attribute, Expr, FnArg, Meta, Pat, PatType, Path, Signature, Type};

use super::argument_source::Source;
use super::case::Case;
use super::{argument_checks, case_names, completion};
use crate::crate_path::CratePath;
use crate::diagnostics::Diagnostics;
use crate::lint::Lint;
use crate::mock_provider;
use crate::syntax::{bare_type, referred};

/// The arguments of a test.
#[derive(Default)]
pub(super) struct Arguments {
    /// The statements that make the values of cases, which mocks see, and then those that make all else.
    of_cases: TokenStream,
    others: TokenStream,
    /// The arguments of the call of the body.
    pub(super) passed: TokenStream,
    pub(super) crate_path: CratePath,
    /// Whether there can be a value for each.
    pub(super) are_possible: bool,
    /// Whether an argument may have no value because of a mistake that has been reported.
    lacks_values: bool,
    /// For each argument with `#[values(..)]` or `#[mocks(..)]`, the names of what it can be.
    pub(super) axes: Vec<Vec<String>>,
}

impl Arguments {
    /// Reads the arguments, and takes the attributes away that say what they are made from.
    pub(super) fn new(
        signature: &mut Signature,
        cases: &[Case],
        lacks_values: bool,
        crate_path: &CratePath,
        diagnostics: &Diagnostics,
    ) -> Arguments {
        let mut arguments = Arguments {
            are_possible: true,
            lacks_values,
            crate_path: crate_path.clone(),
            ..Arguments::default()
        };
        let mut of_cases = Vec::new();
        for index in 0..signature.inputs.len() {
            if let Some(FnArg::Typed(typed)) = signature.inputs.get_mut(index) {
                let (source, is_only) = Source::take(typed, diagnostics);
                arguments.are_possible &= is_only;
                let argument = Argument::new(index, typed, crate_path);
                arguments.add(&argument, &source, (cases, &mut of_cases), diagnostics);
            }
        }
        for case in cases {
            case.check(&of_cases, diagnostics);
        }
        arguments
    }

    /// The statements that make them.
    pub(super) fn bindings(&self) -> TokenStream {
        let (of_cases, others) = (&self.of_cases, &self.others);
        quote!(#of_cases #others)
    }

    fn add(
        &mut self,
        argument: &Argument<'_>,
        source: &Source,
        (cases, of_cases): (&[Case], &mut Vec<String>),
        diagnostics: &Diagnostics,
    ) {
        let name = &argument.name;
        // The first choice is the case. Each axis of values is another one.
        let choice = self
            .axes
            .len()
            .saturating_add(usize::from(!cases.is_empty()));
        let is_possible = match source {
            Source::Type if self.lacks_values => false,
            Source::Type => {
                let made = argument.injected();
                self.others.extend(argument.binding(&made));
                argument_checks::is_possible(argument.ty, false, diagnostics)
            }
            Source::Mock(attribute) => {
                self.others.extend(argument.mocked(attribute, diagnostics));
                argument_checks::is_possible(argument.ty, true, diagnostics)
                    && !argument_checks::is_itself(argument.owned(true), attribute, diagnostics)
            }
            Source::Case(attribute) => {
                let mut values = Vec::new();
                for case in cases {
                    values.push(case.values.get(of_cases.len()));
                }
                of_cases.push(name.clone());
                self.of_cases.extend(argument.value(0, &values));
                let has_cases = !cases.is_empty();
                if !has_cases {
                    no_cases(attribute, diagnostics);
                }
                argument_checks::is_concrete(argument.ty, diagnostics) && has_cases
            }
            Source::Values(values) => {
                self.axes.push(case_names::names_of_values(name, values));
                let mut chosen = Vec::new();
                for value in values {
                    chosen.push(Some(value));
                }
                self.of_cases.extend(argument.value(choice, &chosen));
                argument_checks::is_concrete(argument.ty, diagnostics)
                    && argument_checks::are_single(argument.ty, values, diagnostics)
                    && !values.is_empty()
            }
            Source::Mocks(mocks) => {
                self.axes.push(case_names::names_of_mocks(name, mocks));
                self.others.extend(argument.one_of(choice, mocks));
                argument_checks::is_possible(argument.ty, true, diagnostics)
                    && !mocks.is_empty()
                    && argument_checks::is_none_of(argument.owned(true), mocks, diagnostics)
            }
        };
        self.are_possible &= is_possible;
        self.passed.extend(argument.passed(source));
    }
}

fn no_cases(attribute: &Attribute, diagnostics: &Diagnostics) {
    diagnostics.error_at(
        Lint::CaseValues,
        attribute,
        "this test has no cases",
        "write one below `#[provider_test]`, as in `#[case::first(5)]`",
    );
}

/// An argument, without what says what it is made from.
pub(super) struct Argument<'a> {
    name: String,
    pattern: &'a Pat,
    ty: &'a Type,
    /// The attributes by which it is there in some builds only.
    cfgs: TokenStream,
    /// The local variable that holds it.
    binding: Ident,
    crate_path: &'a CratePath,
}

impl<'a> Argument<'a> {
    pub(super) fn new(index: usize, typed: &'a PatType, crate_path: &'a CratePath) -> Self {
        let mut cfgs = TokenStream::new();
        for attribute in &typed.attrs {
            if attribute.path().is_ident("cfg") {
                attribute.to_tokens(&mut cfgs);
            }
        }
        Argument {
            name: match &*typed.pat {
                Pat::Ident(pat) => pat.ident.to_string(),
                other => other.to_token_stream().to_string(),
            },
            pattern: &typed.pat,
            ty: &typed.ty,
            cfgs,
            binding: format_ident!("__mock_core_argument_{index}", span = Span::mixed_site()),
            crate_path,
        }
    }

    /// The type, or the one in a reference, and, of what is made from a mock, the one in an `Arc`.
    fn owned(&self, is_mock: bool) -> &'a Type {
        let referred = referred(self.ty);
        let shared = argument_checks::inner(referred, "Arc").filter(|_| is_mock);
        shared.unwrap_or(referred)
    }

    fn is_shared(&self) -> bool {
        argument_checks::inner(referred(self.ty), "Arc").is_some()
    }

    /// The name of a case's value. It is that of the argument, so that mocks can use it.
    fn name_of_value(&self) -> &Ident {
        match self.pattern {
            Pat::Ident(pat) if pat.subpat.is_none() && pat.by_ref.is_none() => &pat.ident,
            _ => &self.binding,
        }
    }

    fn passed(&self, source: &Source) -> TokenStream {
        let (cfgs, binding) = (&self.cfgs, &self.binding);
        match (source, bare_type(self.ty)) {
            (Source::Case(_) | Source::Values(_), _) => {
                let value = self.name_of_value();
                quote!(#value,)
            }
            (_, Type::Reference(reference)) => {
                let mutable = &reference.mutability;
                quote!(#cfgs &#mutable #binding,)
            }
            _ => quote!(#cfgs #binding,),
        }
    }

    fn binding(&self, made: &TokenStream) -> TokenStream {
        let (cfgs, binding) = (&self.cfgs, &self.binding);
        let mutable = match bare_type(self.ty) {
            Type::Reference(reference) => reference.mutability.as_ref(),
            _ => None,
        };
        quote!(#cfgs let #mutable #binding = #made;)
    }

    /// An argument that is made from its type alone.
    fn injected(&self) -> TokenStream {
        let (name, owned) = (&self.name, self.owned(false));
        let made = quote_spanned!(owned.span()=> inject::<#owned>(#name));
        quote!(__mock_core_test.#made)
    }

    fn mocked(&self, attribute: &Attribute, diagnostics: &Diagnostics) -> TokenStream {
        let editor = match &attribute.meta {
            Meta::List(list) => completion::argument(&list.tokens, self.crate_path),
            _ => None,
        };
        let made = self.made_from(attribute, diagnostics);
        let binding = self.binding(&self.in_arc(&made));
        quote!(#editor #binding)
    }

    /// Wraps a value made from a mock in an `Arc` if its argument is one. Other sources handle an `Arc` themselves.
    pub(super) fn in_arc(&self, made: &TokenStream) -> TokenStream {
        let private = self.crate_path.private();
        match self.is_shared() {
            true => quote!(#private::std::sync::Arc::new(__mock_core_test.#made)),
            false => quote!(__mock_core_test.#made),
        }
    }

    /// The call that makes it from what its `#[mock(..)]` says.
    pub(super) fn made_from(
        &self,
        attribute: &Attribute,
        diagnostics: &Diagnostics,
    ) -> TokenStream {
        let (name, owned) = (&self.name, self.owned(true));
        let private = self.crate_path.private();
        let nothing = || quote_spanned!(owned.span()=> inject_mock::<#owned>(#name, #private::Owned(#private::Scenario::EMPTY)));
        let Meta::List(list) = &attribute.meta else {
            diagnostics.error_at(
                Lint::MockAttribute,
                attribute,
                "`#[mock]` names no mock",
                "write which one, as in `#[mock(Weather)]` or `#[mock(reply(\"Hi.\"))]`",
            );
            return nothing();
        };
        match syn::parse2::<Path>(list.tokens.clone()) {
            Ok(word) if !argument_checks::is_declared(&word, diagnostics) => nothing(),
            Ok(declared) => self.declared(&declared),
            Err(_) if argument_checks::is_several(&list.tokens, diagnostics) => nothing(),
            Err(_) => {
                let tokens = list.tokens.clone();
                let scenario = mock_provider::scenario(tokens, self.crate_path, diagnostics);
                quote_spanned!(owned.span()=> inject_mock::<#owned>(#name, #scenario))
            }
        }
    }

    fn declared(&self, mock: &Path) -> TokenStream {
        let (name, owned) = (&self.name, self.owned(true));
        quote_spanned!(owned.span()=> inject_declared::<#mock, #owned>(#name))
    }

    /// The statement that makes it from the mock that a choice says.
    fn one_of(&self, choice: usize, mocks: &[Path]) -> TokenStream {
        let mut made = Vec::new();
        for mock in mocks {
            made.push(self.in_arc(&self.declared(mock)));
        }
        self.binding(&chosen(choice, &made))
    }

    /// The statement that makes it the value that a choice says.
    fn value(&self, choice: usize, values: &[Option<&Expr>]) -> TokenStream {
        let mut made = Vec::new();
        for value in values {
            made.push(match value {
                Some(value) => quote!(#value),
                None => no_value(),
            });
        }
        let (name, ty, chosen) = (self.name_of_value(), self.ty, chosen(choice, &made));
        quote!(let #name: #ty = #chosen;)
    }
}

/// A value of any type, in the place of one whose absence has been reported. The compiler would warn of code after `unreachable!()`.
fn no_value() -> TokenStream {
    quote!(::core::option::Option::unwrap(::core::option::Option::None))
}

/// The expression that a choice says.
fn chosen(choice: usize, expressions: &[TokenStream]) -> TokenStream {
    match expressions.split_last() {
        None => no_value(),
        Some((only, [])) => only.clone(),
        Some((last, others)) => {
            let mut arms = TokenStream::new();
            for (number, other) in others.iter().enumerate() {
                quote!(#number => #other,).to_tokens(&mut arms);
            }
            quote! {
                match __mock_core_test.choice(#choice) {
                    #arms
                    _ => #last,
                }
            }
        }
    }
}
