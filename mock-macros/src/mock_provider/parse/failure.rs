//! Failures, and the status, headers and body of an HTTP answer.

use proc_macro2::Ident;
use syn::{Expr, Lit, Path};

use super::super::suggest_failure::{field_meant, kind_meant};
use super::super::words::{self, Word};
use super::method_chain::Link;
use super::number::{is_literal, number_meant};
use super::text::Text;
use super::{Reader, path_word};
use crate::diagnostics::written;
use crate::did_you_mean::did_you_mean;
use crate::duration::{Time, Unit};
use crate::lint::Lint;
use crate::search::Search as _;
use crate::syntax::{any_literal, bare, elements, literal, whole_number};

pub(crate) struct Failure {
    pub(crate) word: Ident,
    pub(crate) kind: &'static Word,
    pub(crate) message: Option<Text>,
    pub(crate) retry_after: Option<(Ident, Time)>,
    pub(crate) status: Option<Expr>,
    pub(crate) code: Option<Expr>,
    pub(crate) headers: Option<(Ident, Vec<(Expr, Expr)>)>,
    pub(crate) body: Option<(Ident, Expr)>,
    /// Its fields, as they are written.
    fields: Vec<(Ident, Expr)>,
}

impl Failure {
    /// The failure with this field, as it is written.
    pub(crate) fn with(&self, field: &str, value: &str) -> String {
        let mut fields = String::new();
        for (name, value) in &self.fields {
            if name != field {
                fields.push_str(&format!("{name}: {}, ", written(value)));
            }
        }
        format!("{} {{ {fields}{field}: {value} }}", self.word)
    }
}

impl Reader<'_> {
    pub(super) fn fail(&self, link: &Link<'_>) -> Option<Failure> {
        if let [kind, extra] = link.arguments.as_slice()
            && let Some(word) = path_word(kind)
            && let Some(field) = field_meant(&word.to_string(), extra)
        {
            self.error_at(
                Lint::ExtraArgument,
                extra,
                "the fields of a failure go in braces",
                format_args!("write `fail({} {{ {field} }})`", written(kind)),
            );
            return self.failure(kind, words::fields_of_an_answer);
        }
        // `fail(500, "oops")`
        if let [status, extra] = link.arguments.as_slice()
            && let Some(meant) = kind_meant(status)
            && let (Some(fields), Some(field)) = (meant.strip_suffix(" }"), field_meant("", extra))
        {
            return self.reject(
                Lint::UnknownFailure,
                status,
                &"expected a kind of failure",
                &format_args!("write `fail({fields}, {field} }})`"),
            );
        }
        let kind = self.one(link, "a kind of failure")?;
        self.failure(kind, words::fields_of_an_answer)
    }

    /// A failure. `known` are the fields that one of a kind can have, with a status or without.
    pub(super) fn failure(
        &self,
        expr: &Expr,
        known: fn(&str, bool) -> Vec<&'static str>,
    ) -> Option<Failure> {
        let (path, fields) = match bare(expr) {
            Expr::Path(path) => (&path.path, Vec::new()),
            Expr::Struct(failure) => (&failure.path, self.members(failure)),
            other => {
                return self.reject(
                    Lint::UnknownFailure,
                    other,
                    &"expected a kind of failure",
                    &match kind_meant(other) {
                        Some(kind) => format!("write `{kind}`"),
                        None => "write it as in `fail(rate_limit { retry_after: 2s })`".to_owned(),
                    },
                );
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
            fields: Vec::new(),
        };
        let has_status = fields.any(&|(name, _)| name == "status");
        for (name, value) in fields {
            failure.fields.push((name.clone(), value.clone()));
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
                other => self.error(
                    Lint::FailureField,
                    name.span(),
                    format_args!("a failure has no field `{other}`"),
                    did_you_mean(other, "fields", &known(kind.word, has_status)),
                ),
            }
        }
        Some(failure)
    }

    fn kind<'p>(&self, path: &'p Path) -> Option<(&'p Ident, &'static Word)> {
        let word = path.get_ident();
        if let Some(word) = word
            && let Some(kind) = words::KINDS.find_ident(word)
        {
            return Some((word, kind));
        }
        let (message, name) = match (word, path.segments.last()) {
            (Some(word), _) => (
                format!("unknown kind of failure `{word}`"),
                word.to_string(),
            ),
            (None, last) => (
                "expected a kind of failure".to_owned(),
                last.map(|last| snake_case(&last.ident)).unwrap_or_default(),
            ),
        };
        let help = match words::foreign_kind(&name).filter(|_| word.is_some()) {
            Some(kind) => format!("did you mean `{kind}`?"),
            None => words::KINDS.did_you_mean(&name),
        };
        self.reject(Lint::UnknownFailure, path, &message, &help)
    }

    /// A status that HTTP can carry.
    pub(super) fn status(&self, expr: &Expr, example: &str) -> Option<Expr> {
        let wrong = |what: String, remedy: String| {
            let lint = Lint::FailureField;
            self.reject(lint, expr, &what, &remedy)
        };
        match any_literal(expr) {
            None if !is_literal(expr) => Some(self.own(expr)),
            Some(Lit::Int(_)) if matches!(whole_number(expr), Some(200..=999)) => {
                Some(self.own(expr))
            }
            None | Some(Lit::Int(_)) => wrong(
                format!("`{}` is not the status of an answer", written(bare(expr))),
                format!("write one from 200 to 999, as in `{example}`"),
            ),
            Some(_) => wrong(
                "a status is a number".to_owned(),
                number_meant(expr, 200..=999, &format!("write it as in `{example}`")),
            ),
        }
    }

    /// The provider's code for a failure. A number is one in quotes.
    fn code(&self, expr: &Expr) -> Option<Expr> {
        if literal(expr).is_some_and(|code| code.value().is_empty()) {
            return self.reject(
                Lint::FailureField,
                expr,
                &"the code of a failure is empty",
                &"write it as in `code: \"session_expired\"`, or remove it",
            );
        }
        self.plain_text(expr, "a code")
    }

    /// The names and the values of headers.
    pub(super) fn headers(&self, expr: &Expr, example: &str) -> Vec<(Expr, Expr)> {
        let as_in = format!("write it as in `{example}`");
        let wrong = |expr: &Expr, what: &str, help: &str| {
            self.error_at(Lint::FailureField, expr, what, help);
        };
        let texts = match bare(expr) {
            Expr::Array(headers) => elements(&headers.elems),
            _ => Vec::new(),
        };
        // `["a", "b"]`
        if let ([name, value], true) = (&*texts, texts.all(&|text| literal(text).is_some())) {
            let help = format!("write `[({}, {})]`", written(*name), written(*value));
            wrong(bare(expr), "headers are a list of names and values", &help);
            return Vec::new();
        }
        let Expr::Array(headers) = bare(expr) else {
            let help = match bare(expr) {
                Expr::Tuple(header) if header.elems.len() == 2 => {
                    format!("write `[{}]`", written(header))
                }
                _ => as_in,
            };
            wrong(bare(expr), "headers are a list of names and values", &help);
            return Vec::new();
        };
        let mut read = Vec::new();
        for header in &headers.elems {
            let pair = match bare(header) {
                Expr::Tuple(pair) => elements(&pair.elems),
                _ => Vec::new(),
            };
            let [name, value] = *pair else {
                wrong(bare(header), "a header is a name and a value", &as_in);
                continue;
            };
            let name = self.plain_text(name, "the name of a header");
            let value = self.plain_text(value, "the value of a header");
            if let (Some(name), Some(value)) = (name, value) {
                read.push((name, value));
            }
        }
        read
    }
}

/// `rate_limit` for `RateLimit`.
fn snake_case(word: &Ident) -> String {
    let mut snake = String::new();
    for letter in word.to_string().chars() {
        if letter.is_uppercase() && !snake.is_empty() {
            snake.push('_');
        }
        snake.extend(letter.to_lowercase());
    }
    snake
}
