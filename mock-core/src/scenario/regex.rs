use std::fmt;
use std::ops::Deref;
use std::sync::LazyLock;

/// A regular expression: one that is compiled when it is first used, in a `static`, or one that was compiled when built.
#[derive(Clone)]
pub enum Regex {
    /// Compiled when it is first used.
    Static(&'static LazyLock<regex::Regex>),
    /// Compiled.
    Compiled(regex::Regex),
}

impl Deref for Regex {
    type Target = regex::Regex;

    fn deref(&self) -> &regex::Regex {
        match self {
            Regex::Static(regex) => regex,
            Regex::Compiled(regex) => regex,
        }
    }
}

impl fmt::Debug for Regex {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&**self, f)
    }
}

/// By the text that they are written in.
impl PartialEq for Regex {
    fn eq(&self, other: &Regex) -> bool {
        self.as_str() == other.as_str()
    }
}
