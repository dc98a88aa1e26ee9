//! The steps of a chain: `word(arguments)`.

use proc_macro2::Ident;
use syn::{Expr, ExprMethodCall};

use super::super::words;
use super::{Reader, literal};
use crate::rule::Rule;
use crate::syntax::bare;

/// A step of a chain.
pub(super) struct Link<'e> {
    pub(super) word: &'e Ident,
    pub(super) arguments: Vec<&'e Expr>,
}

impl<'e> Link<'e> {
    pub(super) fn of_method(link: &'e ExprMethodCall) -> Self {
        Link {
            word: &link.method,
            arguments: link.args.iter().collect(),
        }
    }

    pub(super) fn is_one_of(&self, words: &[&str]) -> bool {
        let word = self.word.to_string();
        words.contains(&word.as_str())
    }

    /// The steps of a chain in their order, and what it begins with.
    pub(super) fn chain(expr: &'e Expr) -> (&'e Expr, Vec<Link<'e>>) {
        let mut links = Vec::new();
        let mut base = bare(expr);
        while let Expr::MethodCall(link) = base {
            links.push(Link::of_method(link));
            base = bare(&link.receiver);
        }
        links.reverse();
        (base, links)
    }
}

impl Reader<'_> {
    /// The only argument of a link.
    pub(super) fn one<'e>(&self, link: &Link<'e>, what: &str) -> Option<&'e Expr> {
        if let Some(extra) = link.arguments.get(1) {
            self.diagnostics.error_at(
                Rule::ExtraArgument,
                extra,
                format!("`{}` takes only {what}", link.word),
                "remove this",
            );
        }
        let only = link.arguments.first().copied().map(bare);
        if only.is_none() {
            self.diagnostics.error(
                Rule::NeedsArgument,
                link.word.span(),
                format!("`{}` needs {what}", link.word),
                format!("write `{}`", example(&link.word.to_string(), what)),
            );
        }
        only
    }

    /// That a link takes nothing.
    pub(super) fn nothing(&self, link: &Link<'_>, help: &str) {
        if let Some(extra) = link.arguments.first() {
            self.diagnostics.error_at(
                Rule::ExtraArgument,
                extra,
                format!("`{}` takes nothing", link.word),
                help,
            );
        }
    }

    /// The name of something as the provider sees it: `.named("..")`.
    pub(super) fn wire_name(&self, link: &Link<'_>) -> Option<syn::LitStr> {
        let name = self.one(link, "a text")?;
        let wire = literal(name).filter(|name| !name.value().is_empty());
        if wire.is_none() {
            self.diagnostics.error_at(
                Rule::WireName,
                name,
                "a name on the wire is a string literal",
                "write it in quotes, as in `.named(\"get-weather\")`",
            );
        }
        wire.cloned()
    }
}

/// A step of a turn with all that it may need.
pub(super) fn called(word: &str) -> String {
    match word {
        "hang" | "forever" => format!("{word}()"),
        "error_after" => "error_after(2, server_error)".to_owned(),
        "usage" => "usage(11, 7)".to_owned(),
        "respond_with" => "respond_with(|request| ..)".to_owned(),
        "named" => "named(first_answer)".to_owned(),
        fault if words::FAULTS.contains(&fault) => format!("{word}(2)"),
        _ => example(word, ""),
    }
}

/// A step that has what it needs.
fn example(word: &str, what: &str) -> String {
    let argument = match (word, what) {
        ("gate" | "driven", _) => "\"ready\"",
        ("stream", _) => "[\"Hel\", \"lo\"]",
        ("json", _) => "object { city: \"Paris\" }",
        ("call", _) => "get_weather { city: \"Paris\" }",
        ("fail", _) => "rate_limit",
        ("ttft", _) => "300ms",
        ("every", _) => "20ms",
        ("timeout_over", _) => "150ms",
        ("tokens_per_second", _) => "50",
        ("times" | "pieces", _) => "3",
        ("split", _) => "words",
        ("finish", _) => "length",
        ("returns", _) => "object { temp: number }",
        (_, "a closure") => "|request| ..",
        (_, "a name") => "first_answer",
        _ => "\"..\"",
    };
    format!("{word}({argument})")
}
