//! Why a matcher of the head of an HTTP request does not hold.

use super::super::formatting::{exact, list};
use super::super::mismatch_reason::MismatchReason;
use crate::hide_secrets;
use crate::scenario::request_head::RequestHead;

/// How much is shown of a value.
const VALUE: usize = 60;

/// Describes what a request has in place of this header.
pub(in crate::report) fn header(name: &str, head: Option<&RequestHead>) -> MismatchReason {
    let Some(head) = head else {
        return MismatchReason::from_text(format_args!("in process there are no headers"));
    };
    let (mut values, mut others) = (Vec::new(), Vec::new());
    for (known, value) in &head.headers {
        match known.eq_ignore_ascii_case(name) {
            true => values.push(exact(&hide_secrets::hide_header(name, value), VALUE)),
            false => others.push(known.as_str()),
        }
    }
    if values.is_empty() {
        let others = list(&others);
        return MismatchReason::new(
            format_args!("it has no header `{name}`"),
            format_args!("the request has no header `{name}`, but {others}"),
        );
    }
    let values = values.join(" and ");
    MismatchReason::from_text(format_args!("its header `{name}` is {values}"))
}

/// Describes the path of a request in place of this one.
pub(super) fn path(head: Option<&RequestHead>) -> MismatchReason {
    let Some(head) = head else {
        return MismatchReason::from_text(format_args!("in process there is no path"));
    };
    let sent = exact(&hide_secrets::hide(&head.line()), VALUE);
    MismatchReason::from_text(format_args!("it is a request for {sent}"))
}
