//! Says why a request belongs to no instance of the script.

use super::matcher_input::MatcherInput;
use super::matcher_mismatch::{header_and_path, why};
use super::mismatch_reason::MismatchReason;
use crate::scenario::{Per, Scenario};

/// Why a request has nothing to tell an instance by.
pub(super) fn no_instance(
    scenario: &Scenario,
    request: MatcherInput<'_>,
) -> Option<MismatchReason> {
    match scenario.per.as_ref()? {
        Per::Matcher(matcher) => Some(why(matcher, request)),
        Per::Header(name) => Some(header_and_path::header(name, request.head)),
        Per::Conversation | Per::Model => None,
    }
}
