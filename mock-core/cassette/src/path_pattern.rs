//! Paths of field names in a JSON body, such as `messages.*.content`: [`PathPattern`].

/// A path of field names that `*` may be in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PathPattern(Vec<String>);

impl PathPattern {
    pub(crate) fn new(path: &str) -> Self {
        PathPattern(steps(path).map(str::to_owned).collect())
    }

    /// Whether a path, or the beginning of it, is meant.
    pub(crate) fn matches(&self, path: &str) -> bool {
        let mut steps = steps(path);
        let is_step = |step: &String| {
            let given = steps.next();
            given.is_some_and(|given| step == "*" || step == given)
        };
        !self.0.is_empty() && self.0.iter().all(is_step)
    }
}

/// The steps of `messages[0].content` or `messages.0.content`.
fn steps(path: &str) -> impl Iterator<Item = &str> {
    path.split(['.', '[', ']']).filter(|step| !step.is_empty())
}
