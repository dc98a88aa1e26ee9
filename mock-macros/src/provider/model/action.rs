//! What a turn answers with.

use proc_macro2::Ident;
use quote::{ToTokens as _, quote};
use syn::{Expr, ExprCall, ExprClosure, ExprPath, Lit, LitStr, Path, parse_quote};

use super::super::text::{self, Piece};
use super::super::words::{self, Place, Word};
use super::json::Texts;
use super::method_chain::Link;
use super::number::{in_quotes, is_literal};
use super::{Call, JsonValue, Reader, Vector, literal, path_word};
use crate::diagnostics::{did_you_mean, written};
use crate::rule::Rule;
use crate::syntax::bare;
use crate::time::{Time, Unit};

pub(in crate::provider) struct Action {
    pub(in crate::provider) word: Ident,
    pub(in crate::provider) kind: ActionKind,
}

pub(in crate::provider) enum ActionKind {
    /// A word that its argument alone completes.
    Plain(&'static Word, Argument),
    /// A word that takes the pieces of a text: `stream`, and others that take a text too.
    Stream(&'static Word, Vec<Text>),
    Json(JsonValue),
    Call(Call),
    Respond(Responder),
    Frames(Vec<Expr>),
    Embed(Vector),
    Fail(Failure),
}

/// What the parentheses of a plain action hold.
pub(in crate::provider) enum Argument {
    Nothing,
    Text(Text),
    Name(Expr),
    Time(Time),
}

impl ActionKind {
    /// Whether it is the action of this word, where that is a plain one or a stream.
    pub(in crate::provider) fn is(&self, word: &str) -> bool {
        match self {
            ActionKind::Plain(known, _) | ActionKind::Stream(known, _) => known.word == word,
            _ => false,
        }
    }

    /// The text of a plain action.
    pub(in crate::provider) fn text(&self) -> Option<&Text> {
        match self {
            ActionKind::Plain(_, Argument::Text(text)) => Some(text),
            _ => None,
        }
    }

    /// The same, where it is content.
    pub(in crate::provider) fn content(&self) -> Option<&Text> {
        self.text().filter(|_| !self.is("signature"))
    }

    /// Whether it is a raw answer.
    pub(in crate::provider) fn is_raw_answer(&self) -> bool {
        matches!(self, ActionKind::Frames(_)) || self.is("raw")
    }

    /// Whether it only lets time pass.
    pub(in crate::provider) fn is_wait(&self) -> bool {
        matches!(self, ActionKind::Plain(_, Argument::Time(_))) || self.is("gate")
    }
}

pub(in crate::provider) struct Failure {
    pub(in crate::provider) word: Ident,
    pub(in crate::provider) kind: &'static Word,
    pub(in crate::provider) message: Option<Text>,
    pub(in crate::provider) retry_after: Option<(Ident, Time)>,
    pub(in crate::provider) status: Option<Expr>,
    pub(in crate::provider) code: Option<Expr>,
    pub(in crate::provider) headers: Option<(Ident, Vec<(Expr, Expr)>)>,
    pub(in crate::provider) body: Option<(Ident, Expr)>,
}

/// What answers in place of the turn.
pub(in crate::provider) enum Responder {
    /// Async or not.
    Closure(ExprClosure),
    AsyncFn(ExprPath),
}

/// A text: a template, or an expression that is taken as it is.
pub(in crate::provider) enum Text {
    Template(LitStr, Vec<Piece>),
    Expr(Expr),
}

impl Reader<'_> {
    /// What the step of a chain answers with; `None` if it was not understood, and that has been reported.
    pub(super) fn action(&self, link: &Link<'_>) -> Option<ActionKind> {
        match link.word.to_string().as_str() {
            "reply"
                if let [pieces] = link.arguments.as_slice()
                    && let Expr::Array(list) = bare(pieces)
                    && !list.elems.is_empty() =>
            {
                self.diagnostics.error_at(
                    Rule::ExpectedText,
                    pieces,
                    "expected a text",
                    "write `stream([\"Hel\", \"lo\"])` for a text in pieces",
                );
                None
            }
            "stream"
                if let [first, _, ..] = link.arguments.as_slice()
                    && !matches!(bare(first), Expr::Array(_)) =>
            {
                self.diagnostics.error_at(
                    Rule::StreamPieces,
                    first,
                    "`stream` takes a list of texts",
                    format!("write `stream([{}])`", listed(&link.arguments)),
                );
                None
            }
            "stream" => {
                let pieces = self.one(link, "a list of texts")?;
                self.stream(link.word, pieces)
            }
            "reasoning" | "refusal"
                if let [pieces] = link.arguments.as_slice()
                    && matches!(bare(pieces), Expr::Array(_)) =>
            {
                self.stream(link.word, pieces)
            }
            "json" => self
                .one(link, "a value")
                .map(|value| ActionKind::Json(self.json_value(value, Texts::Templates))),
            "call" => self
                .one(link, "a tool")
                .and_then(|call| self.call(call))
                .map(ActionKind::Call),
            "respond_with" => self
                .one(link, "a closure")
                .and_then(|closure| self.responder(closure))
                .map(ActionKind::Respond),
            "frames" => self.frames(link).map(ActionKind::Frames),
            "embed" => self.embed(link).map(ActionKind::Embed),
            "fail" => self.fail(link).map(ActionKind::Fail),
            plain => {
                let word = words::ACTIONS.find(plain)?;
                let argument = self.argument(link, word)?;
                Some(ActionKind::Plain(word, argument))
            }
        }
    }

    /// The argument of a plain action.
    fn argument(&self, link: &Link<'_>, word: &Word) -> Option<Argument> {
        match word.takes {
            Place::Text if self.is_formatted(link) => None,
            Place::Text => {
                let text = self.one(link, "a text")?;
                Some(Argument::Text(self.text(text)))
            }
            Place::Verbatim => {
                let text = self.one(link, "a text")?;
                self.plain_text(text, "a body").map(Argument::Name)
            }
            Place::Name => {
                let name = self.one(link, "a name")?;
                self.plain_text(name, "a name").map(Argument::Name)
            }
            Place::Time => {
                let time = self.one(link, "a time")?;
                Some(Argument::Time(self.some_time(time, word.word)))
            }
            _ => {
                let word = word.call();
                self.nothing(
                    link,
                    &format!("write `{word}`, or `.stall_after(300ms)` for a time"),
                );
                Some(Argument::Nothing)
            }
        }
    }

    /// Whether a text has values behind it, as in `format!`. That is reported.
    fn is_formatted(&self, link: &Link<'_>) -> bool {
        let [text, extra, ..] = link.arguments.as_slice() else {
            return false;
        };
        let is_format = literal(text).is_some_and(|text| text.value().contains('{'));
        if is_format {
            self.diagnostics.error_at(
                Rule::ExtraArgument,
                extra,
                format!("`{}` takes only a text", link.word),
                match self.is_declaration {
                    true => "remove this, and write it into the text".to_owned(),
                    false => format!("write `format!({})`", listed(&link.arguments)),
                },
            );
        }
        is_format
    }

    fn fail(&self, link: &Link<'_>) -> Option<Failure> {
        let field = |expr: &Expr| match bare(expr) {
            Expr::Assign(field) => Some(format!(
                "{}: {}",
                written(&field.left),
                written(&field.right)
            )),
            text => literal(text).map(|text| format!("message: {}", text.token())),
        };
        match link.arguments.as_slice() {
            [kind, extra]
                if path_word(kind).is_some()
                    && let Some(field) = field(extra) =>
            {
                self.diagnostics.error_at(
                    Rule::ExtraArgument,
                    extra,
                    "the fields of a failure stand in braces",
                    format!("write `fail({} {{ {field} }})`", written(kind)),
                );
                self.failure(kind)
            }
            _ => self.failure(self.one(link, "a kind of failure")?),
        }
    }

    /// What answers: a closure, or the path to an async function.
    fn responder(&self, expr: &Expr) -> Option<Responder> {
        match bare(expr) {
            Expr::Path(path) => Some(Responder::AsyncFn(path.clone())),
            _ => self.closure("respond_with", expr).map(Responder::Closure),
        }
    }

    /// A closure that is asked while a call is answered.
    pub(super) fn closure(&self, word: &str, expr: &Expr) -> Option<ExprClosure> {
        let Expr::Closure(closure) = bare(expr) else {
            self.diagnostics.error_at(
                Rule::ExpectedClosure,
                expr,
                format!("`{word}` needs a closure"),
                format!("write `{word}(|request| ..)`"),
            );
            return None;
        };
        if let Some(asyncness) = closure.asyncness.as_ref().filter(|_| word == "when") {
            self.diagnostics.error_at(
                Rule::ExpectedClosure,
                asyncness,
                format!("the closure of `{word}` is not async"),
                "remove `async`; what answers may await: `respond_with(async |request| ..)`",
            );
            return None;
        }
        // The bars, where there is nothing between them.
        let wrong = match closure.inputs.len() {
            1 => return Some(closure.clone()),
            0 => {
                let (open, close) = (closure.inputs_begin, closure.inputs_end);
                quote!(#open #close)
            }
            _ => closure.inputs.iter().nth(1).to_token_stream(),
        };
        self.diagnostics.error_at(
            Rule::ExpectedClosure,
            wrong,
            format!("the closure of `{word}` takes the request alone"),
            format!("write `{word}(|request| ..)`"),
        );
        None
    }

    pub(super) fn text(&self, expr: &Expr) -> Text {
        match bare(expr) {
            Expr::Lit(literal) => match &literal.lit {
                Lit::Str(text) => Text::Template(text.clone(), self.template(text)),
                other => {
                    self.diagnostics.error_at(
                        Rule::ExpectedText,
                        other,
                        "expected a text",
                        in_quotes(expr),
                    );
                    Text::Expr(parse_quote!(""))
                }
            },
            Expr::Call(call) if path_word(&call.func).is_some_and(|word| word == "verbatim") => {
                self.verbatim(call)
            }
            Expr::Array(pieces) => {
                self.diagnostics.error_at(
                    Rule::ExpectedText,
                    pieces,
                    "expected a text",
                    one_text(pieces),
                );
                Text::Expr(parse_quote!(""))
            }
            Expr::Call(call) if path_word(&call.func).is_some_and(is_misspelt_verbatim) => {
                if let Some(word) = path_word(&call.func) {
                    self.diagnostics.error(
                        Rule::ExpectedText,
                        word.span(),
                        format!("unknown word `{word}`"),
                        "did you mean `verbatim`?",
                    );
                }
                Text::Expr(parse_quote!(""))
            }
            Expr::Call(call) if is_template(call) => {
                self.diagnostics.error_at(
                    Rule::ExpectedText,
                    &call.func,
                    "`template` is a word of the builder",
                    format!(
                        "a text is a template as it is: write `{}`",
                        written(&call.args)
                    ),
                );
                Text::Expr(parse_quote!(""))
            }
            other if is_literal(other) => {
                self.diagnostics.error_at(
                    Rule::ExpectedText,
                    other,
                    "expected a text",
                    in_quotes(other),
                );
                Text::Expr(parse_quote!(""))
            }
            _ if self.is_built(expr) => Text::Expr(parse_quote!("")),
            _ => Text::Expr(expr.clone()),
        }
    }

    pub(super) fn verbatim(&self, call: &ExprCall) -> Text {
        let mut arguments = call.args.iter();
        let text = arguments.next();
        if text.is_none() || arguments.next().is_some() {
            self.diagnostics.error_at(
                Rule::ExpectedText,
                call,
                "`verbatim` takes one text",
                "write `verbatim(\"..\")`",
            );
        }
        Text::Expr(text.cloned().unwrap_or_else(|| parse_quote!("")))
    }

    pub(super) fn template(&self, literal: &LitStr) -> Vec<Piece> {
        let (pieces, mistakes) = text::template(literal);
        self.mistakes(literal, mistakes);
        pieces
    }

    fn stream(&self, word: &Ident, expr: &Expr) -> Option<ActionKind> {
        let known = words::ACTIONS.find(&word.to_string())?;
        let pieces = match bare(expr) {
            Expr::Array(pieces) => {
                if pieces.elems.is_empty() {
                    self.diagnostics.error(
                        Rule::StreamPieces,
                        word.span(),
                        format!("`{word}` has no pieces"),
                        format!("write them, as in `{word}([\"Hel\", \"lo\"])`, or `reply(\"\")` for an empty answer"),
                    );
                }
                pieces.elems.iter().map(|piece| self.text(piece)).collect()
            }
            other => {
                self.diagnostics.error_at(
                    Rule::StreamPieces,
                    other,
                    "`stream` takes a list of texts",
                    "write `stream([\"Hel\", \"lo\"])`",
                );
                Vec::new()
            }
        };
        Some(ActionKind::Stream(known, pieces))
    }

    fn frames(&self, link: &Link<'_>) -> Option<Vec<Expr>> {
        let [first, rest @ ..] = link.arguments.as_slice() else {
            self.one(link, "a list of texts")?;
            return None;
        };
        let Expr::Array(frames) = bare(first) else {
            self.diagnostics.error_at(
                Rule::StreamPieces,
                first,
                "`frames` takes a list of texts",
                format!("write `frames([{}])`", listed(&link.arguments)),
            );
            return None;
        };
        if !rest.is_empty() {
            self.one(link, "a list of texts");
        }
        if frames.elems.is_empty() {
            self.diagnostics.error(
                Rule::StreamPieces,
                link.word.span(),
                "`frames` has no frames",
                "write them, as in `frames([\"data: [DONE]\\n\\n\"])`, or `raw(\"\")` for an empty answer",
            );
        }
        let frames = frames.elems.iter();
        let frames = frames.filter_map(|frame| self.plain_text(frame, "a frame"));
        Some(frames.collect())
    }

    pub(super) fn failure(&self, expr: &Expr) -> Option<Failure> {
        let (path, fields) = match bare(expr) {
            Expr::Path(path) => (&path.path, Vec::new()),
            Expr::Struct(failure) => (&failure.path, self.members(failure)),
            other => {
                self.diagnostics.error_at(
                    Rule::UnknownFailure,
                    other,
                    "expected a kind of failure",
                    "write it as in `fail(rate_limit { retry_after: 2s })`",
                );
                return None;
            }
        };
        let (word, kind) = self.kind(path)?;
        let mut failure = Failure {
            word: word.clone(),
            kind,
            message: None,
            retry_after: None,
            status: None,
            code: None,
            headers: None,
            body: None,
        };
        for (name, value) in fields {
            match name.to_string().as_str() {
                "message" => failure.message = Some(self.text(value)),
                "retry_after" => failure.retry_after = Some((name, self.time(value, Unit::Secs))),
                "status" => failure.status = self.status(value, "status: 429"),
                "headers" => {
                    const EXAMPLE: &str = "headers: [(\"x-request-id\", \"abc\")]";
                    failure.headers = Some((name, self.headers(value, EXAMPLE)));
                }
                "code" => failure.code = self.code(value),
                "body" => {
                    let body = self.plain_text(value, "a body");
                    failure.body = body.map(|body| (name, body));
                }
                other => self.diagnostics.error(
                    Rule::FailureField,
                    name.span(),
                    format!("a failure has no field `{other}`"),
                    did_you_mean(other, "fields", words::FIELDS.names()),
                ),
            }
        }
        Some(failure)
    }

    fn kind<'p>(&self, path: &'p Path) -> Option<(&'p Ident, &'static Word)> {
        let word = path.get_ident();
        let known = word.and_then(|word| Some((word, words::KINDS.find(&word.to_string())?)));
        if known.is_none() {
            let name = word.map(Ident::to_string).unwrap_or_default();
            self.diagnostics.error_at(
                Rule::UnknownFailure,
                path,
                match word {
                    Some(word) => format!("unknown kind of failure `{word}`"),
                    None => "expected a kind of failure".to_owned(),
                },
                match words::foreign_kind(&name) {
                    Some(kind) => format!("did you mean `{kind}`?"),
                    None => did_you_mean(&name, "kinds", words::KINDS.names()),
                },
            );
        }
        known
    }

    /// A status that HTTP can carry.
    pub(super) fn status(&self, expr: &Expr, example: &str) -> Option<Expr> {
        let wrong = |what: String, remedy: String| {
            let rule = Rule::FailureField;
            self.diagnostics.error_at(rule, expr, what, remedy);
            None
        };
        let literal = match bare(expr) {
            Expr::Lit(literal) => literal,
            negative if is_literal(negative) => {
                return wrong(
                    format!("`{}` is no status of an answer", written(negative)),
                    format!("write one from 200 to 999, as in `{example}`"),
                );
            }
            _ => return Some(expr.clone()),
        };
        match &literal.lit {
            Lit::Int(status) => match status.base10_parse() {
                Ok(200..=999u16) => Some(expr.clone()),
                _ => wrong(
                    format!("`{status}` is no status of an answer"),
                    format!("write one from 200 to 999, as in `{example}`"),
                ),
            },
            _ => wrong(
                "a status is a number".to_owned(),
                format!("write it as in `{example}`"),
            ),
        }
    }

    /// The provider's code for a failure. A number is one in quotes.
    fn code(&self, expr: &Expr) -> Option<Expr> {
        if literal(expr).is_some_and(|code| code.value().is_empty()) {
            self.diagnostics.error_at(
                Rule::FailureField,
                expr,
                "the code of a failure is empty",
                "write it as in `code: \"session_expired\"`, or remove it",
            );
            return None;
        }
        self.plain_text(expr, "a code")
    }

    /// The names and the values of headers.
    pub(super) fn headers(&self, expr: &Expr, example: &str) -> Vec<(Expr, Expr)> {
        let wrong = |expr: &Expr, what: &str| {
            self.diagnostics.error_at(
                Rule::FailureField,
                expr,
                what,
                format!("write it as in `{example}`"),
            );
        };
        let Expr::Array(headers) = bare(expr) else {
            wrong(expr, "headers are a list of names and values");
            return Vec::new();
        };
        let headers = headers.elems.iter().filter_map(|header| {
            let elems = match bare(header) {
                Expr::Tuple(pair) => {
                    let mut elems = pair.elems.iter();
                    (elems.next(), elems.next(), elems.next())
                }
                _ => (None, None, None),
            };
            let (Some(name), Some(value), None) = elems else {
                wrong(bare(header), "a header is a name and a value");
                return None;
            };
            let name = self.plain_text(name, "the name of a header");
            let value = self.plain_text(value, "the value of a header");
            Some((name?, value?))
        });
        headers.collect()
    }
}

fn listed(arguments: &[&Expr]) -> String {
    let arguments: Vec<_> = arguments.iter().map(written).collect();
    arguments.join(", ")
}

/// Whether a function can be nothing but `verbatim` with a slip in it.
fn is_misspelt_verbatim(word: &Ident) -> bool {
    let word = word.to_string();
    let distance = strsim::damerau_levenshtein(&word, "verbatim");
    distance <= 2 && !word.starts_with("verbatim")
}

/// Whether this is `template(..)` of one text that is known when it compiles. With any other, it may be a function of the user's.
fn is_template(call: &ExprCall) -> bool {
    let is_known = |text: &Expr| match bare(text) {
        Expr::Macro(text) => text.mac.path.is_ident("include_str"),
        text => literal(text).is_some(),
    };
    path_word(&call.func).is_some_and(|word| word == "template")
        && call.args.len() == 1
        && call.args.iter().all(is_known)
}

/// The help for a list where one text stands: its texts as one.
fn one_text(list: &syn::ExprArray) -> String {
    let texts = list.elems.iter().map(|piece| Some(literal(piece)?.value()));
    match texts.collect::<Option<String>>() {
        Some(text) => format!("write one text: `{text:?}`"),
        None => "write one text, as in `\"Hello\"`".to_owned(),
    }
}
