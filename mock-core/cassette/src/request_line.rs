//! Methods and paths that a request may have.

use std::borrow::Cow;

use crate::error::{CassetteError, CassetteProblem, Mark};

/// # Errors
/// If no request has this method.
pub(crate) fn check_method(method: &str, at: Option<Mark>) -> Result<(), CassetteError> {
    let is_of_word = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c);
    let (problem, remedy) = match method {
        "" => (
            "the method is empty".to_owned(),
            "write one, such as `POST`".into(),
        ),
        _ if !method.chars().all(is_of_word) => (
            format!("the method `{method}` is not one word"),
            "write one word, such as `POST`".into(),
        ),
        _ if method.contains(|c: char| c.is_ascii_lowercase()) => (
            format!("the method `{method}` is not in upper case"),
            format!("write `{}`", method.to_ascii_uppercase()).into(),
        ),
        _ => return Ok(()),
    };
    Err(unsent(at, problem, remedy))
}

/// # Errors
/// If no request has this path.
pub(crate) fn check_path(path: &str, at: Option<Mark>) -> Result<(), CassetteError> {
    let is_space = |c: char| c.is_whitespace() || c.is_control();
    let problem = match path {
        "" => "the path is empty".to_owned(),
        _ if is_url(path) => format!("the path `{path}` is a whole URL"),
        _ if path.contains(is_space) => format!("the path `{}` has a space", path.escape_debug()),
        _ if !path.starts_with('/') => format!("the path `{path}` does not begin with `/`"),
        _ if path.contains('?') => format!("the path `{path}` has a query"),
        _ if path.contains('#') => {
            format!("the path `{path}` has a part that clients do not send")
        }
        _ => return Ok(()),
    };
    let remedy = match path {
        "" => "write one, such as `/v1/chat/completions`".to_owned(),
        _ if path.contains('?') => format!(
            "write `{}`, and what follows `?` as `query_param`",
            corrected_path(path)
        ),
        _ => format!("write `{}`", corrected_path(path)),
    };
    Err(unsent(at, problem, remedy.into()))
}

fn is_url(path: &str) -> bool {
    let scheme = path.split_once("://").map(|(scheme, _)| scheme);
    scheme.is_some_and(|scheme| scheme.chars().all(char::is_alphanumeric))
}

/// The path without the mistakes that have an obvious remedy.
fn corrected_path(path: &str) -> String {
    let path = path.trim();
    let path = match path.split_once("://") {
        Some((_, rest)) if is_url(path) => rest.find(['/', '?', '#']).map_or("", |at| &rest[at..]),
        _ => path,
    };
    let path = path.split(['?', '#']).next().unwrap_or_default();
    let slash = if path.starts_with('/') { "" } else { "/" };
    let is_space = |c: char| c.is_whitespace() || c.is_control();
    format!("{slash}{}", path.replace(is_space, "%20"))
}

fn unsent(at: Option<Mark>, problem: String, remedy: Cow<'static, str>) -> CassetteError {
    CassetteError::new(CassetteProblem::Shape, at, problem, remedy)
}
