//! Functions for matchers.

use std::borrow::Cow;
use std::sync::Arc;

use crate::chat::request::Request;
use crate::scenario::{IntoStr, Matcher, Pattern, Predicate, When};
use crate::sealed::Sealed;

/// A matcher, or an array of matchers: the argument of [`on`](super::on).
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

/// A [`Pattern`], or a text that is parsed as a pattern.
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
            #[inline]
            fn into_pattern(self) -> Pattern {
                parsed(&self.into_str())
            }
        }
    )*};
}

#[track_caller]
fn parsed(text: &str) -> Pattern {
    match Pattern::parse(text) {
        Ok(pattern) => pattern,
        Err(error) => panic!("{error}"),
    }
}

patterns!(&str, String, &String, Cow<'_, str>, Box<str>, char);

/// The last message, apart from instructions, is a user message whose text contains the pattern.
///
/// ```
/// use mock_core::{MockProvider, Request, builder::*};
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), mock_core::ProviderError> {
/// let llm = MockProvider::script([on(user("weather in {city}")).reply("It is 18 °C in {city}.")]);
///
/// let answer = llm.answer(Request::new("gpt-4o").user("What is the weather in Paris?")).await?;
/// assert_eq!(answer.text(), "It is 18 °C in Paris.");
/// # Ok(()) }
/// ```
///
/// # Panics
/// If a text is not a valid [`Pattern`].
#[track_caller]
pub fn user(pattern: impl IntoPattern) -> Matcher {
    Matcher::User(pattern.into_pattern())
}

/// A user message contains the pattern, the last one or any before it.
///
/// ```
/// use mock_core::{MockProvider, Request, builder::*};
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), mock_core::ProviderError> {
/// let llm = MockProvider::script([on(any_user_message("I am {name}")).reply("You are {name}.")]);
///
/// let request = Request::new("gpt-4o").user("I am Ada.").user("Who am I?");
/// assert_eq!(llm.answer(request).await?.text(), "You are Ada.");
/// # Ok(()) }
/// ```
///
/// # Panics
/// If a text is not a valid [`Pattern`].
#[track_caller]
pub fn any_user_message(pattern: impl IntoPattern) -> Matcher {
    Matcher::AnyUserMessage(pattern.into_pattern())
}

/// The instructions contain the pattern.
///
/// ```
/// use mock_core::{MockProvider, Request, builder::*};
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), mock_core::ProviderError> {
/// let llm = MockProvider::script([on(system("be brief")).reply("Yes.")]);
///
/// let answer = llm.answer(Request::new("gpt-4o").system("Please be brief.").user("Is it raining?")).await?;
/// assert_eq!(answer.text(), "Yes.");
/// # Ok(()) }
/// ```
///
/// # Panics
/// If a text is not a valid [`Pattern`].
#[track_caller]
pub fn system(pattern: impl IntoPattern) -> Matcher {
    Matcher::System(pattern.into_pattern())
}

/// The request asks for this model. The pattern must match the whole name; `*` matches any text.
///
/// ```
/// use mock_core::{MockProvider, Request, builder::*};
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), mock_core::ProviderError> {
/// let llm = MockProvider::script([on(model("gpt-4*")).reply("I am {model}.")]);
///
/// let answer = llm.answer(Request::new("gpt-4o")).await?;
/// assert_eq!(answer.text(), "I am gpt-4o.");
/// # Ok(()) }
/// ```
///
/// # Panics
/// If a text is not a valid [`Pattern`].
#[track_caller]
pub fn model(pattern: impl IntoPattern) -> Matcher {
    Matcher::Model(pattern.into_pattern())
}

/// The HTTP request has a header of this name whose whole value matches the pattern. The case of the name does not matter, and
/// `*` matches any text. In process there are no headers, so this never holds.
///
/// ```
/// use mock_core::builder::*;
///
/// let rule = on(header("x-session", "s-{id}")).reply("This is session {id}.");
/// assert!(script([]).rules([rule]).check().is_ok());
/// ```
///
/// # Panics
/// If a text is not a valid [`Pattern`].
#[track_caller]
pub fn header(name: impl IntoStr, pattern: impl IntoPattern) -> Matcher {
    Matcher::Header(name.into_str(), pattern.into_pattern())
}

/// The HTTP request is for this path, and has this method if the pattern contains one: `path("GET /v1/files/*")`. The query is not
/// compared. In process there is no path, so this never holds.
///
/// A rule with this matcher also answers requests for endpoints that the server does not have, such as `/health` or `/v1/rerank`. Each is a
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
/// If a text is not a valid [`Pattern`], or does not begin with a method in capital letters, `/`, `*` or a capture.
#[track_caller]
pub fn path(pattern: impl IntoPattern) -> Matcher {
    match pattern.into_pattern().into_path() {
        Ok((method, pattern)) => Matcher::Path { method, pattern },
        Err(error) => panic!("{error}"),
    }
}

/// A regular expression, which you can use in place of a pattern. Its named groups are captures. Feature `regex`.
///
/// ```
/// use mock_core::{MockProvider, Request, builder::*};
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), mock_core::ProviderError> {
/// let llm = MockProvider::script([on(user(regex(r"in (?<city>\w+)"))).reply("{city}?")]);
///
/// let answer = llm.answer(Request::new("gpt-4o").user("The weather in Paris")).await?;
/// assert_eq!(answer.text(), "Paris?");
/// # Ok(()) }
/// ```
///
/// # Panics
/// If the expression does not compile, or if a template cannot use the name of one of its groups: `user`, `model` and `call` have another
/// meaning, and names with `.`, `[` or `]` cannot be written in braces.
#[cfg(feature = "regex")]
#[track_caller]
pub fn regex(source: impl IntoStr) -> Pattern {
    match crate::scenario::Regex::compile(&source.into_str()) {
        Ok(regex) => Pattern::Regex(regex),
        Err(error) => panic!("{error}"),
    }
}

/// The request offers this tool.
///
/// ```
/// use mock_core::{MockProvider, Request, ToolDefinition, builder::*};
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), mock_core::ProviderError> {
/// let llm = MockProvider::script([on(has_tool("search")).reply("I could search.")]);
///
/// let answer = llm.answer(Request::new("gpt-4o").with_tool(ToolDefinition::new("search"))).await?;
/// assert_eq!(answer.text(), "I could search.");
/// # Ok(()) }
/// ```
pub fn has_tool(tool: impl IntoStr) -> Matcher {
    Matcher::HasTool(tool.into_str())
}

/// At least one of these matchers holds. The captures of the first one that holds are kept.
///
/// ```
/// use mock_core::{MockProvider, Request, builder::*};
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), mock_core::ProviderError> {
/// let llm = MockProvider::script([on(any_of([user("hello"), user("hi")])).reply("Good morning.")]);
///
/// let answer = llm.answer(Request::new("gpt-4o").user("hi")).await?;
/// assert_eq!(answer.text(), "Good morning.");
/// # Ok(()) }
/// ```
pub fn any_of(matchers: impl IntoMatchers) -> Matcher {
    Matcher::AnyOf(matchers.into_matchers().into())
}

/// All of these matchers hold, as in `on([a, b])`. Use it within [`any_of`] or [`not`], and in rules.
///
/// ```
/// use mock_core::builder::*;
///
/// let either = any_of([all_of([user("weather"), model("gpt-4*")]), any_user_message("forecast")]);
/// assert!(script([on(either).reply("Sunny.")]).check().is_ok());
/// ```
pub fn all_of(matchers: impl IntoMatchers) -> Matcher {
    Matcher::AllOf(matchers.into_matchers().into())
}

/// This matcher does not hold; it captures nothing.
///
/// ```
/// use mock_core::{MockProvider, Request, builder::*};
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), mock_core::ProviderError> {
/// let llm = MockProvider::script([on(not(user("weather"))).reply("Ask me about the weather.")]);
///
/// let answer = llm.answer(Request::new("gpt-4o").user("hello")).await?;
/// assert_eq!(answer.text(), "Ask me about the weather.");
/// # Ok(()) }
/// ```
pub fn not(matcher: Matcher) -> Matcher {
    Matcher::Not(vec![matcher].into())
}

/// The request has a result of this tool since the last assistant message.
///
/// ```
/// use mock_core::{Message, MockProvider, Request, builder::*};
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), mock_core::ProviderError> {
/// let llm = MockProvider::script([
///     call("get_weather", [("city", "Paris")]),
///     on(tool_result("get_weather")).reply("It is {get_weather.temp} °C."),
/// ]);
///
/// let question = Request::new("gpt-4o").user("What is the weather in Paris?");
/// let called = llm.answer(question.clone()).await?.message;
/// let result = Message::tool(&called.tool_calls().next().unwrap().id, r#"{"temp": 18}"#);
/// let answer = llm.answer(question.with_message(called.clone()).with_message(result)).await?;
/// assert_eq!(answer.text(), "It is 18 °C.");
/// # Ok(()) }
/// ```
pub fn tool_result(tool: impl IntoStr) -> Matcher {
    Matcher::ToolResult(tool.into_str())
}

/// The closure returns whether it holds. It may run more than once for one request, so it should have no side effects.
///
/// ```
/// use mock_core::{MockProvider, Request, builder::*};
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), mock_core::ProviderError> {
/// let llm = MockProvider::script([on(when(|request| request.messages.len() > 2)).reply("That is a long conversation.")]);
///
/// let answer = llm.answer(Request::new("gpt-4o").user("a").user("b").user("c")).await?;
/// assert_eq!(answer.text(), "That is a long conversation.");
/// # Ok(()) }
/// ```
pub fn when(test: impl Fn(&Request) -> bool + Send + Sync + 'static) -> Matcher {
    Matcher::When(When {
        test: Predicate::Shared(Arc::new(test)),
        source: "..".into(),
    })
}
