//! The steps of a chain: `word(arguments)`.

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;
use syn::{Expr, ExprMethodCall};

use super::super::words::{self, SyntaxKind, Words};
use super::Reader;
use super::number::range_of_numbers;
use crate::lint::Lint;
use crate::syntax::{bare, elements, method_chain, token_at};

/// A step of a chain.
pub(super) struct Link<'e> {
    pub(super) word: &'e Ident,
    pub(super) arguments: Vec<&'e Expr>,
    /// Where its parentheses end.
    pub(super) end: Span,
}

impl<'e> Link<'e> {
    pub(super) fn from_method(link: &'e ExprMethodCall) -> Self {
        Link {
            word: &link.method,
            arguments: elements(&link.args),
            end: link.paren_token.span.close(),
        }
    }

    /// All of it, for an error to point at.
    pub(super) fn whole(&self) -> TokenStream {
        let (word, close) = (self.word, token_at(self.end));
        quote!(#word #close)
    }

    pub(super) fn is_one_of(&self, words: &Words) -> bool {
        words.has_ident(self.word)
    }

    /// The steps of a chain in their order, and what it begins with.
    pub(super) fn chain(expr: &'e Expr) -> (&'e Expr, Vec<Link<'e>>) {
        let (base, links) = method_chain(expr);
        (base, links.into_iter().map(Link::from_method).collect())
    }
}

impl Reader<'_> {
    /// The only argument of a link.
    pub(super) fn one<'e>(&self, link: &Link<'e>, what: &str) -> Option<&'e Expr> {
        self.one_of(&words::STEPS, link, what)
    }

    /// The only argument of a link that is one of `words`.
    pub(super) fn one_of<'e>(
        &self,
        words: &Words,
        link: &Link<'e>,
        what: &str,
    ) -> Option<&'e Expr> {
        if let Some(extra) = link.arguments.get(1) {
            let takes = words.find_ident(link.word).map(|word| word.takes);
            let help = match (takes, link.arguments.as_slice()) {
                (Some(SyntaxKind::Count), [low, high]) => {
                    format!("write `{}({})`", link.word, range_of_numbers(low, high))
                }
                _ => "remove this".to_owned(),
            };
            self.error_at(
                Lint::ExtraArgument,
                extra,
                format_args!("`{}` takes only {what}", link.word),
                help,
            );
        }
        let only = link.arguments.first().copied().map(bare);
        if only.is_none() {
            self.error(
                Lint::NeedsArgument,
                link.word.span(),
                format_args!("`{}` needs {what}", link.word),
                format_args!("write `{}`", called_in(words, &link.word.to_string())),
            );
        }
        only
    }

    /// Reports that a step takes no arguments.
    pub(super) fn nothing(&self, link: &Link<'_>, help: &str) {
        if let Some(extra) = link.arguments.first() {
            self.error_at(
                Lint::ExtraArgument,
                extra,
                format_args!("`{}` takes nothing", link.word),
                help,
            );
        }
    }
}

/// A step of a turn with what it needs, as in its example.
pub(super) fn called(word: &str) -> String {
    called_in(&words::STEPS, word)
}

fn called_in(words: &Words, word: &str) -> String {
    let known = words
        .find(word)
        .or_else(|| words::LINKS.find(word))
        .or_else(|| words::LATENCIES.find(word));
    known.map_or_else(|| format!("{word}(\"..\")"), |word| word.call().to_owned())
}
