//! Matchers and their patterns.

use proc_macro2::{Ident, Span};
use syn::spanned::Spanned as _;
use syn::{BinOp, Expr, ExprClosure, LitStr, UnOp};

use super::super::parse::all_of;
use super::super::text::PatternPiece;
use super::super::{text, words};
use super::{Reader, literal, path_word, plain};
use crate::diagnostics::{did_you_mean, written};
use crate::rule::Rule;
use crate::syntax::bare;

pub(in crate::provider) struct Matcher {
    /// Of its word.
    pub(in crate::provider) span: Span,
    pub(in crate::provider) kind: MatcherKind,
}

pub(in crate::provider) enum MatcherKind {
    Text(Subject, Pattern),
    ToolResult(Ident),
    HasTool(Ident),
    AnyOf(Vec<Matcher>),
    AllOf(Vec<Matcher>),
    Not(Box<Matcher>),
    When(ExprClosure),
    /// The guard of a rule, and the word that it calls the request by.
    Guard(Ident, Expr),
    /// A matcher that was not understood; that has been reported.
    Bad,
}

/// What a pattern is looked for in.
#[derive(Clone, Copy, PartialEq)]
pub(in crate::provider) enum Subject {
    User,
    Said,
    System,
    Model,
}

pub(in crate::provider) enum Pattern {
    Words(Vec<PatternPiece>),
    /// A regular expression, and the names of its groups.
    #[cfg_attr(
        not(feature = "regex"),
        expect(dead_code, reason = "without the feature it is a mistake")
    )]
    Regex(LitStr, Vec<String>),
}

impl Matcher {
    /// What was not understood.
    pub(super) fn bad(span: Span) -> Matcher {
        Matcher {
            span,
            kind: MatcherKind::Bad,
        }
    }

    /// It, and all that are within it.
    pub(in crate::provider) fn all(&self) -> Vec<&Matcher> {
        let mut all = vec![self];
        match &self.kind {
            MatcherKind::AnyOf(inner) | MatcherKind::AllOf(inner) => {
                all.extend(inner.iter().flat_map(Matcher::all));
            }
            MatcherKind::Not(inner) => all.extend(inner.all()),
            _ => {}
        }
        all
    }

    /// What must hold for it to hold: the matchers within `all_of(..)`, each alone, or the matcher itself.
    fn conjuncts(&self) -> Vec<&Matcher> {
        match &self.kind {
            MatcherKind::AllOf(inner) => conjuncts(inner),
            _ => vec![self],
        }
    }
}

/// What must hold for all of these to hold.
pub(in crate::provider) fn conjuncts(matchers: &[Matcher]) -> Vec<&Matcher> {
    matchers.iter().flat_map(Matcher::conjuncts).collect()
}

/// Whether all requests that one of two lists of matchers holds for are requests that the other, `wider`, holds for too, as far as
/// their words tell.
pub(in crate::provider) fn covers(wider: &[Matcher], narrower: &[Matcher]) -> bool {
    let narrower = conjuncts(narrower);
    let holds = |matcher: &Matcher| narrower.iter().any(|other| matcher.is_same(other));
    conjuncts(wider).into_iter().all(holds)
}

impl Matcher {
    /// Whether no request is one that both hold for, as far as their words tell.
    pub(in crate::provider) fn excludes(&self, other: &Matcher) -> bool {
        match (&self.kind, &other.kind) {
            (MatcherKind::Not(not), _) if not.is_same(other) => true,
            (_, MatcherKind::Not(not)) => not.is_same(self),
            (
                MatcherKind::Text(Subject::Model, Pattern::Words(a)),
                MatcherKind::Text(Subject::Model, Pattern::Words(b)),
            ) => match (a.as_slice(), b.as_slice()) {
                // Runs of white space are equal, and there are none at the ends.
                ([PatternPiece::Text(a)], [PatternPiece::Text(b)]) => {
                    !a.split_whitespace().eq(b.split_whitespace())
                }
                _ => false,
            },
            _ => false,
        }
    }

    /// Whether both hold for the same requests. What the user's code decides is never the same.
    fn is_same(&self, other: &Matcher) -> bool {
        match (&self.kind, &other.kind) {
            (MatcherKind::Text(a, Pattern::Words(x)), MatcherKind::Text(b, Pattern::Words(y))) => {
                a == b && x == y
            }
            (
                MatcherKind::Text(a, Pattern::Regex(x, _)),
                MatcherKind::Text(b, Pattern::Regex(y, _)),
            ) => a == b && x.value() == y.value(),
            (MatcherKind::ToolResult(a), MatcherKind::ToolResult(b))
            | (MatcherKind::HasTool(a), MatcherKind::HasTool(b)) => a == b,
            (MatcherKind::AnyOf(a), MatcherKind::AnyOf(b))
            | (MatcherKind::AllOf(a), MatcherKind::AllOf(b)) => {
                a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a.is_same(b))
            }
            (MatcherKind::Not(a), MatcherKind::Not(b)) => a.is_same(b),
            _ => false,
        }
    }
}

impl Reader<'_> {
    pub(super) fn matchers(&self, matchers: &[&Expr]) -> Vec<Matcher> {
        matchers
            .iter()
            .map(|matcher| self.matcher(matcher))
            .collect()
    }

    pub(super) fn matcher(&self, expr: &Expr) -> Matcher {
        let expr = bare(expr);
        let (word, arguments) = match expr {
            Expr::Call(call) => (path_word(&call.func), call.args.iter().collect()),
            other => (path_word(other), Vec::new()),
        };
        Matcher {
            span: word.map_or_else(|| expr.span(), Ident::span),
            kind: match word {
                Some(word) => self.kind_of_matcher(word, &arguments),
                None => self.not_a_matcher(expr),
            },
        }
    }

    fn kind_of_matcher(&self, word: &Ident, arguments: &[&Expr]) -> MatcherKind {
        let name = word.to_string();
        let Some(first) = arguments.first().map(|argument| bare(argument)) else {
            return self.says_nothing(word, &name);
        };
        match name.as_str() {
            "any_of" => return MatcherKind::AnyOf(self.matchers(arguments)),
            "all_of" => return MatcherKind::AllOf(self.matchers(arguments)),
            _ => {}
        }
        if name == "on" {
            let inner: Vec<_> = arguments.iter().map(written).collect();
            self.diagnostics.error(
                Rule::UnknownMatcher,
                word.span(),
                "`on(..)` begins a turn, and is no matcher",
                format!("write `{}`", inner.join(", ")),
            );
            return MatcherKind::Bad;
        }
        if let Some(extra) = arguments.get(1)
            && words::MATCHERS.has(&name)
        {
            let help = match name.as_str() {
                "not" => {
                    "write `not(any_of(..))` if none may hold, or `not(all_of(..))`".to_owned()
                }
                _ => format!("write another matcher after this one: `on({word}(..), {word}(..))`"),
            };
            self.diagnostics.error_at(
                Rule::ExtraArgument,
                extra,
                format!("`{word}` takes only one thing"),
                help,
            );
        }
        match name.as_str() {
            "user" => self.text_matcher(word, Subject::User, first),
            "said" => self.text_matcher(word, Subject::Said, first),
            "system" => self.text_matcher(word, Subject::System, first),
            "model" => self.text_matcher(word, Subject::Model, first),
            "tool_result" => self
                .tool_name(word, first)
                .map_or(MatcherKind::Bad, MatcherKind::ToolResult),
            "has_tool" => self
                .tool_name(word, first)
                .map_or(MatcherKind::Bad, MatcherKind::HasTool),
            "not" => MatcherKind::Not(Box::new(self.matcher(first))),
            "when" => self
                .closure("when", first)
                .map_or(MatcherKind::Bad, MatcherKind::When),
            _ => self.unknown_matcher(word, &name),
        }
    }

    fn not_a_matcher(&self, expr: &Expr) -> MatcherKind {
        let help = match (literal(expr), expr) {
            (Some(text), _) => format!("write `user({})`", text.token()),
            (None, Expr::Binary(or)) if matches!(or.op, BinOp::BitOr(_)) => {
                format!("write `any_of({}, ..)`", written(&or.left))
            }
            (None, Expr::Binary(or)) if matches!(or.op, BinOp::Or(_)) => {
                format!(
                    "write `any_of({}, {})`",
                    written(&or.left),
                    written(&or.right)
                )
            }
            (None, Expr::Binary(and)) if matches!(and.op, BinOp::And(_)) => {
                format!("write `{}`", all_of([&and.left, &and.right]))
            }
            (None, Expr::Unary(not)) if matches!(not.op, UnOp::Not(_)) => {
                format!("write `not({})`", written(&not.expr))
            }
            (None, Expr::Closure(_)) => format!("write `when({})`", written(expr)),
            _ => did_you_mean("", "matchers", words::MATCHERS.names()),
        };
        self.diagnostics
            .error_at(Rule::UnknownMatcher, expr, "expected a matcher", help);
        MatcherKind::Bad
    }

    fn unknown_matcher(&self, word: &Ident, name: &str) -> MatcherKind {
        let help = words::foreign_matcher(name)
            .map(str::to_owned)
            .unwrap_or_else(|| did_you_mean(name, "matchers", words::MATCHERS.names()));
        self.diagnostics.error(
            Rule::UnknownMatcher,
            word.span(),
            format!("unknown matcher `{name}`"),
            help,
        );
        MatcherKind::Bad
    }

    fn says_nothing(&self, word: &Ident, name: &str) -> MatcherKind {
        let Some(matcher) = words::MATCHERS.find(name) else {
            return self.unknown_matcher(word, name);
        };
        self.diagnostics.error(
            Rule::EmptyMatcher,
            word.span(),
            format!("`{name}` says nothing yet"),
            format!("write `{}`", matcher.call()),
        );
        MatcherKind::Bad
    }

    fn tool_name(&self, matcher: &Ident, expr: &Expr) -> Option<Ident> {
        let tool = path_word(expr);
        if tool.is_none() {
            self.diagnostics.error_at(
                Rule::ExpectedTool,
                expr,
                "expected the name of a tool",
                format!("write it without quotes, as in `{matcher}(get_weather)`"),
            );
        }
        tool.map(plain)
    }

    fn text_matcher(&self, word: &Ident, subject: Subject, expr: &Expr) -> MatcherKind {
        let errors = self.diagnostics.count();
        let pattern = match (literal(expr), expr) {
            (Some(text), _) => {
                let pattern = self.pattern(text);
                if subject == Subject::Model && errors == self.diagnostics.count() {
                    self.model_name(text);
                }
                Some(pattern)
            }
            (None, Expr::Call(call)) if path_word(&call.func).is_some_and(|f| f == "regex") => {
                path_word(&call.func).and_then(|regex| self.regex(regex, call.args.first()))
            }
            _ => {
                self.diagnostics.error_at(
                    Rule::PatternLiteral,
                    expr,
                    format!("the pattern of `{word}` is a string literal"),
                    "write the text in quotes, or use `when(|request| ..)`",
                );
                None
            }
        };
        match pattern.filter(|_| errors == self.diagnostics.count()) {
            Some(pattern) => MatcherKind::Text(subject, pattern),
            None => MatcherKind::Bad,
        }
    }

    fn pattern(&self, literal: &LitStr) -> Pattern {
        let (pieces, mistakes) = text::pattern(literal);
        self.mistakes(literal, mistakes);
        Pattern::Words(pieces)
    }

    /// The match is exact at the ends of a name, where nobody sees white space.
    fn model_name(&self, literal: &LitStr) {
        let name = literal.value();
        if name.trim().is_empty() {
            self.diagnostics.error(
                Rule::ModelName,
                literal.span(),
                "no model has an empty name",
                "write its name, as in `model(\"gpt-4*\")`, or `when(|request| request.model.is_empty())`",
            );
        } else if name.trim() != name {
            let meant = LitStr::new(name.trim(), literal.span()).token();
            self.diagnostics.error(
                Rule::ModelName,
                literal.span(),
                "no model has a name with white space at its ends",
                format!("write `{meant}`"),
            );
        }
    }

    #[cfg(feature = "regex")]
    fn regex(&self, word: &Ident, source: Option<&Expr>) -> Option<Pattern> {
        let Some(source) = source.and_then(literal) else {
            self.diagnostics.error(
                Rule::PatternLiteral,
                word.span(),
                "`regex` needs a string literal",
                "write it as in `regex(r\"in (?<city>\\w+)\")`",
            );
            return None;
        };
        let (names, mistakes) = text::regex(source);
        self.mistakes(source, mistakes);
        Some(Pattern::Regex(source.clone(), names))
    }

    #[cfg(not(feature = "regex"))]
    fn regex(&self, word: &Ident, _: Option<&Expr>) -> Option<Pattern> {
        self.diagnostics.error(
            Rule::RegexFeature,
            word.span(),
            "`regex` is there with the feature `regex` of mock-core",
            "write `mock-core = { version = \"..\", features = [\"regex\"] }` into Cargo.toml",
        );
        None
    }

    pub(super) fn mistakes(&self, literal: &LitStr, mistakes: Vec<text::Mistake>) {
        for mistake in mistakes {
            self.diagnostics
                .error(mistake.rule, literal.span(), mistake.message, mistake.help);
        }
    }
}
