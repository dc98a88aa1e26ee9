//! The cases of a test: `#[case::name(..)]`.

use proc_macro2::{Delimiter, Group, Span, TokenStream, TokenTree};
use quote::TokenStreamExt as _;
use syn::ext::IdentExt as _;
use syn::spanned::Spanned as _;
use syn::{Attribute, Expr, FnArg, Ident, Meta, PathSegment, Signature};

use super::attribute_list::expressions_in;
use super::case_names;
use super::test_fn::prepares_thread;
use crate::diagnostics::{Diagnostics, position, written};
use crate::did_you_mean::edits;
use crate::lint::Lint;
use crate::search::Search as _;
use crate::syntax::{elements, is_name, stream};
use crate::words::ATTRIBUTES;

/// A case: its name, and a value for each argument with `#[case]`.
pub(super) struct Case {
    pub(super) name: Ident,
    pub(super) values: Vec<Expr>,
    /// Whether the values could not be read, which has been reported.
    is_unread: bool,
    /// The attributes of this case alone.
    pub(super) attributes: Vec<Attribute>,
}

/// Takes the cases from the attributes of a test, and with each the attributes that stand before it and after the case before it. Those
/// above `#[provider_test]` and those after the last case are of all cases, and so are lints and documentation.
pub(super) fn take(
    attributes: &mut Vec<Attribute>,
    signature: &Signature,
    diagnostics: &Diagnostics,
) -> Vec<Case> {
    let own = position(Span::call_site());
    let wants_cases = elements(&signature.inputs).any(&|input| match input {
        FnArg::Typed(typed) => typed.attrs.any(&is_case),
        FnArg::Receiver(_) => false,
    });
    let (mut cases, mut of_all, mut pending) = (Vec::new(), Vec::new(), Vec::new());
    for attribute in std::mem::take(attributes) {
        if is_of_an_argument(&attribute, diagnostics) {
            continue;
        }
        if is_case(&attribute) || wants_cases && is_nearly_case(&attribute, diagnostics) {
            let mut case = Case::read(&attribute, &cases, diagnostics);
            case.attributes = std::mem::take(&mut pending);
            cases.push(case);
        } else if position(attribute.span()) < own || is_of_the_body(&attribute) {
            of_all.push(attribute);
        } else {
            pending.push(attribute);
        }
    }
    of_all.append(&mut pending);
    *attributes = of_all;
    cases
}

pub(super) fn is_case(attribute: &Attribute) -> bool {
    let first = attribute.path().segments.get(0);
    first.is_some_and(|first| first.ident == "case")
}

/// Whether an attribute is `#[case::name(..)]` with a slip in it. That is reported.
fn is_nearly_case(attribute: &Attribute, diagnostics: &Diagnostics) -> bool {
    let Some(first) = attribute.path().segments.get(0) else {
        return false;
    };
    let word = first.ident.to_string();
    let is_near = edits(&word, "case") == 1 && matches!(attribute.meta, Meta::List(_));
    if is_near {
        let message = format!("unknown attribute `{word}`");
        diagnostics.error_at(
            Lint::CaseName,
            &first.ident,
            message,
            "did you mean `case`?",
        );
    }
    is_near
}

/// Whether an attribute of a fn belongs before one of its arguments. That is reported.
fn is_of_an_argument(attribute: &Attribute, diagnostics: &Diagnostics) -> bool {
    let path = attribute.path();
    let Some(word) = ATTRIBUTES.if_known(path.get_ident()) else {
        return false;
    };
    if word == "case" || !matches!(attribute.meta, Meta::List(_)) {
        return false;
    }
    diagnostics.error_at(
        Lint::ArgumentSource,
        attribute,
        format_args!("`#[{word}]` goes before an argument"),
        format_args!(
            "write it there, as in `async fn answers({}) {{ .. }}`",
            example(word)
        ),
    );
    true
}

/// An argument with this attribute.
fn example(word: &Ident) -> &'static str {
    let known = ATTRIBUTES.find_ident(word);
    known.map_or("", |word| word.example)
}

/// A test whose cases have names that the compiler itself takes for a mistake: keywords. It has reported them, and they get other names.
pub(super) fn with_names(item: TokenStream) -> TokenStream {
    let mut named = TokenStream::new();
    for token in item {
        let renamed = match &token {
            TokenTree::Group(attribute) if attribute.delimiter() == Delimiter::Bracket => {
                renamed(attribute)
            }
            _ => None,
        };
        named.append(renamed.map_or(token, TokenTree::from));
    }
    named
}

fn renamed(attribute: &Group) -> Option<Group> {
    let mut tokens: Vec<TokenTree> = attribute.stream().into_iter().collect();
    let [TokenTree::Ident(case), _, _, TokenTree::Ident(name), ..] = &mut *tokens else {
        return None;
    };
    if case != "case" || is_name(name) || PATHS.any(&|word| name == word) {
        return None;
    }
    *name = Ident::new(&format!("case_{name}"), name.span());
    let mut renamed = Group::new(Delimiter::Bracket, stream(&tokens));
    renamed.set_span(attribute.span());
    Some(renamed)
}

/// The keywords that the compiler allows in the path of an attribute.
const PATHS: [&str; 4] = ["self", "Self", "super", "crate"];

/// Whether an attribute is for the body, which all cases share: a lint, documentation, and what prepares the thread.
pub(super) fn is_of_the_body(attribute: &Attribute) -> bool {
    const WORDS: [&str; 6] = ["allow", "deny", "doc", "expect", "forbid", "warn"];
    let path = attribute.path();
    WORDS.any(&|word| path.is_ident(word)) || prepares_thread(&attribute.meta)
}

impl Case {
    fn read(attribute: &Attribute, earlier: &[Case], diagnostics: &Diagnostics) -> Case {
        let (values, is_unread) = match values(attribute, diagnostics) {
            Some(values) => (values, false),
            None => (Vec::new(), true),
        };
        let name = match &attribute.meta {
            // The help for the values shows how to name the case.
            Meta::NameValue(pair) if pair.path.segments.len() == 1 => {
                nameless(earlier, pair.path.span())
            }
            _ => name(attribute, &values, earlier, diagnostics),
        };
        Case {
            name,
            values,
            is_unread,
            attributes: Vec::new(),
        }
    }

    /// Reports values without an argument, and arguments without a value.
    pub(super) fn check(&self, arguments: &[String], diagnostics: &Diagnostics) {
        if self.is_unread {
            return;
        }
        for extra in self.values.iter().skip(arguments.len()) {
            diagnostics.error_at(
                Lint::CaseValues,
                extra,
                "no argument takes this value",
                "remove it, or write `#[case]` before the argument that takes it",
            );
        }
        let missing = arguments.get(self.values.len()..).unwrap_or_default();
        if !missing.is_empty() {
            let name = &self.name;
            diagnostics.error(
                Lint::CaseValues,
                name.span(),
                format_args!("`{name}` has no value for `{}`", missing.join("`, `")),
                format_args!("add it, as in `case::{name}({})`", self.example(missing)),
            );
        }
        if arguments.is_empty() && self.values.is_empty() {
            let name = &self.name;
            diagnostics.error(
                Lint::CaseValues,
                name.span(),
                format_args!("`{name}` has no values"),
                format_args!("write one, as in `case::{name}(5)`, and `#[case]` before the argument that takes it"),
            );
        }
    }

    /// Its values, and the names of the arguments that have none.
    fn example(&self, missing: &[String]) -> String {
        let mut values = Vec::new();
        for value in &self.values {
            values.push(written(value));
        }
        values.extend_from_slice(missing);
        values.join(", ")
    }
}

/// The values of a case; `None` if they could not be read, and that has been reported.
fn values(attribute: &Attribute, diagnostics: &Diagnostics) -> Option<Vec<Expr>> {
    let message = "expected the values of the case";
    match &attribute.meta {
        Meta::Path(_) => Some(Vec::new()),
        Meta::List(list) => {
            let help = "write them in parentheses with commas between them, as in `#[case::first(\"a\", 5)]`";
            expressions_in(list, Lint::CaseValues, message, help, diagnostics)
        }
        Meta::NameValue(pair) => {
            let value = std::slice::from_ref(&pair.value);
            let name = match pair.path.segments.get(1) {
                Some(name) => name.ident.to_string(),
                None => case_names::suggested(value).unwrap_or_else(|| "first".to_owned()),
            };
            let help = format!("write `#[case::{name}({})]`", written(&pair.value));
            diagnostics.reject(Lint::CaseValues, &pair.eq_token, &message, &help)
        }
    }
}

/// The name of a case. If it has none that it can have, that is reported, and it gets one.
fn name(
    attribute: &Attribute,
    values: &[Expr],
    earlier: &[Case],
    diagnostics: &Diagnostics,
) -> Ident {
    let path = attribute.path();
    let number = earlier.len().saturating_add(1);
    let made = |span| nameless(earlier, span);
    let Some(PathSegment { ident: name, .. }) = path.segments.get(1) else {
        let name = case_names::suggested(values).unwrap_or_else(|| format!("case_{number}"));
        diagnostics.error_at(
            Lint::CaseName,
            path,
            "this case has no name",
            format_args!("write one, as in `case::{name}`"),
        );
        return made(path.span());
    };
    if let Some(PathSegment { ident: more, .. }) = path.segments.get(2) {
        diagnostics.error(
            Lint::CaseName,
            more.span(),
            "the name of a case is one word",
            format_args!("write `case::{name}_{more}`"),
        );
        return made(name.span());
    }
    if !is_name(name) {
        diagnostics.error(
            Lint::CaseName,
            name.span(),
            format_args!("`{name}` is a keyword, so it cannot name a case"),
            format_args!("write `case::{name}_`"),
        );
        return made(name.span());
    }
    if earlier.any(&|case| case.name.unraw() == name.unraw()) {
        diagnostics.error(
            Lint::CaseName,
            name.span(),
            format_args!("two cases are called `{name}`"),
            format_args!(
                "give this one another name, as in `case::{}_{number}`",
                name.unraw()
            ),
        );
        return made(name.span());
    }
    name.clone()
}

/// The name of a case that has none that it can have.
fn nameless(earlier: &[Case], span: Span) -> Ident {
    Ident::new(&format!("case_{}", earlier.len().saturating_add(1)), span)
}

/// Whether a case has more values than there are arguments with `#[case]`.
pub(super) fn have_values_left(cases: &[Case], signature: &Signature) -> bool {
    let taken = signature.inputs.iter().filter(|input| takes_case(input));
    let taken = taken.count();
    cases.any(&|case| case.values.len() > taken)
}

/// Whether an argument takes its value from the case.
fn takes_case(input: &FnArg) -> bool {
    match input {
        FnArg::Typed(typed) => typed
            .attrs
            .any(&|attribute| attribute.path().is_ident("case")),
        FnArg::Receiver(_) => false,
    }
}
