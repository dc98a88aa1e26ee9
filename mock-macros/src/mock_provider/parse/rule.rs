//! Rules, and the key `otherwise`.

use proc_macro2::Ident;
use quote::ToTokens as _;
use syn::punctuated::Punctuated;
use syn::spanned::Spanned as _;
use syn::{Expr, Pat, Token};

use super::super::split_into_entries::{Arm, ArmHead, Arms, Match, all_of};
use super::super::words::{self, OtherwiseWord};
use super::{Count, Matcher, MatcherKind, Reader, Turn, path_word};
use crate::diagnostics::written;
use crate::did_you_mean::did_you_mean;
use crate::lint::Lint;
use crate::search::Search as _;
use crate::syntax::{bare, elements, literal, method_chain, push_some};

/// The value of `otherwise`.
pub(crate) enum Otherwise {
    Turn(Box<Turn>),
    RepeatLast(Ident),
    Cycle(Ident),
}

impl Reader<'_> {
    pub(super) fn rules(&self, rules: &Match) -> Vec<Turn> {
        let mut turns = Vec::new();
        for rule in &rules.arms {
            turns.push(match rule {
                Some(rule) => self.rule(rule, rules),
                None => Turn::not_understood(rules.request.span()),
            });
        }
        turns
    }

    fn rule(&self, rule: &Arm, rules: &Match) -> Turn {
        let Some(Some(action)) = rule.answer.first() else {
            return Turn::not_understood(rule.when.span);
        };
        let mut turn = self.always(
            action,
            "the matchers of a rule go in its pattern",
            "write them before `=>`, as in `user(\"hi\") => reply(\"ho\")`",
        );
        let errors = self.diagnostics.count();
        turn.span = rule.when.span;
        turn.matchers
            .append(&mut self.arm_matchers(&rule.when, rules));
        turn.is_whole &= errors == self.diagnostics.count();
        turn
    }

    /// The matchers that the pattern and the guard of an arm are.
    pub(super) fn arm_matchers(&self, arm: &ArmHead, whole: &Match) -> Vec<Matcher> {
        let mut matchers = Vec::new();
        match &arm.pattern {
            Some(pattern) => push_some(&mut matchers, self.arm_pattern(pattern, whole.kind)),
            None => matchers.push(Matcher::bad(arm.span)),
        }
        if let Some(guard) = &arm.guard
            && self.is_guard(guard)
        {
            self.note_code(false, false);
            matchers.push(Matcher {
                span: guard.span(),
                kind: MatcherKind::Guard(whole.request.clone(), guard.clone()),
            });
        }
        matchers
    }

    /// Whether a guard can be an expression of Rust. That it is a matcher instead is reported.
    fn is_guard(&self, guard: &Expr) -> bool {
        let Expr::Call(call) = bare(guard) else {
            return true;
        };
        // A function of the user would take the request as its argument.
        let is_matcher = |word: &&Ident| {
            words::MATCHERS.has_ident(word)
                && call.args.len() == 1
                && call.args.all(&|text| literal(text).is_some())
        };
        let Some(word) = path_word(&call.func).filter(is_matcher) else {
            return true;
        };
        self.error(
            Lint::InvalidRule,
            word.span(),
            format_args!("`{word}` is a matcher, and a guard is an expression of Rust"),
            format_args!("write `{} => ..`, without `if`", written(call)),
        );
        false
    }

    /// A turn that answers as often as it is asked, and whose matchers do not stand in it.
    fn always(&self, action: &Expr, message: &str, help: &str) -> Turn {
        let mut turn = self.turn_that_answers(Count::ALWAYS, action);
        let (base, _) = method_chain(action);
        if let Expr::Call(call) = base
            && let Some(on) = path_word(&call.func).filter(|word| *word == "on")
        {
            self.error(Lint::OutsideTheScript, on.span(), message, help);
            turn.is_whole = false;
        }
        // `.times(..)` in a rule has an error of its own.
        turn.is_whole &= turn.count_word.is_none();
        turn.count = Count::ALWAYS;
        turn
    }

    /// The matcher that a pattern is; none for `_`.
    fn arm_pattern(&self, pattern: &Pat, arms: &Arms) -> Option<Matcher> {
        match pattern {
            Pat::Wild(_) => None,
            Pat::Paren(paren) => self.arm_pattern(&paren.pat, arms),
            Pat::Or(alternatives) => {
                let mut cases = Vec::new();
                for &case in &elements(&alternatives.cases) {
                    cases.push(self.arm_pattern(case, arms).unwrap_or_else(|| {
                        self.error_at(
                            Lint::CatchAll,
                            case,
                            "`_` matches every request",
                            "write it alone, or remove it",
                        );
                        Matcher::bad(case.span())
                    }));
                }
                Some(Matcher {
                    span: alternatives.span(),
                    kind: MatcherKind::AnyOf(cases),
                })
            }
            Pat::Ident(name) if !words::MATCHERS.has_ident(&name.ident) => {
                let name = &name.ident;
                self.error(
                    Lint::CatchAll,
                    name.span(),
                    format_args!("`{name}` would match every request"),
                    "write `_` for that, or a matcher, as in `user(\"hello\")`",
                );
                Some(Matcher::bad(name.span()))
            }
            Pat::Tuple(several) if !several.elems.is_empty() => {
                let help = format!("write `{}`", all_of_patterns(&several.elems));
                self.error_at(arms.lint, several, arms.one_pattern(), help);
                Some(Matcher::bad(several.span()))
            }
            Pat::TupleStruct(on) if on.path.is_ident("on") && on.elems.len() > 1 => {
                let help = format!("write `{}`", all_of_patterns(&on.elems));
                self.error_at(arms.lint, &on.path, arms.one_pattern(), help);
                Some(Matcher::bad(on.span()))
            }
            other => Some(self.matcher_pattern(other)),
        }
    }

    /// A pattern that is a matcher as an expression writes it.
    fn matcher_pattern(&self, pattern: &Pat) -> Matcher {
        if let Pat::TupleStruct(matcher) = pattern
            && is_text_matcher(&matcher.path)
            && let Some(bound) = matcher.elems.get(0)
            && matches!(
                bound,
                Pat::Ident(_) | Pat::Wild(_) | Pat::Rest(_) | Pat::Path(_)
            )
        {
            self.error_at(
                Lint::PatternLiteral,
                bound,
                format_args!("the pattern of `{}` must be a string literal", written(&matcher.path)),
                "write a text in quotes, and write further tests in a guard, as in `_ if request.messages.len() > 2 => ..`",
            );
            return Matcher::bad(matcher.path.span());
        }
        match syn::parse2::<Expr>(pattern.to_token_stream()) {
            Ok(matcher) => self.matcher(&matcher),
            Err(_) => {
                self.error_at(
                    Lint::UnknownMatcher,
                    pattern,
                    "expected a matcher",
                    words::MATCHERS.did_you_mean(""),
                );
                Matcher::bad(pattern.span())
            }
        }
    }

    /// The value of the key `otherwise`.
    pub(super) fn otherwise(&self, expr: &Expr) -> Option<Otherwise> {
        let mut word = path_word(expr);
        if let Expr::Call(call) = bare(expr)
            && let Some(called) = path_word(&call.func)
            && OtherwiseWord::find(called).is_some()
        {
            self.error(
                Lint::UnknownOtherwise,
                call.paren_token.span.join(),
                format_args!("`{called}` takes nothing"),
                format_args!("write `otherwise = {called}`"),
            );
            word = Some(called);
        }
        if let Some(text) = literal(expr)
            && words::OTHERWISE
                .own
                .any(&|known| known.word == text.value())
        {
            let help = format!("remove the quotes: `{}`", text.value());
            let message = "this word has no quotes";
            return self.reject(Lint::UnknownOtherwise, expr, &message, &help);
        }
        let Some(word) = word.filter(|word| !words::ACTIONS.has_ident(word)) else {
            return Some(Otherwise::Turn(Box::new(self.always(
                expr,
                "`otherwise` answers every other request",
                "remove `on(..)`, or write a rule: `rules = match request { .. }`",
            ))));
        };
        match OtherwiseWord::find(word) {
            Some(OtherwiseWord::repeat_last) => Some(Otherwise::RepeatLast(word.clone())),
            Some(OtherwiseWord::cycle) => Some(Otherwise::Cycle(word.clone())),
            None => {
                let help = otherwise_help(&word.to_string());
                self.error(
                    Lint::UnknownOtherwise,
                    expr.span(),
                    format_args!("unknown word `{word}`"),
                    help,
                );
                None
            }
        }
    }
}

/// The help for a word that `otherwise` does not take.
fn otherwise_help(word: &str) -> String {
    let mut names = words::OTHERWISE.names();
    // `replay` is allowed only in a script.
    names.retain(|name| *name != "replay");
    did_you_mean(word, "`otherwise` takes", &names)
}

fn is_text_matcher(path: &syn::Path) -> bool {
    let word = path.get_ident();
    word.is_some_and(|word| words::is_text_matcher(&word.to_string()))
}

/// The matcher that holds if all of these do, as it is written.
fn all_of_patterns(patterns: &Punctuated<Pat, Token![,]>) -> String {
    let mut all = Vec::new();
    for &pattern in &elements(patterns) {
        all.push(pattern.to_token_stream());
    }
    all_of(&all)
}
