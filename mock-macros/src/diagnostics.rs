//! The sink of all errors, and the words they have in common.

use std::cell::RefCell;

use proc_macro2::{Span, TokenStream};
use quote::ToTokens;
use syn::Error;

/// Takes every error of one expansion, so that all of them are reported in one compile.
#[derive(Default)]
pub(crate) struct Diagnostics {
    errors: RefCell<Vec<Error>>,
}

impl Diagnostics {
    /// Reports `message` at a span, with the text to type in `help`.
    pub(crate) fn error(&self, span: Span, message: impl AsRef<str>, help: impl AsRef<str>) {
        self.push(Error::new(span, with_help(message.as_ref(), help.as_ref())));
    }

    /// The same, under all of `tokens`.
    pub(crate) fn error_at(
        &self,
        tokens: impl ToTokens,
        message: impl AsRef<str>,
        help: impl AsRef<str>,
    ) {
        self.push(Error::new_spanned(
            tokens,
            with_help(message.as_ref(), help.as_ref()),
        ));
    }

    /// Takes an error of the parser.
    pub(crate) fn push(&self, error: Error) {
        self.errors.borrow_mut().push(error);
    }

    /// How many errors there are.
    pub(crate) fn count(&self) -> usize {
        self.errors.borrow().len()
    }

    /// The errors in the order of the source.
    pub(crate) fn into_errors(self) -> Vec<Error> {
        let mut errors = self.errors.into_inner();
        errors.sort_by_key(|error| position(error.span()));
        errors
    }

    /// The errors as `compile_error!`s, which may stand where items or statements may.
    pub(crate) fn into_compile_errors(self) -> TokenStream {
        let errors = self.into_errors();
        errors.iter().map(Error::to_compile_error).collect()
    }
}

/// The line and the column of a span; the same for all spans outside of the compiler.
pub(crate) fn position(span: Span) -> (usize, usize) {
    if !proc_macro::is_available() {
        return (0, 0);
    }
    let start = span.unwrap();
    (start.line(), start.column())
}

fn with_help(message: &str, help: &str) -> String {
    format!("{message}\nhelp: {help}")
}

/// The help for a word that is not in `known`: the one that was probably meant, and all of them.
pub(crate) fn did_you_mean<'a>(
    word: &str,
    what: &str,
    known: impl IntoIterator<Item = &'a str>,
) -> String {
    let known: Vec<&str> = known.into_iter().collect();
    let near = known
        .iter()
        .map(|candidate| (strsim::damerau_levenshtein(word, candidate), candidate))
        .filter(|(distance, candidate)| *distance <= 1 + candidate.len() / 4)
        .min();
    let all = match known.as_slice() {
        [] => format!("there are no {what}"),
        _ => format!("{what}: {}", in_words(&known)),
    };
    match near {
        Some((_, near)) => format!("did you mean `{near}`? {all}"),
        None => all,
    }
}

/// The words in backticks, with commas between them.
pub(crate) fn in_words(words: &[&str]) -> String {
    let quoted: Vec<_> = words.iter().map(|word| format!("`{word}`")).collect();
    quoted.join(", ")
}
