use std::borrow::Cow;
use std::sync::Arc;

use crate::chat::request::Request;
use crate::scenario::{IntoStr, Matcher, Pattern, Predicate, When};
use crate::sealed::Sealed;

/// What [`on`](super::on) takes: a matcher, or an array of them.
pub trait IntoMatchers: Sealed {
    /// The matchers.
    #[doc(hidden)]
    fn into_matchers(self) -> Vec<Matcher>;
}

impl IntoMatchers for Matcher {
    fn into_matchers(self) -> Vec<Matcher> {
        vec![self]
    }
}

impl<const N: usize> IntoMatchers for [Matcher; N] {
    fn into_matchers(self) -> Vec<Matcher> {
        self.into()
    }
}

/// A [`Pattern`], or a text that is one, as it is written in `user("..")`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a pattern",
    label = "expected a `&str`, a `String` or a `Pattern`"
)]
pub trait IntoPattern: Sealed {
    /// The pattern.
    ///
    /// # Panics
    /// If a text is not a pattern.
    #[doc(hidden)]
    fn into_pattern(self) -> Pattern;
}

impl IntoPattern for Pattern {
    fn into_pattern(self) -> Pattern {
        self
    }
}

macro_rules! patterns {
    ($($text:ty),*) => {$(
        impl IntoPattern for $text {
            #[track_caller]
            fn into_pattern(self) -> Pattern {
                match Pattern::parse(&self.into_str()) {
                    Ok(pattern) => pattern,
                    Err(error) => panic!("{error}"),
                }
            }
        }
    )*};
}

patterns!(&str, String, &String, Cow<'_, str>, Box<str>, char);

/// The last message, instructions aside, is the user's, and its text contains the pattern.
///
/// # Panics
/// If a text is not a [`Pattern`].
#[track_caller]
pub fn user(pattern: impl IntoPattern) -> Matcher {
    Matcher::User(pattern.into_pattern())
}

/// A message of the user, the last or any before it, contains the pattern.
///
/// # Panics
/// If a text is not a [`Pattern`].
#[track_caller]
pub fn said(pattern: impl IntoPattern) -> Matcher {
    Matcher::Said(pattern.into_pattern())
}

/// The instructions contain the pattern.
///
/// # Panics
/// If a text is not a [`Pattern`].
#[track_caller]
pub fn system(pattern: impl IntoPattern) -> Matcher {
    Matcher::System(pattern.into_pattern())
}

/// The request asks for this model; `*` stands for any letters, as in `model("gpt-4*")`.
///
/// # Panics
/// If a text is not a [`Pattern`].
#[track_caller]
pub fn model(pattern: impl IntoPattern) -> Matcher {
    Matcher::Model(pattern.into_pattern())
}

/// The HTTP request has a header of this name whose value is all of the pattern. The name is in any case, and `*` stands for any letters. In
/// process there are no headers, and this never holds.
///
/// ```
/// use mock_core::builder::*;
///
/// let rule = on(header("x-session", "s-{id}")).reply("This is session {id}.");
/// assert!(script([]).rules([rule]).check().is_ok());
/// ```
///
/// # Panics
/// If a text is not a [`Pattern`].
#[track_caller]
pub fn header(name: impl IntoStr, pattern: impl IntoPattern) -> Matcher {
    Matcher::Header(name.into_str(), pattern.into_pattern())
}

/// The HTTP request is for this path, and of this method if one is written: `path("GET /v1/files/*")`. The query is not looked at. In process
/// there is no path, and this never holds.
///
/// A rule with this matcher also answers requests for what the server does not model, such as `/health` or `/v1/rerank`. Each is a
/// [`Call`](crate::Call) with an empty [`Request`].
///
/// ```
/// use mock_core::builder::*;
///
/// let rule = on(path("GET /v1/files/{id}")).json([("id", "{id}")]);
/// assert!(script([]).rules([rule]).check().is_ok());
/// ```
///
/// # Panics
/// If a text is not a [`Pattern`], or does not begin with a method in capital letters, or with `/`, `*` or a capture.
#[track_caller]
pub fn path(pattern: impl IntoPattern) -> Matcher {
    match pattern.into_pattern().into_path() {
        Ok((method, pattern)) => Matcher::Path { method, pattern },
        Err(error) => panic!("{error}"),
    }
}

/// A regular expression in place of a text: `user(regex(r"in (?<city>\w+)"))`. Its named groups are captures.
///
/// # Panics
/// If it is none.
#[cfg(feature = "regex")]
#[track_caller]
pub fn regex(source: impl IntoStr) -> Pattern {
    match regex::Regex::new(&source.into_str()) {
        Ok(regex) => Pattern::Regex(crate::scenario::Regex::Compiled(regex)),
        Err(error) => panic!("{error}"),
    }
}

/// The request offers this tool.
pub fn has_tool(tool: impl IntoStr) -> Matcher {
    Matcher::HasTool(tool.into_str())
}

/// At least one of these matchers holds.
pub fn any_of(matchers: impl IntoMatchers) -> Matcher {
    Matcher::AnyOf(matchers.into_matchers().into())
}

/// All of these matchers hold, as in `on(a, b)`. It also stands within [`any_of`], [`not`] and in rules.
///
/// ```
/// use mock_core::builder::*;
///
/// let either = any_of([all_of([user("weather"), model("gpt-4*")]), said("forecast")]);
/// assert!(script([on(either).reply("Sunny.")]).check().is_ok());
/// ```
pub fn all_of(matchers: impl IntoMatchers) -> Matcher {
    Matcher::AllOf(matchers.into_matchers().into())
}

/// This matcher does not hold; it captures nothing.
pub fn not(matcher: Matcher) -> Matcher {
    Matcher::Not(vec![matcher].into())
}

/// The request has a result of this tool since the last message of the assistant.
pub fn tool_result(tool: impl IntoStr) -> Matcher {
    Matcher::ToolResult(tool.into_str())
}

/// The closure returns whether it holds. It may be asked more than once for one request.
pub fn when(test: impl Fn(&Request) -> bool + Send + Sync + 'static) -> Matcher {
    Matcher::When(When {
        test: Predicate::Shared(Arc::new(test)),
        source: "..".into(),
    })
}
