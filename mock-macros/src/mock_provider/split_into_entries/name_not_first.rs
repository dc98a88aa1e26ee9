//! A name that does not come first.

use proc_macro2::{Ident, Punct, Spacing, TokenStream, TokenTree};

use super::super::words;
use crate::diagnostics::{Diagnostics, written};
use crate::lint::Lint;
use crate::search::{Search as _, position};
use crate::syntax::{consists_of, is_comma, is_type_name, stream};

/// Moves the name of a mock, and its profile, to the front if it comes later: `vis = pub, Weather = openai`. That is reported.
pub(crate) fn name_first(input: TokenStream, diagnostics: &Diagnostics) -> TokenStream {
    let tokens: Vec<_> = input.clone().into_iter().collect();
    let entries: Vec<_> = tokens.split(is_comma).collect();
    let begins = entries.first().and_then(|first| word(first));
    // A declaration begins with its name, with `pub` or with an attribute. So a later name is not a misplaced one.
    let is_anonymous = begins.is_some_and(|word| !is_type_name(word) && !is_item(word));
    let later = position(&entries, &|entry| is_name(entry));
    let Some(index) = later.filter(|_| is_anonymous) else {
        return input;
    };
    let Some(mut named) = entries.get(index).map(|entry| entry.to_vec()) else {
        return input;
    };
    let Some(name) = word(&named).cloned() else {
        return input;
    };
    let is_profile = begins.is_some_and(is_profile_word) && named.len() == 1;
    let profile = entries.first().filter(|_| is_profile).copied();
    let help = match profile {
        Some(profile) => format!(
            "write `{name} = {}` at the beginning",
            written(&stream(profile))
        ),
        None => format!("move `{}` to the beginning", written(&stream(&named))),
    };
    diagnostics.error(
        Lint::MockName,
        name.span(),
        "the name of a mock comes first",
        help,
    );
    if let Some(profile) = profile {
        named.push(Punct::new('=', Spacing::Alone).into());
        named.extend_from_slice(profile);
    }
    for (at, entry) in entries.iter().enumerate() {
        let is_profile = at == 0 && profile.is_some();
        if at != index && !is_profile {
            named.push(Punct::new(',', Spacing::Alone).into());
            named.extend_from_slice(entry);
        }
    }
    stream(&named)
}

fn word(entry: &[TokenTree]) -> Option<&Ident> {
    match entry.first()? {
        TokenTree::Ident(word) => Some(word),
        _ => None,
    }
}

/// Whether an entry is `Weather`, or `Weather = openai(..)`.
fn is_name(entry: &[TokenTree]) -> bool {
    let Some(name) = word(entry).filter(|name| is_type_name(name)) else {
        return false;
    };
    // The word may be a constant that was meant as a turn.
    let is_constant = consists_of(&name.to_string(), |c| !c.is_lowercase());
    match entry.get(1..).unwrap_or_default() {
        [] => !is_constant,
        [TokenTree::Punct(equals), TokenTree::Ident(profile), ..] => {
            equals.as_char() == '=' && is_profile_word(profile)
        }
        _ => false,
    }
}

fn is_profile_word(word: &Ident) -> bool {
    words::PROFILES.has_ident(word)
}

fn is_item(word: &Ident) -> bool {
    [
        "pub", "struct", "enum", "type", "mod", "static", "const", "let",
    ]
    .any(&|keyword| word == keyword)
}
