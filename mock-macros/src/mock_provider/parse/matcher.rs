//! Matchers and their patterns.

use proc_macro2::{Ident, Span};
use quote::ToTokens as _;
use syn::spanned::Spanned as _;
use syn::{Expr, ExprCall, ExprClosure, LitStr};

use super::super::braces::Mistake;
use super::super::patterns::{self, PatternPiece};
use super::super::words::{self, SyntaxKind, Word};
use super::not_a_matcher::{is_matcher, is_or, matcher_of_each, operands};
use super::number::{in_quotes, one_text};
use super::{Reader, path_word};
use crate::diagnostics::{listed, written};
use crate::lint::Lint;
use crate::search::Search as _;
use crate::syntax::{bare, consists_of, elements, is_word, literal, word_and_arguments};

pub(crate) struct Matcher {
    /// Of its word.
    pub(crate) span: Span,
    pub(crate) kind: MatcherKind,
}

pub(crate) enum MatcherKind {
    /// A word that looks for a pattern.
    Text(&'static Word, Pattern),
    Header(LitStr, Pattern),
    /// The method, where one is written, and the pattern of the path.
    Path(Option<String>, Pattern),
    /// A word that asks for a tool.
    Tool(&'static Word, Ident),
    AnyOf(Vec<Matcher>),
    AllOf(Vec<Matcher>),
    Not(Box<Matcher>),
    When(ExprClosure),
    /// The guard of a rule, and the word that it calls the request by.
    Guard(Ident, Expr),
    /// A matcher that was not understood; that has been reported.
    Bad,
}

pub(crate) enum Pattern {
    Words(Vec<PatternPiece>),
    /// A regular expression, and the names of its groups.
    #[cfg_attr(
        not(feature = "regex"),
        expect(dead_code, reason = "without the feature it is a mistake")
    )]
    Regex(LitStr, Vec<String>),
}

impl Matcher {
    /// A matcher with a mistake, which was reported.
    pub(super) fn bad(span: Span) -> Matcher {
        Matcher {
            span,
            kind: MatcherKind::Bad,
        }
    }

    /// Its word, if it looks for a pattern or asks for a tool.
    pub(crate) fn word(&self) -> Option<&'static str> {
        match &self.kind {
            MatcherKind::Text(word, _) | MatcherKind::Tool(word, _) => Some(word.word),
            _ => None,
        }
    }

    /// The pattern that it looks for.
    pub(crate) fn pattern(&self) -> Option<&Pattern> {
        match &self.kind {
            MatcherKind::Text(_, pattern)
            | MatcherKind::Header(_, pattern)
            | MatcherKind::Path(_, pattern) => Some(pattern),
            _ => None,
        }
    }

    /// Whether it holds only for paths that it names.
    fn names_paths(&self) -> bool {
        match &self.kind {
            MatcherKind::Path(..) => true,
            MatcherKind::AnyOf(inner) => !inner.is_empty() && inner.all(&Matcher::names_paths),
            MatcherKind::AllOf(inner) => inner.any(&Matcher::names_paths),
            _ => false,
        }
    }

    /// It, and all that are within it.
    pub(crate) fn all(&self) -> Vec<&Matcher> {
        let mut all = vec![self];
        match &self.kind {
            MatcherKind::AnyOf(inner) | MatcherKind::AllOf(inner) => {
                for matcher in inner {
                    all.append(&mut matcher.all());
                }
            }
            MatcherKind::Not(inner) => all.append(&mut inner.all()),
            _ => {}
        }
        all
    }
}

/// These, and all that are within them.
pub(crate) fn all_within(matchers: Vec<&Matcher>) -> Vec<&Matcher> {
    let mut all = Vec::new();
    for matcher in matchers {
        all.append(&mut matcher.all());
    }
    all
}

/// Flattens `all_of(..)` into its matchers.
pub(crate) fn conjuncts(matchers: &[Matcher]) -> Vec<&Matcher> {
    let mut conjuncts = Vec::new();
    for matcher in matchers {
        match &matcher.kind {
            MatcherKind::AllOf(inner) => conjuncts.append(&mut self::conjuncts(inner)),
            _ => conjuncts.push(matcher),
        }
    }
    conjuncts
}

/// Whether all requests that one of two lists of matchers holds for are requests that the other, `wider`, holds for too, as far as
/// their words tell.
pub(crate) fn covers(wider: &[Matcher], narrower: &[Matcher]) -> bool {
    // Requests for other endpoints are answered only by matchers that require a path.
    if names_paths(narrower) && !names_paths(wider) {
        return false;
    }
    let narrower = conjuncts(narrower);
    let holds = |matcher: &&Matcher| narrower.any(&|other| matcher.is_same(other));
    conjuncts(wider).all(&holds)
}

/// Whether these hold only for paths that they name.
pub(crate) fn names_paths(matchers: &[Matcher]) -> bool {
    matchers.any(&Matcher::names_paths)
}

impl Matcher {
    /// Whether no request is one that both hold for, as far as their words tell.
    pub(crate) fn excludes(&self, other: &Matcher) -> bool {
        match (&self.kind, &other.kind) {
            (MatcherKind::Not(not), _) if not.is_same(other) => true,
            (_, MatcherKind::Not(not)) => not.is_same(self),
            (
                MatcherKind::Text(one, Pattern::Words(a)),
                MatcherKind::Text(_, Pattern::Words(b)),
            ) if one.word == "model" && other.word() == Some("model") => {
                match (a.as_slice(), b.as_slice()) {
                    // Compare the texts as matching does: trimmed, and with all runs of white space equal.
                    ([PatternPiece::Text(a)], [PatternPiece::Text(b)]) => !has_same_words(a, b),
                    _ => false,
                }
            }
            _ => false,
        }
    }

    /// Whether both hold for the same requests. What the user's code decides is never the same.
    pub(crate) fn is_same(&self, other: &Matcher) -> bool {
        match (&self.kind, &other.kind) {
            (MatcherKind::Text(_, x), MatcherKind::Text(_, y)) => {
                self.word() == other.word() && x.is_same(y)
            }
            (MatcherKind::Header(a, x), MatcherKind::Header(b, y)) => {
                a.value().to_lowercase() == b.value().to_lowercase() && x.is_same(y)
            }
            (MatcherKind::Path(a, x), MatcherKind::Path(b, y)) => a == b && x.is_same(y),
            (MatcherKind::Tool(_, a), MatcherKind::Tool(_, b)) => {
                self.word() == other.word() && a == b
            }
            (MatcherKind::AnyOf(a), MatcherKind::AnyOf(b))
            | (MatcherKind::AllOf(a), MatcherKind::AllOf(b)) => {
                a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a.is_same(b))
            }
            (MatcherKind::Not(a), MatcherKind::Not(b)) => a.is_same(b),
            _ => false,
        }
    }
}

impl Pattern {
    fn is_same(&self, other: &Pattern) -> bool {
        match (self, other) {
            (Pattern::Words(a), Pattern::Words(b)) => a == b,
            (Pattern::Regex(a, _), Pattern::Regex(b, _)) => a.value() == b.value(),
            _ => false,
        }
    }
}

impl Reader<'_> {
    pub(super) fn matchers(&self, matchers: &[&Expr]) -> Vec<Matcher> {
        let mut read = Vec::new();
        for matcher in matchers {
            read.push(self.matcher(matcher));
        }
        read
    }

    pub(super) fn matcher(&self, expr: &Expr) -> Matcher {
        let expr = bare(expr);
        let (word, arguments) = word_and_arguments(expr);
        Matcher {
            span: word.map_or_else(|| expr.span(), Ident::span),
            kind: match word {
                Some(word) => self.kind_of_matcher(word, &arguments),
                None => {
                    self.not_a_matcher(expr);
                    None
                }
            }
            .unwrap_or(MatcherKind::Bad),
        }
    }

    /// `None` for a matcher with a mistake, which has been reported.
    fn kind_of_matcher(&self, word: &Ident, arguments: &[&Expr]) -> Option<MatcherKind> {
        let name = word.to_string();
        let Some(known) = words::MATCHERS.find(&name) else {
            self.unknown_matcher(word, &name, arguments);
            return None;
        };
        let Some(first) = arguments.first().map(|argument| bare(argument)) else {
            let message = format!("`{name}` has no argument");
            let help = format!("write `{}`", known.call());
            return self.reject(Lint::EmptyMatcher, word, &message, &help);
        };
        match known.takes {
            SyntaxKind::Matchers => {
                if let ([_], Expr::Array(list)) = (arguments, first)
                    && list.elems.first().is_some_and(is_matcher)
                {
                    let message = format!("the matchers of `{name}` are not in a list");
                    let help = format!("write `{}`", written(&list.elems));
                    return self.reject(Lint::UnknownMatcher, list, &message, &help);
                }
                let inner = self.matchers(arguments);
                return Some(match known.word {
                    "any_of" => MatcherKind::AnyOf(inner),
                    _ => MatcherKind::AllOf(inner),
                });
            }
            SyntaxKind::HeaderPattern => return self.header_matcher(word, arguments),
            _ => {}
        }
        if let Some(extra) = arguments.get(1) {
            let help = match known.takes {
                SyntaxKind::Matcher => {
                    "write `not(any_of(..))` if none may hold, or `not(all_of(..))`".to_owned()
                }
                SyntaxKind::ToolName if literal(extra).is_some() => beside_tool(word, first, extra),
                _ => {
                    let all = matcher_of_each("all_of", word, arguments);
                    format!("write `{all}` in place of `{word}(..)`, or `any_of(..)`")
                }
            };
            let message = format!("`{word}` takes one argument");
            self.error_at(Lint::ExtraArgument, extra, message, help);
        }
        Some(match known.takes {
            SyntaxKind::PathPattern => {
                match split_method_and_path(self.text_pattern(word, first)?) {
                    Ok((method, pattern)) => MatcherKind::Path(method, pattern),
                    Err((message, help)) => {
                        return self.reject(Lint::InvalidPath, first, &message, &help);
                    }
                }
            }
            SyntaxKind::ToolName => {
                let example = format!("{word}(get_weather)");
                MatcherKind::Tool(known, self.tool_name(first, &example)?)
            }
            SyntaxKind::Matcher => MatcherKind::Not(Box::new(self.matcher(first))),
            SyntaxKind::Predicate => MatcherKind::When(self.closure(word, first)?),
            _ => return self.text_matcher(word, known, first),
        })
    }

    /// `header("x-session", "{id}")`.
    fn header_matcher(&self, word: &Ident, arguments: &[&Expr]) -> Option<MatcherKind> {
        let (name, pattern) = match arguments {
            [name, pattern] => (bare(name), bare(pattern)),
            [_, _, extra, ..] => {
                let message = "`header` takes only a name and a pattern";
                return self.reject(Lint::ExtraArgument, extra, &message, &"remove this");
            }
            _ => {
                let message = "`header` needs the name of a header and a pattern";
                let help = format!("write `header({}, \"*\")` for any value", listed(arguments));
                return self.reject(Lint::NeedsArgument, word, &message, &help);
            }
        };
        let pattern = self.text_pattern(word, pattern);
        let Some(name) = literal(name) else {
            let message = "the name of a header must be a string literal";
            let help = "write it in quotes, as in `header(\"x-session\", \"..\")`";
            return self.reject(Lint::PatternLiteral, name, &message, &help);
        };
        if !is_header_name(&name.value()) {
            let message = format!("{:?} is not a header name", name.value());
            let help = "write letters, digits and `-`, as in `\"x-session\"`";
            return self.reject(Lint::InvalidHeader, name, &message, &help);
        }
        Some(MatcherKind::Header(name.clone(), pattern?))
    }

    fn text_matcher(&self, word: &Ident, known: &'static Word, expr: &Expr) -> Option<MatcherKind> {
        let pattern = self.text_pattern(word, expr)?;
        let is_wanted = match (literal(expr), known.word) {
            (Some(name), "model") => {
                let help = "write its name, as in `model(\"gpt-4*\")`, or `when(|request| request.model.is_empty())`";
                self.is_model_name(name, help)
            }
            (_, "model") => true,
            _ => self.looks_for_text(word, expr, &pattern),
        };
        is_wanted.then_some(MatcherKind::Text(known, pattern))
    }

    /// Whether a pattern that a text is to contain has something in it. That it has not is reported.
    fn looks_for_text(&self, word: &Ident, expr: &Expr, pattern: &Pattern) -> bool {
        let is_empty = match pattern {
            Pattern::Words(pieces) => match pieces.as_slice() {
                [] => true,
                [PatternPiece::Text(text)] => text.trim().is_empty(),
                _ => false,
            },
            Pattern::Regex(source, _) => source.value().is_empty(),
        };
        if is_empty {
            self.error_at(
                Lint::EmptyMatcher,
                expr,
                "every text contains an empty pattern",
                format_args!("write the text to look for, or `{word}(\"*\")` for any text"),
            );
        }
        !is_empty
    }

    /// The pattern of a matcher; `None` if it is none, and that has been reported.
    fn text_pattern(&self, word: &Ident, expr: &Expr) -> Option<Pattern> {
        let errors = self.diagnostics.count();
        let pattern = match (literal(expr), expr) {
            (Some(text), _) => Some(self.pattern(text)),
            (None, Expr::Call(call)) if is_word(&call.func, "regex") => {
                if let Some(extra) = call.args.get(1) {
                    let message = "`regex` takes one text";
                    self.error_at(Lint::ExtraArgument, extra, message, "remove this");
                }
                path_word(&call.func).and_then(|regex| self.regex(regex, call.args.first()))
            }
            _ => {
                self.reject(
                    Lint::PatternLiteral,
                    expr,
                    &format_args!("the pattern of `{word}` must be a string literal"),
                    &match (one_text(expr), expr) {
                        (Some(text), _) => format!("write one text: `{text:?}`"),
                        (None, Expr::Binary(joined)) if is_or(joined.op) => {
                            let any = matcher_of_each("any_of", word, &operands(expr, is_or));
                            format!("write `{any}` in place of `{word}(..)`")
                        }
                        (None, Expr::Array(list)) if !list.elems.is_empty() => {
                            let any = matcher_of_each("any_of", word, &elements(&list.elems));
                            format!("write `{any}` in place of `{word}(..)`")
                        }
                        (None, Expr::Lit(_)) => in_quotes(expr),
                        (None, Expr::Reference(reference))
                            if literal(&reference.expr).is_some() =>
                        {
                            format!("write `{}`", written(&reference.expr))
                        }
                        // `user(eq("hello"))`
                        (None, Expr::Call(call)) if literal_argument(call).is_some() => {
                            let text = literal_argument(call).map(LitStr::token);
                            format!("write `{word}({})`", text.to_token_stream())
                        }
                        _ => "write the text in quotes, or use `when(|request| ..)`".to_owned(),
                    },
                )
            }
        };
        match errors == self.diagnostics.count() {
            true => pattern,
            false => None,
        }
    }

    fn pattern(&self, literal: &LitStr) -> Pattern {
        let (pieces, mistakes) = patterns::pattern(literal);
        self.mistakes(literal, mistakes);
        Pattern::Words(pieces)
    }

    /// Whether a text can be the name of a model. The match is exact at its ends, where nobody sees white space.
    pub(super) fn is_model_name(&self, literal: &LitStr, help: &str) -> bool {
        let errors = self.diagnostics.count();
        let name = literal.value();
        if name.trim().is_empty() {
            self.error(
                Lint::ModelName,
                literal.span(),
                "the name of a model cannot be empty",
                help,
            );
        } else if name.trim() != name {
            let meant = LitStr::new(name.trim(), literal.span()).token();
            self.error(
                Lint::ModelName,
                literal.span(),
                "the name of a model cannot begin or end with white space",
                format_args!("write `{meant}`"),
            );
        }
        errors == self.diagnostics.count()
    }

    #[cfg(feature = "regex")]
    fn regex(&self, word: &Ident, source: Option<&Expr>) -> Option<Pattern> {
        let Some(source) = source.and_then(literal) else {
            return self.reject(
                Lint::PatternLiteral,
                word,
                &"`regex` needs a string literal",
                &"write it as in `regex(r\"in (?<city>\\w+)\")`",
            );
        };
        let (names, mistakes) = patterns::regex(source);
        self.mistakes(source, mistakes);
        Some(Pattern::Regex(source.clone(), names))
    }

    #[cfg(not(feature = "regex"))]
    fn regex(&self, word: &Ident, _: Option<&Expr>) -> Option<Pattern> {
        self.reject(
            Lint::RegexFeature,
            word,
            &"`regex` needs the feature `regex` of mock-core",
            &crate::crate_path::feature_help("regex"),
        )
    }

    pub(super) fn mistakes(&self, literal: &LitStr, mistakes: Vec<Mistake>) {
        for mistake in mistakes {
            self.error(mistake.lint, literal.span(), mistake.message, mistake.help);
        }
    }
}

/// Whether it can be the name of a header.
pub(crate) fn is_header_name(name: &str) -> bool {
    let is_of_name = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c);
    !name.is_empty() && consists_of(name, is_of_name)
}

/// Whether texts differ in white space only.
fn has_same_words(one: &str, other: &str) -> bool {
    let (mut one, mut other) = (one.split_whitespace(), other.split_whitespace());
    loop {
        match (one.next(), other.next()) {
            (None, None) => return true,
            (word, same) if word == same => {}
            _ => return false,
        }
    }
}

/// The method and the pattern of a path; or why it is none, and what to write.
fn split_method_and_path(
    pattern: Pattern,
) -> Result<(Option<String>, Pattern), (&'static str, String)> {
    let Pattern::Words(mut pieces) = pattern else {
        return Ok((None, pattern));
    };
    let first = match pieces.first() {
        Some(PatternPiece::Text(first)) => first.clone(),
        Some(_) => return Ok((None, Pattern::Words(pieces))),
        None => String::new(),
    };
    let (method, path) = match first.split_once(' ') {
        Some((method, path)) => (Some(method), path.trim_start()),
        None => (None, first.as_str()),
    };
    if let Some(method) = method
        && (method.is_empty() || !consists_of(method, |c| c.is_ascii_uppercase()))
    {
        let help = "write it as in `path(\"GET /v1/files/*\")`, or leave it out for any".to_owned();
        return Err(("a method is in capital letters", help));
    }
    let is_path = path.starts_with('/') || (path.is_empty() && pieces.len() > 1);
    if !is_path {
        let method = method
            .map(|method| format!("{method} "))
            .unwrap_or_default();
        let help = format!("write `/` before it, as in `path(\"{method}/v1/files/*\")`");
        return Err(("a path begins with `/`", help));
    }
    let method = method.map(str::to_owned);
    let path = path.to_owned();
    if path.is_empty() {
        let mut all = pieces.into_iter();
        all.next();
        pieces = all.collect();
    } else if let Some(first) = pieces.first_mut() {
        *first = PatternPiece::Text(path);
    }
    Ok((method, Pattern::Words(pieces)))
}

/// The help for a text beside the name of a tool.
fn beside_tool(word: &Ident, tool: &Expr, text: &Expr) -> String {
    if word != "tool_result" {
        return format!("remove it: `{word}` takes only the name of a tool");
    }
    let (tool, text) = (written(tool), written(text));
    let results = format!("request.tool_results(\"{tool}\")");
    let has_text =
        format!("when(|request| {results}.any(|result| result.text().contains({text})))");
    format!("write `all_of({word}({tool}), {has_text})` to look at the result's text")
}

/// The only argument of a call, if it is a text.
fn literal_argument(call: &ExprCall) -> Option<&LitStr> {
    match *elements(&call.args) {
        [only] => literal(only),
        _ => None,
    }
}
