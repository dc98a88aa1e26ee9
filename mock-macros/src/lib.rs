//! The macros of `mock-core`, which re-exports and documents them.

#![allow(
    clippy::large_enum_variant,
    reason = "what is read from one expansion lives only as long as it"
)]

mod crate_path;
mod diagnostics;
mod probe;
mod provider;
mod rule;
mod syntax;
mod test;
#[cfg(test)]
mod tests;
mod time;

use proc_macro::TokenStream;

use diagnostics::Diagnostics;

/// Declares a mock of an LLM provider.
///
/// With a name it declares a type; without, it is an expression of the type `MockProvider`.
///
/// ```ignore
/// mock_provider!(
///     Weather = openai("gpt-4o"),
///     tools = [get_weather { city: string }],
///     script = [
///         on(user("weather in {city}")).call(get_weather { city: "{city}" }),
///         on(tool_result(get_weather)).reply("It is {get_weather.temp} °C in {city}."),
///     ],
/// );
///
/// let mock = mock_provider!(reply("Hi."));
/// ```
///
/// The grammar, key by key, is in `docs/grammar.md`.
#[proc_macro]
pub fn mock_provider(input: TokenStream) -> TokenStream {
    provider::expand(input.into(), &Diagnostics::default()).into()
}

/// Makes an async fn a test in which mocks are injected, tokio's clock is paused, and the scripts are verified at the end.
///
/// ```ignore
/// #[provider_test]
/// async fn answers(#[mock(reply("Hi."))] llm: MockLlm) {
///     assert_eq!(ask(&llm, "Hello").await, "Hi.");
/// }
/// ```
///
/// An argument is a mock that `mock_provider!` declares, or, with `#[mock(..)]`, any type that implements
/// `From<MockProvider>`. The fn returns `()` or a `Result`.
#[proc_macro_attribute]
pub fn provider_test(options: TokenStream, item: TokenStream) -> TokenStream {
    test::expand(options.into(), item.into(), &Diagnostics::default()).into()
}
