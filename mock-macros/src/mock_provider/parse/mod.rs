//! Gives the entries their meaning: every word is looked up here, and every mistake in one value is reported.

mod action;
mod allowances;
mod call;
mod cassette_and_replay;
mod closure;
mod count;
mod expectation;
mod failure;
mod fault;
mod finish;
mod flush;
mod json;
mod keepalive;
mod key;
mod lane;
mod latency;
mod matcher;
mod method_chain;
mod modifier;
mod modifiers_of_turn;
mod not_a_matcher;
mod not_a_turn;
mod number;
mod pace;
mod rule;
mod setting;
mod text;
mod tool;
mod turn;
mod user_code;
mod vector;
mod wire_name;

use std::cell::Cell;
use std::fmt::Display;

use proc_macro2::Span;
use quote::ToTokens;
use syn::ext::IdentExt as _;
use syn::{Attribute, Expr, Ident, LitStr, Path, Visibility};

pub(crate) use action::{Action, ActionKind, Argument, Responder};
pub(crate) use call::{Arguments, Call, Typed};
pub(crate) use cassette_and_replay::{Cassette, Replayed};
pub(crate) use count::Count;
pub(crate) use expectation::{Bounds, Expectation, ExpectationKind};
pub(crate) use failure::Failure;
pub(crate) use fault::{After, Fault};
pub(crate) use finish::{Finish, Usage};
pub(crate) use json::{Json, JsonKind, JsonValue};
pub(crate) use keepalive::Keepalive;
pub(crate) use lane::{Lane, Per};
pub(crate) use latency::{Delay, Latency, two_times};
pub(crate) use matcher::{
    Matcher, MatcherKind, Pattern, all_within, conjuncts, covers, is_header_name, names_paths,
};
pub(crate) use modifier::{Modifier, ModifierValue};
pub(crate) use number::{Float, is_literal};
pub(crate) use pace::{Pace, Split};
pub(crate) use rule::Otherwise;
pub(crate) use setting::{Setting, SettingValue};
pub(crate) use text::Text;
pub(crate) use tool::{Field, Parameters, Tool, Type};
pub(crate) use turn::{Kind, Turn};
pub(crate) use user_code::UserCode;
pub(crate) use vector::{Component, Vector};

use self::key::is_profile;
use self::not_a_turn::is_turn;
use super::split_into_entries::{Body, Entry};
use super::words::Word;
use crate::crate_path::CratePath;
use crate::diagnostics::Diagnostics;
use crate::lint::Lint;
use crate::search::Search as _;
use crate::syntax::{is_name, path_word, push_all, push_some};

/// A mock as it was meant, as far as that can be told.
#[derive(Default)]
pub(crate) struct Mock {
    pub(crate) crate_path: CratePath,
    pub(crate) attributes: Vec<Attribute>,
    pub(crate) visibility: Option<Visibility>,
    pub(crate) is_declaration: bool,
    pub(crate) name: Option<Ident>,
    pub(crate) may_be_no_name: bool,
    pub(crate) profile: Profile,
    pub(crate) settings: Vec<Setting>,
    pub(crate) tools: Option<Vec<Tool>>,
    /// Whether one of `tools` was not understood.
    lacks_a_tool: bool,
    /// The names of tools on the wire that calls give, each once.
    called: Vec<(String, String)>,
    /// The script.
    pub(crate) turns: Vec<Turn>,
    /// Whether `script` or `lanes` has a value that was not understood.
    pub(crate) lacks_a_script: bool,
    /// Scripts in place of the one.
    pub(crate) lanes: Vec<Lane>,
    pub(crate) per: Option<Per>,
    pub(crate) rules: Vec<Turn>,
    pub(crate) otherwise: Option<Otherwise>,
    /// The recorded exchanges.
    pub(crate) cassette: Option<Cassette>,
    /// The fields of recorded bodies in which a secret is none.
    pub(crate) allowed_secrets: Vec<LitStr>,
    pub(crate) code: UserCode,
}

#[derive(Default)]
pub(crate) struct Profile {
    known: Option<&'static Word>,
    pub(crate) model: Option<Expr>,
}

impl Profile {
    /// Its name in `Profile`.
    pub(crate) fn variant(&self) -> String {
        self.known.map_or_else(|| "Plain".to_owned(), Word::variant)
    }
}

impl Mock {
    pub(crate) fn from_body(body: Body, diagnostics: &Diagnostics) -> Mock {
        let mut mock = Mock {
            attributes: body.attributes,
            visibility: body.visibility,
            is_declaration: body.is_declaration,
            name: body.name,
            may_be_no_name: body.may_be_no_name,
            ..Mock::default()
        };
        let mut reader = Reader {
            diagnostics,
            is_declaration: body.is_declaration,
            typed: Vec::new(),
            has_turns: false,
            code: Cell::default(),
        };
        // Read the tools first: how a call is read depends on its tool.
        let mut others = Vec::new();
        for entry in each_once(body.entries, diagnostics) {
            if entry.key == "tools" {
                reader.entry(&mut mock, &entry.key, entry.value);
                reader.typed = mock.typed_tools();
            } else {
                others.push(entry);
            }
        }
        let mut turns = body.turns;
        if let Some(expr) = &body.profile {
            mock.profile = reader.profile(expr);
        } else if let Some(first) = turns
            .first_mut()
            .and_then(|first| first.take_if(|first| is_profile(first)))
        {
            mock.profile = reader.profile(&first);
            turns.reverse();
            turns.pop();
            turns.reverse();
        }
        reader.has_turns = turns.any(&|turn| turn.as_ref().is_some_and(is_turn));
        mock.turns = reader.turns(&turns);
        for Entry { key, value } in others {
            reader.entry(&mut mock, &key, value);
        }
        mock.called = mock.names_of_called_tools();
        mock.code = reader.code.get();
        mock
    }

    /// The tools that calls give a name on the wire, each once, and that name.
    fn names_of_called_tools(&self) -> Vec<(String, String)> {
        let mut called: Vec<(String, String)> = Vec::new();
        for &call in &self.calls() {
            let tool = word(&call.tool);
            if let Some(wire) = &call.wire
                && !called.any(&|(known, _)| *known == tool)
            {
                called.push((tool, wire.value()));
            }
        }
        called
    }

    fn typed_tools(&self) -> Vec<(Ident, Path)> {
        let mut typed = Vec::new();
        for tool in self.declared_tools() {
            if let Parameters::Typed(path) = &tool.parameters {
                typed.push((tool.name.clone(), path.clone()));
            }
        }
        typed
    }

    /// The tools that are declared; none where nothing is said of tools.
    pub(crate) fn declared_tools(&self) -> &[Tool] {
        self.tools.as_deref().unwrap_or_default()
    }

    /// Every script: the one, or the lanes, each with what its pattern asks.
    pub(crate) fn scripts(&self) -> Vec<(&[Matcher], &[Turn])> {
        let mut scripts = vec![(&[][..], self.turns.as_slice())];
        for lane in &self.lanes {
            scripts.push((&lane.matchers, &lane.turns));
        }
        scripts
    }

    /// Every turn of a script.
    pub(crate) fn scripted(&self) -> Vec<&Turn> {
        let mut scripted = Vec::new();
        for &(_, turns) in &self.scripts() {
            push_all(&mut scripted, turns);
        }
        scripted
    }

    /// The matchers that stand in no turn.
    pub(crate) fn outer_matchers(&self) -> Vec<&Matcher> {
        let mut matchers = Vec::new();
        for lane in &self.lanes {
            push_all(&mut matchers, &lane.matchers);
        }
        if let Some(Per::Matcher(matcher)) = &self.per {
            matchers.push(matcher);
        }
        matchers
    }

    /// The matchers of all turns, and those that stand in none. Those of expectations are last.
    pub(crate) fn matchers(&self) -> Vec<&Matcher> {
        let mut matchers = Vec::new();
        for &turn in &self.all_turns() {
            push_all(&mut matchers, &turn.matchers);
        }
        matchers.append(&mut self.outer_matchers());
        for expectation in self.expectations() {
            push_some(&mut matchers, expectation.matcher());
        }
        matchers
    }

    /// The rules, and what answers otherwise.
    pub(crate) fn beside_script(&self) -> Vec<&Turn> {
        let mut turns = Vec::new();
        push_all(&mut turns, &self.rules);
        if let Some(Otherwise::Turn(turn)) = &self.otherwise {
            turns.push(turn);
        }
        turns
    }

    /// Every turn: the script's or the lanes', the rules, and the one otherwise.
    pub(crate) fn all_turns(&self) -> Vec<&Turn> {
        let mut turns = self.scripted();
        turns.append(&mut self.beside_script());
        turns
    }

    /// Every turn that was understood.
    pub(crate) fn whole_turns(&self) -> Vec<&Turn> {
        let mut whole = Vec::new();
        for &turn in &self.all_turns() {
            if turn.is_whole {
                whole.push(turn);
            }
        }
        whole
    }

    /// Every action of every turn.
    pub(crate) fn actions(&self) -> Vec<&ActionKind> {
        let mut actions = Vec::new();
        for &turn in &self.all_turns() {
            for action in &turn.actions {
                actions.push(&action.kind);
            }
        }
        actions
    }

    /// Every call that a turn makes.
    pub(crate) fn calls(&self) -> Vec<&Call> {
        let mut calls = Vec::new();
        for &action in &self.actions() {
            if let ActionKind::Call(call) = action {
                calls.push(call);
            }
        }
        calls
    }

    /// Every failure that a turn answers with, or breaks off with.
    pub(crate) fn failures(&self) -> Vec<&Failure> {
        let mut failures = Vec::new();
        for &turn in &self.all_turns() {
            failures.append(&mut turn.failures());
        }
        failures
    }

    /// The declared tool of this name.
    pub(crate) fn tool(&self, name: &str) -> Option<&Tool> {
        let mut tools = self.declared_tools().iter();
        tools.find(|tool| tool.name.unraw() == name)
    }

    /// The arguments that are declared of the tool of this name, if they are not a type of the user's own.
    pub(crate) fn fields(&self, name: &str) -> Option<&[Field]> {
        match &self.tool(name)?.parameters {
            Parameters::Fields(fields) => Some(fields),
            Parameters::Typed(_) => None,
        }
    }

    /// The name on the wire of a tool of the scenario.
    pub(crate) fn wire_name(&self, name: &str) -> String {
        let declared = self.tool(name).and_then(|tool| tool.wire.as_ref());
        let called = || {
            let wire = self.called.find(&|(tool, _)| tool == name);
            wire.map(|(_, wire)| wire.clone())
        };
        let wire = declared.map(LitStr::value).or_else(called);
        wire.unwrap_or_else(|| name.to_owned())
    }

    /// A path into the results of a tool, in the names that these have.
    pub(crate) fn wire_path(&self, tool: &str, path: &str) -> String {
        let mut ty = self.tool(tool).and_then(|tool| tool.returns.as_ref());
        let mut wire_path = String::new();
        for key in path.split('.') {
            let (wire, inner) = match ty.map(Type::required) {
                Some(Type::Object(fields)) => {
                    let field = fields.find(&|field| field.name.unraw() == key);
                    (field.map(Field::wire_name), field.map(|field| &field.ty))
                }
                Some(Type::List(inner)) => (None, Some(&**inner)),
                _ => (None, None),
            };
            ty = inner;
            if !wire_path.is_empty() {
                wire_path.push('.');
            }
            wire_path.push_str(wire.as_deref().unwrap_or(key));
        }
        wire_path
    }

    /// The first key of a path into the results of a tool that is not declared there, and those that are.
    pub(crate) fn unknown_key(&self, tool: &str, path: &str) -> Option<(String, Vec<String>)> {
        let mut ty = self.tool(tool)?.returns.as_ref()?;
        for key in path.split('.') {
            ty = match ty.required() {
                Type::Object(fields) => match fields.find(&|field| field.name.unraw() == key) {
                    Some(field) => &field.ty,
                    None => {
                        let mut known = Vec::new();
                        for field in fields {
                            known.push(word(&field.name));
                        }
                        return Some((key.to_owned(), known));
                    }
                },
                Type::List(inner) if key.parse::<u64>().is_ok() => inner,
                Type::List(_) => return Some((key.to_owned(), vec!["0".to_owned()])),
                Type::Json => return None,
                _ => return Some((key.to_owned(), Vec::new())),
            };
        }
        None
    }

    /// The names of all tools, if there are any declared and all of them were understood.
    pub(crate) fn tool_names(&self) -> Option<Vec<String>> {
        let tools = self.tools.as_ref().filter(|_| !self.lacks_a_tool)?;
        let mut names = Vec::new();
        for tool in tools {
            names.push(word(&tool.name));
        }
        Some(names)
    }
}

/// The first entry of each key. A second one is reported.
fn each_once(entries: Vec<Entry>, diagnostics: &Diagnostics) -> Vec<Entry> {
    let mut first: Vec<Entry> = Vec::new();
    for entry in entries {
        let key = &entry.key;
        match first.find(&|first| first.key == *key) {
            Some(first) => diagnostics.twice(&key.to_string(), first.key.span(), key.span()),
            None => first.push(entry),
        }
    }
    first
}

/// The word without an `r#` that Rust does not need: `r#find` is `find`.
fn plain(word: &Ident) -> Ident {
    let bare = word.unraw();
    match is_name(&bare) {
        true => bare,
        false => word.clone(),
    }
}

struct Reader<'a> {
    diagnostics: &'a Diagnostics,
    /// Whether the mock is a `static`.
    is_declaration: bool,
    /// The tools whose arguments are a type of the user's own, and the type.
    typed: Vec<(Ident, Path)>,
    /// Whether turns stand in the list itself.
    has_turns: bool,
    /// The code so far.
    code: Cell<UserCode>,
}

impl Reader<'_> {
    fn error(&self, lint: Lint, span: Span, message: impl Display, help: impl Display) {
        self.diagnostics.error(lint, span, message, help);
    }

    fn error_at(
        &self,
        lint: Lint,
        tokens: &dyn ToTokens,
        message: impl Display,
        help: impl Display,
    ) {
        self.diagnostics.error_at(lint, tokens, message, help);
    }

    fn reject<T>(
        &self,
        lint: Lint,
        tokens: &dyn ToTokens,
        message: &dyn Display,
        help: &dyn Display,
    ) -> Option<T> {
        self.diagnostics.reject(lint, tokens, message, help)
    }

    fn twice(&self, what: &str, first: Span, second: Span) {
        self.diagnostics.twice(what, first, second);
    }
}

/// A word of the scenario, without the `r#` that Rust may need before it.
pub(crate) fn word(ident: &Ident) -> String {
    ident.unraw().to_string()
}
