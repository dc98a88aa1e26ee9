//! Lanes, and the key `per` of instances.

use proc_macro2::Span;
use syn::spanned::Spanned as _;
use syn::{Expr, LitStr};

use super::super::split_into_entries::Match;
use super::number::quoted;
use super::{Matcher, MatcherKind, Reader, Turn, is_header_name, path_word};
use crate::did_you_mean::did_you_mean;
use crate::lint::Lint;
use crate::syntax::{bare, literal, word_and_arguments};
use crate::words::{self, PerWord};

/// One of several scripts.
pub(crate) struct Lane {
    pub(crate) span: Span,
    /// The matchers that choose this lane.
    pub(crate) matchers: Vec<Matcher>,
    pub(crate) turns: Vec<Turn>,
    /// Whether it was understood.
    pub(crate) is_whole: bool,
}

/// The value that gives each request its instance.
pub(crate) enum Per {
    Conversation,
    Model,
    Header(LitStr),
    Matcher(Matcher),
}

impl Reader<'_> {
    pub(super) fn lanes(&self, of: &Match) -> Vec<Lane> {
        let mut lanes = Vec::new();
        for arm in &of.arms {
            let Some(arm) = arm else {
                lanes.push(Lane {
                    span: of.request.span(),
                    matchers: vec![Matcher::bad(of.request.span())],
                    turns: Vec::new(),
                    is_whole: false,
                });
                continue;
            };
            let errors = self.diagnostics.count();
            let span = arm.when.span;
            let turns = self.turns(&arm.answer);
            let matchers = self.arm_matchers(&arm.when, of);
            lanes.push(Lane {
                span,
                matchers,
                turns,
                is_whole: errors == self.diagnostics.count(),
            });
        }
        lanes
    }

    /// The value of the key `per`.
    pub(super) fn per(&self, expr: &Expr) -> Option<Per> {
        let expr = bare(expr);
        if let Some(word) = quoted(expr, &words::PER) {
            let help = format!("remove the quotes: `{word}`");
            return self.reject(Lint::InvalidPer, expr, &"this word has no quotes", &help);
        }
        if let Some(word) = path_word(expr) {
            match PerWord::find(word) {
                Some(PerWord::conversation) => return Some(Per::Conversation),
                Some(PerWord::model) => return Some(Per::Model),
                // Its missing arguments are reported below.
                Some(PerWord::header) => {}
                None if words::MATCHERS.has_ident(word) => {}
                None => {
                    return self.reject(
                        Lint::InvalidPer,
                        word,
                        &format_args!("unknown word `{word}`"),
                        &did_you_mean(&word.to_string(), "`per` takes", &per_names()),
                    );
                }
            }
        }
        let (word, arguments) = word_and_arguments(expr);
        match word.map(|word| (word, PerWord::find(word))) {
            Some((word, Some(PerWord::header))) if arguments.len() < 2 => {
                self.per_header(word.span(), arguments.first().copied())
            }
            Some((word, Some(PerWord::conversation))) => self.reject(
                Lint::InvalidPer,
                word,
                &"`conversation` takes nothing",
                &"write `per = conversation`",
            ),
            _ => {
                let matcher = self.matcher(expr);
                (!matches!(matcher.kind, MatcherKind::Bad)).then_some(Per::Matcher(matcher))
            }
        }
    }

    fn per_header(&self, span: Span, name: Option<&Expr>) -> Option<Per> {
        let help = "write the name of a header, as in `per = header(\"x-session\")`";
        let Some(text) = name.and_then(literal) else {
            let span = name.map_or(span, |name| name.span());
            let message = "`header` needs a string literal";
            self.error(Lint::InvalidPer, span, message, help);
            return None;
        };
        let name = text.value();
        if !is_header_name(&name) {
            let message = format!("`{name}` is not a header name");
            self.error(Lint::InvalidPer, text.span(), message, help);
            return None;
        }
        Some(Per::Header(text.clone()))
    }
}

/// The words that `per` takes. Matchers of the last message are left out: they would lose a conversation in its middle.
fn per_names() -> Vec<&'static str> {
    let mut names = Vec::new();
    for word in words::PER.own {
        names.push(word.word);
    }
    for name in words::MATCHERS.names() {
        if !matches!(name, "user" | "tool_result") && !names.contains(&name) {
            names.push(name);
        }
    }
    names
}
