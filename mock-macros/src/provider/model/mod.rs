//! From entries to what they mean: every word is looked up here, and every mistake in one value reported.

mod action;
mod constant;
mod entry;
mod fault;
mod latency;
mod matcher;
mod tool;
mod turn;

use proc_macro2::Span;
use syn::ext::IdentExt as _;
use syn::{Attribute, Expr, ExprClosure, Ident, Lit, LitStr, Visibility};

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
    pub(in crate::provider) latency: Latency,
    pub(in crate::provider) tools: Option<Vec<Tool>>,
    /// Whether each of `tools` was understood.
    pub(in crate::provider) tools_are_whole: bool,
    pub(in crate::provider) turns: Vec<Turn>,
}

pub(in crate::provider) struct Profile {
    /// Its name in `Profile`.
    pub(in crate::provider) variant: &'static str,
    pub(in crate::provider) model: Option<Expr>,
}

pub(in crate::provider) enum Latency {
    None,
    Fixed(Time),
    Uniform(Time, Time),
}

pub(in crate::provider) struct Tool {
    pub(in crate::provider) name: Ident,
    pub(in crate::provider) arguments: Vec<Field>,
}

pub(in crate::provider) struct Field {
    pub(in crate::provider) name: Ident,
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

pub(in crate::provider) struct Turn {
    pub(in crate::provider) span: Span,
    /// Whether all of it was understood.
    pub(in crate::provider) is_whole: bool,
    pub(in crate::provider) matchers: Vec<Matcher>,
    pub(in crate::provider) actions: Vec<Action>,
    pub(in crate::provider) count: Count,
    pub(in crate::provider) ttft: Option<Time>,
    pub(in crate::provider) every: Option<Time>,
    pub(in crate::provider) fault: Option<Fault>,
}

pub(in crate::provider) enum Matcher {
    User(Vec<PatternPiece>),
    ToolResult(Ident),
    When(ExprClosure),
    /// A matcher that was not understood; that has been reported.
    Bad,
}

pub(in crate::provider) enum Action {
    Reply(Text),
    Stream(Vec<Text>),
    Reasoning(Text),
    Refusal(Text),
    Call(Call),
    Fail(Failure),
}

pub(in crate::provider) struct Call {
    pub(in crate::provider) tool: Ident,
    pub(in crate::provider) arguments: Vec<(Ident, Json)>,
}

pub(in crate::provider) struct Failure {
    pub(in crate::provider) word: Ident,
    pub(in crate::provider) kind: &'static Kind,
    pub(in crate::provider) message: Option<Text>,
    pub(in crate::provider) retry_after: Option<(Ident, Time)>,
    pub(in crate::provider) status: Option<Expr>,
}

impl Turn {
    /// Every failure in it.
    pub(in crate::provider) fn failures(&self) -> impl Iterator<Item = &Failure> {
        let fault = self.fault.iter().filter_map(|fault| match &fault.kind {
            FaultKind::Error(failure) => Some(failure),
            _ => None,
        });
        let actions = self.actions.iter().filter_map(|action| match action {
            Action::Fail(failure) => Some(failure),
            _ => None,
        });
        actions.chain(fault)
    }
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
    /// How often the turn answers at most; `None` if that is without end, or not known.
    pub(in crate::provider) fn max(&self) -> Option<u32> {
        match self {
            Count::Exactly(times) => Some(*times),
            Count::Range(_, max) => *max,
            Count::Between(..) | Count::Expr(_) => Some(u32::MAX),
        }
    }
}

impl Mock {
    pub(in crate::provider) fn of(body: Body, diagnostics: &Diagnostics) -> Mock {
        let reader = Reader { diagnostics };
        let mut turns = body.turns;
        let mut profile = Profile {
            variant: "Plain",
            model: None,
        };
        if let Some(expr) = &body.profile {
            profile = reader.profile(expr);
        } else if let Some(first) = turns
            .first_mut()
            .and_then(|first| first.take_if(|first| is_profile(first)))
        {
            profile = reader.profile(&first);
            turns.remove(0);
        }
        let mut mock = Mock {
            crate_path: CratePath::default(),
            attributes: body.attributes,
            visibility: body.visibility,
            is_declaration: body.is_declaration,
            name: body.name,
            profile,
            latency: Latency::None,
            tools: None,
            tools_are_whole: true,
            turns: reader.turns(&turns),
        };
        let mut seen: Vec<Ident> = Vec::new();
        for Entry { key, value } in body.entries {
            if seen.contains(&key) {
                diagnostics.error(
                    key.span(),
                    format!("`{key}` is given twice"),
                    format!("remove one of the two `{key}`"),
                );
                continue;
            }
            reader.entry(&mut mock, &key, value);
            seen.push(key);
        }
        mock
    }

    /// The names of all tools, if there are any declared and all of them were understood.
    pub(in crate::provider) fn tool_names(&self) -> Option<Vec<String>> {
        let tools = self.tools.as_ref().filter(|_| self.tools_are_whole)?;
        Some(tools.iter().map(|tool| wire_name(&tool.name)).collect())
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

/// The name of a tool, an argument or a field as the provider sees it.
pub(in crate::provider) fn wire_name(ident: &Ident) -> String {
    ident.unraw().to_string()
}
