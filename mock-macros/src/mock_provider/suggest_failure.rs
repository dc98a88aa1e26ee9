//! Suggests the kind of a failure that is written in another way than the grammar has.

use syn::{Expr, Ident};

use super::words;
use crate::diagnostics::written;
use crate::syntax::{bare, elements, integer, literal, method_chain, path_word};

/// The kind of failure, with its fields, that is meant by one in quotes, with parentheses, or with the fields of the builder; or by a
/// status.
pub(crate) fn kind_meant(expr: &Expr) -> Option<String> {
    let (base, links) = method_chain(expr);
    if let Some(status) = status_of(base).filter(|_| links.is_empty()) {
        return kind_of_status(status).map(|kind| format!("{kind} {{ status: {status} }}"));
    }
    if let (Expr::Call(call), []) = (base, links.as_slice())
        && let ([status], false) = (elements(&call.args).as_slice(), is_kind(&call.func))
        && let Some(status) = status_of(status)
    {
        return kind_of_status(status).map(|kind| format!("{kind} {{ status: {status} }}"));
    }
    // `status = 429`
    if let (Expr::Assign(set), []) = (base, links.as_slice())
        && path_word(&set.left).is_some_and(|name| name == "status")
        && let Some(status) = status_of(&set.right)
    {
        return kind_of_status(status).map(|kind| format!("{kind} {{ status: {status} }}"));
    }
    let kind = match base {
        Expr::Call(call) => path_end(&call.func)?.to_string(),
        other => match literal(other) {
            Some(word) => word.value(),
            // `rate-limit`
            None => written(other).replace('-', "_"),
        },
    };
    let kind = words::KINDS.find(&kind)?.word;
    let mut fields = Vec::new();
    if let Expr::Call(call) = base {
        for argument in &call.args {
            fields.push(field_meant(kind, argument)?);
        }
    }
    for link in &links {
        let field = words::FIELDS.find_ident(&link.method)?;
        fields.push(format!("{}: {}", field.word, written(link.args.first()?)));
    }
    Some(match fields.is_empty() {
        true => kind.to_owned(),
        false => format!("{kind} {{ {} }}", fields.join(", ")),
    })
}

fn is_kind(expr: &Expr) -> bool {
    path_word(expr).is_some_and(|word| words::KINDS.has_ident(word))
}

/// The last word of a path, as of `ProviderError::timeout`.
fn path_end(expr: &Expr) -> Option<&Ident> {
    match bare(expr) {
        Expr::Path(path) => path.path.segments.last().map(|last| &last.ident),
        _ => None,
    }
}

/// The field that an argument of a kind of failure is meant to be; `None` if that cannot be told.
pub(crate) fn field_meant(kind: &str, argument: &Expr) -> Option<String> {
    match bare(argument) {
        Expr::Assign(field) => {
            let word = words::FIELDS
                .find(&path_word(&field.left)?.to_string())?
                .word;
            Some(format!("{word}: {}", written(&field.right)))
        }
        text if literal(text).is_some() => Some(format!("message: {}", written(text))),
        status if status_of(status).is_some() => Some(format!("status: {}", written(status))),
        time => words::WAITING_KINDS
            .contains(&kind)
            .then(|| format!("retry_after: {}", written(time))),
    }
}

/// The HTTP status of an error, if it is one.
fn status_of(expr: &Expr) -> Option<u16> {
    let number = integer(expr).filter(|number| number.suffix().is_empty())?;
    let status = number.base10_parse().ok()?;
    (400..=599).contains(&status).then_some(status)
}

/// The kind of failure that most providers give this status.
fn kind_of_status(status: u16) -> Option<&'static str> {
    Some(match status {
        400 => "bad_request",
        401 => "auth",
        403 => "permission",
        404 => "not_found",
        429 => "rate_limit",
        529 => "overloaded",
        500..=599 => "server_error",
        _ => return None,
    })
}
