//! What an argument of a test may be made from, and be.

use quote::ToTokens as _;
use syn::spanned::Spanned as _;
use syn::{Attribute, GenericArgument, Ident, Meta, Path, PathArguments, Type};

use crate::diagnostics::{Diagnostics, written};
use crate::provider;
use crate::rule::Rule;
use crate::syntax::bare_type;

/// Whether a path in `#[mock(..)]` is that of a declared mock. That it is a word of the grammar instead is reported.
pub(super) fn is_declared(path: &Path, diagnostics: &Diagnostics) -> bool {
    let word = path.get_ident();
    let Some((word, (what, example))) =
        word.and_then(|word| Some((word, provider::word_of_the_grammar(word)?)))
    else {
        return true;
    };
    diagnostics.error(
        Rule::MockAttribute,
        word.span(),
        format!("`{word}` is {what}, not a declared mock"),
        format!("write `#[mock({example})]`, or the name of a declared mock"),
    );
    false
}

/// Reports an attribute that can be nothing but `#[mock(..)]` with a slip in it, and takes it for that.
pub(super) fn misspelt(attributes: &mut [Attribute], diagnostics: &Diagnostics) {
    for attribute in attributes {
        let word = attribute.path().get_ident().map(Ident::to_string);
        let is_near = |word: &str| strsim::damerau_levenshtein(word, "mock") == 1;
        let Meta::List(list) = &mut attribute.meta else {
            continue;
        };
        if let Some(word) = word.filter(|word| is_near(word)) {
            diagnostics.error_at(
                Rule::MockAttribute,
                &list.path,
                format!("unknown attribute `{word}`"),
                "did you mean `mock`?",
            );
            list.path = Ident::new("mock", list.path.span()).into();
        }
    }
}

/// Whether there can be a value of this type for an argument, from a mock or made otherwise. That there is none is reported.
pub(super) fn is_possible(ty: &Type, has_mock: bool, diagnostics: &Diagnostics) -> bool {
    let ty = bare_type(ty);
    let owned = match ty {
        Type::Reference(reference) => bare_type(&reference.elem),
        owned => owned,
    };
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
            diagnostics.error_at(Rule::ImpossibleArgument, wanted, message, help);
            return false;
        }
        // `From` makes an `Option` of what it is given, and of nothing else.
        (_, Some(wanted)) if !(has_mock && is_called(wanted, "MockProvider")) => (
            "a mock is never missing, so it is not an `Option`",
            format!("write `{}`", written(wanted)),
        ),
        _ => return true,
    };
    diagnostics.error_at(Rule::ImpossibleArgument, owned, message, help);
    false
}

/// Whether `#[mock(W)]` stands before an argument of the type `W`. That is reported.
pub(super) fn is_itself(ty: &Type, mock: Option<&Attribute>, diagnostics: &Diagnostics) -> bool {
    let path = mock.and_then(|mock| mock.parse_args::<Path>().ok());
    let (Some(path), ty) = (path, written(ty)) else {
        return false;
    };
    let is_itself = written(&path) == ty;
    if is_itself {
        diagnostics.error_at(
            Rule::MockAttribute,
            &mock,
            format!("`{ty}` cannot be made from itself"),
            format!("remove `#[mock({ty})]` if `{ty}` is a declared mock, else name one that is"),
        );
    }
    is_itself
}

/// The type in a `Wrapper<T>` of this name.
pub(super) fn inner<'t>(ty: &'t Type, wrapper: &str) -> Option<&'t Type> {
    let Type::Path(path) = bare_type(ty) else {
        return None;
    };
    let last = path.path.segments.last();
    let last = last.filter(|last| last.ident == wrapper)?;
    match &last.arguments {
        PathArguments::AngleBracketed(arguments) => match arguments.args.first() {
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
