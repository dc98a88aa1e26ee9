//! Says why a request belongs to no instance of the script.

use super::matcher_input::MatcherInput;
use super::matcher_mismatch;
use super::mismatch_reason::MismatchReason;
use crate::scenario::{Per, Scenario};

/// Why a request has nothing to tell an instance by.
pub(super) fn no_instance(
    scenario: &Scenario,
    request: MatcherInput<'_>,
    width: usize,
) -> Option<MismatchReason> {
    match scenario.per.as_ref()? {
        Per::Matcher(matcher) => Some(matcher_mismatch::why(matcher, request, width)),
        Per::Header(name) => Some(matcher_mismatch::header_and_path::header(
            name,
            request.head,
            width,
        )),
        Per::Conversation | Per::Model => None,
    }
}
