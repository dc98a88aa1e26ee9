//! The macros of `mock-core`, which re-exports and documents them.

#![allow(
    clippy::large_enum_variant,
    reason = "what is read from one expansion lives only as long as it"
)]
// An editor runs the macros on whatever is written so far, and a panic takes all that it knows of the file.
#![cfg_attr(
    not(test),
    deny(
        clippy::arithmetic_side_effects,
        clippy::disallowed_methods,
        clippy::expect_used,
        clippy::indexing_slicing,
        clippy::panic,
        clippy::string_slice,
        clippy::unreachable,
        clippy::unwrap_used
    )
)]
#![cfg_attr(test, allow(clippy::disallowed_methods))]

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
mod words;

use proc_macro::TokenStream;

use diagnostics::Diagnostics;

/// # Keys
///
/// `mock_provider!` takes a name, a profile, and these keys, all optional. A mistake is a compile error at the word that
/// is wrong, with what to write instead.
///
/// | key | value | default |
/// | --- | --- | --- |
/// | *(name)* | `Weather`, with attributes and `pub` before it | none: an expression |
/// | *(profile)* | whose provider it is: `plain`, `openai`, `openai_responses`, `anthropic`, `gemini`, `ollama`, `azure`, `openrouter`, `deepseek`, `mistral`, `groq`, `xai`, `llamacpp`, or `openai("gpt-4o")` | `plain` |
/// | `name` | the provider's name | the profile's |
/// | `latency` | the time before an answer begins: `120ms`, `80ms..120ms`, `growing(100ms, 0.10)` | none |
/// | `models` | the models that it has: `["gpt-4o", "gpt-4o-mini"]`; a request for another fails with `not_found` | any |
/// | `tools` | the tools that may be called: `[get_weather { city: string }]` | any |
/// | `script` | the turns, in order | empty |
/// | `lanes` | several scripts in place of one: `match request { system("..") => [reply("..")] }` | none |
/// | `per` | what gets an instance of its own: `conversation`, `model`, `header("..")`, a matcher with captures | one for all |
/// | `rules` | what answers where the script does not: `match request { user("..") => reply("..") }` | none |
/// | `otherwise` | what answers where no rule does: an action, `repeat_last` or `cycle` | a mismatch |
/// | `capabilities` | what may be asked: `[streaming, tools]`, or less | both |
/// | `usage` | what each answer costs: `usage(11, 7)`, `none`, or an expression of the type `Usage` | `estimate` |
/// | `metadata` | additional data of each answer: `object { request_id: "abc" }` | none |
/// | `allow` | checks that are turned off: `[unused_turns, unoffered_tools, broken_conversations]` | none |
/// | `seed` | where chance begins: a whole number | the test's |
/// | `vis` | the visibility of a named mock | `pub(crate)` |
/// | `crate` | the path to `mock_core` where it is renamed or re-exported | `::mock_core` |
#[proc_macro]
pub fn mock_provider(input: TokenStream) -> TokenStream {
    provider::expand(input.into(), &Diagnostics::default()).into()
}

/// # Options
///
/// `#[provider_test]` takes these options, all optional:
///
/// | option | | default |
/// | --- | --- | --- |
/// | `clock = "real"` | the wall clock. A paused clock advances to the next timer as soon as every task is idle | `"paused"` |
/// | `flavor = "multi_thread"` | tokio's runtime of many threads; it goes with `clock = "real"` | `"current_thread"` |
/// | `worker_threads = 4` | how many threads that has | `1` |
/// | `timeout = 5s` | how long the body may take on the test's clock | as long as it likes |
/// | `guard = 10s` | how long the test may take in wall-clock time; `0s` turns this off | `30s` |
/// | `foreign = 10s` | how long a paused clock waits in real time for I/O with others; also `wait` and `ignore`. On Linux | `1s` |
/// | `task_panics = "ignore"` | a panic in a task, in the code of the test, does not fail the test | `"fail"` |
/// | `foreign = 10s` | how long a paused clock waits in real time for I/O with others; also `wait` and `ignore`. On Linux | `1s` |
/// | `crate = ::my_support::mock_core` | the path to `mock_core` where it is renamed or re-exported | `::mock_core` |
#[proc_macro_attribute]
pub fn provider_test(options: TokenStream, item: TokenStream) -> TokenStream {
    test::expand(options.into(), item.into(), &Diagnostics::default()).into()
}

/// The words of the grammar as documented items, for editors.
#[doc(hidden)]
#[proc_macro]
pub fn editor_words(_: TokenStream) -> TokenStream {
    words::items().into()
}

/// What an editor sees of the tokens of a mock.
#[doc(hidden)]
#[proc_macro]
pub fn editor(input: TokenStream) -> TokenStream {
    provider::editor::statements(input.into()).into()
}
