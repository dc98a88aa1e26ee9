//! Actions: `reply`, `stream`, `fail` and the others.

use proc_macro2::Ident;
use syn::{Expr, ExprArray, ExprClosure, ExprPath};

use super::super::json_notation;
use super::super::words::{self, SyntaxKind, Word};
use super::failure::Failure;
use super::json::Texts;
use super::key::items_meant;
use super::method_chain::Link;
use super::text::Text;
use super::{Call, JsonValue, Reader, Replayed, Vector};
use crate::diagnostics::{listed, written};
use crate::duration::Time;
use crate::lint::Lint;
use crate::search::Search as _;
use crate::syntax::{bare, literal, push_some};

pub(crate) struct Action {
    pub(crate) word: Ident,
    pub(crate) kind: ActionKind,
}

pub(crate) enum ActionKind {
    /// A word that its argument alone completes.
    Plain(&'static Word, Argument),
    /// A word that takes the pieces of a text: `stream`, and others that take a text too.
    Stream(&'static Word, Vec<Text>),
    Json(JsonValue),
    Call(Call),
    Respond(Responder),
    Frames(Vec<Expr>),
    Embed(Vector),
    Replay(Replayed),
    Fail(Failure),
}

/// The argument of a plain action.
pub(crate) enum Argument {
    Nothing,
    Text(Text),
    Name(Expr),
    Time(Time),
}

impl ActionKind {
    /// The word of a plain action or of a stream.
    fn word(&self) -> Option<&'static Word> {
        match self {
            ActionKind::Plain(word, _) | ActionKind::Stream(word, _) => Some(word),
            _ => None,
        }
    }

    fn takes(&self, place: SyntaxKind) -> bool {
        self.word().is_some_and(|word| word.takes == place)
    }

    pub(crate) fn is_failure(&self) -> bool {
        matches!(self, ActionKind::Fail(_))
    }

    /// Whether the user's code says all that the turn answers.
    pub(crate) fn is_respond(&self) -> bool {
        matches!(self, ActionKind::Respond(_))
    }

    pub(crate) fn is_embed(&self) -> bool {
        matches!(self, ActionKind::Embed(_))
    }

    /// Whether nothing comes after it, ever.
    pub(crate) fn is_hang(&self) -> bool {
        self.takes(SyntaxKind::Nothing)
    }

    /// Whether it waits for a gate.
    pub(crate) fn is_gate(&self) -> bool {
        self.takes(SyntaxKind::Gate)
    }

    /// Whether the test pushes its events.
    pub(crate) fn is_driven(&self) -> bool {
        self.takes(SyntaxKind::Driver)
    }

    /// Whether it is the body of a raw answer.
    pub(crate) fn is_raw(&self) -> bool {
        self.takes(SyntaxKind::Verbatim)
    }

    pub(crate) fn is_signature(&self) -> bool {
        self.takes(SyntaxKind::Signature)
    }

    pub(crate) fn is_reasoning(&self) -> bool {
        self.word().is_some_and(|word| word.word == "reasoning")
    }

    /// The text of a plain action.
    pub(crate) fn text(&self) -> Option<&Text> {
        match self {
            ActionKind::Plain(_, Argument::Text(text)) => Some(text),
            _ => None,
        }
    }

    /// The same, where it is content.
    pub(crate) fn content(&self) -> Option<&Text> {
        match self.is_signature() {
            true => None,
            false => self.text(),
        }
    }

    /// Whether it is a raw answer.
    pub(crate) fn is_raw_answer(&self) -> bool {
        matches!(self, ActionKind::Frames(_)) || self.is_raw()
    }

    /// Whether it only lets time pass.
    pub(crate) fn is_wait(&self) -> bool {
        self.takes(SyntaxKind::Time) || self.is_gate()
    }
}

/// User code that answers in place of the turn.
pub(crate) enum Responder {
    /// Async or not.
    Closure(ExprClosure),
    AsyncFn(ExprPath),
}

impl Reader<'_> {
    /// Parses a step of a chain as an action; `None` if it has a mistake, which was reported.
    pub(super) fn action(&self, link: &Link<'_>) -> Option<ActionKind> {
        let word = words::ACTIONS.find_ident(link.word)?;
        if word.takes == SyntaxKind::TextOrPieces
            && let Some((pieces, _)) = list_in(link)
        {
            return Some(self.stream(link, word, pieces));
        }
        match word.takes {
            SyntaxKind::Pieces => self.pieces(link, word),
            SyntaxKind::Value => {
                let value = self.one(link, "a value")?;
                if let Some(text) = literal(value)
                    && let Some(meant) = json_notation::from_json(&text.value())
                {
                    return self.reject(
                        Lint::JsonInText,
                        text,
                        &"this JSON is in quotes, so it is a text, not an object",
                        &format_args!(
                            "write `{meant}`, or `reply(verbatim(..))` for the text as it is"
                        ),
                    );
                }
                Some(ActionKind::Json(self.json_value(value, Texts::Templates)))
            }
            SyntaxKind::Called if self.is_call_in_two(link) || self.are_calls(link) => None,
            SyntaxKind::Called => {
                let call = self.one(link, "a tool")?;
                self.call(call).map(ActionKind::Call)
            }
            SyntaxKind::Responder => {
                let closure = self.one(link, "a closure")?;
                self.responder(link.word, closure).map(ActionKind::Respond)
            }
            SyntaxKind::Frames => self.frames(link).map(ActionKind::Frames),
            SyntaxKind::Vector => self.embed(link).map(ActionKind::Embed),
            SyntaxKind::Replayed => self.replayed(link).map(ActionKind::Replay),
            SyntaxKind::Failure => self.fail(link).map(ActionKind::Fail),
            _ => {
                let argument = self.argument(link, word)?;
                Some(ActionKind::Plain(word, argument))
            }
        }
    }

    /// The argument of a plain action.
    fn argument(&self, link: &Link<'_>, word: &Word) -> Option<Argument> {
        if word.takes == SyntaxKind::Text
            && let Some((_, list)) = list_in(link)
            && !list.elems.is_empty()
        {
            return self.reject(
                Lint::ExpectedText,
                &link.whole(),
                &format_args!("`{}` takes one text", link.word),
                &format_args!("write `stream({})` for a text in pieces", written(list)),
            );
        }
        match word.takes {
            text if text.is_text() => match self.is_formatted(link) {
                true => None,
                false => {
                    let text = self.one(link, "a text")?;
                    Some(Argument::Text(self.text(text)))
                }
            },
            SyntaxKind::Verbatim => {
                let text = self.one(link, "a text")?;
                self.plain_text(text, "a body").map(Argument::Name)
            }
            SyntaxKind::Gate | SyntaxKind::Driver => {
                let name = self.one(link, "a name")?;
                let name = self.plain_text(name, "a name")?;
                let message = format!("the name of a `{}` cannot be empty", word.word);
                let help = format!("write one, as in `{}`", word.call());
                self.not_blank(&name, &message, &help)?;
                Some(Argument::Name(name))
            }
            SyntaxKind::Time => {
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
            self.error_at(
                Lint::ExtraArgument,
                extra,
                format_args!("`{}` takes only a text", link.word),
                match self.is_declaration {
                    true => "remove this, and write it into the text".to_owned(),
                    false => format!("write `format!({})`", listed(&link.arguments)),
                },
            );
        }
        is_format
    }

    /// Parses a closure or the path of an async function.
    fn responder(&self, word: &Ident, expr: &Expr) -> Option<Responder> {
        match bare(expr) {
            Expr::Path(path) => {
                self.note_code(false, false);
                Some(Responder::AsyncFn(path.clone()))
            }
            _ => self.closure(word, expr).map(Responder::Closure),
        }
    }

    /// The action of a word that takes the pieces of a text alone.
    fn pieces(&self, link: &Link<'_>, word: &'static Word) -> Option<ActionKind> {
        if let [first, _, ..] = link.arguments.as_slice()
            && !matches!(bare(first), Expr::Array(_))
        {
            return self.reject(
                Lint::StreamPieces,
                &link.whole(),
                &format_args!("`{}` takes a list of texts", link.word),
                &format_args!("write `{}([{}])`", link.word, listed(&link.arguments)),
            );
        }
        let pieces = self.one(link, "a list of texts")?;
        Some(self.stream(link, word, pieces))
    }

    fn stream(&self, link: &Link<'_>, known: &'static Word, expr: &Expr) -> ActionKind {
        let word = link.word;
        let pieces = match bare(expr) {
            Expr::Array(pieces) => {
                if pieces.elems.is_empty() {
                    self.error(
                        Lint::StreamPieces,
                        word.span(),
                        format_args!("`{word}` has no pieces"),
                        format_args!("write them, as in `{word}([\"Hel\", \"lo\"])`, or `reply(\"\")` for an empty answer"),
                    );
                }
                let mut texts = Vec::new();
                for piece in &pieces.elems {
                    texts.push(self.text(piece));
                }
                texts
            }
            other => {
                let help = match list_of(other) {
                    Some(list) => format!("write `{word}({list})`"),
                    None => format!("write the texts in a list, as in `{}`", known.call()),
                };
                self.error_at(
                    Lint::StreamPieces,
                    &link.whole(),
                    format_args!("`{word}` takes a list of texts"),
                    help,
                );
                Vec::new()
            }
        };
        ActionKind::Stream(known, pieces)
    }

    fn frames(&self, link: &Link<'_>) -> Option<Vec<Expr>> {
        let [first, rest @ ..] = link.arguments.as_slice() else {
            self.one(link, "a list of texts")?;
            return None;
        };
        let Expr::Array(frames) = bare(first) else {
            return self.reject(
                Lint::StreamPieces,
                &link.whole(),
                &"`frames` takes a list of texts",
                &format_args!("write `frames([{}])`", listed(&link.arguments)),
            );
        };
        if !rest.is_empty() {
            self.one(link, "a list of texts");
        }
        if frames.elems.is_empty() {
            self.error(
                Lint::StreamPieces,
                link.word.span(),
                "`frames` has no frames",
                "write them, as in `frames([\"data: [DONE]\\n\\n\"])`, or `raw(\"\")` for an empty answer",
            );
        }
        let mut texts = Vec::new();
        for frame in &frames.elems {
            push_some(&mut texts, self.plain_text(frame, "a frame"));
        }
        Some(texts)
    }
}

/// The list that is meant by one text, or by a list of another type.
fn list_of(expr: &Expr) -> Option<String> {
    let is_meant = match expr {
        Expr::Reference(reference) => match bare(&reference.expr) {
            Expr::Array(_) => true,
            other => list_of(other).is_some(),
        },
        Expr::Macro(list) => ["vec", "format"].any(&|name| list.mac.path.is_ident(name)),
        text => literal(text).is_some(),
    };
    is_meant.then(|| format!("[{}]", items_meant(expr)))
}

/// The list of pieces that is the only argument, as an expression and as a list.
fn list_in<'a>(link: &Link<'a>) -> Option<(&'a Expr, &'a ExprArray)> {
    let [pieces] = *link.arguments.as_slice() else {
        return None;
    };
    match bare(pieces) {
        Expr::Array(list) => Some((pieces, list)),
        _ => None,
    }
}
