//! `.keepalive(..)`: what is sent while an answer pauses.

use syn::Expr;

use super::Reader;
use super::method_chain::Link;
use crate::duration::Time;
use crate::lint::Lint;
use crate::search::Search as _;
use crate::syntax::{bare, literal};

/// The keep-alives of a turn.
pub(crate) struct Keepalive {
    pub(crate) every: Time,
    /// The text that replaces the wire's own keep-alive.
    pub(crate) text: Option<Expr>,
}

impl Reader<'_> {
    /// `.keepalive(10s)`, or `.keepalive(10s, ": OPENROUTER PROCESSING")`.
    pub(super) fn keepalive(&self, link: &Link<'_>) -> Option<Keepalive> {
        let [time, rest @ ..] = link.arguments.as_slice() else {
            self.one(link, "a time");
            return None;
        };
        if let Some(extra) = rest.get(1) {
            self.error_at(
                Lint::ExtraArgument,
                extra,
                "`keepalive` takes only a time and a text",
                "remove this",
            );
        }
        let text = rest.first().map(|text| self.sign_of_life(text));
        Some(Keepalive {
            every: self.some_time(bare(time), "keepalive"),
            text: match text {
                Some(text) => Some(text?),
                None => None,
            },
        })
    }

    /// The lines of a comment, or of an event.
    fn sign_of_life(&self, expr: &Expr) -> Option<Expr> {
        let text = self.plain_text(expr, "a keep-alive")?;
        if let Some(literal) = literal(&text) {
            let value = literal.value();
            let lines = value.strip_suffix('\n').unwrap_or(&value);
            let message = match lines.split('\n').find(|line| !is_event_line(line)) {
                Some("") if lines.is_empty() => "a keep-alive cannot be empty".to_owned(),
                Some("") => "a keep-alive cannot contain an empty line".to_owned(),
                Some(line) => format!("{line:?} is neither a comment nor a field of an event"),
                None => return Some(text),
            };
            let help = match lines {
                comment if !comment.contains(&[':', '\n'][..]) && !comment.is_empty() => {
                    format!("write a comment: `\": {comment}\"`")
                }
                _ => {
                    "write a comment or the lines of one event, as in `\": keep-alive\"`".to_owned()
                }
            };
            self.error(Lint::KeepaliveText, literal.span(), message, help);
        }
        Some(text)
    }
}

/// Whether it is a line of server-sent events: a comment or a field.
fn is_event_line(line: &str) -> bool {
    let field = |field: &&str| {
        line.strip_prefix(*field)
            .is_some_and(|rest: &str| rest.starts_with(':'))
    };
    line.starts_with(':') || ["event", "data", "id", "retry"].any(&field)
}
