//! From entries to what they mean: every word is looked up here, and every mistake in one value reported.

mod action;
mod call;
mod constant;
mod entry;
mod fault;
mod finish;
mod json;
mod latency;
mod link;
mod matcher;
mod number;
mod pace;
mod rule;
mod times;
mod tool;
mod turn;

use proc_macro2::Span;
use syn::ext::IdentExt as _;
use syn::{Attribute, Expr, ExprClosure, Ident, Lit, LitStr, Path, Visibility};

use self::entry::is_profile;
use super::parse::{Body, Entry};
use super::text::{PatternPiece, Piece};
use super::words::Kind;
use crate::crate_path::CratePath;
use crate::diagnostics::Diagnostics;
use crate::syntax::bare;
use crate::time::Time;

/// A mock as it was meant, as far as that can be told.
pub(in crate::provider) struct Mock {
    pub(in crate::provider) crate_path: CratePath,
    pub(in crate::provider) attributes: Vec<Attribute>,
    pub(in crate::provider) visibility: Option<Visibility>,
    pub(in crate::provider) is_declaration: bool,
    pub(in crate::provider) name: Option<Ident>,
    pub(in crate::provider) profile: Profile,
    /// The provider's name.
    pub(in crate::provider) provider: Option<Expr>,
    pub(in crate::provider) latency: Option<Latency>,
    pub(in crate::provider) tools: Option<Vec<Tool>>,
    /// Whether each of `tools` was understood.
    pub(in crate::provider) tools_are_whole: bool,
    pub(in crate::provider) capabilities: Option<Vec<Ident>>,
    /// The script.
    pub(in crate::provider) turns: Vec<Turn>,
    pub(in crate::provider) rules: Vec<Turn>,
    pub(in crate::provider) otherwise: Option<Otherwise>,
    pub(in crate::provider) usage: Option<Usage>,
    pub(in crate::provider) metadata: Option<JsonValue>,
    pub(in crate::provider) allow: Vec<Ident>,
    pub(in crate::provider) seed: Option<Expr>,
}

pub(in crate::provider) struct Profile {
    /// Its name in `Profile`.
    pub(in crate::provider) variant: &'static str,
    pub(in crate::provider) model: Option<Expr>,
}

pub(in crate::provider) struct Latency {
    pub(in crate::provider) delay: Delay,
    pub(in crate::provider) timeout_over: Option<Time>,
}

pub(in crate::provider) enum Delay {
    Fixed(Time),
    Uniform(Time, Time),
    Growing(Time, Float),
}

pub(in crate::provider) struct Tool {
    pub(in crate::provider) name: Ident,
    /// What `.named(..)` says.
    pub(in crate::provider) wire: Option<LitStr>,
    pub(in crate::provider) parameters: Parameters,
    pub(in crate::provider) returns: Option<Type>,
}

pub(in crate::provider) enum Parameters {
    Fields(Vec<Field>),
    /// A type of the user's own.
    Typed(Path),
}

pub(in crate::provider) struct Field {
    pub(in crate::provider) name: Ident,
    /// What `.named(..)` says.
    pub(in crate::provider) wire: Option<LitStr>,
    pub(in crate::provider) ty: Type,
}

pub(in crate::provider) enum Type {
    String,
    Integer,
    Number,
    Boolean,
    Json,
    List(Box<Type>),
    Optional(Box<Type>),
    OneOf(Vec<String>),
    Object(Vec<Field>),
}

/// A turn of the script, a rule, or what answers otherwise.
pub(in crate::provider) struct Turn {
    pub(in crate::provider) span: Span,
    /// Whether all of it was understood.
    pub(in crate::provider) is_whole: bool,
    pub(in crate::provider) name: Option<Ident>,
    pub(in crate::provider) matchers: Vec<Matcher>,
    pub(in crate::provider) actions: Vec<Action>,
    pub(in crate::provider) count: Count,
    pub(in crate::provider) ttft: Option<Time>,
    pub(in crate::provider) pace: Option<Pace>,
    pub(in crate::provider) split: Option<(Ident, Split)>,
    pub(in crate::provider) pieces: Option<(Ident, Number)>,
    pub(in crate::provider) fault: Option<Fault>,
    pub(in crate::provider) finish: Option<(Ident, Finish)>,
    pub(in crate::provider) usage: Option<(Ident, Usage)>,
}

/// What answers where nothing else does.
pub(in crate::provider) enum Otherwise {
    Turn(Box<Turn>),
    RepeatLast(Ident),
    Cycle(Ident),
}

pub(in crate::provider) enum Matcher {
    Text(Subject, Pattern),
    ToolResult(Ident),
    HasTool(Ident),
    AnyOf(Vec<Matcher>),
    Not(Box<Matcher>),
    When(ExprClosure),
    /// The guard of a rule, and the word that it calls the request by.
    Guard(Ident, Expr),
    /// A matcher that was not understood; that has been reported.
    Bad,
}

/// What a pattern is looked for in.
#[derive(Clone, Copy)]
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

pub(in crate::provider) struct Action {
    pub(in crate::provider) word: Ident,
    pub(in crate::provider) kind: ActionKind,
}

pub(in crate::provider) enum ActionKind {
    Reply(Text),
    Stream(Vec<Text>),
    Reasoning(Text),
    Signature(Text),
    Refusal(Text),
    Json(JsonValue),
    Call(Call),
    Respond(ExprClosure),
    Fail(Failure),
    Hang,
    Gate(Expr),
    Driven(Expr),
}

pub(in crate::provider) struct Call {
    pub(in crate::provider) tool: Ident,
    /// What `.named(..)` says.
    pub(in crate::provider) wire: Option<LitStr>,
    pub(in crate::provider) arguments: Arguments,
}

pub(in crate::provider) enum Arguments {
    Fields(Vec<(Ident, Json)>),
    /// A text that is taken as it is.
    Raw(Expr),
    /// A value of a type of the user's own.
    Typed(Typed),
}

/// A struct expression of a type of the user's own.
pub(in crate::provider) struct Typed {
    /// Its expression, in which each text has become what makes it.
    pub(in crate::provider) value: Expr,
    pub(in crate::provider) texts: Vec<TypedText>,
    /// Whether no more than literals are in it.
    pub(in crate::provider) is_literal: bool,
}

/// A text in typed arguments.
pub(in crate::provider) struct TypedText {
    pub(in crate::provider) literal: LitStr,
    pub(in crate::provider) pieces: Vec<Piece>,
}

pub(in crate::provider) struct Failure {
    pub(in crate::provider) word: Ident,
    pub(in crate::provider) kind: &'static Kind,
    pub(in crate::provider) message: Option<Text>,
    pub(in crate::provider) retry_after: Option<(Ident, Time)>,
    pub(in crate::provider) status: Option<Expr>,
}

/// How an answer breaks off.
pub(in crate::provider) struct Fault {
    pub(in crate::provider) word: Ident,
    pub(in crate::provider) kind: FaultKind,
    pub(in crate::provider) after: After,
}

pub(in crate::provider) enum FaultKind {
    Cut,
    End,
    Stall,
    Error(Failure),
    Malformed,
}

/// When an answer breaks off: after so many deltas, after all of them, or after a time.
pub(in crate::provider) enum After {
    Deltas(Span, u32),
    All,
    Time(Time),
    Expr(Expr),
}

/// A text: a template, or an expression that is taken as it is.
pub(in crate::provider) enum Text {
    Template(LitStr, Vec<Piece>),
    Expr(Expr),
}

/// A value that is to be JSON.
pub(in crate::provider) enum JsonValue {
    /// In our notation.
    Json(Json),
    /// Any value that serde can write.
    Expr(Expr),
}

/// A value in the arguments of a call.
pub(in crate::provider) struct Json {
    pub(in crate::provider) span: Span,
    pub(in crate::provider) kind: JsonKind,
}

pub(in crate::provider) enum JsonKind {
    Text(LitStr, Vec<Piece>),
    Integer(String),
    Number(String),
    Boolean(bool),
    Null,
    List(Vec<Json>),
    Object(Vec<(Ident, Json)>),
    /// A value that is known only when the test runs.
    Expr(Expr),
}

pub(in crate::provider) enum Count {
    Exactly(u32),
    /// From, and up to where there is an end.
    Range(u32, Option<u32>),
    /// The same, where an end is not a literal.
    Between(Expr, Option<Expr>),
    Expr(Expr),
}

impl Count {
    /// How often a rule answers: as often as it is asked.
    pub(in crate::provider) const ALWAYS: Count = Count::Range(0, None);

    /// How often the turn answers at most; `None` if that is without end, or not known.
    pub(in crate::provider) fn max(&self) -> Option<u32> {
        match self {
            Count::Exactly(times) => Some(*times),
            Count::Range(_, max) => *max,
            Count::Between(..) | Count::Expr(_) => Some(u32::MAX),
        }
    }
}

/// The time between one content delta and the next.
pub(in crate::provider) enum Pace {
    Every(Time),
    TokensPerSecond(Float),
}

/// What a streamed text comes in.
pub(in crate::provider) enum Split {
    Words,
    Chars(Number),
    Random(Number, Number),
    Whole,
}

/// A number of things.
pub(in crate::provider) enum Number {
    Literal(u32),
    Expr(Expr),
}

/// A decimal number.
pub(in crate::provider) enum Float {
    Literal(f64),
    Expr(Expr),
}

/// Why a model stops.
pub(in crate::provider) enum Finish {
    /// By its name in `FinishReason`.
    Known(&'static str),
    Other(Expr),
}

/// What an answer costs.
pub(in crate::provider) enum Usage {
    Tokens(Expr, Expr),
    Expr(Expr),
}

impl Mock {
    pub(in crate::provider) fn of(body: Body, diagnostics: &Diagnostics) -> Mock {
        let mut mock = Mock {
            crate_path: CratePath::default(),
            attributes: body.attributes,
            visibility: body.visibility,
            is_declaration: body.is_declaration,
            name: body.name,
            profile: Profile {
                variant: "Plain",
                model: None,
            },
            provider: None,
            latency: None,
            tools: None,
            tools_are_whole: true,
            capabilities: None,
            turns: Vec::new(),
            rules: Vec::new(),
            otherwise: None,
            usage: None,
            metadata: None,
            allow: Vec::new(),
            seed: None,
        };
        let mut reader = Reader {
            diagnostics,
            typed: Vec::new(),
        };
        let mut seen: Vec<Ident> = Vec::new();
        let mut entries = body.entries;
        entries.retain(|Entry { key, .. }| {
            let is_new = !seen.contains(key);
            if is_new {
                seen.push(key.clone());
            } else {
                diagnostics.error(
                    key.span(),
                    format!("`{key}` is given twice"),
                    format!("remove one of the two `{key}`"),
                );
            }
            is_new
        });
        // How a call is read depends on its tool.
        entries.sort_by_key(|entry| entry.key != "tools");
        let mut entries = entries.into_iter().peekable();
        if let Some(Entry { key, value }) = entries.next_if(|entry| entry.key == "tools") {
            reader.entry(&mut mock, &key, value);
            reader.typed = mock.typed_tools();
        }
        let mut turns = body.turns;
        if let Some(expr) = &body.profile {
            mock.profile = reader.profile(expr);
        } else if let Some(first) = turns
            .first_mut()
            .and_then(|first| first.take_if(|first| is_profile(first)))
        {
            mock.profile = reader.profile(&first);
            turns.remove(0);
        }
        mock.turns = reader.turns(&turns);
        for Entry { key, value } in entries {
            reader.entry(&mut mock, &key, value);
        }
        mock
    }

    fn typed_tools(&self) -> Vec<(Ident, Path)> {
        let tools = self.tools.iter().flatten();
        let typed = tools.filter_map(|tool| match &tool.parameters {
            Parameters::Typed(path) => Some((tool.name.clone(), path.clone())),
            Parameters::Fields(_) => None,
        });
        typed.collect()
    }

    /// Every turn: the script's, the rules, and the one otherwise.
    pub(in crate::provider) fn all_turns(&self) -> impl Iterator<Item = &Turn> {
        let otherwise = match &self.otherwise {
            Some(Otherwise::Turn(turn)) => Some(&**turn),
            _ => None,
        };
        self.turns.iter().chain(&self.rules).chain(otherwise)
    }

    /// Every action of every turn.
    pub(in crate::provider) fn actions(&self) -> impl Iterator<Item = &ActionKind> {
        let actions = self.all_turns().flat_map(|turn| &turn.actions);
        actions.map(|action| &action.kind)
    }

    /// Every call that a turn makes.
    pub(in crate::provider) fn calls(&self) -> impl Iterator<Item = &Call> {
        self.actions().filter_map(|action| match action {
            ActionKind::Call(call) => Some(call),
            _ => None,
        })
    }

    /// The declared tool of this name.
    pub(in crate::provider) fn tool(&self, name: &str) -> Option<&Tool> {
        let mut tools = self.tools.iter().flatten();
        tools.find(|tool| tool.name.unraw() == name)
    }

    /// What the provider calls the tool that the scenario calls by this name.
    pub(in crate::provider) fn wire_name(&self, name: &str) -> String {
        let declared = self.tool(name).and_then(|tool| tool.wire.as_ref());
        let called = || {
            let mut calls = self.calls().filter(|call| call.tool.unraw() == name);
            calls.find_map(|call| call.wire.as_ref())
        };
        let wire = declared.or_else(called);
        wire.map_or_else(|| name.to_owned(), LitStr::value)
    }

    /// A path into the results of a tool, in the names that these have.
    pub(in crate::provider) fn wire_path(&self, tool: &str, path: &str) -> String {
        let mut ty = self.tool(tool).and_then(|tool| tool.returns.as_ref());
        let keys = path.split('.').map(|key| {
            let (wire, inner) = match ty.map(Type::required) {
                Some(Type::Object(fields)) => {
                    let field = fields.iter().find(|field| field.name.unraw() == key);
                    (field.map(Field::wire_name), field.map(|field| &field.ty))
                }
                Some(Type::List(inner)) => (None, Some(&**inner)),
                _ => (None, None),
            };
            ty = inner;
            wire.unwrap_or_else(|| key.to_owned())
        });
        keys.collect::<Vec<_>>().join(".")
    }

    /// The first key of a path into the results of a tool that is not declared there, and those that are.
    pub(in crate::provider) fn unknown_key(
        &self,
        tool: &str,
        path: &str,
    ) -> Option<(String, Vec<String>)> {
        let mut ty = self.tool(tool)?.returns.as_ref()?;
        for key in path.split('.') {
            ty = match ty.required() {
                Type::Object(fields) => {
                    match fields.iter().find(|field| field.name.unraw() == key) {
                        Some(field) => &field.ty,
                        None => {
                            let known = fields.iter().map(|field| word(&field.name));
                            return Some((key.to_owned(), known.collect()));
                        }
                    }
                }
                Type::List(inner) if key.parse::<usize>().is_ok() => inner,
                Type::Json => return None,
                _ => return Some((key.to_owned(), Vec::new())),
            };
        }
        None
    }

    /// The names of all tools, if there are any declared and all of them were understood.
    pub(in crate::provider) fn tool_names(&self) -> Option<Vec<String>> {
        let tools = self.tools.as_ref().filter(|_| self.tools_are_whole)?;
        Some(tools.iter().map(|tool| word(&tool.name)).collect())
    }
}

impl Tool {
    /// Its name as the provider sees it.
    pub(in crate::provider) fn wire_name(&self) -> String {
        let wire = self.wire.as_ref();
        wire.map_or_else(|| word(&self.name), LitStr::value)
    }
}

impl Turn {
    /// Every failure in it.
    pub(in crate::provider) fn failures(&self) -> impl Iterator<Item = &Failure> {
        let fault = self.fault.iter().filter_map(|fault| match &fault.kind {
            FaultKind::Error(failure) => Some(failure),
            _ => None,
        });
        let actions = self.actions.iter().filter_map(|action| match &action.kind {
            ActionKind::Fail(failure) => Some(failure),
            _ => None,
        });
        actions.chain(fault)
    }
}

impl Matcher {
    /// It, and all that are within it.
    pub(in crate::provider) fn all(&self) -> Vec<&Matcher> {
        let mut all = vec![self];
        match self {
            Matcher::AnyOf(inner) => all.extend(inner.iter().flat_map(Matcher::all)),
            Matcher::Not(inner) => all.extend(inner.all()),
            _ => {}
        }
        all
    }
}

impl Type {
    /// The type, whether or not it may be left out.
    pub(in crate::provider) fn required(&self) -> &Type {
        match self {
            Type::Optional(inner) => inner.required(),
            other => other,
        }
    }
}

impl Field {
    /// Its name as the provider sees it.
    pub(in crate::provider) fn wire_name(&self) -> String {
        let wire = self.wire.as_ref();
        wire.map_or_else(|| word(&self.name), LitStr::value)
    }
}

/// The only word of a path.
fn path_word(expr: &Expr) -> Option<&Ident> {
    match bare(expr) {
        Expr::Path(path) if path.qself.is_none() => path.path.get_ident(),
        _ => None,
    }
}

struct Reader<'a> {
    diagnostics: &'a Diagnostics,
    /// The tools whose arguments are a type of the user's own, and the type.
    typed: Vec<(Ident, Path)>,
}

fn literal(expr: &Expr) -> Option<&LitStr> {
    match bare(expr) {
        Expr::Lit(literal) => match &literal.lit {
            Lit::Str(text) => Some(text),
            _ => None,
        },
        _ => None,
    }
}

/// A word of the scenario, without the `r#` that Rust may need before it.
pub(in crate::provider) fn word(ident: &Ident) -> String {
    ident.unraw().to_string()
}
