//! Checks the sources and the types of a test's arguments.

use proc_macro2::TokenStream;
use quote::ToTokens as _;
use syn::spanned::Spanned as _;
use syn::{
    Attribute, Expr, ExprRange, GenericArgument, Ident, Meta, Path, PathArguments, RangeLimits,
    Type,
};

use crate::diagnostics::{Diagnostics, written};
use crate::did_you_mean::edits;
use crate::lint::Lint;
use crate::mock_provider;
use crate::search::Search as _;
use crate::syntax::{bare, bare_type, is_type, paths, referred, whole_number};
use crate::words::ATTRIBUTES;

/// Whether a path in `#[mock(..)]` is that of a declared mock. That it is a word of the grammar instead is reported.
pub(super) fn is_declared(path: &Path, diagnostics: &Diagnostics) -> bool {
    let word = path.get_ident();
    let Some((word, (what, example))) =
        word.and_then(|word| Some((word, mock_provider::word_of_the_grammar(word)?)))
    else {
        return true;
    };
    diagnostics.error(
        Lint::MockAttribute,
        word.span(),
        format_args!("`{word}` is {what}, not a declared mock"),
        format_args!("write `#[mock({example})]`, or the name of a declared mock"),
    );
    false
}

/// Whether `#[mock(..)]` names more than one declared mock. That is reported.
pub(super) fn is_several(tokens: &TokenStream, diagnostics: &Diagnostics) -> bool {
    let Some(mocks) = paths(tokens) else {
        return false;
    };
    let are_mocks = mocks.len() > 1 && !mocks.trailing_punct() && mocks.all(&is_type);
    if are_mocks {
        diagnostics.error_at(
            Lint::MockAttribute,
            tokens,
            "`#[mock(..)]` takes one mock",
            format_args!("write `#[mocks({})]` for a test with each", written(tokens)),
        );
    }
    are_mocks
}

/// Whether no value is a range or a list of values of this type. One that is gets reported.
pub(super) fn are_single(ty: &Type, values: &[Expr], diagnostics: &Diagnostics) -> bool {
    const PRIMITIVES: [&str; 18] = [
        "bool", "char", "f32", "f64", "i8", "i16", "i32", "i64", "i128", "isize", "str", "String",
        "u8", "u16", "u32", "u64", "u128", "usize",
    ];
    const MOST: u64 = 8;
    if !PRIMITIVES.contains(&&*written(referred(ty))) {
        return true;
    }
    let mut are_single = true;
    for value in values {
        let (what, each) = match bare(value) {
            Expr::Range(range) => ("range", in_range(range, MOST)),
            Expr::Array(list) => {
                let mut each = Vec::new();
                for value in &list.elems {
                    each.push(written(value));
                }
                ("list", Some(each).filter(|each: &Vec<_>| !each.is_empty()))
            }
            _ => continue,
        };
        let help = match each {
            Some(each) => format!("write `{}`", each.join(", ")),
            None => "write each value, as in `#[values(1, 2)]`".to_owned(),
        };
        let message = format!("a {what} is one value, not a `{}`", written(ty));
        diagnostics.error_at(Lint::ArgumentSource, value, message, help);
        are_single = false;
    }
    are_single
}

/// The numbers in a range of literals, if they are not more than `most`.
fn in_range(range: &ExprRange, most: u64) -> Option<Vec<String>> {
    let first = whole_number(range.start.as_deref()?)?;
    let end = whole_number(range.end.as_deref()?)?;
    let last = match range.limits {
        RangeLimits::HalfOpen(_) => end.checked_sub(1)?,
        RangeLimits::Closed(_) => end,
    };
    if last < first || last.saturating_sub(first) >= most {
        return None;
    }
    let mut numbers = Vec::new();
    for number in first..=last {
        numbers.push(number.to_string());
    }
    Some(numbers)
}

/// Reports an attribute that can be nothing but one of ours with a slip in it, and takes it for that.
pub(super) fn misspelt(attributes: &mut [Attribute], diagnostics: &Diagnostics) {
    for attribute in attributes {
        let word = attribute.path().get_ident().map(Ident::to_string);
        let Some(word) = word.filter(|word| !ATTRIBUTES.has(word)) else {
            continue;
        };
        let known = ATTRIBUTES.names();
        let near = |known: &&&str| edits(&word, known) == 1;
        // All attributes except `#[case]` have parentheses.
        let has_list = matches!(attribute.meta, Meta::List(_));
        let takes_list = |known: &&&str| (**known != "case") == has_list;
        let Some(near) = known.iter().filter(takes_list).find(near) else {
            continue;
        };
        let path = match &mut attribute.meta {
            Meta::Path(path) => path,
            Meta::List(list) => &mut list.path,
            Meta::NameValue(_) => continue,
        };
        diagnostics.error_at(
            Lint::MockAttribute,
            path,
            format_args!("unknown attribute `{word}`"),
            format_args!("did you mean `{near}`?"),
        );
        *path = Ident::new(near, path.span()).into();
    }
}

/// Whether there can be a value of this type for an argument, from a mock or made otherwise. That there is none is reported.
pub(super) fn is_possible(ty: &Type, has_mock: bool, diagnostics: &Diagnostics) -> bool {
    let (ty, owned) = (bare_type(ty), referred(ty));
    if let Some(values) = values_of_primitive(&written(owned)).filter(|_| !has_mock) {
        let first = values.split(',').next().unwrap_or_default();
        diagnostics.error_at(
            Lint::ImpossibleArgument,
            ty,
            format_args!("no attribute gives this `{}` a value", written(ty)),
            format_args!("write `#[values({values})]` before the argument, or `#[case]` and a case, as in `#[case::first({first})]`"),
        );
        return false;
    }
    let shared = inner(owned, "Arc");
    let (message, help) = match (shared.unwrap_or(owned), inner(owned, "Option")) {
        (wanted @ (Type::TraitObject(_) | Type::ImplTrait(_)), _) => {
            let message = format!("no mock can be made into `{}`", written(wanted));
            let sort = match (ty, shared) {
                (_, Some(_)) => "Arc<MockLlm>",
                (Type::Reference(_), None) => "&MockLlm",
                _ => "MockLlm",
            };
            let help = format!("write a type of your own that implements it, as in `{sort}`");
            diagnostics.error_at(Lint::ImpossibleArgument, wanted, message, help);
            return false;
        }
        // `Option<T>` implements `From<T>` only, so only an `Option<MockProvider>` works.
        (_, Some(wanted)) if !(has_mock && is_called(wanted, "MockProvider")) => (
            "an argument for a mock cannot be an `Option`",
            format!("write `{}`", written(wanted)),
        ),
        _ => return true,
    };
    diagnostics.error_at(Lint::ImpossibleArgument, owned, message, help);
    false
}

/// Two values of a primitive type, as they are written.
fn values_of_primitive(ty: &str) -> Option<&'static str> {
    Some(match ty {
        "str" => "\"a\", \"b\"",
        "bool" => "true, false",
        "char" => "'a', 'b'",
        "f32" | "f64" => "0.5, 1.0",
        "i8" | "i16" | "i32" | "i64" | "i128" | "isize" | "u8" | "u16" | "u32" | "u64" | "u128"
        | "usize" => "1, 2",
        _ => return None,
    })
}

/// Whether there can be a value of a case of this type. That there is none is reported.
pub(super) fn is_concrete(ty: &Type, diagnostics: &Diagnostics) -> bool {
    let ty = referred(ty);
    let is_concrete = !matches!(ty, Type::ImplTrait(_) | Type::Infer(_));
    if !is_concrete {
        diagnostics.error_at(
            Lint::ImpossibleArgument,
            ty,
            "the values of all cases have one type",
            "write it, as in `&str`",
        );
    }
    is_concrete
}

/// Whether `#[mock(W)]` stands before an argument of the type `W`. That is reported.
pub(super) fn is_itself(ty: &Type, mock: &Attribute, diagnostics: &Diagnostics) -> bool {
    let ty = written(ty);
    let is_itself = match &mock.meta {
        Meta::List(list) => written(&list.tokens) == ty,
        _ => false,
    };
    if is_itself {
        diagnostics.error_at(
            Lint::MockAttribute,
            mock,
            format_args!("`{ty}` cannot be made from itself"),
            format_args!(
                "remove `#[mock({ty})]` if `{ty}` is a declared mock, else name one that is"
            ),
        );
    }
    is_itself
}

/// Whether an argument of the type `ty` is made from none of its own type. One is reported.
pub(super) fn is_none_of(ty: &Type, mocks: &[Path], diagnostics: &Diagnostics) -> bool {
    let ty = written(ty);
    let Some(itself) = mocks.find(&|mock| written(mock) == ty) else {
        return true;
    };
    diagnostics.error_at(
        Lint::MockAttribute,
        itself,
        format_args!("`{ty}` cannot be made from itself"),
        "write a type for the argument that each mock can become, as in `MockProvider`",
    );
    false
}

/// The type in a `Wrapper<T>` of this name.
pub(super) fn inner<'t>(ty: &'t Type, wrapper: &str) -> Option<&'t Type> {
    let Type::Path(path) = bare_type(ty) else {
        return None;
    };
    let last = path.path.segments.last()?;
    match &last.arguments {
        _ if last.ident != wrapper => None,
        PathArguments::AngleBracketed(arguments) => match arguments.args.get(0) {
            Some(GenericArgument::Type(inner)) if arguments.args.len() == 1 => {
                Some(bare_type(inner))
            }
            _ => None,
        },
        _ => None,
    }
}

fn is_called(ty: &Type, name: &str) -> bool {
    let last = ty.to_token_stream().into_iter().last();
    last.is_some_and(|last| last.to_string() == name)
}
