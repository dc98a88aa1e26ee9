//! Why a matcher of the head of an HTTP request does not hold.

use super::super::formatting::{exact, list};
use super::super::mismatch_reason::MismatchReason;
use crate::hide_secrets;
use crate::scenario::request_head::RequestHead;

/// How much is shown of a value.
const VALUE: usize = 60;

/// Describes what a request has in place of this header.
pub(in crate::report) fn header(
    name: &str,
    head: Option<&RequestHead>,
    width: usize,
) -> MismatchReason {
    let Some(head) = head else {
        return MismatchReason::from_text("in process there are no headers".to_owned(), width);
    };
    let (mut values, mut others) = (Vec::new(), Vec::new());
    for (known, value) in &head.headers {
        match known.eq_ignore_ascii_case(name) {
            true => values.push(exact(&hide_secrets::hide_header(name, value), VALUE)),
            false => others.push(known.as_str()),
        }
    }
    if values.is_empty() {
        return MismatchReason::new(
            format!("it has no header `{name}`"),
            &format!("the request has no header `{name}`, but {}", list(&others)),
            width,
        );
    }
    let values = values.join(" and ");
    MismatchReason::from_text(format!("its header `{name}` is {values}"), width)
}

/// Describes the path of a request in place of this one.
pub(super) fn path(head: Option<&RequestHead>, width: usize) -> MismatchReason {
    match head {
        None => MismatchReason::from_text("in process there is no path".to_owned(), width),
        Some(head) => {
            let asked = exact(&hide_secrets::hide(&head.line()), VALUE);
            MismatchReason::from_text(format!("it is a request for {asked}"), width)
        }
    }
}
