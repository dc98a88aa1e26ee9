//! Conditions on requests.

use super::{List, Pattern, Str, When};
use crate::search::Search;

/// A condition on a request. A turn answers only requests for which its matchers hold. Make one with [`user`](crate::builder::user) and the
/// other functions of [`builder`](crate::builder).
#[derive(Debug, Clone)]
#[must_use]
#[non_exhaustive]
pub enum Matcher {
    /// The last message is a user message whose text contains the pattern.
    #[doc(hidden)]
    User(Pattern),
    /// Any user message contains the pattern; the newest is tried first.
    #[doc(hidden)]
    AnyUserMessage(Pattern),
    /// The instructions contain the pattern.
    #[doc(hidden)]
    System(Pattern),
    /// The pattern matches the whole name of the requested model.
    #[doc(hidden)]
    Model(Pattern),
    /// The pattern matches the whole value of a header of the HTTP request. In process there is none.
    #[doc(hidden)]
    Header(Str, Pattern),
    /// The pattern matches the whole path of the HTTP request, without the query. In process there is none.
    #[doc(hidden)]
    Path {
        /// The method; `None` for any.
        method: Option<Str>,
        /// The pattern.
        pattern: Pattern,
    },
    /// There is a result of this tool since the last assistant message.
    #[doc(hidden)]
    ToolResult(Str),
    /// The request offers this tool.
    #[doc(hidden)]
    HasTool(Str),
    /// At least one of these holds. The captures of the first one are kept.
    #[doc(hidden)]
    AnyOf(List<Matcher>),
    /// All of these hold. All captures are kept.
    #[doc(hidden)]
    AllOf(List<Matcher>),
    /// None of these holds.
    #[doc(hidden)]
    Not(List<Matcher>),
    /// The closure returns `true`.
    #[doc(hidden)]
    When(When),
}

impl crate::sealed::Sealed for Matcher {}

impl Matcher {
    /// This matcher, and all that are within it.
    pub(crate) fn any(&self, test: &dyn Fn(&Matcher) -> bool) -> bool {
        test(self)
            || match self {
                Matcher::AnyOf(inner) | Matcher::AllOf(inner) | Matcher::Not(inner) => {
                    inner.any(&|matcher| matcher.any(test))
                }
                _ => false,
            }
    }

    /// The matchers that must all hold if these do, those within `all_of(..)` one by one.
    pub(crate) fn conjuncts(matchers: &[Matcher]) -> Vec<&Matcher> {
        let mut conjuncts = Vec::new();
        for matcher in matchers {
            match matcher {
                Matcher::AllOf(inner) => conjuncts.append(&mut Matcher::conjuncts(inner)),
                other => conjuncts.push(other),
            }
        }
        conjuncts
    }

    /// Whether `wider` certainly hold for all requests for which `narrower` hold. Nothing is certain about closures.
    pub(super) fn cover(wider: &[Matcher], narrower: &[Matcher]) -> bool {
        // Requests for other endpoints are answered only by matchers that require a path.
        let names_paths = |matchers: &[Matcher]| matchers.any(&Matcher::names_paths);
        if names_paths(narrower) && !names_paths(wider) {
            return false;
        }
        let narrower = Matcher::conjuncts(narrower);
        let holds = |matcher: &&Matcher| narrower.any(&|other| matcher.is_same_as(other));
        Matcher::conjuncts(wider).all(&holds)
    }

    /// Whether the other matcher certainly holds for the same requests. Nothing is certain about closures.
    pub(crate) fn is_same_as(&self, other: &Matcher) -> bool {
        use Matcher::{
            AllOf, AnyOf, AnyUserMessage, HasTool, Header, Model, Not, Path, System, ToolResult,
            User,
        };
        match (self, other) {
            (User(one), User(other))
            | (AnyUserMessage(one), AnyUserMessage(other))
            | (System(one), System(other))
            | (Model(one), Model(other)) => one == other,
            (Header(one, value), Header(other, its)) => {
                one.eq_ignore_ascii_case(other) && value == its
            }
            (
                Path { method, pattern },
                Path {
                    method: other,
                    pattern: its,
                },
            ) => method == other && pattern == its,
            (ToolResult(one), ToolResult(other)) | (HasTool(one), HasTool(other)) => one == other,
            (AnyOf(these), AnyOf(others))
            | (AllOf(these), AllOf(others))
            | (Not(these), Not(others)) => {
                these.len() == others.len()
                    && these
                        .iter()
                        .zip(others.iter())
                        .all(|(one, other)| one.is_same_as(other))
            }
            _ => false,
        }
    }

    /// Whether these matchers, and those of an `all_of(..)` among them, can certainly never hold together.
    pub(super) fn never_hold(matchers: &[Matcher]) -> bool {
        let conjuncts = Matcher::conjuncts(matchers);
        for (index, it) in conjuncts.iter().enumerate() {
            if conjuncts[..index].any(&|other| it.excludes(other)) {
                return true;
            }
        }
        let within = |matcher: &Matcher| match matcher {
            Matcher::AllOf(inner) => Matcher::never_hold(inner),
            _ => false,
        };
        matchers.any(&|matcher| matcher.any(&within))
    }

    /// Whether the other matcher certainly never holds for a request for which this one holds.
    fn excludes(&self, other: &Matcher) -> bool {
        let denies = |not: &[Matcher], it: &Matcher| not.any(&|inner| inner.is_same_as(it));
        match (self, other) {
            (Matcher::Not(not), it) | (it, Matcher::Not(not)) if denies(not, it) => true,
            (Matcher::Model(one), Matcher::Model(other)) => {
                // Compare the texts as matching does: trimmed, and with all runs of white space equal.
                match (one.as_text(), other.as_text()) {
                    (Some(one), Some(other)) => {
                        let mut words = other.split_whitespace();
                        let mut is_same = true;
                        for word in one.split_whitespace() {
                            is_same &= words.next() == Some(word);
                        }
                        !is_same || words.next().is_some()
                    }
                    _ => false,
                }
            }
            _ => false,
        }
    }

    /// The pattern that a text of the request must have, if that is what it asks for.
    pub(super) fn pattern(&self) -> Option<&Pattern> {
        match self {
            Matcher::User(pattern)
            | Matcher::AnyUserMessage(pattern)
            | Matcher::System(pattern)
            | Matcher::Model(pattern)
            | Matcher::Header(_, pattern)
            | Matcher::Path { pattern, .. } => Some(pattern),
            _ => None,
        }
    }

    /// Whether this matcher, or one within it, needs the head of an HTTP request.
    pub(crate) fn asks_for_head(&self) -> bool {
        self.any(&|matcher| matches!(matcher, Matcher::Header(..) | Matcher::Path { .. }))
    }

    /// Whether the matcher holds only where one for which `test` holds does.
    pub(super) fn requires(&self, test: &dyn Fn(&Matcher) -> bool) -> bool {
        match self {
            Matcher::AnyOf(inner) => {
                !inner.is_empty() && inner.all(&|matcher| matcher.requires(test))
            }
            Matcher::AllOf(inner) => inner.any(&|matcher| matcher.requires(test)),
            other => test(other),
        }
    }

    /// Whether the matcher holds only for requests that have the head of an HTTP request.
    pub(crate) fn requires_head(&self) -> bool {
        self.requires(&|matcher| matches!(matcher, Matcher::Header(..) | Matcher::Path { .. }))
    }

    /// Whether the matcher requires a path.
    pub(super) fn names_paths(&self) -> bool {
        self.requires(&|matcher| matches!(matcher, Matcher::Path { .. }))
    }

    /// Whether this matcher, or one within it, is a closure.
    pub(crate) fn has_closure(&self) -> bool {
        self.any(&|matcher| matches!(matcher, Matcher::When(_)))
    }
}
