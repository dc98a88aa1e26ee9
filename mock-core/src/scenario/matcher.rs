use super::{List, Pattern, Str, When};

/// What a request must be for a turn to answer it.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Matcher {
    /// The last message is the user's, and its text contains the pattern.
    User(Pattern),
    /// Any message of the user contains the pattern; of several, the newest.
    Said(Pattern),
    /// The instructions contain the pattern.
    System(Pattern),
    /// The model asked for is this one, from its first letter to its last; `*` stands for any letters.
    Model(Pattern),
    /// There is a result of this tool since the last message of the assistant.
    ToolResult(Str),
    /// The request offers this tool.
    HasTool(Str),
    /// At least one of these holds; what the first of them captures is kept.
    AnyOf(List<Matcher>),
    /// Each of these holds, and what each captures is kept.
    AllOf(List<Matcher>),
    /// None of these holds.
    Not(List<Matcher>),
    /// The user's own test holds.
    When(When),
}

impl Matcher {
    /// This matcher, and all that are within it.
    pub(crate) fn any(&self, test: &impl Fn(&Matcher) -> bool) -> bool {
        test(self)
            || match self {
                Matcher::AnyOf(inner) | Matcher::AllOf(inner) | Matcher::Not(inner) => {
                    inner.iter().any(|matcher| matcher.any(test))
                }
                _ => false,
            }
    }

    /// What must hold for it to hold: the matchers within `all_of(..)`, each alone, or the matcher itself.
    pub(crate) fn conjuncts(&self) -> Vec<&Matcher> {
        match self {
            Matcher::AllOf(inner) => inner.iter().flat_map(Matcher::conjuncts).collect(),
            other => vec![other],
        }
    }

    /// Whether it, or one within it, is a closure.
    pub(crate) fn has_closure(&self) -> bool {
        self.any(&|matcher| matches!(matcher, Matcher::When(_)))
    }
}
