use std::fmt;
use std::sync::Arc;

use super::{Pattern, Str};
use crate::request::Request;

/// What a request must be for a turn to answer it.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Matcher {
    /// The last message is the user's, and its text contains the pattern.
    User(Pattern),
    /// One of the tool results at the end of the conversation is of this tool.
    ToolResult(Str),
    /// The user's own test holds.
    When(When),
}

/// A test of the user's own, for [`Matcher::When`]. All are equal: closures cannot be compared.
#[derive(Debug, Clone)]
pub struct When {
    /// The test.
    pub test: Predicate,
    /// The test as it was written, for reports.
    pub source: Str,
}

/// A closure over a request: a plain function in a `static`, a shared one when it captures.
#[derive(Clone)]
pub enum Predicate {
    /// A function, or a closure that captures nothing.
    Fn(fn(&Request) -> bool),
    /// Any closure.
    Shared(Arc<dyn Fn(&Request) -> bool + Send + Sync>),
}

impl Predicate {
    pub(crate) fn holds(&self, request: &Request) -> bool {
        match self {
            Predicate::Fn(test) => test(request),
            Predicate::Shared(test) => test(request),
        }
    }
}

impl fmt::Debug for Predicate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("closure")
    }
}

impl PartialEq for When {
    fn eq(&self, _: &When) -> bool {
        true
    }
}
