//! The macros of `mock-core`, which re-exports and documents them.

#![allow(
    clippy::large_enum_variant,
    reason = "what is read from one expansion lives only as long as it"
)]
#![cfg_attr(not(test), warn(clippy::too_many_lines))]
// No panics: an editor runs the macros on unfinished code, and a panic would remove all that it knows about the file.
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

mod chaos;
mod crate_path;
mod diagnostics;
mod did_you_mean;
mod duration;
mod editor_only_code;
mod lint;
mod mock_provider;
mod name_set;
mod provider_test;
mod search;
mod syntax;
#[cfg(test)]
mod tests;
mod words;

use proc_macro::TokenStream;

use diagnostics::Diagnostics;

/// # Keys
///
/// `mock_provider!` takes a name, a profile, and these keys, all optional. A mistake is a compile error at the wrong word or text, which says
/// what to write instead.
///
/// | key | value | default |
/// | --- | --- | --- |
/// | *(name)* | `Weather`, with attributes and `pub` before it | none: an expression |
/// | *(profile)* | the provider that the mock imitates: `plain`, `openai`, `openai_responses`, `anthropic`, `gemini`, `ollama`, `azure`, `openrouter`, `deepseek`, `mistral`, `groq`, `xai`, `llamacpp`, or `openai("gpt-4o")` | `plain` |
/// | `name` | the provider's name | the profile's |
/// | `latency` | the time before an answer begins: `120ms`, `80ms..120ms`, `growing(100ms, 0.10)` | none |
/// | `models` | the models of the mock: `["gpt-4o", "gpt-4o-mini"]`; a request for another fails with `not_found` | any |
/// | `tools` | the tools that the script may call: `[get_weather { city: string }]` | any |
/// | `script` | the turns, in order | empty |
/// | `lanes` | several scripts in place of one: `match request { system("..") => [reply("..")] }` | none |
/// | `per` | the value that gets its own instance: `conversation`, `model`, `header("..")`, a matcher with captures | one for all |
/// | `rules` | answers for requests that the script does not answer: `match request { user("..") => reply("..") }` | none |
/// | `otherwise` | the answer for requests that no rule answers: an action, `repeat_last` or `cycle` | a mismatch |
/// | `expect` | what is expected of all calls: `[calls(2..=4), sent(system("terse")), within(30s)]` | nothing |
/// | `capabilities` | what requests may ask for: `[streaming, tools]`, or fewer | both |
/// | `cassette` | a file of recorded exchanges, `"tests/cassettes/weather.yaml"`; needs the feature `cassette` | none |
/// | `usage` | the usage of each answer: `usage(11, 7)`, `none`, or an expression of the type `Usage` | `estimate` |
/// | `max_calls` | the number of calls that the mock gets at most, `5_000`; more fail the test | any number, until the requests have 2,000,000 messages in total |
/// | `metadata` | further data for each answer: `object { request_id: "abc" }` | none |
/// | `allow` | checks to turn off: `[unused_turns, unoffered_tools, broken_conversations, secrets("..")]` | none |
/// | `chaos` | the random faults of this mock, in a test with `seeds`: `[rate_limit(0.1), cut(0.05)]` | the test's |
/// | `seed` | the random seed, an integer | the test's |
/// | `vis` | the visibility of a declared mock | `pub(crate)` |
/// | `crate` | the path of `mock_core` if you renamed it or if another crate re-exports it | `::mock_core` |
#[proc_macro]
pub fn mock_provider(input: TokenStream) -> TokenStream {
    mock_provider::expand(input.into(), &Diagnostics::default()).into()
}

/// # Options
///
/// `#[provider_test]` takes these options, all optional:
///
/// | option | | default |
/// | --- | --- | --- |
/// | `clock = "real"` | the real clock. A paused clock advances to the next timer when every task is idle | `"paused"` |
/// | `flavor = "multi_thread"` | tokio's multi-threaded runtime; needs `clock = "real"` and the feature `multi-thread` | `"current_thread"` |
/// | `worker_threads = 4` | the number of worker threads | `1` |
/// | `timeout = 5s` | the time limit of the body on the test's clock | none |
/// | `guard = 10s` | the time limit of the test in real time; `0s` turns it off | `30s` |
/// | `network = "deny"` | the test fails if it connects to another machine, on Linux; `"allow"` where `MOCK_CORE_DENY_NETWORK=1` denies it | allowed |
/// | `foreign = 10s` | how long the paused clock waits for foreign I/O, in real time; also `wait` and `ignore`. On Linux | `1s` |
/// | `task_panics = "ignore"` | a panic in a task does not fail the test | `"fail"` |
/// | `sweep = faults` | runs the test once for each way in which the provider can go wrong; `[cut, stall]` for some of them; needs the feature `sweep` | off |
/// | `sweep_runs = 100` | the number of runs of a sweep, chosen by the test's seed | all |
/// | `seeds = 0..100` | runs the test once with each of these seeds; needs the feature `sweep` | one seed |
/// | `chaos = [rate_limit(0.1), cut(0.05)]` | the random faults of a test with seeds, with their probabilities | none |
/// | `crate = ::my_support::mock_core` | the path of `mock_core` if you renamed it or if another crate re-exports it | `::mock_core` |
#[proc_macro_attribute]
pub fn provider_test(options: TokenStream, item: TokenStream) -> TokenStream {
    provider_test::expand(options.into(), item.into(), &Diagnostics::default()).into()
}

/// The words of the grammar as documented items, for editors.
#[doc(hidden)]
#[proc_macro]
pub fn editor_words(_: TokenStream) -> TokenStream {
    words::items().into()
}

/// The statements for editors that a mock's tokens expand to.
#[doc(hidden)]
#[proc_macro]
pub fn editor(input: TokenStream) -> TokenStream {
    mock_provider::completion::statements(input.into()).into()
}
