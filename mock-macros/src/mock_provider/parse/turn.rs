//! Turns: chains of an `on(..)`, actions and modifiers.

use proc_macro2::{Ident, Span};
use syn::Expr;
use syn::spanned::Spanned as _;

use super::super::split_into_entries::Items;
use super::super::words;
use super::method_chain::Link;
use super::{
    Action, ActionKind, Count, Failure, Fault, Matcher, Modifier, Reader, Replayed, path_word,
};
use crate::diagnostics::{remove_one, written};
use crate::did_you_mean::did_you_mean;
use crate::lint::Lint;
use crate::search::{Search as _, position};
use crate::syntax::{bare, elements, push_some};

/// A turn of the script, a rule, or what answers otherwise.
pub(crate) struct Turn {
    pub(crate) span: Span,
    /// Whether all of it was understood.
    pub(crate) is_whole: bool,
    pub(crate) name: Option<Ident>,
    pub(crate) matchers: Vec<Matcher>,
    pub(crate) actions: Vec<Action>,
    pub(crate) count: Count,
    /// `times` or `forever`, where it is written.
    pub(crate) count_word: Option<Ident>,
    /// The place of the count, or the beginning of the turn.
    pub(crate) count_span: Span,
    pub(crate) fault: Option<Fault>,
    pub(crate) modifiers: Vec<Modifier>,
}

/// The kind of request that a turn answers.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Kind {
    Chat,
    Embedding,
}

impl Turn {
    /// Which requests it answers; `None` for either kind, as a failure does.
    pub(crate) fn kind(&self) -> Option<Kind> {
        let ends = |fault: &Fault| fault.known.word == "end_after";
        let of_fault = self.fault.as_ref().is_some_and(ends).then_some(Kind::Chat);
        let mut actions = self.actions.iter();
        let of_actions = actions.find_map(|action| match &action.kind {
            ActionKind::Embed(_) => Some(Kind::Embedding),
            ActionKind::Fail(_) | ActionKind::Replay(_) => None,
            other if other.is_hang() || other.is_raw() || other.is_wait() => None,
            _ => Some(Kind::Chat),
        });
        of_actions.or(of_fault)
    }

    /// The words that tell of its end, `finish` and `usage`, where they are written.
    pub(crate) fn words_of_the_end(&self) -> Vec<&Ident> {
        let mut words = Vec::new();
        for word in &["finish", "usage"] {
            push_some(
                &mut words,
                self.modifier(word).map(|modifier| &modifier.word),
            );
        }
        words
    }

    /// The word `replay` in it, and how many exchanges it replays.
    pub(crate) fn replay(&self) -> Option<(&Ident, &Replayed)> {
        self.actions.iter().find_map(|action| match &action.kind {
            ActionKind::Replay(replayed) => Some((&action.word, replayed)),
            _ => None,
        })
    }

    /// Its first action of a kind.
    pub(crate) fn find(&self, is_wanted: fn(&ActionKind) -> bool) -> Option<&Action> {
        self.actions.find(&|action| is_wanted(&action.kind))
    }

    pub(crate) fn does(&self, is_wanted: fn(&ActionKind) -> bool) -> bool {
        self.find(is_wanted).is_some()
    }

    /// Its actions, but for those that only let time pass.
    pub(crate) fn answers(&self) -> Vec<&Action> {
        let mut answers = Vec::new();
        for action in &self.actions {
            if !action.kind.is_wait() {
                answers.push(action);
            }
        }
        answers
    }

    /// Every failure in it.
    pub(crate) fn failures(&self) -> Vec<&Failure> {
        let mut failures = Vec::new();
        for action in &self.actions {
            if let ActionKind::Fail(failure) = &action.kind {
                failures.push(failure);
            }
        }
        if let Some(fault) = &self.fault {
            push_some(&mut failures, fault.failure.as_ref());
        }
        failures
    }
}

impl Reader<'_> {
    pub(super) fn turns(&self, items: &Items) -> Vec<Turn> {
        let mut turns = Vec::new();
        for item in items {
            turns.push(match item {
                Some(expr) => self.turn(expr),
                None => Turn::not_understood(Span::call_site()),
            });
        }
        turns
    }

    /// A turn: a chain that begins with `on(..)` or an action.
    pub(super) fn turn(&self, expr: &Expr) -> Turn {
        self.turn_that_answers(Count::Exactly(1), expr)
    }

    /// The same, which answers so often if it does not say how often.
    pub(super) fn turn_that_answers(&self, count: Count, expr: &Expr) -> Turn {
        let errors = self.diagnostics.count();
        let (base, mut links) = Link::chain(expr);
        let first = match base {
            Expr::Call(call) => path_word(&call.func).map(|word| (word, call)),
            _ => None,
        };
        let mut turn = match first {
            Some((word, call)) => {
                let mut all = vec![Link {
                    word,
                    arguments: elements(&call.args),
                    end: call.paren_token.span.close(),
                }];
                all.append(&mut links);
                links = all;
                Turn::at(word.span())
            }
            None => {
                let mut turn = Turn::at(expr.span());
                self.not_a_turn(base, &mut turn);
                turn
            }
        };
        turn.count = count;
        let has_beginning = turn.matchers.is_empty();
        let first_action = position(&links, &|link| link.is_one_of(&words::ACTIONS));
        let mut seen: Vec<&Ident> = Vec::new();
        for (index, link) in links.iter().enumerate() {
            let is_early = match index {
                0 => has_beginning,
                index => first_action.is_some_and(|action| index < action),
            };
            if is_early && link.is_one_of(&words::MODIFIERS) {
                self.follows_an_action(link.word);
                continue;
            }
            let word = link.word.to_string();
            if let Some(same) = seen.find(&|seen| says_the_same(&seen.to_string(), &word)) {
                self.report_repeated_word(same, link.word);
                continue;
            }
            seen.push(link.word);
            let earlier = links.get(..index).unwrap_or_default();
            self.link(&mut turn, link, earlier, index == 0 && has_beginning);
        }
        turn.is_whole = errors == self.diagnostics.count();
        turn
    }

    fn report_repeated_word(&self, same: &Ident, word: &Ident) {
        let (lint, message, help) = match same == word {
            true => (
                Lint::GivenTwice,
                format!("`{same}` is given twice"),
                remove_one(&same.to_string(), same.span(), word.span()),
            ),
            false => {
                let what = match is_how_often(&word.to_string()) {
                    true => "how often the turn answers",
                    false => "the pace",
                };
                (
                    Lint::Contradiction,
                    format!("`{same}` already sets {what}"),
                    format!("remove `{same}` or `{word}`"),
                )
            }
        };
        self.error(lint, word.span(), message, help);
    }

    fn link(&self, turn: &mut Turn, link: &Link<'_>, earlier: &[Link<'_>], first: bool) {
        let word = link.word;
        if self.has_named_argument(link) {
            if first {
                turn.matchers.push(Matcher::bad(word.span()));
            }
            return;
        }
        match word.to_string().as_str() {
            "on" if first => {
                turn.matchers = self.matchers(&link.arguments);
                if link.arguments.is_empty() {
                    self.error(
                        Lint::EmptyMatcher,
                        word.span(),
                        "`on()` has no matcher",
                        "write a matcher, as in `on(user(\"hello\"))`, or begin with the action",
                    );
                    turn.matchers.push(Matcher::bad(word.span()));
                }
            }
            "on" => {
                self.error(
                    Lint::WrongOrder,
                    word.span(),
                    "`on(..)` comes first",
                    "move it to the beginning of the turn, and all matchers into one `on(..)`",
                );
                turn.matchers.append(&mut self.matchers(&link.arguments));
            }
            action if words::ACTIONS.has(action) => {
                let action = self.action(link).map(|kind| Action {
                    word: word.clone(),
                    kind,
                });
                push_some(&mut turn.actions, action);
            }
            other => {
                if let Some(known) = words::MODIFIERS.find(other) {
                    return self.modifier(turn, link, known);
                }
                match belongs_elsewhere(turn, link, earlier) {
                    Some(help) => self.error(
                        Lint::UnknownAction,
                        word.span(),
                        format_args!("unknown action or modifier `{word}`"),
                        help,
                    ),
                    None => {
                        let may_follow = |known: &str| may_follow(turn, earlier, known);
                        self.unknown_word(word, other, first, &may_follow);
                    }
                }
                if first {
                    turn.matchers.push(Matcher::bad(word.span()));
                }
            }
        }
    }

    /// Reports arguments that have names: `usage(prompt = 11, completion = 7)`. What is none of ours may take them.
    fn has_named_argument(&self, link: &Link<'_>) -> bool {
        let takes_names = ["on", "fail", "error_after", "call"].any(&|other| link.word == other);
        if takes_names || !link.is_one_of(&words::STEPS) {
            return false;
        }
        let mut named = None;
        let mut values = Vec::new();
        for &argument in &link.arguments {
            let argument = bare(argument);
            if let Expr::Assign(set) = argument
                && let Some(name) = path_word(&set.left)
            {
                named.get_or_insert(name);
                let value = written(&set.right);
                // `split(chars = 4)`
                values.push(match words::is_word(name) {
                    true => format!("{name}({value})"),
                    false => value,
                });
            } else {
                values.push(written(argument));
            }
        }
        if let Some(name) = named {
            // What takes one argument has it already.
            let takes_more = link.word == "usage" || link.word == "embed";
            let kept = if takes_more { values.len() } else { 1 };
            values.truncate(kept);
            self.error_at(
                Lint::InvalidEntry,
                name,
                "an argument in parentheses has no name",
                format_args!("write `{}({})`", link.word, values.join(", ")),
            );
        }
        named.is_some()
    }

    /// Reports a modifier that stands before the first action.
    fn follows_an_action(&self, modifier: &Ident) {
        let how = if modifier == "forever" { "" } else { ".." };
        self.error(
            Lint::WrongOrder,
            modifier.span(),
            format_args!("`{modifier}` follows an action"),
            format_args!("write it after the action, as in `reply(\"Hi.\").{modifier}({how})`"),
        );
    }

    /// Reports a word that no turn has there; the help names words that `may_follow`.
    pub(super) fn unknown_word(
        &self,
        word: &Ident,
        name: &str,
        first: bool,
        may_follow: &dyn Fn(&str) -> bool,
    ) {
        let (what, known) = match first {
            true => ("a turn begins with", &words::BEGINNINGS),
            false => ("actions and modifiers", &words::STEPS),
        };
        let message = match first {
            true => format!("no turn begins with `{name}`"),
            false => format!("unknown action or modifier `{name}`"),
        };
        let is_header_of_answer = !first && name == "header";
        let help = if !is_header_of_answer && (words::MATCHERS.has(name) || name == "regex") {
            format!("matchers go in `on(..)`: `on({name}(..))`")
        } else if let Some(profile) = words::profile_meant(name).filter(|_| first) {
            format!("the profile comes first: `{profile}(..)`, or `Name = {profile}(..)`")
        } else if words::KEYS.has(name) && (first || words::foreign_step(name).is_none()) {
            format!("`{name}` is a key of the mock: `{name} = ..`")
        } else if words::KINDS.has(name) {
            format!("write `fail({name})`")
        } else {
            let name_of_step = match name {
                // `expect_chat()`
                name if name.starts_with("expect_") => "expect_call",
                "delay" | "latency" | "after" if first => "wait",
                name => name,
            };
            let foreign = words::foreign_step(name_of_step).map(str::to_owned);
            foreign.unwrap_or_else(|| {
                let mut names = known.names();
                let meant = did_you_mean(name, what, &names);
                names.retain(|name| may_follow(name));
                let help = did_you_mean(name, what, &names);
                match meant.split('`').nth(1) {
                    Some(word) if meant.starts_with("did") && meant != help => {
                        format!("remove it: `{word}` cannot stand there")
                    }
                    _ => help,
                }
            })
        };
        self.error(Lint::UnknownAction, word.span(), message, help);
    }
}

/// The help for a word that belongs to the action before it, or to a turn of its own.
fn belongs_elsewhere(turn: &Turn, link: &Link<'_>, earlier: &[Link<'_>]) -> Option<String> {
    let word = link.word.to_string();
    let value = link
        .arguments
        .first()
        .map(|tokens| written(tokens))
        .unwrap_or_default();
    match (turn.actions.last().map(|action| &action.kind), &*word) {
        (Some(ActionKind::Fail(failure)), field) if words::FIELDS.has(field) => {
            Some(format!("write `fail({})`", failure.with(field, &value)))
        }
        (Some(ActionKind::Call(_)), "id") => {
            let call = earlier.iter().rfind(|link| link.word == "call")?;
            let tool = written(*call.arguments.first()?);
            Some(format!("write `call({tool}.id({value}))`"))
        }
        (_, "fail_after") => {
            let failure = link.arguments.get(1).map(|tokens| written(tokens));
            let (after, failure) = (
                if value.is_empty() { "1" } else { &value },
                failure.as_deref().unwrap_or("server_error"),
            );
            Some(format!("write `.error_after({after}, {failure})`"))
        }
        (Some(_), "then" | "and_then") => Some(
            "write a turn of its own after a comma, as in `reply(\"..\"), reply(\"..\")`"
                .to_owned(),
        ),
        (None, "then" | "and_then") => {
            let is_turn = !turn.matchers.is_empty();
            is_turn.then(|| "write the action itself, as in `on(..).reply(\"..\")`".to_owned())
        }
        _ => None,
    }
}

/// Whether a word may follow the earlier steps of a turn.
fn may_follow(turn: &Turn, earlier: &[Link<'_>], word: &str) -> bool {
    let is_said = |link: &Link<'_>| says_the_same(&link.word.to_string(), word);
    // A rule answers always.
    let is_always = matches!(turn.count, Count::Range(_, None));
    let is_replayed = turn.replay().is_some();
    let counts = is_how_often(word) || word == "replay";
    let is_rejected = is_always && counts || is_replayed && !goes_with_replay(word);
    !is_rejected && !earlier.any(&is_said)
}

/// Whether a word changes nothing in an answer that is replayed.
fn goes_with_replay(word: &str) -> bool {
    words::is_fault(word)
        || is_how_often(word)
        || ["gate", "named", "pause", "ttft"].any(&|allowed| word == *allowed)
}

/// Whether two words of a turn cannot stand together, because they say the same.
fn says_the_same(a: &str, b: &str) -> bool {
    let once = |word: &str| words::MODIFIERS.has(word) && !words::is_fault(word);
    let how_fast = |word: &str| word == "every" || word == "tokens_per_second";
    a == b && once(a) || is_how_often(a) && is_how_often(b) || how_fast(a) && how_fast(b)
}

fn is_how_often(word: &str) -> bool {
    word == "times" || word == "forever"
}

impl Turn {
    pub(super) fn at(span: Span) -> Turn {
        Turn {
            span,
            is_whole: true,
            name: None,
            matchers: Vec::new(),
            actions: Vec::new(),
            count: Count::Exactly(1),
            count_word: None,
            count_span: span,
            fault: None,
            modifiers: Vec::new(),
        }
    }

    /// A turn that may be any.
    pub(super) fn not_understood(span: Span) -> Turn {
        Turn {
            is_whole: false,
            matchers: vec![Matcher::bad(span)],
            ..Turn::at(span)
        }
    }
}
