//! What an argument of a test may be made from, and be.

use quote::ToTokens as _;
use syn::{GenericArgument, Path, PathArguments, Type};

use crate::diagnostics::{Diagnostics, written};
use crate::provider;
use crate::rule::Rule;

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
        format!("`{word}` is {what}, and no declared mock"),
        format!("write `#[mock({example})]`, or the name of a declared mock"),
    );
    false
}

/// Whether there can be a value of this type for an argument, from a mock or made otherwise. That there is none is reported.
pub(super) fn is_possible(ty: &Type, has_mock: bool, diagnostics: &Diagnostics) -> bool {
    let owned = match ty {
        Type::Reference(reference) => &*reference.elem,
        owned => owned,
    };
    let shared = inner(owned, "Arc");
    let (message, help) = match (shared.unwrap_or(owned), inner(owned, "Option")) {
        (wanted @ (Type::TraitObject(_) | Type::ImplTrait(_)), _) => {
            let message = format!("no mock can be made into `{}`", written(wanted));
            let sort = match (ty, shared) {
                (_, Some(_)) => "Arc<Llm>",
                (Type::Reference(_), None) => "&Llm",
                _ => "Llm",
            };
            let help = format!("write a type of your own that implements it, as in `{sort}`");
            diagnostics.error_at(Rule::ImpossibleArgument, wanted, message, help);
            return false;
        }
        // `From` makes an `Option` of what it is given, and of nothing else.
        (_, Some(wanted)) if !(has_mock && is_called(wanted, "MockProvider")) => (
            "a mock is always there, and never an `Option`",
            format!("write `{}`", written(wanted)),
        ),
        _ => return true,
    };
    diagnostics.error_at(Rule::ImpossibleArgument, owned, message, help);
    false
}

/// The type in a `Wrapper<T>` of this name.
pub(super) fn inner<'t>(ty: &'t Type, wrapper: &str) -> Option<&'t Type> {
    let Type::Path(path) = ty else {
        return None;
    };
    let last = path.path.segments.last();
    let last = last.filter(|last| last.ident == wrapper)?;
    match &last.arguments {
        PathArguments::AngleBracketed(arguments) => match arguments.args.first() {
            Some(GenericArgument::Type(inner)) if arguments.args.len() == 1 => Some(inner),
            _ => None,
        },
        _ => None,
    }
}

fn is_called(ty: &Type, name: &str) -> bool {
    let last = ty.to_token_stream().into_iter().last();
    last.is_some_and(|last| last.to_string() == name)
}
